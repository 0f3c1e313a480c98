# shellcheck shell=bash
# The kit: what the lab files in tests/labs are written with. README.md lists its words and
# shows a test.
#
# The judge (tests/engine/judge) gives, in the environment: KIT_RUN, the folder of
# this run (evidence, outcomes); KIT_SHARE, what the programs can see: themselves
# above all; KIT_SOURCE, the source files; KIT_BIN, the kit's tools, KIT_TOOLS, those
# that the programs need; KIT_CONFINED, as CONFINE in confine; KIT_SEED; KIT_CC, the
# compiler; KIT_SERVED, ports on which this machine serves every address. Without the
# judge, plain.bash makes the same.

KIT=${BASH_SOURCE[0]%/*}
for part in kit/{address,explain,signal,conditions,calls} sandbox/confine engine/{honest,build} kit/{launch,debug,folder,peer,assert,assert-calls,rules,inject,memory,plain,fast-bats}; do
  # shellcheck source=/dev/null
  source "$KIT/../$part.bash"
done
unset part

# programs NAME…: the programs of this lab.
programs() { PROGRAMS=("$@"); }

setup() {
  [[ -n ${KIT_TRACE:-} ]] || trap - DEBUG
  local n name
  # Its number in the whole file: bats counts anew in a run of a few tests.
  while IFS=$'\t' read -r n _ name; do
    [[ $name != "$BATS_TEST_DESCRIPTION" ]] || break
  done <"$KIT_RUN/tests"
  TEST_DIR=$KIT_RUN/$n${KIT_CALLS:+.calls}
  [[ -d $TEST_DIR ]] || mkdir -p "$TEST_DIR"
  EVIDENCE=$TEST_DIR/evidence
  printf 'name\t%s\n' "$BATS_TEST_DESCRIPTION" >"$EVIDENCE"
  SEED=$((KIT_SEED * 1000 + n))
  RANDOM=$SEED
  new_address
  choose_port 1024 $((HELD_PORTS - 1))
  make_folder
  forget_programs
  NEEDED=''
  BEGUN=${EPOCHREALTIME/./}
}

teardown() {
  local outcome=fail now=${EPOCHREALTIME/./}
  [[ -z ${KIT_DEBUG:-} ]] || wait_for_debugger
  end_all
  remove_folder
  [[ -n ${BATS_TEST_COMPLETED:-} ]] && outcome=pass
  [[ -n ${BATS_TEST_SKIPPED:-} ]] && outcome=skip
  # A peer takes the end of a program for its own doing: the launcher knows better.
  if [[ $outcome == pass && " ${ENDS[*]}" == *' timeout '* ]]; then
    outcome=fail
    for PROGRAM_NUMBER in "${!ENDS[@]}"; do [[ ${ENDS[PROGRAM_NUMBER]} != timeout* ]] || break; done
    fail_test 'the program goes on to its end' 'it kept the processor busy until its deadline' || true
  fi
  printf '%s\t%s\n' "$outcome" "$BATS_TEST_DESCRIPTION" >>"$KIT_RUN/outcomes" || outcome=fail
  add_evidence ms "$(((now - BEGUN) / 1000))" || outcome=fail
  # Where nothing can be written, other tests would wait for this outcome.
  [[ $outcome != fail ]] || has_room "$KIT_RUN" || echo room 1<>"$KIT_RUN/news"
  [[ $BATS_TEST_DESCRIPTION != "$NEEDED" ]] || _tell_judge "$outcome"
  if [[ -n ${KIT_PLAIN:-} && $outcome == fail ]]; then show_evidence; fi
  [[ $outcome != fail || -z ${BATS_TEST_COMPLETED:-} ]]
}

# _tell_judge OUTCOME: tells the judge how the first test of a program ended (watch_tests in
# engine/not-run.bash). If no other test can be run then, it waits until the judge ends Bats.
_tell_judge() {
  echo "$1" 1<>"$KIT_RUN/news"
  [[ $1 != fail || -n ${KIT_PLAIN:-}${KIT_LEAKS:-}${KIT_CALLS:-} ]] || ((${#PROGRAMS[@]} > 1)) ||
    read -r -t 5 _ <>"$KIT_RUN/nothing" || true
}

# help HINT MAN: the first line of every test. HINT leads to the cause without
# giving the line; MAN is the page to read. Then sees whether the test can be run:
# its program compiled, the first test of the program (or lab) passed, and fewer than
# three runs of the program were ended at their deadline: else one that is made to
# be slow would take a quarter of an hour a lab. (Not in the one more run for its calls,
# record.bash: strace hides that a program stands, and such a test waits for the deadline.)
help() {
  local name late=()
  add_evidence hint "$1"
  add_evidence man "$2"
  set_program_of "$BATS_TEST_DESCRIPTION"
  while IFS=$'\t' read -r _ _ name; do
    [[ $name != "$PREFIX"* ]] || break
  done <"$KIT_RUN/tests"
  NEEDED=$name
  if [[ $name != "$BATS_TEST_DESCRIPTION" ]]; then
    _wait_for_outcome "$name"
    # leaks looks at what valgrind saw of a program that fails, too.
    [[ $OUTCOME == pass || -n ${KIT_LEAKS:-} ]] || skip "not run: needs \"$name\""
  fi
  # shellcheck disable=SC2153 # set_program_of sets PROGRAM
  [[ ! -e $KIT_RUN/$PROGRAM.late ]] || mapfile -t late <"$KIT_RUN/$PROGRAM.late"
  ((${#late[@]} < 3)) || [[ -n ${KIT_CALLS:-} ]] || skip "not run: $PROGRAM was ended at its deadline ${#late[@]} times already"
  assert_compiled "$PROGRAM"
}

# has_failed NAME: whether the test NAME is run, too, and has failed.
has_failed() {
  local name
  while IFS=$'\t' read -r _ _ name; do
    [[ $name != "$1" ]] || break
  done <"$KIT_RUN/chosen"
  [[ $name == "$1" ]] || return
  _wait_for_outcome "$1"
  [[ $OUTCOME == fail ]]
}

# requires_test NAME: this test makes sense only when the test NAME passed, if it is run.
requires_test() { ! has_failed "$1" || skip "not run: needs \"$1\""; }

# _wait_for_outcome NAME: OUTCOME is pass, fail or skip. NAME stands before this test in
# the file; where another lane has it (judge --runs) it may not be over. Waiting for it
# is no part of this test's time.
_wait_for_outcome() {
  local name since=${EPOCHREALTIME/./} until=$((SECONDS + 300))
  while ((SECONDS < until)); do
    while IFS=$'\t' read -r OUTCOME name; do
      [[ $name == "$1" ]] || continue
      BEGUN=$((BEGUN + ${EPOCHREALTIME/./} - since))
      return 0
    done <"$KIT_RUN/outcomes"
    # Without the judge, tests run one after the other: that test was not chosen.
    [[ -z ${KIT_PLAIN:-} ]] || { OUTCOME=pass && return; }
    # Nobody writes there: 4 ms without a process of its own. REPLY stays as it is.
    read -r -t 0.004 name <>"$KIT_RUN/nothing" || true
  done
  echo "no outcome of: $1"
  return 1
}
