# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # T and BIN are set by tools.bash
# What the tests of the peer share: a program to talk with, and what the peer says.

# play_program [OPTION…] [STATEMENT ARG…]: a peer that plays the program, in place of the
# one before. It prints "ready" where the test may go on; PROGRAM is its id.
play_program() {
  if [[ -n ${PROGRAM:-} ]]; then
    kill -9 "$PROGRAM" 2>/dev/null || true
    wait "$PROGRAM" || true
  fi
  new_output
  # A command in the background has no input without this.
  "$BIN/peer" -e "$T/program.ev" "$@" <&0 >&"$OUTPUT" 2>"$T/program.err" 3>&- &
  set_program $!
  until_it grep -qs ready "$T/out"
}

# run_program COMMAND ARG…: any program in place of the peer.
run_program() {
  new_output
  "$@" >&"$OUTPUT" 2>"$T/program.err" 3>&- &
  set_program $!
}

# new_output: OUTPUT is a descriptor of the file out, for what a program prints. It is read-only,
# as the launcher leaves it: nothing more comes when the program has ended.
new_output() {
  rm -f "$T/out"
  exec {OUTPUT}>"$T/out"
  chmod a-w "$T/out"
}

# set_program PID: this is the program.
set_program() {
  PROGRAM=$1
  STARTED+=("$1")
  echo "$1" >"$T/pid"
}

# assert_program_ended STATUS [EVIDENCE]: the program that is a peer ends with this.
assert_program_ended() {
  local code=0
  wait "$PROGRAM" || code=$?
  same "$code: $(grep -h '^[eg]' program.ev || true)" "$1: ${2-}"
}

# peer [STATEMENT ARG…]: the peer on this side.
peer() {
  rm -f "$T/ev"
  "$BIN/peer" -p "$T/pid" -o "$T/out" -e "$T/ev" "$@" || {
    local code=$?
    cat "$T/ev"
    return "$code"
  }
}

# assert_unmet EXPECTED GOT [STATEMENT ARG…]: the last statement is not as it must be;
# EXPECTED and GOT (a pattern; lines joined by |) are what is said.
assert_unmet() {
  local code=0 said
  peer "${@:3}" || code=$?
  same "$code" 1
  said=$(sed -n 's/^expected\t//p' ev | paste -sd '|')
  same "$said" "$1"
  said=$(sed -n 's/^got\t//p' ev | paste -sd '|')
  like "$said" "$2"
}
