# shellcheck shell=bash
# What a program printed. These are about the program that was started last, and
# wait for nothing: call `ends`, `printed N` or `talk lines N` first.

# plain_out: REPLY is the file with the program's standard output, in which a
# mapped IPv4 address, [::ffff:127.0.0.1]:80, stands as 127.0.0.1:80: a server may
# print either.
plain_out() {
  local text
  REPLY=${DIRS[P]}/out
  read -r -d '' text <"$REPLY" || true
  [[ $text == *'[::ffff:'* ]] || return 0
  sed -E 's/\[::ffff:([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)\]/\1/g' "$REPLY" >"$REPLY.plain"
  REPLY+=.plain
}

# printed N: waits until the program has printed N lines, or has ended; for tests
# that are not about flushing nor about the end.
printed() {
  local dir=${DIRS[P]}
  "$KIT_BIN/peer" -p "$dir/pid" -o "$dir/out" -e /dev/null lines "$1" || has_ended "$P" 1 || true
}

# prints LINE…: standard output is exactly these lines.
prints() {
  printf '%s\n' "$@" >"$T/expected"
  plain_out
  "$KIT_BIN/peer" -e "$EVIDENCE" same "$T/expected" "$REPLY" && return
  COMPARED=1 flunked
}

# prints_nothing: standard output is empty.
prints_nothing() { [[ ! -s ${DIRS[P]}/out ]] || prints_file /dev/null; }

# prints_file FILE: standard output holds exactly the bytes of FILE.
prints_file() {
  "$KIT_BIN/peer" -e "$EVIDENCE" same "$1" "${DIRS[P]}/out" && return
  COMPARED=1 flunked
}

# prints_like REGEX…: standard output is as many lines, each of which is like its
# REGEX (extended, the whole line).
prints_like() {
  local lines=() i=0 pattern shown
  plain_out
  mapfile -t lines <"$REPLY"
  for pattern in "$@"; do
    if ! [[ ${lines[i]-} =~ ^($pattern)$ && $i -lt ${#lines[@]} ]]; then
      shown=${lines[i]-no such line}
      COMPARED=1 flunk "line $((i + 1)) of standard output: ${pattern//\\/}" "${shown:0:200}"
      return
    fi
    i=$((i + 1))
  done
  ((${#lines[@]} == $#)) && return
  COMPARED=1 flunk "standard output ends after $# line(s)" "then: ${lines[$#]:0:200}"
}

# The reasons that our tests give calls to fail, as strerror(3) has them, in small letters.
REASONS=('address already in use' 'cannot assign requested address' 'connection refused'
  'connection reset by peer' 'connection timed out' 'no buffer space available'
  'operation not permitted' 'permission denied' 'too many open files')

# says WORD…: standard error has each of these words, in any case; one within
# another, like connect in "Connection refused", does not count. A call that has the
# program's name is not named by "NAME: " at the beginning of a line, unless another
# of the WORDs comes next: so perror(3) says which call it was. Who gives three
# reasons or more, whatever happened, gives none.
says() {
  local text low word rest other given=0
  IFS= read -r -d '' -n 65536 text <"${DIRS[P]}/err" || true
  low=${text,,}
  for word in "${REASONS[@]}"; do [[ $low != *"$word"* ]] || given=$((given + 1)); done
  if ((given > 2)); then
    flunk 'standard error has the reason, and no other' "${text:0:400}"
    return
  fi
  for word in "$@"; do
    rest=$'\n'$low
    for other in "$@"; do
      [[ $other != "$word" ]] || continue
      [[ $word != "${NAMES[P]}" ]] || rest=${rest//$'\n'"$word: ${other,,}"/ $word }
      [[ ${other,,} != *"${word,,}"* ]] || rest=${rest//"${other,,}"/}
    done
    [[ $word != "${NAMES[P]}" ]] || rest=${rest//$'\n'"$word:"/}
    [[ $rest == *"${word,,}"* ]] && continue
    text=${text%$'\n'}
    flunk "standard error has: $word" "${text:-(standard error is empty)}"
    return
  done
}

# says_one_of WORD…: standard error has at least one of these words, in any case.
says_one_of() {
  local text word
  read -r -d '' text <"${DIRS[P]}/err" || true
  for word in "$@"; do
    [[ ${text,,} != *"${word,,}"* ]] || return 0
  done
  flunk "standard error has one of: $*" "${text:-(standard error is empty)}"
}

# says_no WORD…: standard error has none of these words, in any case.
says_no() {
  local text word
  read -r -d '' text <"${DIRS[P]}/err" || true
  for word in "$@"; do
    [[ ${text,,} != *"${word,,}"* ]] && continue
    flunk "standard error has not: $word" "$text"
    return
  done
}

# fails STATUS WORD…: the program ends with STATUS, says the words on standard
# error, and prints nothing.
fails() {
  ends "$1" && says "${@:2}" && prints_nothing
}

# fails_to_resolve NAME: the program ends with 1, and says NAME and a reason that
# is neither a call's name nor errno's "Success" (the resolver has its own errors);
# and it does nothing more, with a descriptor that is none.
fails_to_resolve() {
  local text rest
  fails 1 "$1" || return
  read -r -d '' text <"${DIRS[P]}/err" || true
  rest=${text//"$1"/}
  rest=${rest//"${NAMES[P]}"/}
  rest=${rest//getaddrinfo/}
  rest=${rest//gethostbyname/}
  says_no 'Bad file descriptor' || return
  [[ $rest == *[a-zA-Z][a-zA-Z]* && ${rest,,} != *success* ]] && return
  flunk "the resolver's reason beside the name, as gai_strerror(3) has it" "$text"
}

# refuses PROGRAM ARG…: the program refuses this command line. The word HOST among
# the ARGs stands for ADDR, and in every other run for a name that has no address: a
# program that acts before it has looked at all its arguments ends with 1 there.
refuses() {
  _host_chosen "$@"
  BUILD=plain start "${WORDS[@]}"
  fails 2 usage
}
_host_chosen() {
  local word host=$ADDR
  # P is the program that was started last, so each run changes it.
  ((P % 2)) || host=a..b
  WORDS=()
  for word in "$@"; do
    [[ $word != HOST ]] || word=$host
    WORDS+=("$word")
  done
}

# refuse PROGRAM ARG…, …, refused: the same for many command lines, several at a
# time. ADDR is another one for the next: of two that took the same, one would end for
# a reason of its own.
refuse() {
  _host_chosen "$@"
  BUILD=plain start "${WORDS[@]}"
  own_address
  ADDR=$REPLY
  TRIED+=("$P")
  ((${#TRIED[@]} < 8)) || refused
}
refused() {
  local n
  for n in "${TRIED[@]}"; do
    use "$n"
    fails 2 usage || return
  done
  TRIED=()
}
