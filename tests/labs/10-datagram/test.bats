#!/usr/bin/env bats
# Lab 10, datagrams: everything that a submission is judged by. tests/kit/README.md
# lists the words of these tests; points are in tenths, 100 in all.
#
# A datagram that the peer sends is in the program's socket before its next statement, so
# nothing is lost here but what a test loses. Time is measured as in lab 08: what ends
# too early from before the wait began, what ends too late never.
load ../../kit/kit
programs datagram-server datagram-client

# _assert_given_up N SENDINGS: the peer N has seen so many datagrams, no more; the client,
# which is program N, says that time was up.
_assert_given_up() {
  use_program "$1"
  wait_for_peer "$1" && read_from_peer "$1" || return
  [[ $REPLY == "$2" ]] || fail_test "$2 datagrams in all" "$REPLY"
  assert_exit 1 && assert_error recv 'timed out' && assert_no_output
}

# bats test_tags=points:5
@test "datagram-server: does the basic job: answers each datagram with one of its own" {
  help "Which call tells who sent the datagram, and which sends one to that address?" "recvfrom(2)"
  start_datagram_server datagram-server 2
  peer <<END
    open-datagram $ADDR:$PORT
    send hello
    expect Echo=>hello
    expect-nothing
    send two words
    expect Echo=>two words
    expect-nothing
END
}

# bats test_tags=points:4
@test "datagram-server: prints where it is bound and what comes, at once; ends after COUNT" {
  help "Whose address is in the line, whose length, and when does it leave the program?" "setvbuf(3)"
  start_datagram_server datagram-server 3
  random_address
  peer <<END
    wait-lines 1
    set-source $REPLY:$PORT
    open-datagram $ADDR:$PORT
    send hello
    expect Echo=>hello
    wait-lines 2
    send x
    expect Echo=>x
    wait-lines 3
    use-connection 1
    set-source $REPLY:$((PORT + 1))
    open-datagram $ADDR:$PORT
    signal STOP
    send two words
    send one too many
    send and another
    signal CONT
    expect Echo=>two words
    wait-ended
    expect-nothing
END
  assert_exit 0
  assert_output "bound to $ADDR:$PORT" "5 bytes from $REPLY:$PORT" "1 bytes from $REPLY:$PORT" \
    "9 bytes from $REPLY:$((PORT + 1))"
}

# bats test_tags=points:3
@test "datagram-server: datagrams that wait are answered one by one, as they came" {
  help "Does one call give you two datagrams, or a part of one?" "udp(7)"
  local n sends='' expects=''
  for n in {1..100}; do
    sends+="
      send $n"
    expects+="
      expect Echo=>$n"
  done
  start_datagram_server datagram-server 103
  peer <<END
    open-datagram $ADDR:$PORT
    signal STOP
    send one
    send two\n
    send three
    signal CONT
    expect Echo=>one
    expect Echo=>two\n
    expect Echo=>three
    signal STOP
    $sends
    signal CONT
    $expects
    expect-nothing
END
  assert_exit 0
}

# bats test_tags=points:3
@test "datagram-server: sends back every byte, whatever they are, and nothing more" {
  help "How many bytes came, and do you send exactly these behind the mark, also when the datagram before had the same?" "sendto(2)"
  local word size words=''
  load_magic_words
  # What looks like an answer is a message like any other.
  MAGIC_WORDS+=('Echo=>' 'Echo=>hello')
  for word in "${MAGIC_WORDS[@]}"; do
    words+="
      send $word
      expect Echo=>$word
      send $word\n
      expect Echo=>$word\n"
  done
  # A long one first: what it leaves in a buffer must not come again.
  start_datagram_server datagram-server $((${#MAGIC_WORDS[@]} * 2 + 8))
  for size in 1024 1023 6 1; do
    peer make-random "$size" "$size"
    printf 'Echo=>' | cat - "$TEST_DIR/$size" >"$TEST_DIR/$size.answer"
    words="
      send-file $size
      expect-file $size.answer
      $words"
  done
  peer <<END
    open-datagram $ADDR:$PORT
    send-file 1024
    expect-file 1024.answer
    $words
    send \0\xff%n\0
    expect Echo=>\0\xff%n\0
    send hello
    expect Echo=>hello
    send hello
    expect Echo=>hello
    expect-nothing
END
  assert_exit 0
}

# bats test_tags=points:2
@test "datagram-server: an empty datagram is a datagram: the mark alone comes back" {
  help "What does recvfrom return for a datagram of no bytes, does it mean an end here, and does it count?" "recvfrom(2)"
  start_datagram_server datagram-server 4
  peer <<END
    open-datagram $ADDR:$PORT
    send hello
    expect Echo=>hello
    send-empty
    expect Echo=>
    send x
    expect Echo=>x
    send-empty
    expect Echo=>
END
  assert_exit 0
}

# bats test_tags=points:4
@test "datagram-server: one of more than 1024 bytes is not answered; its real length is told" {
  help "How long was the datagram before recvfrom cut it off, which flag tells that, and does it count?" "recv(2)"
  start_datagram_server datagram-server 6
  random_address
  peer make-random full 1024
  printf 'Echo=>' | cat - "$TEST_DIR/full" >"$TEST_DIR/answer"
  peer <<END
    set-source $REPLY:$PORT
    open-datagram $ADDR:$PORT
    send-zeros 1025
    wait-lines 2
    wait-read
    wait-asleep
    expect-nothing
    send-file full
    expect-file answer
    send-zeros 1030
    send-zeros 1031
    send-zeros 65507
    wait-read
    wait-asleep
    expect-nothing
    send-empty
    expect Echo=>
    expect-nothing
END
  assert_exit 0
  assert_output "bound to $ADDR:$PORT" "1025 bytes from $REPLY:$PORT, too long" "1024 bytes from $REPLY:$PORT" \
    "1030 bytes from $REPLY:$PORT, too long" "1031 bytes from $REPLY:$PORT, too long" \
    "65507 bytes from $REPLY:$PORT, too long" "0 bytes from $REPLY:$PORT"
}

# bats test_tags=points:3
@test "datagram-server: every client gets its own answer, from the address that it asked" {
  help "Which address goes with the datagram that you answer, and which socket sends?" "sendto(2)"
  local first second third
  start_datagram_server datagram-server 7
  choose_client first
  choose_client second
  choose_client third
  peer <<END
    set-source $first
    open-datagram $ADDR:$PORT
    use-connection 1
    set-source $second
    open-datagram $ADDR:$PORT
    use-connection 2
    set-source $third
    open-datagram $ADDR:$PORT

    use-connection 0
    send a
    expect Echo=>a
    use-connection 1
    send b
    expect Echo=>b
    signal STOP
    use-connection 2
    send c
    use-connection 0
    send d
    use-connection 1
    send e
    use-connection 2
    send f
    use-connection 0
    send g
    signal CONT

    expect Echo=>d
    expect Echo=>g
    use-connection 1
    expect Echo=>e
    expect-nothing
    use-connection 2
    expect Echo=>c
    expect Echo=>f
    expect-nothing
END
  assert_exit 0
  assert_output_matches '.*' ".* from $first" ".* from $second" ".* from $third" \
    ".* from $first" ".* from $second" ".* from $third" ".* from $first"
}

# bats test_tags=points:3
@test "datagram-server: a second server on its address and port is refused" {
  help "Which socket option lets two UDP sockets have one address and port, and do you need it?" "socket(7)"
  start_datagram_server datagram-server 1
  start_with_address datagram-server 1
  assert_fails 1 bind 'Address already in use'
  use_program 0
  peer <<END
    open-datagram $ADDR:$PORT
    send hello
    expect Echo=>hello
END
  assert_exit 0
  # There is no TIME_WAIT over UDP: the next one has the port at once.
  start_datagram_server datagram-server 1
}

# bats test_tags=points:3
@test "datagram-server: an answer that cannot be sent does not end it, and counts" {
  help "What does a failed sendto say about the next client?" "sendto(2)"
  # From other sockets: the answers to these may come, where a program tries again.
  SHIM=unsent=6 start_datagram_server datagram-server 8
  peer <<END
    open-datagram $ADDR:$PORT
    send one
    send two
    send three
    send four
    send five
    send six
    wait-read
    wait-asleep
    use-connection 1
    open-datagram $ADDR:$PORT
    send hello
    expect Echo=>hello
    send world
    expect Echo=>world
END
  assert_exit 0
  local line='[0-9]+ bytes from .*'
  assert_output_matches 'bound to .*' "$line" "$line" "$line" "$line" "$line" "$line" "$line" "$line"
  new_address
  SHIM=unsent=1000000000000 start_datagram_server datagram-server 2
  peer <<END
    open-datagram $ADDR:$PORT
    send hello
    send x
END
  assert_exit 0
  assert_output_matches 'bound to .*' "$line" "$line"
}

# bats test_tags=points:1
@test "datagram-server: a call that fails again and again, or that is none of a client's" {
  help "After which errors is a call made once more, and is the exit status still that of a failure?" "errno(3)"
  requires strace
  requires_test "datagram-server: an answer that cannot be sent does not end it, and counts"
  # The program is strace's child here: its first line tells that it is bound.
  INJECT=sendto,sendmsg,sendmmsg:error=ENOBUFS start_with_address datagram-server 2
  peer <<END
    wait-lines 1
    open-datagram $ADDR:$PORT
    send hello
    send x
END
  assert_exit 0
  # It may go on after an error of the call that receives.
  new_address
  INJECT=recvfrom,recvmsg,recvmmsg:error=ENOMEM:when=1 start_with_address datagram-server 1
  if ! try_peer <<END; then
    wait-lines 1
    open-datagram $ADDR:$PORT
    send hello
    expect Echo=>hello
END
    assert_exit 1
    assert_error_one_of recv recvfrom recvmsg recvmmsg
    assert_error 'Cannot allocate memory'
  fi
}

# bats test_tags=points:2
@test "datagram-server: an earlier answer that found nobody is not a datagram" {
  help "Which error of the receiving call is about an answer that you sent, and does it end the server?" "udp(7)"
  requires_test "datagram-server: an empty datagram is a datagram: the mark alone comes back"
  SHIM=refused=2 start_datagram_server datagram-server 4
  # The first is empty: errno is that of the call before it.
  peer <<END
    open-datagram $ADDR:$PORT
    send-empty
    expect Echo=>
    send hello
    expect Echo=>hello
    send world
    expect Echo=>world
    wait-asleep
    send x
    expect Echo=>x
END
  assert_exit 0
  assert_output_matches '.*' '.*' '.*' '.*' '.*'
}

# bats test_tags=points:2
@test "datagram-server: signals, a stop and a continue lose and repeat nothing" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  requires_test "datagram-server: an empty datagram is a datagram: the mark alone comes back"
  local n signals=''
  for ((n = RANDOM % 3; n >= 0; n--)); do
    signals+="
      wait-asleep
      signal USR2"
  done
  SHIM='eintr interrupted=2' start_datagram_server datagram-server 5
  # The first is empty: errno is that of the interrupted call.
  peer <<END
    open-datagram $ADDR:$PORT
    $signals
    wait-asleep
    send-empty
    expect Echo=>
    $signals
    wait-asleep
    send hello
    expect Echo=>hello
    $signals
    wait-asleep
    expect-nothing
    send world
    expect Echo=>world
    wait-asleep
    signal STOP
    signal CONT
    wait-asleep
    expect-nothing
    send one
    expect Echo=>one
    wait-asleep
    signal STOP
    send two
    signal USR2
    signal CONT
    expect Echo=>two
    expect-nothing
END
  assert_exit 0
  assert_output_matches '.*' '.*' '.*' '.*' '.*' '.*'
  can_trace || return 0
  new_address
  SHIM=eintr TRACE=rt_sigaction start_datagram_server datagram-server 1
  peer <<END
    open-datagram $ADDR:$PORT
    send hello
    wait-ended
END
  assert_keeps_handler
}

# bats test_tags=points:2
@test "datagram-server: COUNT 0 serves for ever, sleeps meanwhile, and needs no more descriptors" {
  help "Which COUNT has no end, does any COUNT fit into its type, and what do you open for each datagram?" "close(2)"
  local n clients='' many='' expects='' gone here
  choose_client gone
  choose_client here
  # The one that has gone does not take its answer.
  for _ in {1..20}; do
    clients+="
      set-source $gone
      open-datagram $ADDR:$PORT
      signal STOP
      send x
      close
      signal CONT
      set-source $here
      open-datagram $ADDR:$PORT
      send hello
      expect Echo=>hello"
  done
  NOFILE=12 BUILD=plain start_datagram_server datagram-server 0
  peer <<END
    $clients
    wait-asleep
    expect-idle
    wait-bound-at $ADDR:$PORT
END
  new_address
  BUILD=plain start_datagram_server datagram-server 65537
  peer <<END
    open-datagram $ADDR:$PORT
    send 1
    expect Echo=>1
    send 2
    expect Echo=>2
    wait-asleep
    wait-bound-at $ADDR:$PORT
END
  # More than a byte can count, 32 at a time.
  for n in {1..256}; do
    many+="
      send $n"
    expects+="
      expect Echo=>$n"
    ((n % 32)) || many+=$expects expects=''
  done
  new_address
  start_datagram_server datagram-server 257
  peer <<END
    open-datagram $ADDR:$PORT
    hide-steps
    $many
    show-steps
    send 257
    expect Echo=>257
END
  assert_exit 0
}

# bats test_tags=points:1
@test "datagram-server: waits for datagrams however long they take to come" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  BUILD=plain CLOCK=$FASTER_CLOCK start_datagram_server datagram-server 2
  peer <<END
    $FOUR_HOURS
    open-datagram $ADDR:$PORT
    send hello
    expect Echo=>hello
    $FOUR_HOURS
    send world
    expect Echo=>world
END
  assert_exit 0
}

# bats test_tags=points:1
@test "datagram-server: an empty HOST, a name that does not resolve, PORT 0" {
  help "Which address stands for all of this machine's, who says why a name has no address, who knows which port 0 became, and does the socket keep it after an answer?" "getaddrinfo(3)"
  start datagram-server "$NO_HOST" "$PORT" 1
  assert_fails_to_resolve "$NO_HOST"
  start_holding_port datagram-server "" PORT 2
  peer <<END
    wait-bound
    open-datagram 127.0.0.1:$PORT
    send hello
    expect Echo=>hello
    send world
    expect Echo=>world
END
  assert_exit 0
  assert_output_matches "bound to (0\.0\.0\.0|\[::\]):$PORT" '.* from 127\.0\.0\.1:[0-9]+' '.* from 127\.0\.0\.1:[0-9]+'
  # The socket is descriptor 0.
  STDIN=closed start datagram-server "$ADDR" 0 2
  peer <<END
    wait-bound
    wait-lines 1
END
  assert_output_matches "bound to ${ADDR//./\\.}:[1-9][0-9]*"
  printed_address
  peer <<END
    open-datagram $REPLY
    send hello
    expect Echo=>hello
    send world
    expect Echo=>world
END
  assert_exit 0
  requires foreign-address
  start datagram-server 192.0.2.1 "$PORT" 1
  assert_fails 1 bind 'Cannot assign requested address'
}

# bats test_tags=points:1
@test "datagram-server: numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  BUILD=plain start_holding_port datagram-server 127.0.0.1 PORT 1
  peer <<END
    wait-bound-at 127.0.0.1:$PORT
    open-datagram 127.0.0.1:$PORT
    send x
    expect Echo=>x
END
  assert_exit 0
  assert_output_matches "bound to 127\.0\.0\.1:$PORT" '.* from 127\.0\.0\.1:[0-9]+'
  choose_named_port
  random_address
  BUILD=plain start_datagram_server datagram-server 1
  peer <<END
    set-source $REPLY:$PORT
    open-datagram $ADDR:$PORT
    send x
    expect Echo=>x
END
  assert_exit 0
  assert_output_matches "bound to ${ADDR//./\\.}:$PORT" ".* from ${REPLY//./\\.}:$PORT"
}

# bats test_tags=points:1
@test "datagram-server: a name with an IPv6 and an IPv4 address: serves the IPv4 one" {
  help "Which entry of the list do you take, when the first is an IPv6 address?" "getaddrinfo(3)"
  requires nss-wrapper
  READY=wait-bound start_with_both_families datagram-server HOST "$PORT" 1
  peer wait-bound-at "$ADDR:$PORT"
}

# bats test_tags=points:1
@test "datagram-server: HOST ::1: serves the IPv6 loopback, or says that it cannot use it" {
  help "Is there room for an IPv6 address, and how is one written with a port?" "ipv6(7)"
  requires ipv6
  start_holding_port datagram-server ::1 PORT 1
  if try_peer wait-bound; then
    peer <<END
      wait-bound-at [::1]:$PORT
      open-datagram [::1]:$PORT
      send x
      expect Echo=>x
END
    assert_exit 0
    assert_output_matches "bound to \[::1\]:$PORT" "1 bytes from \[::1\]:[1-9][0-9]*"
  else
    assert_fails 1 ::1
  fi
}

# bats test_tags=points:2
@test "datagram-server: a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then? Does a COUNT of 4294967297 become 1?" "strtol(3)"
  queue_usage_error datagram-server
  queue_usage_error datagram-server HOST "$PORT"
  queue_usage_error datagram-server HOST "$PORT" 1 2
  local bad
  for bad in "${WRONG_PORTS[@]}"; do queue_usage_error datagram-server HOST "$bad" 1; done
  for bad in "${WRONG_COUNTS[@]}"; do queue_usage_error datagram-server HOST "$PORT" "$bad"; done
  assert_queued_usage_errors
  # A COUNT over the limit is refused or served.
  for bad in 4294967297 18446744073709551617; do
    new_address
    BUILD=plain start_with_address datagram-server "$bad"
    if try_peer wait-bound; then
      peer <<END
        open-datagram $ADDR:$PORT
        send hello
        expect Echo=>hello
        wait-asleep
        wait-bound-at $ADDR:$PORT
END
    else
      assert_fails 2 usage
    fi
  done
  choose_highest_port
  start_datagram_server datagram-server 1000000
}

# bats test_tags=points:1
@test "datagram-server: compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings datagram-server
}

valgrind_run_of_datagram_server() {
  start_datagram_server datagram-server 5
  peer <<END
    make-random full 1024
    open-datagram $ADDR:$PORT
    send hello
    expect Echo=>hello
    send-zeros 3000
    send-empty
    expect Echo=>
    send-file full
    wait-read
    use-connection 1
    open-datagram $ADDR:$PORT
    send x
    expect Echo=>x
END
  assert_exit 0
}

# bats test_tags=points:1
@test "datagram-server: valgrind: no heap block is left" {
  help "Which line allocated the block that is named, and which call gives it back, as freeaddrinfo does for a list?" "freeaddrinfo(3)"
  read_valgrind_report datagram-server
  assert_no_block_left
}

# bats test_tags=points:2
@test "datagram-server: valgrind: no descriptor is left open" {
  help "Is the socket closed on the way out of the program?" "close(2)"
  read_valgrind_report datagram-server
  assert_no_descriptor_left
}

# bats test_tags=points:1
@test "datagram-server: valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report datagram-server
  assert_no_invalid_access
}

# bats test_tags=points:5
@test "datagram-client: does the basic job: sends a datagram and takes its answer" {
  help "Which bytes are sent, and when is the answer there?" "send(2)"
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect hello
    expect-nothing
    send Echo=>hello
    wait-ended
    expect-nothing
END
  start_with_address datagram-client 30 3 hello
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:4
@test "datagram-client: prints the answer, and how often it has asked" {
  help "Is the line exactly as the handout has it, and is any MESSAGE special?" "printf(3)"
  local text message
  load_magic_words
  for text in hello 'a %s %n %d' -h "${MAGIC_MESSAGES[@]:0:6}" "${MAGIC_MESSAGES[RANDOM % ${#MAGIC_MESSAGES[@]}]}"; do
    printf -v message '%b' "$text"
    start_peer <<END
      bind-datagram $ADDR:$PORT
      print ready
      expect $text
      send Echo=>$text
END
    start_with_address datagram-client 30 3 "$message"
    wait_for_peer
    assert_exit 0
    assert_output "answer after 1 tries: 'Echo=>$message'"
  done
}

# bats test_tags=points:4
@test "datagram-client: sends again when nothing has come in time; any of its sendings is answered" {
  help "What do you do when poll says that time is up, and from which socket is the message sent again?" "poll(2)"
  # However late the peer is on a busy machine, there are tries left.
  start_peer <<END
    bind-datagram $ADDR:$PORT
    start-timer
    print ready
    expect hello
    expect hello
    expect-after 88
    expect hello
    expect-after 188
    send Echo=>hello
    expect-repeats hello
END
  BUILD=plain start_with_address datagram-client 0.1 100 hello
  wait_for_peer
  read_from_peer
  assert_exit 0
  assert_output "answer after $REPLY tries: 'Echo=>hello'"
}

# bats test_tags=points:4
@test "datagram-client: gives up after TRIES sendings, each with its whole wait" {
  help "How often is the message sent, when does each wait begin, and how long do you wait after the last time?" "poll(2)"
  local tries seconds least late
  # All at once. The last loses the processor for more than two waits when it has sent for the
  # first time: one wait at least begins after that.
  while read -r tries seconds least late; do
    new_address
    start_peer <<END
      bind-datagram $ADDR:$PORT
      start-timer
      print ready
      expect-repeats hello
      expect-after $least
END
    SHIM=$late BUILD=plain start_with_address datagram-client "$seconds" "$tries" hello
  done <<<$'1 0.1 88\n3 0.1 288\n100 0.002 100\n2 0.15 438 late=300'
  _assert_given_up 0 1
  _assert_given_up 1 3
  _assert_given_up 2 100
  _assert_given_up 3 2
}

# bats test_tags=points:4
@test "datagram-client: what comes from another address or port is not the answer" {
  help "Who may send a datagram to your socket, and how do you know who did?" "connect(2)"
  random_address
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect hello
    use-connection 1
    open-stranger $REPLY:$PORT
    send Echo=>hello
    wait-read
    wait-asleep
    open-stranger $ADDR:$((PORT + 1))
    send Echo=>hello
    send-empty
    wait-read
    wait-asleep
    use-connection 0
    expect-nothing
    send Echo=>hello
    wait-ended
    expect-nothing
END
  start_with_address datagram-client 30 3 hello
  wait_for_peer
  assert_exit 0
  assert_output_matches ".*Echo=>hello.*"
}

# bats test_tags=points:4
@test "datagram-client: a datagram that is not exactly the answer is ignored" {
  help "Which bytes must the answer have, and how many: how does the datagram differ that was sent last? And how many datagrams do you ignore at most?" "memcmp(3)"
  local n text sends='' many=''
  for text in hello Echo= 'Echo=>' 'Echo=>hell' 'Echo=>hellO' 'Echo=>hello!' 'Echo=>hello\0' 'Echo=>hello\n' \
    'echo=>hello' 'Echo=>Echo=>hello' 'Echo=>\0ello' '\0' quit; do
    sends+="
      send $text
      wait-read
      wait-asleep"
  done
  # More than a byte can count, and more than a thousand: as many at a time as there is room for.
  for n in {1..1250}; do
    many+="
      send $n"
    ((n % 250)) || many+="
      wait-read"
  done
  # One byte too many, in a datagram as long as any answer may be, and far too many.
  printf -v text '%01024d' 7
  printf 'Echo=>%s0' "$text" >"$TEST_DIR/longer"
  printf 'Echo=>%s%03000d' "$text" 0 >"$TEST_DIR/longest"
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect hello
    $sends
    send-empty
    wait-read
    wait-asleep
    send-zeros 65507
    wait-read
    wait-asleep
    expect-nothing
    hide-steps
    $many
    show-steps
    send 1251
    wait-read
    wait-asleep
    expect-nothing
    send Echo=>hello
END
  start_with_address datagram-client 30 3 hello
  wait_for_peer
  assert_exit 0
  assert_output_matches ".*Echo=>hello.*"
  new_address
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect $text
    send-file longer
    wait-read
    wait-asleep
    send-file longest
    wait-read
    wait-asleep
    expect-nothing
    send Echo=>$text
END
  start_with_address datagram-client 30 3 "$text"
  wait_for_peer
  assert_exit 0
  assert_output_matches ".*Echo=>$text.*"
}

# bats test_tags=points:1
@test "datagram-client: a call that has nothing to receive after all (EAGAIN) does not end the wait" {
  help "Which flag keeps recv from sleeping when poll has promised too much, what does such a call return, and is the time up then, or does it begin again?" "recv(2)"
  requires_test "datagram-client: sends again when nothing has come in time; any of its sendings is answered"
  requires_test "datagram-client: gives up after TRIES sendings, each with its whole wait"
  # select(2), BUGS: so it is with a datagram whose checksum is wrong.
  local n sends=''
  for n in {1..9}; do
    sends+="
      send Echo=>$n
      wait-read
      wait-asleep"
  done
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect hello
    $sends
    expect-nothing
    send Echo=>hello
END
  SHIM=again=2 start_with_address datagram-client 30 3 hello
  wait_for_peer
  assert_exit 0
  assert_output "answer after 1 tries: 'Echo=>hello'"
  new_address
  start_peer <<END
    bind-datagram $ADDR:$PORT
    start-timer
    print ready
    expect hello
    send-repeatedly 7 1500 Echo=>help
    expect-repeats hello
    expect-after 88
END
  BUILD=plain SHIM=again=2 start_with_address datagram-client 0.1 1 hello
  # A call that may sleep would sleep beyond the deadline.
  new_address
  start_peer <<END
    bind-datagram $ADDR:$PORT
    start-timer
    print ready
    expect hello
    send Echo=>help
    expect-repeats hello
    expect-after 88
END
  BUILD=plain SHIM=dropped=1 start_with_address datagram-client 0.1 1 hello
  _assert_given_up 1 1
  _assert_given_up 2 1
}

# bats test_tags=points:4
@test "datagram-client: datagrams that it ignores do not move the deadline" {
  help "After a datagram that is not the answer, whatever its length, how long do you wait: all of SECONDS, or what is left?" "clock_gettime(2)"
  # Two clients at once: what comes is wrong, or from somebody else.
  local again="7 1500" long
  # Longer than any answer.
  printf -v long '%01031d' 0
  start_peer <<END
    bind-datagram $ADDR:$PORT
    start-timer
    print ready
    expect hello
    send-repeatedly $again Echo=>help|echo=>hello|Echo=>help me|$long||
    expect-repeats hello
    expect-after 238
END
  start_with_address datagram-client 0.25 1 hello
  new_address
  random_address
  start_peer <<END
    bind-datagram $ADDR:$PORT
    start-timer
    print ready
    expect hello
    use-connection 1
    open-stranger $REPLY:$PORT
    send-repeatedly $again Echo=>hello
    use-connection 0
    expect-repeats hello
    expect-after 238
END
  start_with_address datagram-client 0.25 1 hello
  _assert_given_up 0 1
  _assert_given_up 1 1
}

# bats test_tags=points:3
@test "datagram-client: signals neither shorten nor lengthen its waits, nor lose a message" {
  help "After an interruption, how long do you wait: the whole time, or what is left of it?" "clock_gettime(2)"
  local signals="signal-repeatedly USR2 $((RANDOM % 11 + 5)) 1500"
  start_peer <<END
    bind-datagram $ADDR:$PORT
    start-timer
    print ready
    expect hello
    $signals
    expect-repeats hello
    expect-after 238
END
  SHIM='eintr interrupted=2' start_with_address datagram-client 0.25 1 hello
  new_address
  start_peer <<END
    bind-datagram $ADDR:$PORT
    start-timer
    print ready
    $signals
    expect hello
    expect hello
    expect-after 138
    expect-repeats hello
    expect-after 288
END
  SHIM=eintr start_with_address datagram-client 0.15 2 hello
  _assert_given_up 0 1
  _assert_given_up 1 2
}

# bats test_tags=points:2
@test "datagram-client: SECONDS may be anything from parts of a second to an hour" {
  help "Up to which number does each type count in which you keep SECONDS, and what is the most that tv_usec may hold? Is what is left rounded up or down?" "socket(7)"
  requires_test "datagram-client: gives up after TRIES sendings, each with its whole wait"
  # All at once; in three words: SECONDS, twice that, and how fast time has to run for
  # SECONDS to be over in 62 ms. A wait that has no end is seen after two seconds of ours.
  local i n=0 some=$((RANDOM % 2100 + 40))
  local spans=(1.999 3.998 32 3 6 48 "$some" $((some * 2)) $((some * 16)) 3600 7200 57600)
  for ((i = 0; i < ${#spans[@]}; i += 3)); do
    new_address
    start_peer <<END
      bind-datagram $ADDR:$PORT
      start-timer
      print ready
      expect hello
      expect hello
      expect-lasted ${spans[i]} ${spans[i + 2]}
      expect-repeats hello
      expect-lasted ${spans[i + 1]} ${spans[i + 2]}
END
    BUILD=plain CLOCK=fast=${spans[i + 2]} start_with_address datagram-client "${spans[i]}" 2 hello
  done
  # One of which twice the time would be more than two seconds of ours.
  new_address
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect-repeats hello
END
  BUILD=plain CLOCK=fast=20 start_with_address datagram-client 24 1 hello
  # Half a microsecond is less than some calls can wait for.
  new_address
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect-repeats hello
END
  BUILD=plain start_with_address datagram-client 0.0000005 20 hello
  # Rounded down to milliseconds, this wait is none. A millisecond is 200 ms here. A program may
  # poll again and again until the last one is over.
  new_address
  start_peer <<END
    bind-datagram $ADDR:$PORT
    start-timer
    print ready
    expect hello
    allow-busy
    expect-repeats hello
    expect-lasted 0.0009 0.005
END
  BUILD=plain CLOCK=slow=200 start_with_address datagram-client 0.0009 1 hello
  for ((i = 0; i < ${#spans[@]}; i += 3, n++)); do _assert_given_up "$n" 2; done
  _assert_given_up "$n" 1
  _assert_given_up $((n + 1)) 20
  _assert_given_up $((n + 2)) 1
}

# bats test_tags=points:1
@test "datagram-client: a deadline that passes while it is stopped ends the wait" {
  help "What is left of the time when the deadline has passed, what does poll take that for, and what of an answer that came meanwhile?" "poll(2)"
  requires_test "datagram-client: gives up after TRIES sendings, each with its whole wait"
  requires_test "datagram-client: signals neither shorten nor lengthen its waits, nor lose a message"
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect hello
    stop-for 270 USR2
    expect-repeats hello
END
  SHIM=eintr start_with_address datagram-client 0.25 1 hello
  # The answer to the first try comes meanwhile. The second may be sent first, but not instead.
  new_address
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect hello
    wait-asleep
    signal STOP
    expect-waiting 2 16
    send Echo=>hello
    signal USR2
    signal CONT
    expect-repeats hello
END
  BUILD=plain SHIM=eintr CLOCK=fast=16 start_with_address datagram-client 1.5 100 hello
  _assert_given_up 0 1
  use_program 1
  wait_for_peer 1
  assert_exit 0
  assert_output_matches ".*Echo=>hello.*"
  # The call that waits returns 250 ms late, and before that the answer has come: nothing is received
  # between the end of this wait and the second sending.
  new_address
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect hello
    expect-waiting 2 16
    send Echo=>hello
    expect-repeats hello
END
  BUILD=plain CLOCK=late=250 start_with_address datagram-client 0.05 100 hello
  wait_for_peer
  assert_exit 0
  assert_output_matches ".*Echo=>hello.*"
}

# bats test_tags=points:1
@test "datagram-client: setting the clock of the day moves no deadline" {
  help "Which of the machine's clocks can be set, and which only counts?" "clock_gettime(2)"
  requires_test "datagram-client: gives up after TRIES sendings, each with its whole wait"
  requires_test "datagram-client: signals neither shorten nor lengthen its waits, nor lose a message"
  local hour
  for hour in -3600 3600; do
    new_address
    start_peer <<END
      bind-datagram $ADDR:$PORT
      start-timer
      print ready
      expect hello
      signal-repeatedly USR2 7 1500
      expect-repeats hello
      expect-after 88
END
    BUILD=plain SHIM=eintr CLOCK=wall=$hour start_with_address datagram-client 0.1 1 hello
  done
  _assert_given_up 0 1
  _assert_given_up 1 1
}

# bats test_tags=points:2
@test "datagram-client: nobody has that port: it never sends more than TRIES, and does not spin" {
  help "What do send and recv say when the system has learned that nobody is there?" "udp(7)"
  start_with_address datagram-client 30 2 hello
  # It may wait on, or end at once.
  if ! try_peer <<<$'wait-asleep\nexpect-idle'; then
    assert_exit 1
    assert_error_one_of send recv read write
    assert_error_one_of 'Connection refused' 'timed out'
    assert_no_output
  fi
  can_trace || return 0
  new_address
  TRACE='/^(send|write)' start_with_address datagram-client 0.05 3 hello
  assert_exit 1
  local sent
  sent=$(grep -acE '^[^ ]*(send|write).*hello.*= 5$' "${DIRS[PROGRAM_NUMBER]}/report") || true
  ((sent <= 3)) || fail_test 'at most 3 datagrams are sent' "$(grep -a hello "${DIRS[PROGRAM_NUMBER]}/report")"
}

# bats test_tags=points:2
@test "datagram-client: waits asleep, also after a signal, a stop and a continue" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect hello
    wait-asleep
    expect-idle
    signal USR2
    wait-asleep
    signal STOP
    signal CONT
    wait-asleep
    expect-nothing
    send rubbish
    wait-read
    wait-asleep
    signal STOP
    send Echo=>hello
    signal CONT
    wait-ended
    expect-nothing
END
  # Its socket is descriptor 0.
  STDIN=closed SHIM=eintr start_with_address datagram-client 30.5 2 hello
  wait_for_peer
  assert_exit 0
  assert_output_matches ".*Echo=>hello.*"
  can_trace || return 0
  new_address
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect hello
    send Echo=>hello
    wait-ended
END
  SHIM=eintr TRACE=rt_sigaction start_with_address datagram-client 30 2 hello
  wait_for_peer
  assert_keeps_handler
}

# bats test_tags=points:2
@test "datagram-client: a message may be empty, or have 1024 bytes" {
  help "How much room does the longest answer need, and what does send do with 0 bytes?" "send(2)"
  local message
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect-empty
    wait-asleep
    send Echo=>
    wait-ended
    expect-nothing
END
  start_with_address datagram-client 30 2 ''
  wait_for_peer
  assert_exit 0
  assert_output_matches ".*Echo=>.*"
  printf -v message '%01024d' 7
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect $message
    send Echo=>$message
END
  start_with_address datagram-client 30 3 "$message"
  wait_for_peer
  assert_exit 0
  assert_output_matches ".*Echo=>$message.*"
}

# bats test_tags=points:1
@test "datagram-client: asks a server on ::1" {
  help "Of which family is the socket: yours, or that of the address? And who may send a datagram to it?" "getaddrinfo(3)"
  requires ipv6
  # The stranger's port is one that is free.
  start_peer_on_ipv6 bind-datagram <<END
    expect hello
    use-connection 1
    open-stranger [::1]:0
    send Echo=>hello
    wait-read
    wait-asleep
    use-connection 0
    expect-nothing
    send Echo=>hello
END
  start datagram-client ::1 "$PORT" 30 3 hello
  wait_for_peer
  assert_exit 0
  assert_output_matches ".*Echo=>hello.*"
}

# bats test_tags=points:1
@test "datagram-client: a name that cannot be resolved is named, and a call that fails" {
  help "Which function turns the resolver's number into words, which calls can fail, and do you print the reason of each?" "gai_strerror(3)"
  start datagram-client "$NO_HOST" "$PORT" 30 1 hello
  assert_fails_to_resolve "$NO_HOST"
  # A broadcast address needs an option that no program of the lab sets.
  start datagram-client 127.255.255.255 "$PORT" 0.01 1 hello
  assert_exit 1
  assert_error_one_of connect send write recv
  assert_error_one_of 'Permission denied' 'timed out'
  assert_no_error_text 'Bad file descriptor'
  # It may say more, as that time was up, or try again.
  SHIM=unsent=1000000000000 start_with_address datagram-client 0.01 1 hello
  assert_exit 1
  assert_error_one_of send write
  assert_error_one_of 'Operation not permitted' 'No buffer space available' 'Connection refused' \
    'No route to host' 'Invalid argument' 'Message too long'
  assert_no_output
}

# bats test_tags=points:2
@test "datagram-client: a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by the handout, and are all looked at before anything is sent?" "strlen(3)"
  local bad long
  printf -v long '%01025d' 7
  queue_usage_error datagram-client HOST "$PORT" 5 1
  queue_usage_error datagram-client HOST "$PORT" 5 1 hello x
  for bad in "${WRONG_PORTS[@]}"; do queue_usage_error datagram-client HOST "$bad" 5 1 hello; done
  for bad in 0 0.0 .5 5. 1e3 -1 ' 1' 3601 3600.5 3600.0001 4294967297 18446744073709551617 ''; do
    queue_usage_error datagram-client HOST "$PORT" "$bad" 1 hello
  done
  for bad in 0 101 -1 1x ' 1' 4294967297 18446744073709551617 ''; do queue_usage_error datagram-client HOST "$PORT" 5 "$bad" hello; done
  queue_usage_error datagram-client HOST "$PORT" 5 1 "$long"
  queue_usage_error datagram-client HOST "$PORT" 5 1 "$long"
  assert_queued_usage_errors
  # A number that is in order, though nobody can have that port.
  BUILD=plain start datagram-client "$ADDR" 0 0.01 100 hello
  assert_exit 1
}

# bats test_tags=points:1
@test "datagram-client: compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings datagram-client
}

valgrind_run_of_datagram_client() {
  start_peer <<END
    bind-datagram $ADDR:$PORT
    print ready
    expect hello
    send Echo=>
    send-zeros 3000
    send-empty
    expect hello
    send Echo=>hello
END
  start_with_address datagram-client 0.5 100 hello
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:1
@test "datagram-client: valgrind: no heap block is left" {
  help "Which line allocated the block that is named, and which call gives it back, as freeaddrinfo does for a list?" "freeaddrinfo(3)"
  read_valgrind_report datagram-client
  assert_no_block_left
}

# bats test_tags=points:1
@test "datagram-client: valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program?" "close(2)"
  read_valgrind_report datagram-client
  assert_no_descriptor_left
}

# bats test_tags=points:1
@test "datagram-client: valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report datagram-client
  assert_no_invalid_access
}
