# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # T and BIN are set by common.bash
# What the tests of the peer share: a program to talk with, and what the peer says.

# program STATEMENT…: a peer that plays the program, in place of the one before. It
# says "ready" where the test may go on; PROGRAM is its id.
program() {
  if [[ -n ${PROGRAM:-} ]]; then
    kill -9 "$PROGRAM" 2>/dev/null || true
    wait "$PROGRAM" || true
  fi
  rm -f "$T/out"
  "$BIN/peer" -e "$T/program.ev" "$@" >"$T/out" 2>"$T/program.err" 3>&- &
  its_id $!
  until_it grep -qs ready "$T/out"
}

# its_id PID: this is the program.
its_id() {
  PROGRAM=$1
  STARTED+=("$1")
  echo "$1" >"$T/pid"
}

# ended STATUS: the program ends with this.
ended() {
  local code=0
  wait "$PROGRAM" || code=$?
  same "$code: $(grep -h '^[eg]' program.ev || true)" "$1: ${2-}"
}

peer() {
  rm -f "$T/ev"
  "$BIN/peer" -p "$T/pid" -o "$T/out" -e "$T/ev" "$@" || {
    local code=$?
    cat "$T/ev"
    return "$code"
  }
}

# wrong EXPECTED GOT STATEMENT…: the last of these is not as it must be; EXPECTED and
# GOT (a pattern; lines joined by |) are what is said.
wrong() {
  local code=0 said
  peer "${@:3}" || code=$?
  same "$code" 1
  said=$(sed -n 's/^expected\t//p' ev | paste -sd '|')
  same "$said" "$1"
  said=$(sed -n 's/^got\t//p' ev | paste -sd '|')
  like "$said" "$2"
}
