# shellcheck shell=bash
# shellcheck disable=SC2034,SC2062,SC2154 # root and T are set by common.bash
# What the tests of the judge share: a course of its own to judge in, in a folder
# with a blank in its name, with one small lab that needs no network.

# These tests look for what a run leaves behind, in the default place.
unset KIT_SCRATCH

# a_course: COURSE, a copy of the kit with the lab 01-five and its program five.
a_course() {
  COURSE="$T/the course"
  mkdir -p "$COURSE/tests/labs/01-five" "$COURSE/solutions/01-five" "$COURSE/.build"
  # shellcheck source=/dev/null
  (source "$root/tests/common.bash" && copy_rooms "$COURSE/tests")
  cp -rp "$BIN" "$COURSE/.build/"
  printf '#include <stdio.h>\nint main(int argc, char **argv) {\n    (void)argv;\n    return argc > 1 ? 2 : !(puts("five") > 0);\n}\n' \
    >"$COURSE/solutions/01-five/five.c"
  lab_file <"$root/tests/course/engine/five/test.bats"
}

# lab_file: the lab's tests are what comes on standard input.
lab_file() { cat >"$COURSE/tests/labs/01-five/test.bats"; }

# five TEXT: the submission S is this program.
five() {
  S="$T/a submission"
  mkdir -p "$S"
  printf '%s\n' "$1" >"$S/five.c"
}

# judge WORD…: judges S into "$T/an out"; STATUS, and RECORD its record.
judge() {
  STATUS=0
  "$COURSE/tests/engine/judge" --lab five --submission "${S:-$COURSE/solutions}" --out "$T/an out" "$@" \
    >"$T/judge.out" 2>"$T/judge.err" 3>&- || STATUS=$?
  RECORD="$T/an out/01-five.json"
}

# about FILTER: what jq finds in the record, on one line with blanks between.
about() { jq -r "$1" "$RECORD" | tr '\n' ' ' | sed 's/ $//'; }

# verdicts: of the lab and of its tests.
verdicts() { about '.verdict, .tests[].verdict'; }

# nothing_left COURSE: no process of it, no folder of a run.
nothing_left() {
  until_it no_process "$1"
  same "$(find "$1/.build" -maxdepth 1 -name 'run.*')" ''
}
# Neither one whose program is in COURSE nor one whose command line names it.
no_process() {
  [[ -z $(find /proc/[0-9]*/exe -maxdepth 0 -lname "$1/*" 2>/dev/null) ]] &&
    ! grep -qsaF --file=- -- /proc/[0-9]*/cmdline <<<"$1/"
}

# running: the program five runs.
running() { [[ -n $(find /proc/[0-9]*/exe -maxdepth 0 -lname "$COURSE/.build/run.*/five" 2>/dev/null) ]]; }
