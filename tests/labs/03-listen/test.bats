#!/usr/bin/env bats
# Lab 03, listen: everything that a submission is judged by. tests/kit/README.md
# lists the words of these tests; points are in tenths, 100 in all.
load ../../kit/kit
programs listen

# bats test_tags=points:20
@test "does the basic job: listens where it was told" {
  help "Which call turns a bound socket into one that clients can connect to?" "listen(2)"
  STDIN=open start_server listen 5
}

# bats test_tags=points:8
@test "prints the address and the backlog, as soon as it listens" {
  help "Is the line exactly as the handout has it, and does it leave the program before it waits?" "setvbuf(3)"
  STDIN=open start_server listen 7
  peer wait-lines 1
  assert_output "listening on $ADDR:$PORT backlog 7"
}

# bats test_tags=points:2
@test "uses no processor time while it waits" {
  help "Which call sleeps until the input ends?" "read(2)"
  STDIN=open start_server listen 5
  peer <<END
    wait-asleep
    expect-idle
END
}

# bats test_tags=points:6
@test "ends with exit status 0 at the end of its input" {
  help "What does read return at the end of the input, when else, and what then?" "read(2)"
  requires_test "uses no processor time while it waits"
  STDIN=line start_server listen 5
  peer wait-asleep
  end_input
  assert_exit 0
  assert_reads_all_input listen 5
}

# bats test_tags=points:2
@test "waits for the end of its input however long that takes" {
  help "Which of your calls gives up by itself, and after how long?" "poll(2)"
  requires_test "ends with exit status 0 at the end of its input"
  BUILD=plain CLOCK=$FAST_CLOCK STDIN=open start_server listen 5
  peer <<END
    $FIVE_MINUTES
    wait-listening-at $ADDR:$PORT
END
  end_input
  assert_exit 0
}

# bats test_tags=points:8
@test "the kernel has exactly the backlog that was given" {
  help "Which argument of listen is the backlog, and what do you pass?" "listen(2)"
  local given
  for given in 0 1 23; do
    new_address
    STDIN=open start_server listen "$given"
    peer <<END
      wait-listening
      expect-backlog $given
END
  done
}

# bats test_tags=points:4
@test "a backlog over the kernel's limit is capped there, and printed as given" {
  help "The kernel caps the backlog by itself; what do you pass, and what do you print?" "listen(2)"
  local limit calls=''
  limit=$(</proc/sys/net/core/somaxconn)
  # SOMAXCONN is often the kernel's limit: only the call tells who has capped the backlog.
  ! can_trace || calls=listen
  TRACE=$calls STDIN=open start_server listen 65535
  peer <<END
    wait-listening
    expect-backlog $((limit < 65535 ? limit : 65535))
    wait-lines 1
END
  assert_output_matches '.*[^0-9]65535'
  [[ -z $calls ]] || grep -qaE 'listen\([0-9]+, 65535[) ]' "${DIRS[PROGRAM_NUMBER]}/report" ||
    fail_test 'a call: listen(…, 65535)' "$(grep -a 'listen(' "${DIRS[PROGRAM_NUMBER]}/report")"
}

# bats test_tags=points:6
@test "a client's connection is made though nobody accepts it" {
  help "Who shakes hands with the client: your program, or its kernel? And what does poll say, each time, while nobody accepts?" "listen(2)"
  requires_test "uses no processor time while it waits"
  # At the end the kernel resets what nobody has accepted.
  start_peer <<END
    print ready
    wait-listening-at $ADDR:$PORT
    connect $ADDR:$PORT
    send nobody reads this\n
    wait-asleep
    expect-nothing
    use-connection 1
    connect $ADDR:$PORT
    print connected
    expect-reset
END
  STDIN=open start_with_address listen 5
  read_from_peer || true
  end_input
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:4
@test "a port on which somebody listens is refused" {
  help "Does every call that can fail say its name and the kernel's reason?" "bind(2)"
  start_peer <<END
    set-reuseport
    listen $ADDR:$PORT 5
    print ready
    accept
END
  STDIN=open start_with_address listen 5
  assert_fails 1 'Address already in use'
  assert_error_one_of bind listen
}

# bats test_tags=points:4
@test "when listen itself fails, the message names it and the reason, exit status 1" {
  help "What does listen return when it fails, where is the reason then, and is anything printed before listen has succeeded?" "listen(2)"
  requires strace
  INJECT=listen:error=EADDRINUSE:when=1 STDIN=open start_with_address listen 5
  assert_fails 1 listen 'Address already in use'
  assert_no_error_text 'Bad file descriptor'
  # The same of setsockopt, unless the program does without it.
  new_address
  INJECT=setsockopt:error=ENOBUFS start_with_address listen 5
  wait_for_lines 1
  [[ -s ${DIRS[PROGRAM_NUMBER]}/out ]] || assert_fails 1 setsockopt 'No buffer space available'
}

# bats test_tags=points:1
@test "out of descriptors: the call that fails is named, exit status 1" {
  help "Do you look at what socket returns before you use it?" "socket(2)"
  assert_fails_without_descriptor listen 5
}

# bats test_tags=points:4
@test "a port in TIME_WAIT is used again at once" {
  help "Which socket option lets a server come back while old connections time out?" "socket(7)"
  peer leave-time-wait "$ADDR:$PORT"
  STDIN=open start_server listen 5
}

# bats test_tags=points:3
@test "PORT 0: listens on a port of the kernel's choice, and prints it" {
  help "Who knows which port it is, and what can the program say when that call fails?" "getsockname(2)"
  STDIN=open start listen "$ADDR" 0 5
  peer <<END
    wait-listening
    wait-lines 1
END
  assert_output_matches ".*[^0-9]${ADDR//./\\.}:[1-9][0-9]*( .*)?"
  printed_address
  peer <<END
    wait-listening-at $REPLY
    connect $REPLY
END
  can_trace || return 0
  INJECT=getsockname:error=ENOBUFS start listen "$ADDR" 0 5
  assert_fails 1 getsockname 'No buffer space available'
}

# bats test_tags=points:3
@test "an empty HOST is every interface" {
  help "Which address stands for all of this machine's addresses?" "ip(7)"
  STDIN=open start_holding_port listen "" PORT 5
  peer <<END
    wait-listening
    wait-lines 1
    connect 127.0.0.1:$PORT
    use-connection 1
    connect $ADDR:$PORT
END
  assert_output_matches ".* (0\.0\.0\.0|\[::\]):$PORT( .*)?"
}

# bats test_tags=points:1
@test "numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  STDIN=open BUILD=plain start_holding_port listen 127.0.0.1 PORT 5
  peer <<END
    wait-listening-at 127.0.0.1:$PORT
    wait-lines 1
END
  assert_output_matches ".*[^0-9]127\.0\.0\.1:$PORT( .*)?"
  choose_named_port
  STDIN=open BUILD=plain start_server listen 5
  peer wait-lines 1
  assert_output_matches ".*[^0-9]$ADDR:$PORT( .*)?"
}

# bats test_tags=points:1
@test "a name with an IPv6 and an IPv4 address: serves the IPv4 one" {
  help "Which entry of the list do you take, when the first is an IPv6 address, and do you try another one when bind fails?" "getaddrinfo(3)"
  requires nss-wrapper
  STDIN=open start_with_both_families listen HOST "$PORT" 5
  peer wait-listening-at "$ADDR:$PORT"
  # The port of the IPv4 address is taken now: the IPv6 address must not be bound.
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start listen both.test "$PORT" 5
  assert_fails 1 'Address already in use'
  assert_error_one_of bind listen
}

# bats test_tags=points:2
@test "HOST ::1: listens on the IPv6 loopback, or says that it cannot use it" {
  help "Has the address variable room for IPv6, does the length that you pass say so, how is such an address with a port written, and which option is set before bind?" "ipv6(7)"
  requires ipv6
  # The text of this address is longer than that of any IPv4 address, and is printed shorter.
  start listen "0:0:0:0:0:ffff:$ADDR" "$PORT" 5
  if has_ended "$PROGRAM_NUMBER" 20 && [[ ${ENDS[PROGRAM_NUMBER]} == 'exited 0 '* ]]; then
    assert_exit 0
    assert_output "listening on $ADDR:$PORT backlog 5"
  else
    assert_fails 1
  fi
  TRACE=$(if_can_trace setsockopt,bind) STDIN=open start_holding_port listen ::1 PORT 5
  if try_peer wait-listening; then
    peer <<END
      wait-listening-at [::1]:$PORT
      wait-lines 1
      connect [::1]:$PORT
END
    assert_output_matches ".* \[::1\]:$PORT( .*)?"
    end_input
    assert_exit 0
    assert_reuses_address
  else
    assert_fails 1
    grep -qF ::1 "${DIRS[PROGRAM_NUMBER]}/err" ||
      fail_test "it listens at [::1]:$PORT; or, if it knows IPv4 alone, standard error has: ::1" "$(<"${DIRS[PROGRAM_NUMBER]}/err")"
  fi
  # A machine without IPv6.
  BUILD=plain SHIM=no-ipv6 start listen ::1 "$PORT" 5
  assert_fails_without_ipv6
}

# bats test_tags=points:3
@test "a name that cannot be resolved, an address of another machine" {
  help "Which HOST is a name, and which call failed: the look-up of the name, or bind?" "getaddrinfo(3)"
  requires foreign-address
  start listen "$NO_HOST" "$PORT" 5
  assert_fails_to_resolve "$NO_HOST"
  assert_odd_names_fail listen HOST "$PORT" 5
  start listen 192.0.2.1 "$PORT" 5
  assert_fails 1 bind 'Cannot assign requested address'
}

# bats test_tags=points:2
@test "a reserved port without the privilege is refused" {
  help "Does the message name the call and the kernel's reason?" "ip(7)"
  choose_reserved_port
  UNDER=unprivileged start listen "$ADDR" "$REPLY" 5
  assert_fails 1 bind 'Permission denied'
}

# bats test_tags=points:3
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtol(3)"
  queue_usage_error listen
  queue_usage_error listen HOST
  queue_usage_error listen --help
  queue_usage_error listen HOST "$PORT"
  queue_usage_error listen HOST "$PORT" 5 6
  local bad
  for bad in 65536 -1 -0 +5 ' 5' $'\t5' '5 ' $'5\n' 0x50 5x '' 4295000000 18446744073709559616 99999999999999999999; do
    queue_usage_error listen HOST "$bad" 5
  done
  for bad in 65536 -1 -0 +5 ' 5' $'\t5' '5 ' $'5\n' 0x50 5x '' 18446744073709551616 99999999999999999999; do
    queue_usage_error listen HOST "$PORT" "$bad"
  done
  assert_queued_usage_errors
}

# bats test_tags=points:1
@test "the highest PORT is right" {
  help "Nothing is wrong with this command line. Which words may it have, by labs/README.md?" "strtol(3)"
  choose_highest_port
  STDIN=open start_server listen 5
}

# bats test_tags=points:2
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings listen
}

valgrind_run_of_listen() {
  STDIN=open start_server listen 5
  peer <<END
    connect $ADDR:$PORT
    close
END
  end_input
  assert_exit 0
}

# bats test_tags=points:3
@test "valgrind: no heap block is left" {
  help "Which line allocated the block that is named, and which call gives it back, as freeaddrinfo does for a list?" "freeaddrinfo(3)"
  read_valgrind_report listen
  assert_no_block_left
}

# bats test_tags=points:4
@test "valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program, and only once?" "close(2)"
  read_valgrind_report listen
  assert_no_descriptor_left
  assert_closes_once listen 5
}

# bats test_tags=points:3
@test "valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report listen
  assert_no_invalid_access
}
