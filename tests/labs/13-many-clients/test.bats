#!/usr/bin/env bats
# Lab 13, many clients: everything that a submission is judged by. tests/kit/README.md
# lists the words of these tests; points are in tenths, 100 in all.
load ../../kit/kit
programs many-server

# Clients that follow have small buffers: few of the answers that they do not read fit
# into these.
SMALL_BUFFERS='
    set-rcvbuf 4096
    set-sndbuf 200000
    set-mss 536'
# Clients that follow have the kernel's own buffers.
USUAL_BUFFERS='
    set-rcvbuf 0
    set-sndbuf 0
    set-mss 0'

# The calls that make a thread or a process.
MAKES='?clone,?clone3,?fork,?vfork'

# bats test_tags=points:9
@test "does the basic job: a client that says nothing keeps no other waiting" {
  help "In which call does your server sleep, who can wake it up there, and does it end before its last client?" "poll(2)"
  start_server many-server 3
  # One that spins loses other tests for it, not this one.
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    use-connection 1
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    use-connection 2
    connect $ADDR:$PORT
    send two words
    expect Echo=>two words
    use-connection 0
    send at last
    expect Echo=>at last
    shutdown
    expect-eof
    use-connection 2
    send more
    expect Echo=>more
    use-connection 1
    send and more
    expect Echo=>and more
    shutdown
    expect-eof
    use-connection 2
    shutdown
    expect-eof
END
}

# bats test_tags=points:3
@test "sleeps while nothing happens, whatever its clients wait for" {
  help "What do you ask poll to wait for, is that there all the time, and how often does poll give up?" "poll(2)"
  start_server many-server 3
  peer <<END
    make-random in 4194304
    wait-asleep
    expect-quiet 10
    connect $ADDR:$PORT
    use-connection 1
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    wait-asleep
    expect-quiet 10
    shutdown
    expect-eof
    $SMALL_BUFFERS
    use-connection 2
    connect $ADDR:$PORT
    send-until-full in
    wait-asleep
    expect-quiet 10
END
}

# bats test_tags=points:5
@test "prints who connects and who is over, at once; ends after COUNT" {
  help "Whose address is in the line, and when does the line leave the program?" "accept(2)"
  start_server many-server 3
  local first second third
  choose_client first
  choose_client second
  choose_client third
  peer <<END
    wait-lines 1
    set-source $first
    connect $ADDR:$PORT
    wait-lines 2
    use-connection 1
    set-source $second
    connect $ADDR:$PORT
    wait-lines 3
    use-connection 2
    set-source $third
    connect $ADDR:$PORT
    wait-lines 4
    use-connection 1
    shutdown
    expect-eof
    wait-lines 5
    use-connection 0
    send x
    expect Echo=>x
    shutdown
    expect-eof
    wait-lines 6
    use-connection 2
    send x
    expect Echo=>x
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" "connected by $first" "connected by $second" "connected by $third" \
    "closed $second" "closed $first" "closed $third"
  # A thread or a process that is made for a client may be done with it before the call that made
  # it returns.
  can_trace || return 0
  new_address
  INJECT=$MAKES:delay_exit=200000:when=1 start_with_address many-server 1
  peer <<END
    wait-listening
    connect $ADDR:$PORT
    send x
    expect Echo=>x
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output_matches 'listening on .*' 'connected by .*' 'closed .*'
}

# bats test_tags=points:3
@test "a client that resets is lost, counts, and is nobody else's concern" {
  help "What do the results 0 and -1 of recv mean, which line belongs to which, and does a lost client change the exit status?" "recv(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  requires_test "prints who connects and who is over, at once; ends after COUNT"
  start_server many-server 3
  local first second third
  choose_client first
  choose_client second
  choose_client third
  peer <<END
    set-source $first
    connect $ADDR:$PORT
    wait-lines 2
    use-connection 1
    set-source $second
    connect $ADDR:$PORT
    send x
    expect Echo=>x
    abort
    wait-lines 4
    use-connection 0
    send hello
    expect Echo=>hello
    use-connection 2
    set-source $third
    connect $ADDR:$PORT
    wait-lines 5
    wait-asleep
    abort
    wait-lines 6
    use-connection 0
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" "connected by $first" "connected by $second" "lost $second" \
    "connected by $third" "lost $third" "closed $first"
  # The last client of all is lost, too: nobody else wakes the server up after it.
  new_address
  BUILD=plain start_server many-server 1
  peer <<END
    connect $ADDR:$PORT
    send x
    expect Echo=>x
    abort
END
  assert_exit 0
}

# bats test_tags=points:4
@test "sends back every byte of every client, whatever they are" {
  help "How many bytes came, and do you send exactly these, to the one who sent them?" "send(2)"
  local size n=0 connects='' sends='' exchanges=''
  for size in 65537 1 6 4099 1023; do
    connects+="
      make-random $size $size
      use-connection $((++n))
      connect $ADDR:$PORT
      send $n"
    sends+="
      use-connection $n
      expect Echo=>$n"
    exchanges+="
      use-connection $n
      exchange $size $size"
  done
  start_server many-server 6
  peer <<END
    connect $ADDR:$PORT
    shutdown
    expect-eof
    ignore Echo=>
    $connects
    $sends
    $exchanges
END
  assert_exit 0
}

# bats test_tags=points:3
@test "answers each piece by itself, with nothing but the mark before it" {
  help "Do you wait for anything more than what one recv returned, and is any piece special?" "recv(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  local n word silent='' words=''
  load_magic_words
  # What it does for many clients costs none of them a pause.
  for n in {2..13}; do
    silent+="
      use-connection $n
      connect $ADDR:$PORT
      wait-accepted"
  done
  for word in "${MAGIC_WORDS[@]}"; do
    words+="
      send $word
      expect Echo=>$word
      send $word\n
      expect Echo=>$word\n"
  done
  start_server many-server 14
  peer <<END
    expect-promptly
    connect $ADDR:$PORT
    hide-steps
    $silent
    show-steps
    use-connection 1
    connect $ADDR:$PORT
    send first
    expect Echo=>first
    set-piece-size 3
    send abcdefg\n
    expect Echo=>abcEcho=>defEcho=>g\n
    set-piece-size 0
    send \r\n
    expect Echo=>\r\n
    $words
    send \0\xff%n\0
    expect Echo=>\0\xff%n\0
    wait-asleep
    expect-nothing
    shutdown
    expect-eof
    wait-asleep
    expect-quiet 10
    use-connection 0
    send \n
    expect Echo=>\n
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:2
@test "receives 1024 bytes at a time" {
  help "How much room does your recv have, and what stands in the buffer besides?" "recv(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  start_server many-server 1
  # Of 1025 bytes that come together the last is answered by itself.
  peer make-random 1024 1024
  printf x | cat "$TEST_DIR/1024" - >"$TEST_DIR/1025"
  peer <<END
    connect $ADDR:$PORT
    send-file 1025
    expect Echo=>
    expect-file 1024
    expect Echo=>x
    send-file 1024
    expect Echo=>
    expect-file 1024
    wait-asleep
    expect-nothing
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:2
@test "a call that has nothing to do yet (EAGAIN) loses nobody and nothing" {
  help "What does a call return that must not sleep and can do nothing, and is the client lost then?" "send(2)"
  requires_test "sends back every byte of every client, whatever they are"
  # select(2), BUGS: a call can fail so though the socket was said to be ready.
  SHIM=again=3 start_server many-server 2
  peer <<END
    make-random in 4099
    connect $ADDR:$PORT
    use-connection 1
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    ignore Echo=>
    exchange in in
    use-connection 0
    exchange in in
END
  assert_exit 0
}

# bats test_tags=points:4
@test "a hundred clients are connected at the same time, and all are answered" {
  help "How many clients have room in your lists, and is each of them watched?" "poll(2)"
  local n connects='' sends='' answers='' ends=''
  for n in {0..99}; do
    connects+="
      use-connection $n
      connect $ADDR:$PORT
      wait-accepted"
    # The last is the first, so that none is helped by the one before.
    sends+="
      use-connection $((99 - n))
      send client $((99 - n))"
    answers+="
      use-connection $n
      expect Echo=>client $n"
    ends+="
      use-connection $n
      shutdown
      expect-eof"
  done
  # The server may take these, too, or let them wait: as many as the queue of a backlog of 5
  # holds. A program that fails the test of sleeping need not fail here, too.
  local more_connect='' more_leave='' asleep=''
  for n in {100..104}; do
    more_connect+="
      use-connection $n
      connect $ADDR:$PORT"
    more_leave+="
      use-connection $n
      close"
  done
  has_failed "sleeps while nothing happens, whatever its clients wait for" || asleep='
      wait-asleep
      expect-quiet 10'
  # On a busy machine a hundred sanitized processes begin slowly.
  DEADLINE=60 NOFILE=300 PROCESSES=400 start_server many-server 105
  peer <<END
    hide-steps
    $connects
    $sends
    $answers
    show-steps
    $more_connect
    $asleep
    hide-steps
    $sends
    $answers
    $more_leave
    $ends
END
  assert_exit 0
  # Many more of them, where this shell, too, may have so many descriptors: the server may take
  # each, or let it wait, asleep. The first is answered. (select has room for 1024 descriptors.)
  local many=260
  [[ -z $asleep ]] || ! ulimit -S -n 1024 2>/dev/null || many=1001
  new_address
  NOFILE=1024 start_server many-server 2000
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    use-connection 1
    connect-idle $ADDR:$PORT $many
    use-connection 0
    send hello
    expect Echo=>hello
END
}

# bats test_tags=points:5
@test "a client that reads nothing delays no other" {
  help "Which of your calls can sleep for one client, while all others wait?" "send(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  # With these, eight read nothing: each has room for its own answers.
  local n others=''
  for n in {4..9}; do
    others+="
      use-connection $n
      connect $ADDR:$PORT
      send-file part"
  done
  start_server many-server 10
  peer <<END
    make-random in 4194304
    make-random part 131072
    connect $ADDR:$PORT
    send before
    expect Echo=>before
    $SMALL_BUFFERS
    use-connection 1
    connect $ADDR:$PORT
    send-until-full in
    use-connection 2
    connect $ADDR:$PORT
    send-until-full in
    $others
    wait-asleep
    $USUAL_BUFFERS
    use-connection 0
    send meanwhile
    expect Echo=>meanwhile
    use-connection 3
    connect $ADDR:$PORT
    send another
    expect Echo=>another
    shutdown
    expect-eof
    use-connection 0
    send again
    expect Echo=>again
    shutdown
    expect-eof
END
}

# bats test_tags=points:2
@test "a client that reads one byte now and then delays no other" {
  help "What do you do when the kernel takes only a part of an answer?" "send(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  local byte bytes=''
  for byte in E c h o = \>; do
    bytes+="
      use-connection 1
      expect $byte
      use-connection 0
      send $byte
      expect Echo=>$byte"
  done
  start_server many-server 2
  peer <<END
    make-random in 4194304
    connect $ADDR:$PORT
    $SMALL_BUFFERS
    use-connection 1
    connect $ADDR:$PORT
    send-until-full in
    $bytes
    use-connection 0
    shutdown
    expect-eof
END
}

# bats test_tags=points:4
@test "keeps at most 64 KiB of answers for a client that does not read them" {
  help "When do you stop reading from a client, and where do its bytes wait then?" "poll(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  start_server many-server 1
  # The answer that it is just making comes on top: 1030 bytes. So does what is left of
  # the kernel's count for those who keep marks beside the bytes.
  peer <<END
    make-random in 4194304
    $SMALL_BUFFERS
    connect $ADDR:$PORT
    send-until-full in
    expect-kept-at-most 69000
END
}

# bats test_tags=points:4
@test "a client that sends and never reads costs less than 1 MiB of memory" {
  help "What makes your server's memory grow, and what ends that?" "malloc(3)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  requires process-memory
  BUILD=plain start_server many-server 4
  peer <<END
    make-random in 8388608
    connect $ADDR:$PORT
    send before
    expect Echo=>before
    use-connection 1
    connect $ADDR:$PORT
    send and gone
    expect Echo=>and gone
    shutdown
    expect-eof
    wait-asleep
    note-memory
    use-connection 2
    $SMALL_BUFFERS
    connect $ADDR:$PORT
    send-until-full in
    wait-asleep
    expect-growth-below 1024
    use-connection 3
    $USUAL_BUFFERS
    connect $ADDR:$PORT
    send after
    expect Echo=>after
    use-connection 0
    send after
    expect Echo=>after
END
}

# bats test_tags=points:5
@test "goes on when the client reads: then all its answers come" {
  help "When is a client watched again, and where does the next send begin?" "send(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  # It may have small buffers.
  DEADLINE=120 start_server many-server 3
  peer <<END
    make-random in 524288
    make-random other 65537
    ignore Echo=>
    connect $ADDR:$PORT
    send-until-full in
    $SMALL_BUFFERS
    use-connection 1
    connect $ADDR:$PORT
    send-until-full in
    wait-asleep
    $USUAL_BUFFERS
    use-connection 2
    connect $ADDR:$PORT
    exchange other other
    use-connection 1
    exchange in in
    use-connection 0
    exchange in in
END
  assert_exit 0
}

# bats test_tags=points:3
@test "what waits for a client is sent after its end-of-file, before the connection is closed" {
  help "What is still to be done for a client when recv returns 0?" "shutdown(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  requires_test "prints who connects and who is over, at once; ends after COUNT"
  choose_client first
  start_server many-server 3
  # The first has sent more than the server takes. Of the second and the third the server may
  # have read all, their end-of-file too. The third connects while the answers of the second
  # wait, so that its line comes before the end of the second. It is the last one of COUNT.
  peer <<END
    make-random in 131072
    make-random much 4194304
    make-random none 0
    ignore Echo=>
    $SMALL_BUFFERS
    set-source $first
    connect $ADDR:$PORT
    send-file in
    shutdown
    wait-asleep
    wait-lines 2
    exchange none in
    wait-lines 3
    set-source $ADDR
    use-connection 1
    connect $ADDR:$PORT
    set-piece-size 4000
    send-until-full much
    shutdown
    wait-asleep
    expect-quiet 10
    use-connection 2
    connect $ADDR:$PORT
    wait-lines 5
    use-connection 1
    expect-sent much
    wait-lines 6
    use-connection 2
    send-until-full much
    shutdown
    wait-asleep
    expect-sent much
END
  assert_exit 0
  assert_output_matches 'listening on .*' "connected by ${first//./\\.}" "closed ${first//./\\.}" 'connected by .*' \
    'connected by .*' 'closed .*' 'closed .*'
  # The end-of-file has come, too, before the first part of the answer is sent.
  new_address
  BUILD=plain SHIM=send=3 start_server many-server 1
  peer <<END
    signal STOP
    connect $ADDR:$PORT
    send hello
    shutdown
    signal CONT
    expect Echo=>hello
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:3
@test "a client that resets while its answers wait is lost, and no other is" {
  help "What does poll say of a connection that was reset, and which call tells more?" "poll(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  requires_test "a client that resets is lost, counts, and is nobody else's concern"
  local first second third
  choose_client first
  choose_client second
  choose_client third
  start_server many-server 3
  # The third may get what the server kept for the second: its place, its descriptor.
  peer <<END
    make-random in 4194304
    set-source $first
    connect $ADDR:$PORT
    wait-lines 2
    $SMALL_BUFFERS
    use-connection 1
    set-source $second
    connect $ADDR:$PORT
    send-until-full in
    wait-asleep
    abort
    wait-lines 4
    $USUAL_BUFFERS
    use-connection 2
    set-source $third
    connect $ADDR:$PORT
    wait-lines 5
    wait-asleep
    expect-nothing
    send x
    expect Echo=>x
    shutdown
    expect-eof
    wait-lines 6
    use-connection 0
    send hello
    expect Echo=>hello
    expect-quiet 10
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output "listening on $ADDR:$PORT" "connected by $first" "connected by $second" "lost $second" \
    "connected by $third" "closed $third" "closed $first"
}

# bats test_tags=points:3
@test "survives clients that reset or leave" {
  help "Which errors of accept, recv and send are about one client, and which end the server?" "accept(2)"
  requires_test "a client that resets is lost, counts, and is nobody else's concern"
  choose_client first
  SHIM=aborted=1 start_server many-server 6
  # The first has reset before it is accepted.
  peer <<END
    signal STOP
    set-source $first
    connect $ADDR:$PORT
    abort
    set-source $ADDR
    use-connection 1
    connect $ADDR:$PORT
    signal CONT
    send hello
    expect Echo=>hello
    use-connection 0
    connect $ADDR:$PORT
    close

    connect $ADDR:$PORT
    send x
    expect Echo=>x
    close

    make-random in 4099
    connect $ADDR:$PORT
    send-file in
    close

    connect $ADDR:$PORT
    send-file in
    abort
    use-connection 1
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  assert_exit 0
  grep -qFx "connected by $first" <(sed -E 's/\[::ffff:([0-9.]+)\]/\1/' "${DIRS[PROGRAM_NUMBER]}/out") ||
    fail_test "a line: connected by $first" "$(<"${DIRS[PROGRAM_NUMBER]}/out")"
  (($(grep -cE '^(closed|lost) ' "${DIRS[PROGRAM_NUMBER]}/out") == 6)) ||
    fail_test 'a line closed or lost for each of the 6 clients' "$(<"${DIRS[PROGRAM_NUMBER]}/out")"
  # The first connection breaks by itself; tcp(7).
  new_address
  BUILD=plain SHIM=timedout=1 start_server many-server 2
  peer <<END
    connect $ADDR:$PORT
    close
    wait-lines 3
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:2
@test "survives a client that is gone while it is answered" {
  help "Which signal ends a program that sends to a connection that is gone, and which of your sends prevent it?" "send(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  requires_test "a client that resets is lost, counts, and is nobody else's concern"
  # The kernel takes the first part of an answer, and tells at the next that the client is gone.
  SHIM=send=3 start_server many-server 3
  peer <<END
    make-random in 65537
    connect $ADDR:$PORT
    wait-accepted
    use-connection 1
    connect $ADDR:$PORT
    wait-accepted
    use-connection 2
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    signal STOP
    use-connection 0
    send-file in
    close
    use-connection 1
    send x
    shutdown
    abort
    signal CONT
    use-connection 2
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:4
@test "without a descriptor for one more, it serves those that it has, asleep; then that one" {
  help "What does poll say of the listening socket while accept fails, and what can change that?" "accept(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  local n connects='' ends=''
  # Not more than the queue of a backlog of 5 holds beside those that are served.
  for n in {1..8}; do
    connects+="
      use-connection $n
      connect $ADDR:$PORT"
    ends+="
      use-connection $n
      shutdown
      expect-eof"
  done
  SHIM=spare-fds=8 BUILD=plain start_server many-server 10
  peer <<END
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    $connects

    use-connection 9
    connect $ADDR:$PORT
    send hello
    wait-asleep
    expect-quiet 10
    use-connection 0
    send again
    expect Echo=>again
    wait-asleep
    expect-quiet 10
    shutdown
    expect-eof
    $ends

    use-connection 9
    expect Echo=>hello
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:2
@test "the same with ENFILE: the whole machine has no descriptor left" {
  help "Which errors of accept mean that there is no descriptor? When a client is over, a lost one too, is its connection closed and accept called again?" "accept(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  requires_test "a client that resets is lost, counts, and is nobody else's concern"
  # With the listening socket three: it may have two clients.
  SHIM=enfile=3 start_server many-server 4
  peer <<END
    connect $ADDR:$PORT
    send one
    expect Echo=>one
    use-connection 1
    connect $ADDR:$PORT
    send two
    expect Echo=>two
    use-connection 2
    connect $ADDR:$PORT
    send three
    use-connection 3
    connect $ADDR:$PORT
    wait-asleep
    expect-quiet 10
    use-connection 0
    send one
    expect Echo=>one
    abort
    use-connection 2
    expect Echo=>three
    wait-asleep
    expect-quiet 10
    use-connection 1
    send two
    expect Echo=>two
    shutdown
    expect-eof
    use-connection 3
    send four
    expect Echo=>four
    shutdown
    expect-eof
    use-connection 2
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:2
@test "no descriptor and no client: it ends with exit status 1, or asks now and then" {
  help "Who can give a descriptor back, if the server has no client?" "accept(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  requires_test "the same with ENFILE: the whole machine has no descriptor left"
  # accept fails so also before a client has come.
  SHIM=enfile=1 start_with_address many-server 1
  if ! try_peer <<END; then
    wait-listening
    connect $ADDR:$PORT
    wait-asleep
    expect-quiet 10
END
    assert_exit 1
    assert_error accept
    # It does nothing more, with a connection that is none.
    assert_no_error_text 'Bad file descriptor'
  fi
}

# bats test_tags=points:1
@test "a call that fails is named, and is not made again and again" {
  help "Which calls can fail before a client comes, and what do you do after any other error of accept?" "accept(2)"
  requires_test "no descriptor and no client: it ends with exit status 1, or asks now and then"
  assert_checks_descriptors many-server 1
  requires strace
  new_address
  assert_checks_calls many-server 1
}

# bats test_tags=points:1
@test "closes each descriptor once" {
  help "Which of your functions closes the connection of a client that is lost?" "close(2)"
  requires strace
  # The program is strace's child here: its first line tells that it listens.
  # The second client resets while its answers wait: there it is send that fails.
  TRACE=close start_with_address many-server 3
  peer <<END
    make-random in 131072
    wait-lines 1
    connect $ADDR:$PORT
    send x
    expect Echo=>x
    abort
    wait-lines 3
    $SMALL_BUFFERS
    connect $ADDR:$PORT
    send-file in
    abort
    wait-lines 5
    $USUAL_BUFFERS
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  assert_exit 0
  ! grep -aE 'close\([0-9]+\) += -1 EBADF' "${DIRS[PROGRAM_NUMBER]}/report" >"$TEST_DIR/again" ||
    fail_test 'no call of close for a descriptor that is closed' "$(<"$TEST_DIR/again")"
}

# bats test_tags=points:2
@test "signals, a stop and a continue lose and repeat nothing" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  SHIM=eintr start_server many-server 3
  # Without a client; with one that is silent; with one that does not read.
  peer <<END
    make-random in 131072
    make-random words 26
    make-random none 0
    ignore Echo=>
    wait-asleep
    signal USR2
    wait-asleep
    connect $ADDR:$PORT
    wait-accepted
    wait-asleep
    signal USR2
    wait-asleep
    use-connection 1
    connect $ADDR:$PORT
    set-random-pieces 9 USR2
    send-file words
    exchange none words
    set-random-pieces 0 none
    $SMALL_BUFFERS
    connect $ADDR:$PORT
    send-file in
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    signal STOP
    signal CONT
    use-connection 0
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
    use-connection 1
    exchange none in
END
  assert_exit 0
  # An accept that was interrupted has no client, and there are descriptors. (One that waits for
  # edges may ask again with the second client.)
  can_trace || return 0
  new_address
  INJECT=accept,accept4:error=EINTR:when=1 start_with_address many-server 2
  peer <<END
    wait-listening
    connect $ADDR:$PORT
    use-connection 1
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
    use-connection 0
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  assert_exit 0
  assert_server_keeps_handler many-server 1
}

# bats test_tags=points:2
@test "sets no time limit for its clients" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  requires_test "a client that reads nothing delays no other"
  requires_test "what waits for a client is sent after its end-of-file, before the connection is closed"
  BUILD=plain CLOCK=$FAST_CLOCK start_server many-server 100
  # It waits for a client, for each of two messages, and for room. The last takes a second: the
  # kernel looks at TCP_USER_TIMEOUT when it asks for room for the second time.
  peer <<END
    make-random in 131072
    make-random none 0
    $FIVE_MINUTES
    connect $ADDR:$PORT
    wait-accepted
    $FIVE_MINUTES
    send hello
    expect Echo=>hello
    ignore Echo=>
    $SMALL_BUFFERS
    use-connection 1
    connect $ADDR:$PORT
    send-file in
    expect-waiting 20000 20000
    use-connection 0
    send world
    expect Echo=>world
    shutdown
    expect-eof
    use-connection 1
    exchange none in
END
}

# bats test_tags=points:2
@test "accepts COUNT clients and no more; ends when the last of them is over" {
  help "When is accept called for the last time, and when does the loop end?" "accept(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  start_server many-server 2
  # The last three are there before one of them is accepted: no more, as the queue may be short.
  # If the third were accepted and closed, it would get an orderly end: it has sent nothing.
  peer <<END
    connect $ADDR:$PORT
    wait-accepted
    signal STOP
    use-connection 1
    connect $ADDR:$PORT
    use-connection 2
    connect $ADDR:$PORT
    use-connection 3
    connect $ADDR:$PORT
    send no
    use-connection 0
    send one
    signal CONT
    expect Echo=>one
    use-connection 1
    send two
    expect Echo=>two
    wait-asleep
    expect-quiet 10
    shutdown
    expect-eof
    wait-asleep
    use-connection 0
    send three
    expect Echo=>three
    shutdown
    expect-eof
    use-connection 2
    expect-reset
    use-connection 3
    expect-end
END
  assert_exit 0
  assert_output_matches 'listening on .*' 'connected by .*' 'connected by .*' '(closed|lost) .*' '(closed|lost) .*'
}

# bats test_tags=points:2
@test "COUNT 0 serves for ever" {
  help "Which COUNT has no end, does your loop know it, and does any COUNT fit into its type?" "accept(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  requires_test "prints who connects and who is over, at once; ends after COUNT"
  local count
  for count in 0 65537; do
    new_address
    start_server many-server "$count"
    peer <<END
      connect $ADDR:$PORT
      send a
      expect Echo=>a
      shutdown
      expect-eof
      wait-asleep

      connect $ADDR:$PORT
      send b
      expect Echo=>b
      abort
      wait-lines 5
      wait-asleep

      connect $ADDR:$PORT
      send c
      expect Echo=>c
      shutdown
      expect-eof
      wait-asleep
      wait-listening
END
  done
}

# bats test_tags=points:2
@test "its memory and its descriptors do not grow with the clients that are over" {
  help "What does your server still have of a client that is over, does the number of clients fit into its type, and what does it wait for before an answer?" "close(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  requires_test "a client that resets is lost, counts, and is nobody else's concern"
  requires process-memory
  local n clients='' first='' resetting='' resetting_first=''
  for n in {1..13}; do
    resetting+="
      connect $ADDR:$PORT
      send-file in
      wait-asleep
      abort
      wait-asleep"
    ((n != 3)) || resetting_first=$resetting resetting=''
  done
  for n in {1..400}; do
    clients+="
      connect $ADDR:$PORT
      send x
      expect Echo=>x"
    if ((n % 3 > 0)); then
      clients+="
      shutdown
      expect-eof"
    else
      clients+="
      abort"
    fi
    ((n != 50)) || first=$clients clients=''
  done
  SHIM=spare-fds=12 BUILD=plain start_server many-server 414
  # 3 clients that reset while their answers wait, then 10: each may have had 64 KiB. The
  # others are 50 clients, then 350. With the one that stays 414, too many for a byte. A server
  # that pauses for each of them would only be found to be too slow.
  peer <<END
    make-random in 131072
    use-connection 1
    connect $ADDR:$PORT
    use-connection 0
    hide-steps
    $SMALL_BUFFERS
    $resetting_first
    note-memory
    $resetting
    show-steps
    expect-growth-below 400
    hide-steps
    $USUAL_BUFFERS
    expect-promptly
    $first

    wait-asleep
    note-memory
    $clients

    show-steps
    wait-asleep
    expect-growth-below 160
    use-connection 1
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:2
@test "a port in use is refused, one in TIME_WAIT is not" {
  help "Which socket option lets a server come back while old connections time out?" "socket(7)"
  peer leave-time-wait "$ADDR:$PORT"
  start_server many-server 1
  assert_refuses_port_in_use many-server 1
}

# bats test_tags=points:1
@test "an empty HOST, a name that does not resolve, PORT 0" {
  help "Which address stands for all of this machine's, who says why a name has no address, who knows which port 0 became, and which descriptor does a socket get if standard input is closed?" "getaddrinfo(3)"
  start many-server "$NO_HOST" "$PORT" 1
  assert_fails_to_resolve "$NO_HOST"
  start_holding_port many-server "" PORT 1
  peer <<END
    wait-listening
    set-source $ADDR
    connect 127.0.0.1:$PORT
    send x
    expect Echo=>x
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output_matches "listening on (0\.0\.0\.0|\[::\]):$PORT" "connected by ${ADDR//./\\.}:[1-9][0-9]*" \
    "(closed|lost) ${ADDR//./\\.}:[1-9][0-9]*"
  # The listening socket is descriptor 0.
  STDIN=closed start many-server "$ADDR" 0 1
  peer <<END
    wait-listening
    wait-lines 1
END
  assert_output_matches "listening on ${ADDR//./\\.}:[1-9][0-9]*"
  requires foreign-address
  start many-server 192.0.2.1 "$PORT" 1
  assert_fails 1 bind 'Cannot assign requested address'
}

# bats test_tags=points:1
@test "numbers are printed, also where the address and the port have names" {
  help "Where do the words that you print come from, and which flags make getnameinfo print numbers?" "getnameinfo(3)"
  BUILD=plain start_holding_port many-server 127.0.0.1 PORT 1
  peer <<END
    wait-listening-at 127.0.0.1:$PORT
    connect 127.0.0.1:$PORT
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output_matches "listening on 127\.0\.0\.1:$PORT" 'connected by 127\.0\.0\.1:[0-9]+' '(closed|lost) 127\.0\.0\.1:[0-9]+'
  choose_named_port
  random_address
  BUILD=plain start_server many-server 1
  peer <<END
    set-source $REPLY:$PORT
    connect $ADDR:$PORT
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output_matches "listening on ${ADDR//./\\.}:$PORT" "connected by ${REPLY//./\\.}:$PORT" "(closed|lost) ${REPLY//./\\.}:$PORT"
}

# bats test_tags=points:1
@test "a name with an IPv6 and an IPv4 address: serves the IPv4 one" {
  help "Which entry of the list do you take, when the first is an IPv6 address?" "getaddrinfo(3)"
  requires nss-wrapper
  start_with_both_families many-server HOST "$PORT" 1
  peer wait-listening-at "$ADDR:$PORT"
}

# bats test_tags=points:1
@test "HOST ::1: serves the IPv6 loopback, or says that it cannot use it" {
  help "Is there room for an IPv6 address, and how is one written with a port?" "ipv6(7)"
  requires ipv6
  start_holding_port many-server ::1 PORT 1
  if try_peer wait-listening; then
    peer <<END
      wait-listening-at [::1]:$PORT
      connect [::1]:$PORT
      send x
      expect Echo=>x
      shutdown
      expect-eof
END
    assert_exit 0
    assert_output_matches "listening on \[::1\]:$PORT" "connected by \[::1\]:[1-9][0-9]*" "(closed|lost) \[::1\]:[1-9][0-9]*"
  else
    assert_fails 1 ::1
  fi
}

# bats test_tags=points:1
@test "at least five clients may wait in its queue, whatever COUNT is" {
  help "How many clients may wait, by your call of listen?" "listen(2)"
  requires_test "sleeps while nothing happens, whatever its clients wait for"
  start_server many-server 2
  peer <<END
    wait-asleep
    expect-backlog-at-least 5
END
}

# bats test_tags=points:2
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, what is the exit status then, and what becomes of 4294967297 in the type of COUNT?" "strtol(3)"
  queue_usage_error many-server
  queue_usage_error many-server HOST
  queue_usage_error many-server HOST "$PORT"
  queue_usage_error many-server HOST "$PORT" 1 2
  local bad
  for bad in "${WRONG_PORTS[@]}"; do queue_usage_error many-server HOST "$bad" 1; done
  for bad in "${WRONG_COUNTS[@]}"; do queue_usage_error many-server HOST "$PORT" "$bad"; done
  assert_queued_usage_errors
  for bad in 4294967297 18446744073709551617; do
    BUILD=plain assert_count_does_not_wrap many-server "$bad"
  done
  choose_highest_port
  start_server many-server 1000000
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings many-server
}

valgrind_run_of_many_server() {
  # Two clients are lost: one when the server receives, one when it sends.
  start_server many-server 5
  peer <<END
    make-random in 131072
    make-random none 0
    ignore Echo=>
    connect $ADDR:$PORT
    wait-accepted
    $SMALL_BUFFERS
    use-connection 1
    connect $ADDR:$PORT
    send-file in
    use-connection 4
    connect $ADDR:$PORT
    send-file in
    wait-asleep
    abort
    $USUAL_BUFFERS
    use-connection 2
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    abort
    use-connection 3
    connect $ADDR:$PORT
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
    use-connection 1
    exchange none in
    use-connection 0
    send bye
    expect Echo=>bye
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:1
@test "valgrind: no heap block is left" {
  help "Which call gives back what another one allocated?" "free(3)"
  read_valgrind_report many-server
  assert_no_block_left
}

# bats test_tags=points:2
@test "valgrind: no descriptor is left open" {
  help "Is each connection closed on every way out, and the listening socket, too?" "close(2)"
  read_valgrind_report many-server
  assert_no_descriptor_left
}

# bats test_tags=points:1
@test "valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report many-server
  assert_no_invalid_access
}
