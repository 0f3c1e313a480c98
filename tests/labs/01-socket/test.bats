#!/usr/bin/env bats
# Lab 01, socket: everything that a submission is judged by. tests/kit/README.md
# lists the words of these tests; points are in tenths, 100 in all.
load ../../kit/kit
programs socket

# _traced_calls REGEX: prints the calls like it that the program made, one a line (TRACE=…). strace
# puts the number of the process before those of another thread or process.
_traced_calls() { sed -E 's/^\[pid +[0-9]+\] //' "${DIRS[PROGRAM_NUMBER]}/report" | grep -aE "$1" || true; }

# _assert_one_socket CALL: just one socket was made, by a call like this (a part of a line
# of strace, with type flags such as SOCK_CLOEXEC taken out).
_assert_one_socket() {
  local calls
  calls=$(_traced_calls '^socket(pair)?\(' | sed -E 's/\|SOCK_(CLOEXEC|NONBLOCK)//g')
  [[ $calls == *"$1"* && $calls != *$'\n'* ]] && return
  fail_test "one call: $1" "${calls:-no call of socket}"
}

# A socket that has no address stands in none of the kernel's tables, and this
# program is over at once: what it asked of the kernel is what strace has noted.
# bats test_tags=points:20
@test "does the basic job: creates the socket that was asked for" {
  help "Which three arguments does socket take, and which of your variables hold them?" "socket(2)"
  if can_trace; then
    TRACE=socket,socketpair start socket inet stream
    assert_exit 0
    [[ -n $(_traced_calls '^socket\(AF_INET, SOCK_STREAM[^=]*= [0-9]') ]] ||
      fail_test 'a call: socket(AF_INET, SOCK_STREAM, …), and it succeeds' "$(_traced_calls '^socket')"
  else
    start socket inet stream
    assert_exit 0
  fi
}

# bats test_tags=points:7
@test "prints family, type, protocol and descriptor of the socket" {
  help "Is the line exactly as the handout has it? Are the numbers the kernel's?" "getsockopt(2)"
  start socket inet stream
  assert_exit 0
  assert_output 'AF_INET SOCK_STREAM protocol 6 fd 3'
  # A descriptor of four digits, which fits into no byte.
  SHIM=first-fd=1000 start socket inet stream
  assert_exit 0
  assert_output 'AF_INET SOCK_STREAM protocol 6 fd 1000'
}

# bats test_tags=points:6
@test "inet dgram: UDP, protocol 17" {
  help "Who knows which protocol the kernel chose for your 0?" "socket(7)"
  start socket inet dgram
  assert_exit 0
  assert_output 'AF_INET SOCK_DGRAM protocol 17 fd 3'
}

# bats test_tags=points:6
@test "unix: stream and dgram" {
  help "Which of the three options gives the family of the socket?" "unix(7)"
  start socket unix stream
  assert_exit 0
  assert_output 'AF_UNIX SOCK_STREAM protocol 0 fd 3'
  start socket unix dgram
  assert_exit 0
  assert_output 'AF_UNIX SOCK_DGRAM protocol 0 fd 3'
}

# bats test_tags=points:6
@test "inet6: stream and dgram" {
  help "Is a family that begins with the same letters another family?" "ipv6(7)"
  requires ipv6
  start socket inet6 stream
  assert_exit 0
  assert_output 'AF_INET6 SOCK_STREAM protocol 6 fd 3'
  start socket inet6 dgram
  assert_exit 0
  assert_output 'AF_INET6 SOCK_DGRAM protocol 17 fd 3'
}

# bats test_tags=points:8
@test "unix raw: prints what the kernel made, not what was asked for" {
  help "Do you print the words of the command line, or what getsockopt answered?" "socket(7)"
  start socket unix raw
  assert_exit 0
  assert_output 'AF_UNIX SOCK_DGRAM protocol 0 fd 3'
}

# bats test_tags=points:4
@test "asks the kernel for family, type and protocol" {
  help "Which three options of SOL_SOCKET tell what a socket is?" "socket(7)"
  requires strace
  TRACE=getsockopt start socket unix dgram
  assert_exit 0
  local option
  for option in SO_DOMAIN SO_TYPE SO_PROTOCOL; do
    [[ -n $(_traced_calls "getsockopt\(3, SOL_SOCKET, $option, .*= 0") ]] ||
      fail_test "a call: getsockopt(3, SOL_SOCKET, $option, …)" "$(_traced_calls getsockopt)"
  done
}

# bats test_tags=points:4
@test "creates that socket and no other" {
  help "How often is socket called, and with what?" "socket(2)"
  requires strace
  TRACE=socket,socketpair start socket inet dgram
  assert_exit 0
  _assert_one_socket 'socket(AF_INET, SOCK_DGRAM, '
  TRACE=socket,socketpair start socket unix stream
  assert_exit 0
  _assert_one_socket 'socket(AF_UNIX, SOCK_STREAM, '
  # Without a usual protocol, it is 0 all the same.
  TRACE=socket,socketpair start socket unix raw
  assert_exit 0
  _assert_one_socket 'socket(AF_UNIX, SOCK_RAW, 0)'
}

# bats test_tags=points:8
@test "works when standard input is closed: the socket is descriptor 0" {
  help "Which number means that socket has failed? Is 0 one?" "socket(2)"
  STDIN=closed start socket inet stream
  assert_exit 0
  assert_output 'AF_INET SOCK_STREAM protocol 6 fd 0'
}

# bats test_tags=points:6
@test "out of descriptors: the message names socket and the reason, exit status 1" {
  help "What does socket return when it fails, and is errno still fresh when you print it?" "errno(3)"
  local type
  for type in 'unix raw' 'inet stream'; do
    # shellcheck disable=SC2086 # two words
    BUILD=plain SHIM='nofile=3' start socket $type
    assert_fails 1 socket 'Too many open files'
  done
  assert_no_error_text 'Bad file descriptor'
}

# bats test_tags=points:1
@test "inet6 where there is no IPv6: the message names socket and the reason, exit status 1" {
  help "The kernel cannot make this socket: may the program make another one, and whose words give the reason?" "socket(2)"
  SHIM=no-ipv6 start socket inet6 stream
  assert_fails 1 socket 'Address family not supported by protocol'
}

# bats test_tags=points:4
@test "a raw socket without the privilege is refused by the kernel" {
  help "Does the message name the call and the kernel's reason? Which protocol did you ask for?" "raw(7)"
  UNDER=unprivileged start socket inet raw
  assert_fails 1 socket 'Operation not permitted'
}

# bats test_tags=points:4
@test "a raw socket with the privilege is ICMP, on inet6 ICMPv6" {
  help "A raw socket has no usual protocol. Which constants of netinet/in.h are 1 and 58?" "raw(7)"
  requires raw-sockets
  UNDER=privileged start socket inet raw
  assert_exit 0
  assert_output 'AF_INET SOCK_RAW protocol 1 fd 3'
  if [[ -e /proc/net/if_inet6 ]]; then
    UNDER=privileged start socket inet6 raw
    assert_exit 0
    assert_output 'AF_INET6 SOCK_RAW protocol 58 fd 3'
  fi
}

# bats test_tags=points:2
@test "when getsockopt fails, the message names it and the reason, exit status 1" {
  help "Does every call that can fail say its name and the kernel's reason, and is anything printed before all three have answered?" "getsockopt(2)"
  requires strace
  local n
  for n in 1 2 3; do
    INJECT=getsockopt:error=ENOBUFS:when=$n start socket inet stream
  done
  for n in 0 1 2; do
    use_program "$n"
    assert_fails 1 getsockopt 'No buffer space available'
  done
}

# bats test_tags=points:3
@test "closes the socket, and closes it once" {
  help "How often does close come on the way through your program?" "close(2)"
  requires strace
  TRACE=socket,close start socket inet stream
  assert_exit 0
  local after
  after=$(_traced_calls . | sed -n '/^socket(/,$p' | grep -a 'close(3)') || true
  [[ $after == 'close(3)'*'= 0' && $after != *$'\n'* ]] ||
    fail_test 'after socket, one close(3) that succeeds' "${after:-no close(3)}"
  ! has_failed "works when standard input is closed: the socket is descriptor 0" || return 0
  STDIN=closed TRACE=socket,close start socket inet stream
  assert_exit 0
  after=$(_traced_calls . | sed -n '/^socket(/,$p' | grep -a 'close(0)') || true
  [[ $after == 'close(0)'*'= 0' && $after != *$'\n'* ]] ||
    fail_test 'after socket, which returned 0, one close(0) that succeeds' "${after:-no close(0)}"
}

# bats test_tags=points:5
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by the handout, and what is the exit status then?" "strcmp(3)"
  assert_usage_error socket
  assert_usage_error socket inet
  assert_usage_error socket --help
  SHIM='nofile=3' assert_usage_error socket inet stream 0
  assert_usage_error socket stream inet
  local bad
  for bad in INET ine inet4 AF_INET '' ' inet' inet66; do
    assert_usage_error socket "$bad" stream
  done
  for bad in tcp STREAM str streams SOCK_STREAM '' 'raw '; do
    assert_usage_error socket inet "$bad"
  done
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings socket
}

valgrind_run_of_socket() {
  start socket inet stream
  assert_exit 0
}

# bats test_tags=points:1
@test "valgrind: no heap block is left" {
  help "What did you allocate, and who gives it back?" "free(3)"
  read_valgrind_report socket
  assert_no_block_left
}

# bats test_tags=points:3
@test "valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program?" "close(2)"
  read_valgrind_report socket
  assert_no_descriptor_left
}

# bats test_tags=points:1
@test "valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report socket
  assert_no_invalid_access
}
