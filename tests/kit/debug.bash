# shellcheck shell=bash
# shellcheck disable=SC2034 # start and the peer use what it sets
# The kit's side of make debug (tests/commands/debug): gdb gets the program of one run of one
# test. KIT_DEBUG is a folder that the command has made:
#   test   the name of the test; in the second line which run, from 1
#   news   the answer, by atomic rename: "held PID PROGRAM EVIDENCE" with tabs between, or
#          the name of the tool that has the program already
#   held   is there from the start of that run until gdb has ended. So long the peer waits
#          without an end (peer -g)

# begin_debugging: start calls it first. If a person debugs this test, no run has a deadline.
# DEBUGGED is 1 if the run that begins is gdb's, else empty. gdb wants to attach, so it must
# be the only tracer: LeakSanitizer is one, too.
begin_debugging() {
  local name run
  DEBUGGED=''
  { IFS= read -r name && read -r run; } <"$KIT_DEBUG/test"
  [[ $name == "$BATS_TEST_DESCRIPTION" && -z ${KIT_CALLS:-} ]] || return 0
  # Eleven days.
  DEBUG_SECONDS=1000000
  ((${#PIDS[@]} + 1 == run)) || return 0
  if [[ -n ${INJECT:-}${TRACE:-} ]]; then
    _answer_debugger strace
  elif [[ ${UNDER:-} == valgrind ]]; then
    _answer_debugger valgrind
  else
    : >"$KIT_DEBUG/held"
    DEBUGGED=1 HELD=${#PIDS[@]} LEAKS=0
  fi
}

# hand_to_debugger PROGRAM: tells the command that this program, which was started last, is
# there. It stands before its first instruction (hold -d).
hand_to_debugger() { _answer_debugger "held"$'\t'"${PIDS[PROGRAM_NUMBER]}"$'\t'"$1"$'\t'"$EVIDENCE"; }

_answer_debugger() {
  printf '%s\n' "$1" >"$KIT_DEBUG/news.new"
  mv "$KIT_DEBUG/news.new" "$KIT_DEBUG/news"
}

# wait_for_debugger: the test is over, and would end its programs. While gdb has one in its
# hand, a person looks at it: waits until this program sleeps in a call or has ended.
wait_for_debugger() {
  [[ -e $KIT_DEBUG/held && -n ${HELD:-} ]] || return 0
  PROGRAM_NUMBER=$HELD
  try_peer wait-asleep || true
}
