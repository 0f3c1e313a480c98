#!/usr/bin/env bats
# make grade with HOSTS: three machines of our own making (three-hosts), the grader's
# own engine replaced by fake-judge, as in grader.bats.
# shellcheck disable=SC2016 # scripts for the other side

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
  why=$("$BATS_TEST_DIRNAME/three-hosts" --missing)
  [[ -z $why ]] || skip "$why"
  top=$(mktemp -d)
  copy="$top/so cket"
  class="$top/the class"
  mkdir -p "$copy"/tests/{commands,engine,kit,sandbox,tools,labs/03-listen}
  cp -R "$root/tests/grader" "$copy/tests/"
  cp "$root"/tests/common.bash "$copy/tests/"
  cp "$root"/tests/engine/{machine.bash,scratch.bash,take.bash,words.jq} "$copy/tests/engine/"
  echo 'programs listen' >"$copy/tests/labs/03-listen/test.bats"
  LAUNCH=$("$root/tests/tools/build")/launch
  export LAUNCH JUDGE=$BATS_TEST_DIRNAME/fake-judge SUBMISSIONS=$class SEED=1 LAB=03 CONFINE=none
  unset JOBS SKIP FRESH ROSTER FAKE_MISSING
  for n in 1 2 3 4 5 6; do
    mkdir -p "$class/s$n/03-listen"
    echo "/* mark: $((n * 12)) holds: $top/go */" >"$class/s$n/03-listen/listen.c"
  done
  mkdir "$class/s7" && echo '/* broken */' >"$class/s7/listen.c"
  cd "$copy" || return
}

teardown() { [[ -z ${top:-} ]] || rm -rf "$top"; }

# with_hosts SCRIPT: what bash makes of SCRIPT where the three hosts are.
with_hosts() { run timeout 120 "$BATS_TEST_DIRNAME/three-hosts" "$top/hosts" env top="$top" bash -euc "$1"; }

# same: OUT's gradebook is that of a run on this machine.
same() {
  : >"$top/go"
  OUT="$top/here" tests/grader/grade || [[ $? -eq 1 ]]
  diff "$top/here/gradebook.csv" "$OUT/gradebook.csv"
}

@test "a host that is lost half-way: the others do its work, the gradebook is the same" {
  export OUT="$top/marks"
  # Each of the three has a submission in work when one of them goes.
  with_hosts '
    sed -i "s,^,1/," "$HOSTS"
    tests/grader/grade &
    pid=$!
    until [[ $(find "$top"/hosts/home/*/.cache -name holds 2>/dev/null | wc -l) -eq 3 ]]; do
      kill -0 "$pid"
      read -rt 0.05 <> <(:) || true
    done
    kill -9 "$(<"$top/hosts/lab2.pid")"
    : >"$top/go"
    wait "$pid" || exit'
  echo "$output"
  [[ $status -eq 1 ]]
  [[ $(jq -c '[.notes, .labs[0].verdict]' "$OUT/s7/result.json") == '[["03-listen could not be judged: bats has gone"],"infra-error"]' ]]
  # What was sent is gone again; nothing was judged on lab2, or here.
  [[ -z $(find "$top"/hosts/home/lab[13]/.cache/socket-steps -mindepth 1) ]]
  [[ $(jq -r '.labs[0].host // empty' "$OUT"/*/result.json | sort -u | paste -sd ' ') == "lab1 lab3" ]]
  [[ $(<"$OUT/s1/03-listen/second/out") == evidence ]]
  [[ ! -e $OUT/s1/03-listen/bin ]]
  "$BATS_TEST_DIRNAME/valid-json" tests/grader/class/result.schema.json "$OUT"/*/result.json
  same
}

@test "a host that is not there or has other tools is left out by name; without any, exit 3" {
  export OUT="$top/marks"
  : >"$top/go"
  with_hosts '
    kill -9 "$(<"$top/hosts/lab3.pid")"
    mkdir "$top/hosts/home/lab1/bin"
    printf "#!/bin/sh\necho valgrind-0\n" >"$top/hosts/home/lab1/bin/valgrind"
    chmod +x "$top/hosts/home/lab1/bin/valgrind"
    echo "PATH=\$HOME/bin:\$PATH" >"$top/hosts/home/lab1/.bashrc"
    tests/grader/grade || [[ $? -eq 1 ]]
    sed -i 2d "$HOSTS"
    FRESH=1 tests/grader/grade'
  echo "$output"
  [[ $status -eq 3 ]]
  [[ $output == *"Host lab1 is left out: tools.valgrind is valgrind-0, here valgrind-3"* ]]
  [[ $output == *"Host lab3 is left out: "* ]]
  [[ $output == *"s6: 7.2 of 10.0"*"No host of HOSTS=$top/hosts/hosts can judge."* ]]
}

@test "HOSTS that names nobody, or what is no host, is one line and exit 2" {
  for line in '' '# lab1' '-oProxyCommand=x' 'lab1; touch PWNED' '0/lab1' 'a b' ':'; do
    echo "$line" >"$top/file"
    HOSTS=$top/file run tests/grader/grade
    [[ $status -eq 2 && ${#lines[@]} -eq 1 && $output == "HOSTS=$top/file"* ]]
  done
  HOSTS=$top/none run tests/grader/grade
  [[ $status -eq 2 && $output == *"there is no such file" ]]
  [[ ! -e grades && ! -e PWNED ]]
}
