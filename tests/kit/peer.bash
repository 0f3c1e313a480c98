# shellcheck shell=bash
# Talking with the program. The peer (tests/tools/peer/peer.c) plays the other end of a
# conversation; README.md lists its statements. They come on standard input, one a line:
#
#   peer <<END
#     connect $ADDR:$PORT
#     send hello
#     expect Echo=>hello
#   END
#
# One statement alone may stand on the command line: peer wait-asleep

# peer [STATEMENT ARG…]: the peer does this now; the test fails when something is not as
# it must be. Files that statements name are in TEST_DIR.
peer() {
  local code=0
  _run_peer "$EVIDENCE" "$@" || code=$?
  case $code in
    0) ;;
    1) fail_as_noted ;;
    *) return "$code" ;;
  esac
}

# try_peer [STATEMENT ARG…]: the same, but where something is not as it must be the test
# goes on: returns 1.
try_peer() { _run_peer /dev/null "$@"; }

# _run_peer EVIDENCE [STATEMENT ARG…]: the peer, which adds what it saw to the file EVIDENCE.
_run_peer() {
  local dir=$TEST_DIR
  ((PROGRAM_NUMBER < 0)) || dir=${DIRS[PROGRAM_NUMBER]}
  _peer_command "$dir/statements"
  "${PEER_COMMAND[@]}" -p "$dir/pid" -o "$dir/out" -e "$1" "${@:2}" 3>&- 4>&-
}

# _peer_command LOG: PEER_COMMAND is the peer, with the options that it has in every test. For a
# picture LOG is the file of its statements. For make soak KIT_NAPS is how long it naps, in ms.
_peer_command() {
  PEER_COMMAND=("$KIT_BIN/peer" -s "$SEED" -d "$TEST_DIR" ${FOLDER:+-u "$FOLDER"}
    ${KIT_NAPS:+-n "$KIT_NAPS"} ${KIT_CALLS:+-l "$1"} ${KIT_DEBUG:+-g "$KIT_DEBUG/held"})
}

# start_peer [STATEMENT ARG…]: begins a peer in the background, before the program that it
# watches: the one that is started next. Returns when the peer has printed its first line
# (print ready), which is REPLY. PEER_NUMBER is its index.
# shellcheck disable=SC2120 # lab files pass arguments
start_peer() {
  local output
  PEER_NUMBER=${#PEERS[@]}
  PID_FILE=$TEST_DIR/pid.$PEER_NUMBER WATCHED[PEER_NUMBER]=
  _peer_command "$TEST_DIR/statements.$PEER_NUMBER"
  exec {output}< <(exec "${PEER_COMMAND[@]}" -p "$PID_FILE" -e "$TEST_DIR/peer.$PEER_NUMBER" "$@" \
    2>"$TEST_DIR/peer.$PEER_NUMBER.err" 3>&- 4>&-)
  PEERS[PEER_NUMBER]=$!
  PEER_OUTPUTS[PEER_NUMBER]=$output
  read -r -t 30 -u "$output" REPLY && return
  # The script may have an error: the peer names the line.
  cat "$TEST_DIR/peer.$PEER_NUMBER.err" >&2
  return 1
}

# start_peer_on_ipv6 [bind-datagram]: the same after a listen on ::1, for a conversation that
# begins with accept, or after this statement. Everybody shares that address, so PORT is
# chosen anew while it is taken.
start_peer_on_ipv6() {
  local try script first
  read -r -d '' script || true
  for ((try = 0; try < 20; try++)); do
    first="listen [::1]:$PORT 5"
    (($# == 0)) || first="$1 [::1]:$PORT"
    # shellcheck disable=SC2119 # its script is standard input
    start_peer <<<"$first"$'\nprint ready\n'"$script" && return
    choose_port 1024 $((HELD_PORTS - 1))
  done
  return 1
}

# read_from_peer [NUMBER]: REPLY is the next line that a peer in the background prints.
read_from_peer() { read -r -t "${DEBUG_SECONDS:-30}" -u "${PEER_OUTPUTS[${1:-$PEER_NUMBER}]}" REPLY; }

# wait_for_peer [NUMBER]: waits until a peer in the background has done all. The test fails
# when something was not as it must be; it is then about the program that the peer watches.
wait_for_peer() {
  local number=${1:-$PEER_NUMBER} code=0 lines=() last=$PROGRAM_NUMBER
  wait "${PEERS[number]}" || code=$?
  [[ ! -s $TEST_DIR/peer.$number ]] || mapfile lines <"$TEST_DIR/peer.$number"
  use_program "${WATCHED[number]:-$PROGRAM_NUMBER}"
  WATCHED[number]=
  printf '%s' "${lines[@]}" >>"$EVIDENCE"
  case $code in
    0) use_program "$last" ;;
    1) fail_as_noted ;;
    *) return "$code" ;;
  esac
}

# try_wait_for_peer: waits for the last peer, and succeeds if its statements have. What failed is
# no fault of the program.
try_wait_for_peer() {
  local code=0
  WATCHED[PEER_NUMBER]=
  wait "${PEERS[PEER_NUMBER]}" || code=$?
  ((code < 2)) || exit "$code"
  return "$code"
}

# start_server PROGRAM ARG…: starts a server with ADDR and PORT before its other
# arguments, and waits until it listens there. What may stand before start may stand here.
start_server() {
  start_with_address "$@"
  peer wait-listening-at "$ADDR:$PORT"
}

# start_datagram_server PROGRAM ARG…: the same of one that has a UDP socket there.
start_datagram_server() {
  start_with_address "$@"
  peer wait-bound-at "$ADDR:$PORT"
}

# start_with_address PROGRAM ARG…: starts a program with ADDR and PORT before its other arguments.
start_with_address() { start "$1" "$ADDR" "$PORT" "${@:2}"; }

# quick_clients N AT STATEMENTS: REPLY is what the peer does for N clients of a server at AT, one after
# another. Each fifth goes on with STATEMENTS, which wait for the server, the others close at once.
# Five fit into the queue of any server: to wait for each takes six times as long.
quick_clients() {
  local i
  REPLY=''
  for ((i = 1; i <= $1; i++)); do
    REPLY+="connect $2"$'\n'
    if ((i % 5)); then REPLY+=$'close\n'; else REPLY+="$3"$'\n'; fi
  done
}

# load_magic_words: MAGIC_WORDS is what a program may take for a command (quit, a single
# dot …), as the peer's TEXTs; MAGIC_MESSAGES is those of them that a command line can
# hold: without zero bytes.
load_magic_words() {
  local word
  mapfile -t MAGIC_WORDS < <("$KIT_BIN/peer" -s "$SEED" print-magic-words)
  MAGIC_MESSAGES=()
  for word in "${MAGIC_WORDS[@]}"; do
    [[ $word == *'\0'* || $word == *'\x00'* ]] || MAGIC_MESSAGES+=("$word")
  done
}
