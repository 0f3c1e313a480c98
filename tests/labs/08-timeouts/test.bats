#!/usr/bin/env bats
# Lab 08, timeouts: everything that a submission is judged by. tests/kit/kit.bash
# says how these tests are written; points are in tenths, 100 in all.
#
# About time. What ends too early is measured from before the wait began. What
# ends too late is never measured: a test waits until the program sleeps for two
# seconds longer than it may, or, where signals come all the time, for twenty
# times as long as it may. So a busy machine fails nobody.
load ../../kit/kit
programs timeout-server timeout-client

# serve SECONDS COUNT: starts the server, and waits until it listens.
serve() {
  start timeout-server "$ADDR" "$PORT" "$1" "$2"
  talk listening-at "$ADDR:$PORT"
}

# knock SECONDS DELAY MESSAGE: starts the client; its server is a peer behind.
knock() { start timeout-client "$ADDR" "$PORT" "$@"; }

# client_given_up N: the peer N saw that in time, and program N says so. The same of
# the client, whose call CALL fails.
client_given_up() { use "$1" && talked "$1" && ends 0 && prints_like 'listening on .*' 'time out'; }
server_given_up() { use "$1" && talked "$1" && ends 1 && says "$2" 'timed out'; }

# spans: SPANS holds SECONDS over their whole range, each in three words: SECONDS,
# twice that, and how fast time has to run for SECONDS to be over in 62 ms.
spans() {
  local some=$((RANDOM % 2100 + 40))
  SPANS=(1.999 3.998 32 3 6 48 "$some" $((some * 2)) $((some * 16)) 3600 7200 57600)
}

# bats test_tags=points:5
@test "timeout-server: does the basic job: answers who says the word, and closes" {
  help "What does poll return when there is something to receive, and what do you do then?" "poll(2)"
  serve 30 1
  talk connect "$ADDR:$PORT" send 1 expect 'welcome to server!' eof
}

# bats test_tags=points:3
@test "timeout-server: prints where it listens, at once, and ends after COUNT clients" {
  help "Does the line leave the program before it waits, and do you count every client?" "setvbuf(3)"
  serve 30 2
  talk lines 1 prompt connect "$ADDR:$PORT" send 1 expect 'welcome to server!' eof \
    connect "$ADDR:$PORT" send '1\n' expect 'welcome to server!' eof
  ends 0
  prints "listening on $ADDR:$PORT"
}

# bats test_tags=points:2
@test "timeout-server: whoever says anything else is told to go" {
  help "How many bytes came, and are they exactly the word?" "memcmp(3)"
  local word words=() clients=(2 11 '1 ' ' 1' '1\n\n' '\n' '1\r\n' '1\0' 'one\n' '.\n' '\x04\n' 'quit\n')
  magic_words
  clients+=("${MAGIC_WORDS[@]}")
  for word in "${clients[@]}"; do
    words+=(connect "$ADDR:$PORT" send "$word" expect 'please go out!' eof)
  done
  serve 30 $((${#clients[@]} + 2))
  talk "${words[@]}"
  talk random "$T/full" 1024 connect "$ADDR:$PORT" send-file "$T/full" expect 'please go out!' eof \
    random "$T/text" 1023 connect "$ADDR:$PORT" send-file "$T/text" expect 'please go out!' eof
  ends 0
}

# bats test_tags=points:5
@test "timeout-server: a client that says nothing is left outside when time is up" {
  help "What does poll return at the deadline, and what is SECONDS in the unit that it takes?" "poll(2)"
  serve 0.07 1
  talk mark connect "$ADDR:$PORT" eof after 58
  ends 0
  prints "listening on $ADDR:$PORT" 'time out'
}

# bats test_tags=points:2
@test "timeout-server: each client has its own time, from accept on" {
  help "When is the deadline worked out: before or after accept, once or for each client?" "clock_gettime(2)"
  # idle watches it for 0.1 s, longer than SECONDS.
  serve 0.04 2
  talk asleep idle mark connect "$ADDR:$PORT" eof after 28 \
    mark connect "$ADDR:$PORT" eof after 28
  ends 0
  prints "listening on $ADDR:$PORT" 'time out' 'time out'
}

# bats test_tags=points:2
@test "timeout-server: waits asleep, and not shorter than whole seconds either" {
  help "Which call sleeps until there is something to receive or time is up?" "poll(2)"
  serve 30 1
  talk connect "$ADDR:$PORT" accepted asleep nothing asleep send 1 expect 'welcome to server!' eof
}

# bats test_tags=points:3
@test "timeout-server: a signal, a stop and a continue do not end a wait" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  needs "timeout-server: waits asleep, and not shorter than whole seconds either"
  local n signals=(asleep signal 12)
  for ((n = RANDOM % 3; n > 0; n--)); do signals+=(asleep signal 12); done
  SHIM=eintr serve 30 2
  talk asleep signal 12 asleep connect "$ADDR:$PORT" accepted \
    "${signals[@]}" asleep nothing send 1 expect 'welcome to server!' eof \
    connect "$ADDR:$PORT" accepted asleep signal 19 signal 18 asleep nothing \
    send 2 expect 'please go out!' eof
  ends 0
  prints "listening on $ADDR:$PORT"
}

# bats test_tags=points:3
@test "timeout-server: signals do not put the deadline off" {
  help "After an interruption, how long do you wait: all of SECONDS, or what is left of it?" "clock_gettime(2)"
  # The wait is long beside the time between two signals: a deadline that starts
  # again with each is then never reached, on a loaded machine too.
  SHIM=eintr serve 0.25 1
  talk mark connect "$ADDR:$PORT" accepted nag 12 $((RANDOM % 11 + 5)) 1500 eof after 238
  ends 0
  prints "listening on $ADDR:$PORT" 'time out'
}

# bats test_tags=points:2
@test "timeout-server: SECONDS may be anything from parts of a second to an hour" {
  help "Up to which number does each type count in which you keep SECONDS, and what is the most that tv_usec may hold?" "socket(7)"
  needs "timeout-server: a client that says nothing is left outside when time is up"
  # All at once. A wait that has no end is seen after two seconds of ours.
  local i n=0
  spans
  for ((i = 0; i < ${#SPANS[@]}; i += 3)); do
    own_address
    ADDR=$REPLY
    behind say ready listening-at "$ADDR:$PORT" mark connect "$ADDR:$PORT" eof \
      lasted "${SPANS[i]}" "${SPANS[i + 2]}"
    BUILD=plain CLOCK=fast=${SPANS[i + 2]} start timeout-server "$ADDR" "$PORT" "${SPANS[i]}" 1
  done
  for ((i = 0; i < ${#SPANS[@]}; i += 3, n++)); do client_given_up "$n"; done
}

# bats test_tags=points:1
@test "timeout-server: a deadline that passes while it is stopped ends the wait" {
  help "What is left of the time when the deadline has passed, and what does poll take that for?" "poll(2)"
  needs "timeout-server: a client that says nothing is left outside when time is up"
  needs "timeout-server: signals do not put the deadline off"
  needs "timeout-server: a signal, a stop and a continue do not end a wait"
  SHIM=eintr serve 0.05 1
  # The signal interrupts the wait, and what is left then is less than nothing.
  talk connect "$ADDR:$PORT" accepted halt 70 12 eof
  ends 0
  prints "listening on $ADDR:$PORT" 'time out'
}

# bats test_tags=points:1
@test "timeout-server: who sets the clock of the day moves no deadline" {
  help "Which of the machine's clocks can be set, and which only counts?" "clock_gettime(2)"
  needs "timeout-server: a client that says nothing is left outside when time is up"
  needs "timeout-server: signals do not put the deadline off"
  needs "timeout-server: a signal, a stop and a continue do not end a wait"
  local hour n=0
  for hour in -3600 3600; do
    own_address
    ADDR=$REPLY
    behind say ready listening-at "$ADDR:$PORT" mark connect "$ADDR:$PORT" nag 12 7 1500 eof after 88
    BUILD=plain SHIM=eintr CLOCK=wall=$hour start timeout-server "$ADDR" "$PORT" 0.1 1
  done
  client_given_up 0
  client_given_up 1
}

# bats test_tags=points:1
@test "timeout-server: waits for its clients however long they take to come" {
  help "For which of your calls does SECONDS hold?" "accept(2)"
  needs "timeout-server: a client that says nothing is left outside when time is up"
  BUILD=plain CLOCK=$FAST serve 0.25 1
  talk "${FIVE_MINUTES[@]}" connect "$ADDR:$PORT" eof
  ends 0
  prints "listening on $ADDR:$PORT" 'time out'
}

# bats test_tags=points:3
@test "timeout-server: survives clients that leave or reset, and prints nothing for them" {
  help "What do the results 0 and -1 of recv mean, which errors of accept are about one client, and do they end the server?" "recv(2)"
  SHIM=aborted=1 serve 30 4
  talk connect "$ADDR:$PORT" accepted close connect "$ADDR:$PORT" accepted abort \
    connect "$ADDR:$PORT" shut eof connect "$ADDR:$PORT" send 1 expect 'welcome to server!' eof
  ends 0
  prints "listening on $ADDR:$PORT"
}

# bats test_tags=points:1
@test "timeout-server: survives a client that is gone before its answer" {
  help "Which signal ends a program that sends to a connection that is gone?" "send(2)"
  needs "timeout-server: waits asleep, and not shorter than whole seconds either"
  serve 30 2
  talk connect "$ADDR:$PORT" accepted asleep signal 19 send 1 shut abort signal 18 \
    connect "$ADDR:$PORT" send 1 expect 'welcome to server!' eof
  ends 0
}

# bats test_tags=points:2
@test "timeout-server: five clients wait in its queue, and are answered in order" {
  help "How many clients may wait, by your call of listen?" "listen(2)"
  needs "timeout-server: waits asleep, and not shorter than whole seconds either"
  serve 30 6
  local i words=()
  for i in 1 2 3 4 5; do words+=(on "$i" connect "$ADDR:$PORT" send 1); done
  words+=(asleep on 1 nothing on 0 send 1 expect 'welcome to server!' eof)
  for i in 1 2 3 4 5; do words+=(on "$i" expect 'welcome to server!' eof); done
  talk connect "$ADDR:$PORT" accepted "${words[@]}"
  ends 0
  # The room is no matter of COUNT.
  own_address
  ADDR=$REPLY
  serve 30 1
  talk asleep backlog-at-least 5
}

# bats test_tags=points:1
@test "timeout-server: COUNT 0 serves for ever, and needs no more descriptors for it" {
  help "Which COUNT has no end, and on which ways out of serving a client is the connection not closed?" "close(2)"
  local i words=()
  for i in {1..9}; do
    words+=(connect "$ADDR:$PORT" gone connect "$ADDR:$PORT" abort connect "$ADDR:$PORT" shut gone)
  done
  NOFILE=12 BUILD=plain serve 0.002 0
  talk "${words[@]}" connect "$ADDR:$PORT" gone asleep listening
}

# bats test_tags=points:2
@test "timeout-server: a port in use is refused, one in TIME_WAIT is not" {
  help "Which socket option lets a server come back while old connections time out?" "socket(7)"
  talk timewait "$ADDR:$PORT"
  serve 30 1
  start timeout-server "$ADDR" "$PORT" 30 1
  fails 1 'Address already in use'
  says_one_of bind listen
}

# bats test_tags=points:1
@test "timeout-server: an empty HOST, a name that does not resolve, PORT 0" {
  help "Who knows which port it is?" "getsockname(2)"
  start timeout-server a..b "$PORT" 30 1
  fails_to_resolve a..b
  start_held timeout-server "" PORT 30 1
  talk listening connect "127.0.0.1:$PORT" send 1 expect 'welcome to server!' eof
  ends 0
  prints_like "listening on (0\.0\.0\.0|\[::\]):$PORT"
  start timeout-server "$ADDR" 0 30 1
  talk listening lines 1
  prints_like "listening on ${ADDR//./\\.}:[1-9][0-9]*"
  requires foreign-address
  start timeout-server 192.0.2.1 "$PORT" 30 1
  fails 1 bind 'Cannot assign requested address'
}

# bats test_tags=points:1
@test "timeout-server: numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  BUILD=plain start_held timeout-server 127.0.0.1 PORT 30 1
  talk listening-at "127.0.0.1:$PORT" lines 1
  prints "listening on 127.0.0.1:$PORT"
  choose_named_port
  BUILD=plain start timeout-server "$ADDR" "$PORT" 30 1
  talk listening-at "$ADDR:$PORT" lines 1
  prints "listening on $ADDR:$PORT"
}

# bats test_tags=points:1
@test "timeout-server: of a name's addresses the IPv4 one is served" {
  help "Which entry of the list do you take, when the first is an IPv6 address?" "getaddrinfo(3)"
  requires nss-wrapper
  start_with_both timeout-server HOST "$PORT" 30 1
  talk listening-at "$ADDR:$PORT"
}

# bats test_tags=points:1
@test "timeout-server: HOST ::1: serves the IPv6 loopback, or says that it cannot" {
  help "How is an IPv6 address written with a port?" "ipv6(7)"
  requires ipv6
  start_held timeout-server ::1 PORT 30 1
  if listens; then
    talk listening-at "[::1]:$PORT" connect "[::1]:$PORT" send 1 expect 'welcome to server!' eof
    ends 0
    prints "listening on [::1]:$PORT"
  else
    fails 1
  fi
}

# bats test_tags=points:1
@test "timeout-server: sends all of the answer though send takes only a part" {
  help "What does send return, and what if that is less than you gave it?" "send(2)"
  SHIM=send=3 serve 30 2
  talk connect "$ADDR:$PORT" send 1 expect 'welcome to server!' eof \
    connect "$ADDR:$PORT" send 2 expect 'please go out!' eof
  ends 0
}

# bats test_tags=points:2
@test "timeout-server: a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtod(3)"
  refuses timeout-server HOST "$PORT" 5
  refuses timeout-server HOST "$PORT" 5 1 1
  refuses timeout-server a..b 65536 5 1
  refuses timeout-server a..b "$PORT" 5 1x
  local bad
  for bad in 0.0 .5 5. -1 ' 1' 1e3 1.2.3 nan '' 3601; do
    refuses timeout-server HOST "$PORT" "$bad" 1
  done
  right_port
  serve 5 1000000
}

# bats test_tags=points:1
@test "timeout-server: parts of a second, an hour, and many digits are in order" {
  help "Which forms of SECONDS are right, by labs/README.md?" "strtod(3)"
  local good
  for good in 3600 1.000000000 0.001; do
    own_address
    ADDR=$REPLY
    serve "$good" 1
  done
  talk connect "$ADDR:$PORT" eof
  ends 0
}

# bats test_tags=points:1
@test "timeout-server: compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  no_warnings timeout-server
}

# One that is answered, one that resets, one that leaves, one that says nothing.
memory_of_timeout_server() {
  serve 0.05 4
  talk signal 19 connect "$ADDR:$PORT" send 1 on 1 connect "$ADDR:$PORT" abort \
    connect "$ADDR:$PORT" shut on 2 connect "$ADDR:$PORT" signal 18 ended
  ends 0
}

# bats test_tags=points:1
@test "timeout-server: valgrind: no heap block is left" {
  help "Which call gives back what getaddrinfo allocated?" "freeaddrinfo(3)"
  memory timeout-server
  no_block_left
}

# bats test_tags=points:2
@test "timeout-server: valgrind: no descriptor is left open" {
  help "On which way out of serving a client is its socket not closed?" "close(2)"
  memory timeout-server
  no_descriptor_left
}

# bats test_tags=points:1
@test "timeout-server: valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  memory timeout-server
  no_invalid_access
}

# bats test_tags=points:6
@test "timeout-client: does the basic job: connects and says the word" {
  help "When has a connect that only begun ended, and how is its result asked for?" "connect(2)"
  behind listen "$ADDR:$PORT" 5 say ready accept expect 1 asleep send 'welcome to server!' close
  knock 30 0 1
  talked
  ends 0
}

# bats test_tags=points:4
@test "timeout-client: prints to whom it is connected, and the answer" {
  help "How many bytes came, and do you print exactly these and an end of line?" "printf(3)"
  # The words of both sides, some of which others take for commands.
  local answer message
  magic_words
  for answer in 'please go out!' 'a %s %n %d\tb' quit "${MAGIC_MESSAGES[RANDOM % ${#MAGIC_MESSAGES[@]}]}"; do
    printf -v message '%b' "${answer:0:4}"
    behind listen "$ADDR:$PORT" 5 say ready accept prompt expect "${answer:0:4}" send "$answer" close
    knock 30 0.001 "$message"
    talked
    ends 0
    printf -v answer '%b' "$answer"
    prints "connected to $ADDR:$PORT" "$answer"
  done
  # The first line comes at once, not at the end.
  behind listen "$ADDR:$PORT" 5 say ready accept
  knock 30 30 hello
  talk lines 1
}

# bats test_tags=points:5
@test "timeout-client: a server that does not answer is given up when time is up" {
  help "What does poll return at the deadline, and what do you say then?" "poll(2)"
  behind listen "$ADDR:$PORT" 5 mark say ready accept expect 1 ended after 68
  BUILD=plain knock 0.08 0 1
  talked
  ends 1
  says recv 'timed out'
  prints "connected to $ADDR:$PORT"
}

# bats test_tags=points:5
@test "timeout-client: a connection that is never answered is given up when time is up" {
  help "How long does connect sleep when nobody answers, and how can it be kept from sleeping?" "connect(2)"
  behind listen "$ADDR:$PORT" 0 fill mark say ready ended after 68
  BUILD=plain knock 0.08 0 1
  talked
  fails 1 connect 'Connection timed out'
}

# bats test_tags=points:3
@test "timeout-client: sleeps for DELAY before it sends" {
  help "What is DELAY in the units that the call takes?" "nanosleep(2)"
  needs "timeout-client: a server that does not answer is given up when time is up"
  # Three clients at once. Soon begun, so that what is too early is seen on a busy
  # machine, too.
  behind listen "$ADDR:$PORT" 5 mark say ready accept expect 1 after 138
  BUILD=plain knock 30 0.15 1
  own_address
  ADDR=$REPLY
  behind listen "$ADDR:$PORT" 5 say ready accept asleep nothing
  knock 30 30.5 1
  # The time for the answer begins when the message was sent, not before DELAY.
  own_address
  ADDR=$REPLY
  behind listen "$ADDR:$PORT" 5 mark say ready accept expect 1 ended after 298
  BUILD=plain knock 0.15 0.16 1
  talked 0
  talked 1
  talked 2
  ends 1
  says recv 'timed out'
}

# bats test_tags=points:3
@test "timeout-client: signals neither shorten nor lengthen its waits" {
  help "After an interruption, how long do you wait: the whole time, or what is left of it?" "clock_gettime(2)"
  # Three clients at once: in the sleep, waiting for an answer, and in connect.
  local nag=(nag 12 $((RANDOM % 11 + 5)) 1500)
  behind listen "$ADDR:$PORT" 5 mark say ready accept "${nag[@]}" expect 1 after 238
  SHIM=eintr knock 30 0.25 1
  own_address
  ADDR=$REPLY
  behind listen "$ADDR:$PORT" 5 mark say ready accept expect 1 "${nag[@]}" ended after 238
  SHIM=eintr knock 0.25 0 1
  own_address
  ADDR=$REPLY
  behind listen "$ADDR:$PORT" 0 fill mark say ready "${nag[@]}" ended after 238
  SHIM=eintr knock 0.25 0 1
  talked 0
  talked 1
  talked 2
  fails 1 connect 'timed out'
  use 1
  ends 1
  says recv 'timed out'
}

# bats test_tags=points:2
@test "timeout-client: SECONDS and DELAY may be anything up to an hour" {
  help "Up to which number does each type count in which you keep SECONDS, and what is the most that tv_usec may hold?" "socket(7)"
  needs "timeout-client: a server that does not answer is given up when time is up"
  needs "timeout-client: a connection that is never answered is given up when time is up"
  needs "timeout-client: sleeps for DELAY before it sends"
  # All at once: four sleep and wait for an answer, two wait in connect.
  local i n
  spans
  for ((i = 0; i < ${#SPANS[@]}; i += 3)); do
    own_address
    ADDR=$REPLY
    behind listen "$ADDR:$PORT" 5 mark say ready accept expect 1 lasted "${SPANS[i]}" "${SPANS[i + 2]}" \
      ended lasted "${SPANS[@]:i+1:2}"
    BUILD=plain CLOCK=fast=${SPANS[i + 2]} knock "${SPANS[i]}" "${SPANS[i]}" 1
  done
  for i in 0 9; do
    own_address
    ADDR=$REPLY
    behind listen "$ADDR:$PORT" 0 fill mark say ready ended lasted "${SPANS[i]}" "${SPANS[i + 2]}"
    BUILD=plain CLOCK=fast=${SPANS[i + 2]} knock "${SPANS[i]}" 0 1
  done
  for n in 0 1 2 3; do server_given_up "$n" recv; done
  for n in 4 5; do server_given_up "$n" connect; done
}

# bats test_tags=points:1
@test "timeout-client: a deadline that passes while it is stopped ends the wait" {
  help "What is left of the time when the deadline has passed, and what does poll take that for?" "poll(2)"
  needs "timeout-client: a server that does not answer is given up when time is up"
  needs "timeout-client: a connection that is never answered is given up when time is up"
  needs "timeout-client: signals neither shorten nor lengthen its waits"
  behind listen "$ADDR:$PORT" 5 say ready accept expect 1 halt 70 12 ended
  SHIM=eintr knock 0.05 0 1
  own_address
  ADDR=$REPLY
  behind listen "$ADDR:$PORT" 0 fill say ready halt 70 12 ended
  SHIM=eintr knock 0.05 0 1
  server_given_up 0 recv
  server_given_up 1 connect
}

# bats test_tags=points:1
@test "timeout-client: who sets the clock of the day moves no deadline" {
  help "Which of the machine's clocks can be set, and which only counts?" "clock_gettime(2)"
  needs "timeout-client: a server that does not answer is given up when time is up"
  needs "timeout-client: a connection that is never answered is given up when time is up"
  needs "timeout-client: sleeps for DELAY before it sends"
  needs "timeout-client: signals neither shorten nor lengthen its waits"
  local hour n
  for hour in -3600 3600; do
    own_address
    ADDR=$REPLY
    behind listen "$ADDR:$PORT" 5 mark say ready accept nag 12 7 1500 expect 1 after 88 \
      nag 12 7 1500 ended after 188
    BUILD=plain SHIM=eintr CLOCK=wall=$hour knock 0.1 0.1 1
    own_address
    ADDR=$REPLY
    behind listen "$ADDR:$PORT" 0 fill mark say ready nag 12 7 1500 ended after 88
    BUILD=plain SHIM=eintr CLOCK=wall=$hour knock 0.1 0 1
  done
  for n in 0 2; do
    server_given_up "$n" recv
    server_given_up $((n + 1)) connect
  done
}

# bats test_tags=points:2
@test "timeout-client: waits asleep, also after a stop and a continue" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  behind listen "$ADDR:$PORT" 5 say ready accept expect 1 asleep signal 19 signal 18 \
    asleep send 'welcome to server!' close
  knock 30 0 1
  talked
  ends 0
  prints "connected to $ADDR:$PORT" 'welcome to server!'
}

# bats test_tags=points:3
@test "timeout-client: a server that closes or resets instead of an answer" {
  help "What does recv return when the other side has closed, and what when it has reset?" "recv(2)"
  behind listen "$ADDR:$PORT" 5 say ready accept expect 1 close
  knock 30 0 1
  talked
  ends 1
  says recv closed
  behind listen "$ADDR:$PORT" 5 say ready accept expect 1 abort
  knock 30 0 1
  talked
  ends 1
  says 'Connection reset by peer'
  says_one_of recv read
}

# bats test_tags=points:2
@test "timeout-client: a server that is gone before the message is an error" {
  help "Which signal ends a program that sends to a connection that is gone?" "send(2)"
  local delay
  # It must stand before it has sent: on a loaded machine that takes a longer DELAY.
  for delay in 0.02 0.3 4; do
    own_address
    ADDR=$REPLY
    behind listen "$ADDR:$PORT" 5 say ready accept asleep signal 19 nothing say unsent shut abort signal 18
    knock 30 "$delay" 1
    ! said || break
  done
  [[ $REPLY == unsent ]] || needs "timeout-client: sleeps for DELAY before it sends"
  talked
  # It sleeps for the rest of a long DELAY first: nothing happens, and that is right.
  has_ended "$P" 5 || true
  ends 1
  says_one_of send recv write read
}

# bats test_tags=points:2
@test "timeout-client: nobody listens, or nobody has that name" {
  help "Is the result of connect asked for after the wait?" "connect(2)"
  knock 30 0 1
  fails 1 connect 'Connection refused'
  start timeout-client a..b "$PORT" 30 0 1
  fails_to_resolve a..b
}

# bats test_tags=points:2
@test "timeout-client: tries every address that a name has" {
  help "What do you do with the other addresses when one does not connect?" "getaddrinfo(3)"
  requires nss-wrapper
  local first=$ADDR name
  choose_named_port
  own_address
  hosts "$first one.test" "$REPLY one.test" "$REPLY two.test" "$first two.test"
  for name in one.test two.test; do
    behind listen "$ADDR:$PORT" 5 say ready accept expect 1 send yes close
    PRELOAD=$NSS VARS=$HOSTS start timeout-client "$name" "$PORT" 30 0 1
    talked
    ends 0
    prints "connected to $ADDR:$PORT" yes
  done
  # A machine without IPv6: for the first address there is no socket.
  hosts "::1 both.test" "$ADDR both.test"
  behind listen "$ADDR:$PORT" 5 say ready accept expect 1 send yes close
  BUILD=plain SHIM=no-ipv6 PRELOAD=$NSS VARS=$HOSTS start timeout-client both.test "$PORT" 30 0 1
  talked
  ends 0
  prints "connected to $ADDR:$PORT" yes
  # One with it, and a server that is reached by IPv6 alone.
  has_ipv6 || return 0
  behind_ipv6 accept expect 1 send yes close
  PRELOAD=$NSS VARS=$HOSTS start timeout-client both.test "$PORT" 30 0 1
  talked
  ends 0
  prints "connected to [::1]:$PORT" yes
}

# bats test_tags=points:1
@test "timeout-client: sends all of the message though send takes only a part" {
  help "What does send return, and what if that is less than you gave it?" "send(2)"
  behind listen "$ADDR:$PORT" 5 say ready accept expect 'please let me in' send yes close
  SHIM=send=3 knock 30 0 'please let me in'
  talked
  ends 0
}

# bats test_tags=points:2
@test "timeout-client: a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtod(3)"
  refuses timeout-client HOST "$PORT" 5 0
  refuses timeout-client HOST "$PORT" 5 0 1 2
  refuses timeout-client a..b "$PORT" 0 0 1
  refuses timeout-client a..b 65536 5 0 1
  local bad
  for bad in .5 -1 1e3; do refuses timeout-client HOST "$PORT" "$bad" 0 1; done
  for bad in 5. '' ' 1' 3601; do refuses timeout-client HOST "$PORT" 5 "$bad" 1; done
  # A number that is in order, though nobody can listen there.
  BUILD=plain start timeout-client "$ADDR" 0 30 0 1
  ends 1
}

# bats test_tags=points:1
@test "timeout-client: compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  no_warnings timeout-client
}

# By a name with two addresses, where that can be: the second one connects.
memory_of_timeout_client() {
  local host=$ADDR
  own_address
  if ! lost "timeout-client: tries every address that a name has" && hosts "$REPLY two.test" "$ADDR two.test"; then
    host=two.test
  fi
  behind listen "$ADDR:$PORT" 5 say ready accept expect 1 send 'welcome to server!' close
  PRELOAD=${NSS:-} VARS=${HOSTS:-} start timeout-client "$host" "$PORT" 30 0.01 1
  talked
  ends 0
}

# bats test_tags=points:1
@test "timeout-client: valgrind: no heap block is left" {
  help "Which call gives back what getaddrinfo allocated?" "freeaddrinfo(3)"
  memory timeout-client
  no_block_left
}

# bats test_tags=points:1
@test "timeout-client: valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program?" "close(2)"
  memory timeout-client
  no_descriptor_left
}

# bats test_tags=points:1
@test "timeout-client: valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  memory timeout-client
  no_invalid_access
}
