# shellcheck shell=bash
# What a program printed. These words are about the program that was started last, and
# wait for nothing: call assert_exit, wait_for_lines or `peer wait-lines N` first.

# _plain_output: REPLY is the file with the program's standard output, in which a
# mapped IPv4 address, [::ffff:127.0.0.1]:80, stands as 127.0.0.1:80: a server may
# print either.
_plain_output() {
  local text
  REPLY=${DIRS[PROGRAM_NUMBER]}/out
  read -r -d '' text <"$REPLY" || true
  [[ $text == *'[::ffff:'* ]] || return 0
  sed -E 's/\[::ffff:([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)\]/\1/g' "$REPLY" >"$REPLY.plain"
  REPLY+=.plain
}

# wait_for_lines N: waits until the program has printed N lines, or has ended; for tests
# that are not about flushing nor about the end.
wait_for_lines() {
  try_peer wait-lines "$1" || has_ended "$PROGRAM_NUMBER" 1 || true
}

# assert_output LINE…: standard output is exactly these lines.
assert_output() {
  printf '%s\n' "$@" >"$TEST_DIR/expected"
  _plain_output
  "$KIT_BIN/peer" -e "$EVIDENCE" expect-same "$TEST_DIR/expected" "$REPLY" && return
  add_evidence expected 'on standard output'
  _note_swapped_port
  COMPARED=1 fail_as_noted
}

# _note_swapped_port: adds to what the test got that a port in the file REPLY is PORT with its
# bytes swapped, if it is.
_note_swapped_port() {
  _swap_port
  ! grep -qE "[]0-9]:$SWAPPED([^0-9]|$)" "$REPLY" ||
    add_evidence got "($SWAPPED is the port $PORT with its two bytes swapped: see ntohs(3))"
}

# assert_no_output: standard output is empty.
assert_no_output() {
  local text
  [[ -s ${DIRS[PROGRAM_NUMBER]}/out ]] || return 0
  text=$(head -c 400 "${DIRS[PROGRAM_NUMBER]}/out" | tr -d '\0')
  COMPARED=1 fail_test 'nothing on standard output' "$text"
}

# assert_output_file FILE: standard output holds exactly the bytes of FILE.
assert_output_file() {
  _plain_output
  "$KIT_BIN/peer" -e "$EVIDENCE" expect-same "$1" "$REPLY" && return
  COMPARED=1 fail_as_noted
}

# assert_output_matches REGEX…: standard output is as many lines, each of which is like its
# REGEX (extended, the whole line).
assert_output_matches() {
  local lines=() i=0 pattern shown
  _plain_output
  mapfile -t lines <"$REPLY"
  for pattern in "$@"; do
    if ! [[ ${lines[i]-} =~ ^($pattern)$ && $i -lt ${#lines[@]} ]]; then
      shown=${lines[i]-no such line}
      add_evidence expected "line $((i + 1)) of standard output: $(_shown_pattern "$pattern")"
      add_evidence got "${shown:0:200}"
      _note_swapped_port
      COMPARED=1 fail_as_noted
      return
    fi
    i=$((i + 1))
  done
  ((${#lines[@]} == $#)) && return
  COMPARED=1 fail_test "standard output ends after $# line(s)" "then: ${lines[$#]:0:200}"
}

# _shown_pattern REGEX: prints it for a reader who knows none: N and M are numbers.
_shown_pattern() {
  local text=$1
  text=${text//'[0-9]+(\.[0-9]+)?'/M}
  text=${text//'[0-9]+'/N}
  text=${text//'[1-9][0-9]*'/N}
  text=${text//'.*'/…}
  printf '%s' "${text//\\/}"
}

# printed_address: REPLY is the ADDR:PORT in the first line on standard output.
printed_address() {
  local line
  _plain_output
  read -r line <"$REPLY" || true
  [[ $line =~ ([0-9]+\.){3}[0-9]+:[0-9]+ ]] && REPLY=${BASH_REMATCH[0]}
}

# The reasons that our tests give calls to fail, as strerror(3) has them, in small letters.
REASONS=('address already in use' 'cannot assign requested address' 'connection refused'
  'connection reset by peer' 'connection timed out' 'no buffer space available'
  'network is unreachable' 'operation not permitted' 'permission denied' 'too many open files')

# assert_error WORD…: standard error has each of these words, in any case; one within
# another, like connect in "Connection refused", does not count. A call that has the
# program's name is not named by "NAME: " at the beginning of a line, unless another
# of the WORDs comes next: so perror(3) says which call it was. Who gives three
# reasons or more, whatever happened, gives none.
assert_error() {
  local text low word rest other blank given=0
  IFS= read -r -d '' -n 65536 text <"${DIRS[PROGRAM_NUMBER]}/err" || true
  low=${text,,}
  for word in "${REASONS[@]}"; do [[ $low != *"$word"* ]] || given=$((given + 1)); done
  if ((given > 2)); then
    fail_test 'standard error has the reason, and no other' "${text:0:400}"
    return
  fi
  for word in "$@"; do
    rest=$'\n'$low
    for other in "$@"; do
      [[ $other != "$word" ]] || continue
      [[ $word != "${NAMES[PROGRAM_NUMBER]}" ]] ||
        for blank in ' ' ''; do rest=${rest//$'\n'"$word:$blank${other,,}"/ $word }; done
      [[ ${other,,} != *"${word,,}"* ]] || rest=${rest//"${other,,}"/}
    done
    [[ $word != "${NAMES[PROGRAM_NUMBER]}" ]] || rest=${rest//$'\n'"$word:"/}
    [[ $rest == *"${word,,}"* ]] && continue
    text=${text%$'\n'}
    fail_test "standard error has: $word" "${text:-(standard error is empty)}"
    return
  done
}

# assert_error_one_of WORD…: standard error has at least one of these words, in any case. The
# name of the program does not count where more than the reason follows it: "accept: listen:
# Too many open files" names listen.
assert_error_one_of() {
  local text word low='' line
  read -r -d '' text <"${DIRS[PROGRAM_NUMBER]}/err" || true
  while IFS= read -r line; do
    [[ $line != "${NAMES[PROGRAM_NUMBER]}: "*': '* ]] || line=${line#*: }
    low+=$line$'\n'
  done <<<"${text,,}"
  # In this reason "open" names no call.
  low=${low//too many open files/}
  for word in "$@"; do
    [[ $low != *"${word,,}"* ]] || return 0
  done
  fail_test "standard error has one of: $*" "${text:-(standard error is empty)}"
}

# assert_no_error_text WORD…: standard error has none of these words, in any case.
assert_no_error_text() {
  local text word
  read -r -d '' text <"${DIRS[PROGRAM_NUMBER]}/err" || true
  for word in "$@"; do
    [[ ${text,,} != *"${word,,}"* ]] && continue
    fail_test "standard error has not: $word" "$text"
    return
  done
}

# assert_fails STATUS WORD…: the program ends with STATUS, says the words on standard
# error, and prints nothing.
assert_fails() {
  assert_exit "$1" && assert_error "${@:2}" && assert_no_output
}

# What strerror(3) makes of the errno that getaddrinfo(3) leaves behind. The resolver's
# reasons are other texts, of gai_strerror(3); they differ from one C library to the next.
ERRNO_REASONS=('bad address' 'connection refused' 'illegal seek' 'inappropriate ioctl' 'interrupted system call'
  'invalid argument' 'message too long' 'network is unreachable' 'no error information' 'no such file'
  'operation not permitted' 'resource temporarily unavailable' 'success')

# assert_fails_to_resolve NAME: the program ends with 1, and says NAME and a reason that
# is neither a call's name nor a text of errno (the resolver has its own errors); and it
# does nothing more, with a descriptor that is none.
assert_fails_to_resolve() {
  local text rest reason
  assert_fails 1 "$1" || return
  read -r -d '' text <"${DIRS[PROGRAM_NUMBER]}/err" || true
  # What was said before is about something else.
  while [[ $text == *$'\n'* && ${text%%$'\n'*} != *"$1"* ]]; do text=${text#*$'\n'}; done
  rest=${text//"$1"/}
  rest=${rest//"${NAMES[PROGRAM_NUMBER]}"/}
  rest=${rest//getaddrinfo/}
  rest=${rest//gethostbyname/}
  assert_no_error_text 'Bad file descriptor' || return
  for reason in "${ERRNO_REASONS[@]}"; do [[ ${rest,,} != *"$reason"* ]] || rest=''; done
  [[ $rest == *[a-zA-Z][a-zA-Z]* ]] && return
  fail_test "the resolver's reason beside the name, as gai_strerror(3) has it" "$text"
}
