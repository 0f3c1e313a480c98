# shellcheck shell=bash
# Rules of labs/README.md that hold for many programs, one word each. Most of these words start
# the program themselves.

# assert_odd_names_fail PROGRAM ARG…: the program says that it cannot resolve words that are names,
# though they look like an option, a wildcard, or an address in a URL; HOST among the ARGs stands
# for them. The resolver fails with EAI_FAIL, so its reason is not the usual one. Nothing where no
# names can be made.
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

# assert_refuses_port_in_use PROGRAM ARG…: the program fails at an address where somebody listens,
# with bind or listen and the reason. It has set SO_REUSEADDR before, not only when bind failed.
assert_refuses_port_in_use() {
  TRACE=$(if_can_trace setsockopt,bind) start_with_address "$@"
  assert_fails 1 'Address already in use' && assert_error_one_of bind listen && assert_reuses_address
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

# assert_server_keeps_handler PROGRAM ARG…: a server leaves the handler of SIGUSR2 that the tests give
# it as it is, while one client comes and goes. Nothing where strace may not trace.
assert_server_keeps_handler() {
  local at starts
  can_trace || return 0
  _choose_place start_server start_server_at_path
  SHIM=eintr TRACE=rt_sigaction "$starts" "$@"
  peer <<END
    connect $at
    shutdown
    wait-ended
END
  assert_exit 0
  assert_keeps_handler
}

# _choose_place WORD WORD_AT_PATH: at of the caller is a new address, or in a lab of Unix sockets a new
# path; starts is the word that starts a program there.
_choose_place() {
  new_address
  at=$ADDR:$PORT starts=$1
  [[ -z $FOLDER ]] || { new_path && at=$SOCKET starts=$2; }
}

# assert_client_keeps_handler PROGRAM ARG…: the same of a client whose server closes at once.
assert_client_keeps_handler() {
  local at starts
  can_trace || return 0
  _choose_place start_with_address start_at_path
  start_peer <<END
    listen $at 5
    print ready
    accept
    close
    wait-ended
END
  SHIM=eintr TRACE=rt_sigaction "$starts" "$@"
  wait_for_peer
  assert_keeps_handler
}
