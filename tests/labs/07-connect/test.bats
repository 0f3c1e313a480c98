#!/usr/bin/env bats
# Lab 07, connect: everything that a submission is judged by. tests/kit/README.md
# lists the words of these tests; points are in tenths, 100 in all.
load ../../kit/kit
programs connect

# _print_first_line: prints what the program's first line must be.
_print_first_line() { printf 'connected to %s:%s\n' "$ADDR" "$PORT"; }

# _assert_first_line LINE: LINE is the first one on standard output.
_assert_first_line() {
  local first
  _plain_output
  first=$(head -n 1 "$REPLY" | tr -d '\0')
  [[ $first == "$1" ]] || fail_test "the first line of standard output: $1" "${first:0:200}"
}

# _assert_connects_to ADDR:PORT: the program connects to the peer there, prints that, and ends
# with exit status 0. Its line is looked at first: it tells who is connected instead.
_assert_connects_to() {
  wait_for_lines 1
  [[ ! -s ${DIRS[PROGRAM_NUMBER]}/out ]] || _assert_first_line "connected to $1" || return
  wait_for_peer
  assert_exit 0
  _assert_first_line "connected to $1"
}

# _make_message N: MESSAGE is N random bytes, as a command line can hold them (no zero
# byte), and the file message in TEST_DIR has the same.
_make_message() {
  peer make-random random $(($1 * 2 + 64))
  tr -d '\0' <"$TEST_DIR/random" | tr '\n' '%' | head -c "$1" >"$TEST_DIR/message"
  MESSAGE=$(<"$TEST_DIR/message")
}

# _listen_elsewhere ADDRESS: somebody listens at ADDRESS:PORT, too, but the program's server
# is the peer that is begun next.
_listen_elsewhere() { start_peer <<<"listen $1:$PORT 5"$'\nprint ready\naccept'; }

# bats test_tags=points:20
@test "does the basic job: connects, and the message arrives" {
  help "Which call shakes hands with the server, and to which of the addresses?" "connect(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
END
  start_with_address connect hello
  wait_for_peer
}

# bats test_tags=points:1
@test "uses no processor time while it waits" {
  help "Which call sleeps until the server sends?" "recv(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    send x
    wait-read
    wait-asleep
    expect-idle
END
  start_with_address connect hello
  wait_for_peer
}

# bats test_tags=points:5
@test "prints the server's address, before it waits for the answer" {
  help "Is the line exactly as the handout has it, and does it leave the program before recv?" "setvbuf(3)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    stay
END
  start_with_address connect hello
  peer wait-lines 1
  assert_output "connected to $ADDR:$PORT"
}

# bats test_tags=points:7
@test "half-closes: the server reads the message, nothing more, and end-of-file" {
  help "Which call says that nothing more will come, and still lets you read? How long is the message?" "shutdown(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect-promptly
    expect hello
    expect-eof
END
  start_with_address connect hello
  wait_for_peer
}

# bats test_tags=points:8
@test "prints an answer that comes after its end-of-file, exit status 0" {
  help "Is the receiving direction still open after your shutdown?" "shutdown(2)"
  requires_test "half-closes: the server reads the message, nothing more, and end-of-file"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    expect-eof
    wait-asleep
    send good bye\n
    close
END
  start_with_address connect hello
  wait_for_peer
  assert_exit 0
  assert_output "connected to $ADDR:$PORT" "good bye"
}

# bats test_tags=points:6
@test "copies every byte of the answer: 65537 of them, zero bytes too" {
  help "How many bytes has recv put into the buffer, and how many do you print?" "fwrite(3)"
  peer make-random answer 65537
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    send-file answer
    shutdown
    wait-ended
END
  start_with_address connect hello
  wait_for_peer
  assert_exit 0
  { _print_first_line && cat "$TEST_DIR/answer"; } >"$TEST_DIR/wanted"
  assert_output_file "$TEST_DIR/wanted"
}

# bats test_tags=points:3
@test "an answer in several parts is copied to its end" {
  help "Does one recv return all that the server sends? Which of its results is the end, and is any data a command to your program?" "recv(2)"
  # Among them what others take for an end, each in a part of its own.
  local text texts=(one ' two') parts=''
  load_magic_words
  for text in "${MAGIC_WORDS[@]}"; do texts+=("$text" "$text\n"); done
  texts+=('\n' end)
  peer make-random long 200001
  for text in "${texts[@]}"; do
    parts+="
      send $text
      wait-read"
  done
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    $parts
    send-file long
    shutdown
    wait-ended
END
  start_with_address connect hello
  wait_for_peer
  assert_exit 0
  { _print_first_line && printf '%b' "${texts[@]}" && cat "$TEST_DIR/long"; } >"$TEST_DIR/wanted"
  assert_output_file "$TEST_DIR/wanted"
  # And an answer without any part.
  new_address
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    shutdown
    wait-ended
END
  BUILD=plain start_with_address connect hello
  wait_for_peer
  assert_exit 0
  assert_output "connected to $ADDR:$PORT"
}

# bats test_tags=points:4
@test "messages of 1, 1025 and 65537 bytes arrive whole, whatever they say" {
  help "Where does the length of what you send come from, and is any message special?" "send(2)"
  local n text message
  # The last one is the longest word that execve(2) takes.
  for n in 1 1025 65537 131071; do
    _make_message "$n"
    start_peer <<END
      listen $ADDR:$PORT 5
      print ready
      accept
      expect-file message
      shutdown
      wait-ended
END
    start_with_address connect "$MESSAGE"
    wait_for_peer
    assert_exit 0
  done
  load_magic_words
  n=$((RANDOM % (${#MAGIC_MESSAGES[@]} - 2)))
  # What looks like white space at an end, or like an escape of C, is sent as it is.
  for text in quit exit bye . - -- --help '\n' 'x\x20' '\x20a\\nb\n' "${MAGIC_MESSAGES[@]:n:2}"; do
    printf -v message '%b' "$text"
    start_peer <<END
      listen $ADDR:$PORT 5
      print ready
      accept
      expect $text
      shutdown
      wait-ended
END
    BUILD=plain start_with_address connect "$message"
    wait_for_peer
    assert_exit 0
  done
}

# bats test_tags=points:2
@test "an empty message: nothing is sent but the end-of-file" {
  help "What does your loop do when there is nothing to send?" "shutdown(2)"
  requires_test "half-closes: the server reads the message, nothing more, and end-of-file"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect-eof
    send good bye\n
    close
END
  start_with_address connect ''
  wait_for_peer
  assert_exit 0
  assert_output "connected to $ADDR:$PORT" "good bye"
}

# bats test_tags=points:4
@test "sends all of the message, also when send takes only a part of it" {
  help "What does the result of send say, and what is to be done with the rest?" "send(2)"
  _make_message 4099
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect-file message
    shutdown
    wait-ended
END
  SHIM='send=3' start_with_address connect "$MESSAGE"
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:4
@test "nobody listens: the message names connect and the reason, exit status 1" {
  help "What does connect return when it fails, and where is the reason then?" "connect(2)"
  start_with_address connect hello
  assert_fails 1 connect 'Connection refused'
  BUILD=plain SHIM=unreachable=1 start_with_address connect hello
  assert_fails 1 connect 'Network is unreachable'
}

# bats test_tags=points:5
@test "tries each address of a name until one connects" {
  help "A name can have several addresses: in which order are they tried, and what do you do when connect fails for the first?" "getaddrinfo(3)"
  requires nss-wrapper
  # Nobody listens on the first. The second comes before the third, where somebody listens, too.
  choose_named_port
  random_address
  local other=$REPLY
  write_hosts "$REPLY several.test" "$ADDR several.test" "${REPLY%.*}.255 several.test"
  _listen_elsewhere "${other%.*}.255"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    shutdown
    wait-ended
END
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start connect several.test "$PORT" hello
  _assert_connects_to "$ADDR:$PORT"
  # A machine without IPv6, and a network that is down: for the first address there is no
  # socket, for the second no route.
  write_hosts "::1 both.test" "$other both.test" "$ADDR both.test" "${other%.*}.255 both.test"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    shutdown
    wait-ended
END
  BUILD=plain SHIM="no-ipv6 unreachable=1" PRELOAD=$NSS VARS=$HOSTS start connect both.test "$PORT" hello
  _assert_connects_to "$ADDR:$PORT"
  # An IPv6 address before an IPv4 one: somebody listens on both.
  has_ipv6 || return 0
  new_address
  write_hosts "::1 first.test" "$ADDR first.test"
  _listen_elsewhere "$ADDR"
  start_peer_on_ipv6 <<END
    accept
    expect hello
    shutdown
    wait-ended
END
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start connect first.test "$PORT" hello
  _assert_connects_to "[::1]:$PORT"
}

# bats test_tags=points:2
@test "no address of a name connects: exit status 1" {
  help "What does your loop leave behind when it has tried them all, and is a socket of any use when its connect has failed?" "getaddrinfo(3)"
  requires nss-wrapper
  local calls=''
  ! can_trace || calls=socket,close
  random_address
  write_hosts "$ADDR none.test" "$REPLY none.test"
  TRACE=$calls BUILD=plain PRELOAD=$NSS VARS=$HOSTS start connect none.test "$PORT" hello
  assert_fails 1 connect 'Connection refused'
  [[ -z $calls ]] || assert_closed_once
  ! has_failed "tries each address of a name until one connects" || return 0
  [[ -n $calls ]] || return 0
  calls=$(grep -aoE 'socket\(AF_INET6?, SOCK_STREAM.*' "${DIRS[PROGRAM_NUMBER]}/report") || true
  # Where strace sees no socket, nothing is asked.
  [[ -z $calls || $calls == *$'\n'* ]] || fail_test 'a socket for each of the two addresses' "$calls"
}

# bats test_tags=points:2
@test "an address that fails leaves no descriptor open" {
  help "What becomes of the socket whose connect has failed, and how many addresses do you try?" "close(2)"
  requires nss-wrapper
  local lines=() i
  for i in {1..20}; do
    ((i == 11)) && lines+=("$ADDR many.test")
    lines+=("${ADDR%.*}.$((i + ${ADDR##*.} < 255 ? i + ${ADDR##*.} : i)) many.test")
  done
  write_hosts "${lines[@]}"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    shutdown
    wait-ended
END
  BUILD=plain NOFILE=12 PRELOAD=$NSS VARS=$HOSTS start connect many.test "$PORT" hello
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:3
@test "a name that cannot be resolved is named, with the resolver's reason" {
  help "Which HOST is a name, what does getaddrinfo return when it fails, and what turns that into words?" "gai_strerror(3)"
  start connect "$NO_HOST" "$PORT" hello
  assert_fails_to_resolve "$NO_HOST"
  assert_odd_names_fail connect HOST "$PORT" hello
}

# bats test_tags=points:3
@test "a reset while it reads: the reason is said, exit status 1" {
  help "recv has three kinds of results: which one is an error, and what becomes of the bytes that came before it?" "recv(2)"
  requires_test "half-closes: the server reads the message, nothing more, and end-of-file"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    expect-eof
    send part
    wait-read
    abort
END
  start_with_address connect hello
  wait_for_peer
  assert_exit 1
  assert_error 'Connection reset by peer'
  { _print_first_line && printf part; } >"$TEST_DIR/wanted"
  assert_output_file "$TEST_DIR/wanted"
  # Another error, if the program calls recv itself (stdio is not reached). It may come
  # before all is sent.
  new_address
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    send part
    shutdown
    wait-ended
END
  BUILD=plain SHIM=timedout=1 start_with_address connect hello
  wait_for_peer
  if grep -q part "${DIRS[PROGRAM_NUMBER]}/out"; then
    assert_exit 0
  else
    assert_exit 1
    assert_error 'Connection timed out'
  fi
}

# bats test_tags=points:4
@test "a server that closes without reading does not kill it" {
  help "What happens to a program that sends to a connection that is gone, and which flag of send prevents it?" "send(2)"
  # Stopped in connect, it comes back to a connection that is already closed: its
  # first bytes are answered by a reset, the next are what SIGPIPE is for.
  _make_message 4099
  start_peer <<END
    set-reuseport
    listen $ADDR:$PORT 0
    fill-queue
    print ready
    wait-connecting
    wait-asleep
    signal STOP
    answer-connect
    send bye\n
    close
    signal CONT
END
  SHIM='send=3' start_with_address connect "$MESSAGE"
  wait_for_peer
  peer wait-ended
  has_ended "$PROGRAM_NUMBER" 10 || true
  _assert_first_line "connected to $ADDR:$PORT"
  if [[ ${ENDS[PROGRAM_NUMBER]} == 'exited 0 '* ]]; then
    # Nothing failed, then: all that the server had sent was to be read.
    assert_exit 0
    ! grep -qE 'Broken pipe|Connection reset by peer' "${DIRS[PROGRAM_NUMBER]}/err" ||
      fail_test 'exit status 1, since a call has failed' "exit status 0, and on standard error: $(<"${DIRS[PROGRAM_NUMBER]}/err")"
    [[ $(tail -n +2 "${DIRS[PROGRAM_NUMBER]}/out" | tr -d '\0') == bye* ]] || assert_output "connected to $ADDR:$PORT" bye
  else
    assert_exit 1
    [[ -s ${DIRS[PROGRAM_NUMBER]}/err ]] || fail_test 'the call that failed and its reason on standard error' 'nothing'
  fi
}

# bats test_tags=points:1
@test "when send fails, the message names it and the reason, exit status 1" {
  help "Who is told that a message could not be sent, and is the exit status 0 then?" "send(2)"
  requires_test "half-closes: the server reads the message, nothing more, and end-of-file"
  requires strace
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    shutdown
    expect-eof
END
  INJECT=sendto,sendmsg:error=EPIPE start_with_address connect hello
  # One that sends by another call is not reached: then the message has come.
  try_wait_for_peer || return 0
  assert_exit 1
  assert_error send 'Broken pipe'
}

# bats test_tags=points:1
@test "when shutdown fails, the message names it and the reason, exit status 1" {
  help "Does every call that can fail say its name and the kernel's reason?" "shutdown(2)"
  requires_test "half-closes: the server reads the message, nothing more, and end-of-file"
  requires strace
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
END
  INJECT=shutdown:error=ENOBUFS start_with_address connect hello
  wait_for_peer
  assert_exit 1
  assert_error shutdown 'No buffer space available'
}

# bats test_tags=points:1
@test "when the kernel does not know the server's address any more, it says so" {
  help "A server can have gone when you ask for its address: which call fails then, and who is told?" "getpeername(2)"
  requires strace
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    shutdown
    wait-ended
END
  INJECT=getpeername:error=ENOTCONN start_with_address connect hello
  # It may also go on, with the address that it has tried.
  try_peer wait-ended || true
  has_ended "$PROGRAM_NUMBER" 10 || true
  if [[ ${ENDS[PROGRAM_NUMBER]} == 'exited 1 '* ]]; then
    assert_error getpeername 'not connected'
  else
    assert_exit 0
    _assert_first_line "connected to $ADDR:$PORT"
  fi
}

# bats test_tags=points:2
@test "sets no time limit for its server" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  requires_test "half-closes: the server reads the message, nothing more, and end-of-file"
  requires_test "prints an answer that comes after its end-of-file, exit status 0"
  requires_test "an answer in several parts is copied to its end"
  requires_test "messages of 1, 1025 and 65537 bytes arrive whole"
  # It waits in connect, until there is room for what it sends, for the answer, and
  # for its end.
  _make_message 65537
  start_peer <<END
    set-reuseport
    set-rcvbuf 4096
    set-mss 536
    listen $ADDR:$PORT 0
    fill-queue
    print ready
    wait-connecting
    $FIVE_MINUTES
    answer-connect
    $FIVE_MINUTES
    expect-file message
    expect-eof

    $FIVE_MINUTES
    send good bye\n
    wait-read
    $FIVE_MINUTES
    shutdown
    wait-ended
END
  BUILD=plain CLOCK=$FAST_CLOCK start_with_address connect "$MESSAGE"
  wait_for_peer
}

# bats test_tags=points:2
@test "a signal while it connects ends nothing" {
  help "connect was interrupted (EINTR), but the kernel goes on: how do you wait for the end of that, and what if it is no connection?" "connect(2)"
  requires_test "nobody listens: the message names connect and the reason, exit status 1"
  start_peer <<END
    set-reuseport
    listen $ADDR:$PORT 0
    fill-queue
    print ready
    wait-connecting
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    answer-connect
    expect hello
    shutdown
    wait-ended
END
  SHIM=eintr start_with_address connect hello
  wait_for_peer
  assert_exit 0
  _assert_first_line "connected to $ADDR:$PORT"
  # And when the end of that is no connection.
  new_address
  start_peer <<END
    set-reuseport
    listen $ADDR:$PORT 0
    fill-queue
    print ready
    wait-connecting
    wait-asleep
    signal USR2
    wait-asleep
    signal STOP
    answer-connect
    abort
    signal CONT
END
  SHIM=eintr start_with_address connect hello
  wait_for_peer
  assert_fails 1 connect 'Connection reset by peer'
  # Then the next address of the name is tried.
  ! has_failed "tries each address of a name until one connects" || return 0
  local first
  new_address
  first=$ADDR
  new_address
  write_hosts "$first two.test" "$ADDR two.test" || return 0
  start_peer <<END
    set-reuseport
    listen $first:$PORT 0
    fill-queue
    print ready
    wait-connecting
    wait-asleep
    signal USR2
    wait-asleep
    signal STOP
    answer-connect
    abort
    listen $ADDR:$PORT 5
    signal CONT
    use-connection 1
    accept
    expect hello
    shutdown
    wait-ended
END
  BUILD=plain SHIM=eintr PRELOAD=$NSS VARS=$HOSTS start connect two.test "$PORT" hello
  _assert_connects_to "$ADDR:$PORT"
}

# bats test_tags=points:2
@test "signals while it reads, and a stop, lose nothing" {
  help "What do recv and send return when a signal has interrupted them, and is that the end?" "signal(7)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    send one\n
    wait-read
    wait-asleep
    signal STOP
    signal CONT
    wait-asleep
    send two\n
    set-random-pieces 7 USR2
    send three, four and five\n
    shutdown
    wait-ended
END
  SHIM="eintr recv=9 seed=$SEED" start_with_address connect hello
  wait_for_peer
  assert_exit 0
  assert_output "connected to $ADDR:$PORT" one two 'three, four and five'
  # And while it sends. A call that has sent a part returns it: a later one, which could
  # send nothing, is interrupted.
  new_address
  _make_message 131071
  start_peer <<END
    set-rcvbuf 4096
    set-mss 536
    listen $ADDR:$PORT 5
    print ready
    accept
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    expect-file message
    shutdown
    wait-ended
END
  BUILD=plain SHIM=eintr start_with_address connect "$MESSAGE"
  wait_for_peer
  assert_exit 0
  assert_client_keeps_handler connect hello
}

# bats test_tags=points:1
@test "HOST ::1: connects by IPv6" {
  help "Which families do the hints ask for, how is an IPv6 address with a port written, and which call fails without IPv6?" "ipv6(7)"
  requires ipv6
  # The second is another way to write the first.
  local text
  for text in ::1 0:0:0:0:0:0:0:1; do
    start_peer_on_ipv6 <<END
      accept
      expect hello
      shutdown
      wait-ended
END
    start connect "$text" "$PORT" hello
    wait_for_peer
    assert_exit 0
    _assert_first_line "connected to [::1]:$PORT"
  done
  # A machine without IPv6.
  BUILD=plain SHIM=no-ipv6 start connect ::1 "$PORT" hello
  assert_fails_without_ipv6
}

# bats test_tags=points:2
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtol(3)"
  assert_usage_error connect
  assert_usage_error connect --help
  assert_usage_error connect HOST "$PORT"
  assert_usage_error connect HOST "$PORT" hello again
  local bad
  for bad in 65536 70000 4295000000 18446744073709559616 -1 -0 +5 ' 5' $'\t5' '5 ' $'5\n' 0x50 5x abc '' 99999999999999999999; do
    assert_usage_error connect HOST "$bad" hello
  done
  # A number that is in order, though nobody can listen there.
  choose_highest_port
  BUILD=plain start connect "$ADDR" 0 hello
  assert_exit 1
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    shutdown
    wait-ended
END
  start_with_address connect hello
  wait_for_peer
}

# bats test_tags=points:1
@test "does not wait for its standard input" {
  help "Which bytes does the program send: those of the command line, or of a keyboard? Is 0 a descriptor?" "connect(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    shutdown
    wait-ended
END
  STDIN=line start_with_address connect hello
  wait_for_peer
  assert_exit 0
  assert_input_untouched
  new_address
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    shutdown
    wait-ended
END
  local calls=''
  ! can_trace || calls='connect,close,?close_range'
  BUILD=plain STDIN=closed TRACE=$calls start_with_address connect hello
  wait_for_peer
  assert_exit 0
  # Where strace sees no connect, nothing is asked.
  [[ -z $calls ]] || ! grep -q 'connect(' "${DIRS[PROGRAM_NUMBER]}/report" || assert_closed_after connect
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings connect
}

# By a name with two addresses, where that can be: the second one connects. The sanitizers'
# leak check, which is not valgrind's (LEAKS), sends an empty message.
valgrind_run_of_connect() {
  local message=hello
  [[ ${LEAKS:-} != 1 ]] || message=''
  random_address
  choose_host "tries each address of a name until one connects" "$REPLY"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    ${message:+expect $message}
    send good bye\n
    shutdown
    wait-ended
END
  PRELOAD=${NSS:-} VARS=${HOSTS:-} start connect "$HOST" "$PORT" "$message"
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:1
@test "valgrind: no heap block is left" {
  help "Which line allocated the block that is named, and which call gives it back, as freeaddrinfo does for a list?" "freeaddrinfo(3)"
  read_valgrind_report connect
  assert_no_block_left
}

# bats test_tags=points:1
@test "valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program?" "close(2)"
  read_valgrind_report connect
  assert_no_descriptor_left
}

# bats test_tags=points:1
@test "valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report connect
  assert_no_invalid_access
}
