#!/usr/bin/env bats
# Lab 05, send and recv: everything that a submission is judged by. tests/kit/README.md
# lists the words of these tests; points are in tenths, 100 in all.
load ../../kit/kit
programs send-recv

YES='welcome to server!\n' NO='please go out!\n'

# _make_lines N: the file in has N lines of two bytes, "1" and "2" in turn, out the answers.
_make_lines() {
  yes $'1\n2' | head -n "$1" >"$TEST_DIR/in" || true
  yes $'welcome to server!\nplease go out!' | head -n "$1" >"$TEST_DIR/out" || true
}

# _repeat N TEXT: prints TEXT N times. For some thousand, sooner than yes(1) begins.
_repeat() {
  local blanks
  printf -v blanks '%*s' "$1" ''
  printf '%s' "${blanks// /$2}"
}

# _add_client TEXT ANSWER: adds to CLIENTS one that sends TEXT and its end, and must get
# ANSWER and the end.
CLIENTS=''
_add_client() {
  CLIENTS+="
    connect $ADDR:$PORT
    send $1
    shutdown
    expect $2
    expect-eof"
}

# bats test_tags=points:20
@test "does the basic job: answers the line 1, and ends with the client" {
  help "What does recv return for bytes, and what when the client has sent its last?" "recv(2)"
  start_server send-recv 100
  peer <<END
    connect $ADDR:$PORT
    send 1\n
    shutdown
    expect $YES
    wait-asleep
    expect-eof
END
}

# bats test_tags=points:1
@test "uses no processor time while a client keeps it waiting" {
  help "Which call sleeps until bytes come?" "recv(2)"
  start_server send-recv 100
  peer <<END
    connect $ADDR:$PORT
    send 1
    wait-read
    wait-asleep
    expect-idle
END
}

# bats test_tags=points:4
@test "any other line gets the other answer" {
  help "Which bytes make the line, do you compare all of them and their number, is any other word special, and for how many bytes does recv wait?" "memcmp(3)"
  local line conversation=''
  load_magic_words
  for line in hello 11 ' 1' '1 ' 2 '' 01 1x; do
    _add_client "$line\n" "$NO"
  done
  for line in "${MAGIC_WORDS[@]:0:10}"; do
    _add_client "$line" "$NO"
  done
  # Words that others take for commands: each in a piece of its own, and all in one.
  for line in "${MAGIC_WORDS[@]}"; do
    conversation+="
      send $line\n
      expect $NO"
  done
  printf '%b\n' "${MAGIC_WORDS[@]}" >"$TEST_DIR/words"
  _repeat "${#MAGIC_WORDS[@]}" $'please go out!\n' >"$TEST_DIR/go"
  start_server send-recv 100
  peer <<END
    $CLIENTS

    connect $ADDR:$PORT
    $conversation
    send-file words
    expect-file go
    send 1\n
    shutdown
    expect $YES
    expect-eof
END
}

# bats test_tags=points:5
@test "a line may arrive in any number of pieces" {
  help "Is what one recv returns always a whole line?" "tcp(7)"
  start_server send-recv 100
  peer <<END
    connect $ADDR:$PORT
    set-piece-size 1
    send 1\nhi\n1\n
    set-piece-size 2
    send o1\n1\n
    shutdown
    expect $YES$NO$YES$NO$YES
    expect-eof
END
}

# bats test_tags=points:4
@test "several lines may arrive in one piece" {
  help "Can one recv return more than one line?" "tcp(7)"
  start_server send-recv 100
  # The shortest lines there are: their answers are fifteen times as long.
  _repeat 4096 $'\n' >"$TEST_DIR/empty"
  _repeat 4096 $'please go out!\n' >"$TEST_DIR/go"
  peer <<END
    connect $ADDR:$PORT
    send 1\nhello\n\n1\n1\n
    shutdown
    expect $YES$NO$NO$YES$YES
    expect-eof

    connect $ADDR:$PORT
    send-file empty
    shutdown
    expect-file go
    expect-eof
END
}

# bats test_tags=points:4
@test "answers at once, while the client keeps its side open" {
  help "What does your program wait for when a whole line has come, and when its newline has not come yet?" "recv(2)"
  requires_test "uses no processor time while a client keeps it waiting"
  start_server send-recv 100
  peer <<END
    expect-promptly
    connect $ADDR:$PORT
    send 1\n
    expect $YES
    send hello\n1
    expect $NO
    wait-read
    wait-asleep
    expect-nothing
    send \n
    expect $YES
    send abcdef
    wait-read
    wait-asleep
    expect-nothing
    send \n
    expect $NO
    expect-nothing
    shutdown
    expect-eof
END
  # Lines that fill a buffer to its last byte are no reason to wait for more.
  local size full=''
  for size in 256 512 1024 2048 4096 8192; do
    _repeat $((size / 2)) $'1\n' >"$TEST_DIR/$size"
    _repeat $((size / 2)) $'welcome to server!\n' >"$TEST_DIR/$size.answers"
    full+="
      send-file $size
      expect-file $size.answers"
  done
  peer <<END
    expect-promptly
    connect $ADDR:$PORT
    $full
    expect-nothing
    shutdown
    expect-eof
END
}

# bats test_tags=points:4
@test "the last line may have no newline; after a last newline there is no further line" {
  help "What is still unanswered when recv returns 0?" "recv(2)"
  _add_client 1 "$YES"
  _add_client 2 "$NO"
  # No newline comes after these carriage returns.
  _add_client '1\r' "$NO"
  _add_client '\r' "$NO"
  _add_client '1\n\r' "$YES$NO"
  _add_client '1\n' "$YES"
  start_server send-recv 100
  peer <<END
    expect-promptly
    $CLIENTS

    connect $ADDR:$PORT
    shutdown
    expect-eof
END
}

# bats test_tags=points:3
@test "one carriage return right before the newline is dropped, any other counts" {
  help "Which carriage return is dropped, and what if it comes in another piece than the newline?" "tcp(7)"
  local line
  _add_client '1\r\n' "$YES"
  for line in '\r1' '1\r\r' '1\r2' '\r'; do
    _add_client "$line\n" "$NO"
  done
  # "1\r\r", and the first carriage return is the last byte of a buffer of each of these
  # sizes. Lines of two bytes stand between.
  local size from=0
  for size in 256 512 1024 2048 4096 8192; do
    _repeat $(((size - 2 - from) / 2)) $'2\n'
    printf '1\r\r\n'
    from=$((size + 2))
  done >"$TEST_DIR/ends"
  _repeat 4091 $'please go out!\n' >"$TEST_DIR/go"
  start_server send-recv 100
  peer <<END
    $CLIENTS

    connect $ADDR:$PORT
    send 1\r
    wait-read
    send \n
    shutdown
    expect $YES
    expect-eof

    connect $ADDR:$PORT
    send 1\r
    wait-read
    send x\n
    shutdown
    expect $NO
    expect-eof

    connect $ADDR:$PORT
    send 1\r
    wait-read
    send \r\n
    shutdown
    expect $NO
    expect-eof

    connect $ADDR:$PORT
    send-file ends
    shutdown
    expect-file go
    expect-eof
END
}

# bats test_tags=points:4
@test "zero bytes and bytes above 127 are bytes like any other" {
  help "Who ends a line: a newline, or a zero byte that a string function looks for? Which bytes do you leave out?" "memchr(3)"
  local line
  # The last two begin like a file with a byte order mark, and like a word of telnet.
  for line in '1\0' '\x001' 'a\0\xff\x80' '\0' '\xef\xbb\xbf1' '1\xff\xfb\x01' '\xff\xfd\x031'; do
    _add_client "$line\n" "$NO"
  done
  _add_client '1\n\0\n1\n' "$YES$NO$YES"
  # These have no newline.
  _add_client '\0' "$NO"
  _add_client '1\n\x001' "$YES$NO"
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
  printf '%b' "$in" >"$TEST_DIR/in"
  printf '%b' "$out" >"$TEST_DIR/out"
  start_server send-recv 100
  peer <<END
    $CLIENTS

    connect $ADDR:$PORT
    exchange in out
END
}

# bats test_tags=points:5
@test "a line may be longer than any buffer, and gets one answer" {
  help "What does your program do when its buffer is full and no newline has come, and up to which number does the type count that holds a line's length?" "recv(2)"
  local zeros ones
  printf -v zeros '%065537d' 1
  ones=$(tr 0 1 <<<"$zeros")
  printf '%s\n1\n' "$zeros" "$ones" "${ones:0:4096}" >"$TEST_DIR/in"
  # A million bytes and some more.
  printf '1\n%01100001d' 1 >"$TEST_DIR/unended"
  # One byte a call is slow, and right.
  DEADLINE=120 start_server send-recv 100
  # Also when its end never comes.
  peer <<END
    allow-busy
    connect $ADDR:$PORT
    send-file in
    shutdown
    expect $NO$YES$NO$YES$NO$YES
    expect-eof

    connect $ADDR:$PORT
    send-file unended
    shutdown
    expect $YES$NO
    expect-eof
END
}

# bats test_tags=points:5
@test "every answer is whole when send takes only a part of it" {
  help "What does send return, and who sends the rest?" "send(2)"
  requires_test "several lines may arrive in one piece"
  SHIM='recv=7 send=3' start_server send-recv 100
  # The last line with its end, and without.
  peer <<END
    connect $ADDR:$PORT
    send 1\nhello\n1\r\n\n1\n1\nlonger than seven\n1\n
    shutdown
    expect $YES$NO$YES$NO$YES$YES$NO$YES
    expect-eof

    connect $ADDR:$PORT
    send 2\n1
    shutdown
    expect $NO$YES
    expect-eof
END
}

# bats test_tags=points:3
@test "300,000 lines from a client that sends and reads at the same time" {
  help "Where do the bytes go that do not fit into what you reserved, in either direction?" "send(2)"
  requires_test "several lines may arrive in one piece"
  _make_lines 300000
  # One byte a call is slow, and right. The peer sees a program that takes nothing.
  DEADLINE=120 start_server send-recv 100
  peer <<END
    connect $ADDR:$PORT
    exchange in out
END
}

# bats test_tags=points:3
@test "a signal while it waits in recv: no data is lost or repeated" {
  help "Which of your calls was interrupted, recv or accept, what is errno then, and what if a second signal comes?" "signal(7)"
  requires_test "uses no processor time while a client keeps it waiting"
  requires_test "every answer is whole when send takes only a part of it"
  SHIM="eintr recv=9 send=9 seed=$SEED" start_server send-recv 100
  # In accept, too: before the first client, and before the next.
  peer <<END
    wait-asleep
    signal USR2
    wait-asleep
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    signal USR2
    wait-asleep
    send 1
    wait-read
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    signal STOP
    signal CONT
    wait-asleep
    send \n1\n
    shutdown
    expect $YES$YES
    expect-eof
    wait-asleep
    signal USR2
    wait-asleep
    connect $ADDR:$PORT
    set-random-pieces 7 USR2
    send 1\nhello\n\n1\r\n1\nor not\n1\n
    shutdown
    expect $YES$NO$NO$YES$YES$NO$YES
    expect-eof
END
  assert_server_keeps_handler send-recv 1
}

# bats test_tags=points:3
@test "a signal while it waits in send: no data is lost or repeated" {
  help "What does send return when a signal arrives after it took a part, and what when the next signal arrives before it took any?" "signal(7)"
  requires_test "several lines may arrive in one piece"
  _make_lines 60000
  SHIM=eintr start_server send-recv 100
  # The client reads nothing until the server sleeps because nothing more fits; with
  # small buffers that is soon, also where each call takes one byte. A call that has sent a
  # part returns it: a later one, which could send nothing, is interrupted.
  peer <<END
    set-rcvbuf 4096
    set-sndbuf 200000
    set-mss 536
    connect $ADDR:$PORT
    send-file in
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    shutdown
    expect-file out
    expect-eof
END
}

# bats test_tags=points:4
@test "a client that left without reading does not kill it" {
  help "What does send do to a program when the other side has gone, what prevents it, and what is left over for the next client?" "send(2)"
  requires_test "uses no processor time while a client keeps it waiting"
  # Wherever the program breaks off, it has a part of a line.
  _repeat 13000 $'11\n' >"$TEST_DIR/in"
  start_server send-recv 4
  # The third one's line has no end: its answer follows the end-of-file.
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    signal STOP
    send-file in
    close
    signal CONT
    connect $ADDR:$PORT
    send 1\n
    shutdown
    expect $YES
    expect-eof

    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    signal STOP
    send 1
    shutdown
    abort
    signal CONT
    use-connection 1
    connect $ADDR:$PORT
    send 1\n
    shutdown
    expect $YES
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT"
}

# bats test_tags=points:3
@test "a client that resets ends its own connection only, and counts" {
  help "Which clients does an error of recv or send concern, and which errors of accept are about one client?" "recv(2)"
  requires_test "uses no processor time while a client keeps it waiting"
  # Two are lost by other errors, if the program calls recv itself (stdio is not reached).
  SHIM='aborted=20 timedout=1 no-route=1' start_server send-recv 7
  peer <<END
    connect $ADDR:$PORT
    close
    connect $ADDR:$PORT
    close
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    abort

    connect $ADDR:$PORT
    send 1\n1
    wait-read
    wait-asleep
    abort

    connect $ADDR:$PORT
    send 1\n
    shutdown
    expect $YES
    expect-eof

    connect $ADDR:$PORT
    send 1\n1\n
    abort

    connect $ADDR:$PORT
    send 1\n
    shutdown
    expect $YES
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:1
@test "a client that stops reading delays the next one only while it stays" {
  help "What does the sleeping call return when the client that it waits for has gone?" "send(2)"
  _make_lines 60000
  start_server send-recv 100
  peer <<END
    set-rcvbuf 4096
    set-sndbuf 200000
    set-mss 536
    connect $ADDR:$PORT
    send-file in
    wait-asleep
    use-connection 1
    connect $ADDR:$PORT
    send 1\n
    shutdown
    use-connection 0
    abort
    use-connection 1
    expect $YES
    expect-eof
END
}

# bats test_tags=points:3
@test "sets no time limit for its clients" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  requires_test "answers at once, while the client keeps its side open"
  requires_test "several lines may arrive in one piece"
  _make_lines 10000
  BUILD=plain CLOCK=$FAST_CLOCK start_server send-recv 100
  # It waits for a client, for the first byte, for the rest of a line, and for room.
  peer <<END
    $FIVE_MINUTES
    connect $ADDR:$PORT
    wait-accepted
    $FIVE_MINUTES
    send 1
    wait-read
    $FIVE_MINUTES
    send \n
    expect $YES
    shutdown
    expect-eof

    set-rcvbuf 4096
    set-sndbuf 200000
    set-mss 536
    connect $ADDR:$PORT
    send-file in
    $FIVE_MINUTES
    shutdown
    expect-file out
    expect-eof
END
}

# bats test_tags=points:1
@test "COUNT clients are served, in their order, then it ends with exit status 0" {
  help "When does the loop over the clients end, is one served while another is still there, and can a signal end the wait for one?" "accept(2)"
  requires_test "uses no processor time while a client keeps it waiting"
  SHIM=eintr start_server send-recv 2
  peer <<END
    connect $ADDR:$PORT
    use-connection 1
    connect $ADDR:$PORT
    send 1\n
    shutdown
    use-connection 0
    wait-accepted
    wait-asleep
    # A process that waits for another is woken, too.
    signal USR2
    wait-asleep
    use-connection 1
    expect-nothing
    use-connection 0
    send 2\n
    shutdown
    expect $NO
    expect-eof
    use-connection 1
    expect $YES
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:1
@test "at least five clients may wait in its queue, whatever COUNT is" {
  help "How many clients may wait, by your call of listen?" "listen(2)"
  requires_test "uses no processor time while a client keeps it waiting"
  start_server send-recv 2
  peer <<END
    connect $ADDR:$PORT
    send 1\n
    expect $YES
    expect-backlog-at-least 5
    shutdown
    expect-eof
    wait-asleep
    expect-backlog-at-least 5
END
}

# bats test_tags=points:1
@test "COUNT 0 serves for ever" {
  help "Which COUNT has no end, does your loop know it, does any COUNT fit into its type, and what is kept of each of 256 clients?" "accept(2)"
  local count clients more
  for count in 65537 0 256; do
    new_address
    clients=''
    for _ in {1..5}; do
      clients+="
        connect $ADDR:$PORT
        send 1\n
        shutdown
        expect $YES
        expect-eof"
    done
    # One of them is lost.
    clients+="
      connect $ADDR:$PORT
      send 1
      wait-read
      wait-asleep
      abort
      $clients"
    PROCESSES=400 DEADLINE=120 start_server send-recv "$count"
    peer <<END
      $clients

      wait-asleep
      wait-listening
END
    case $count in
      0) more=100 ;;
      256) more=245 ;;
      *) continue ;;
    esac
    quick_clients "$more" "$ADDR:$PORT" "send 1\n
      shutdown
      expect $YES"
    peer <<END
      hide-steps
      $REPLY
END
  done
  assert_exit 0
}

# bats test_tags=points:1
@test "40 clients need no more descriptors than one" {
  help "Is the client's descriptor closed on every way out, also when the client was lost?" "close(2)"
  local clients=''
  for _ in {1..20}; do
    clients+="
      connect $ADDR:$PORT
      send 1\n
      shutdown
      expect $YES
      expect-eof"
    clients+="
      connect $ADDR:$PORT
      send 1
      wait-accepted
      abort"
  done
  # These are lost when they are answered.
  for _ in {1..9}; do
    clients+="
      connect $ADDR:$PORT
      wait-accepted
      wait-asleep
      signal STOP
      send 1
      shutdown
      abort
      signal CONT"
  done
  SHIM=spare-fds=8 start_server send-recv 0
  peer <<END
    $clients
END
}

# bats test_tags=points:1
@test "prints the one line, and nothing about its clients" {
  help "Is everything else that you print on standard error? Is descriptor 0 one like any other, also when it is closed?" "stdio(3)"
  local calls=''
  ! can_trace || calls=$CLOSE_CALLS
  # Descriptor 0 is as good as any.
  STDIN=closed TRACE=$calls start_server send-recv 2
  peer <<END
    wait-lines 1
    connect $ADDR:$PORT
    send 1\n
    shutdown
    expect $YES
    expect-eof

    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    abort
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT"
  [[ -z $calls ]] || assert_closes_each_once
}

# bats test_tags=points:1
@test "a port in TIME_WAIT is used again at once, a port in use is refused" {
  help "Which socket option lets a server come back while old connections time out?" "socket(7)"
  peer leave-time-wait "$ADDR:$PORT"
  start_server send-recv 1
  assert_refuses_port_in_use send-recv 1
}

# bats test_tags=points:1
@test "out of descriptors: the call that fails is named, exit status 1; or it waits, asleep" {
  help "What do socket and accept return when there is no descriptor left, and what changes before the next call?" "accept(2)"
  assert_checks_descriptors send-recv 1
  new_address
  assert_checks_full_table send-recv 1
}

# bats test_tags=points:1
@test "another call that fails is named, exit status 1" {
  help "Do you look at what each call returns before you go on, and after which errors is accept called again at once?" "errno(3)"
  requires strace
  assert_checks_calls send-recv 1
}

# bats test_tags=points:1
@test "a name that cannot be resolved, an address of another machine" {
  help "Which call failed: the look-up of the name, or bind?" "getaddrinfo(3)"
  requires foreign-address
  start send-recv "$NO_HOST" "$PORT" 1
  start send-recv 192.0.2.1 "$PORT" 1
  assert_fails 1 bind 'Cannot assign requested address'
  use_program 0
  assert_fails_to_resolve "$NO_HOST"
}

# bats test_tags=points:1
@test "numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  BUILD=plain start_holding_port send-recv 127.0.0.1 PORT 1
  peer <<END
    wait-listening-at 127.0.0.1:$PORT
    wait-lines 1
END
  assert_output "listening on 127.0.0.1:$PORT"
  choose_named_port
  BUILD=plain start_server send-recv 1
  peer wait-lines 1
  assert_output "listening on $ADDR:$PORT"
}

# bats test_tags=points:1
@test "PORT 0, and an empty HOST as every interface" {
  help "Who knows which port it is, and which address stands for all of this machine's?" "ip(7)"
  start send-recv "$ADDR" 0 1
  peer <<END
    wait-listening
    wait-lines 1
END
  assert_output_matches "listening on ${ADDR//./\\.}:[1-9][0-9]*"
  printed_address
  peer <<END
    wait-listening-at $REPLY
    connect $REPLY
    send 1\n
    shutdown
    expect $YES
END
  start_holding_port send-recv "" PORT 1
  peer <<END
    wait-listening
    connect $ADDR:$PORT
    send 1\n
    shutdown
    expect $YES
    expect-eof
END
  wait_for_lines 1
  assert_output_matches "listening on (0\.0\.0\.0|\[::\]):$PORT"
}

# bats test_tags=points:1
@test "a name with an IPv6 and an IPv4 address: serves the IPv4 one" {
  help "Which entry of the list do you take, when the first is an IPv6 address, and do you try another one when bind fails?" "getaddrinfo(3)"
  requires nss-wrapper
  start_with_both_families send-recv HOST "$PORT" 1
  peer wait-listening-at "$ADDR:$PORT"
  # The IPv4 address is taken now. The other one is none of its choices.
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start send-recv both.test "$PORT" 1
  assert_fails 1 'Address already in use'
}

# bats test_tags=points:1
@test "HOST ::1: serves an IPv6 client, or says that it cannot use IPv6" {
  help "Has the address variable room for IPv6, does the length that you pass say so, who knows the address that you print, how is such an address with a port written, and which option is set before bind?" "ipv6(7)"
  requires ipv6
  # Another way to write ::1.
  TRACE=$(if_can_trace setsockopt,bind) start_holding_port send-recv 0:0:0:0:0:0:0:1 PORT 1
  if try_peer wait-listening; then
    peer <<END
      wait-listening-at [::1]:$PORT
      connect [::1]:$PORT
      send 1\n
      shutdown
      expect $YES
      expect-eof
END
    assert_exit 0
    assert_output "listening on [::1]:$PORT"
    assert_reuses_address
  else
    assert_fails 1 0:0:0:0:0:0:0:1
  fi
}

# bats test_tags=points:1
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, what is the exit status then, and what becomes of 4294967297 in the type of COUNT?" "strtol(3)"
  local bad
  queue_usage_error send-recv --help
  queue_usage_error send-recv HOST "$PORT"
  queue_usage_error send-recv HOST "$PORT" 1 2
  for bad in "${WRONG_PORTS[@]}"; do
    queue_usage_error send-recv HOST "$bad" 1
  done
  for bad in "${WRONG_COUNTS[@]}"; do
    queue_usage_error send-recv HOST "$PORT" "$bad"
  done
  assert_queued_usage_errors
  for bad in 4294967297 18446744073709551617; do
    BUILD=plain assert_count_does_not_wrap send-recv "$bad"
  done
  choose_highest_port
  start_server send-recv 1000000
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings send-recv
}

valgrind_run_of_send_recv() {
  local line text lost='' count=3
  printf -v line '%01024d' 1
  # A name with two addresses: the whole list has to be freed, wherever its IPv4 address is.
  choose_host "a name with an IPv6 and an IPv4 address: serves the IPv4 one" ::1
  # These clients are lost when they are answered: a whole line, and one without its end.
  if ! has_failed "a client that left without reading does not kill it"; then
    for text in '1\n' 1; do
      lost+="
        connect $ADDR:$PORT
        wait-accepted
        wait-asleep
        signal STOP
        send $text
        shutdown
        abort
        signal CONT"
    done
    count=5
  fi
  PRELOAD=${NSS:-} VARS=${HOSTS:-} start send-recv "$HOST" "$PORT" "$count"
  # Such names may not reach it.
  try_peer wait-listening-at "$ADDR:$PORT" || start_server send-recv "$count"
  peer <<END
    connect $ADDR:$PORT
    send \n1\n$line\n1
    shutdown
    expect $NO$YES$NO$YES
    expect-eof

    connect $ADDR:$PORT
    send 1\n1
    wait-read
    abort

    connect $ADDR:$PORT
    send 1
    shutdown
    expect $YES
    expect-eof
    $lost
END
  assert_exit 0
}

# bats test_tags=points:2
@test "valgrind: no heap block is left" {
  help "Is what you allocate for a client freed, also when the client was lost? And all that getaddrinfo allocated?" "free(3)"
  read_valgrind_report send-recv
  assert_no_block_left
}

# bats test_tags=points:2
@test "valgrind: no descriptor is left open" {
  help "Are the listening socket and each client's descriptor closed before the program ends?" "close(2)"
  read_valgrind_report send-recv
  assert_no_descriptor_left
}

# bats test_tags=points:2
@test "valgrind: no memory error" {
  help "How many bytes of your buffer did recv fill?" "valgrind(1)"
  read_valgrind_report send-recv
  assert_no_invalid_access
}
