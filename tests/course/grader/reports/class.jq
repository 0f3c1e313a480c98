# Results of a class that was never graded, from lines "LAB<tab>NUMBER<tab>POINTS<tab>NAME".
# Gives a line "STUDENT<tab>RESULT" for each of $count students.
def names: ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper",
  "Larch", "Maple", "Nettle", "Oak", "Pine", "Quince", "Rowan", "Spruce", "Teasel", "Willow"];

# A number from 0 to 999 that depends on two others, and on nothing else.
def chance($a; $b): ($a * 7919 + $b * 104729 + $a * $b * 31 + 17) % 99991 * 7 % 1000;

# What came instead: one of a few ways to be wrong, told as the kit tells it.
def wrong($lab; $way):
  $lab[3:] as $program
  | [ {verdict: "fail", ran: "./\($program) 127.44.18.248 19063 0", expected: "exit status 1", got: "exit status 0",
       said: "\($program): bind: Address already in use", steps: []},
      {verdict: "fail", ran: "sleep 60 | ./\($program) 127.44.18.248 19063 5", expected: "a backlog of 5",
       got: "a backlog of 128 (ss -ltn shows it as Send-Q)", said: "", steps: ["the program listens on 127.44.18.248:19063"]},
      {verdict: "fail", ran: "./\($program) 127.219.18.54 7167", said: "",
       expected: "...\"16\\n\\xc3\\xe3\\xc8\\x00\\xda\\xd1\\x8fo\\x8e\"... (65571 bytes)",
       got: "...\"16\\n\\xc3\\xe3\\xc8zU\\xa8\\xd2\\x9e\\xb3M\"... (105 bytes)\n                    ^ byte 38",
       steps: ["accepted a connection from 127.0.0.1:37708", "received \"hello\" (5 bytes)", "half-closed: no more bytes from the peer"]},
      {verdict: "crash", ran: "./\($program) 127.157.6.110 7167 100", expected: "\"welcome to server!\\n\" (19 bytes)",
       got: "\($program) was killed by signal 13 (SIGPIPE)\n\"\" (0 bytes)\n ^ byte 1\nthen a reset (the other end closed with bytes unread, or aborted)",
       said: "", steps: ["the program listens on 127.157.6.110:7167", "connected to 127.157.6.110:7167 from 127.0.0.1:48554", "closed"]},
      {verdict: "timeout", ran: "./\($program) 127.157.6.110 7167 100", expected: "\($program) ends with exit status 0",
       got: "it was ended after 10 s", said: "", steps: []} ][$way];

def judged_test($lab; $student; $verdict):
  {number, points, name, verdict: $verdict, earned: (if $verdict == "pass" then .points else 0 end),
   ran: "./\($lab[3:]) 127.44.18.248 19063", expected: "", got: "", said: "", steps: [], ms: chance($student; .number),
   hint: "Which call says that it failed, and do you look?", man: "listen(2)"};

# One lab of one student: as able as 0 to 1000; what fails takes what needs it along.
def lab_result($lab; $tests; $student; $able):
  ($lab[:2] | tonumber) as $n
  | chance($student; $n * 13) as $day
  | (if $day < 40 then "missing" elif $day < 80 then "no-compile" elif $able < $n * 60 then "broken" else "whole" end) as $state
  | [ $tests[] | . as $t
      | if $state == "whole" or .number == 1 and $state != "broken" and false then
          (if chance($student * 3; $n * 100 + .number * 7) > $able + 350 - .number * 8 and .number > 1 then "fail" else "pass" end) as $v
          | judged_test($lab; $student; $v)
          | if $v == "fail" then . + wrong($lab; chance($n; .number) % 5) else . end
        elif .number == 1 then
          judged_test($lab; $student; $state)
          | if $state == "missing" then . + {ran: "", expected: "the file \($lab[3:]).c", got: "there is none"}
            elif $state == "no-compile" then . + {ran: "", expected: "\($lab[3:]).c compiles as C17",
              got: "\($lab[3:]).c:134:5: error: expected declaration or statement at end of input\n  134 |     return 0;\n      |     ^~~~~~"}
            else . + {verdict: "fail", expected: "exit status 0", got: "exit status 1",
              said: "\($lab[3:]): TODO 1 in labs/\($lab)/\($lab[3:]).c is next"} end
        else judged_test($lab; $student; "not-run") | .ran = "" | .got = "not run: needs \"\($tests[0].name)\"" end ] as $done
  | {$lab, score: ([$done[].earned] | add), max: ([$done[].points] | add),
     verdict: (if IN($state; "missing", "no-compile") then $state elif all($done[]; .verdict == "pass") then "pass" else "fail" end),
     tests: $done};

[inputs / "\t" | {lab: .[0], number: (.[1] | tonumber), points: (.[2] | tonumber), name: .[3]}]
| group_by(.lab) as $labs
| range($count) | . as $s
| ("\(names[$s % 20]) \(["", "A.", "B.", "C.", "D.", "E."][$s / 20 | floor % 6])\(if $s < 120 then "" else " \($s)" end)" | sub(" +$"; "")) as $name
| (if $s == 0 then 2000 else 250 + chance($s; 5) end) as $able
| (if $s == 6 and $count >= 10 then [$labs[] | {lab: .[0].lab, score: null, max: 100, verdict: "missing", tests: []}]
   else [$labs[] | lab_result(.[0].lab; .; $s; $able)] end) as $results
| (if $s == 9 and $count >= 10 then $results | .[0] += {score: null, verdict: "infra-error", tests: []} else $results end) as $results
| "s\($s + 1001 | tostring | .[1:])\t" + ({
    schema: 1, submission: $name,
    score: (if all($results[]; .score != null) then [$results[].score] | add else null end),
    max: ([$results[].max] | add), seed: 7, confined: "none", replay: "",
    inputs: {files: {}, tests: {}, tools: {}, confinement: {confined: "none"}},
    notes: (if $s == 6 and $count >= 10 then ["could not be taken: not a zip archive, or damaged"]
      elif $s == 9 and $count >= 10 then ["\($labs[0][0].lab) could not be judged: bats has gone"] else [] end),
    labs: $results} | tojson)
