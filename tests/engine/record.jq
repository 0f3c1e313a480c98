# Makes the record of one lab from the lines that tests/engine/judge sends:
#   T<tab>NUMBER<tab>POINTS<tab>NAME    a chosen test
#   O<tab>NAME<tab>WHY                  this test is left out: Bats did not get it
#   H<tab>NAME<tab>CATEGORY             a hidden test: the record holds only its category
#                                       and its verdict
#   R<tab>LINE                          a line of TAP from Bats
#   E<tab>KEY<tab>TEXT                  evidence; the KEY "name" begins the next test
#   S<tab>STATUS                        0 if Bats exited with 0, else 1
# Gives two values. The first is "VERDICT BEGIN NUMBER…": the verdict of the lab, the failed
# test to begin with (0 if none failed) and the tests that passed or were not run. The second is
# the record.

# The student begins with the failed test of the lowest rank, which leads to the cause
# soonest: 0 no compile, 1 a line that a sanitizer names, 2 a warning (not -Wunused), 3 a
# test that does nothing to the program, 4 a test with faults or signals, 5 valgrind,
# 6 warnings of -Wunused.
def rank:
  if .verdict | IN("missing", "no-compile") then 0
  elif .got | test("runtime error|Sanitizer: ") then 1
  elif .name | test("compiles without a warning") then (if .got | test("\\[-W(?!unused)") then 2 else 6 end)
  elif .name | test("valgrind: ") then 5
  elif (.ran | test("SHIM=|CLOCK=|strace |ulimit -n")) or any(.steps[]; test("SIG[A-Z]")) then 4
  else 3 end;

def text($e; $key): [$e[] | select(.key == $key) | .text] | join("\n");

reduce inputs as $line (
  {tests: [], out: {}, hidden: [], tap: {}, notes: [], plan: null, status: 1, evidence: {}, name: null, run: -1};
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
      .name = $w[2] | .evidence[.name] = [] | .run = -1
    elif $w[1] == "run" then
      .run = ($w[2] | tonumber)
    else
      .evidence[.name] += [{key: $w[1], text: ($w[2:] | join("\t")), run: .run}]
    end)
| . as $all
| [ .tests[]
    | .name as $name
    | . as $t
    | ($all.evidence[$t.name] // []) as $e
    # $about is the program that was running when the test failed, else the last program.
    # Evidence from before the first program (-1) belongs to it, too.
    | ([$e[] | select(.key == "expected") | .run][-1] // [$e[].run] | if type == "array" then max // -1 else . end) as $about
    | [$e[] | select(.run == $about or .run == -1)] as $own
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
        ran: text($own; "ran"),
        run: ($about + 1),
        runs: (([$e[].run] | max // -1) + 1),
        with: text($own; "with"),
        beside: text($own; "beside"),
        expected: text($e; "expected"),
        got: ([text($e; "died"), text($e; "got"), $tap.why // ""] | map(select(. != "")) | join("\n")),
        printed: text($own; "printed"),
        said: text($own; "said"),
        afterwards: text($own; "afterwards"),
        hint: ([$e[] | select(.key == "hint") | .text][-1] // ""),
        man: ([$e[] | select(.key == "man") | .text][-1] // ""),
        steps: [$own[] | select(.key == "step") | .text],
        ms: ([$e[] | select(.key == "ms") | .text | tonumber][-1] // 0)
      }
    | if $verdict == "infra-error" then .got = ([.got] + $all.notes | map(select(. != "")) | join("\n")) else . end
    | . as $test
    | ([$all.hidden | to_entries[] | select(.value.name == $test.name)][0]) as $h
    | if $h == null then .
      else .name = "hidden test \($h.key + 1)" + (if $h.value.category == "" then "" else ": " + $h.value.category end)
        | .steps = [] | .run = 0 | .runs = 0
        | .ran = "" | .with = "" | .beside = "" | .expected = "" | .printed = "" | .said = "" | .afterwards = ""
        | .hint = "" | .man = ""
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
    begin: ([$tests[] | select(.verdict | IN("pass", "skip", "not-run", "infra-error") | not)]
      | sort_by([rank, .number])[0].number // 0),
    tests: $tests
  }
| "\(.verdict) \(.begin) \([.tests[] | select(.verdict | IN("pass", "not-run")) | .number] | join(" "))", .
