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

# assert_one_call_sends TEXT TEXT: one call sends both, of those that strace noted (TRACE='/^(send|p?write)'):
# in one buffer, in two, or in more.
assert_one_call_sends() {
  local report=${DIRS[PROGRAM_NUMBER]}/report text=$2
  grep -qaE "$1.*$2|(= |msg_len=)$((${#1} + ${#2}))\\>" "$report" && return
  ((${#text} <= 40)) || text="${text:0:40}... (${#text} bytes)"
  fail_test "one call that sends $1 and $text" "$(grep -aE "$1|${2:0:6}" "$report")"
}

# assert_closed_once [FD]: no close of those that strace noted (TRACE=accept,accept4,close, or
# TRACE=socket,close) is for a descriptor that is closed: from 3 on, and FD. Before its first client,
# or socket, a program may close what it has not opened.
assert_closed_once() {
  local again
  again=$(sed -nE '/accept|socket/,$p' "${DIRS[PROGRAM_NUMBER]}/report" | grep -aE "close\\((${1:-3}|[3-9]|[1-9][0-9]+)\\) += -1 EBADF") || return 0
  fail_test 'one close for each descriptor' "$again"
}

# assert_closes_each_once: of the calls that strace noted (TRACE=$CLOSE_CALLS), one closes the
# listening socket, and none closes a descriptor again.
# shellcheck disable=SC2034 # for the lab files
CLOSE_CALLS='listen,accept,accept4,close,?close_range'
assert_closes_each_once() { assert_closed_after listen && assert_closed_once "$REPLY"; }

# assert_closed_after CALL: of the calls that strace noted (CALL, close and ?close_range among them), one
# closes the descriptor of the last CALL, after it. REPLY is the descriptor.
assert_closed_after() {
  local calls report=${DIRS[PROGRAM_NUMBER]}/report
  REPLY=$(sed -nE "s/.*$1\\(([0-9]+), .*/\\1/p" "$report" | tail -n 1)
  calls=$(sed "1,/$1($REPLY, /d" "$report" | grep -a 'close') || true
  grep -qaE "close\\(${REPLY}[) ]|close_range" <<<"$calls" ||
    fail_test "after $1($REPLY, …), a call close($REPLY)" "${calls:-no close}"
}

# assert_keeps_handler: of the calls that strace noted (SHIM=eintr TRACE=rt_sigaction), none but the
# first, which is the preload's, changes what SIGUSR2 does.
assert_keeps_handler() {
  local calls
  calls=$(grep -a 'rt_sigaction(SIGUSR2, {' "${DIRS[PROGRAM_NUMBER]}/report" | sed 1d)
  [[ -z $calls ]] || fail_test 'no call that changes the handler of SIGUSR2' "$calls"
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

# assert_odd_names_fail PROGRAM ARG…: the same for words that are names, though they look like an
# option, a wildcard, or an address in a URL; HOST among the ARGs stands for them. The resolver
# fails with EAI_FAIL, so its reason is not the usual one. Nothing where no names can be made.
assert_odd_names_fail() {
  local name word words odd=(-x '*' '[::1]') first=${#PIDS[@]} i
  write_hosts "$ADDR one.test" || return 0
  printf '%s\n' "${odd[@]}" >"${HOSTS#*=}.fails"
  for name in "${odd[@]}"; do
    words=()
    for word in "$@"; do
      [[ $word != HOST ]] || word=$name
      words+=("$word")
    done
    BUILD=plain PRELOAD=$NSS VARS=$HOSTS start "${words[@]}"
  done
  for i in "${!odd[@]}"; do
    use_program $((first + i))
    assert_fails_to_resolve "${odd[i]}" || return
    # gethostbyname(3) does not ask our library: it has another reason.
    if grep -q 'Name or service not known' "${DIRS[PROGRAM_NUMBER]}/err" && ! grep -qaF gethostbyname "$KIT_SHARE/plain/$1"; then
      fail_test "the resolver's reason: getaddrinfo has returned EAI_FAIL" "$(<"${DIRS[PROGRAM_NUMBER]}/err")"
      return
    fi
  done
}

# assert_fails_without_ipv6: a client that was given HOST ::1 where there is no IPv6 (SHIM=no-ipv6)
# names socket and the reason; or it has asked for addresses that it can use alone, and gives the
# resolver's reason.
assert_fails_without_ipv6() {
  local text
  assert_exit 1 || return
  read -r -d '' text <"${DIRS[PROGRAM_NUMBER]}/err" || true
  if [[ $text == *::1* && $text != *socket* ]]; then
    assert_fails_to_resolve ::1
  else
    assert_fails 1 socket 'Address family not supported'
  fi
}

# Words that are no COUNT and no PORT, by labs/README.md. Two of the ports would be right if only
# 32 or 64 bits of them were kept.
# shellcheck disable=SC2034 # for the lab files
WRONG_COUNTS=(-1 -0 +5 ' 5' $'\t5' '5 ' $'5\n' 5x '')
# shellcheck disable=SC2034 # for the lab files
WRONG_PORTS=(65536 4295000000 18446744073709559616 -1 +5 $'\t5' '5 ' $'5\n' 5x '')

# assert_usage_error PROGRAM ARG…: the program refuses this command line. The word HOST among
# the ARGs stands for ADDR, and in every other run for a name that has no address: a
# program that acts before it has looked at all its arguments ends with 1 there.
assert_usage_error() {
  _choose_words "$@"
  BUILD=plain start "${WORDS[@]}"
  assert_fails 2 usage
}
_choose_words() {
  local word host=$ADDR
  # Each start changes the number.
  ((PROGRAM_NUMBER % 2)) || host=a..b
  WORDS=()
  for word in "$@"; do
    [[ $word != HOST ]] || word=$host
    WORDS+=("$word")
  done
}

# queue_usage_error PROGRAM ARG…: the same for many command lines, several at a time: starts
# the program, which assert_queued_usage_errors looks at. ADDR is another one for the next:
# of two programs with the same address, one would fail for that reason.
queue_usage_error() {
  _choose_words "$@"
  BUILD=plain start "${WORDS[@]}"
  new_address
  QUEUED+=("$PROGRAM_NUMBER")
  ((${#QUEUED[@]} < 8)) || assert_queued_usage_errors
}

# assert_queued_usage_errors: the programs of queue_usage_error refused their command lines.
assert_queued_usage_errors() {
  local number
  for number in "${QUEUED[@]}"; do
    use_program "$number"
    assert_fails 2 usage || return
  done
  QUEUED=()
}

# The calls of a server that need a descriptor.
NEED_DESCRIPTOR=(socket accept epoll signalfd eventfd timerfd pipe open dup fcntl memfd inotify pidfd io_uring)

# assert_fails_without_descriptor PROGRAM ARG…: a program that gets no descriptor names the call that
# fails; or the resolver, which may need one before, does not resolve ADDR. A server that has closed
# standard input has a descriptor left for its socket, and none for its client.
assert_fails_without_descriptor() {
  local text
  BUILD=plain SHIM=nofile=3 start_with_address "$@"
  if ! has_ended "$PROGRAM_NUMBER" 1 && try_peer <<<"wait-listening"$'\n'"connect $ADDR:$PORT"; then
    assert_gives_up_or_waits
    return
  fi
  assert_exit 1 || return
  read -r -d '' text <"${DIRS[PROGRAM_NUMBER]}/err" || true
  if [[ $text == *"$ADDR"* && ${text,,} != *'too many open files'* ]]; then return; fi
  assert_error 'Too many open files' && assert_error_one_of "${NEED_DESCRIPTOR[@]}"
}

# assert_reuses_address: of the calls that strace noted (TRACE=$(if_can_trace setsockopt,bind)), one
# sets SO_REUSEADDR before an address is bound. Nothing where strace may not trace.
assert_reuses_address() {
  local report=${DIRS[PROGRAM_NUMBER]}/report
  ! can_trace || sed '/bind(.*AF_INET/q' "$report" | grep -q SO_REUSEADDR ||
    fail_test 'before bind, a call: setsockopt(…, SOL_SOCKET, SO_REUSEADDR, …)' "$(<"$report")"
}

# assert_refuses_port_in_use PROGRAM ARG…: the program fails at an address where somebody listens,
# with bind or listen and the reason. It has set SO_REUSEADDR before, not only when bind failed.
assert_refuses_port_in_use() {
  TRACE=$(if_can_trace setsockopt,bind) start_with_address "$@"
  assert_fails 1 'Address already in use' && assert_error_one_of bind listen && assert_reuses_address
}

# assert_closes_once PROGRAM ARG…: a program that ends by itself closes the socket that it has
# bound once, not twice. Nothing where strace may not trace.
assert_closes_once() {
  local fd after
  can_trace || return 0
  TRACE=bind,close start_with_address "$@"
  assert_exit 0 || return
  fd=$(sed -nE 's/.*bind\(([0-9]+), .*AF_INET.*/\1/p' "${DIRS[PROGRAM_NUMBER]}/report" | tail -n 1)
  after=$(sed '1,/bind(.*AF_INET/d' "${DIRS[PROGRAM_NUMBER]}/report")
  ! grep -qE "close\\(${fd}\\) .*EBADF" <<<"$after" || fail_test "after bind($fd, …), one close($fd)" "$after"
}

# assert_checks_descriptors PROGRAM ARG…: the same; and a server that gets no descriptor for its
# client ends with 1 and the reason, or goes on without using the processor.
assert_checks_descriptors() {
  assert_fails_without_descriptor "$@" || return
  new_address
  # 0, 1 and 2 are taken, the listening socket is the last that there is.
  BUILD=plain NOFILE=4 start_with_address "$@"
  # It may end before a client comes: accept asks for a descriptor first. One that has closed
  # standard input has a descriptor left.
  try_peer <<<"wait-listening"$'\n'"expect-fds 4"$'\n'"connect $ADDR:$PORT" ||
    has_ended "$PROGRAM_NUMBER" 0.1 || return 0
  assert_gives_up_or_waits
}

# assert_checks_full_table PROGRAM ARG…: a server whose accept says that the whole machine has no
# descriptor left (ENFILE) does the same. It may end before a client comes.
assert_checks_full_table() {
  BUILD=plain SHIM=enfile=1 start_with_address "$@"
  has_ended "$PROGRAM_NUMBER" 1 || try_peer <<<"wait-listening"$'\n'"connect $ADDR:$PORT" || true
  assert_gives_up_or_waits
}

# assert_gives_up_or_waits: a server that gets no descriptor for its client ends with 1 and the
# reason, or goes on without using the processor.
assert_gives_up_or_waits() {
  local tries=0
  until has_ended "$PROGRAM_NUMBER" 0.1; do
    # It may be ending just now: the last look is the one that counts.
    try_peer expect-idle && return
    ((++tries < 3)) || peer expect-idle || return
  done
  assert_exit 1 && assert_error 'Too many open files' && assert_error_one_of "${NEED_DESCRIPTOR[@]}"
}

# assert_reads_all_input PROGRAM ARG…: the program reads more input than a buffer holds before it
# ends with 0. It may read it byte by byte.
assert_reads_all_input() {
  local bytes all
  DEADLINE=60 BUILD=plain STDIN=much start_with_address "$@"
  end_input
  peer <<END
    allow-busy
    wait-ended
END
  assert_exit 0
  read -r bytes all <"${DIRS[PROGRAM_NUMBER]}/input"
  ((bytes == all)) || fail_test "the program reads all $all bytes of its input" "it had read $bytes of them when it ended"
}

# assert_count_does_not_wrap PROGRAM ARG…: a server with a COUNT above its limit, the last ARG, refuses
# it or waits for so many clients. It does not take it for 1.
assert_count_does_not_wrap() {
  new_address
  start_with_address "$@"
  if try_peer wait-listening; then
    peer <<END
      connect $ADDR:$PORT
      shutdown
      expect-eof
      wait-asleep
      wait-listening
END
  else
    assert_fails 2 usage
  fi
}

# assert_checks_calls PROGRAM ARG…: a server whose listen, setsockopt or getsockname fails
# ends with 1 and names it. It may do without the last two, if it prints the right line. One whose
# accept always fails ends with 1 and names it, or does not call it again and again.
assert_checks_calls() {
  local call
  BUILD=plain INJECT=listen:error=EADDRINUSE start_with_address "$@"
  assert_fails 1 listen 'Address already in use' || return
  for call in setsockopt getsockname; do
    new_address
    BUILD=plain INJECT=$call:error=ENOBUFS start_with_address "$@"
    wait_for_lines 1
    if [[ -s ${DIRS[PROGRAM_NUMBER]}/out ]]; then
      assert_output "listening on $ADDR:$PORT" || return
    else
      assert_fails 1 "$call" 'No buffer space available' || return
    fi
  done
  new_address
  # Not by strace: its stops would count as naps of the program.
  BUILD=plain SHIM=no-buffers start_with_address "$@"
  if has_ended "$PROGRAM_NUMBER" 1 || ! try_peer <<END; then
    wait-listening
    connect $ADDR:$PORT
    wait-asleep
    expect-idle
END
    assert_exit 1 && assert_error accept 'No buffer space available'
  fi
}
