#!/usr/bin/env bats
# make grade: batch and reports, in a copy of its own with an engine that only says
# what a file tells it to (grader.bash). The real engine is behind sample-class.bats.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # names that look like code; each test sets its own LAB
load grader

@test "a lab of two programs takes both, and only the labs asked for are judged" {
  student anna "mark: 30" 08-timeouts/timeout-server.c
  student anna "x" 08-timeouts/timeout-client.c
  student anna "mark: 100" 01-socket/socket.c
  export LAB=08,3
  graded 0
  is header "submission,03-listen,08-timeouts,total" "$(head -n 1 "$OUT/gradebook.csv")"
  is anna "anna,0.0,3.0,3.0" "$(row anna)"
}

@test "hostile names run nothing, and each gets its own row and folder" {
  names=('a b' '; touch PWNED' '$(touch PWNED)' '`touch PWNED`' '-rf' '--help' $'new\nline'
    $'tab\tbell\a' '{}' '{1}' '"quoted", twice' "it's" '*' gradebook.csv '=1+1' '@x' '+x' ünï
    $'bad\xffbyte' '\n' '%s' '~' 'a;b' 'a_b')
  for name in "${names[@]}"; do
    mkdir -- "$class/./$name"
    echo '/* mark: 85 */' >"$class/./$name/listen.c"
  done
  graded 0
  is "all judged" ${#names[@]} "$(find "$OUT" -name result.json | wc -l)"
  is "nothing run" '' "$(find "$top" -name 'PWNED*')"
  is "a row each" $((${#names[@]} + 1)) "$(wc -l <"$OUT/gradebook.csv")"
  is "odd marks" '' "$(tail -n +2 "$OUT/gradebook.csv" | grep -v ',8.5,8.5$' || true)"
  for name in "${names[@]:0:17}"; do
    jq -e -s --arg name "$name" 'any(.[]; .submission == $name)' "$OUT"/*/result.json >/dev/null ||
      is "submission" "$name" "none"
  done
  [[ $output != *[$'\e\a']* ]]
}

@test "a name that a spreadsheet would run is made a text, and CSV is quoted" {
  for name in '=1+1' '+x' '-x' '@x' $'\tx' 'a,b' 'say "x"' plain; do student "$name" "mark: 100"; done
  graded 0
  is csv "submission,03-listen,total
'?x,10.0,10.0
'+x,10.0,10.0
'-x,10.0,10.0
'=1+1,10.0,10.0
'@x,10.0,10.0
\"a,b\",10.0,10.0
plain,10.0,10.0
\"say \"\"x\"\"\",10.0,10.0" "$(<"$OUT/gradebook.csv")"
}

@test "names on the screen neither turn its direction nor steer it" {
  student anna "mark: 100"
  echo no >"$class/not"$'\u202e'"a"$'\x9b'"31m"$'\u200f'".txt"
  echo no >"$class/rlo"$'\u202e'"gnp.zip"
  graded 1
  [[ $output == *"Not a submission: not?a31m?.txt"* && $output == *"rlo?gnp: could not be taken"* ]]
  LC_ALL=C run grep -aE $'\xe2\x80|\x9b' <<<"$output"
  [ "$status" -eq 1 ]
}

@test "a lab that cannot be judged is tried again, then left open, never a zero" {
  student ada "broken"
  student bea "broken-once mark: 40"
  student cyd "nonsense"
  student dot "lies mark: 10"
  graded 1
  for name in ada cyd dot; do
    is "$name" "$name,," "$(row "$name")"
    is "$name verdict" infra-error "$(jq -r '.labs[0].verdict' "$OUT/$name/result.json")"
  done
  is bea "bea,4.0,4.0" "$(row bea)"
  says "ada: 03-listen could not be judged: bats has gone" \
    "cyd: 03-listen could not be judged: the record is not JSON" \
    "dot: 03-listen could not be judged: its record does not add up"
}

@test "results are the same bytes at any number of jobs" {
  for n in 1 2 3 4 5 6; do student "s$n" "mark: $((n * 7))"; done
  export SEED=5 LAB=''
  JOBS=1 graded 0
  mv "$OUT" "$top/one"
  JOBS=7 graded 0
  diff -r "$top/one" "$OUT"
}

@test "the class has one seed: the one given, or the one that OUT has, or a random one" {
  student anna "mark: 100" && student bob "mark: 100"
  SEED=77 graded 0
  says "seed: 77"
  is seeds 77 "$(jq .seed "$OUT"/*/result.json | sort -u)"
  is "the engine's" '"seed 77"' "$(jq '.labs[0].tests[0].got' "$OUT"/*/result.json | sort -u)"
  student bob "mark: 50"
  graded 0
  says "seed: 77 (of the run before)"
  FRESH=1 graded 0
  first=$(jq .seed "$OUT"/*/result.json | sort -u)
  says "seed: $first,"
  FRESH=1 graded 0
  [[ $first != 77 && $first != "$(jq .seed "$OUT"/*/result.json | sort -u)" ]]
}

# judged: how many labs were judged since the last call, by the fake
# engine's own count.
judged() {
  grep -c '' "$FAKE_LOG" 2>/dev/null || true
  : >"$FAKE_LOG"
}

@test "what is unchanged is not judged again: files, tests, seed and tools count" {
  export FAKE_LOG="$top/log" LAB=01,03 SEED=4
  for name in anna bob; do
    student "$name" "mark: 60" && student "$name" "mark: 70" 01-socket/socket.c
  done
  graded 0
  is "at first" 4 "$(judged)"
  cp -R "$OUT" "$top/before"
  graded 0
  is "nothing changed" 0 "$(judged)"
  says "Unchanged since they were judged: 2"
  diff -r "$top/before" "$OUT"
  # The same files in another form are the same.
  (cd "$class/bob" && tar czf "$class/bob.tar.gz" . && rm -r "$class/bob")
  echo '/* mark: 65 */' >"$class/anna/03-listen/listen.c"
  graded 0
  is "one lab changed" 1 "$(judged)"
  is anna "anna,7.0,6.5,13.5" "$(row anna)"
  is bob "bob,7.0,6.0,13.0" "$(row bob)"
  echo '# new' >>tests/labs/03-listen/test.bats
  graded 0
  is "a lab's tests changed" 2 "$(judged)"
  echo '# new' >>tests/common.bash
  graded 0
  is "the kit changed" 4 "$(judged)"
  SEED=5 graded 0
  is "another seed" 4 "$(judged)"
  FRESH=1 graded 0
  is "all afresh" 4 "$(judged)"
  jq '.inputs.tools.valgrind = "valgrind-1"' "$OUT/anna/result.json" >"$top/other"
  cp "$top/other" "$OUT/anna/result.json"
  echo '{"half": ' >"$OUT/bob/result.json"
  graded 0
  is "other tools, and half a result" 4 "$(judged)"
  rm -r "$OUT"
  graded 0
  is "another OUT" 4 "$(judged)"
}

@test "a result says what it was made from, and its command judges the same again" {
  student anna "mark: 60"
  echo '/* mark: 60 */' >"$class/anna/listen.c"
  echo rubbish >"$class/bad.zip"
  SEED=9 graded 1
  json=$OUT/anna/result.json
  (cd "$OUT/anna/files" && jq -r '.inputs.files | to_entries[] | "\(.value)  \(.key)"' ../result.json | sha256sum -c -)
  is files 03-listen/listen.c "$(cd "$OUT/anna/files" && find . -type f -printf '%P\n')"
  cmp "$class/anna/03-listen/listen.c" "$OUT/anna/files/03-listen/listen.c"
  is tools "[\"$(valgrind --version)\",\"$(uname -r)\"]" \
    "$(jq -c '[.inputs.tools.valgrind, .labs[0].kernel]' "$json")"
  is "nothing taken" '["",{}]' "$(jq -c '[.replay, .inputs.files]' "$OUT/bad/result.json")"
  # A make that tells what it is called with.
  mkdir "$top/bin" && printf '#!/bin/sh\nprintf "%%s\\n" "$@"\n' >"$top/bin/make" && chmod +x "$top/bin/make"
  is replay "$(printf '%s\n' check "SUBMISSION=$OUT/anna/files" LAB=03 SEED=9)" \
    "$(PATH="$top/bin:$PATH" bash -c "$(jq -r .replay "$json")")"
}

@test "a wrong command line is one clear line and exit 2, and nothing is written" {
  student anna "mark: 100"
  mkdir "$top/empty"
  wrong=(SUBMISSIONS="$top/none" SUBMISSIONS="$top/empty" SUBMISSIONS="$class/anna"
    LAB=77 LAB=0x3 JOBS=0 JOBS=many JOBS=-1 JOBS= JOBS=1.5 SEED=-1 SEED=x SEED=2147483648 OUT=/dev/null
    OUT=/proc/none OUT="$class/marks" FRESH=yes ROSTER="$top/none" ROSTER="$top/empty" ROSTER=/dev/null)
  for setting in "${wrong[@]}"; do
    [[ $setting != JOBS= ]] || continue
    run env "$setting" tests/grader/grade
    is "$setting: $output" 2 "$status"
    is "$setting: one line of $output" 1 "${#lines[@]}"
    [[ ${lines[0]} == *"${setting%%=*}"* || ${lines[0]} == *lab* ]] || is "$setting" named "$output"
    is "$setting left" '' "$(find "$OUT" "$class/marks" -mindepth 1 -not -name .socket-steps-grades 2>/dev/null)"
  done
}

@test "an OUT with something else in it is left alone" {
  student anna "mark: 100"
  mkdir "$OUT" && echo mine >"$OUT/thesis.txt"
  graded 2
  says "OUT=$OUT has something else in it"
  is content thesis.txt "$(ls -A "$OUT")"
}

@test "a second run replaces the first one's results, and nothing else in OUT" {
  student anna "mark: 10" && student gone "mark: 20"
  graded 0
  echo 'well done' >"$OUT/anna/letter.txt"
  echo 'my own' >"$OUT/plan.txt"
  rm -r "$class/gone"
  student anna "mark: 90"
  mkdir "$OUT/cut" && : >"$OUT/cut/.gone" # its removal was ended in the middle
  graded 0
  [[ ! -e $OUT/gone && ! -e $OUT/cut ]]
  is letter 'well done' "$(<"$OUT/anna/letter.txt")"
  is plan 'my own' "$(<"$OUT/plan.txt")"
  is rows "anna,9.0,9.0" "$(tail -n +2 "$OUT/gradebook.csv")"
}

@test "two runs never write to one OUT" {
  student anna "mark: 100"
  mkdir "$OUT" && : >"$OUT/.socket-steps-grades"
  exec 8>>"$OUT/.socket-steps-grades"
  flock 8
  graded 2
  says "another make grade is writing to OUT"
  exec 8>&-
  graded 0
}

@test "it does not start where tests would be skipped, unless told to" {
  student anna "mark: 100"
  export FAKE_MISSING=$'valgrind\nnss-wrapper\n'
  graded 3
  says valgrind nss-wrapper "SKIP=allow"
  [[ ! -e $OUT ]]
  SKIP=allow graded 0
}

@test "it does not start where submissions cannot be confined, unless told to" {
  student anna "mark: 100"
  printf '#!/bin/sh\necho "no sandbox, $1 $CONFINE $2" >&2\nexit 3\n' >tests/sandbox/confine
  chmod +x tests/sandbox/confine
  unset CONFINE
  graded 3
  says "no sandbox, prove full $class"
  [[ ! -e $OUT ]]
  CONFINE=weaker graded 3
  says "prove weaker"
  CONFINE=some graded 2
  rm tests/sandbox/confine
  CONFINE=none graded 0
}

@test "it says that submissions run unconfined, where the results are, and no colour" {
  student anna "mark: 100"
  graded 0
  says "unconfined" "Gradebook: $OUT/gradebook.csv" "$OUT/<name>/result.json"
  is confined '"none"' "$(jq .confined "$OUT/anna/result.json")"
  [[ $output != *[$'\e\r']* ]]
  for page in index.html anna/feedback.{md,html}; do grep -q unconfined "$OUT/$page"; done
}

@test "the table fits 80 columns and the commonest failures come by number" {
  student "$(printf 'long%.0s' {1..20})" "mark: 100"
  for n in 1 2 3; do
    student "s$n" "mark: 50"
    student "s$n" "mark: 0 verdict: crash" 02-bind/bind.c
    student "s$n" "mark: 100" 01-socket/socket.c
  done
  student s1 "mark: 20" 01-socket/socket.c
  student s4 "mark: 100" 02-bind/bind.c
  student bad "broken"
  LAB='' graded 1
  [[ -n $output ]]
  is "too wide" '' "$(sed '/^Gradebook/,$d' <<<"$output" | grep -E '^.{80}' || true)"
  says "  2.0  0.0  5.0    -    7.0" "    - 10.0    -    -   10.0" "mean"
  is failures "$(printf '%s\n' \
    '    3  02-bind        does, with "care", the rest' \
    '    3  03-listen      does, with "care", the rest' \
    '    1  01-socket      does, with "care", the rest')" \
    "$(grep -A 3 '^Commonest' <<<"$output" | tail -n +2)"
}

@test "evidence of failing tests is kept, built programs are not" {
  student anna "mark: 10"
  graded 0
  is evidence evidence "$(<"$OUT/anna/03-listen/second/out")"
  is programs '' "$(find "$OUT" -name program)"
}

@test "results follow the schema, and the schema refuses what is none" {
  student fine "mark: 100" && student poor "mark: 10 verdict: timeout" && student none "" x
  student open "broken" && echo rubbish >"$class/rubbish.zip"
  graded 1
  validate() { "$BATS_TEST_DIRNAME/valid-json" "$root/tests/grader/class/result.schema.json" "$@"; }
  validate "$OUT"/*/result.json
  n=0
  for wrong in '.score = "85"' '.labs[0].tests[0].verdict = "good"' 'del(.seed)' '.labs = []' \
    '.labs[0].verdict = "infra-error"' '.extra = 1' 'del(.labs[0].tests[0].ran)' '.schema = 2' 'del(.replay)' \
    '.inputs.files["03-listen/listen.c"] = "x"' 'del(.inputs.tools.bats)' '.inputs.tests = {}' '.confined = true'; do
    n=$((n + 1))
    jq "$wrong" "$OUT/fine/result.json" >"$top/wrong-$n.json"
  done
  run validate "$top"/wrong-*.json
  is "status" 1 "$status"
  is "refused, of: $output" "$n" "${#lines[@]}"
}

@test "interrupted, it ends what it started and leaves nothing half written" {
  student fast "mark: 100" && student slow "sleeps"
  JOBS=2 tests/grader/grade >"$top/log" 2>&1 3>&- 4>&- &
  pid=$!
  until pids=$(cat "$OUT"/.work.*/out/*/pid 2>/dev/null) && [[ -e $OUT/fast/result.json ]]; do
    kill -0 "$pid"
    read -rt 0.05 <> <(:) || true
  done
  kill -TERM "$pid"
  status=0
  wait "$pid" || status=$?
  is status 143 "$status"
  run kill -0 "$pids"
  is "the judge lives" 1 "$status"
  is left "$(printf '%s\n' .socket-steps-grades fast)" "$(ls -A "$OUT")"
  jq -e '.score == 100' "$OUT/fast/result.json"
  student slow "mark: 50"
  graded 0
  is slow "slow,5.0,5.0" "$(row slow)"
}

@test "whichever of its processes is killed with -9, it ends with the same results" {
  student fast "mark: 100" && student slow "mark: 50 holds: $top/go"
  export SEED=3 JOBS=2
  : >"$top/go"
  graded 0
  mv "$OUT" "$top/whole"
  parent() { ps -o ppid= -p "$1" | tr -d ' '; }
  for victim in grade parallel grade-one launch judge; do
    rm -rf "$OUT" "$top/go"
    tests/grader/grade >"$top/log" 2>&1 3>&- 4>&- &
    pid=$!
    until judge=$(cat "$OUT"/.work.*/out/*/holds 2>/dev/null) && [[ -n $judge && -e $OUT/fast/result.json ]]; do
      kill -0 "$pid"
      read -rt 0.05 <> <(:) || true
    done
    launch=$(parent "$judge") one=$(parent "$(parent "$judge")")
    case $victim in
      grade) kill -KILL "$pid" ;;
      parallel) kill -KILL "$(parent "$one")" ;;
      grade-one) kill -KILL "$one" ;;
      launch) kill -KILL "$launch" ;;
      judge) kill -KILL "$judge" ;;
    esac
    status=0
    : >"$top/go"
    wait "$pid" || status=$?
    # The first two end it, and nothing that is missing is made a mark.
    case $victim in
      grade) is "$victim" 137 "$status" ;;
      parallel) is "$victim: $(<"$top/log")" 3 "$status" ;;
      *) is "$victim: $(<"$top/log")" 0 "$status" ;;
    esac
    if ((status)); then
      [[ ! -e $OUT/gradebook.csv ]]
      graded 0
    fi
    diff -r "$top/whole" "$OUT"
  done
}

@test "what parallel leaves behind when it is killed does not lock OUT" {
  student anna "mark: 100"
  mkdir "$top/bin"
  printf '#!/bin/sh\nsleep 300 >/dev/null 2>&1 3>&- & echo $! >"%s"\nkill -9 $$\n' "$top/sleeps" >"$top/bin/parallel"
  chmod +x "$top/bin/parallel"
  PATH=$top/bin:$PATH graded 3
  kill -0 "$(<"$top/sleeps")"
  graded 0
  kill "$(<"$top/sleeps")"
}

@test "killed at random moments and started again: the same gradebook" {
  for name in anna bob cyd; do student "$name" "mark: 7${#name}"; done
  rm -rf "$OUT"
  N=3 run "$BATS_TEST_DIRNAME/killed"
  is "$output" 0 "$status"
  is moments 3 "$(grep -c ': same$' <<<"$output")"
}

@test "its place in memory is gone when it ends, and that of one that was killed with -9" {
  unset KIT_SCRATCH
  (source "$root/tests/engine/scratch.bash" && in_memory && rm -rf "$SCRATCH" && [[ -n $SCRATCH ]]) || skip "no place in memory here"
  student anna "mark: 85"
  printf '#!/bin/sh\necho "$KIT_SCRATCH" >"%s/place"\nexec "%s" "$@"\n' "$top" "$JUDGE" >"$top/judge"
  chmod +x "$top/judge"
  export JUDGE=$top/judge
  mkdir -p "$OUT"
  printf '1\n' >"$OUT/.socket-steps-grades"
  mkdir "$OUT"/.work.{killed,lied}
  old=$(mktemp -d /dev/shm/socket-steps.XXXXXX)
  ln -s "$old" "$OUT/.work.killed/memory"
  ln -s "$class" "$OUT/.work.lied/memory"
  graded 0
  is 'the killed one' gone "$(ls -d "$old" 2>/dev/null || echo gone)"
  is 'another folder' anna "$(ls "$class")"
  [[ $(<"$top/place") == /dev/shm/socket-steps.* ]]
  is 'its own' gone "$(ls -d "$(<"$top/place")" 2>/dev/null || echo gone)"
}

@test "on a terminal there is a progress bar, elsewhere a line a submission" {
  student anna "mark: 100" && student bob "mark: 50"
  graded 0
  says "bob: 5.0 of 10.0"
  [[ $output != *%* ]]
  FRESH=1 run script -qec "tests/grader/grade" /dev/null </dev/null
  is status 0 "$status"
  says "%" "anna   "
  [[ $output != *"bob: 5.0 of 10.0"* ]]
}

@test "what make hand-in writes is taken" {
  cp "$root"/tests/commands/{hand-in,skeleton} tests/commands/
  echo '/* mark: 65 */' >"$top/listen.c"
  (cd "$class" && NAME=anna SUBMISSION=$top LAB=03 "$copy/tests/commands/hand-in")
  graded 0
  is anna "anna,6.5,6.5" "$(row anna)"
}
