# One submission's result from the engine's records, one a lab (the inputs).
# Arguments: labs (names with blanks between), seed, refused, name, folder, notes.
# Gives three texts, raw: a line for the screen, a line of JSON for the
# gradebook, and result.json itself. See result.schema.json.
include "text";

# A record counts only when it adds up: anything else is the grader's fault, and
# a mark is not made of that.
def adds_up:
  (.score | type) == "number" and (.max | type) == "number"
  and (.tests | type) == "array"
  and (.verdict | IN("pass", "fail", "no-compile", "missing"))
  and (if .verdict == "pass" then (.tests | length) > 0 else true end)
  and (if .tests == [] then .score == 0
       else .score == ([.tests[].earned] | add)
         and .max == ([.tests[] | select(.verdict != "skip") | .points] | add // 0)
       end);

($labs | split(" ")) as $names
| ($notes | split("\n") | map(select(. != ""))) as $notes
| [inputs] as $records
| [$names[] as $lab
  | ([$records[] | select(.lab == $lab)] | first) as $record
  | if $refused then
      {lab: $lab, score: null, max: 100, verdict: "missing", tests: []}
    elif $record != null and ($record | adds_up) then
      $record | del(.seed)
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
    seed: $seed,
    confined: false,
    notes: ($notes + [$records[] | select(adds_up | not)
      | "\(.lab) could not be judged: its record does not add up"]),
    labs: $results
  } as $result
| ($name | visible | cut(50)) as $shown
| (if $judged then "\($shown): \($result.score | points) of \($result.max | points)"
   else "\($shown): could not be judged" end),
  ({judged: $judged, name: $name, score: $result.score, max: $result.max, notes: $result.notes,
    labs: [$results[] | {lab, score, max, verdict,
      failed: [.tests[] | select(.verdict | IN("fail", "timeout", "crash", "limit")) | .name]}]}
   | tojson),
  $result
