#!/usr/bin/env bats
# Lab 09, the echo loop: everything that a submission is judged by.
# tests/kit/README.md lists the words of these tests; points are in tenths, 100
# in all.
load ../../kit/kit
programs echo-server echo-client

# bats test_tags=points:5
@test "echo-server: does the basic job: answers each message until end-of-file" {
  help "What is sent for each piece that recv returns, when does the loop end, and what makes close send a reset instead of an end?" "recv(2)"
  start_server echo-server 1
  peer <<END
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    wait-asleep
    expect-nothing
    send two words
    expect Echo=>two words
    shutdown
    expect-eof
END
}

# bats test_tags=points:4
@test "echo-server: prints where it listens and who connects, at once; ends after COUNT" {
  help "Whose address is in the line, the server's or the client's, and when does it leave the program?" "accept(2)"
  start_server echo-server 2
  random_address
  peer <<END
    wait-lines 1
    set-source $REPLY:$PORT
    connect $ADDR:$PORT
    wait-lines 2
    use-connection 1
    set-source $REPLY:$((PORT - 1))
    connect $ADDR:$PORT
    use-connection 0
    shutdown
    expect-eof
    use-connection 1
    wait-lines 3
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" "connected by $REPLY:$PORT" "connected by $REPLY:$((PORT - 1))"
}

# bats test_tags=points:3
@test "echo-server: sends back every byte of every client, whatever they are" {
  help "How many bytes came, and do you send exactly these?" "send(2)"
  local size clients=''
  for size in 65537 1 6 4099 1023; do
    clients+="
      make-random $size $size
      connect $ADDR:$PORT
      exchange $size $size"
  done
  start_server echo-server 6
  peer <<END
    connect $ADDR:$PORT
    shutdown
    expect-eof

    ignore Echo=>
    $clients
END
  assert_exit 0
}

# bats test_tags=points:3
@test "echo-server: answers each piece by itself, with nothing but the mark before it" {
  help "Do you wait for anything more than what one recv returned, and is any piece special?" "recv(2)"
  local word words=''
  load_magic_words
  for word in "${MAGIC_WORDS[@]}"; do
    words+="
      send $word
      expect Echo=>$word
      send $word\r\n
      expect Echo=>$word\r\n
      send $word\n
      expect Echo=>$word\n"
  done
  start_server echo-server 1
  peer <<END
    expect-promptly
    connect $ADDR:$PORT
    set-piece-size 3
    send abcdefg\n
    expect Echo=>abcEcho=>defEcho=>g\n
    set-piece-size 0
    send \n
    expect Echo=>\n
    send \r\n
    expect Echo=>\r\n
    $words
    send \0\xff%n\0
    expect Echo=>\0\xff%n\0
    wait-asleep
    expect-nothing
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:3
@test "echo-server: receives 1024 bytes at a time" {
  help "How much room does your recv have, and what stands in the buffer besides?" "recv(2)"
  start_server echo-server 1
  # Of 1025 bytes that come together the last is answered by itself.
  peer make-random 1024 1024
  printf x | cat "$TEST_DIR/1024" - >"$TEST_DIR/1025"
  peer <<END
    connect $ADDR:$PORT
    send-file 1025
    expect Echo=>
    expect-file 1024
    expect Echo=>x
    send-file 1024
    expect Echo=>
    expect-file 1024
    wait-asleep
    expect-nothing
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:4
@test "echo-server: nothing is lost when recv and send do only a part" {
  help "What does send return, and what is left to send then?" "send(2)"
  SHIM='recv=7 send=3' start_server echo-server 1
  peer <<END
    make-random in 1025
    ignore Echo=>
    set-random-pieces 99 none
    connect $ADDR:$PORT
    exchange in in
END
  assert_exit 0
  # The mark itself can be cut: then it is its rest that comes next.
  new_address
  SHIM='send=4' start_server echo-server 1
  peer <<END
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    send world
    expect Echo=>world
    shutdown
    expect-eof
END
}

# bats test_tags=points:2
@test "echo-server: the mark and the bytes leave with one call" {
  help "How can one call send two buffers, or one buffer hold both?" "sendmsg(2)"
  requires strace
  local full
  printf -v full '%01024d' 0
  # The program is strace's child here: its first line tells that it listens.
  TRACE='/^(send|p?write)' start_with_address echo-server 1
  peer <<END
    wait-lines 1
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    send $full
    expect Echo=>$full
    shutdown
    expect-eof
END
  assert_exit 0
  assert_one_call_sends 'Echo=>' hello
  assert_one_call_sends 'Echo=>' "$full"
}

# bats test_tags=points:2
@test "echo-server: without COUNT it serves for ever, and sleeps meanwhile" {
  help "What is COUNT when it is not given, and what does 0 mean?" "accept(2)"
  start_server echo-server
  peer <<END
    connect $ADDR:$PORT
    send a
    expect Echo=>a
    shutdown
    expect-eof

    connect $ADDR:$PORT
    send b
    expect Echo=>b
    wait-asleep
    expect-idle
    abort

    connect $ADDR:$PORT
    send c
    expect Echo=>c
    shutdown
    expect-eof
    wait-asleep
END
  new_address
  start_server echo-server 0
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    abort

    connect $ADDR:$PORT
    shutdown
    expect-eof
    wait-asleep
END
}

# bats test_tags=points:1
@test "echo-server: five clients wait in its queue, and are served in order" {
  help "How many clients may wait, by your call of listen?" "listen(2)"
  start_server echo-server 6
  random_address
  local i clients='' answers='' lines=("listening on $ADDR:$PORT" "connected by $REPLY:$PORT")
  for i in 1 2 3 4 5; do
    clients+="
      use-connection $i
      set-source $REPLY:$((PORT - i))
      connect $ADDR:$PORT
      send $i"
    answers+="
      use-connection $i
      expect Echo=>$i
      shutdown
      expect-eof"
    lines+=("connected by $REPLY:$((PORT - i))")
  done
  peer <<END
    set-source $REPLY:$PORT
    connect $ADDR:$PORT
    wait-accepted
    $clients

    wait-asleep
    use-connection 1
    expect-nothing
    use-connection 0
    shutdown
    expect-eof

    $answers
END
  assert_exit 0
  assert_output "${lines[@]}"
  # The room is no matter of COUNT.
  new_address
  start_server echo-server 1
  peer <<END
    wait-asleep
    expect-backlog-at-least 5
END
}

# bats test_tags=points:3
@test "echo-server: survives clients that reset or leave" {
  help "What do the results 0 and -1 of recv mean, which errors of accept are about one client, do they end the server, and does a lost client count?" "recv(2)"
  random_address
  SHIM=aborted=1 start_server echo-server 7
  # The first has reset before it is accepted.
  peer <<END
    signal STOP
    set-source $REPLY:$PORT
    connect $ADDR:$PORT
    abort
    signal CONT
    set-source $ADDR
    connect $ADDR:$PORT
    wait-accepted
    abort

    connect $ADDR:$PORT
    close

    connect $ADDR:$PORT
    send x
    expect Echo=>x
    abort

    make-random in 4099
    connect $ADDR:$PORT
    send-file in
    close

    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    shutdown
    expect-eof

    connect $ADDR:$PORT
    wait-accepted
    abort
END
  assert_exit 0
  assert_output_matches 'listening on .*' "connected by ${REPLY//./\\.}:$PORT" 'connected by .*' 'connected by .*' \
    'connected by .*' 'connected by .*' 'connected by .*' 'connected by .*'
  # A connection that breaks by itself. A server that forks may lose both clients so.
  new_address
  BUILD=plain SHIM=timedout=1 start_server echo-server 2
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    close

    connect $ADDR:$PORT
    close
END
  assert_exit 0
}

# bats test_tags=points:2
@test "echo-server: survives a client that is gone while it is answered" {
  help "Which signal ends a program that sends to a connection that is gone, and does such a client count?" "send(2)"
  SHIM=send=3 start_server echo-server 2
  peer <<END
    make-random in 65537
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    signal STOP
    send-file in
    close
    signal CONT
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:3
@test "echo-server: signals, a stop and a continue lose and repeat nothing" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  SHIM=eintr start_server echo-server 3
  peer <<END
    wait-asleep
    signal USR2
    wait-asleep
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    signal USR2
    wait-asleep
    signal STOP
    signal CONT
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  peer <<END
    make-random words 26
    make-random none 0
    ignore Echo=>
    connect $ADDR:$PORT
    set-random-pieces 9 USR2
    send-file words
    exchange none words
END
  # Of this client's answers few fit into the buffers: the server sleeps in send.
  peer <<END
    make-random in 131072
    ignore Echo=>
    set-rcvbuf 4096
    set-sndbuf 200000
    set-mss 536
    connect $ADDR:$PORT
    send-file in
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    exchange none in
END
  assert_exit 0
  assert_server_keeps_handler echo-server 1
}

# bats test_tags=points:2
@test "echo-server: sets no time limit for its clients" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  requires_test "echo-server: sends back every byte of every client, whatever they are"
  peer <<END
    make-random in 131072
    make-random none 0
END
  BUILD=plain CLOCK=$FASTER_CLOCK start_server echo-server 100
  # It waits for a client, for each of two messages, and for room.
  peer <<END
    $FOUR_HOURS
    connect $ADDR:$PORT
    wait-accepted
    $FOUR_HOURS
    send hello
    expect Echo=>hello
    $FOUR_HOURS
    send world
    expect Echo=>world
    shutdown
    expect-eof

    ignore Echo=>
    set-rcvbuf 4096
    set-sndbuf 200000
    set-mss 536
    connect $ADDR:$PORT
    send-file in
    $FOUR_HOURS
    exchange none in
END
}

# bats test_tags=points:1
@test "echo-server: its open descriptors do not grow with the clients" {
  help "On which ways out of serving a client is the connection not closed, is 0 a descriptor, do COUNT and the number of clients fit into their types, and is there room for so many?" "close(2)"
  local clients=''
  # The second is gone before its answer: EPIPE. The third resets: recv fails.
  for _ in {1..11}; do
    clients+="
      connect $ADDR:$PORT
      shutdown
      expect-eof

      signal STOP
      connect $ADDR:$PORT
      send x
      shutdown
      abort
      signal CONT

      connect $ADDR:$PORT
      wait-accepted
      abort

      connect $ADDR:$PORT
      send x
      abort"
  done
  # With these there are 257, more than a byte counts.
  quick_clients 213 "$ADDR:$PORT" $'shutdown\nexpect-eof'
  STDIN=closed SHIM=spare-fds=8 start_server echo-server 257
  peer <<END
    hide-steps
    $clients
    $REPLY
END
  assert_exit 0
  new_address
  BUILD=plain start_server echo-server 65537
  peer <<END
    connect $ADDR:$PORT
    shutdown
    expect-eof

    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
}

# bats test_tags=points:1
@test "echo-server: out of descriptors: the call that fails is named, exit status 1; or it waits, asleep" {
  help "What do socket and accept return when there is no descriptor left, and what changes before the next call?" "accept(2)"
  assert_checks_descriptors echo-server 1
}

# bats test_tags=points:1
@test "echo-server: another call that fails is named, exit status 1" {
  help "Do you look at what each call returns before you go on, and after which errors is accept called again at once?" "errno(3)"
  requires strace
  assert_checks_calls echo-server 1
}

# bats test_tags=points:1
@test "echo-server: closes each connection once" {
  help "Which lines of the program close the connection, and can one client meet two of them?" "close(2)"
  requires strace
  # The program is strace's child here: its first line tells that it listens.
  BUILD=plain TRACE=accept,accept4,close start_with_address echo-server 2
  peer <<END
    wait-lines 1
    connect $ADDR:$PORT
    send x
    expect Echo=>x
    abort

    connect $ADDR:$PORT
    shutdown
    expect-eof
END
  assert_exit 0
  assert_closed_once
}

# bats test_tags=points:2
@test "echo-server: a port in use is refused, one in TIME_WAIT is not" {
  help "Which socket option lets a server come back while old connections time out?" "socket(7)"
  peer leave-time-wait "$ADDR:$PORT"
  start_server echo-server 1
  assert_refuses_port_in_use echo-server
}

# bats test_tags=points:1
@test "echo-server: an empty HOST, a name that does not resolve, PORT 0" {
  help "Which address stands for all of this machine's, who says why a name has no address, and who knows which port 0 became?" "getaddrinfo(3)"
  start echo-server "$NO_HOST" "$PORT"
  assert_fails_to_resolve "$NO_HOST"
  assert_odd_names_fail echo-server HOST "$PORT" 1
  start_holding_port echo-server "" PORT 1
  peer <<END
    wait-listening
    set-source $ADDR
    connect 127.0.0.1:$PORT
    send x
    expect Echo=>x
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output_matches "listening on (0\.0\.0\.0|\[::\]):$PORT" "connected by ${ADDR//./\\.}:[1-9][0-9]*"
  start echo-server "$ADDR" 0
  peer <<END
    wait-listening
    wait-lines 1
END
  assert_output_matches "listening on ${ADDR//./\\.}:[1-9][0-9]*"
  requires foreign-address
  start echo-server 192.0.2.1 "$PORT"
  assert_fails 1 bind 'Cannot assign requested address'
}

# bats test_tags=points:1
@test "echo-server: numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  BUILD=plain start_holding_port echo-server 127.0.0.1 PORT 1
  peer <<END
    wait-listening-at 127.0.0.1:$PORT
    connect 127.0.0.1:$PORT
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output_matches "listening on 127\.0\.0\.1:$PORT" 'connected by 127\.0\.0\.1:[0-9]+'
  choose_named_port
  random_address
  BUILD=plain start_server echo-server 1
  peer <<END
    set-source $REPLY:$PORT
    connect $ADDR:$PORT
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" "connected by $REPLY:$PORT"
}

# bats test_tags=points:1
@test "echo-server: a name with an IPv6 and an IPv4 address: serves the IPv4 one" {
  help "Which entry of the list do you take, when the first is an IPv6 address, and when the IPv4 one is in use?" "getaddrinfo(3)"
  requires nss-wrapper
  start_with_both_families echo-server HOST "$PORT" 1
  peer wait-listening-at "$ADDR:$PORT"
  # It takes no other address when this one is in use.
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start echo-server both.test "$PORT" 1
  assert_fails 1 'Address already in use'
  assert_error_one_of bind listen
}

# bats test_tags=points:1
@test "echo-server: HOST ::1: serves the IPv6 loopback, or says that it cannot use it" {
  help "Is there room for an IPv6 address, and how is one written with a port?" "ipv6(7)"
  requires ipv6
  start_holding_port echo-server ::1 PORT 1
  if try_peer wait-listening; then
    peer <<END
      wait-listening-at [::1]:$PORT
      connect [::1]:$PORT
      send x
      expect Echo=>x
      shutdown
      expect-eof
END
    assert_exit 0
    assert_output_matches "listening on \[::1\]:$PORT" "connected by \[::1\]:[1-9][0-9]*"
  else
    assert_fails 1 ::1
  fi
}

# bats test_tags=points:2
@test "echo-server: a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtol(3)"
  assert_usage_error echo-server
  assert_usage_error echo-server --help
  assert_usage_error echo-server HOST "$PORT" 1 2
  local bad
  for bad in "${WRONG_PORTS[@]}"; do assert_usage_error echo-server HOST "$bad"; done
  for bad in "${WRONG_COUNTS[@]}"; do assert_usage_error echo-server HOST "$PORT" "$bad"; done
  for bad in 4294967297 18446744073709551617; do
    BUILD=plain assert_count_does_not_wrap echo-server "$bad"
  done
  choose_highest_port
  start_server echo-server 1000000
}

# bats test_tags=points:1
@test "echo-server: compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings echo-server
}

valgrind_run_of_echo_server() {
  start_server echo-server 3
  peer <<END
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    shutdown
    expect-eof

    connect $ADDR:$PORT
    send x
    abort

    make-random in 1025
    ignore Echo=>
    connect $ADDR:$PORT
    exchange in in
END
  assert_exit 0
}

# bats test_tags=points:1
@test "echo-server: valgrind: no heap block is left" {
  help "Which call gives back what was allocated?" "free(3)"
  read_valgrind_report echo-server
  assert_no_block_left
}

# bats test_tags=points:2
@test "echo-server: valgrind: no descriptor is left open" {
  help "On which way out of serving a client is its socket not closed?" "close(2)"
  read_valgrind_report echo-server
  assert_no_descriptor_left
}

# bats test_tags=points:1
@test "echo-server: valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report echo-server
  assert_no_invalid_access
}

# bats test_tags=points:6
@test "echo-client: does the basic job: sends a message and takes its answer" {
  help "Which bytes are sent, and when is the answer complete?" "recv(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    wait-asleep
    send Echo=>hello
    expect-eof
END
  start_with_address echo-client hello
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:3
@test "echo-client: prints the answer; without MESSAGE it sends Hello network world" {
  help "Is the line exactly as the handout has it, does it leave the program at once, and what is argc when there is no MESSAGE?" "printf(3)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect Hello network world
    send Echo=>Hello network world
    wait-ended
    expect-eof
END
  # The server does not close: the client ends by itself.
  start_with_address echo-client
  wait_for_peer
  assert_exit 0
  assert_output "Client received: 'Echo=>Hello network world'"
  # Each line comes at once, not at the end.
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect one
    send Echo=>one
    expect two
    stay
END
  start_with_address echo-client one two
  peer wait-lines 1
  assert_output "Client received: 'Echo=>one'"
}

# bats test_tags=points:4
@test "echo-client: sends each message after the answer to the one before" {
  help "Do you wait for each answer before you send the next message, and is any MESSAGE special, such as one that begins with -?" "recv(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect-promptly
    expect one
    wait-asleep
    expect-nothing
    send Echo=>one
    expect two words
    wait-asleep
    expect-nothing
    send Echo=>two words
    expect 3
    send Echo=>3
    expect-eof
END
  start_with_address echo-client one 'two words' 3
  wait_for_peer
  assert_exit 0
  assert_output "Client received: 'Echo=>one'" "Client received: 'Echo=>two words'" "Client received: 'Echo=>3'"
  # Messages that others take for commands.
  local text message messages=(--) lines=("Client received: 'Echo=>--'") words="
      expect --
      send Echo=>--"
  load_magic_words
  for text in "${MAGIC_MESSAGES[@]}" "${MAGIC_MESSAGES[@]}"; do
    printf -v message '%b' "$text"
    messages+=("$message")
    words+="
      expect $text
      send Echo=>$text"
    lines+=("Client received: 'Echo=>$message'")
  done
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    $words
    expect-eof
END
  start_with_address echo-client "${messages[@]}"
  wait_for_peer
  assert_exit 0
  assert_output "${lines[@]}"
}

# bats test_tags=points:4
@test "echo-client: takes an answer that comes byte by byte" {
  help "How many bytes does the answer have, and how many has recv returned so far?" "recv(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    allow-unread
    accept
    expect hello
    set-piece-size 1
    send Echo=>hell
    set-piece-size 0
    send o
    expect-eof
END
  start_with_address echo-client hello
  wait_for_peer
  assert_exit 0
  assert_output "Client received: 'Echo=>hello'"
}

# bats test_tags=points:2
@test "echo-client: takes no more than its answer when two come together" {
  help "How many bytes may recv give you: all that have come, or those that are missing?" "recv(2)"
  # The second comes with the end of the first.
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    allow-unread
    accept
    expect one
    send Echo=>o
    wait-read
    wait-asleep
    send neEcho=>three
    expect three
    expect-eof
END
  start_with_address echo-client one three
  wait_for_peer
  assert_exit 0
  assert_output "Client received: 'Echo=>one'" "Client received: 'Echo=>three'"
}

# bats test_tags=points:3
@test "echo-client: prints the bytes as they came, whatever they are" {
  help "How does a byte of value 0 leave the program?" "fwrite(3)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect abcdef
    send \0\xff%s%n\n\0\0\0\0\0
    expect-eof
END
  start_with_address echo-client abcdef
  wait_for_peer
  assert_exit 0
  printf "Client received: '\0\xff%%s%%n\n\0\0\0\0\0'\n" >"$TEST_DIR/expected"
  assert_output_file "$TEST_DIR/expected"
}

# bats test_tags=points:2
@test "echo-client: a message may have 1024 bytes" {
  help "How much room does the longest answer need, and is 0 a descriptor?" "recv(2)"
  local message
  printf -v message '%01024d' 7
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect $message
    send Echo=>$message
    expect-eof
END
  STDIN=closed start_with_address echo-client "$message"
  wait_for_peer
  assert_exit 0
  assert_output "Client received: 'Echo=>$message'"
}

# bats test_tags=points:3
@test "echo-client: nothing is lost when recv and send do only a part" {
  help "What does send return, and what is left to send then?" "send(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect Hello network world
    send Echo=>Hello network world
    expect-eof
END
  SHIM='recv=7 send=3' start_with_address echo-client
  wait_for_peer
  assert_exit 0
  assert_output "Client received: 'Echo=>Hello network world'"
}

# bats test_tags=points:4
@test "echo-client: a server that closes or resets before the whole answer" {
  help "What does recv return when the other side has closed, what when it has reset, and when does it set errno?" "recv(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    send Echo=>hell
    close
END
  start_with_address echo-client hello
  wait_for_peer
  assert_fails 1 recv closed
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    wait-asleep
    signal USR2
    wait-asleep
    close
END
  SHIM=eintr start_with_address echo-client hello
  wait_for_peer
  assert_fails 1 recv closed
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    abort
END
  start_with_address echo-client hello
  wait_for_peer
  assert_fails 1 'Connection reset by peer'
  assert_error_one_of recv read
}

# bats test_tags=points:2
@test "echo-client: a server that is gone before the next message is an error" {
  help "Which signal ends a program that sends to a connection that is gone, and does the message name the call and its reason?" "send(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect one
    wait-asleep
    signal STOP
    send Echo=>one
    shutdown
    abort
    signal CONT
END
  start_with_address echo-client one two
  wait_for_peer
  assert_exit 1
  assert_error_one_of send recv write read
  assert_error_one_of closed 'Broken pipe' 'Connection reset by peer' 'not connected'
  assert_output "Client received: 'Echo=>one'"
}

# bats test_tags=points:2
@test "echo-client: nobody listens, or nobody has that name" {
  help "Does every call that can fail say its name and the reason?" "connect(2)"
  start_with_address echo-client hello
  assert_fails 1 connect 'Connection refused'
  new_address
  BUILD=plain SHIM=unreachable=1 start_with_address echo-client hello
  assert_fails 1 connect 'Network is unreachable'
  start echo-client "$NO_HOST" "$PORT"
  assert_fails_to_resolve "$NO_HOST"
  assert_odd_names_fail echo-client HOST "$PORT" hello
}

# bats test_tags=points:1
@test "echo-client: tries every address that a name has" {
  help "Which families do your hints ask for, and what do you do with the other addresses when one does not connect?" "getaddrinfo(3)"
  requires nss-wrapper
  local first=$ADDR other name
  random_address
  other=$REPLY
  write_hosts "$first one.test" "$other one.test" "$other two.test" "$first two.test"
  for name in one.test two.test; do
    start_peer <<END
      listen $ADDR:$PORT 5
      print ready
      accept
      expect hello
      send Echo=>hello
      expect-eof
END
    PRELOAD=$NSS VARS=$HOSTS start echo-client "$name" "$PORT" hello
    wait_for_peer
    assert_exit 0
  done
  # A machine without IPv6, and a network that is down: for the first address there is no
  # socket, for the second no route.
  write_hosts "::1 both.test" "$other both.test" "$ADDR both.test" "${other%.*}.255 both.test"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
    expect hello
    send Echo=>hello
    expect-eof
END
  BUILD=plain SHIM="no-ipv6 unreachable=1" PRELOAD=$NSS VARS=$HOSTS start echo-client both.test "$PORT" hello
  wait_for_peer
  assert_exit 0
  # One with it, and a server that is reached by IPv6 alone.
  has_ipv6 || return 0
  start_peer_on_ipv6 <<END
    accept
    expect hello
    send Echo=>hello
    expect-eof
END
  PRELOAD=$NSS VARS=$HOSTS start echo-client both.test "$PORT" hello
  wait_for_peer
  assert_exit 0
  BUILD=plain SHIM=no-ipv6 start echo-client ::1 "$PORT" hello
  assert_fails_without_ipv6
}

# bats test_tags=points:2
@test "echo-client: waits asleep; signals, a stop and a continue lose nothing" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    allow-unread
    accept
    expect hello
    wait-asleep
    signal USR2
    wait-asleep
    signal STOP
    signal CONT
    send Echo=>he
    wait-read
    wait-asleep
    signal USR2
    wait-asleep
    send llo
    expect world
    set-random-pieces 5 USR2
    send Echo=>world
    expect-eof
END
  SHIM="eintr recv=9 seed=$SEED" start_with_address echo-client hello world
  wait_for_peer
  assert_exit 0
  assert_output "Client received: 'Echo=>hello'" "Client received: 'Echo=>world'"
  # The same in connect, before a queue that is full until then: of a name with two addresses,
  # where that can be, the second.
  new_address
  random_address
  choose_host "echo-client: tries every address that a name has" "$REPLY"
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
    send Echo=>hello
    expect-eof
END
  SHIM=eintr PRELOAD=${NSS:-} VARS=${HOSTS:-} start echo-client "$HOST" "$PORT" hello
  wait_for_peer
  assert_exit 0
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
  SHIM=eintr start_with_address echo-client hello
  wait_for_peer
  assert_fails 1 connect 'Connection reset by peer'
  assert_client_keeps_handler echo-client hello
}

# bats test_tags=points:2
@test "echo-client: sets no time limit for its server" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  requires_test "echo-client: takes an answer that comes byte by byte"
  # It waits in connect, for an answer, and for the rest of one. If it naps meanwhile, its naps
  # are as short as all its time. After its last message it may have closed its side.
  start_peer <<END
    set-reuseport
    listen $ADDR:$PORT 0
    fill-queue
    print ready
    allow-unread
    allow-busy
    wait-connecting
    $FOUR_HOURS
    answer-connect
    expect hello
    $FOUR_HOURS
    send Echo=>he
    wait-read
    $FOUR_HOURS
    send llo
    expect world
    send Echo=>world
    expect-eof
END
  BUILD=plain CLOCK=$FASTER_CLOCK start_with_address echo-client hello world
  wait_for_peer
}

# bats test_tags=points:2
@test "echo-client: a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by the handout, and are all looked at before connect?" "strlen(3)"
  assert_usage_error echo-client
  assert_usage_error echo-client --help
  local bad
  for bad in "${WRONG_PORTS[@]}"; do assert_usage_error echo-client HOST "$bad"; done
  printf -v bad '%01025d' 7
  # The wrong MESSAGE may be the first, the last, or one between two.
  assert_usage_error echo-client a..b "$PORT" ''
  assert_usage_error echo-client a..b "$PORT" "$bad"
  assert_usage_error echo-client HOST "$PORT" '' hello
  assert_usage_error echo-client HOST "$PORT" hello '' world
  assert_usage_error echo-client HOST "$PORT" hello "$bad" world
  assert_usage_error echo-client HOST "$PORT" one two three "$bad"
  assert_usage_error echo-client HOST "$PORT" hello ''
  # Numbers that are in order, though nobody listens there.
  choose_highest_port
  BUILD=plain start echo-client "$ADDR" 0 hello
  assert_exit 1
  BUILD=plain start_with_address echo-client hello
  assert_exit 1
}

# bats test_tags=points:1
@test "echo-client: compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings echo-client
}

# By a name with two addresses, where that can be: the second one connects.
valgrind_run_of_echo_client() {
  random_address
  choose_host "echo-client: tries every address that a name has" "$REPLY"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    allow-unread
    accept
    expect hello
    set-piece-size 4
    send Echo=>hell
    set-piece-size 0
    send o
    expect world
    send Echo=>world
    expect-eof
END
  PRELOAD=${NSS:-} VARS=${HOSTS:-} start echo-client "$HOST" "$PORT" hello world
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:1
@test "echo-client: valgrind: no heap block is left" {
  help "Which line allocated the block that is named, and which call gives it back, as freeaddrinfo does for a list?" "freeaddrinfo(3)"
  read_valgrind_report echo-client
  assert_no_block_left
}

# bats test_tags=points:1
@test "echo-client: valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program?" "close(2)"
  read_valgrind_report echo-client
  assert_no_descriptor_left
}

# bats test_tags=points:1
@test "echo-client: valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report echo-client
  assert_no_invalid_access
}
