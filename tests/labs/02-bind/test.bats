#!/usr/bin/env bats
# Lab 02, bind: everything that a submission is judged by. tests/kit/kit.bash
# says how these tests are written; points are in tenths, 100 in all.
load ../../kit/kit
programs bind

# Starts the program as most tests want it, and waits until its address is taken.
hold() {
  STDIN=open start bind "$ADDR" "$PORT"
  talk bound "$ADDR:$PORT"
}

# waits: whether the program comes to wait; for where it may end instead.
waits() { "$KIT_BIN/peer" -p "${DIRS[P]}/pid" -e /dev/null asleep || ! has_ended "$P" 0.1; }

# A bound socket is in no table of the kernel's: the peer tries to bind the same
# address, which must fail while the program holds it.
# bats test_tags=points:20
@test "does the basic job: binds the address that it was given" {
  help "Which call gives a socket its address, and in which byte order is the port?" "bind(2)"
  hold
}

# bats test_tags=points:5
@test "prints the address, before it waits" {
  help "Is the line exactly as the handout has it, and does it leave the program before it waits?" "setvbuf(3)"
  hold
  talk lines 1
  prints "bound to $ADDR:$PORT"
}

# bats test_tags=points:1
@test "uses no processor time while it waits" {
  help "Which call sleeps until the input ends?" "read(2)"
  hold
  talk asleep idle
}

# bats test_tags=points:6
@test "ends with exit status 0 at the end of its input, and the address is free" {
  help "What does read return at the end of the input, and what then?" "read(2)"
  needs "uses no processor time while it waits"
  STDIN=line start bind "$ADDR" "$PORT"
  talk asleep bound "$ADDR:$PORT"
  end_input
  ends 0
  prints "bound to $ADDR:$PORT"
  talk unbound "$ADDR:$PORT"
}

# bats test_tags=points:2
@test "waits for the end of its input however long that takes" {
  help "Which of your calls gives up by itself, and after how long?" "poll(2)"
  needs "ends with exit status 0 at the end of its input, and the address is free"
  BUILD=plain CLOCK=$FAST STDIN=open start bind "$ADDR" "$PORT"
  talk bound "$ADDR:$PORT" "${FIVE_MINUTES[@]}" bound "$ADDR:$PORT"
  end_input
  ends 0
}

# bats test_tags=points:5
@test "binds that address and no other" {
  help "Which address do you pass to bind: the one that was given, or every interface?" "ip(7)"
  hold
  own_address
  talk unbound "$REPLY:$PORT"
}

# bats test_tags=points:6
@test "does not listen: a client is refused" {
  help "Which call is the next step, and belongs to lab 03?" "listen(2)"
  hold
  talk refused "$ADDR:$PORT"
}

# bats test_tags=points:6
@test "a port on which somebody listens is refused" {
  help "Does every call that can fail say its name and the kernel's reason, and end the program?" "bind(2)"
  behind listen "$ADDR:$PORT" 5 say ready accept
  STDIN=open start bind "$ADDR" "$PORT"
  fails 1 bind 'Address already in use'
}

# bats test_tags=points:6
@test "a port in TIME_WAIT is used again at once" {
  help "Which socket option lets a server come back while old connections time out? Is it set before bind?" "socket(7)"
  needs "uses no processor time while it waits"
  talk timewait "$ADDR:$PORT"
  STDIN=open start bind "$ADDR" "$PORT"
  talk asleep
  end_input
  ends 0
}

# bats test_tags=points:3
@test "two of these programs share a port" {
  help "Which socket option lets two sockets have one port, as long as neither listens?" "socket(7)"
  needs "uses no processor time while it waits"
  hold
  hold
  talk asleep
  end_input
  ends 0
  use 0
  end_input
  ends 0
}

# bats test_tags=points:3
@test "does not set SO_REUSEPORT: a listening port is not shared" {
  help "Which of the two options is it: SO_REUSEADDR or SO_REUSEPORT?" "socket(7)"
  behind reuseport listen "$ADDR:$PORT" 5 say ready accept
  STDIN=open start bind "$ADDR" "$PORT"
  fails 1 bind 'Address already in use'
}

# bats test_tags=points:4
@test "an address of another machine is refused" {
  help "Does the message name the call and the kernel's reason?" "bind(2)"
  requires foreign-address
  start bind 192.0.2.1 "$PORT"
  fails 1 bind 'Cannot assign requested address'
}

# bats test_tags=points:4
@test "a name that cannot be resolved is named, with the resolver's reason" {
  help "What does getaddrinfo return when it fails, and what turns that into words?" "gai_strerror(3)"
  start bind a..b "$PORT"
  fails_to_resolve a..b
}

# bats test_tags=points:3
@test "a reserved port without the privilege is refused" {
  help "Does the message name the call and the kernel's reason?" "ip(7)"
  reserved_port
  UNDER=unprivileged start bind "$ADDR" "$REPLY"
  fails 1 bind 'Permission denied'
}

# bats test_tags=points:5
@test "PORT 0: prints the port that the kernel chose" {
  help "Who knows which port it is?" "getsockname(2)"
  needs "prints the address, before it waits"
  local line
  STDIN=open start bind "$ADDR" 0
  talk lines 1
  prints_like "bound to ${ADDR//./\\.}:[1-9][0-9]*"
  read -r _ _ line <"${DIRS[P]}/out"
  talk bound "$line"
}

# bats test_tags=points:3
@test "an empty HOST is every interface" {
  help "Which address stands for all of this machine's addresses?" "ip(7)"
  STDIN=open start_held bind "" PORT
  talk bound "127.0.0.1:$PORT" bound "$ADDR:$PORT"
  end_input
  ends 0
  prints_like "bound to (0\.0\.0\.0|\[::\]):$PORT"
}

# bats test_tags=points:2
@test "HOST localhost: prints the number, not the name" {
  help "Where does the address that you print come from: the command line, or the kernel?" "getsockname(2)"
  requires localhost
  needs "uses no processor time while it waits"
  STDIN=open start_held bind localhost PORT
  talk asleep bound "127.0.0.1:$PORT"
  end_input
  ends 0
  prints "bound to 127.0.0.1:$PORT"
}

# bats test_tags=points:2
@test "of a name's addresses the IPv4 one is bound" {
  help "Which entry of the list do you take, when the first is an IPv6 address?" "getaddrinfo(3)"
  requires nss-wrapper
  choose_named_port
  hosts "::1 both.test" "$ADDR both.test"
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS STDIN=open start bind both.test "$PORT"
  talk bound "$ADDR:$PORT"
  end_input
  ends 0
  prints "bound to $ADDR:$PORT"
}

# bats test_tags=points:1
@test "HOST ::1: binds the IPv6 loopback, or says that it cannot" {
  help "How is an IPv6 address with a port written?" "ipv6(7)"
  requires ipv6
  STDIN=open start_held bind ::1 PORT
  if waits; then
    talk bound "[::1]:$PORT"
    end_input
    ends 0
    prints "bound to [::1]:$PORT"
  else
    fails 1 ::1
  fi
}

# bats test_tags=points:2
@test "when getsockname fails, it is named with the reason, exit status 1" {
  help "Does every call that can fail say its name and the kernel's reason, and end the program?" "errno(3)"
  requires strace
  INJECT=getsockname:error=ENOBUFS start bind "$ADDR" "$PORT"
  fails 1 getsockname 'No buffer space available'
}

# bats test_tags=points:1
@test "out of descriptors: the call that fails is named, exit status 1" {
  help "Do you look at what socket returns before you use it?" "socket(2)"
  BUILD=plain SHIM='nofile=3' start bind "$ADDR" "$PORT"
  fails 1 'Too many open files'
}

# bats test_tags=points:4
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtol(3)"
  refuses bind
  refuses bind HOST
  refuses bind HOST "$PORT" 5
  local bad
  for bad in 65536 70000 4295000000 18446744073709559616 -1 +5 ' 5' '5 ' 0x50 5x abc '' 99999999999999999999; do
    refuses bind HOST "$bad"
  done
  right_port
  STDIN=open start bind "$ADDR" "$PORT"
  talk bound "$ADDR:$PORT"
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  no_warnings bind
}

# By a name with two addresses, where that can be: both belong to the list.
memory_of_bind() {
  local host=$ADDR
  if ! lost "of a name's addresses the IPv4 one is bound" && hosts "::1 both.test" "$ADDR both.test"; then
    host=both.test
  fi
  PRELOAD=${NSS:-} VARS=${HOSTS:-} start bind "$host" "$PORT"
  ends 0
}

# bats test_tags=points:2
@test "valgrind: no heap block is left" {
  help "Which call gives back what getaddrinfo allocated?" "freeaddrinfo(3)"
  memory bind
  no_block_left
}

# bats test_tags=points:2
@test "valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program?" "close(2)"
  memory bind
  no_descriptor_left
}

# bats test_tags=points:1
@test "valgrind: no memory error" {
  help "Is every byte of the address set before bind reads it?" "valgrind(1)"
  memory bind
  no_invalid_access
}
