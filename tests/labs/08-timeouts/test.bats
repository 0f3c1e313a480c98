#!/usr/bin/env bats
# Lab 08, timeouts: everything that a submission is judged by. tests/kit/README.md
# lists the words of these tests; points are in tenths, 100 in all.
#
# About time. What ends too early is measured from before the wait began. What
# ends too late is never measured: a test waits until the program sleeps for two
# seconds longer than it may, or, where signals come all the time, for twenty
# times as long as it may. So a busy machine fails nobody.
load ../../kit/kit
programs timeout-server timeout-client

# _assert_client_given_up N: the peer N has seen that the server, which is program N, gave
# its client up in time, and the server says so.
_assert_client_given_up() {
  use_program "$1" && wait_for_peer "$1" && assert_exit 0 &&
    assert_output_matches 'listening on .*' 'time out'
}

# _assert_server_given_up N CALL: the same of the client, which says that CALL has failed.
_assert_server_given_up() {
  use_program "$1" && wait_for_peer "$1" && assert_exit 1 && assert_error "$2" 'timed out'
}

# _choose_spans HALVES: SPANS holds SECONDS over their whole range, each in four words: SECONDS,
# twice that, how fast time has to run for SECONDS to be over in 62 ms, and the clock. In
# one, 2^31 ms since the boot are over after so many halves of SECONDS, in one 2^32 ms.
_choose_spans() {
  local some=$((RANDOM % 2100 + 40))
  SPANS=(
    1.999 3.998 32 fast=32
    3 6 48 fast=48
    "$some" $((some * 2)) $((some * 16)) "fast=$((some * 16)) up=$((2147483 - some * $1 / 2))"
    3600 7200 57600 "fast=57600 up=$((4294967 - 1800 * $1))"
  )
}

# bats test_tags=points:4
@test "timeout-server: does the basic job: answers the right word, and closes" {
  help "What does poll return when there is something to receive, and what do you do then?" "poll(2)"
  start_server timeout-server 30 1
  peer <<END
    connect $ADDR:$PORT
    send 1
    expect welcome to server!
    expect-eof
END
}

# bats test_tags=points:3
@test "timeout-server: prints where it listens, at once, and ends after COUNT clients" {
  help "Does the line leave the program before it waits, and do you count every client?" "setvbuf(3)"
  start_server timeout-server 30 2
  peer <<END
    wait-lines 1
    expect-promptly
    connect $ADDR:$PORT
    send 1
    expect welcome to server!
    expect-eof

    connect $ADDR:$PORT
    send 1\n
    expect welcome to server!
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT"
}

# bats test_tags=points:2
@test "timeout-server: any other message gets the other answer" {
  help "How many bytes came, and are they exactly the word?" "memcmp(3)"
  local word conversations='' texts=(2 11 '1 ' ' 1' '1\n\n' '\n' '1\r\n' '1\0' '1\n\0' 'one\n' '.\n' '\x04\n' 'quit\n')
  load_magic_words
  texts+=("${MAGIC_WORDS[@]}")
  for word in "${texts[@]}"; do
    conversations+="
      connect $ADDR:$PORT
      send $word
      expect please go out!
      expect-eof"
  done
  start_server timeout-server 30 $((${#texts[@]} + 2))
  peer <<END
    $conversations

    make-random full 1024
    connect $ADDR:$PORT
    send-file full
    expect please go out!
    expect-eof

    make-random text 1023
    connect $ADDR:$PORT
    send-file text
    expect please go out!
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:3
@test "timeout-server: a client that says nothing is closed when time is up" {
  help "What does poll return at the deadline, and what is SECONDS in the unit that it takes?" "poll(2)"
  start_server timeout-server 0.07 1
  peer <<END
    start-timer
    connect $ADDR:$PORT
    expect-eof
    expect-after 58
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" 'time out'
}

# bats test_tags=points:1
@test "timeout-server: the line for a client whose time is up is printed at once" {
  help "Does each line leave the program as you print it, or only the first?" "setvbuf(3)"
  requires_test "timeout-server: a client that says nothing is closed when time is up"
  start_server timeout-server 0.01 2
  peer <<END
    connect $ADDR:$PORT
    expect-eof
    wait-lines 2
END
  assert_output_matches 'listening on .*' 'time out'
}

# bats test_tags=points:2
@test "timeout-server: each client has its own time, from accept on" {
  help "When is the deadline worked out: before or after accept, once or for each client?" "clock_gettime(2)"
  # expect-idle watches it for 0.1 s, longer than SECONDS.
  start_server timeout-server 0.04 2
  peer <<END
    wait-asleep
    expect-idle
    start-timer
    connect $ADDR:$PORT
    expect-eof
    expect-after 28
    start-timer
    connect $ADDR:$PORT
    expect-eof
    expect-after 28
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" 'time out' 'time out'
}

# bats test_tags=points:2
@test "timeout-server: waits asleep, and not shorter than whole seconds either" {
  help "Which call sleeps until there is something to receive or time is up?" "poll(2)"
  start_server timeout-server 30 1
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    expect-nothing
    wait-asleep
    send 1
    expect welcome to server!
    expect-eof
END
}

# bats test_tags=points:3
@test "timeout-server: a signal, a stop and a continue do not end a wait" {
  help "Which errno says that a call was only interrupted, what is to be done then, and which results of a call set errno?" "signal(7)"
  requires_test "timeout-server: waits asleep, and not shorter than whole seconds either"
  local n signals=''
  for ((n = RANDOM % 3; n >= 0; n--)); do
    signals+="
      wait-asleep
      signal USR2"
  done
  SHIM=eintr start_server timeout-server 30 3
  peer <<END
    wait-asleep
    signal USR2
    wait-asleep
    connect $ADDR:$PORT
    wait-accepted
    $signals
    wait-asleep
    expect-nothing
    send 1
    expect welcome to server!
    expect-eof

    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    signal STOP
    signal CONT
    wait-asleep
    expect-nothing
    send 2
    expect please go out!
    expect-eof

    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    signal USR2
    wait-asleep
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT"
  assert_server_keeps_handler timeout-server 30 1
}

# bats test_tags=points:3
@test "timeout-server: signals do not move the deadline" {
  help "After an interruption, how long do you wait: all of SECONDS, or what is left of it?" "clock_gettime(2)"
  # The wait is long beside the time between two signals: a deadline that starts
  # again with each is then never reached, on a loaded machine too.
  SHIM=eintr start_server timeout-server 0.25 1
  peer <<END
    start-timer
    connect $ADDR:$PORT
    wait-accepted
    signal-repeatedly USR2 $((RANDOM % 11 + 5)) 1500
    expect-eof
    expect-after 238
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" 'time out'
}

# bats test_tags=points:1
@test "timeout-server: SECONDS may be anything from parts of a second to an hour" {
  help "Up to which number does each type count in which you keep SECONDS or the time since the boot, and what is the most that tv_usec may hold?" "socket(7)"
  requires_test "timeout-server: a client that says nothing is closed when time is up"
  # All at once. A wait that has no end is seen after two seconds of ours.
  local i n=0
  _choose_spans 1
  for ((i = 0; i < ${#SPANS[@]}; i += 4)); do
    new_address
    start_peer <<END
      print ready
      wait-listening-at $ADDR:$PORT
      start-timer
      connect $ADDR:$PORT
      expect-eof
      expect-lasted ${SPANS[i]} ${SPANS[i + 2]}
END
    BUILD=plain CLOCK=${SPANS[i + 3]} start_with_address timeout-server "${SPANS[i]}" 1
  done
  for ((i = 0; i < ${#SPANS[@]}; i += 4, n++)); do
    _assert_client_given_up "$n"
  done
}

# bats test_tags=points:1
@test "timeout-server: its wait does not end a millisecond too early" {
  help "poll counts whole milliseconds: do you round what is left up or down?" "poll(2)"
  requires_test "timeout-server: a client that says nothing is closed when time is up"
  # A millisecond of the program's time is 100 ms here. A program may poll again and
  # again until the last one is over.
  BUILD=plain CLOCK=slow=100 start_server timeout-server 0.002 1
  peer <<END
    allow-busy
    start-timer
    connect $ADDR:$PORT
    expect-eof
    expect-lasted 0.002 0.01
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" 'time out'
}

# bats test_tags=points:1
@test "timeout-server: a deadline that passes while it is stopped ends the wait" {
  help "What is left of the time when the deadline has passed, and what does poll take that for?" "poll(2)"
  requires_test "timeout-server: a client that says nothing is closed when time is up"
  requires_test "timeout-server: signals do not move the deadline"
  requires_test "timeout-server: a signal, a stop and a continue do not end a wait"
  SHIM=eintr start_server timeout-server 0.25 1
  # The signal interrupts the wait, and what is left then is less than nothing.
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    stop-for 270 USR2
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" 'time out'
}

# bats test_tags=points:1
@test "timeout-server: setting the clock of the day moves no deadline" {
  help "Which of the machine's clocks can be set, and which only counts?" "clock_gettime(2)"
  requires_test "timeout-server: a client that says nothing is closed when time is up"
  requires_test "timeout-server: signals do not move the deadline"
  requires_test "timeout-server: a signal, a stop and a continue do not end a wait"
  local hour n=0
  for hour in -3600 3600; do
    new_address
    start_peer <<END
      print ready
      wait-listening-at $ADDR:$PORT
      start-timer
      connect $ADDR:$PORT
      signal-repeatedly USR2 7 1500
      expect-eof
      expect-after 88
END
    BUILD=plain SHIM=eintr CLOCK=wall=$hour start_with_address timeout-server 0.1 1
  done
  _assert_client_given_up 0
  _assert_client_given_up 1
}

# bats test_tags=points:1
@test "timeout-server: waits for its clients however long they take to come" {
  help "For which of your calls does SECONDS hold?" "accept(2)"
  requires_test "timeout-server: a client that says nothing is closed when time is up"
  BUILD=plain CLOCK=$FASTER_CLOCK start_server timeout-server 600 1
  peer <<END
    $FOUR_HOURS
    connect $ADDR:$PORT
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" 'time out'
}

# bats test_tags=points:3
@test "timeout-server: survives clients that leave or reset, and prints nothing for them" {
  help "What do the results 0 and -1 of recv mean, which errors of recv and accept are about one client, do they end the server, does a lost client count, and has one left that has sent its word and half-closed?" "recv(2)"
  SHIM=aborted=1 start_server timeout-server 30 4
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    close

    connect $ADDR:$PORT
    wait-accepted
    abort

    connect $ADDR:$PORT
    shutdown
    expect-eof

    signal STOP
    connect $ADDR:$PORT
    send 1
    shutdown
    signal CONT
    expect welcome to server!
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT"
  # A connection that breaks by itself. A server that forks may lose both clients so.
  new_address
  BUILD=plain SHIM=timedout=1 start_server timeout-server 30 2
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    close

    connect $ADDR:$PORT
    close
END
  assert_exit 0
}

# bats test_tags=points:1
@test "timeout-server: survives a client that is gone before its answer" {
  help "Which signal ends a program that sends to a connection that is gone, does such a client count, and what is the exit status when it is the last?" "send(2)"
  requires_test "timeout-server: waits asleep, and not shorter than whole seconds either"
  local word lost=()
  for word in 2 1; do
    lost+=("
      connect $ADDR:$PORT
      wait-accepted
      wait-asleep
      signal STOP
      send $word
      shutdown
      abort
      signal CONT")
  done
  start_server timeout-server 30 3
  peer <<END
    ${lost[0]}
    connect $ADDR:$PORT
    send 1
    expect welcome to server!
    expect-eof
    ${lost[1]}
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT"
  # One that is gone when a part of its answer is sent.
  new_address
  BUILD=plain SHIM=send=3 start_server timeout-server 30 2
  peer <<END
    signal STOP
    connect $ADDR:$PORT
    send 2
    close
    signal CONT

    connect $ADDR:$PORT
    close
END
  assert_exit 0
}

# bats test_tags=points:2
@test "timeout-server: five clients wait in its queue, and are answered in order" {
  help "How many clients may wait, by your call of listen, and what does the server wait for between its answer and the next client?" "listen(2)"
  requires_test "timeout-server: waits asleep, and not shorter than whole seconds either"
  start_server timeout-server 30 6
  local i clients='' answers=''
  for i in 1 2 3 4 5; do
    clients+="
      use-connection $i
      connect $ADDR:$PORT
      send 1"
    answers+="
      use-connection $i
      expect welcome to server!
      expect-eof"
  done
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    $clients

    wait-asleep
    use-connection 1
    expect-nothing
    use-connection 0
    send 1
    expect welcome to server!
    expect-eof

    $answers
END
  assert_exit 0
  # The room is no matter of COUNT.
  new_address
  start_server timeout-server 30 1
  peer <<END
    wait-asleep
    expect-backlog-at-least 5
END
}

# bats test_tags=points:1
@test "timeout-server: COUNT 0 serves for ever, and needs no more descriptors for it" {
  help "Which COUNT has no end, does any COUNT fit into its type, is 0 a descriptor, and on which ways out of serving a client is the connection not closed, or closed twice?" "close(2)"
  local clients='' i
  # The second is gone before its answer: EPIPE.
  for _ in {1..10}; do
    clients+="
      connect $ADDR:$PORT
      expect-end

      signal STOP
      connect $ADDR:$PORT
      send 2
      shutdown
      abort
      signal CONT

      connect $ADDR:$PORT
      abort

      connect $ADDR:$PORT
      shutdown
      expect-end"
  done
  STDIN=closed SHIM=spare-fds=8 BUILD=plain start_server timeout-server 0.002 0
  peer <<END
    $clients

    connect $ADDR:$PORT
    expect-end
    wait-asleep
    wait-listening
END
  new_address
  BUILD=plain start_server timeout-server 30 65537
  peer <<END
    connect $ADDR:$PORT
    shutdown
    expect-eof
    wait-asleep
    wait-listening
END
  # One more than a byte counts, and than an array of 256 holds.
  new_address
  quick_clients 257 "$ADDR:$PORT" $'shutdown\nexpect-eof'
  start_server timeout-server 30 257
  peer <<END
    hide-steps
    $REPLY
END
  assert_exit 0
  # Each connection is closed once. The program is strace's child here: its first line tells
  # that it listens.
  can_trace || return 0
  new_address
  BUILD=plain TRACE=accept,accept4,close start_with_address timeout-server 0.002 4
  peer <<END
    wait-lines 1
    connect $ADDR:$PORT
    expect-end

    connect $ADDR:$PORT
    send 1
    close

    connect $ADDR:$PORT
    shutdown
    expect-end

    connect $ADDR:$PORT
    abort
END
  assert_exit 0
  assert_closed_once
}

# bats test_tags=points:1
@test "timeout-server: out of descriptors: the call that fails is named, exit status 1; or it waits, asleep" {
  help "What do socket and accept return when there is no descriptor left, and what changes before the next call?" "accept(2)"
  assert_checks_descriptors timeout-server 30 1
}

# bats test_tags=points:1
@test "timeout-server: another call that fails is named, exit status 1" {
  help "Do you look at what each call returns before you go on, and after which errors is accept called again at once?" "errno(3)"
  requires strace
  assert_checks_calls timeout-server 30 1
}

# bats test_tags=points:2
@test "timeout-server: a port in use is refused, one in TIME_WAIT is not" {
  help "Which socket option lets a server come back while old connections time out?" "socket(7)"
  peer leave-time-wait "$ADDR:$PORT"
  start_server timeout-server 30 1
  assert_refuses_port_in_use timeout-server 30 1
}

# bats test_tags=points:1
@test "timeout-server: an empty HOST, a name that does not resolve, PORT 0" {
  help "Which address stands for all of this machine's, who says why a name has no address, and who knows which port 0 became?" "getaddrinfo(3)"
  start timeout-server "$NO_HOST" "$PORT" 30 1
  assert_fails_to_resolve "$NO_HOST"
  assert_odd_names_fail timeout-server HOST "$PORT" 30 1
  start_holding_port timeout-server "" PORT 30 1
  peer <<END
    wait-listening
    connect 127.0.0.1:$PORT
    send 1
    expect welcome to server!
    expect-eof
END
  assert_exit 0
  assert_output_matches "listening on (0\.0\.0\.0|\[::\]):$PORT"
  start timeout-server "$ADDR" 0 30 1
  peer <<END
    wait-listening
    wait-lines 1
END
  assert_output_matches "listening on ${ADDR//./\\.}:[1-9][0-9]*"
  requires foreign-address
  start timeout-server 192.0.2.1 "$PORT" 30 1
  assert_fails 1 bind 'Cannot assign requested address'
}

# bats test_tags=points:1
@test "timeout-server: numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  BUILD=plain start_holding_port timeout-server 127.0.0.1 PORT 30 1
  peer <<END
    wait-listening-at 127.0.0.1:$PORT
    wait-lines 1
END
  assert_output "listening on 127.0.0.1:$PORT"
  choose_named_port
  BUILD=plain start_server timeout-server 30 1
  peer wait-lines 1
  assert_output "listening on $ADDR:$PORT"
}

# bats test_tags=points:1
@test "timeout-server: a name with an IPv6 and an IPv4 address: serves the IPv4 one" {
  help "Which entry of the list do you take, when the first is an IPv6 address, and when the IPv4 one is in use?" "getaddrinfo(3)"
  requires nss-wrapper
  start_with_both_families timeout-server HOST "$PORT" 30 1
  peer wait-listening-at "$ADDR:$PORT"
  # It takes no other address when this one is in use.
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start timeout-server both.test "$PORT" 30 1
  assert_fails 1 'Address already in use'
  assert_error_one_of bind listen
}

# bats test_tags=points:1
@test "timeout-server: HOST ::1: serves the IPv6 loopback, or says that it cannot use it" {
  help "Has the address variable room for IPv6, does the length that you pass say so, and how is such an address with a port written?" "ipv6(7)"
  requires ipv6
  start_holding_port timeout-server ::1 PORT 30 1
  if try_peer wait-listening; then
    peer <<END
      wait-listening-at [::1]:$PORT
      connect [::1]:$PORT
      send 1
      expect welcome to server!
      expect-eof
END
    assert_exit 0
    assert_output "listening on [::1]:$PORT"
  else
    assert_fails 1 ::1
  fi
}

# bats test_tags=points:1
@test "timeout-server: sends all of the answer though send takes only a part" {
  help "What does send return, and what if that is less than you gave it?" "send(2)"
  SHIM=send=3 start_server timeout-server 30 2
  peer <<END
    connect $ADDR:$PORT
    send 1
    expect welcome to server!
    expect-eof

    connect $ADDR:$PORT
    send 2
    expect please go out!
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:2
@test "timeout-server: a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, what is the exit status then, and what becomes of 18446744073709551617 in the type that you read a number into?" "strtod(3)"
  assert_usage_error timeout-server HOST "$PORT" 5
  assert_usage_error timeout-server HOST "$PORT" 5 1 1
  assert_usage_error timeout-server a..b "$PORT" 5 1x
  local bad
  # Numbers that are right ones after a wrap: at 2^16, 2^32, 2^64.
  for bad in $((65536 + PORT)) $((4294967296 + PORT)) "18446744073709$((551616 + PORT))"; do
    queue_usage_error timeout-server HOST "$bad" 5 1
  done
  for bad in 0.0 .5 5. -1 ' 1' 1e3 1.2.3 nan '' 3600.0001 18446744073709551617; do
    queue_usage_error timeout-server HOST "$PORT" "$bad" 1
  done
  assert_queued_usage_errors
  assert_count_does_not_wrap timeout-server 30 18446744073709551617
  new_address
  choose_highest_port
  start_server timeout-server 5 1000000
}

# bats test_tags=points:1
@test "timeout-server: parts of a second, an hour, and many digits are in order" {
  help "Which forms of SECONDS are right, by labs/README.md, and what does a time of 0 mean to the call?" "strtod(3)"
  local good
  for good in 3600 1.000000000 0.001; do
    new_address
    start_server timeout-server "$good" 1
  done
  peer <<END
    connect $ADDR:$PORT
    expect-eof
END
  assert_exit 0
  # Less than a microsecond, which takes longer here than the program does.
  new_address
  BUILD=plain CLOCK=slow=100 start_server timeout-server 0.0000009 1
  peer <<END
    allow-busy
    connect $ADDR:$PORT
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:1
@test "timeout-server: compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings timeout-server
}

# One that is answered, one that resets, one that leaves, one that says nothing.
valgrind_run_of_timeout_server() {
  start_server timeout-server 0.05 4
  peer <<END
    signal STOP
    connect $ADDR:$PORT
    send 1
    use-connection 1
    connect $ADDR:$PORT
    abort

    connect $ADDR:$PORT
    shutdown
    use-connection 2
    connect $ADDR:$PORT
    signal CONT
    wait-ended
END
  assert_exit 0
}

# bats test_tags=points:1
@test "timeout-server: valgrind: no heap block is left" {
  help "Which line allocated the block that is named, and which call gives it back, as freeaddrinfo does for a list?" "freeaddrinfo(3)"
  read_valgrind_report timeout-server
  assert_no_block_left
}

# bats test_tags=points:2
@test "timeout-server: valgrind: no descriptor is left open" {
  help "On which way out of serving a client is its socket not closed?" "close(2)"
  read_valgrind_report timeout-server
  assert_no_descriptor_left
}

# bats test_tags=points:1
@test "timeout-server: valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report timeout-server
  assert_no_invalid_access
}

# bats test_tags=points:6
@test "timeout-client: does the basic job: connects and says the word" {
  help "When has a connect that only begun ended, and how is its result asked for?" "connect(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect 1
    wait-asleep
    send welcome to server!
    close
END
  start_with_address timeout-client 30 0 1
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:4
@test "timeout-client: prints to whom it is connected, and the answer" {
  help "How many bytes came, and do you print exactly these and an end of line?" "printf(3)"
  # The words of both sides, some of which others take for commands.
  local answer message
  load_magic_words
  for answer in 'please go out!' 'a %s %n %d\tb' quit "${MAGIC_MESSAGES[RANDOM % ${#MAGIC_MESSAGES[@]}]}"; do
    printf -v message '%b' "${answer:0:4}"
    start_peer <<END
      listen $ADDR:$PORT 5
      print ready
      accept
      expect-promptly
      expect ${answer:0:4}
      send $answer
      close
END
    start_with_address timeout-client 30 0.001 "$message"
    wait_for_peer
    assert_exit 0
    printf -v answer '%b' "$answer"
    assert_output "connected to $ADDR:$PORT" "$answer"
  done
  # As much as the skeleton has room for. A program may print less of it, but writes nowhere else.
  start_peer <<END
    make-random answer 1024
    listen $ADDR:$PORT 5
    print ready
    accept
    expect 1
    send-file answer
    close
END
  start_with_address timeout-client 30 0 1
  wait_for_peer
  assert_exit 0
  # The first line comes at once, not at the end.
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
END
  start_with_address timeout-client 30 30 hello
  peer wait-lines 1
}

# bats test_tags=points:5
@test "timeout-client: a server that does not answer is given up when time is up" {
  help "What does poll return at the deadline, and what do you say then?" "poll(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    start-timer
    print ready
    accept
    expect 1
    wait-ended
    expect-after 68
END
  BUILD=plain start_with_address timeout-client 0.08 0 1
  wait_for_peer
  assert_exit 1
  assert_error recv 'timed out'
  assert_output "connected to $ADDR:$PORT"
}

# bats test_tags=points:5
@test "timeout-client: a connection that is never answered is given up when time is up" {
  help "How long does connect sleep when nobody answers, and how can it be kept from sleeping?" "connect(2)"
  start_peer <<END
    listen $ADDR:$PORT 0
    fill-queue
    start-timer
    print ready
    wait-ended
    expect-after 68
END
  BUILD=plain start_with_address timeout-client 0.08 0 1
  wait_for_peer
  assert_fails 1 connect 'Connection timed out'
}

# _start_peer_that_hears_nothing: the peer of a client that sleeps before it sends.
_start_peer_that_hears_nothing() {
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    wait-asleep
    expect-nothing
END
}

# bats test_tags=points:3
@test "timeout-client: sleeps for DELAY before it sends" {
  help "What is DELAY in the units that the call takes, and does the time for the answer begin before DELAY or after it?" "nanosleep(2)"
  requires_test "timeout-client: a server that does not answer is given up when time is up"
  # Five clients at once. The first stands for longer than its DELAY. The time for the answer
  # begins when the message was sent: after that. Another connection tells the peer that this
  # client is connected. On a loaded machine it takes a longer DELAY to stop it before it sends.
  local delay stopped=''
  for delay in 0.08 0.4 1.5; do
    start_peer <<END
      listen $ADDR:$PORT 5
      print ready
      accept
      use-connection 1
      accept
      use-connection 0
      wait-asleep
      signal STOP
      expect-nothing
      print unsent
      hide-steps
      expect-waiting 1 10
      show-steps
      start-timer
      signal CONT
      expect 1
      wait-ended
      expect-after 138
END
    BUILD=plain start_with_address timeout-client 0.15 "$delay" 1
    try_peer <<END || true
      wait-lines 1
      connect $ADDR:$PORT
END
    new_address
    ! read_from_peer || {
      stopped=$PEER_NUMBER
      break
    }
  done
  # To the second, a part of a second lasts for minutes: no load makes a sleep of no seconds
  # look so long.
  _start_peer_that_hears_nothing
  BUILD=plain CLOCK=slow=300 start_with_address timeout-client 30 0.9 1
  # Soon begun, so that what is too early is seen on a busy machine, too.
  new_address
  start_peer <<END
    listen $ADDR:$PORT 5
    start-timer
    print ready
    accept
    expect 1
    expect-after 138
END
  BUILD=plain start_with_address timeout-client 30 0.15 1
  new_address
  _start_peer_that_hears_nothing
  start_with_address timeout-client 30 30.5 1
  # The time for the answer begins when the message was sent, not before DELAY.
  new_address
  start_peer <<END
    listen $ADDR:$PORT 5
    start-timer
    print ready
    accept
    expect 1
    wait-ended
    expect-after 298
END
  BUILD=plain start_with_address timeout-client 0.15 0.16 1
  local last=$PEER_NUMBER n
  for n in ${stopped:+"$stopped"} $((last - 3)) $((last - 2)) $((last - 1)) "$last"; do
    wait_for_peer "$n"
  done
  assert_exit 1
  assert_error recv 'timed out'
}

# bats test_tags=points:3
@test "timeout-client: signals neither shorten nor lengthen its waits" {
  help "After an interruption, how long do you wait: the whole time, or what is left of it?" "clock_gettime(2)"
  # Three clients at once: in the sleep, waiting for an answer, and in connect.
  local signals="signal-repeatedly USR2 $((RANDOM % 11 + 5)) 1500"
  start_peer <<END
    listen $ADDR:$PORT 5
    start-timer
    print ready
    accept
    $signals
    expect 1
    expect-after 238
END
  SHIM=eintr start_with_address timeout-client 30 0.25 1
  new_address
  start_peer <<END
    listen $ADDR:$PORT 5
    start-timer
    print ready
    accept
    expect 1
    $signals
    wait-ended
    expect-after 238
END
  SHIM=eintr start_with_address timeout-client 0.25 0 1
  new_address
  start_peer <<END
    listen $ADDR:$PORT 0
    fill-queue
    start-timer
    print ready
    $signals
    wait-ended
    expect-after 238
END
  SHIM=eintr start_with_address timeout-client 0.25 0 1
  wait_for_peer 0
  wait_for_peer 1
  wait_for_peer 2
  assert_fails 1 connect 'timed out'
  use_program 1
  assert_exit 1
  assert_error recv 'timed out'
  assert_client_keeps_handler timeout-client 30 0 1
}

# bats test_tags=points:1
@test "timeout-client: SECONDS and DELAY may be anything up to an hour" {
  help "Up to which number does each type count in which you keep SECONDS or the time since the boot, what is the most that tv_usec may hold, and which SECONDS are too few, by labs/README.md?" "socket(7)"
  requires_test "timeout-client: a server that does not answer is given up when time is up"
  requires_test "timeout-client: a connection that is never answered is given up when time is up"
  requires_test "timeout-client: sleeps for DELAY before it sends"
  # All at once: four sleep and wait for an answer, three wait in connect.
  local i n
  _choose_spans 3
  for ((i = 0; i < ${#SPANS[@]}; i += 4)); do
    new_address
    start_peer <<END
      listen $ADDR:$PORT 5
      start-timer
      print ready
      accept
      expect 1
      expect-lasted ${SPANS[i]} ${SPANS[i + 2]}
      wait-ended
      expect-lasted ${SPANS[i + 1]} ${SPANS[i + 2]}
END
    BUILD=plain CLOCK=${SPANS[i + 3]} start_with_address timeout-client "${SPANS[i]}" "${SPANS[i]}" 1
  done
  for i in 0 12; do
    new_address
    start_peer <<END
      listen $ADDR:$PORT 0
      fill-queue
      start-timer
      print ready
      wait-ended
      expect-lasted ${SPANS[i]} ${SPANS[i + 2]}
END
    BUILD=plain CLOCK=${SPANS[i + 3]} start_with_address timeout-client "${SPANS[i]}" 0 1
  done
  # Here 2^31 ms since the boot are over 65 ms after connect begins.
  new_address
  start_peer <<END
    listen $ADDR:$PORT 0
    fill-queue
    start-timer
    print ready
    wait-ended
    expect-lasted 2 10
END
  BUILD=plain CLOCK='fast=10 up=2147483' start_with_address timeout-client 2 0 1
  # Less than a microsecond, which takes longer here than the program does.
  new_address
  start_peer <<END
    listen $ADDR:$PORT 0
    fill-queue
    print ready
    allow-busy
    wait-ended
END
  BUILD=plain CLOCK=slow=100 start_with_address timeout-client 0.0000009 0 1
  for n in 0 1 2 3; do
    _assert_server_given_up "$n" recv
  done
  for n in 4 5 6 7; do
    _assert_server_given_up "$n" connect
  done
}

# bats test_tags=points:1
@test "timeout-client: its waits do not end a millisecond too early" {
  help "poll counts whole milliseconds: do you round what is left up or down?" "poll(2)"
  requires_test "timeout-client: a server that does not answer is given up when time is up"
  requires_test "timeout-client: a connection that is never answered is given up when time is up"
  # A millisecond of the program's time is 100 ms here: see the same test of the server.
  start_peer <<END
    listen $ADDR:$PORT 5
    start-timer
    print ready
    accept
    expect 1
    allow-busy
    wait-ended
    expect-lasted 0.002 0.01
END
  BUILD=plain CLOCK=slow=100 start_with_address timeout-client 0.002 0 1
  # In connect, twice as slow and half as long: rounded down, this wait is none.
  new_address
  start_peer <<END
    listen $ADDR:$PORT 0
    fill-queue
    start-timer
    print ready
    allow-busy
    wait-ended
    expect-lasted 0.001 0.005
END
  BUILD=plain CLOCK=slow=200 start_with_address timeout-client 0.001 0 1
  _assert_server_given_up 0 recv
  _assert_server_given_up 1 connect
}

# bats test_tags=points:1
@test "timeout-client: a deadline that passes while it is stopped ends the wait" {
  help "What is left of the time when the deadline has passed, and what does poll take that for?" "poll(2)"
  requires_test "timeout-client: a server that does not answer is given up when time is up"
  requires_test "timeout-client: a connection that is never answered is given up when time is up"
  requires_test "timeout-client: signals neither shorten nor lengthen its waits"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect 1
    stop-for 270 USR2
    wait-ended
END
  SHIM=eintr start_with_address timeout-client 0.25 0 1
  new_address
  start_peer <<END
    listen $ADDR:$PORT 0
    fill-queue
    print ready
    stop-for 270 USR2
    wait-ended
END
  SHIM=eintr start_with_address timeout-client 0.25 0 1
  _assert_server_given_up 0 recv
  _assert_server_given_up 1 connect
}

# bats test_tags=points:1
@test "timeout-client: setting the clock of the day moves no deadline" {
  help "Which of the machine's clocks can be set, and which only counts?" "clock_gettime(2)"
  requires_test "timeout-client: a server that does not answer is given up when time is up"
  requires_test "timeout-client: a connection that is never answered is given up when time is up"
  requires_test "timeout-client: sleeps for DELAY before it sends"
  requires_test "timeout-client: signals neither shorten nor lengthen its waits"
  local hour n
  for hour in -3600 3600; do
    new_address
    start_peer <<END
      listen $ADDR:$PORT 5
      start-timer
      print ready
      accept
      signal-repeatedly USR2 7 1500
      expect 1
      expect-after 88
      signal-repeatedly USR2 7 1500
      wait-ended
      expect-after 188
END
    BUILD=plain SHIM=eintr CLOCK=wall=$hour start_with_address timeout-client 0.1 0.1 1
    new_address
    start_peer <<END
      listen $ADDR:$PORT 0
      fill-queue
      start-timer
      print ready
      signal-repeatedly USR2 7 1500
      wait-ended
      expect-after 88
END
    BUILD=plain SHIM=eintr CLOCK=wall=$hour start_with_address timeout-client 0.1 0 1
  done
  for n in 0 2; do
    _assert_server_given_up "$n" recv
    _assert_server_given_up $((n + 1)) connect
  done
}

# bats test_tags=points:2
@test "timeout-client: waits asleep, also after a signal, a stop and a continue" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect 1
    wait-asleep
    signal USR2
    wait-asleep
    signal STOP
    signal CONT
    wait-asleep
    send welcome to server!
    close
END
  SHIM=eintr start_with_address timeout-client 30 0 1
  wait_for_peer
  assert_exit 0
  assert_output "connected to $ADDR:$PORT" 'welcome to server!'
}

# bats test_tags=points:3
@test "timeout-client: a server that closes or resets instead of an answer" {
  help "What does recv return when the other side has closed, and what when it has reset?" "recv(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect 1
    close
END
  start_with_address timeout-client 30 0 1
  wait_for_peer
  assert_exit 1
  assert_error recv closed
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect 1
    abort
END
  start_with_address timeout-client 30 0 1
  wait_for_peer
  assert_exit 1
  assert_error 'Connection reset by peer'
  assert_error_one_of recv read
}

# bats test_tags=points:2
@test "timeout-client: a server that is gone before the message is an error" {
  help "Which signal ends a program that sends to a connection that is gone, and does the message name the call and its reason?" "send(2)"
  local delay reasons=(closed 'Broken pipe' 'Connection reset by peer' 'not connected')
  # It must stand before it has sent: on a loaded machine that takes a longer DELAY.
  for delay in 0.02 0.3 4; do
    new_address
    start_peer <<END
      listen $ADDR:$PORT 5
      print ready
      accept
      wait-asleep
      signal STOP
      expect-nothing
      print unsent
      shutdown
      abort
      signal CONT
END
    start_with_address timeout-client 30 "$delay" 1
    ! read_from_peer || break
  done
  [[ $REPLY == unsent ]] || requires_test "timeout-client: sleeps for DELAY before it sends"
  wait_for_peer
  # It sleeps for the rest of a long DELAY first: nothing happens, and that is right.
  has_ended "$PROGRAM_NUMBER" 5 || true
  assert_exit 1
  # It may have looked at its connect only now.
  assert_error_one_of connect send recv write read
  assert_error_one_of "${reasons[@]}"
  # One that is gone when a part of the message is sent.
  new_address
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    close
END
  BUILD=plain SHIM=send=3 start_with_address timeout-client 30 0.02 'please let me in'
  wait_for_peer
  assert_exit 1
  assert_error_one_of send recv write read
  assert_error_one_of "${reasons[@]}"
}

# bats test_tags=points:2
@test "timeout-client: nobody listens, or nobody has that name" {
  help "What does connect itself return, and is its result asked for after the wait?" "connect(2)"
  start_with_address timeout-client 30 0 1
  assert_fails 1 connect 'Connection refused'
  new_address
  BUILD=plain SHIM=unreachable=1 start_with_address timeout-client 30 0 1
  assert_fails 1 connect 'Network is unreachable'
  start timeout-client "$NO_HOST" "$PORT" 30 0 1
  assert_fails_to_resolve "$NO_HOST"
  assert_odd_names_fail timeout-client HOST "$PORT" 30 0 1
}

# bats test_tags=points:2
@test "timeout-client: tries every address that a name has" {
  help "Which families do your hints ask for, and what do you do with the other addresses when one does not connect, and how long may each of them take?" "getaddrinfo(3)"
  requires nss-wrapper
  local first=$ADDR second other name seconds never=() full=''
  choose_named_port
  random_address
  second=$REPLY
  random_address
  other=$REPLY
  for _ in 1 2 3 4; do
    random_address
    never+=("$REPLY never.test")
    full+="
    listen $REPLY:$PORT 0
    fill-queue"
  done
  write_hosts "$first one.test" "$other one.test" "$other two.test" "$first two.test" \
    "$first slow.test" "$second slow.test" "${never[@]}"
  # SECONDS is for each address: four that never answer take four times as long. The tests of
  # the other names are done meanwhile.
  start_peer <<END
    $full
    start-timer
    print ready
    wait-ended
    expect-after 432
END
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start timeout-client never.test "$PORT" 0.12 0 1
  for name in one.test two.test; do
    start_peer <<END
      listen $ADDR:$PORT 5
      print ready
      accept
      expect 1
      send yes
      close
END
    PRELOAD=$NSS VARS=$HOSTS start timeout-client "$name" "$PORT" 30 0 1
    wait_for_peer
    assert_exit 0
    assert_output "connected to $ADDR:$PORT" yes
  done
  # The first of two never answers. A busy machine may need more of SECONDS.
  start_peer <<END
    listen $first:$PORT 0
    fill-queue
    print ready
    stay
END
  start_peer <<END
    listen $second:$PORT 5
    print ready
    stay
END
  for seconds in 0.1 1 4; do
    BUILD=plain PRELOAD=$NSS VARS=$HOSTS start timeout-client slow.test "$PORT" "$seconds" 0 1
    has_ended "$PROGRAM_NUMBER" 10 || true
    [[ ! -s ${DIRS[PROGRAM_NUMBER]}/out ]] || break
  done
  assert_output "connected to $second:$PORT"
  _assert_server_given_up 0 connect
  new_address
  # A machine without IPv6, and a network that is down: for the first address there is no
  # socket, for the second no route.
  write_hosts "::1 both.test" "$other both.test" "$ADDR both.test" "${other%.*}.255 both.test"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect 1
    send yes
    close
END
  BUILD=plain SHIM="no-ipv6 unreachable=1" PRELOAD=$NSS VARS=$HOSTS start timeout-client both.test "$PORT" 30 0 1
  wait_for_peer
  assert_exit 0
  assert_output "connected to $ADDR:$PORT" yes
  # One with it, and a server that is reached by IPv6 alone.
  has_ipv6 || return 0
  start_peer_on_ipv6 <<END
    accept
    expect 1
    send yes
    close
END
  PRELOAD=$NSS VARS=$HOSTS start timeout-client both.test "$PORT" 30 0 1
  wait_for_peer
  assert_exit 0
  assert_output "connected to [::1]:$PORT" yes
  BUILD=plain SHIM=no-ipv6 start timeout-client ::1 "$PORT" 30 0 1
  assert_fails_without_ipv6
}

# bats test_tags=points:1
@test "timeout-client: sends all of the message though send takes only a part" {
  help "What does send return, and what if that is less than you gave it? May a MESSAGE begin with -, and is 0 a descriptor?" "send(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect -please let me in
    send yes
    close
END
  STDIN=closed SHIM=send=3 start_with_address timeout-client 30 0 '-please let me in'
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:2
@test "timeout-client: a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, what is the exit status then, and what becomes of 18446744073709551617 in the type that you read a number into?" "strtod(3)"
  assert_usage_error timeout-client HOST "$PORT" 5 0
  assert_usage_error timeout-client HOST "$PORT" 5 0 1 2
  assert_usage_error timeout-client a..b "$PORT" 0 0 1
  local bad
  # Numbers that are right ones after a wrap, at 2^16, 2^32 or 2^64, are among them.
  for bad in $((65536 + PORT)) $((4294967296 + PORT)) "18446744073709$((551616 + PORT))" $'5\n'; do
    queue_usage_error timeout-client HOST "$bad" 5 0 1
  done
  for bad in .5 -1 1e3 4294967297; do
    queue_usage_error timeout-client HOST "$PORT" "$bad" 0 1
  done
  for bad in 5. '' ' 1' $'1\n' 3601 3600.0001 18446744073709551616; do
    queue_usage_error timeout-client HOST "$PORT" 5 "$bad" 1
  done
  assert_queued_usage_errors
  # Numbers that are in order, though nobody listens there.
  choose_highest_port
  BUILD=plain start timeout-client "$ADDR" 0 30 0.0 1
  assert_exit 1
  BUILD=plain start_with_address timeout-client 30 0 1
  assert_exit 1
}

# bats test_tags=points:1
@test "timeout-client: compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings timeout-client
}

# By a name with two addresses, where that can be: the second one connects.
valgrind_run_of_timeout_client() {
  random_address
  choose_host "timeout-client: tries every address that a name has" "$REPLY"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect 1
    send welcome to server!
    close
END
  PRELOAD=${NSS:-} VARS=${HOSTS:-} start timeout-client "$HOST" "$PORT" 30 0.01 1
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:1
@test "timeout-client: valgrind: no heap block is left" {
  help "Which line allocated the block that is named, and which call gives it back, as freeaddrinfo does for a list?" "freeaddrinfo(3)"
  read_valgrind_report timeout-client
  assert_no_block_left
}

# bats test_tags=points:1
@test "timeout-client: valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program?" "close(2)"
  read_valgrind_report timeout-client
  assert_no_descriptor_left
}

# bats test_tags=points:1
@test "timeout-client: valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report timeout-client
  assert_no_invalid_access
}
