# Makes one submission's result from the engine's records, one for each lab (the inputs).
# Arguments: labs (names with blanks between), class (the facts of this run, with its seed),
# files (lines of sha256sum), on (lines "LAB KERNEL [HOST]"), replay, refused (the labs that
# could not be taken, one a line), name, notes.
# Gives two texts, raw: a line for the screen, and result.json (result.schema.json).
include "text" {"search": "../reports"};
include "sound" {"search": "../reports"};

($labs | split(" ")) as $names
| $class[0] as $class
| ($notes | lines) as $notes
| ($on | lines | map(split(" ")
    | {(.[0]): ({kernel: .[1]} + if .[2] then {host: .[2]} else {} end)}) | add) as $on
| [inputs] as $records
| [$names[] as $lab
  | ([$records[] | select(.lab == $lab)] | first) as $record
  | if ($refused | lines | index($lab)) then
      {lab: $lab, score: null, max: 100, verdict: "missing", tests: []}
    elif $record != null and ($record | adds_up) then
      {$lab} + ($on[$lab] // {}) + ($record | del(.seed))
    else
      {lab: $lab, score: null, max: 100, verdict: "infra-error",
       tests: ($record.tests? // [])}
    end] as $results
| ($results | all(.score != null)) as $judged
| {
    schema: 1,
    submission: $name,
    score: (if $judged then [$results[].score] | add else null end),
    max: ([$results[].max] | add),
    seed: $class.seed,
    confined: $class.confinement.confined,
    $replay,
    inputs: {files: ($files | lines | sums), tests: $class.tests, tools: $class.tools,
      confinement: $class.confinement},
    notes: ($notes + [$records[] | select(adds_up | not)
      | "\(.lab) could not be judged: its record does not add up"]),
    labs: $results
  } as $result
| ($name | visible | cut(50)) as $shown
| (if $judged then "\($shown): \($result.score | points) of \($result.max | points)"
   else "\($shown): could not be judged" end),
  $result
