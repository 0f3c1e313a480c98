# shellcheck shell=bash
# shellcheck disable=SC2154 # output and status are set by run
# Functions that the tests of make grade share. They use a copy of the grader, in a folder
# with a blank in its name, and fake-judge instead of the engine. Gives: root,
# top (a folder of the test's own), copy, class (the submissions), OUT.

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
  top=$(mktemp -d)
  copy="$top/so cket"
  class="$top/the class"
  mkdir -p "$copy"/tests/{commands,engine,kit,labs,sandbox,tools} "$class"
  cp -R "$root/tests/grader" "$copy/tests/"
  cp "$root"/tests/common.bash "$copy/tests/"
  cp "$root"/tests/engine/{machine.bash,scratch.bash,take.bash,words.jq} "$copy/tests/engine/"
  for lab in 01-socket 02-bind 03-listen 08-timeouts; do
    mkdir "$copy/tests/labs/$lab"
    grep '^programs ' "$root/tests/labs/$lab/test.bats" >"$copy/tests/labs/$lab/test.bats"
  done
  cd "$copy" || return
  LAUNCH=$("$root/tests/tools/build")/launch
  export LAUNCH JUDGE=$BATS_TEST_DIRNAME/fake-judge SUBMISSIONS=$class OUT="$top/marks" LAB=03
  export CONFINE=none
  unset JOBS SEED SKIP FRESH ROSTER HOSTS FAKE_MISSING TAR_OPTIONS PERL5OPT
}

teardown() { rm -rf "$top"; }

grade() { tests/grader/grade "$@"; }

# student NAME TEXT [FILE]: makes a submission that is a folder.
student() {
  local file=$class/$1/${3:-03-listen/listen.c}
  mkdir -p -- "${file%/*}"
  printf '/* %s */\n' "$2" >"$file"
}

# is WHAT WANTED GOT: fails the test and shows both when they differ.
is() {
  [[ $2 == "$3" ]] && return
  printf '%s\nwanted: %s\ngot:    %s\n' "$1" "$2" "$3"
  return 1
}

# says TEXT…: fails the test if a TEXT is not in $output.
says() {
  local text
  for text in "$@"; do
    [[ $output == *"$text"* ]] && continue
    printf 'not said: %s\n-- but:\n%s\n' "$text" "$output"
    return 1
  done
}

# row NAME: prints the line of the gradebook that begins with NAME.
row() { grep "^$1," "$top/marks/gradebook.csv"; }

# graded STATUS: runs the grader, which must exit with STATUS.
graded() {
  run grade
  is "exit status of: $output" "$1" "$status"
}
