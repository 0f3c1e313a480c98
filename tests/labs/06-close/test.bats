#!/usr/bin/env bats
# Lab 06, close: everything that a submission is judged by. tests/kit/kit.bash
# says how these tests are written; points are in tenths, 100 in all.
load ../../kit/kit
programs close

# serve COUNT: starts the program as most tests want it, and waits until it listens.
serve() {
  start close "$ADDR" "$PORT" "$1"
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
@test "does the basic job: counts to the end-of-file, replies, and lets the client go" {
  help "What does recv return when the client has sent its last, and what may you still do then?" "shutdown(2)"
  serve 100
  talk connect "$ADDR:$PORT" send 'hello' shut expect '5 bytes\n' gone
}

# bats test_tags=points:1
@test "uses no processor time while a client keeps it waiting" {
  help "Which call sleeps until bytes come?" "recv(2)"
  serve 100
  talk connect "$ADDR:$PORT" send 'hello' taken asleep idle
}

# bats test_tags=points:7
@test "the end is orderly: end-of-file after the reply, never a reset" {
  help "When does close send a reset instead of an orderly end?" "tcp(7)"
  talk random "$T/in" 200000
  serve 100
  talk connect "$ADDR:$PORT" send 'hello' shut expect '5 bytes\n' eof \
    connect "$ADDR:$PORT" send-file "$T/in" shut expect '200000 bytes\n' eof \
    connect "$ADDR:$PORT" shut expect '0 bytes\n' eof
}

# bats test_tags=points:7
@test "the count is exact, whatever the bytes and their number" {
  help "Which value do you add up, and what is a zero byte to your program?" "recv(2)"
  local n clients=()
  for n in 0 1 6 1023 1024 1025 4099 65537; do
    clients+=(random "$T/in" "$n" connect "$ADDR:$PORT" send-file "$T/in" shut expect "$n bytes\n" gone)
  done
  serve 100
  talk "${clients[@]}"
}

# bats test_tags=points:8
@test "replies when the client has finished, not before" {
  help "Does one recv return all that a client sends? Which value says that there is no more?" "recv(2)"
  needs "uses no processor time while a client keeps it waiting"
  serve 100
  talk prompt connect "$ADDR:$PORT" send 'hello' taken asleep nothing send 'and more' taken asleep nothing \
    shut expect '13 bytes\n' gone
  # Nor when a client says what others take for an end.
  local text texts=('\n' '\r\n') words=()
  magic_words
  for text in "${MAGIC_WORDS[@]}"; do texts+=("$text" "$text\n"); done
  for text in "${texts[@]}"; do words+=(send "$text" taken); done
  talk connect "$ADDR:$PORT" "${words[@]}" asleep nothing \
    shut expect "$(printf '%b' "${texts[@]}" | wc -c) bytes\n" gone
}

# bats test_tags=points:8
@test "the count may exceed 4 GiB" {
  help "Up to which number does the type of your counter count, and which format prints it?" "inttypes.h(0p)"
  # 4097 MiB and 5 bytes for one client, 2049 MiB and 5 for the next. A preload makes
  # the MiB (flood.c). The counter of a program that reads a few bytes a call, and
  # that the preload cannot set forward, is not seen beyond 2 MiB.
  local few='2097157 bytes' real='5 bytes' came
  BUILD=plain DEADLINE=120 SHIM=flood=4097:2049 serve 2
  came=$(talk patient connect "$ADDR:$PORT" send 'hello' shut expect-one-of "4296015877 bytes\n|$few\n|$real\n" gone)
  if [[ $came == "$real" ]]; then
    # Not by calls that the preload reaches: the bytes are really sent.
    end_all
    BUILD=plain DEADLINE=300 serve 2
    talk connect "$ADDR:$PORT" send-zeros 4296015877 shut expect '4296015877 bytes\n' gone \
      connect "$ADDR:$PORT" send-zeros 2148532229 shut expect '2148532229 bytes\n' gone
  else
    came+=$'\n'$(talk patient connect "$ADDR:$PORT" send 'hello' shut expect-one-of "2148532229 bytes\n|$few\n" gone)
    [[ $came != *"$few"* ]] || skip "close reads a few bytes a call: 4 GiB would take minutes"
  fi
  ends 0
  prints_like "listening on .*" ".* after 4296015877 bytes" ".* after 2148532229 bytes"
}

# bats test_tags=points:8
@test "prints who was closed after how many bytes" {
  help "When is the number known, and is the line exactly as the handout has it?" "printf(3)"
  local one
  client && one=$CLIENT && client
  serve 2
  talk from "$one" connect "$ADDR:$PORT" send 'hello' shut expect '5 bytes\n' gone \
    from "$CLIENT" connect "$ADDR:$PORT" shut expect '0 bytes\n' gone
  printed 3
  prints "listening on $ADDR:$PORT" "closed $one after 5 bytes" "closed $CLIENT after 0 bytes"
}

# bats test_tags=points:8
@test "a reset is reported, with the bytes that came before it" {
  help "What does recv return after a reset, which number of bytes is still right then, and which errors of accept are about one client?" "recv(2)"
  needs "uses no processor time while a client keeps it waiting"
  local one two
  client && one=$CLIENT && client && two=$CLIENT && client
  SHIM=aborted=1 serve 4
  # The third has reset before it is accepted.
  talk from "$one" connect "$ADDR:$PORT" send 'hello' taken asleep abort \
    from "$two" connect "$ADDR:$PORT" accepted asleep abort \
    asleep signal 19 from "$CLIENT" connect "$ADDR:$PORT" abort signal 18 \
    from "$ADDR" connect "$ADDR:$PORT" send '123' shut expect '3 bytes\n' gone
  ends 0
  prints_like "listening on .*" "reset by ${one//./\\.} after 5 bytes" \
    "reset by ${two//./\\.} after 0 bytes" "reset by ${CLIENT//./\\.} after 0 bytes" "closed ${ADDR//./\\.}:.* after 3 bytes"
}

# bats test_tags=points:4
@test "a client that aborts before the reply does not kill it, and is reported" {
  help "What does send do to a program when the other side has gone, and what prevents it?" "send(2)"
  needs "uses no processor time while a client keeps it waiting"
  client
  serve 2
  talk from "$CLIENT" connect "$ADDR:$PORT" accepted asleep signal 19 send 'hello' shut abort signal 18 asleep \
    from "$ADDR" connect "$ADDR:$PORT" send '123' shut expect '3 bytes\n' gone
  printed 3
  # A program that asks for errors before it reads has read nothing.
  prints_like "listening on .*" "reset by ${CLIENT//./\\.} after [05] bytes" "closed .* after 3 bytes"
}

# bats test_tags=points:3
@test "a client that has fully closed is reported either way, the next one is served" {
  help "Can the server tell a half-close from a full one before it sends?" "shutdown(2)"
  client
  serve 2
  talk from "$CLIENT" connect "$ADDR:$PORT" send 'hello' close \
    from "$ADDR" connect "$ADDR:$PORT" send '123' shut expect '3 bytes\n' gone
  printed 3
  prints_like "listening on .*" "(closed|reset by) ${CLIENT//./\\.} after 5 bytes" "closed .* after 3 bytes"
}

# bats test_tags=points:3
@test "the reply is whole when send takes only a part of it" {
  help "What does send return, and who sends the rest?" "send(2)"
  talk random "$T/in" 1025
  SHIM='recv=7 send=3' serve 100
  talk connect "$ADDR:$PORT" send-file "$T/in" shut expect '1025 bytes\n' gone
}

# bats test_tags=points:3
@test "a signal changes no count" {
  help "What does recv return when a signal arrives while it sleeps, and what is errno then?" "signal(7)"
  needs "uses no processor time while a client keeps it waiting"
  needs "the reply is whole when send takes only a part of it"
  SHIM="eintr recv=9 send=9 seed=$SEED" serve 100
  # In accept, too: before the first client, and before the next.
  talk asleep signal 12 asleep connect "$ADDR:$PORT" accepted asleep signal 12 asleep send 'hello' taken asleep signal 12 asleep \
    signal 19 signal 18 asleep send 'more' shut expect '9 bytes\n' gone asleep signal 12 asleep \
    connect "$ADDR:$PORT" torn 9 12 send 'as many bytes as there are' shut expect '26 bytes\n' gone
}

# bats test_tags=points:2
@test "sets its clients no limit of time" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  needs "replies when the client has finished, not before"
  BUILD=plain CLOCK=$FAST serve 100
  # It waits for a client, for the first byte, and for the end.
  talk "${FIVE_MINUTES[@]}" connect "$ADDR:$PORT" accepted "${FIVE_MINUTES[@]}" \
    send 'hello' taken "${FIVE_MINUTES[@]}" shut expect '5 bytes\n' gone
}

# bats test_tags=points:1
@test "COUNT clients are served, in their order, then it ends with exit status 0" {
  help "When does the loop over the clients end?" "accept(2)"
  needs "uses no processor time while a client keeps it waiting"
  serve 2
  talk connect "$ADDR:$PORT" on 1 connect "$ADDR:$PORT" send '1' shut on 0 accepted asleep \
    on 1 nothing on 0 send '22' shut expect '2 bytes\n' gone on 1 expect '1 bytes\n' gone
  ends 0
}

# bats test_tags=points:1
@test "at least five clients may wait in its queue, whatever COUNT is" {
  help "How many clients may wait, by your call of listen?" "listen(2)"
  needs "uses no processor time while a client keeps it waiting"
  serve 2
  talk connect "$ADDR:$PORT" accepted asleep backlog-at-least 5 shut expect '0 bytes\n' gone \
    asleep backlog-at-least 5
}

# bats test_tags=points:1
@test "COUNT 0 serves for ever" {
  help "Which COUNT has no end, and does your loop know it?" "accept(2)"
  local clients=()
  for _ in {1..5}; do
    clients+=(connect "$ADDR:$PORT" shut expect '0 bytes\n' gone)
  done
  # One of them is lost.
  clients+=(connect "$ADDR:$PORT" send '1' taken asleep abort "${clients[@]}")
  serve 0
  talk "${clients[@]}" asleep listening
}

# bats test_tags=points:1
@test "40 clients need no more descriptors than one" {
  help "Which call gives a descriptor back: shutdown or close? Is it reached on every way out?" "close(2)"
  local clients=()
  for _ in {1..20}; do
    clients+=(connect "$ADDR:$PORT" send '1' shut expect '1 bytes\n' gone)
    clients+=(connect "$ADDR:$PORT" send '1' abort)
  done
  NOFILE=12 serve 0
  talk "${clients[@]}"
}

# bats test_tags=points:1
@test "each line leaves the program as it is printed" {
  help "Does a line leave the program at once when standard output is a pipe?" "setvbuf(3)"
  serve 100
  talk lines 1 connect "$ADDR:$PORT" send '1' shut expect '1 bytes\n' gone lines 2
}

# bats test_tags=points:1
@test "a port in TIME_WAIT is used again at once, one where somebody listens is not" {
  help "Which socket option lets a server come back while old connections time out?" "socket(7)"
  talk timewait "$ADDR:$PORT"
  serve 1
  start close "$ADDR" "$PORT" 1
  fails 1 'Address already in use'
  says_one_of bind listen
}

# bats test_tags=points:1
@test "numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  BUILD=plain start_held close 127.0.0.1 PORT 1
  talk listening-at "127.0.0.1:$PORT" connect "127.0.0.1:$PORT" shut expect '0 bytes\n' gone
  ends 0
  prints_like "listening on 127\.0\.0\.1:$PORT" 'closed 127\.0\.0\.1:[0-9]+ after 0 bytes'
  choose_named_port
  own_address
  BUILD=plain start close "$ADDR" "$PORT" 1
  talk listening-at "$ADDR:$PORT" from "$REPLY:$PORT" connect "$ADDR:$PORT" accepted abort
  ends 0
  prints "listening on $ADDR:$PORT" "reset by $REPLY:$PORT after 0 bytes"
}

# bats test_tags=points:1
@test "a name that cannot be resolved, an address of another machine" {
  help "Which call failed: the look-up of the name, or bind?" "getaddrinfo(3)"
  requires foreign-address
  start close a..b "$PORT" 1
  start close 192.0.2.1 "$PORT" 1
  fails 1 bind 'Cannot assign requested address'
  use 0
  fails_to_resolve a..b
}

# bats test_tags=points:1
@test "PORT 0, and an empty HOST as every interface" {
  help "Who knows which port it is, and which address stands for all of this machine's?" "ip(7)"
  local line
  start close "$ADDR" 0 1
  talk listening lines 1
  prints_like "listening on ${ADDR//./\\.}:[1-9][0-9]*"
  read -r _ _ line <"$REPLY"
  talk listening-at "$line" connect "$line" shut expect '0 bytes\n' gone
  client
  start_held close "" PORT 1
  talk listening from "$CLIENT" connect "$ADDR:$PORT" send '1' shut expect '1 bytes\n' gone
  printed 2
  prints_like "listening on (0\.0\.0\.0|\[::\]):$PORT" "closed ${CLIENT//./\\.} after 1 bytes"
}

# bats test_tags=points:1
@test "of a name's addresses the IPv4 one is served" {
  help "Which entry of the list do you take, when the first is an IPv6 address?" "getaddrinfo(3)"
  requires nss-wrapper
  start_with_both close HOST "$PORT" 1
  talk listening-at "$ADDR:$PORT"
}

# bats test_tags=points:1
@test "HOST ::1: serves an IPv6 client, or says that it cannot" {
  help "How is an IPv6 address written with a port?" "ipv6(7)"
  requires ipv6
  start_held close ::1 PORT 1
  if listens; then
    talk listening-at "[::1]:$PORT" connect "[::1]:$PORT" send hello shut expect '5 bytes\n' gone
    ends 0
    prints_like "listening on \[::1\]:$PORT" 'closed \[::1\]:[0-9]+ after 5 bytes'
  else
    fails 1
  fi
}

# bats test_tags=points:1
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtol(3)"
  local bad
  refuse close HOST "$PORT"
  refuse close HOST "$PORT" 1 2
  for bad in 65536 -1 8x; do
    refuse close HOST "$bad" 1
  done
  for bad in -1 ' 1' 1x ''; do
    refuse close HOST "$PORT" "$bad"
  done
  refused
  right_port
  serve 1000000
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  no_warnings close
}

memory_of_close() {
  serve 3
  talk connect "$ADDR:$PORT" send 'hello' shut expect '5 bytes\n' gone \
    connect "$ADDR:$PORT" send 'hello' taken abort \
    connect "$ADDR:$PORT" shut expect '0 bytes\n' gone
  ends 0
}

# bats test_tags=points:1
@test "valgrind: no heap block is left" {
  help "Is what you allocate for a client freed, also when the client was lost?" "free(3)"
  memory close
  no_block_left
}

# bats test_tags=points:2
@test "valgrind: no descriptor is left open" {
  help "Are the listening socket and each client's descriptor closed before the program ends?" "close(2)"
  memory close
  no_descriptor_left
}

# bats test_tags=points:2
@test "valgrind: no memory error" {
  help "Is a descriptor closed once, and no byte read that was never set?" "valgrind(1)"
  memory close
  no_invalid_access
}
