#!/usr/bin/env bats
# Lab 04, accept: everything that a submission is judged by. tests/kit/kit.bash
# says how these tests are written; points are in tenths, 100 in all.
load ../../kit/kit
programs accept

# serve COUNT: starts the program as most tests want it, and waits until it listens.
serve() {
  start accept "$ADDR" "$PORT" "$1"
  talk listening-at "$ADDR:$PORT"
}

# client: CLIENT is an address and a port for one client, as no other has it.
client() {
  local PORT
  choose_port 1024 $((HELD_PORTS - 1))
  own_address
  CLIENT=$REPLY:$PORT
}

# bats test_tags=points:20
@test "does the basic job: takes a client, closes its connection, sleeps until the next" {
  help "Which call takes a client out of the queue, and which ends its connection?" "accept(2)"
  serve 2
  talk connect "$ADDR:$PORT" eof asleep listening
}

# bats test_tags=points:2
@test "closes each connection at once" {
  help "What does your program do between accept and close, and can any of it sleep?" "close(2)"
  serve 100
  talk prompt connect "$ADDR:$PORT" eof on 1 connect "$ADDR:$PORT" eof on 2 connect "$ADDR:$PORT" eof
}

# bats test_tags=points:7
@test "prints the address and port of each client" {
  help "Which two arguments of accept bring the client's address, and in which byte order is its port?" "accept(2)"
  local one
  client && one=$CLIENT && client
  serve 2
  talk from "$one" connect "$ADDR:$PORT" eof on 1 from "$CLIENT" connect "$ADDR:$PORT" eof
  printed 3
  prints "listening on $ADDR:$PORT" "connected by $one" "connected by $CLIENT"
}

# bats test_tags=points:3
@test "each line leaves the program as it is printed" {
  help "Does a line leave the program at once when standard output is a pipe?" "setvbuf(3)"
  serve 2
  talk lines 1 connect "$ADDR:$PORT" eof lines 2
  prints_like 'listening on .*' 'connected by .*'
}

# bats test_tags=points:7
@test "COUNT clients are served, then it ends with exit status 0" {
  help "Which descriptor does the next accept get, and how often has it returned a client when the loop ends?" "accept(2)"
  serve 1
  talk connect "$ADDR:$PORT" eof
  ends 0
  talk refused "$ADDR:$PORT"
  own_address
  ADDR=$REPLY
  serve 3
  talk connect "$ADDR:$PORT" eof on 1 connect "$ADDR:$PORT" eof asleep listening \
    on 2 connect "$ADDR:$PORT" eof
  ends 0
}

# bats test_tags=points:3
@test "COUNT 0 serves for ever" {
  help "Which COUNT has no end, and does your loop know it?" "accept(2)"
  local n clients=()
  for n in {1..20}; do
    clients+=(connect "$ADDR:$PORT" eof)
  done
  serve 0
  talk "${clients[@]}" asleep listening
}

# bats test_tags=points:7
@test "six clients that came while it was busy are served in their order" {
  help "Where do clients wait until accept takes them, and for how many is there room?" "listen(2)"
  local n clients=() ends=() lines=()
  for n in {0..5}; do
    client
    clients+=(on "$n" from "$CLIENT" connect "$ADDR:$PORT")
    ends+=(on "$n" eof)
    CLIENT=${CLIENT%:*}
    lines+=("connected by ${CLIENT//./\\.}:.*")
  done
  serve 6
  talk signal 19 "${clients[@]}" signal 18 "${ends[@]}"
  printed 7
  prints_like 'listening on .*' "${lines[@]}"
  # The room is no matter of COUNT.
  own_address
  ADDR=$REPLY
  serve 1
  talk asleep backlog-at-least 5
}

# bats test_tags=points:7
@test "a client that has reset before it is accepted gets its line, and counts" {
  help "Who knows the address of a client that has gone already: accept or getpeername?" "accept(2)"
  local one two
  client && one=$CLIENT && client && two=$CLIENT && client
  serve 3
  talk signal 19 from "$one" connect "$ADDR:$PORT" abort from "$two" connect "$ADDR:$PORT" close \
    signal 18 from "$CLIENT" connect "$ADDR:$PORT" eof
  printed 4
  prints "listening on $ADDR:$PORT" "connected by $one" "connected by $two" "connected by $CLIENT"
}

# bats test_tags=points:5
@test "ECONNABORTED from accept is no client and no reason to end" {
  help "Which errors of accept are about one client that has gone, and not about your socket?" "accept(2)"
  SHIM="aborted=$((RANDOM % 3 + 1))" serve 2
  talk connect "$ADDR:$PORT" eof on 1 connect "$ADDR:$PORT" eof
  printed 3
  prints_like 'listening on .*' 'connected by .*' 'connected by .*'
}

# bats test_tags=points:5
@test "a signal that interrupts accept is no client and no reason to end" {
  help "What does accept return when a signal arrives while it sleeps, and what is errno then?" "signal(7)"
  local n signals=(asleep signal 12)
  for ((n = RANDOM % 4; n > 0; n--)); do signals+=(asleep signal 12); done
  SHIM=eintr serve 2
  talk asleep signal 12 asleep signal 19 signal 18 asleep connect "$ADDR:$PORT" eof \
    "${signals[@]}" asleep on 1 connect "$ADDR:$PORT" eof
  printed 3
  prints_like 'listening on .*' 'connected by .*' 'connected by .*'
}

# bats test_tags=points:1
@test "a signal after ECONNABORTED is no reason to end either" {
  help "accept has failed and is called again: does the second failure meet the same questions as the first?" "accept(2)"
  needs "ECONNABORTED from accept is no client and no reason to end"
  needs "a signal that interrupts accept is no client and no reason to end"
  SHIM='aborted=1 eintr' serve 1
  talk asleep signal 12 asleep connect "$ADDR:$PORT" eof
}

# bats test_tags=points:4
@test "a client that sends something or leaves at once harms nobody" {
  help "What happens to your program when a client does not behave?" "accept(2)"
  needs "six clients that came while it was busy are served in their order"
  local n clients=()
  # Who else comes, the seed chooses.
  for n in 3 4 5; do
    clients+=(on "$n" connect "$ADDR:$PORT")
    case $((RANDOM % 4)) in
      0) clients+=(abort) ;;
      1) clients+=(close) ;;
      2) clients+=(shut) ;;
      3) clients+=(send hello abort) ;;
    esac
  done
  serve 100
  talk signal 19 connect "$ADDR:$PORT" send 'GET / HTTP/1.0\r\n\r\n' on 1 connect "$ADDR:$PORT" abort \
    "${clients[@]}" signal 18 on 0 gone on 2 connect "$ADDR:$PORT" close on 6 connect "$ADDR:$PORT" eof
}

# bats test_tags=points:2
@test "waits for its clients however long they take to come" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  BUILD=plain CLOCK=$FAST serve 100
  talk "${FIVE_MINUTES[@]}" connect "$ADDR:$PORT" eof \
    on 1 "${FIVE_MINUTES[@]}" connect "$ADDR:$PORT" eof
}

# bats test_tags=points:4
@test "40 clients need no more descriptors than one" {
  help "Is each descriptor that accept returned closed, and closed once?" "close(2)"
  local n clients=()
  for n in {1..40}; do
    clients+=(connect "$ADDR:$PORT" eof)
  done
  NOFILE=12 serve 100
  talk "${clients[@]}"
}

# bats test_tags=points:1
@test "out of descriptors: ends with the reason, or goes on without spinning" {
  help "What changes between this accept and the next one, when it failed with EMFILE?" "accept(2)"
  local tries=0
  # 0, 1 and 2 are taken, the listening socket is the last that there is.
  NOFILE=4 BUILD=plain start accept "$ADDR" "$PORT" 1
  # It may end before a client comes: accept asks for a descriptor first.
  "$KIT_BIN/peer" -p "${DIRS[P]}/pid" -e /dev/null listening connect "$ADDR:$PORT" || true
  until has_ended "$P" 0.1; do
    # It may be ending just now: the last look is the one that counts.
    "$KIT_BIN/peer" -p "${DIRS[P]}/pid" -e /dev/null idle && return
    ((++tries < 3)) || talk idle
  done
  ends 1
  says 'Too many open files'
}

# bats test_tags=points:3
@test "a port in TIME_WAIT is used again at once" {
  help "Which socket option lets a server come back while old connections time out?" "socket(7)"
  serve 1
  talk connect "$ADDR:$PORT" eof close
  end_all
  serve 1
}

# bats test_tags=points:1
@test "a second server on the same port fails, the first goes on" {
  help "Which option would let two servers share a port, and do you set it?" "socket(7)"
  serve 1
  start accept "$ADDR" "$PORT" 1
  fails 1 'Address already in use'
  says_one_of bind listen
  use 0
  talk connect "$ADDR:$PORT" eof
}

# bats test_tags=points:1
@test "a name that cannot be resolved, an address of another machine" {
  help "Which call failed: the look-up of the name, or bind?" "getaddrinfo(3)"
  requires foreign-address
  start accept a..b "$PORT" 1
  start accept 192.0.2.1 "$PORT" 1
  fails 1 bind 'Cannot assign requested address'
  use 0
  fails 1 a..b
}

# bats test_tags=points:1
@test "PORT 0: serves on a port of the kernel's choice, and prints it" {
  help "Who knows which port it is?" "getsockname(2)"
  start accept "$ADDR" 0 1
  talk listening lines 1
  prints_like "listening on ${ADDR//./\\.}:[1-9][0-9]*"
  local line
  read -r _ _ line <"$REPLY"
  talk listening-at "$line" connect "$line" eof
}

# bats test_tags=points:1
@test "an empty HOST is every interface" {
  help "Which address stands for all of this machine's addresses?" "ip(7)"
  client
  start_held accept "" PORT 2
  talk listening connect "127.0.0.1:$PORT" eof on 1 from "$CLIENT" connect "$ADDR:$PORT" eof
  printed 3
  prints_like "listening on (0\.0\.0\.0|\[::\]):$PORT" 'connected by .*' "connected by ${CLIENT%:*}:.*"
}

# bats test_tags=points:1
@test "numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  BUILD=plain start_held accept 127.0.0.1 PORT 1
  talk listening-at "127.0.0.1:$PORT" connect "127.0.0.1:$PORT" eof
  ends 0
  prints_like "listening on 127\.0\.0\.1:$PORT" 'connected by 127\.0\.0\.1:[0-9]+'
  choose_named_port
  own_address
  BUILD=plain start accept "$ADDR" "$PORT" 1
  talk listening-at "$ADDR:$PORT" from "$REPLY:$PORT" connect "$ADDR:$PORT" eof
  ends 0
  prints "listening on $ADDR:$PORT" "connected by $REPLY:$PORT"
}

# bats test_tags=points:1
@test "of a name's addresses the IPv4 one is served" {
  help "Which entry of the list do you take, when the first is an IPv6 address?" "getaddrinfo(3)"
  requires nss-wrapper
  start_with_both accept HOST "$PORT" 1
  talk listening-at "$ADDR:$PORT"
}

# bats test_tags=points:1
@test "HOST ::1: serves an IPv6 client, or says that it cannot" {
  help "Has the variable for the client's address room for an IPv6 address?" "ipv6(7)"
  requires ipv6
  start_held accept ::1 PORT 1
  if listens; then
    talk listening-at "[::1]:$PORT" connect "[::1]:$PORT" eof
    printed 2
    prints_like "listening on \[::1\]:$PORT" 'connected by \[::1\]:[0-9]+'
  else
    fails 1
  fi
}

# bats test_tags=points:2
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtol(3)"
  local bad
  refuse accept HOST "$PORT"
  refuse accept HOST "$PORT" 1 2
  for bad in 65536 -1 8x; do
    refuse accept HOST "$bad" 1
  done
  for bad in -1 +1 ' 1' 1x 0x1 ''; do
    refuse accept HOST "$PORT" "$bad"
  done
  refused
  right_port
  serve 1000000
}

# bats test_tags=points:1
@test "a COUNT over the limit is refused or served, and does not wrap" {
  help "What becomes of 4294967297 in the type that you read COUNT into?" "strtol(3)"
  local count
  for count in 4294967297 18446744073709551617; do
    own_address
    start accept "$REPLY" "$PORT" "$count"
    if listens; then
      talk connect "$REPLY:$PORT" eof asleep listening
    else
      fails 2 usage
    fi
  done
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  no_warnings accept
}

memory_of_accept() {
  serve 3
  talk connect "$ADDR:$PORT" eof on 1 connect "$ADDR:$PORT" abort on 2 connect "$ADDR:$PORT" eof
  ends 0
}

# bats test_tags=points:2
@test "valgrind: no heap block is left" {
  help "Which call gives back what getaddrinfo allocated?" "freeaddrinfo(3)"
  memory accept
  no_block_left
}

# bats test_tags=points:3
@test "valgrind: no descriptor is left open" {
  help "Are the listening socket and each client's descriptor closed before the program ends?" "close(2)"
  memory accept
  no_descriptor_left
}

# bats test_tags=points:3
@test "valgrind: no memory error" {
  help "Which bytes were never set before they went into a call, the length for accept among them?" "valgrind(1)"
  memory accept
  no_invalid_access
}
