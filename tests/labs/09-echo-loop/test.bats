#!/usr/bin/env bats
# Lab 09, the echo loop: everything that a submission is judged by.
# tests/kit/kit.bash says how these tests are written; points are in tenths, 100
# in all.
load ../../kit/kit
programs echo-server echo-client

# serve [COUNT]: starts the server, and waits until it listens.
serve() {
  start echo-server "$ADDR" "$PORT" "$@"
  talk listening-at "$ADDR:$PORT"
}

# call_up MESSAGE…: starts the client; its server is a peer behind the test.
call_up() { start echo-client "$ADDR" "$PORT" "$@"; }

# bats test_tags=points:6
@test "echo-server: does the basic job: answers each message until end-of-file" {
  help "What is sent for each piece that recv returns, and when does the loop end?" "recv(2)"
  serve 1
  talk connect "$ADDR:$PORT" send hello expect 'Echo=>hello' asleep nothing \
    send 'two words' expect 'Echo=>two words' shut eof
}

# bats test_tags=points:4
@test "echo-server: prints where it listens and who connects, at once; ends after COUNT" {
  help "Whose address is in the line, the server's or the client's, and when does it leave the program?" "accept(2)"
  serve 2
  own_address
  talk lines 1 from "$REPLY:$PORT" connect "$ADDR:$PORT" lines 2 \
    on 1 from "$REPLY:$((PORT - 1))" connect "$ADDR:$PORT" on 0 shut eof on 1 lines 3 shut eof
  ends 0
  prints "listening on $ADDR:$PORT" "connected by $REPLY:$PORT" "connected by $REPLY:$((PORT - 1))"
}

# bats test_tags=points:4
@test "echo-server: sends back every byte of every client, whatever they are" {
  help "How many bytes came, and do you send exactly these?" "send(2)"
  local size words=(without 'Echo=>')
  for size in 65537 1 6 4099 1023; do
    words+=(random "$T/$size" "$size" connect "$ADDR:$PORT" exchange "$T/$size" "$T/$size")
  done
  serve 6
  talk connect "$ADDR:$PORT" shut eof "${words[@]}"
  ends 0
}

# bats test_tags=points:4
@test "echo-server: answers each piece by itself, with nothing but the mark before it" {
  help "Do you wait for anything more than what one recv returned, and is any piece special?" "recv(2)"
  local word words=(send '\n' expect 'Echo=>\n' send '\r\n' expect 'Echo=>\r\n')
  magic_words
  for word in "${MAGIC_WORDS[@]}"; do
    words+=(send "$word" expect "Echo=>$word" send "$word\r\n" expect "Echo=>$word\r\n")
    words+=(send "$word\n" expect "Echo=>$word\n")
  done
  serve 1
  talk prompt connect "$ADDR:$PORT" pieces 3 send 'abcdefg\n' expect 'Echo=>abcEcho=>defEcho=>g\n' pieces 0 \
    "${words[@]}" send '\0\xff%n\0' expect 'Echo=>\0\xff%n\0' asleep nothing shut eof
  ends 0
}

# bats test_tags=points:3
@test "echo-server: receives 1024 bytes at a time" {
  help "How much room does your recv have, and what stands in the buffer besides?" "recv(2)"
  serve 1
  # Of 1025 bytes that come together the last is answered by itself.
  talk random "$T/1024" 1024
  printf x | cat "$T/1024" - >"$T/1025"
  talk connect "$ADDR:$PORT" send-file "$T/1025" expect 'Echo=>' expect-file "$T/1024" \
    expect 'Echo=>x' send-file "$T/1024" expect 'Echo=>' expect-file "$T/1024" \
    asleep nothing shut eof
  ends 0
}

# bats test_tags=points:4
@test "echo-server: nothing is lost when recv and send do only a part" {
  help "What does send return, and what is left to send then?" "send(2)"
  local words=(without 'Echo=>' torn 99 0 random "$T/in" 1025)
  words+=(connect "$ADDR:$PORT" exchange "$T/in" "$T/in")
  SHIM='recv=7 send=3' serve 1
  talk "${words[@]}"
  ends 0
  # The mark itself can be cut: then it is its rest that comes next.
  own_address
  ADDR=$REPLY
  SHIM='send=4' serve 1
  talk connect "$ADDR:$PORT" send hello expect 'Echo=>hello' send world expect 'Echo=>world' shut eof
}

# bats test_tags=points:2
@test "echo-server: the mark and the bytes leave with one call" {
  help "How can one call send two buffers, or one buffer hold both?" "sendmsg(2)"
  requires strace
  # The program is strace's child here: lines tell that it listens.
  TRACE='/^(send|write)' start echo-server "$ADDR" "$PORT" 1
  talk lines 1 connect "$ADDR:$PORT" send hello expect 'Echo=>hello' shut eof
  ends 0
  grep -qaE 'Echo=>.*hello' "${DIRS[P]}/report" ||
    flunk 'one call that sends Echo=> and hello' "$(grep -aE 'Echo=>|hello' "${DIRS[P]}/report")"
}

# bats test_tags=points:2
@test "echo-server: without COUNT it serves for ever, and sleeps meanwhile" {
  help "What is COUNT when it is not given, and what does 0 mean?" "accept(2)"
  serve
  talk connect "$ADDR:$PORT" send a expect 'Echo=>a' shut eof \
    connect "$ADDR:$PORT" send b expect 'Echo=>b' asleep idle abort \
    connect "$ADDR:$PORT" send c expect 'Echo=>c' shut eof asleep
  own_address
  ADDR=$REPLY
  serve 0
  talk connect "$ADDR:$PORT" accepted asleep abort connect "$ADDR:$PORT" shut eof asleep
}

# bats test_tags=points:1
@test "echo-server: five clients wait in its queue, and are served in order" {
  help "How many clients may wait, by your call of listen?" "listen(2)"
  serve 6
  own_address
  local i words=() lines=("listening on $ADDR:$PORT" "connected by $REPLY:$PORT")
  for i in 1 2 3 4 5; do
    words+=(on "$i" from "$REPLY:$((PORT - i))" connect "$ADDR:$PORT" send "$i")
    lines+=("connected by $REPLY:$((PORT - i))")
  done
  words+=(asleep on 1 nothing on 0 shut eof)
  for i in 1 2 3 4 5; do words+=(on "$i" expect "Echo=>$i" shut eof); done
  talk from "$REPLY:$PORT" connect "$ADDR:$PORT" accepted "${words[@]}"
  ends 0
  prints "${lines[@]}"
  # The room is no matter of COUNT.
  own_address
  ADDR=$REPLY
  serve 1
  talk asleep backlog-at-least 5
}

# bats test_tags=points:3
@test "echo-server: survives clients that reset or leave" {
  help "What do the results 0 and -1 of recv mean, which errors of accept are about one client, and do they end the server?" "recv(2)"
  own_address
  SHIM=aborted=1 serve 6
  # The first has reset before it is accepted.
  talk signal 19 from "$REPLY:$PORT" connect "$ADDR:$PORT" abort signal 18 \
    from "$ADDR" connect "$ADDR:$PORT" accepted abort connect "$ADDR:$PORT" close \
    connect "$ADDR:$PORT" send x expect 'Echo=>x' abort \
    random "$T/in" 4099 connect "$ADDR:$PORT" send-file "$T/in" close \
    connect "$ADDR:$PORT" send hello expect 'Echo=>hello' shut eof
  ends 0
  prints_like 'listening on .*' "connected by ${REPLY//./\\.}:$PORT" 'connected by .*' 'connected by .*' \
    'connected by .*' 'connected by .*' 'connected by .*'
}

# bats test_tags=points:2
@test "echo-server: survives a client that is gone while it is answered" {
  help "Which signal ends a program that sends to a connection that is gone?" "send(2)"
  serve 2
  talk random "$T/in" 65537 connect "$ADDR:$PORT" accepted asleep signal 19 \
    send-file "$T/in" close signal 18 \
    connect "$ADDR:$PORT" send hello expect 'Echo=>hello' shut eof
  ends 0
}

# bats test_tags=points:3
@test "echo-server: signals, a stop and a continue lose and repeat nothing" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  SHIM=eintr serve 3
  talk asleep signal 12 asleep connect "$ADDR:$PORT" accepted asleep signal 12 asleep \
    signal 19 signal 18 send hello expect 'Echo=>hello' shut eof
  talk random "$T/words" 26 random "$T/none" 0 without 'Echo=>' connect "$ADDR:$PORT" \
    torn 9 12 send-file "$T/words" exchange "$T/none" "$T/words"
  # Of this client's answers few fit into the buffers: the server sleeps in send.
  talk random "$T/in" 131072 without 'Echo=>' \
    rcvbuf 4096 sndbuf 200000 mss 536 connect "$ADDR:$PORT" send-file "$T/in" \
    asleep signal 12 asleep signal 12 asleep exchange "$T/none" "$T/in"
  ends 0
}

# bats test_tags=points:2
@test "echo-server: sets its clients no limit of time" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  needs "echo-server: sends back every byte of every client, whatever they are"
  talk random "$T/in" 131072 random "$T/none" 0
  BUILD=plain CLOCK=$FAST serve 100
  # It waits for a client, for each of two messages, and for room.
  talk "${FIVE_MINUTES[@]}" connect "$ADDR:$PORT" accepted "${FIVE_MINUTES[@]}" \
    send hello expect 'Echo=>hello' "${FIVE_MINUTES[@]}" send world expect 'Echo=>world' shut eof \
    without 'Echo=>' rcvbuf 4096 sndbuf 200000 mss 536 connect "$ADDR:$PORT" \
    send-file "$T/in" "${FIVE_MINUTES[@]}" exchange "$T/none" "$T/in"
}

# bats test_tags=points:1
@test "echo-server: its open descriptors do not grow with the clients" {
  help "On which ways out of serving a client is the connection not closed?" "close(2)"
  local i words=()
  for i in {1..10}; do
    words+=(connect "$ADDR:$PORT" shut eof connect "$ADDR:$PORT" send x abort)
  done
  NOFILE=12 BUILD=plain serve 0
  talk "${words[@]}" connect "$ADDR:$PORT" send hello expect 'Echo=>hello' shut eof
}

# bats test_tags=points:2
@test "echo-server: a port in use is refused, one in TIME_WAIT is not" {
  help "Which socket option lets a server come back while old connections time out?" "socket(7)"
  talk timewait "$ADDR:$PORT"
  serve 1
  start echo-server "$ADDR" "$PORT"
  fails 1 'Address already in use'
  says_one_of bind listen
}

# bats test_tags=points:1
@test "echo-server: an empty HOST, a name that does not resolve, PORT 0" {
  help "Who knows which port it is?" "getsockname(2)"
  start echo-server a..b "$PORT"
  fails_to_resolve a..b
  start_held echo-server "" PORT 1
  talk listening from "$ADDR" connect "127.0.0.1:$PORT" send x expect 'Echo=>x' shut eof
  ends 0
  prints_like "listening on (0\.0\.0\.0|\[::\]):$PORT" "connected by ${ADDR//./\\.}:[1-9][0-9]*"
  start echo-server "$ADDR" 0
  talk listening lines 1
  prints_like "listening on ${ADDR//./\\.}:[1-9][0-9]*"
  requires foreign-address
  start echo-server 192.0.2.1 "$PORT"
  fails 1 bind 'Cannot assign requested address'
}

# bats test_tags=points:1
@test "echo-server: numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  BUILD=plain start_held echo-server 127.0.0.1 PORT 1
  talk listening-at "127.0.0.1:$PORT" connect "127.0.0.1:$PORT" shut eof
  ends 0
  prints_like "listening on 127\.0\.0\.1:$PORT" 'connected by 127\.0\.0\.1:[0-9]+'
  choose_named_port
  own_address
  BUILD=plain start echo-server "$ADDR" "$PORT" 1
  talk listening-at "$ADDR:$PORT" from "$REPLY:$PORT" connect "$ADDR:$PORT" shut eof
  ends 0
  prints "listening on $ADDR:$PORT" "connected by $REPLY:$PORT"
}

# bats test_tags=points:1
@test "echo-server: of a name's addresses the IPv4 one is served" {
  help "Which entry of the list do you take, when the first is an IPv6 address?" "getaddrinfo(3)"
  requires nss-wrapper
  start_with_both echo-server HOST "$PORT" 1
  talk listening-at "$ADDR:$PORT"
}

# bats test_tags=points:1
@test "echo-server: HOST ::1: serves the IPv6 loopback, or says that it cannot" {
  help "Is there room for an IPv6 address, and how is one written with a port?" "ipv6(7)"
  requires ipv6
  start_held echo-server ::1 PORT 1
  if listens; then
    talk listening-at "[::1]:$PORT" connect "[::1]:$PORT" send x expect 'Echo=>x' shut eof
    ends 0
    prints_like "listening on \[::1\]:$PORT" "connected by \[::1\]:[1-9][0-9]*"
  else
    fails 1
  fi
}

# bats test_tags=points:2
@test "echo-server: a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtol(3)"
  refuses echo-server
  refuses echo-server HOST
  refuses echo-server HOST "$PORT" 1 2
  local bad
  for bad in 65536 -1 5x ''; do refuses echo-server HOST "$bad"; done
  for bad in -1 ' 5' ''; do refuses echo-server HOST "$PORT" "$bad"; done
  right_port
  serve 1000000
}

# bats test_tags=points:1
@test "echo-server: compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  no_warnings echo-server
}

memory_of_echo_server() {
  serve 3
  talk connect "$ADDR:$PORT" send hello expect 'Echo=>hello' shut eof \
    connect "$ADDR:$PORT" send x abort random "$T/in" 1025 without 'Echo=>' \
    connect "$ADDR:$PORT" exchange "$T/in" "$T/in"
  ends 0
}

# bats test_tags=points:1
@test "echo-server: valgrind: no heap block is left" {
  help "Which call gives back what was allocated?" "free(3)"
  memory echo-server
  no_block_left
}

# bats test_tags=points:2
@test "echo-server: valgrind: no descriptor is left open" {
  help "On which way out of serving a client is its socket not closed?" "close(2)"
  memory echo-server
  no_descriptor_left
}

# bats test_tags=points:1
@test "echo-server: valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  memory echo-server
  no_invalid_access
}

# bats test_tags=points:6
@test "echo-client: does the basic job: sends a message and takes its answer" {
  help "Which bytes are sent, and when is the answer complete?" "recv(2)"
  behind listen "$ADDR:$PORT" 5 say ready accept expect hello asleep nothing \
    send 'Echo=>hello' eof
  call_up hello
  talked
  ends 0
}

# bats test_tags=points:3
@test "echo-client: prints the answer; without MESSAGE it sends Hello network world" {
  help "Is the line exactly as the handout has it, and what is argc when there is no MESSAGE?" "printf(3)"
  behind listen "$ADDR:$PORT" 5 say ready accept expect 'Hello network world' \
    send 'Echo=>Hello network world' eof
  call_up
  talked
  ends 0
  prints "Client received: 'Echo=>Hello network world'"
}

# bats test_tags=points:4
@test "echo-client: sends each message after the answer to the one before" {
  help "Do you wait for each answer before you send the next message?" "recv(2)"
  behind listen "$ADDR:$PORT" 5 say ready accept prompt expect one asleep nothing send 'Echo=>one' \
    expect 'two words' asleep nothing send 'Echo=>two words' expect 3 send 'Echo=>3' eof
  call_up one 'two words' 3
  talked
  ends 0
  prints "Client received: 'Echo=>one'" "Client received: 'Echo=>two words'" "Client received: 'Echo=>3'"
  # Messages that others take for commands.
  local text message messages=() words=() lines=()
  magic_words
  for text in "${MAGIC_MESSAGES[@]}"; do
    printf -v message '%b' "$text"
    messages+=("$message")
    words+=(expect "$text" send "Echo=>$text")
    lines+=("Client received: 'Echo=>$message'")
  done
  behind listen "$ADDR:$PORT" 5 say ready accept "${words[@]}" eof
  call_up "${messages[@]}"
  talked
  ends 0
  prints "${lines[@]}"
}

# bats test_tags=points:4
@test "echo-client: takes an answer that comes byte by byte" {
  help "How many bytes does the answer have, and how many has recv returned so far?" "recv(2)"
  behind listen "$ADDR:$PORT" 5 say ready accept expect hello \
    pieces 1 send 'Echo=>hell' pieces 0 send o eof
  call_up hello
  talked
  ends 0
  prints "Client received: 'Echo=>hello'"
}

# bats test_tags=points:2
@test "echo-client: takes no more than its answer when two come together" {
  help "How many bytes may recv give you: all that have come, or those that are missing?" "recv(2)"
  # The second comes with the end of the first.
  behind listen "$ADDR:$PORT" 5 say ready accept expect one send 'Echo=>o' taken asleep \
    send 'neEcho=>three' expect three eof
  call_up one three
  talked
  ends 0
  prints "Client received: 'Echo=>one'" "Client received: 'Echo=>three'"
}

# bats test_tags=points:3
@test "echo-client: prints the bytes as they came, whatever they are" {
  help "How does a byte of value 0 leave the program?" "fwrite(3)"
  behind listen "$ADDR:$PORT" 5 say ready accept expect abcdef send '\0\xff%s%n\n\0\0\0\0\0' eof
  call_up abcdef
  talked
  ends 0
  printf "Client received: '\0\xff%%s%%n\n\0\0\0\0\0'\n" >"$T/expected"
  prints_file "$T/expected"
}

# bats test_tags=points:2
@test "echo-client: a message may have 1024 bytes" {
  help "How much room does the longest answer need?" "recv(2)"
  local message
  printf -v message '%01024d' 7
  behind listen "$ADDR:$PORT" 5 say ready accept expect "$message" send "Echo=>$message" eof
  call_up "$message"
  talked
  ends 0
  prints "Client received: 'Echo=>$message'"
}

# bats test_tags=points:3
@test "echo-client: nothing is lost when recv and send do only a part" {
  help "What does send return, and what is left to send then?" "send(2)"
  behind listen "$ADDR:$PORT" 5 say ready accept expect 'Hello network world' \
    send 'Echo=>Hello network world' eof
  SHIM='recv=7 send=3' call_up
  talked
  ends 0
  prints "Client received: 'Echo=>Hello network world'"
}

# bats test_tags=points:4
@test "echo-client: a server that closes or resets before the whole answer" {
  help "What does recv return when the other side has closed, and what when it has reset?" "recv(2)"
  behind listen "$ADDR:$PORT" 5 say ready accept expect hello send 'Echo=>he' close
  call_up hello
  talked
  fails 1 recv closed
  behind listen "$ADDR:$PORT" 5 say ready accept expect hello close
  call_up hello
  talked
  fails 1 recv closed
  behind listen "$ADDR:$PORT" 5 say ready accept expect hello abort
  call_up hello
  talked
  fails 1 'Connection reset by peer'
  says_one_of recv read
}

# bats test_tags=points:2
@test "echo-client: a server that is gone before the next message is an error" {
  help "Which signal ends a program that sends to a connection that is gone?" "send(2)"
  behind listen "$ADDR:$PORT" 5 say ready accept expect one asleep signal 19 \
    send 'Echo=>one' shut abort signal 18
  call_up one two
  talked
  ends 1
  says_one_of send recv write read
  prints "Client received: 'Echo=>one'"
}

# bats test_tags=points:2
@test "echo-client: nobody listens, or nobody has that name" {
  help "Does every call that can fail say its name and the reason?" "connect(2)"
  call_up hello
  fails 1 connect 'Connection refused'
  start echo-client a..b "$PORT"
  fails_to_resolve a..b
}

# bats test_tags=points:1
@test "echo-client: tries every address that a name has" {
  help "What do you do with the other addresses when one does not connect?" "getaddrinfo(3)"
  requires nss-wrapper
  local first=$ADDR name
  own_address
  hosts "$first one.test" "$REPLY one.test" "$REPLY two.test" "$first two.test"
  for name in one.test two.test; do
    behind listen "$ADDR:$PORT" 5 say ready accept expect hello send 'Echo=>hello' eof
    PRELOAD=$NSS VARS=$HOSTS start echo-client "$name" "$PORT" hello
    talked
    ends 0
  done
  # A machine without IPv6: for the first address there is no socket.
  hosts "::1 both.test" "$ADDR both.test"
  behind listen "$ADDR:$PORT" 5 say ready accept expect hello send 'Echo=>hello' eof
  BUILD=plain SHIM=no-ipv6 PRELOAD=$NSS VARS=$HOSTS start echo-client both.test "$PORT" hello
  talked
  ends 0
  # One with it, and a server that is reached by IPv6 alone.
  has_ipv6 || return 0
  behind_ipv6 accept expect hello send 'Echo=>hello' eof
  PRELOAD=$NSS VARS=$HOSTS start echo-client both.test "$PORT" hello
  talked
  ends 0
}

# bats test_tags=points:2
@test "echo-client: waits asleep; signals, a stop and a continue lose nothing" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  behind listen "$ADDR:$PORT" 5 say ready accept expect hello asleep signal 12 asleep \
    signal 19 signal 18 send 'Echo=>he' taken asleep signal 12 asleep send llo \
    expect world torn 5 12 send 'Echo=>world' eof
  SHIM="eintr recv=9 seed=$SEED" call_up hello world
  talked
  ends 0
  prints "Client received: 'Echo=>hello'" "Client received: 'Echo=>world'"
  # The same in connect, before a queue that is full until then.
  own_address
  ADDR=$REPLY
  behind reuseport listen "$ADDR:$PORT" 0 fill say ready calling asleep signal 12 asleep \
    answer expect hello send 'Echo=>hello' eof
  SHIM=eintr call_up hello
  talked
  ends 0
}

# bats test_tags=points:2
@test "echo-client: sets its server no limit of time" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  needs "echo-client: takes an answer that comes byte by byte"
  # It waits in connect, for an answer, and for the rest of one.
  behind reuseport listen "$ADDR:$PORT" 0 fill say ready calling "${FIVE_MINUTES[@]}" answer \
    expect hello "${FIVE_MINUTES[@]}" send 'Echo=>he' taken "${FIVE_MINUTES[@]}" send llo eof
  BUILD=plain CLOCK=$FAST call_up hello
  talked
}

# bats test_tags=points:2
@test "echo-client: a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by the handout, and are all looked at before connect?" "strlen(3)"
  refuses echo-client
  refuses echo-client HOST
  local bad
  for bad in 65536 5x; do refuses echo-client HOST "$bad"; done
  printf -v bad '%01025d' 7
  # The wrong MESSAGE may be the first, the last, or one between two.
  refuses echo-client a..b "$PORT" ''
  refuses echo-client a..b "$PORT" "$bad"
  refuses echo-client HOST "$PORT" '' hello
  refuses echo-client HOST "$PORT" hello '' world
  refuses echo-client HOST "$PORT" hello "$bad" world
  refuses echo-client HOST "$PORT" hello "$bad"
  refuses echo-client HOST "$PORT" hello ''
  # A number that is in order, though nobody can listen there.
  BUILD=plain start echo-client "$ADDR" 0 hello
  ends 1
}

# bats test_tags=points:1
@test "echo-client: compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  no_warnings echo-client
}

# By a name with two addresses, where that can be: the second one connects.
memory_of_echo_client() {
  local host=$ADDR
  own_address
  if ! lost "echo-client: tries every address that a name has" && hosts "$REPLY two.test" "$ADDR two.test"; then
    host=two.test
  fi
  behind listen "$ADDR:$PORT" 5 say ready accept expect hello pieces 4 send 'Echo=>hell' \
    pieces 0 send o expect world send 'Echo=>world' eof
  PRELOAD=${NSS:-} VARS=${HOSTS:-} start echo-client "$host" "$PORT" hello world
  talked
  ends 0
}

# bats test_tags=points:1
@test "echo-client: valgrind: no heap block is left" {
  help "Which call gives back what getaddrinfo allocated?" "freeaddrinfo(3)"
  memory echo-client
  no_block_left
}

# bats test_tags=points:1
@test "echo-client: valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program?" "close(2)"
  memory echo-client
  no_descriptor_left
}

# bats test_tags=points:1
@test "echo-client: valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  memory echo-client
  no_invalid_access
}
