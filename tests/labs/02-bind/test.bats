#!/usr/bin/env bats
# Lab 02, bind: everything that a submission is judged by. tests/kit/README.md
# lists the words of these tests; points are in tenths, 100 in all.
load ../../kit/kit
programs bind

# _assert_bound_or_fails WORD…: the program was bound, and has ended with exit status 0 at the
# end of its input; or it has failed, and says the WORDs.
_assert_bound_or_fails() {
  if has_ended "$PROGRAM_NUMBER" 20 && [[ ${ENDS[PROGRAM_NUMBER]} == 'exited 0 '* ]]; then
    assert_exit 0
    assert_output "bound to $ADDR:$PORT"
  else
    assert_fails 1 "$@"
  fi
}

# _start_bound: starts the program, and waits until it has its address.
_start_bound() {
  STDIN=open start_with_address bind
  peer expect-bound "$ADDR:$PORT"
}

# A bound socket is in no table of the kernel's: the peer tries to bind the same
# address, which must fail while the program holds it.
# bats test_tags=points:20
@test "does the basic job: binds the address that it was given" {
  help "Which call gives a socket its address, and in which byte order is the port?" "bind(2)"
  _start_bound
}

# bats test_tags=points:5
@test "prints the address, before it waits" {
  help "Is the line exactly as the handout has it, and does it leave the program before it waits?" "setvbuf(3)"
  _start_bound
  peer wait-lines 1
  assert_output "bound to $ADDR:$PORT"
}

# bats test_tags=points:1
@test "uses no processor time while it waits" {
  help "Which call sleeps until the input ends?" "read(2)"
  _start_bound
  peer <<END
    wait-asleep
    expect-idle
END
}

# bats test_tags=points:6
@test "ends with exit status 0 at the end of its input, and the address is free" {
  help "What does read return at the end of the input, when else, and what then?" "read(2)"
  requires_test "uses no processor time while it waits"
  STDIN=line start_with_address bind
  peer <<END
    wait-asleep
    expect-bound $ADDR:$PORT
END
  end_input
  assert_exit 0
  assert_output "bound to $ADDR:$PORT"
  peer expect-free "$ADDR:$PORT"
  assert_reads_all_input bind
}

# bats test_tags=points:2
@test "waits for the end of its input however long that takes" {
  help "Which of your calls gives up by itself, and after how long?" "poll(2)"
  requires_test "ends with exit status 0 at the end of its input, and the address is free"
  BUILD=plain CLOCK=$FAST_CLOCK STDIN=open start_with_address bind
  peer <<END
    expect-bound $ADDR:$PORT
    $FIVE_MINUTES
    expect-bound $ADDR:$PORT
END
  end_input
  assert_exit 0
}

# bats test_tags=points:5
@test "binds that address and no other" {
  help "Which address do you pass to bind: the one that was given, or every interface?" "ip(7)"
  _start_bound
  random_address
  peer expect-free "$REPLY:$PORT"
}

# bats test_tags=points:6
@test "does not listen: a client is refused" {
  help "Which call is the next step, and belongs to lab 03?" "listen(2)"
  _start_bound
  peer expect-refused "$ADDR:$PORT"
}

# bats test_tags=points:5
@test "a port on which somebody listens is refused" {
  help "Does every call that can fail say its name and the kernel's reason, and end the program?" "bind(2)"
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
END
  STDIN=open start_with_address bind
  assert_fails 1 bind 'Address already in use'
}

# bats test_tags=points:6
@test "a port in TIME_WAIT is used again at once" {
  help "Which socket option lets a server come back while old connections time out? Is it set before bind?" "socket(7)"
  requires_test "uses no processor time while it waits"
  peer leave-time-wait "$ADDR:$PORT"
  STDIN=open start_with_address bind
  peer wait-asleep
  end_input
  assert_exit 0
}

# bats test_tags=points:3
@test "two of these programs share a port" {
  help "Which socket option lets two sockets have one port, as long as neither listens?" "socket(7)"
  requires_test "uses no processor time while it waits"
  _start_bound
  _start_bound
  peer wait-asleep
  end_input
  assert_exit 0
  use_program 0
  end_input
  assert_exit 0
}

# bats test_tags=points:3
@test "does not set SO_REUSEPORT: a listening port is not shared" {
  help "Which of the two options is it: SO_REUSEADDR or SO_REUSEPORT?" "socket(7)"
  start_peer <<END
    set-reuseport
    listen $ADDR:$PORT 5
    print ready
    accept
END
  STDIN=open start_with_address bind
  assert_fails 1 bind 'Address already in use'
}

# bats test_tags=points:4
@test "an address of another machine is refused" {
  help "Does the message name the call and the kernel's reason?" "bind(2)"
  requires foreign-address
  start bind 192.0.2.1 "$PORT"
  assert_fails 1 bind 'Cannot assign requested address'
}

# bats test_tags=points:4
@test "a name that cannot be resolved is named, with the resolver's reason" {
  help "Which HOST is a name, what does getaddrinfo return when it fails, what turns that into words, and is there room for a long HOST?" "gai_strerror(3)"
  start bind "$NO_HOST" "$PORT"
  assert_fails_to_resolve "$NO_HOST"
  assert_odd_names_fail bind HOST "$PORT"
}

# bats test_tags=points:3
@test "a reserved port without the privilege is refused" {
  help "Does the message name the call and the kernel's reason?" "ip(7)"
  choose_reserved_port
  UNDER=unprivileged start bind "$ADDR" "$REPLY"
  assert_fails 1 bind 'Permission denied'
}

# bats test_tags=points:5
@test "PORT 0: prints the port that the kernel chose" {
  help "Who knows which port it is?" "getsockname(2)"
  requires_test "prints the address, before it waits"
  STDIN=open start bind "$ADDR" 0
  peer wait-lines 1
  assert_output_matches "bound to ${ADDR//./\\.}:[1-9][0-9]*"
  printed_address
  peer expect-bound "$REPLY"
}

# bats test_tags=points:3
@test "an empty HOST is every interface" {
  help "Which address stands for all of this machine's addresses?" "ip(7)"
  STDIN=open start_holding_port bind "" PORT
  peer <<END
    expect-bound 127.0.0.1:$PORT
    expect-bound $ADDR:$PORT
END
  end_input
  assert_exit 0
  assert_output_matches "bound to (0\.0\.0\.0|\[::\]):$PORT"
}

# bats test_tags=points:2
@test "HOST localhost: prints the number, not the name" {
  help "Where does the address that you print come from: the command line, or the kernel?" "getsockname(2)"
  requires localhost
  requires_test "uses no processor time while it waits"
  STDIN=open start_holding_port bind localhost PORT
  peer <<END
    wait-asleep
    expect-bound 127.0.0.1:$PORT
END
  end_input
  assert_exit 0
  assert_output "bound to 127.0.0.1:$PORT"
}

# bats test_tags=points:2
@test "a name with an IPv6 and an IPv4 address: binds the IPv4 one" {
  help "Which entry of the list do you take, when the first is an IPv6 address, and do you try another one when bind fails?" "getaddrinfo(3)"
  requires nss-wrapper
  choose_named_port
  write_hosts "::1 both.test" "$ADDR both.test"
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS STDIN=open start bind both.test "$PORT"
  peer expect-bound "$ADDR:$PORT"
  end_input
  assert_exit 0
  assert_output "bound to $ADDR:$PORT"
  # The port of the IPv4 address is taken now: the IPv6 address must not be bound.
  start_peer <<END
    listen $ADDR:$PORT 5
    print ready
    accept
END
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start bind both.test "$PORT"
  assert_fails 1 bind 'Address already in use'
}

# bats test_tags=points:1
@test "HOST ::1: binds the IPv6 loopback, or says that it cannot use it" {
  help "Have the address variable and its text room for IPv6, does the length that you pass say so, how is such an address with a port written, and which option is set before bind?" "ipv6(7)"
  requires ipv6
  # The text of this address is longer than that of any IPv4 address, and is printed shorter.
  start bind "0:0:0:0:0:ffff:$ADDR" "$PORT"
  _assert_bound_or_fails
  TRACE=$(if_can_trace setsockopt,bind) STDIN=open start_holding_port bind ::1 PORT
  if try_peer wait-asleep || ! has_ended "$PROGRAM_NUMBER" 0.1; then
    peer expect-bound "[::1]:$PORT"
    end_input
    assert_exit 0
    assert_output "bound to [::1]:$PORT"
    assert_reuses_address
  else
    assert_fails 1
    grep -qF ::1 "${DIRS[PROGRAM_NUMBER]}/err" ||
      fail_test "it binds [::1]:$PORT; or, if it knows IPv4 alone, standard error has: ::1" "$(<"${DIRS[PROGRAM_NUMBER]}/err")"
  fi
  # A machine without IPv6.
  BUILD=plain SHIM=no-ipv6 start bind ::1 "$PORT"
  assert_fails_without_ipv6
}

# bats test_tags=points:2
@test "when getsockname fails, the message names it and the reason, exit status 1" {
  help "Does every call that can fail say its name and the kernel's reason, and end the program?" "errno(3)"
  requires strace
  INJECT=getsockname:error=ENOBUFS start_with_address bind
  assert_fails 1 getsockname 'No buffer space available'
}

# bats test_tags=points:1
@test "when setsockopt fails, the message names it and the reason, or the program does without" {
  help "Several calls prepare the socket: which of them does the message name when one fails?" "setsockopt(2)"
  requires strace
  INJECT=setsockopt:error=ENOBUFS start_with_address bind
  _assert_bound_or_fails setsockopt 'No buffer space available'
}

# bats test_tags=points:1
@test "out of descriptors: the call that fails is named, exit status 1" {
  help "Do you look at what socket returns before you use it?" "socket(2)"
  assert_fails_without_descriptor bind
}

# bats test_tags=points:3
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtol(3)"
  assert_usage_error bind
  assert_usage_error bind HOST
  assert_usage_error bind --help
  assert_usage_error bind HOST "$PORT" 5
  local bad
  for bad in 65536 70000 4295000000 18446744073709559616 -1 -0 +5 ' 5' $'\t5' '5 ' $'5\n' 0x50 5x abc '' 99999999999999999999; do
    assert_usage_error bind HOST "$bad"
  done
}

# bats test_tags=points:1
@test "the highest PORT is right" {
  help "Nothing is wrong with this command line. Which words may it have, by labs/README.md?" "strtol(3)"
  choose_highest_port
  STDIN=open start_with_address bind
  peer expect-bound "$ADDR:$PORT"
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings bind
}

# By a name with two addresses, where that can be: both belong to the list.
valgrind_run_of_bind() {
  choose_host "a name with an IPv6 and an IPv4 address: binds the IPv4 one" ::1
  PRELOAD=${NSS:-} VARS=${HOSTS:-} start bind "$HOST" "$PORT"
  assert_exit 0
}

# bats test_tags=points:2
@test "valgrind: no heap block is left" {
  help "Which line allocated the block that is named, and which call gives it back, as freeaddrinfo does for a list?" "freeaddrinfo(3)"
  read_valgrind_report bind
  assert_no_block_left
}

# bats test_tags=points:2
@test "valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program, and only once?" "close(2)"
  read_valgrind_report bind
  assert_no_descriptor_left
  assert_closes_once bind
}

# bats test_tags=points:1
@test "valgrind: no memory error" {
  help "Is every byte of the address set before bind reads it?" "valgrind(1)"
  read_valgrind_report bind
  assert_no_invalid_access
}
