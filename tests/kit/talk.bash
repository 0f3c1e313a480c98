# shellcheck shell=bash
# Talking with the program: the peer (peer.c lists its statements).

# talk STATEMENT…: the peer does this now; the test fails when something is not as
# it must be.
talk() {
  local code=0
  local dir=$T
  ((P < 0)) || dir=${DIRS[P]}
  "$KIT_BIN/peer" -p "$dir/pid" -o "$dir/out" -e "$EVIDENCE" \
    -s "$SEED" "$@" 3>&- 4>&- || code=$?
  case $code in
    0) ;;
    1) flunked ;;
    *) return "$code" ;;
  esac
}

# magic_words: MAGIC_WORDS is what a program may take for a command (quit, a single
# dot …), as peer's TEXTs; MAGIC_MESSAGES is those that a command line can hold:
# without zero bytes.
magic_words() {
  local word
  mapfile -t MAGIC_WORDS < <("$KIT_BIN/peer" -s "$SEED" magic-words)
  MAGIC_MESSAGES=()
  for word in "${MAGIC_WORDS[@]}"; do
    [[ $word == *'\0'* || $word == *'\x00'* ]] || MAGIC_MESSAGES+=("$word")
  done
}

# listens: whether the program comes to listen at all; for where it may refuse to.
listens() { "$KIT_BIN/peer" -p "${DIRS[P]}/pid" -e /dev/null listening; }

# behind STATEMENT…: a peer that begins before the program does, and goes on
# behind the test. STATEMENTs say "say ready" where the test may go on. It watches
# the program that is started next. Its index is Q; REPLY is what it said.
behind() {
  Q=${#PEERS[@]}
  PID_FILE=$T/pid.$Q WATCHED[Q]=
  exec {SAYS}< <(exec "$KIT_BIN/peer" -p "$PID_FILE" -e "$T/peer.$Q" -s "$SEED" "$@" \
    </dev/null 2>"$T/peer.$Q.err" 3>&- 4>&-)
  PEERS[Q]=$!
  PEER_SAYS[Q]=$SAYS
  read -r -t 30 -u "$SAYS" REPLY
}

# said [Q]: REPLY is the next line that a peer behind the test says.
said() { read -r -t 30 -u "${PEER_SAYS[${1:-$Q}]}" REPLY; }

# talked [Q]: waits until the peer behind the test has done all; the test fails
# when something was not as it must be, and is about the program that the peer watches
# then.
talked() {
  local q=${1:-$Q} code=0 lines=() last=$P
  wait "${PEERS[q]}" || code=$?
  [[ ! -s $T/peer.$q ]] || mapfile lines <"$T/peer.$q"
  use "${WATCHED[q]:-$P}"
  WATCHED[q]=
  printf '%s' "${lines[@]}" >>"$EVIDENCE"
  case $code in
    0) use "$last" ;;
    1) flunked ;;
    *) return "$code" ;;
  esac
}
