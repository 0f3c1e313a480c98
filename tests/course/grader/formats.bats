#!/usr/bin/env bats
# What other systems read: gradebooks of Canvas and Moodle, in the form that their
# exports have, with the marks in and taken out again; Gradescope's results.json.
# shellcheck disable=SC2016 # the text of a script

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
  top=$(mktemp -d)
  cd "$top" || return
  unset LAB SUBMISSIONS
  export OUT="$top/the grades"
}

teardown() { rm -rf "$top"; }

# student NAME SCORE [VERDICT]: a result, with lab 03 of this score (of 100, or null).
student() {
  mkdir -p "$OUT/$1"
  jq -n --arg name "$1" --argjson score "$2" --arg verdict "${3:-fail}" '
    {schema: 1, submission: $name, score: $score, max: 100, seed: 7, confined: "full", notes: [],
     labs: [{lab: "03-listen", $score, max: 100, $verdict, tests: []}]}' >"$OUT/$1/result.json"
}

# marks FORM COLUMN STATUS: make marks on export.csv must end with STATUS.
marks() {
  run env FORMAT="$1" COLUMN="$2" EXPORT=export.csv "$root/tests/grader/marks"
  [[ $status -eq $3 ]] || { echo "status $status: $output" && return 1; }
}
has() { [[ $output == *"$1"* ]] || { echo "no '$1' in: $output" && return 1; }; }

# changed: the lines that are not as in the export, "NUMBER:LINE" each.
changed() { diff --unchanged-line-format= --old-line-format= --new-line-format='%dn:%L' export.csv export-marks.csv; }

@test "canvas: the marks are in their cells, all else is the same to the byte" {
  student u11 85
  student lovelace_LATE_12_777_hand-in 100 pass
  student BOB 5
  printf '\xef\xbb\xbfStudent,ID,SIS User ID,SIS Login ID,Section,"Lab, 3 (77)",Lab 4 (78),Final Score\r\n,,,,,Manual Posting,,\r\n    Points Possible,,,,,10,10,(read only)\r\n"Meier, ""A.""",11,u11,anna,S1,,3.5,80\r\n"Lovelace, Ada",12,u12,ada,S1,2,"",\r\n"B, Bob",13,u13,bob,S1,"1,0",2,\r\n"Test, Student",15,,t,S1,,,\r\n"Student, Test",14,,zz,S1,,,' >export.csv
  marks canvas 'Lab, 3' 0
  [ "$(changed)" = '4:"Meier, ""A.""",11,u11,anna,S1,8.5,3.5,80'$'\r''
5:"Lovelace, Ada",12,u12,ada,S1,10.0,"",'$'\r''
6:"B, Bob",13,u13,bob,S1,"0.5",2,'$'\r' ]
  has "3 of 3 marks"
  has "handed in nothing: t"
  # Back from the file: a reader of CSV that is not ours.
  python3 - export-marks.csv >back <<'P'
import csv, sys
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline="")):
    if row["ID"]: print(row["ID"], row["Lab, 3 (77)"])
P
  [ "$(<back)" = $'11 8.5\n12 10.0\n13 0.5\n15 \n14 ' ]
}

@test "moodle: the gradebook with its decimal comma, the worksheet with its lock" {
  student anna@x.org 85
  student 6 100 pass
  student 'Zoe B_9_assignsubmission_file' 7
  printf 'First name;Surname;ID number;Email address;Assignment: Lab 3 (Real);Course total (Real)\n"Anna\nM";M;5;Anna@x.org;-;1,5\nBo;N;6;bob@x.org;2,0;-\n' >export.csv
  marks moodle 'Assignment: Lab 3 (Real)' 1
  [ "$(changed)" = $'3:M";M;5;Anna@x.org;8,5;1,5\n4:Bo;N;6;bob@x.org;10,0;-' ]
  has "Not in the export: Zoe B_9_assignsubmission_file"
  printf 'Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed\nParticipant 9,Zoe B,z@x,Submitted,,20.00,Yes\nParticipant 10,Anna,anna@x.org,Submitted,3,20.00,No\n' >export.csv
  rm -r "$OUT/6"
  marks moodle Grade 0
  [ "$(changed)" = '2:Participant 9,Zoe B,z@x,Submitted,0.7,20.00,Yes' ]
  has "locked, so as it was: anna@x.org"
  has "worth 20.00 points, these marks are of 10.0"
}

@test "what was not judged, not handed in, excused, or is two is never a mark, and is named" {
  student open null infra-error
  student empty 0 missing
  student excused 50
  student u1 60
  student one 60
  student ghost 70
  student zero 0
  printf 'Student,ID,SIS Login ID,Section,Lab 3 (7)\n    Points Possible,,,,10\na,1,open,S,\nb,2,empty,S,\nc,3,excused,S,EX\nd,u1,one,S,4\ne,5,zero,S,\nf,6,other,S,9\n' >export.csv
  marks canvas 'Lab 3 (7)' 1
  [ "$(changed)" = '7:e,5,zero,S,0.0' ]
  has "Not judged, so their cells are as they were: open"
  has "No program, so their cells are as they were: empty"
  has "as it was: excused"
  has "none was filled: one, u1"
  has "Not in the export: ghost"
  has "handed in nothing: other"
}

@test "a name that a spreadsheet would run is made a text, other such cells are named" {
  student u1 60
  printf 'Student,ID,SIS Login ID,Section,Notes,Lab 3 (7)\n=cmd|x,1,u1,"+a ""b""",@y,-1\n-5,2,u2,-,-,\n' >export.csv
  marks canvas 'Lab 3' 0
  [ "$(changed)" = "2:\"'=cmd|x\",1,u1,\"'+a \"\"b\"\"\",@y,6.0" ]
  has "Notes: @y"
}

@test "a wrong column, form or file: one line, exit 2, nothing is written" {
  student u1 60
  printf 'Student,ID,SIS Login ID,Section,Lab (7),Lab (8)\nx,1,u1,S,,\n' >export.csv
  for column in None Lab ID Student; do
    marks canvas "$column" 2
    [ "${#lines[@]}" -eq 1 ]
  done
  marks moodle 'Lab (7)' 2
  marks excel 'Lab (7)' 2
  OUT=$top marks canvas 'Lab (7)' 2
  iconv -t UTF-16 <<<"$(<export.csv)" >other && mv other export.csv
  marks canvas 'Lab (7)' 2
  has UTF-8
  printf 'Student,ID,Section,Lab (7)\nJos\xe9,1,u1,\n' >export.csv
  marks canvas 'Lab (7)' 2
  [ "$(ls -A)" = $'export.csv\nthe grades' ]
}

# gradescope RESULT: results.json from a result, made with this jq filter.
gradescope() {
  jq -n "$1" >result.json
  jq -f "$root/tests/grader/gradescope/results.jq" result.json >results.json
}

@test "gradescope: its form, tenths as points, a skipped test counts for nothing, text is text" {
  gradescope '{submission: "x", score: 85, max: 90, seed: 7, confined: "weaker", notes: ["a\u001b[2Jb"], labs: [
    {lab: "01-socket", score: 0, max: 100, verdict: "missing", tests: []},
    {lab: "03-listen", score: 85, max: 90, verdict: "fail", tests: [
      {name: "one", number: 1, points: 85, earned: 85, verdict: "pass", got: "secret"},
      {name: "two", number: 2, points: 5, earned: 0, verdict: "fail", ran: "./listen", expected: "<b>1</b>", got: "2\n\u00073", hint: "h", man: "m(2)"},
      {name: "three", number: 3, points: 10, earned: 0, verdict: "skip", got: "no IPv6"}]}]}'
  "$root/tests/course/grader/valid-json" "$BATS_TEST_DIRNAME/gradescope.schema.json" results.json
  [ "$(jq -c '[.score, .output, [.tests[] | [.number, .score, .max_score, .status]]]' results.json)" = \
    '[8.5,"a?[2Jb\nSEED=7, confinement: weaker",[["01",0,10,"failed"],["03.1",8.5,8.5,"passed"],["03.2",0,0.5,"failed"],["03.3",0,0,null]]]' ]
  [ "$(jq -r '.tests[2].output' results.json)" = $'fail\nran: ./listen\nexpected: <b>1</b>\ngot: 2\n  ?3\nhint: h\nman: m(2)' ]
  jq -e 'all(.tests[]; .output_format == "text" and .name_format == "text") and .output_format == "text"' results.json
}

@test "gradescope: what nobody judged gives no file, what could not be taken says so" {
  gradescope '{score: null, seed: 7, confined: "full", notes: [], labs: [{lab: "01-socket", score: null, max: 100, verdict: "infra-error", tests: []}]}'
  [ ! -s results.json ]
  gradescope '{score: null, seed: 7, confined: "full", notes: ["could not be taken: x"], labs: [{lab: "01-socket", score: null, max: 100, verdict: "missing", tests: []}]}'
  jq -e '.score == 0 and (.output | contains("could not be taken: x"))' results.json
}

@test "gradescope: the zip has its two scripts at its root, all that grading needs, and no solution" {
  LAB=3 SEED=7 "$root/tests/grader/gradescope/pack"
  mkdir -p a/source a/submission a/results && unzip -q socket-steps-gradescope.zip -d a/source
  [ -x a/source/setup.sh ] && [ -x a/source/run_autograder ]
  [ -z "$(find a -name solutions -o -name mistakes -o -name attacks -o -path '*/solutions/*')" ]
  cp "$root/solutions/03-listen/listen.c" a/submission/
  # The quick engine stands for the real one: what is tried here is the way there and back.
  echo '/* mark: 85 */' >a/submission/listen.c
  printf '#!/bin/bash\nexec "%s" "$@"\n' "$root/tests/course/grader/fake-judge" >a/source/course/tests/engine/judge
  printf '#!/bin/bash\n[[ $1 != enter ]] || exec "${@:2}"\n[[ $1 != --describe ]] || echo "{\\"confined\\":\\"$CONFINE\\"}"\n' >a/source/course/tests/sandbox/confine
  # Gradescope runs a copy of it.
  cp a/source/run_autograder a/
  AUTOGRADER=$PWD/a a/run_autograder
  [ "$(jq -c .score a/results/results.json)" = 8.5 ]
  echo '/* broken */' >a/submission/listen.c
  run env AUTOGRADER="$PWD/a" a/run_autograder
  [ "$status" -ne 0 ]
  [ ! -e a/results/results.json ]
}
