#!/usr/bin/env bats
# Lab 05, send and recv: everything that a submission is judged by. tests/kit/kit.bash
# says how these tests are written; points are in tenths, 100 in all.
load ../../kit/kit
programs send-recv

YES='welcome to server!\n' NO='please go out!\n'

# serve COUNT: starts the program as most tests want it, and waits until it listens.
serve() {
  start send-recv "$ADDR" "$PORT" "$1"
  talk listening-at "$ADDR:$PORT"
}

# many_lines N: T/in has N lines of two bytes, "1" and "2" in turn, T/out the answers.
many_lines() {
  yes $'1\n2' | head -n "$1" >"$T/in" || true
  yes $'welcome to server!\nplease go out!' | head -n "$1" >"$T/out" || true
}

# repeated N TEXT: prints TEXT N times. For some thousand, sooner than yes(1) begins.
repeated() {
  local blanks
  printf -v blanks '%*s' "$1" ''
  printf '%s' "${blanks// /$2}"
}

# alone TEXT ANSWER: adds to CLIENTS one that sends TEXT and its end, and must get
# ANSWER and the end.
CLIENTS=()
alone() { CLIENTS+=(connect "$ADDR:$PORT" send "$1" shut expect "$2" eof); }

# bats test_tags=points:20
@test "does the basic job: answers the line 1, and ends with the client" {
  help "What does recv return for bytes, and what when the client has sent its last?" "recv(2)"
  serve 100
  talk connect "$ADDR:$PORT" send '1\n' shut expect "$YES" asleep eof
}

# bats test_tags=points:1
@test "uses no processor time while a client keeps it waiting" {
  help "Which call sleeps until bytes come?" "recv(2)"
  serve 100
  talk connect "$ADDR:$PORT" send '1' taken asleep idle
}

# bats test_tags=points:4
@test "any other line gets the other answer" {
  help "Which bytes make the line, do you compare all of them and their number, and is any other word special?" "memcmp(3)"
  local line lines=()
  magic_words
  for line in hello 11 ' 1' '1 ' 2 '' 01 1x; do
    alone "$line\n" "$NO"
  done
  for line in "${MAGIC_WORDS[@]:0:10}"; do
    alone "$line" "$NO"
  done
  # Words that others take for commands: each in a piece of its own, and all in one.
  for line in "${MAGIC_WORDS[@]}"; do
    lines+=(send "$line\n" expect "$NO")
  done
  printf '%b\n' "${MAGIC_WORDS[@]}" >"$T/words"
  repeated "${#MAGIC_WORDS[@]}" $'please go out!\n' >"$T/go"
  serve 100
  talk "${CLIENTS[@]}" connect "$ADDR:$PORT" "${lines[@]}" send-file "$T/words" expect-file "$T/go" \
    send '1\n' shut expect "$YES" eof
}

# bats test_tags=points:5
@test "a line may arrive in any number of pieces" {
  help "Is what one recv returns always a whole line?" "tcp(7)"
  serve 100
  talk connect "$ADDR:$PORT" pieces 1 send '1\nhi\n1\n' pieces 2 send 'o1\n1\n' shut \
    expect "$YES$NO$YES$NO$YES" eof
}

# bats test_tags=points:5
@test "several lines may arrive in one piece" {
  help "Can one recv return more than one line?" "tcp(7)"
  serve 100
  # The shortest lines there are: their answers are fifteen times as long.
  repeated 4096 $'\n' >"$T/empty"
  repeated 4096 $'please go out!\n' >"$T/go"
  talk connect "$ADDR:$PORT" send '1\nhello\n\n1\n1\n' shut expect "$YES$NO$NO$YES$YES" eof \
    connect "$ADDR:$PORT" send-file "$T/empty" shut expect-file "$T/go" eof
}

# bats test_tags=points:4
@test "answers at once, while the client keeps its side open" {
  help "What does your program wait for, when a whole line has come?" "recv(2)"
  needs "uses no processor time while a client keeps it waiting"
  serve 100
  talk prompt connect "$ADDR:$PORT" send '1\n' expect "$YES" send 'hello\n1' expect "$NO" taken asleep \
    nothing send '\n' expect "$YES" nothing shut eof
  # Lines that fill a buffer to its last byte are no reason to wait for more.
  local size full=()
  for size in 256 512 1024 2048 4096 8192; do
    repeated $((size / 2)) $'1\n' >"$T/$size"
    repeated $((size / 2)) $'welcome to server!\n' >"$T/$size.answers"
    full+=(send-file "$T/$size" expect-file "$T/$size.answers")
  done
  talk prompt connect "$ADDR:$PORT" "${full[@]}" nothing shut eof
}

# bats test_tags=points:4
@test "the last line may lack its end; after the last end there is no further line" {
  help "What is still unanswered when recv returns 0?" "recv(2)"
  alone 1 "$YES"
  alone 2 "$NO"
  # No newline comes after this carriage return.
  alone '1\r' "$NO"
  alone '1\n' "$YES"
  alone '' ''
  serve 100
  talk "${CLIENTS[@]}"
}

# bats test_tags=points:3
@test "a carriage return counts unless it is right before the end of the line" {
  help "Which carriage return is dropped, and what if it comes in another piece than the newline?" "tcp(7)"
  local line
  alone '1\r\n' "$YES"
  for line in '\r1' '1\r\r' '1\r2' '\r'; do
    alone "$line\n" "$NO"
  done
  serve 100
  talk "${CLIENTS[@]}" connect "$ADDR:$PORT" send '1\r' taken send '\n' shut expect "$YES" eof \
    connect "$ADDR:$PORT" send '1\r' taken send 'x\n' shut expect "$NO" eof
}

# bats test_tags=points:4
@test "zero bytes and bytes above 127 are bytes like any other" {
  help "Who ends a line: a newline, or a zero byte that a string function looks for?" "memchr(3)"
  local line
  for line in '1\0' '\x001' 'a\0\xff\x80' '\0'; do
    alone "$line\n" "$NO"
  done
  alone '1\n\0\n1\n' "$YES$NO$YES"
  # Every byte after a 1, before it, and alone.
  local n byte in='' out=''
  for n in {0..255}; do
    ((n != 10)) || continue
    printf -v byte '\\x%02x' "$n"
    in+="1$byte\n${byte}1\n$byte\n"
    case $n in
      13) out+=$YES$NO$NO ;;
      49) out+=$NO$NO$YES ;;
      *) out+=$NO$NO$NO ;;
    esac
  done
  printf '%b' "$in" >"$T/in"
  printf '%b' "$out" >"$T/out"
  serve 100
  talk "${CLIENTS[@]}" connect "$ADDR:$PORT" exchange "$T/in" "$T/out"
}

# bats test_tags=points:5
@test "a line may be longer than any buffer, and gets one answer" {
  help "What does your program do when its buffer is full and no newline has come?" "recv(2)"
  local zeros ones
  printf -v zeros '%065537d' 1
  ones=$(tr 0 1 <<<"$zeros")
  printf '%s\n1\n' "$zeros" "$ones" "${ones:0:4096}" >"$T/in"
  printf '1\n%s' "$zeros" >"$T/unended"
  serve 100
  # Also when its end never comes.
  talk connect "$ADDR:$PORT" send-file "$T/in" shut expect "$NO$YES$NO$YES$NO$YES" eof \
    connect "$ADDR:$PORT" send-file "$T/unended" shut expect "$YES$NO" eof
}

# bats test_tags=points:6
@test "every answer is whole when send takes only a part of it" {
  help "What does send return, and who sends the rest?" "send(2)"
  needs "several lines may arrive in one piece"
  SHIM='recv=7 send=3' serve 100
  # The last line with its end, and without.
  talk connect "$ADDR:$PORT" send '1\nhello\n1\r\n\n1\n1\nlonger than seven\n1\n' shut \
    expect "$YES$NO$YES$NO$YES$YES$NO$YES" eof \
    connect "$ADDR:$PORT" send '2\n1' shut expect "$NO$YES" eof
}

# bats test_tags=points:3
@test "300,000 lines from a client that sends and reads at the same time" {
  help "Where do the bytes go that do not fit into what you reserved, in either direction?" "send(2)"
  needs "several lines may arrive in one piece"
  many_lines 300000
  # One byte a call is slow, and right. The peer sees a program that takes nothing.
  DEADLINE=120 serve 100
  talk connect "$ADDR:$PORT" exchange "$T/in" "$T/out"
}

# bats test_tags=points:3
@test "a signal while it waits in recv loses nothing and repeats nothing" {
  help "What does recv return when a signal arrives while it sleeps, and what is errno then?" "signal(7)"
  needs "uses no processor time while a client keeps it waiting"
  needs "every answer is whole when send takes only a part of it"
  SHIM="eintr recv=9 send=9 seed=$SEED" serve 100
  # In accept, too: before the first client, and before the next.
  talk asleep signal 12 asleep connect "$ADDR:$PORT" accepted asleep signal 12 asleep send '1' taken asleep signal 12 asleep \
    signal 19 signal 18 asleep send '\n1\n' shut expect "$YES$YES" eof asleep signal 12 asleep \
    connect "$ADDR:$PORT" torn 7 12 send '1\nhello\n\n1\r\n1\nor not\n1\n' shut expect "$YES$NO$NO$YES$YES$NO$YES" eof
}

# bats test_tags=points:3
@test "a signal while it waits in send loses nothing and repeats nothing" {
  help "What does send return when a signal arrives after it took a part?" "signal(7)"
  needs "several lines may arrive in one piece"
  local again=(asleep signal 12)
  many_lines 60000
  SHIM=eintr serve 100
  # The client reads nothing until the server sleeps because nothing more fits; with
  # small buffers that is soon, also where each call takes one byte.
  talk rcvbuf 4096 sndbuf 200000 mss 536 connect "$ADDR:$PORT" send-file "$T/in" "${again[@]}" "${again[@]}" \
    asleep shut expect-file "$T/out" eof
}

# bats test_tags=points:4
@test "a client that left without reading does not kill it" {
  help "What does send do to a program when the other side has gone, and what prevents it?" "send(2)"
  needs "uses no processor time while a client keeps it waiting"
  many_lines 20000
  serve 100
  # The second one's line has no end: its answer follows the end-of-file.
  talk connect "$ADDR:$PORT" accepted asleep signal 19 send-file "$T/in" close signal 18 \
    connect "$ADDR:$PORT" accepted asleep signal 19 send 1 shut abort signal 18 \
    on 1 connect "$ADDR:$PORT" send '1\n' shut expect "$YES" eof
}

# bats test_tags=points:3
@test "a client that resets ends its own connection only, and counts" {
  help "Which clients does an error of recv or send concern, and which errors of accept are about one client?" "recv(2)"
  needs "uses no processor time while a client keeps it waiting"
  SHIM=aborted=1 serve 5
  talk connect "$ADDR:$PORT" accepted asleep abort \
    connect "$ADDR:$PORT" send '1\n1' taken asleep abort \
    connect "$ADDR:$PORT" send '1\n' shut expect "$YES" eof \
    connect "$ADDR:$PORT" send '1\n1\n' abort \
    connect "$ADDR:$PORT" send '1\n' shut expect "$YES" eof
  ends 0
}

# bats test_tags=points:1
@test "a client that stops reading holds the next one up only while it stays" {
  help "What does the sleeping call return when the client that it waits for has gone?" "send(2)"
  many_lines 60000
  serve 100
  talk rcvbuf 4096 sndbuf 200000 mss 536 connect "$ADDR:$PORT" send-file "$T/in" asleep \
    on 1 connect "$ADDR:$PORT" send '1\n' shut on 0 abort on 1 expect "$YES" eof
}

# bats test_tags=points:3
@test "sets its clients no limit of time" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  needs "answers at once, while the client keeps its side open"
  needs "several lines may arrive in one piece"
  many_lines 10000
  BUILD=plain CLOCK=$FAST serve 100
  # It waits for a client, for the first byte, for the rest of a line, and for room.
  talk "${FIVE_MINUTES[@]}" connect "$ADDR:$PORT" accepted "${FIVE_MINUTES[@]}" \
    send 1 taken "${FIVE_MINUTES[@]}" send '\n' expect "$YES" shut eof \
    rcvbuf 4096 sndbuf 200000 mss 536 connect "$ADDR:$PORT" send-file "$T/in" \
    "${FIVE_MINUTES[@]}" shut expect-file "$T/out" eof
}

# bats test_tags=points:1
@test "COUNT clients are served, in their order, then it ends with exit status 0" {
  help "When does the loop over the clients end?" "accept(2)"
  needs "uses no processor time while a client keeps it waiting"
  serve 2
  talk connect "$ADDR:$PORT" on 1 connect "$ADDR:$PORT" send '1\n' shut on 0 accepted asleep \
    on 1 nothing on 0 send '2\n' shut expect "$NO" eof on 1 expect "$YES" eof
  ends 0
}

# bats test_tags=points:1
@test "at least five clients may wait in its queue, whatever COUNT is" {
  help "How many clients may wait, by your call of listen?" "listen(2)"
  needs "uses no processor time while a client keeps it waiting"
  serve 2
  talk connect "$ADDR:$PORT" send '1\n' expect "$YES" backlog-at-least 5 shut eof asleep backlog-at-least 5
}

# bats test_tags=points:1
@test "COUNT 0 serves for ever" {
  help "Which COUNT has no end, and does your loop know it?" "accept(2)"
  local clients=()
  for _ in {1..5}; do
    clients+=(connect "$ADDR:$PORT" send '1\n' shut expect "$YES" eof)
  done
  # One of them is lost.
  clients+=(connect "$ADDR:$PORT" send '1' taken asleep abort "${clients[@]}")
  serve 0
  talk "${clients[@]}" asleep listening
}

# bats test_tags=points:1
@test "40 clients need no more descriptors than one" {
  help "Is the client's descriptor closed on every way out, also when the client was lost?" "close(2)"
  local clients=()
  for _ in {1..20}; do
    clients+=(connect "$ADDR:$PORT" send '1\n' shut expect "$YES" eof)
    clients+=(connect "$ADDR:$PORT" send '1' abort)
  done
  NOFILE=12 serve 0
  talk "${clients[@]}"
}

# bats test_tags=points:1
@test "prints the one line, and nothing about its clients" {
  help "Is everything else that you print on standard error?" "stdio(3)"
  serve 1
  talk lines 1 connect "$ADDR:$PORT" send '1\n' shut expect "$YES" eof
  ends 0
  prints "listening on $ADDR:$PORT"
}

# bats test_tags=points:1
@test "a port in TIME_WAIT is used again at once, one where somebody listens is not" {
  help "Which socket option lets a server come back while old connections time out?" "socket(7)"
  talk timewait "$ADDR:$PORT"
  serve 1
  start send-recv "$ADDR" "$PORT" 1
  fails 1 'Address already in use'
  says_one_of bind listen
}

# bats test_tags=points:1
@test "a name that cannot be resolved, an address of another machine" {
  help "Which call failed: the look-up of the name, or bind?" "getaddrinfo(3)"
  requires foreign-address
  start send-recv a..b "$PORT" 1
  start send-recv 192.0.2.1 "$PORT" 1
  fails 1 bind 'Cannot assign requested address'
  use 0
  fails_to_resolve a..b
}

# bats test_tags=points:1
@test "numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  BUILD=plain start_held send-recv 127.0.0.1 PORT 1
  talk listening-at "127.0.0.1:$PORT" lines 1
  prints "listening on 127.0.0.1:$PORT"
  choose_named_port
  BUILD=plain start send-recv "$ADDR" "$PORT" 1
  talk listening-at "$ADDR:$PORT" lines 1
  prints "listening on $ADDR:$PORT"
}

# bats test_tags=points:1
@test "PORT 0, and an empty HOST as every interface" {
  help "Who knows which port it is, and which address stands for all of this machine's?" "ip(7)"
  local line
  start send-recv "$ADDR" 0 1
  talk listening lines 1
  prints_like "listening on ${ADDR//./\\.}:[1-9][0-9]*"
  read -r _ _ line <"$REPLY"
  talk listening-at "$line" connect "$line" send '1\n' shut expect "$YES"
  start_held send-recv "" PORT 1
  talk listening connect "$ADDR:$PORT" send '1\n' shut expect "$YES" eof
  printed 1
  prints_like "listening on (0\.0\.0\.0|\[::\]):$PORT"
}

# bats test_tags=points:1
@test "of a name's addresses the IPv4 one is served" {
  help "Which entry of the list do you take, when the first is an IPv6 address?" "getaddrinfo(3)"
  requires nss-wrapper
  start_with_both send-recv HOST "$PORT" 1
  talk listening-at "$ADDR:$PORT"
}

# bats test_tags=points:1
@test "HOST ::1: serves an IPv6 client, or says that it cannot" {
  help "How is an IPv6 address written with a port?" "ipv6(7)"
  requires ipv6
  start_held send-recv ::1 PORT 1
  if listens; then
    talk listening-at "[::1]:$PORT" connect "[::1]:$PORT" send '1\n' shut expect "$YES" eof
    ends 0
    prints "listening on [::1]:$PORT"
  else
    fails 1
  fi
}

# bats test_tags=points:1
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtol(3)"
  local bad
  refuse send-recv HOST "$PORT"
  refuse send-recv HOST "$PORT" 1 2
  for bad in 65536 -1 8x; do
    refuse send-recv HOST "$bad" 1
  done
  for bad in -1 ' 1' 1x ''; do
    refuse send-recv HOST "$PORT" "$bad"
  done
  refused
  right_port
  serve 1000000
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  no_warnings send-recv
}

memory_of_send_recv() {
  local line
  printf -v line '%01024d' 1
  serve 3
  talk connect "$ADDR:$PORT" send "\n1\n$line\n1" shut expect "$NO$YES$NO$YES" eof \
    connect "$ADDR:$PORT" send '1\n1' taken abort \
    connect "$ADDR:$PORT" send '1' shut expect "$YES" eof
  ends 0
}

# bats test_tags=points:2
@test "valgrind: no heap block is left" {
  help "Is what you allocate for a client freed, also when the client was lost?" "free(3)"
  memory send-recv
  no_block_left
}

# bats test_tags=points:2
@test "valgrind: no descriptor is left open" {
  help "Are the listening socket and each client's descriptor closed before the program ends?" "close(2)"
  memory send-recv
  no_descriptor_left
}

# bats test_tags=points:2
@test "valgrind: no memory error" {
  help "How many bytes of your buffer did recv fill?" "valgrind(1)"
  memory send-recv
  no_invalid_access
}
