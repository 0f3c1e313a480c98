#!/usr/bin/env bats
# Lab 06, close: everything that a submission is judged by. tests/kit/README.md
# lists the words of these tests; points are in tenths, 100 in all.
load ../../kit/kit
programs close

# bats test_tags=points:20
@test "does the basic job: counts to the end-of-file, replies, and lets the client go" {
  help "What does recv return when the client has sent its last, and what may you still do then?" "shutdown(2)"
  start_server close 100
  peer <<END
    connect $ADDR:$PORT
    send hello
    shutdown
    expect 5 bytes\n
    expect-end
END
}

# bats test_tags=points:1
@test "a client that has sent nothing yet is accepted" {
  help "Does accept return before the client has sent anything? Which option of your socket makes it wait?" "tcp(7)"
  start_server close 100
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
END
}

# bats test_tags=points:1
@test "uses no processor time while it waits for a client" {
  help "Which call sleeps until a client comes?" "accept(2)"
  start_server close 100
  peer <<END
    wait-asleep
    expect-idle
END
}

# bats test_tags=points:1
@test "uses no processor time while a client keeps it waiting" {
  help "Which call sleeps until bytes come?" "recv(2)"
  start_server close 100
  peer <<END
    connect $ADDR:$PORT
    send hello
    wait-read
    wait-asleep
    expect-idle
END
}

# bats test_tags=points:7
@test "the end is orderly: end-of-file after the reply, never a reset" {
  help "When does close send a reset instead of an orderly end?" "tcp(7)"
  peer make-random in 200000
  start_server close 100
  peer <<END
    connect $ADDR:$PORT
    send hello
    shutdown
    expect 5 bytes\n
    expect-eof

    connect $ADDR:$PORT
    send-file in
    shutdown
    expect 200000 bytes\n
    expect-eof

    connect $ADDR:$PORT
    shutdown
    expect 0 bytes\n
    expect-eof
END
}

# bats test_tags=points:7
@test "the count is exact, whatever the bytes and their number" {
  help "Which value do you add up, and what is a zero byte to your program?" "recv(2)"
  local n clients=''
  for n in 0 1 6 1023 1024 1025 4099 65537; do
    clients+="
      make-random in $n
      connect $ADDR:$PORT
      send-file in
      shutdown
      expect $n bytes\n
      expect-end"
  done
  start_server close 100
  peer <<END
    $clients
END
}

# bats test_tags=points:7
@test "replies when the client has finished, not before" {
  help "Does one recv return all that a client sends? Which value says that there is no more?" "recv(2)"
  requires_test "uses no processor time while a client keeps it waiting"
  start_server close 100
  peer <<END
    expect-promptly
    connect $ADDR:$PORT
    send hello
    wait-read
    wait-asleep
    expect-nothing
    send and more
    wait-read
    wait-asleep
    expect-nothing
    shutdown
    expect 13 bytes\n
    expect-end
END
  # Nor when a client says what others take for an end.
  local text texts=('\n' '\r\n') words=''
  load_magic_words
  for text in "${MAGIC_WORDS[@]}"; do texts+=("$text" "$text\n"); done
  for text in "${texts[@]}"; do
    words+="
      send $text
      wait-read"
  done
  peer <<END
    connect $ADDR:$PORT
    $words
    wait-asleep
    expect-nothing
    shutdown
    expect $(printf '%b' "${texts[@]}" | wc -c) bytes\n
    expect-end
END
}

# bats test_tags=points:7
@test "the count may exceed 4 GiB" {
  help "Up to which number does the type of your counter count, and which format prints it?" "printf(3)"
  requires_test "the count is exact, whatever the bytes and their number"
  # 4097 MiB and 5 bytes for one client, 2049 MiB and 5 for the next. A preload makes
  # the MiB (flood.c). The counter of a program that reads a few bytes a call, and
  # that the preload cannot set forward, is not seen beyond 2 MiB.
  local few='2097157 bytes' real='5 bytes' came
  BUILD=plain DEADLINE=120 SHIM=flood=4097:2049 start_server close 2
  came=$(
    peer <<END
      allow-busy
      connect $ADDR:$PORT
      send hello
      shutdown
      expect-one-of 4296015877 bytes\n|$few\n|$real\n
      expect-end
END
  )
  if [[ $came == "$real" ]]; then
    # Not by calls that the preload reaches: the bytes are really sent.
    end_all
    BUILD=plain DEADLINE=300 start_server close 2
    peer <<END
      connect $ADDR:$PORT
      send-zeros 4296015877
      shutdown
      expect 4296015877 bytes\n
      expect-end

      connect $ADDR:$PORT
      send-zeros 2148532229
      shutdown
      expect 2148532229 bytes\n
      expect-end
END
  else
    came+=$'\n'$(
      peer <<END
        allow-busy
        connect $ADDR:$PORT
        send hello
        shutdown
        expect-one-of 2148532229 bytes\n|$few\n
        expect-end
END
    )
    [[ $came != *"$few"* ]] || skip "close reads a few bytes a call: 4 GiB would take minutes"
  fi
  assert_exit 0
  assert_output_matches "listening on .*" ".* after 4296015877 bytes" ".* after 2148532229 bytes"
}

# bats test_tags=points:7
@test "prints who was closed after how many bytes" {
  help "When is the number known, and is the line exactly as the handout has it? Is descriptor 0 one like any other, and which lines close a descriptor, how often?" "printf(3)"
  local one two calls=''
  ! can_trace || calls=$CLOSE_CALLS
  choose_client one
  choose_client two
  # Descriptor 0 is as good as any.
  STDIN=closed TRACE=$calls start_server close 2
  peer <<END
    set-source $one
    connect $ADDR:$PORT
    send hello
    shutdown
    expect 5 bytes\n
    expect-end

    set-source $two
    connect $ADDR:$PORT
    shutdown
    expect 0 bytes\n
    expect-end
END
  wait_for_lines 3
  assert_output "listening on $ADDR:$PORT" "closed $one after 5 bytes" "closed $two after 0 bytes"
  [[ -n $calls ]] || return 0
  assert_exit 0
  assert_closes_each_once
}

# bats test_tags=points:7
@test "a reset is reported, with the bytes that came before it" {
  help "What does recv return after a reset, which number of bytes is still right then (it may exceed 4 GiB), and which errors of accept are about one client?" "recv(2)"
  requires_test "a client that has sent nothing yet is accepted"
  requires_test "uses no processor time while a client keeps it waiting"
  local one two three
  choose_client one
  choose_client two
  choose_client three
  # Two are lost by other errors, if the program calls recv itself (stdio is not reached).
  SHIM='aborted=20 timedout=1 no-route=1' start_server close 6
  # The third that resets has done so before it is accepted.
  peer <<END
    connect $ADDR:$PORT
    close
    connect $ADDR:$PORT
    close
    set-source $one
    connect $ADDR:$PORT
    send hello
    wait-read
    wait-asleep
    abort

    set-source $two
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    abort
    wait-asleep
    signal STOP
    set-source $three
    connect $ADDR:$PORT
    abort
    signal CONT
    set-source $ADDR
    connect $ADDR:$PORT
    send 123
    shutdown
    expect 3 bytes\n
    expect-end
END
  assert_exit 0
  assert_output_matches "listening on .*" "(reset by|closed) .* after 0 bytes" "(reset by|closed) .* after 0 bytes" \
    "reset by ${one//./\\.} after 5 bytes" "reset by ${two//./\\.} after 0 bytes" "reset by ${three//./\\.} after 0 bytes" \
    "closed ${ADDR//./\\.}:.* after 3 bytes"
  # The same after more than 4 GiB; for the other numbers see the test of that name.
  ! has_failed "the count may exceed 4 GiB" || return 0
  new_address
  BUILD=plain DEADLINE=120 SHIM=flood=4097 start_server close 1
  peer <<END
    allow-busy
    connect $ADDR:$PORT
    send hello
    wait-read
    wait-asleep
    abort
END
  assert_exit 0
  assert_output_matches "listening on .*" "reset by .* after (4296015877|2097157|5) bytes"
}

# bats test_tags=points:4
@test "a client that aborts before the reply does not kill it, and is reported" {
  help "What does send do to a program when the other side has gone, what prevents it, does this client count, and how many bytes had come from it?" "send(2)"
  requires_test "a client that has sent nothing yet is accepted"
  requires_test "uses no processor time while a client keeps it waiting"
  local client other
  choose_client client
  choose_client other
  start_server close 3
  peer <<END
    set-source $client
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    signal STOP
    send hello
    shutdown
    abort
    signal CONT
    wait-asleep
    # The bytes of this one are read when it aborts.
    set-source $other
    connect $ADDR:$PORT
    send hello
    wait-read
    wait-asleep
    signal STOP
    shutdown
    abort
    signal CONT
    wait-asleep
    set-source $ADDR
    connect $ADDR:$PORT
    send 123
    shutdown
    expect 3 bytes\n
    expect-end
END
  assert_exit 0
  # A program that asks for errors before it reads has read nothing.
  assert_output_matches "listening on .*" "reset by ${client//./\\.} after (0|5) bytes" "reset by ${other//./\\.} after 5 bytes" \
    "closed .* after 3 bytes"
}

# bats test_tags=points:3
@test "a client that has fully closed is reported either way, the next one is served" {
  help "Can the server tell a half-close from a full one before it sends?" "shutdown(2)"
  local client
  choose_client client
  start_server close 2
  peer <<END
    set-source $client
    connect $ADDR:$PORT
    send hello
    close

    set-source $ADDR
    connect $ADDR:$PORT
    send 123
    shutdown
    expect 3 bytes\n
    expect-end
END
  wait_for_lines 3
  assert_output_matches "listening on .*" "(closed|reset by) ${client//./\\.} after 5 bytes" "closed .* after 3 bytes"
}

# bats test_tags=points:3
@test "the reply is whole when send takes only a part of it" {
  help "What does send return, and who sends the rest?" "send(2)"
  peer make-random in 1025
  SHIM='recv=7 send=3' start_server close 100
  peer <<END
    connect $ADDR:$PORT
    send-file in
    shutdown
    expect 1025 bytes\n
    expect-end
END
}

# bats test_tags=points:3
@test "a signal changes no count" {
  help "What do accept, recv and send return when a signal has interrupted them, what is errno then, is the next call interrupted, too, and who sets the handler?" "signal(7)"
  requires_test "a client that has sent nothing yet is accepted"
  requires_test "uses no processor time while a client keeps it waiting"
  requires_test "the reply is whole when send takes only a part of it"
  # A reply fits into any buffer, so no signal finds send asleep: it is told that one came.
  SHIM="eintr interrupted=3 recv=9 send=9 seed=$SEED" start_server close 100
  # In accept, too: before the first client, and before the next.
  peer <<END
    wait-asleep
    signal USR2
    wait-asleep
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    signal USR2
    wait-asleep
    send hello
    wait-read
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    signal STOP
    signal CONT
    wait-asleep
    send more
    shutdown
    expect 9 bytes\n
    expect-end
    wait-asleep
    signal USR2
    wait-asleep
    connect $ADDR:$PORT
    set-random-pieces 9 USR2
    send as many bytes as there are
    shutdown
    expect 26 bytes\n
    expect-end
END
  assert_server_keeps_handler close 1
}

# bats test_tags=points:2
@test "sets no time limit for its clients" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  requires_test "a client that has sent nothing yet is accepted"
  requires_test "replies when the client has finished, not before"
  BUILD=plain CLOCK=$FASTER_CLOCK start_server close 100
  # It waits for a client, for the first byte, and for the end.
  peer <<END
    $FOUR_HOURS
    connect $ADDR:$PORT
    wait-accepted
    $FOUR_HOURS
    send hello
    wait-read
    $FOUR_HOURS
    shutdown
    expect 5 bytes\n
    expect-end
END
}

# bats test_tags=points:1
@test "COUNT clients are served, in their order, then it ends with exit status 0" {
  help "When does the loop over the clients end, is one served while another is still there, and can a signal end the wait for one?" "accept(2)"
  requires_test "a client that has sent nothing yet is accepted"
  requires_test "uses no processor time while a client keeps it waiting"
  SHIM=eintr start_server close 2
  peer <<END
    connect $ADDR:$PORT
    use-connection 1
    connect $ADDR:$PORT
    send 1
    shutdown
    use-connection 0
    wait-accepted
    wait-asleep
    # A process that waits for another is woken, too.
    signal USR2
    wait-asleep
    use-connection 1
    expect-nothing
    use-connection 0
    send 22
    shutdown
    expect 2 bytes\n
    expect-end
    use-connection 1
    expect 1 bytes\n
    expect-end
END
  assert_exit 0
}

# bats test_tags=points:1
@test "at least five clients may wait in its queue, whatever COUNT is" {
  help "How many clients may wait, by your call of listen?" "listen(2)"
  requires_test "a client that has sent nothing yet is accepted"
  requires_test "uses no processor time while a client keeps it waiting"
  start_server close 2
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    expect-backlog-at-least 5
    shutdown
    expect 0 bytes\n
    expect-end
    wait-asleep
    expect-backlog-at-least 5
END
}

# bats test_tags=points:1
@test "COUNT 0 serves for ever" {
  help "Which COUNT has no end, does your loop know it, does any COUNT fit into its type, and what is kept of each of 256 clients?" "accept(2)"
  local count clients more
  for count in 65537 0 256; do
    new_address
    clients=''
    for _ in {1..5}; do
      clients+="
        connect $ADDR:$PORT
        shutdown
        expect 0 bytes\n
        expect-end"
    done
    # One of them is lost.
    clients+="
      connect $ADDR:$PORT
      send 1
      wait-read
      wait-asleep
      abort
      $clients"
    PROCESSES=400 DEADLINE=120 start_server close "$count"
    peer <<END
      $clients

      wait-asleep
      wait-listening
END
    case $count in
      0) more=100 ;;
      256) more=245 ;;
      *) continue ;;
    esac
    quick_clients "$more" "$ADDR:$PORT" "shutdown
      expect 0 bytes\n"
    peer <<END
      hide-steps
      $REPLY
END
  done
  assert_exit 0
  # A COUNT above its limit is refused, or served; it is not taken for 1.
  for count in 4294967297 18446744073709551617; do
    new_address
    start_with_address close "$count"
    if try_peer wait-listening; then
      peer <<END
        connect $ADDR:$PORT
        shutdown
        expect 0 bytes\n
        expect-end
        wait-asleep
        wait-listening
END
    else
      assert_fails 2 usage
    fi
  done
}

# bats test_tags=points:1
@test "40 clients need no more descriptors than one" {
  help "Which call gives a descriptor back: shutdown or close? Is it reached on every way out, and once?" "close(2)"
  requires_test "a client that has sent nothing yet is accepted"
  local clients=''
  for _ in {1..20}; do
    clients+="
      connect $ADDR:$PORT
      send 1
      shutdown
      expect 1 bytes\n
      expect-end"
    clients+="
      connect $ADDR:$PORT
      send 1
      wait-accepted
      abort"
  done
  # These are lost before they send anything.
  for _ in {1..9}; do
    clients+="
      connect $ADDR:$PORT
      wait-accepted
      abort"
  done
  # These are lost when they are answered.
  for _ in {1..9}; do
    clients+="
      connect $ADDR:$PORT
      wait-accepted
      wait-asleep
      signal STOP
      send 1
      shutdown
      abort
      signal CONT"
  done
  SHIM=spare-fds=8 start_server close 0
  peer <<END
    $clients
END
  # Each connection is closed once, not twice.
  can_trace || return 0
  new_address
  TRACE=accept,accept4,close start_server close 2
  peer <<END
    connect $ADDR:$PORT
    send 1
    wait-accepted
    abort

    connect $ADDR:$PORT
    shutdown
    expect 0 bytes\n
    expect-end
END
  assert_exit 0
  assert_closed_once
}

# bats test_tags=points:1
@test "each line leaves the program as it is printed" {
  help "Does a line leave the program at once when standard output is a pipe?" "setvbuf(3)"
  requires_test "a client that has sent nothing yet is accepted"
  start_server close 100
  peer <<END
    wait-lines 1
    connect $ADDR:$PORT
    send 1
    shutdown
    expect 1 bytes\n
    expect-end
    wait-lines 2

    connect $ADDR:$PORT
    wait-accepted
    abort
    wait-lines 3
END
}

# bats test_tags=points:1
@test "a port in TIME_WAIT is used again at once, a port in use is refused" {
  help "Which socket option lets a server come back while old connections time out?" "socket(7)"
  requires_test "a client that has sent nothing yet is accepted"
  start_server close 1
  # It ends before its client: the kernel keeps the connection at this address.
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    signal KILL
    expect-end
    close
END
  end_all
  start_server close 1
  assert_refuses_port_in_use close 1
}

# bats test_tags=points:1
@test "out of descriptors: the call that fails is named, exit status 1; or it waits, asleep" {
  help "What do socket and accept return when there is no descriptor left, and what changes before the next call?" "accept(2)"
  assert_checks_descriptors close 1
  new_address
  assert_checks_full_table close 1
}

# bats test_tags=points:1
@test "another call that fails is named, exit status 1" {
  help "Do you look at what each call returns before you go on, and after which errors is accept called again at once?" "errno(3)"
  requires strace
  assert_checks_calls close 1
}

# bats test_tags=points:1
@test "numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  requires_test "a client that has sent nothing yet is accepted"
  BUILD=plain start_holding_port close 127.0.0.1 PORT 1
  peer <<END
    wait-listening-at 127.0.0.1:$PORT
    connect 127.0.0.1:$PORT
    shutdown
    expect 0 bytes\n
    expect-end
END
  assert_exit 0
  assert_output_matches "listening on 127\.0\.0\.1:$PORT" 'closed 127\.0\.0\.1:[0-9]+ after 0 bytes'
  choose_named_port
  random_address
  BUILD=plain start_server close 1
  peer <<END
    set-source $REPLY:$PORT
    connect $ADDR:$PORT
    wait-accepted
    abort
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" "reset by $REPLY:$PORT after 0 bytes"
}

# bats test_tags=points:1
@test "a name that cannot be resolved, an address of another machine" {
  help "Which call failed: the look-up of the name, or bind?" "getaddrinfo(3)"
  requires foreign-address
  start close "$NO_HOST" "$PORT" 1
  start close 192.0.2.1 "$PORT" 1
  assert_fails 1 bind 'Cannot assign requested address'
  use_program 0
  assert_fails_to_resolve "$NO_HOST"
}

# bats test_tags=points:1
@test "PORT 0, and an empty HOST as every interface" {
  help "Who knows which port it is, and which address stands for all of this machine's?" "ip(7)"
  local client
  start close "$ADDR" 0 1
  peer <<END
    wait-listening
    wait-lines 1
END
  assert_output_matches "listening on ${ADDR//./\\.}:[1-9][0-9]*"
  printed_address
  peer <<END
    wait-listening-at $REPLY
    connect $REPLY
    shutdown
    expect 0 bytes\n
    expect-end
END
  choose_client client
  start_holding_port close "" PORT 1
  peer <<END
    wait-listening
    set-source $client
    connect $ADDR:$PORT
    send 1
    shutdown
    expect 1 bytes\n
    expect-end
END
  wait_for_lines 2
  assert_output_matches "listening on (0\.0\.0\.0|\[::\]):$PORT" "closed ${client//./\\.} after 1 bytes"
}

# bats test_tags=points:1
@test "a name with an IPv6 and an IPv4 address: serves the IPv4 one" {
  help "Which entry of the list do you take, when the first is an IPv6 address, and do you try another one when bind fails?" "getaddrinfo(3)"
  requires nss-wrapper
  start_with_both_families close HOST "$PORT" 1
  peer wait-listening-at "$ADDR:$PORT"
  # The IPv4 address is taken now. The other one is none of its choices.
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start close both.test "$PORT" 1
  assert_fails 1 'Address already in use'
}

# bats test_tags=points:1
@test "HOST ::1: serves an IPv6 client, or says that it cannot use IPv6" {
  help "Has the address variable room for IPv6, does the length that you pass say so, and how is such an address with a port written?" "ipv6(7)"
  requires_test "a client that has sent nothing yet is accepted"
  requires ipv6
  # ::1 in another form, which must not be printed as it is.
  local long=0:0:0:0:0:0:0:1
  start_holding_port close "$long" PORT 2
  if try_peer wait-listening; then
    peer <<END
      wait-listening-at [::1]:$PORT
      connect [::1]:$PORT
      send hello
      shutdown
      expect 5 bytes\n
      expect-end

      connect [::1]:$PORT
      wait-accepted
      abort
END
    assert_exit 0
    assert_output_matches "listening on \[::1\]:$PORT" 'closed \[::1\]:[0-9]+ after 5 bytes' \
      'reset by \[::1\]:[0-9]+ after 0 bytes'
  else
    assert_fails 1 "$long"
  fi
}

# bats test_tags=points:1
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtol(3)"
  local bad
  queue_usage_error close --help
  queue_usage_error close HOST "$PORT"
  queue_usage_error close HOST "$PORT" 1 2
  for bad in "${WRONG_PORTS[@]}"; do
    queue_usage_error close HOST "$bad" 1
  done
  for bad in "${WRONG_COUNTS[@]}"; do
    queue_usage_error close HOST "$PORT" "$bad"
  done
  assert_queued_usage_errors
  choose_highest_port
  start_server close 1000000
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings close
}

valgrind_run_of_close() {
  local lost='' count=3
  # This one is lost when it is answered.
  if ! has_failed "a client that aborts before the reply does not kill it, and is reported"; then
    lost="
      connect $ADDR:$PORT
      wait-accepted
      wait-asleep
      signal STOP
      send hello
      shutdown
      abort
      signal CONT"
    count=4
  fi
  # A name with two addresses: the whole list has to be freed, wherever its IPv4 address is.
  choose_host "a name with an IPv6 and an IPv4 address: serves the IPv4 one" ::1
  PRELOAD=${NSS:-} VARS=${HOSTS:-} start close "$HOST" "$PORT" "$count"
  # Such names may not reach it.
  try_peer wait-listening-at "$ADDR:$PORT" || start_server close "$count"
  peer <<END
    connect $ADDR:$PORT
    send hello
    shutdown
    expect 5 bytes\n
    expect-end

    connect $ADDR:$PORT
    send hello
    wait-read
    abort

    $lost

    connect $ADDR:$PORT
    shutdown
    expect 0 bytes\n
    expect-end
END
  assert_exit 0
}

# bats test_tags=points:1
@test "valgrind: no heap block is left" {
  help "Is what you allocate for a client freed, also when the client was lost? And all that getaddrinfo allocated?" "free(3)"
  read_valgrind_report close
  assert_no_block_left
}

# bats test_tags=points:2
@test "valgrind: no descriptor is left open" {
  help "Are the listening socket and each client's descriptor closed before the program ends?" "close(2)"
  read_valgrind_report close
  assert_no_descriptor_left
}

# bats test_tags=points:2
@test "valgrind: no memory error" {
  help "Is a descriptor closed once, and no byte read that was never set?" "valgrind(1)"
  read_valgrind_report close
  assert_no_invalid_access
}
