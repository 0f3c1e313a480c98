#!/usr/bin/env bats
# Lab 07, connect: everything that a submission is judged by. tests/kit/kit.bash
# says how these tests are written; points are in tenths, 100 in all.
load ../../kit/kit
programs connect

# A server before the program, which then does what STATEMENTs say (peer.c).
server() { behind listen "$ADDR:$PORT" 5 say ready accept "$@"; }

# The program's first line in this test.
line() { printf 'connected to %s:%s\n' "$ADDR" "$PORT"; }

# begins LINE: LINE is the first one on standard output.
begins() {
  local first
  first=$(head -n 1 "${DIRS[P]}/out" | tr -d '\0')
  [[ $first == "$1" ]] || flunk "the first line of standard output: $1" "${first:0:200}"
}

# message N: MESSAGE is N random bytes, as a command line can hold them (no zero
# byte), and $T/message the same in a file.
message() {
  talk random "$T/random" $(($1 * 2 + 64))
  tr -d '\0' <"$T/random" | tr '\n' '%' | head -c "$1" >"$T/message"
  MESSAGE=$(<"$T/message")
}

# bats test_tags=points:20
@test "does the basic job: connects, and the message arrives" {
  help "Which call shakes hands with the server, and to which of the addresses?" "connect(2)"
  server expect hello
  start connect "$ADDR" "$PORT" hello
  talked
}

# bats test_tags=points:1
@test "uses no processor time while it waits" {
  help "Which call sleeps until the server sends?" "recv(2)"
  server expect hello send x taken asleep idle
  start connect "$ADDR" "$PORT" hello
  talked
}

# bats test_tags=points:5
@test "prints the server's address, before it waits for the answer" {
  help "Is the line exactly as the handout has it, and does it leave the program before recv?" "setvbuf(3)"
  server expect hello stay
  start connect "$ADDR" "$PORT" hello
  talk lines 1
  prints "connected to $ADDR:$PORT"
}

# bats test_tags=points:7
@test "half-closes: the server reads the message, nothing more, and end-of-file" {
  help "Which call says that nothing more will come, and still lets you read? How long is the message?" "shutdown(2)"
  server prompt expect hello eof
  start connect "$ADDR" "$PORT" hello
  talked
}

# bats test_tags=points:8
@test "prints an answer that comes after its end-of-file, exit status 0" {
  help "Is the receiving direction still open after your shutdown?" "shutdown(2)"
  needs "half-closes: the server reads the message, nothing more, and end-of-file"
  server expect hello eof asleep send 'good bye\n' close
  start connect "$ADDR" "$PORT" hello
  talked
  ends 0
  prints "connected to $ADDR:$PORT" "good bye"
}

# bats test_tags=points:6
@test "copies every byte of the answer: 65537 of them, zero bytes too" {
  help "How many bytes has recv put into the buffer, and how many do you print?" "fwrite(3)"
  talk random "$T/answer" 65537
  server expect hello send-file "$T/answer" shut ended
  start connect "$ADDR" "$PORT" hello
  talked
  ends 0
  { line && cat "$T/answer"; } >"$T/wanted"
  prints_file "$T/wanted"
}

# bats test_tags=points:3
@test "an answer in several parts is copied to its end" {
  help "Does one recv return all that the server sends? Which of its results is the end?" "recv(2)"
  # Among them what others take for an end, each in a part of its own.
  local text texts=(one ' two') parts=()
  magic_words
  for text in "${MAGIC_WORDS[@]}"; do texts+=("$text" "$text\n"); done
  texts+=('\n' end)
  for text in "${texts[@]}"; do parts+=(send "$text" taken); done
  server expect hello "${parts[@]}" shut ended
  start connect "$ADDR" "$PORT" hello
  talked
  ends 0
  { line && printf '%b' "${texts[@]}"; } >"$T/wanted"
  prints_file "$T/wanted"
}

# bats test_tags=points:4
@test "messages of 1, 1025 and 65537 bytes arrive whole, whatever they say" {
  help "Where does the length of what you send come from, and is any message special?" "send(2)"
  local n text message
  for n in 1 1025 65537; do
    message "$n"
    server expect-file "$T/message" shut ended
    start connect "$ADDR" "$PORT" "$MESSAGE"
    talked
    ends 0
  done
  magic_words
  n=$((RANDOM % (${#MAGIC_MESSAGES[@]} - 2)))
  for text in quit exit bye . - --help "${MAGIC_MESSAGES[@]:n:2}"; do
    printf -v message '%b' "$text"
    server expect "$text" shut ended
    BUILD=plain start connect "$ADDR" "$PORT" "$message"
    talked
    ends 0
  done
}

# bats test_tags=points:2
@test "an empty message: nothing is sent but the end-of-file" {
  help "What does your loop do when there is nothing to send?" "shutdown(2)"
  needs "half-closes: the server reads the message, nothing more, and end-of-file"
  server eof send 'good bye\n' close
  start connect "$ADDR" "$PORT" ''
  talked
  ends 0
  prints "connected to $ADDR:$PORT" "good bye"
}

# bats test_tags=points:4
@test "sends all of the message, also when send takes only a part of it" {
  help "What does the result of send say, and what is to be done with the rest?" "send(2)"
  message 4099
  server expect-file "$T/message" shut ended
  SHIM='send=3' start connect "$ADDR" "$PORT" "$MESSAGE"
  talked
  ends 0
}

# bats test_tags=points:4
@test "nobody listens: connect is named with the reason, exit status 1" {
  help "What does connect return when it fails, and where does the reason stand?" "connect(2)"
  start connect "$ADDR" "$PORT" hello
  fails 1 connect 'Connection refused'
}

# bats test_tags=points:5
@test "tries each address of a name until one connects" {
  help "A name can have several addresses: what do you do when connect fails for the first?" "getaddrinfo(3)"
  requires nss-wrapper
  # The one that listens in the middle: neither the first nor the last.
  choose_named_port
  own_address
  hosts "$REPLY several.test" "$ADDR several.test" "${REPLY%.*}.255 several.test"
  server expect hello shut ended
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start connect several.test "$PORT" hello
  talked
  ends 0
  begins "connected to $ADDR:$PORT"
  # A machine without IPv6: for the first address there is no socket.
  hosts "::1 both.test" "$ADDR both.test"
  server expect hello shut ended
  BUILD=plain SHIM=no-ipv6 PRELOAD=$NSS VARS=$HOSTS start connect both.test "$PORT" hello
  talked
  ends 0
  begins "connected to $ADDR:$PORT"
}

# bats test_tags=points:2
@test "none of a name's addresses connects: exit status 1" {
  help "What does your loop leave behind when it has tried them all?" "getaddrinfo(3)"
  requires nss-wrapper
  own_address
  hosts "$ADDR none.test" "$REPLY none.test"
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start connect none.test "$PORT" hello
  fails 1 connect 'Connection refused'
}

# bats test_tags=points:2
@test "an address that fails costs no descriptor" {
  help "What becomes of the socket whose connect has failed?" "close(2)"
  requires nss-wrapper
  local lines=() i
  for i in {1..20}; do
    ((i == 11)) && lines+=("$ADDR many.test")
    lines+=("${ADDR%.*}.$((i + ${ADDR##*.} < 255 ? i + ${ADDR##*.} : i)) many.test")
  done
  hosts "${lines[@]}"
  server expect hello shut ended
  BUILD=plain NOFILE=12 PRELOAD=$NSS VARS=$HOSTS start connect many.test "$PORT" hello
  talked
  ends 0
}

# bats test_tags=points:3
@test "a name that cannot be resolved is named, with the resolver's reason" {
  help "What does getaddrinfo return when it fails, and what turns that into words?" "gai_strerror(3)"
  start connect a..b "$PORT" hello
  fails_to_resolve a..b
}

# bats test_tags=points:3
@test "a reset while it reads: the reason is said, exit status 1" {
  help "recv has three kinds of results: which one is an error?" "recv(2)"
  needs "half-closes: the server reads the message, nothing more, and end-of-file"
  server expect hello eof send part taken abort
  start connect "$ADDR" "$PORT" hello
  talked
  ends 1
  says 'Connection reset by peer'
}

# bats test_tags=points:4
@test "a server that closes without reading does not kill it" {
  help "What happens to a program that sends to a connection that is gone, and which flag of send prevents it?" "send(2)"
  # Stopped in connect, it comes back to a connection that is already closed: its
  # first bytes are answered by a reset, the next are what SIGPIPE is for.
  message 4099
  behind reuseport listen "$ADDR:$PORT" 0 fill say ready calling asleep signal 19 \
    answer send 'bye\n' close signal 18
  SHIM='send=3' start connect "$ADDR" "$PORT" "$MESSAGE"
  talked
  talk ended
  has_ended "$P" 10 || true
  begins "connected to $ADDR:$PORT"
  if [[ ${ENDS[P]} == 'exited 0 '* ]]; then
    # Nothing failed, then: all that the server had sent was to be read.
    ends 0
    [[ $(tail -n +2 "${DIRS[P]}/out" | tr -d '\0') == bye* ]] || prints "connected to $ADDR:$PORT" bye
  else
    ends 1
    [[ -s ${DIRS[P]}/err ]] || flunk 'the call that failed and its reason on standard error' 'nothing'
  fi
}

# bats test_tags=points:2
@test "when shutdown fails, it is named with the reason, exit status 1" {
  help "Does every call that can fail say its name and the kernel's reason?" "shutdown(2)"
  needs "half-closes: the server reads the message, nothing more, and end-of-file"
  requires strace
  server expect hello
  INJECT=shutdown:error=ENOBUFS start connect "$ADDR" "$PORT" hello
  talked
  ends 1
  says shutdown 'No buffer space available'
}

# bats test_tags=points:1
@test "when the kernel does not know the server's address any more, it says so" {
  help "A server can have gone when you ask for its address: which call fails then, and who is told?" "getpeername(2)"
  requires strace
  server expect hello shut ended
  INJECT=getpeername:error=ENOTCONN start connect "$ADDR" "$PORT" hello
  # It may also go on, with the address that it has tried.
  "$KIT_BIN/peer" -p "${DIRS[P]}/pid" -e /dev/null ended || true
  has_ended "$P" 10 || true
  if [[ ${ENDS[P]} == 'exited 1 '* ]]; then
    says getpeername 'not connected'
  else
    ends 0
    begins "connected to $ADDR:$PORT"
  fi
}

# bats test_tags=points:2
@test "sets its server no limit of time" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  needs "half-closes: the server reads the message, nothing more, and end-of-file"
  needs "prints an answer that comes after its end-of-file, exit status 0"
  needs "an answer in several parts is copied to its end"
  needs "messages of 1, 1025 and 65537 bytes arrive whole"
  # It waits in connect, until there is room for what it sends, for the answer, and
  # for its end.
  message 65537
  behind reuseport rcvbuf 4096 mss 536 listen "$ADDR:$PORT" 0 fill say ready calling \
    "${FIVE_MINUTES[@]}" answer "${FIVE_MINUTES[@]}" expect-file "$T/message" eof \
    "${FIVE_MINUTES[@]}" send 'good bye\n' taken "${FIVE_MINUTES[@]}" shut ended
  BUILD=plain CLOCK=$FAST start connect "$ADDR" "$PORT" "$MESSAGE"
  talked
}

# bats test_tags=points:2
@test "a signal while it connects ends nothing" {
  help "connect was interrupted (EINTR), but the kernel goes on: how do you wait for the end of that?" "connect(2)"
  needs "nobody listens: connect is named with the reason, exit status 1"
  behind reuseport listen "$ADDR:$PORT" 0 fill say ready calling asleep signal 12 asleep \
    answer expect hello shut ended
  SHIM=eintr start connect "$ADDR" "$PORT" hello
  talked
  ends 0
  begins "connected to $ADDR:$PORT"
  # And when the end of that is no connection.
  own_address
  ADDR=$REPLY
  behind reuseport listen "$ADDR:$PORT" 0 fill say ready calling asleep signal 12 asleep \
    signal 19 answer abort signal 18
  SHIM=eintr start connect "$ADDR" "$PORT" hello
  talked
  fails 1 connect 'Connection reset by peer'
}

# bats test_tags=points:2
@test "signals while it reads, and a stop, lose nothing" {
  help "What does recv return when a signal has interrupted it, and is that the end?" "signal(7)"
  server expect hello asleep signal 12 asleep send 'one\n' taken asleep \
    signal 19 signal 18 asleep send 'two\n' torn 7 12 send 'three, four and five\n' shut ended
  SHIM="eintr recv=9 seed=$SEED" start connect "$ADDR" "$PORT" hello
  talked
  ends 0
  prints "connected to $ADDR:$PORT" one two 'three, four and five'
}

# bats test_tags=points:1
@test "HOST ::1: connects by IPv6" {
  help "Which families do the hints ask for, and how is an IPv6 address with a port written?" "ipv6(7)"
  requires ipv6
  behind_ipv6 accept expect hello shut ended
  start connect ::1 "$PORT" hello
  talked
  ends 0
  begins "connected to [::1]:$PORT"
}

# bats test_tags=points:2
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "strtol(3)"
  refuses connect
  refuses connect HOST
  refuses connect HOST "$PORT"
  refuses connect HOST "$PORT" hello again
  local bad
  for bad in 65536 70000 18446744073709559616 -1 +5 ' 5' '5 ' 0x50 5x abc '' 99999999999999999999; do
    refuses connect HOST "$bad" hello
  done
  # A number that is in order, though nobody can listen there.
  BUILD=plain start connect "$ADDR" 0 hello
  ends 1
  right_port
  server expect hello shut ended
  start connect "$ADDR" "$PORT" hello
  talked
}

# bats test_tags=points:1
@test "does not wait for its standard input" {
  help "Which bytes does the program send: those of the command line, or of a keyboard?" "connect(2)"
  server expect hello shut ended
  STDIN=open start connect "$ADDR" "$PORT" hello
  talked
  ends 0
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  no_warnings connect
}

# By a name with two addresses, where that can be: the second one connects.
memory_of_connect() {
  local host=$ADDR
  own_address
  if ! lost "tries each address of a name until one connects" && hosts "$REPLY two.test" "$ADDR two.test"; then
    host=two.test
  fi
  server expect hello send 'good bye\n' shut ended
  PRELOAD=${NSS:-} VARS=${HOSTS:-} start connect "$host" "$PORT" hello
  talked
  ends 0
}

# bats test_tags=points:1
@test "valgrind: no heap block is left" {
  help "Which call gives back what getaddrinfo allocated?" "freeaddrinfo(3)"
  memory connect
  no_block_left
}

# bats test_tags=points:1
@test "valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program?" "close(2)"
  memory connect
  no_descriptor_left
}

# bats test_tags=points:1
@test "valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  memory connect
  no_invalid_access
}
