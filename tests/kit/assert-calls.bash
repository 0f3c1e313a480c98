# shellcheck shell=bash
# What a program called, as strace noted it (TRACE, report_calls in calls.bash). These words are
# about the program that was started last.

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
  [[ -n $calls ]] || return 0
  add_evidence hint 'By labs/README.md the handler for SIGUSR2 stays as it is. Which errno does your program get then, and what is to be done?'
  fail_test 'no call that changes the handler of SIGUSR2' "$calls"
}

# assert_reuses_address: of the calls that strace noted (TRACE=$(if_can_trace setsockopt,bind)), one
# sets SO_REUSEADDR before an address is bound. Nothing where strace may not trace.
assert_reuses_address() {
  local report=${DIRS[PROGRAM_NUMBER]}/report
  ! can_trace || sed '/bind(.*AF_INET/q' "$report" | grep -q SO_REUSEADDR ||
    fail_test 'before bind, a call: setsockopt(…, SOL_SOCKET, SO_REUSEADDR, …)' "$(<"$report")"
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
