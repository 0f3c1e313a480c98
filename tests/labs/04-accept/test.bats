#!/usr/bin/env bats
# Lab 04, accept: everything that a submission is judged by. tests/kit/README.md
# lists the words of these tests; points are in tenths, 100 in all.
load ../../kit/kit
programs accept

# bats test_tags=points:20
@test "does the basic job: takes a client, closes its connection, sleeps until the next" {
  help "Which call takes a client out of the queue, and which ends its connection?" "accept(2)"
  start_server accept 2
  peer <<END
    connect $ADDR:$PORT
    expect-eof
    wait-asleep
    wait-listening
END
}

# bats test_tags=points:1
@test "uses no processor time while it waits for a client" {
  help "Which call sleeps until a client comes?" "accept(2)"
  start_server accept 100
  peer <<END
    wait-asleep
    expect-idle
    connect $ADDR:$PORT
    expect-eof
    wait-asleep
    expect-idle
END
}

# bats test_tags=points:1
@test "closes each connection at once" {
  help "What does your program do between accept and close, and can any of it sleep?" "close(2)"
  start_server accept 100
  peer <<END
    expect-promptly
    connect $ADDR:$PORT
    expect-eof

    use-connection 1
    connect $ADDR:$PORT
    expect-eof

    use-connection 2
    connect $ADDR:$PORT
    expect-eof
END
}

# bats test_tags=points:7
@test "prints the address and port of each client" {
  help "Which two arguments of accept bring the client's address, and in which byte order is its port?" "accept(2)"
  local one two
  choose_client one
  choose_client two
  start_server accept 2
  peer <<END
    set-source $one
    connect $ADDR:$PORT
    expect-eof

    use-connection 1
    set-source $two
    connect $ADDR:$PORT
    expect-eof
END
  wait_for_lines 3
  assert_output "listening on $ADDR:$PORT" "connected by $one" "connected by $two"
}

# bats test_tags=points:3
@test "each line leaves the program as it is printed" {
  help "Does a line leave the program at once when standard output is a pipe?" "setvbuf(3)"
  start_server accept 2
  peer <<END
    wait-lines 1
    connect $ADDR:$PORT
    expect-eof
    wait-lines 2
END
  assert_output_matches 'listening on .*' 'connected by .*'
}

# bats test_tags=points:6
@test "COUNT clients are served, then it ends with exit status 0" {
  help "Which descriptor does the next accept get, and how often has it returned a client when the loop ends?" "accept(2)"
  start_server accept 1
  peer <<END
    connect $ADDR:$PORT
    expect-eof
END
  assert_exit 0
  peer expect-refused "$ADDR:$PORT"
  new_address
  start_server accept 3
  peer <<END
    connect $ADDR:$PORT
    expect-eof

    use-connection 1
    connect $ADDR:$PORT
    expect-eof
    wait-asleep
    wait-listening
    use-connection 2
    connect $ADDR:$PORT
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:3
@test "COUNT 0 serves for ever" {
  help "Which COUNT has no end, does your loop know it, does any COUNT fit into its type, and what is kept of each of 256 clients?" "accept(2)"
  local count lines
  for count in 0 256; do
    new_address
    quick_clients "$((count ? 255 : 105))" "$ADDR:$PORT" expect-eof
    PROCESSES=400 DEADLINE=120 start_server accept "$count"
    peer <<END
      hide-steps
      $REPLY
      show-steps
      wait-asleep
      wait-listening
      connect $ADDR:$PORT
      expect-eof
END
  done
  assert_exit 0
  mapfile -t lines < <(yes 'connected by .*' | head -n 256)
  assert_output_matches 'listening on .*' "${lines[@]}"
}

# bats test_tags=points:6
@test "six clients that came while it was busy are served in their order" {
  help "Where do clients wait until accept takes them, and for how many is there room?" "listen(2)"
  local n client clients='' ends='' lines=()
  for n in {0..5}; do
    choose_client client
    clients+="
      use-connection $n
      set-source $client
      connect $ADDR:$PORT"
    ends+="
      use-connection $n
      expect-eof"
    client=${client%:*}
    lines+=("connected by ${client//./\\.}:.*")
  done
  start_server accept 6
  peer <<END
    signal STOP
    $clients

    signal CONT
    $ends
END
  wait_for_lines 7
  assert_output_matches 'listening on .*' "${lines[@]}"
  # The room is no matter of COUNT.
  new_address
  start_server accept 1
  peer <<END
    wait-asleep
    expect-backlog-at-least 5
END
}

# bats test_tags=points:6
@test "a client that resets before accept gets its line, and counts" {
  help "Who knows the address of a client that has gone already: accept or getpeername?" "accept(2)"
  local one two three
  choose_client one
  choose_client two
  choose_client three
  start_server accept 3
  peer <<END
    signal STOP
    set-source $one
    connect $ADDR:$PORT
    abort

    set-source $two
    connect $ADDR:$PORT
    close
    signal CONT
    set-source $three
    connect $ADDR:$PORT
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" "connected by $one" "connected by $two" "connected by $three"
}

# bats test_tags=points:5
@test "ECONNABORTED from accept does not count as a client and does not end it" {
  help "Which errors of accept are about one client that has gone, and not about your socket?" "accept(2)"
  SHIM="aborted=$((RANDOM % 3 + 18))" start_server accept 2
  peer <<END
    connect $ADDR:$PORT
    expect-eof

    use-connection 1
    connect $ADDR:$PORT
    expect-eof
END
  wait_for_lines 3
  assert_output_matches 'listening on .*' 'connected by .*' 'connected by .*'
}

# bats test_tags=points:5
@test "a signal that interrupts accept does not count as a client and does not end it" {
  help "What does accept return when a signal arrives while it sleeps, what is errno then, and who sets the handler?" "signal(7)"
  local n signals=''
  for ((n = RANDOM % 4 + 1; n >= 0; n--)); do
    signals+="
      wait-asleep
      signal USR2"
  done
  SHIM=eintr start_server accept 2
  peer <<END
    wait-asleep
    signal USR2
    wait-asleep
    signal STOP
    signal CONT
    wait-asleep
    connect $ADDR:$PORT
    expect-eof
    $signals
    wait-asleep
    use-connection 1
    connect $ADDR:$PORT
    expect-eof
END
  wait_for_lines 3
  assert_output_matches 'listening on .*' 'connected by .*' 'connected by .*'
  assert_server_keeps_handler accept 1
}

# bats test_tags=points:1
@test "a signal after ECONNABORTED does not end it either" {
  help "accept has failed and is called again: does the second failure meet the same questions as the first?" "accept(2)"
  requires_test "ECONNABORTED from accept does not count as a client and does not end it"
  requires_test "a signal that interrupts accept does not count as a client and does not end it"
  SHIM='aborted=1 eintr' start_server accept 1
  peer <<END
    wait-asleep
    signal USR2
    wait-asleep
    connect $ADDR:$PORT
    expect-eof
END
}

# bats test_tags=points:4
@test "a client that sends something or leaves at once harms nobody" {
  help "What happens to your program when a client does not behave?" "accept(2)"
  requires_test "six clients that came while it was busy are served in their order"
  local n clients=''
  # Who else comes, the seed chooses.
  for n in 3 4 5; do
    clients+="
      use-connection $n
      connect $ADDR:$PORT"
    case $((RANDOM % 4)) in
      0) clients+=$'\nabort' ;;
      1) clients+=$'\nclose' ;;
      2) clients+=$'\nshutdown' ;;
      3) clients+=$'\nsend hello\nabort' ;;
    esac
  done
  start_server accept 100
  peer <<END
    signal STOP
    connect $ADDR:$PORT
    send GET / HTTP/1.0\r\n\r\n
    use-connection 1
    connect $ADDR:$PORT
    abort

    $clients

    signal CONT
    use-connection 0
    expect-end

    use-connection 2
    connect $ADDR:$PORT
    close

    use-connection 6
    connect $ADDR:$PORT
    expect-eof
END
}

# bats test_tags=points:1
@test "what a client has sent is not read" {
  help "Which call of your program takes bytes from the client, and does the handout ask for any?" "accept(2)"
  requires strace
  local stop='signal STOP' go='signal CONT'
  # The sandbox's strace, which nobody may read, cannot stop a program (PTRACE_SEIZE in ptrace(2)).
  [[ $KIT_CONFINED == none ]] || stop='' go=''
  TRACE='/^(recv|read)' start_server accept 100
  peer <<END
    $stop
    connect $ADDR:$PORT
    send nobody reads this
    $go
    expect-end
END
  ! grep -qa 'nobody reads' "${DIRS[PROGRAM_NUMBER]}/report" ||
    fail_test 'no call that reads what the client has sent' "$(grep -a 'nobody reads' "${DIRS[PROGRAM_NUMBER]}/report")"
}

# bats test_tags=points:2
@test "waits for its clients however long they take to come" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  BUILD=plain CLOCK=$FAST_CLOCK start_server accept 100
  peer <<END
    $FIVE_MINUTES
    connect $ADDR:$PORT
    expect-eof
    use-connection 1
    $FIVE_MINUTES
    connect $ADDR:$PORT
    expect-eof
END
}

# bats test_tags=points:4
@test "40 clients need no more descriptors than one" {
  help "Is each descriptor that accept returned closed, and closed once, and does COUNT fit into its type?" "close(2)"
  local clients=''
  for _ in {1..40}; do
    clients+="
      connect $ADDR:$PORT
      expect-eof"
  done
  SHIM=spare-fds=8 start_server accept 65537
  peer <<END
    $clients
END
}

# bats test_tags=points:1
@test "out of descriptors: ends with the reason, or goes on without spinning" {
  help "accept has failed with EMFILE or ENFILE: if your program ends now, with which exit status; if it goes on, what changes before the next accept?" "accept(2)"
  assert_checks_descriptors accept 1
  new_address
  assert_checks_full_table accept 1
}

# bats test_tags=points:1
@test "works when standard input is closed: the listening socket is descriptor 0" {
  help "Which number means that a call has failed? Is 0 one, and is it closed like any other, once?" "socket(2)"
  local calls=''
  ! can_trace || calls=$CLOSE_CALLS
  STDIN=closed TRACE=$calls start_server accept 1
  peer <<END
    connect $ADDR:$PORT
    expect-eof
END
  assert_exit 0
  [[ -z $calls ]] || assert_closes_each_once
}

# bats test_tags=points:3
@test "a port in TIME_WAIT is used again at once" {
  help "Which socket option lets a server come back while old connections time out?" "socket(7)"
  start_server accept 1
  peer <<END
    connect $ADDR:$PORT
    expect-eof
    close
END
  end_all
  start_server accept 1
}

# bats test_tags=points:1
@test "a second server on the same port fails, the first goes on" {
  help "Which option would let two servers share a port, and do you set it?" "socket(7)"
  start_server accept 1
  start_with_address accept 1
  assert_fails 1 'Address already in use'
  assert_error_one_of bind listen
  use_program 0
  peer <<END
    connect $ADDR:$PORT
    expect-eof
END
}

# bats test_tags=points:1
@test "another call that fails is named, exit status 1" {
  help "Do you look at what each call returns before you go on, and after which errors is accept called again at once?" "errno(3)"
  requires strace
  assert_checks_calls accept 1
}

# bats test_tags=points:1
@test "a name that cannot be resolved, an address of another machine" {
  help "Which call failed: the look-up of the name, or bind?" "getaddrinfo(3)"
  requires foreign-address
  start accept "$NO_HOST" "$PORT" 1
  start accept 192.0.2.1 "$PORT" 1
  assert_fails 1 bind 'Cannot assign requested address'
  use_program 0
  assert_fails_to_resolve "$NO_HOST"
}

# bats test_tags=points:1
@test "PORT 0: serves on a port of the kernel's choice, and prints it" {
  help "Who knows which port it is?" "getsockname(2)"
  start accept "$ADDR" 0 1
  peer <<END
    wait-listening
    wait-lines 1
END
  assert_output_matches "listening on ${ADDR//./\\.}:[1-9][0-9]*"
  printed_address
  peer <<END
    wait-listening-at $REPLY
    connect $REPLY
    expect-eof
END
}

# bats test_tags=points:1
@test "an empty HOST is every interface" {
  help "Which address stands for all of this machine's addresses?" "ip(7)"
  local client
  choose_client client
  start_holding_port accept "" PORT 2
  peer <<END
    wait-listening
    connect 127.0.0.1:$PORT
    expect-eof

    use-connection 1
    set-source $client
    connect $ADDR:$PORT
    expect-eof
END
  wait_for_lines 3
  assert_output_matches "listening on (0\.0\.0\.0|\[::\]):$PORT" 'connected by .*' "connected by ${client%:*}:.*"
}

# bats test_tags=points:1
@test "numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  BUILD=plain start_holding_port accept 127.0.0.1 PORT 1
  peer <<END
    wait-listening-at 127.0.0.1:$PORT
    connect 127.0.0.1:$PORT
    expect-eof
END
  assert_exit 0
  assert_output_matches "listening on 127\.0\.0\.1:$PORT" 'connected by 127\.0\.0\.1:[0-9]+'
  choose_named_port
  random_address
  BUILD=plain start_server accept 1
  peer <<END
    set-source $REPLY:$PORT
    connect $ADDR:$PORT
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" "connected by $REPLY:$PORT"
}

# bats test_tags=points:1
@test "a name with an IPv6 and an IPv4 address: serves the IPv4 one" {
  help "Which entry of the list do you take, when the first is an IPv6 address, and do you try another one when bind fails?" "getaddrinfo(3)"
  requires nss-wrapper
  start_with_both_families accept HOST "$PORT" 1
  peer wait-listening-at "$ADDR:$PORT"
  # The IPv4 address is taken now. The other one is none of its choices.
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start accept both.test "$PORT" 1
  assert_fails 1 'Address already in use'
}

# bats test_tags=points:1
@test "HOST ::1: serves an IPv6 client, or says that it cannot use IPv6" {
  help "Have the variable for the client's address and its text room for an IPv6 address?" "ipv6(7)"
  local client long
  requires ipv6
  # The text of this address is longer than that of any IPv4 address, and is printed shorter.
  long=0:0:0:0:0:ffff:$ADDR
  start accept "$long" "$PORT" 1
  if try_peer wait-listening; then
    choose_client client
    peer <<END
      set-source $client
      connect $ADDR:$PORT
      expect-eof
END
    wait_for_lines 2
    assert_output "listening on $ADDR:$PORT" "connected by $client"
  else
    assert_fails 1 "$long"
  fi
  start_holding_port accept ::1 PORT 1
  if try_peer wait-listening; then
    peer <<END
      wait-listening-at [::1]:$PORT
      connect [::1]:$PORT
      expect-eof
END
    wait_for_lines 2
    assert_output_matches "listening on \[::1\]:$PORT" 'connected by \[::1\]:[0-9]+'
  else
    assert_fails 1 ::1
  fi
}

# bats test_tags=points:1
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtol(3)"
  local bad
  queue_usage_error accept --help
  queue_usage_error accept HOST "$PORT"
  queue_usage_error accept HOST "$PORT" 1 2
  for bad in "${WRONG_PORTS[@]}"; do
    queue_usage_error accept HOST "$bad" 1
  done
  for bad in "${WRONG_COUNTS[@]}"; do
    queue_usage_error accept HOST "$PORT" "$bad"
  done
  assert_queued_usage_errors
}

# bats test_tags=points:1
@test "the highest PORT and the highest COUNT are right" {
  help "Nothing is wrong with this command line. Which words may it have, by labs/README.md?" "strtol(3)"
  choose_highest_port
  start_server accept 1000000
}

# bats test_tags=points:1
@test "a COUNT over the limit is refused or served, and does not wrap" {
  help "What becomes of 4294967297 in the type that you read COUNT into?" "strtol(3)"
  local count
  for count in 4294967297 18446744073709551617; do
    assert_count_does_not_wrap accept "$count"
  done
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings accept
}

valgrind_run_of_accept() {
  # A name with two addresses: the whole list has to be freed, wherever its IPv4 address is.
  choose_host "a name with an IPv6 and an IPv4 address: serves the IPv4 one" ::1
  PRELOAD=${NSS:-} VARS=${HOSTS:-} start accept "$HOST" "$PORT" 3
  # Such names may not reach it.
  try_peer wait-listening-at "$ADDR:$PORT" || start_server accept 3
  peer <<END
    connect $ADDR:$PORT
    expect-eof

    use-connection 1
    connect $ADDR:$PORT
    abort

    use-connection 2
    connect $ADDR:$PORT
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:2
@test "valgrind: no heap block is left" {
  help "Which call gives back what getaddrinfo allocated, and with which entry of the list?" "freeaddrinfo(3)"
  read_valgrind_report accept
  assert_no_block_left
}

# bats test_tags=points:3
@test "valgrind: no descriptor is left open" {
  help "Are the listening socket and each client's descriptor closed before the program ends?" "close(2)"
  read_valgrind_report accept
  assert_no_descriptor_left
}

# bats test_tags=points:3
@test "valgrind: no memory error" {
  help "Which bytes were never set before they went into a call, the length for accept among them?" "valgrind(1)"
  read_valgrind_report accept
  assert_no_invalid_access
}
