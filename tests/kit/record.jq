# The record of one lab, from the lines that tests/kit/judge sends:
#   T<tab>NUMBER<tab>POINTS<tab>NAME    a test that was to be run
#   O<tab>NAME<tab>WHY                  that test is left out: bats did not get it
#   H<tab>NAME<tab>CATEGORY             a hidden test: of it, only this and its verdict
#                                       are in the record
#   R<tab>LINE                          a line of bats' TAP output, of one of its runs
#   E<tab>KEY<tab>TEXT                  evidence; KEY name begins a test's
#   S<tab>STATUS                        0, or bats did not end as it does when all passed
# Gives two things: "VERDICT NUMBER…" of the lab and of the tests that passed, and
# the record.
def text($e; $key): [$e[] | select(.key == $key) | .text] | join("\n");

reduce inputs as $line (
  {tests: [], out: {}, hidden: [], tap: {}, notes: [], plan: null, status: 1, evidence: {}, name: null};
  ($line / "\t") as $w
  | if $w[0] == "T" then
      .tests += [{number: ($w[1] | tonumber), points: ($w[2] | tonumber), name: $w[3]}]
    elif $w[0] == "O" then .out[$w[1]] = $w[2]
    elif $w[0] == "H" then .hidden += [{name: $w[1], category: $w[2]}]
    elif $w[0] == "R" then
      $line[2:] as $l
      | ([$l | capture("^(?<not>not )?ok [0-9]+ (?<name>.*?)( # skip ?(?<why>.*))?$")][0]) as $m
      | if $m then .tap[$m.name] = {ok: ($m.not == null), why: $m.why}
        elif $l | test("^1\\.\\.[0-9]+$") then .plan += ($l[3:] | tonumber)
        else .notes += [$l] end
    elif $w[0] == "S" then .status = ($w[1] | tonumber)
    elif $w[1] == "name" then
      .name = $w[2] | .evidence[.name] = []
    else
      .evidence[.name] += [{key: $w[1], text: ($w[2:] | join("\t"))}]
    end)
| . as $all
| [ .tests[]
    | .name as $name
    | . as $t
    | ($all.evidence[$t.name] // []) as $e
    | (if $all.out[$t.name] then {ok: true, why: $all.out[$t.name]} else $all.tap[$t.name] end) as $tap
    | (if $tap == null then "infra-error"
       elif $tap.ok and $tap.why == null then "pass"
       elif $tap.ok and ($tap.why | startswith("not run: ")) then "not-run"
       elif $tap.ok then "skip"
       else [$e[] | select(.key == "verdict") | .text][-1]
         // (if any($e[]; .key == "expected") then "fail" else "infra-error" end)
       end) as $verdict
    | $t + {
        verdict: $verdict,
        earned: (if $verdict == "pass" then $t.points else 0 end),
        ran: text($e; "ran"),
        expected: text($e; "expected"),
        got: ([text($e; "died"), text($e; "got"), $tap.why // ""] | map(select(. != "")) | join("\n")),
        said: text($e; "said"),
        hint: text($e; "hint"),
        man: text($e; "man"),
        steps: [$e[] | select(.key == "step") | .text],
        ms: ([$e[] | select(.key == "ms") | .text | tonumber][-1] // 0)
      }
    | if $verdict == "infra-error" then .got = ($all.notes | join("\n")) else . end
    | . as $test
    | ([$all.hidden | to_entries[] | select(.value.name == $test.name)][0]) as $h
    | if $h == null then .
      else .name = "hidden test \($h.key + 1)" + (if $h.value.category == "" then "" else ": " + $h.value.category end)
        | .steps = [] | .ran = "" | .expected = "" | .said = "" | .hint = "" | .man = ""
        | if .verdict == "infra-error" then . else .got = "" end end
  ] as $tests
| ($all.plan == ($all.tap | length)) as $whole
| {
    lab: $lab,
    score: ([$tests[].earned] | add // 0),
    max: ([$tests[] | select(.verdict != "skip") | .points] | add // 0),
    verdict: (
      if ($whole | not) or ($tests | length) == 0 or any($tests[]; .verdict == "infra-error")
        or ($all.status != 0 and all($tests[]; .verdict | IN("pass", "skip", "not-run")))
      then "infra-error"
      elif all($tests[]; .verdict | IN("missing", "not-run", "skip")) and any($tests[]; .verdict == "missing") then "missing"
      elif any($tests[]; .verdict == "no-compile") then "no-compile"
      elif all($tests[]; .verdict | IN("pass", "skip")) then "pass"
      else "fail" end),
    seed: $seed,
    tests: $tests
  }
| "\(.verdict) \([.tests[] | select(.verdict == "pass") | .number] | join(" "))", .
