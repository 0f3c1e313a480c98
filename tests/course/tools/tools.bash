# shellcheck shell=bash
# shellcheck disable=SC2034 # used by those who load this
# What the tests of the kit share. Gives: root, BIN (the kit's C tools), T (a folder
# of the test's own, with a blank in its name, removed at its end).

# shellcheck source=../../kit/address.bash
source "$BATS_TEST_DIRNAME/../../kit/address.bash"

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
  BIN=$("$root/tests/tools/build")
  top=$(mktemp -d)
  T="$top/a test"
  mkdir "$T"
  STARTED=()
  cd "$T" || return
}

teardown() {
  local pid
  for pid in "${STARTED[@]}"; do
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$top"
}

# same GOT WANT: fails the test unless they are the same text.
same() {
  [[ $1 == "$2" ]] && return
  printf 'got:  %s\nwant: %s\n' "$1" "$2"
  return 1
}

# like GOT PATTERN: the same with a pattern of the shell.
like() {
  # shellcheck disable=SC2053 # a pattern it is
  [[ $1 == $2 ]] && return
  printf 'got:  %s\nlike: %s\n' "$1" "$2"
  return 1
}

# until COMMAND…: waits until it succeeds, at most 10 s.
until_it() {
  local try
  for ((try = 0; try < 1000; try++)); do
    "$@" && return
    read -r -t 0.01 <> <(:) || true
  done
  echo "never: $*"
  return 1
}

# alive PID: it runs, and is no zombie.
alive() {
  local text
  { read -r text <"/proc/$1/stat"; } 2>/dev/null || return 1
  text=${text##*) }
  [[ ${text:0:1} != [ZX] ]]
}
dead() { ! alive "$1"; }

# an_address: sets ADDR to a random address, PORT to a random port, AT to both.
an_address() {
  new_address
  PORT=$((SRANDOM % 18000 + 1024))
  AT=$ADDR:$PORT
}
