#!/usr/bin/env bats
# Lab 11, Unix sockets: everything that a submission is judged by.
# tests/kit/README.md lists the words of these tests; points are in tenths, 100
# in all.
load ../../kit/kit
programs unix-server unix-client
run_in_folder

# bats test_tags=points:5
@test "unix-server: does the basic job: answers each message until end-of-file" {
  help "Which family has the socket, and what stands in its address instead of a port?" "unix(7)"
  start_server_at_path unix-server 1
  peer <<END
    connect $SOCKET
    send hello
    expect Echo=>hello
    wait-asleep
    expect-nothing
    send two words
    expect Echo=>two words
    shutdown
    expect-eof
END
}

# bats test_tags=points:4
@test "unix-server: prints where it listens and who connects, at once; ends after COUNT" {
  help "Who tells you the client's user and process, are any of these numbers an error, and when does the line leave the program?" "unix(7)"
  local who
  start_server_at_path unix-server 2
  # The clients are two processes and, where that can be, two users.
  peer >"$TEST_DIR/clients" <<END
    wait-lines 1
    connect $SOCKET
    wait-lines 2
    print-credentials
    shutdown
    expect-eof
END
  peer >>"$TEST_DIR/clients" <<END
    set-user 4000000011
    connect $SOCKET
    wait-lines 3
    print-credentials
    shutdown
    expect-eof
END
  assert_exit 0
  mapfile -t who <"$TEST_DIR/clients"
  assert_output "listening on $SOCKET" "${who[@]/#/connected by }"
  # A client in another container.
  new_path
  SHIM=no-pid start_server_at_path unix-server 1
  peer >"$TEST_DIR/client" <<END
    connect $SOCKET
    print-credentials
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  assert_exit 0
  read -r _ who _ <"$TEST_DIR/client"
  assert_output "listening on $SOCKET" "connected by uid $who pid 0"
}

# bats test_tags=points:2
@test "unix-server: sends back every byte of every client, whatever they are" {
  help "How many bytes came, and do you send exactly these?" "send(2)"
  local size clients=''
  for size in 65537 1 6 4099 1023; do
    clients+="
      make-random $size $size
      connect $SOCKET
      exchange $size $size"
  done
  start_server_at_path unix-server 6
  peer <<END
    connect $SOCKET
    shutdown
    expect-eof

    ignore Echo=>
    $clients
END
  assert_exit 0
}

# bats test_tags=points:3
@test "unix-server: answers each piece by itself, with nothing but the mark before it" {
  help "Do you wait for anything more than what one recv returned, and is any piece special?" "recv(2)"
  local word words=''
  load_magic_words
  for word in "${MAGIC_WORDS[@]}"; do
    words+="
      send $word
      expect Echo=>$word
      send $word\n
      expect Echo=>$word\n"
  done
  start_server_at_path unix-server 1
  peer <<END
    expect-promptly
    connect $SOCKET
    set-piece-size 3
    send abcdefg\n
    expect Echo=>abcEcho=>defEcho=>g\n
    set-piece-size 0
    send \n
    expect Echo=>\n
    send \r\n
    expect Echo=>\r\n
    $words
    send \0\xff%n\0
    expect Echo=>\0\xff%n\0
    wait-asleep
    expect-nothing
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:1
@test "unix-server: receives 1024 bytes at a time" {
  help "How much room does your recv have, and what stands in the buffer besides?" "recv(2)"
  start_server_at_path unix-server 1
  # Of 1025 bytes that come together the last is answered by itself.
  peer make-random 1024 1024
  printf x | cat "$TEST_DIR/1024" - >"$TEST_DIR/1025"
  peer <<END
    connect $SOCKET
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

# bats test_tags=points:3
@test "unix-server: nothing is lost when recv and send do only a part" {
  help "What does send return, and what is left to send then?" "send(2)"
  SHIM='recv=7 send=3' start_server_at_path unix-server 1
  peer <<END
    make-random in 1025
    ignore Echo=>
    set-random-pieces 99 none
    connect $SOCKET
    exchange in in
END
  assert_exit 0
  # The mark itself can be cut: then it is its rest that comes next.
  new_path
  SHIM='send=4' start_server_at_path unix-server 1
  peer <<END
    connect $SOCKET
    send hello
    expect Echo=>hello
    send world
    expect Echo=>world
    shutdown
    expect-eof
END
}

# bats test_tags=points:1
@test "unix-server: the mark and the bytes leave with one call" {
  help "How can one call send two buffers, or one buffer hold both?" "sendmsg(2)"
  requires strace
  local full
  printf -v full '%01024d' 0
  # The program is strace's child here: its first line tells that it listens.
  TRACE='/^(send|p?write)' start_at_path unix-server 1
  peer <<END
    wait-lines 1
    connect $SOCKET
    send hello
    expect Echo=>hello
    send $full
    expect Echo=>$full
    shutdown
    expect-eof
END
  assert_exit 0
  assert_one_call_sends 'Echo=>' hello
  assert_one_call_sends 'Echo=>' "$full"
}

# bats test_tags=points:2
@test "unix-server: with COUNT 0 it serves for ever, and sleeps meanwhile" {
  help "What does a COUNT of 0 mean, and is descriptor 0 one like any other?" "accept(2)"
  # Its listening socket is descriptor 0.
  STDIN=closed start_server_at_path unix-server 0
  peer <<END
    wait-asleep
    expect-idle
    connect $SOCKET
    send a
    expect Echo=>a
    shutdown
    expect-eof

    connect $SOCKET
    wait-accepted
    wait-asleep
    expect-idle
    send x
    abort

    connect $SOCKET
    send c
    expect Echo=>c
    shutdown
    expect-eof
    wait-asleep
END
}

# bats test_tags=points:1
@test "unix-server: six clients wait in its queue, and are served in order" {
  help "How many clients may wait, by your call of listen?" "listen(2)"
  local i clients='' answers=''
  for i in 1 2 3 4 5 6; do
    clients+="
      use-connection $i
      connect $SOCKET
      send $i"
    answers+="
      use-connection $i
      expect Echo=>$i
      shutdown
      expect-eof"
  done
  # A backlog of N holds N + 1 clients.
  start_server_at_path unix-server 7
  peer <<END
    connect $SOCKET
    wait-accepted
    $clients

    wait-asleep
    use-connection 1
    expect-nothing
    use-connection 0
    shutdown
    expect-eof

    $answers
END
  assert_exit 0
  # The room is no matter of COUNT.
  start_server_at_path unix-server 1
  peer <<END
    connect $SOCKET
    wait-accepted
    $clients
    use-connection 0
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:3
@test "unix-server: survives clients that reset or leave" {
  help "What do the results 0 and -1 of recv mean, which errors of accept are about one client, do they end the server, and does a lost client count?" "recv(2)"
  SHIM=aborted=1 start_server_at_path unix-server 6
  # The first has left before it is accepted; two leave answers unread.
  peer <<END
    signal STOP
    connect $SOCKET
    close
    signal CONT

    connect $SOCKET
    wait-accepted
    close

    connect $SOCKET
    close

    connect $SOCKET
    send x
    abort

    make-random in 4099
    connect $SOCKET
    send-file in
    abort

    connect $SOCKET
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  assert_exit 0
  local client='connected by uid [0-9]+ pid [0-9]+'
  assert_output_matches 'listening on .*' "$client" "$client" "$client" "$client" "$client" "$client"
}

# bats test_tags=points:2
@test "unix-server: survives a client that is gone while it is answered" {
  help "Which signal ends a program that sends to a connection that is gone, and which errors of send are about one client?" "send(2)"
  SHIM='send=3 sndbuf=4096' start_server_at_path unix-server 4
  # The second is gone while send sleeps, with answers that it has not read. The third is, too, but
  # the stop ends that call: the next one, which would send more of the same answer, finds it gone.
  peer <<END
    make-random in 65537
    set-sndbuf 200000
    connect $SOCKET
    wait-accepted
    wait-asleep
    signal STOP
    send-file in
    close
    signal CONT
    connect $SOCKET
    send-file in
    wait-asleep
    close
    connect $SOCKET
    send-file in
    wait-accepted
    wait-asleep
    signal STOP
    close
    signal CONT
    connect $SOCKET
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:2
@test "unix-server: signals, a stop and a continue lose and repeat nothing" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  SHIM=eintr start_server_at_path unix-server 2
  peer <<END
    wait-asleep
    signal USR2
    wait-asleep
    connect $SOCKET
    wait-accepted
    wait-asleep
    signal USR2
    wait-asleep
    signal STOP
    signal CONT
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  peer <<END
    make-random words 26
    make-random none 0
    ignore Echo=>
    connect $SOCKET
    set-random-pieces 9 USR2
    send-file words
    exchange none words
END
  assert_exit 0
  # Of this client's answers few fit into the buffers: the server sleeps in send.
  new_path
  SHIM='eintr sndbuf=4096' start_server_at_path unix-server 1
  peer <<END
    make-random in 65536
    ignore Echo=>
    set-sndbuf 200000
    connect $SOCKET
    send-file in
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    exchange none in
END
  assert_exit 0
  assert_server_keeps_handler unix-server 1
}

# bats test_tags=points:2
@test "unix-server: sets no time limit for its clients" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  requires_test "unix-server: sends back every byte of every client, whatever they are"
  peer <<END
    make-random in 65536
    make-random none 0
END
  BUILD=plain SHIM=sndbuf=4096 CLOCK=$FASTER_CLOCK start_server_at_path unix-server 100
  # It waits for a client, for each of two messages, and for room.
  peer <<END
    $FOUR_HOURS
    connect $SOCKET
    wait-accepted
    $FOUR_HOURS
    send hello
    expect Echo=>hello
    $FOUR_HOURS
    send world
    expect Echo=>world
    shutdown
    expect-eof

    ignore Echo=>
    set-sndbuf 200000
    connect $SOCKET
    send-file in
    $FOUR_HOURS
    exchange none in
END
}

# bats test_tags=points:1
@test "unix-server: its open descriptors do not grow with the clients" {
  help "On which ways out of serving a client is the connection not closed or closed twice, do COUNT and the number of clients fit into their types, and is there room for so many?" "close(2)"
  local clients=''
  # For each third client, send fails with EPIPE.
  for _ in {1..11}; do
    clients+="
      connect $SOCKET
      shutdown
      expect-eof

      connect $SOCKET
      send x
      abort

      signal STOP
      connect $SOCKET
      send x
      close
      signal CONT"
  done
  # With these there are 257, more than a byte counts.
  quick_clients 224 "$SOCKET" $'shutdown\nexpect-eof'
  SHIM=spare-fds=8 start_server_at_path unix-server 257
  peer <<END
    hide-steps
    $clients
    $REPLY
END
  assert_exit 0
  BUILD=plain start_server_at_path unix-server 65537
  peer <<END
    connect $SOCKET
    shutdown
    expect-eof

    connect $SOCKET
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  # However it goes on when the question for the credentials fails, that client is not kept.
  new_path
  SHIM=no-credentials start_server_at_path unix-server 2
  peer <<END
    connect $SOCKET
    shutdown
    expect-eof
END
  # Each connection is closed once, not twice.
  can_trace || return 0
  new_path
  BUILD=plain TRACE=accept,accept4,close start_at_path unix-server 2
  peer <<END
    wait-lines 1
    connect $SOCKET
    send x
    abort

    connect $SOCKET
    shutdown
    expect-eof
END
  assert_exit 0
  assert_closed_once
}

# bats test_tags=points:1
@test "unix-server: without a descriptor it names the call, or waits asleep" {
  help "After which errors is accept called again, and is it worth it when no descriptor is left?" "accept(2)"
  BUILD=plain SHIM=nofile=3 start_at_path unix-server 1
  assert_fails 1 'Too many open files'
  assert_error_one_of "${NEED_DESCRIPTOR[@]}"
  new_path
  # 0, 1 and 2 are taken, the listening socket is the last that there is.
  BUILD=plain NOFILE=4 start_at_path unix-server 1
  # It may end before a client comes: accept asks for a descriptor first.
  try_peer <<<"wait-listening-at $SOCKET"$'\n'"connect $SOCKET" || true
  assert_gives_up_or_waits
}

# bats test_tags=points:4
@test "unix-server: its owner alone can connect, from the moment that the file is there" {
  help "Which permission bits does bind give to the file, and what can be set before it?" "umask(2)"
  SHIM=hold-bind start_at_path unix-server 1
  peer <<END
    expect-private-at-bind $SOCKET
    wait-listening-at $SOCKET
    connect $SOCKET
    shutdown
    expect-eof
END
  assert_exit 0
  # The same where it takes the place of another.
  new_path
  peer leave-stale-socket "$SOCKET"
  SHIM=hold-bind start_at_path unix-server 1
  peer <<END
    expect-private-at-bind $SOCKET
    wait-listening-at $SOCKET
    connect $SOCKET
    wait-accepted
    expect-private $SOCKET
END
}

# bats test_tags=points:3
@test "unix-server: after COUNT clients it removes its file" {
  help "What is left of a Unix socket when all its descriptors are closed?" "unlink(2)"
  start_server_at_path unix-server 2
  peer <<END
    connect $SOCKET
    shutdown
    expect-eof
    connect $SOCKET
    send x
    abort
END
  assert_exit 0
  peer expect-no-file "$SOCKET"
  # A file that is gone already is no error.
  new_path
  start_server_at_path unix-server 1
  peer <<END
    connect $SOCKET
    remove-file $SOCKET
    shutdown
    expect-eof
END
  assert_exit 0
}

# bats test_tags=points:4
@test "unix-server: SIGINT and SIGTERM end it at once, and it removes its file" {
  help "What does a signal end when nobody handles it, which calls may a handler make, and what if it comes just before a call that sleeps?" "signal-safety(7)"
  # It waits for a client, for a message, and for room.
  local signal
  for signal in TERM INT; do
    new_path
    start_server_at_path unix-server 0
    peer <<END
      wait-lines 1
      wait-asleep
      signal $signal
      wait-ended
      expect-no-file $SOCKET
END
    assert_ended_by "$signal"
    assert_output "listening on $SOCKET"
    new_path
    start_server_at_path unix-server 0
    peer <<END
      connect $SOCKET
      send x
      expect Echo=>x
      wait-asleep
      signal $signal
      wait-ended
      expect-no-file $SOCKET
END
    assert_ended_by "$signal"
  done
  # The signal comes between two calls that sleep: no EINTR tells of it.
  new_path
  BUILD=plain SHIM=term-accept start_server_at_path unix-server 0
  peer <<END
    wait-lines 1
    connect $SOCKET
    wait-ended
    expect-no-file $SOCKET
END
  assert_ended_by TERM
  # The file may be gone already.
  new_path
  start_server_at_path unix-server 0
  peer <<END
    wait-lines 1
    wait-asleep
    remove-file $SOCKET
    signal TERM
    wait-ended
END
  assert_ended_by TERM
  new_path
  SHIM=sndbuf=4096 start_server_at_path unix-server 0
  peer <<END
    make-random in 65536
    set-sndbuf 200000
    connect $SOCKET
    send-file in
    wait-asleep
    signal TERM
    wait-ended
    expect-no-file $SOCKET
END
  assert_ended_by TERM
}

# bats test_tags=points:4
@test "unix-server: a path of a server that was killed: takes its place" {
  help "How can you find out whether anybody listens on a socket file?" "connect(2)"
  start_server_at_path unix-server 0
  peer <<END
    signal KILL
    wait-ended
END
  start_server_at_path unix-server 1
  peer <<END
    connect $SOCKET
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  assert_exit 0
  assert_output_matches 'listening on .*' 'connected by .*'
  peer expect-no-file "$SOCKET"
}

# bats test_tags=points:4
@test "unix-server: a path on which another server listens: fails, and disturbs nothing" {
  help "Which errno of connect means that nobody listens, which one comes for a socket of another type, and may the question wait?" "connect(2)"
  local before
  start_server_at_path unix-server 0
  describe_file "$SOCKET"
  before=$REPLY
  start_at_path unix-server 0
  assert_fails 1 bind 'Address already in use'
  assert_file_unchanged "$SOCKET" "$before"
  use_program 0
  peer <<END
    connect $SOCKET
    send hello
    expect Echo=>hello
    shutdown
    expect-eof
END
  # A server whose queue is full listens, too.
  new_path
  start_peer <<END
    listen $SOCKET 0
    fill-queue
    print ready
    wait-ended
END
  describe_file "$SOCKET"
  before=$REPLY
  start_at_path unix-server 0
  wait_for_peer
  assert_fails 1 bind 'Address already in use'
  assert_file_unchanged "$SOCKET" "$before"
  # So does one to which the program may not connect: EACCES.
  new_path
  start_peer <<END
    listen $SOCKET 5
    print ready
    wait-ended
END
  chmod 000 "$FOLDER/$SOCKET"
  describe_file "$SOCKET"
  before=$REPLY
  UNDER=unprivileged start_at_path unix-server 0
  wait_for_peer
  assert_fails 1 bind 'Address already in use'
  assert_file_unchanged "$SOCKET" "$before"
  # So does one with a socket of another type: EPROTOTYPE.
  new_path
  start_peer <<END
    set-seqpacket
    listen $SOCKET 5
    print ready
    wait-ended
END
  describe_file "$SOCKET"
  before=$REPLY
  BUILD=plain start_at_path unix-server 0
  wait_for_peer
  assert_fails 1 bind 'Address already in use'
  assert_file_unchanged "$SOCKET" "$before"
}

# bats test_tags=points:3
@test "unix-server: a path with a file that is no socket: fails, and changes nothing" {
  help "What does connect say of a file that is no socket, and how do you see what a path is?" "lstat(2)"
  local kind before
  peer leave-stale-socket ./stale
  echo 'not a socket' >"$FOLDER/file"
  mkdir "$FOLDER/folder"
  ln -s stale "$FOLDER/link"
  ln -s nothing "$FOLDER/dangling"
  mkfifo "$FOLDER/fifo"
  [[ -z ${KIT_USER:-} ]] || chown -h "$KIT_USER" "$FOLDER"/*
  files_there
  local files=$REPLY
  for kind in file folder link dangling fifo; do
    describe_file "$kind"
    before=$REPLY
    BUILD=plain start unix-server "./$kind" 1
    assert_fails 1 bind 'Address already in use'
    assert_file_unchanged "$kind" "$before"
  done
  assert_files "$files"
}

# bats test_tags=points:2
@test "unix-server: a path may have 107 bytes, and any of them" {
  help "How much room is in sun_path, and what is a path that begins with @?" "unix(7)"
  local path name paths=(./%d%s.sock @server "$FOLDER/absolute")
  printf -v path './%0105d' 7
  paths+=("$path")
  for path in "${paths[@]}"; do
    ((${#path} <= 107)) || continue
    start unix-server "$path" 1
    name=$path
    [[ $path == */* ]] || name=./$path
    peer >"$TEST_DIR/client" <<END
      wait-listening-at $name
      connect $name
      print-credentials
      send x
      expect Echo=>x
      shutdown
      expect-eof
END
    assert_exit 0
    assert_output "listening on $path" "connected by $(<"$TEST_DIR/client")"
    peer expect-no-file "$name"
  done
}

# bats test_tags=points:2
@test "unix-server: a path that cannot be made: fails with the reason" {
  help "Does every call that can fail say its name and the reason?" "bind(2)"
  start unix-server ./no/such/folder 1
  assert_fails 1 bind 'No such file or directory'
  mkdir -m 555 "$FOLDER/closed"
  UNDER=unprivileged start unix-server ./closed/server.sock 1
  assert_fails 1 bind 'Permission denied'
  assert_files '"closed"'
  # The line is true only when it listens.
  can_trace || return 0
  BUILD=plain INJECT=listen:error=EADDRINUSE start_at_path unix-server 1
  assert_fails 1 listen 'Address already in use'
}

# bats test_tags=points:2
@test "unix-server: a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by the handout, and what is the exit status then?" "strlen(3)"
  local bad
  queue_usage_error unix-server
  queue_usage_error unix-server "$SOCKET"
  queue_usage_error unix-server "$SOCKET" 1 2
  queue_usage_error unix-server '' 1
  for bad in "${WRONG_COUNTS[@]}"; do queue_usage_error unix-server "$SOCKET" "$bad"; done
  printf -v bad './%0106d' 7
  queue_usage_error unix-server "$bad" 1
  printf -v bad './%0300d' 7
  queue_usage_error unix-server "$bad" 1
  # All is looked at before anything is done.
  queue_usage_error unix-server ./no/such/folder x
  assert_queued_usage_errors
  assert_files ''
  start_server_at_path unix-server 1000000
}

# bats test_tags=points:1
@test "unix-server: compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings unix-server
}

valgrind_run_of_unix_server() {
  peer leave-stale-socket "$SOCKET"
  start_server_at_path unix-server 3
  peer <<END
    connect $SOCKET
    send hello
    expect Echo=>hello
    shutdown
    expect-eof

    connect $SOCKET
    send x
    abort

    make-random in 1025
    ignore Echo=>
    connect $SOCKET
    exchange in in
END
  assert_exit 0
}

# bats test_tags=points:1
@test "unix-server: valgrind: no heap block is left" {
  help "Which call gives back what was allocated?" "free(3)"
  read_valgrind_report unix-server
  assert_no_block_left
}

# bats test_tags=points:2
@test "unix-server: valgrind: no descriptor is left open" {
  help "On which way out is a socket not closed: the listener, a client, the one that asks whether somebody listens?" "close(2)"
  read_valgrind_report unix-server
  assert_no_descriptor_left
}

# bats test_tags=points:1
@test "unix-server: valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report unix-server
  assert_no_invalid_access
}

# bats test_tags=points:5
@test "unix-client: does the basic job: sends a message and takes its answer" {
  help "Which family has the socket, and what stands in the address that you connect to?" "unix(7)"
  start_peer <<END
    listen $SOCKET 5
    print ready
    accept
    expect hello
    wait-asleep
    send Echo=>hello
    expect-eof
END
  start_at_path unix-client hello
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:2
@test "unix-client: prints the answer; without MESSAGE it sends Hello network world" {
  help "Is the line exactly as the handout has it, and does it leave the program at once? What is argc when there is no MESSAGE? What does the program wait for after its last answer, and is descriptor 0 one like any other?" "printf(3)"
  start_peer <<END
    listen $SOCKET 5
    print ready
    accept
    expect Hello network world
    send Echo=>Hello network world
    wait-ended
    expect-eof
END
  # Its socket is descriptor 0. The server does not close: the client ends by itself.
  STDIN=closed start_at_path unix-client
  wait_for_peer
  assert_exit 0
  assert_output "Client received: 'Echo=>Hello network world'"
  # Each line comes at once, not at the end.
  new_path
  start_peer <<END
    listen $SOCKET 5
    print ready
    accept
    expect one
    send Echo=>one
    expect two
    stay
END
  start_at_path unix-client one two
  peer wait-lines 1
  assert_output "Client received: 'Echo=>one'"
}

# bats test_tags=points:3
@test "unix-client: sends each message after the answer to the one before" {
  help "Do you wait for each answer before you send the next message, and is any MESSAGE special, such as one that begins with -?" "recv(2)"
  local text message messages=(-- 'two words' 3) words='' lines=()
  for message in "${messages[@]}"; do lines+=("Client received: 'Echo=>$message'"); done
  # Then messages that others take for commands.
  load_magic_words
  for text in "${MAGIC_MESSAGES[@]}" "${MAGIC_MESSAGES[@]}"; do
    printf -v message '%b' "$text"
    messages+=("$message")
    words+="
      expect $text
      send Echo=>$text"
    lines+=("Client received: 'Echo=>$message'")
  done
  start_peer <<END
    listen $SOCKET 5
    print ready
    accept
    expect-promptly
    expect --
    wait-asleep
    expect-nothing
    send Echo=>--
    expect two words
    wait-asleep
    expect-nothing
    send Echo=>two words
    expect 3
    send Echo=>3
    $words
    expect-eof
END
  start_at_path unix-client "${messages[@]}"
  wait_for_peer
  assert_exit 0
  assert_output "${lines[@]}"
}

# bats test_tags=points:3
@test "unix-client: takes an answer that comes byte by byte" {
  help "How many bytes does the answer have, and how many has recv returned so far?" "recv(2)"
  start_peer <<END
    listen $SOCKET 5
    print ready
    allow-unread
    accept
    expect hello
    set-piece-size 1
    send Echo=>hell
    set-piece-size 0
    send o
    expect-eof
END
  start_at_path unix-client hello
  wait_for_peer
  assert_exit 0
  assert_output "Client received: 'Echo=>hello'"
}

# bats test_tags=points:1
@test "unix-client: takes no more than its answer when two come together" {
  help "How many bytes may recv give you: all that have come, or those that are missing?" "recv(2)"
  # The second comes with the end of the first.
  start_peer <<END
    listen $SOCKET 5
    print ready
    allow-unread
    accept
    expect one
    send Echo=>o
    wait-read
    wait-asleep
    send neEcho=>three
    expect three
    expect-eof
END
  start_at_path unix-client one three
  wait_for_peer
  assert_exit 0
  assert_output "Client received: 'Echo=>one'" "Client received: 'Echo=>three'"
}

# bats test_tags=points:2
@test "unix-client: prints the bytes as they came, whatever they are" {
  help "How does a byte of value 0 leave the program?" "fwrite(3)"
  start_peer <<END
    listen $SOCKET 5
    print ready
    accept
    expect abcdef
    send \0\xff%s%n\n\0\0\0\0\0
    expect-eof
END
  start_at_path unix-client abcdef
  wait_for_peer
  assert_exit 0
  printf "Client received: '\0\xff%%s%%n\n\0\0\0\0\0'\n" >"$TEST_DIR/expected"
  assert_output_file "$TEST_DIR/expected"
}

# bats test_tags=points:1
@test "unix-client: a message may have 1024 bytes, a path 107" {
  help "How much room do the longest answer and the longest path need, and what is a path that begins with @?" "unix(7)"
  local message path paths=(@server)
  printf -v message '%01024d' 7
  printf -v path './%0105d' 7
  paths+=("$path")
  for path in "${paths[@]}"; do
    start_peer <<END
      listen ./${path#./} 5
      print ready
      accept
      expect $message
      send Echo=>$message
      expect-eof
END
    start unix-client "$path" "$message"
    wait_for_peer
    assert_exit 0
    assert_output "Client received: 'Echo=>$message'"
  done
}

# bats test_tags=points:2
@test "unix-client: nothing is lost when recv and send do only a part" {
  help "What does send return, and what is left to send then?" "send(2)"
  start_peer <<END
    listen $SOCKET 5
    print ready
    accept
    expect Hello network world
    send Echo=>Hello network world
    expect-eof
END
  SHIM='recv=7 send=3' start_at_path unix-client
  wait_for_peer
  assert_exit 0
  assert_output "Client received: 'Echo=>Hello network world'"
}

# bats test_tags=points:3
@test "unix-client: a server that closes or resets before the whole answer" {
  help "What does recv return when the other side has closed, and what when it has reset?" "recv(2)"
  local answer
  for answer in 'send Echo=>he' ''; do
    new_path
    start_peer <<END
      listen $SOCKET 5
      print ready
      accept
      expect hello
      $answer
      close
END
    start_at_path unix-client hello
    wait_for_peer
    assert_fails 1 recv closed
  done
  # It leaves the message unread.
  new_path
  start_peer <<END
    listen $SOCKET 5
    print ready
    accept
    wait-asleep
    abort
END
  start_at_path unix-client hello
  wait_for_peer
  assert_fails 1 'Connection reset by peer'
  assert_error_one_of recv read
}

# bats test_tags=points:1
@test "unix-client: a server that is gone before the next message is an error" {
  help "Which signal ends a program that sends to a connection that is gone, and what is the reason that you print?" "send(2)"
  local message reasons=(closed 'Broken pipe' 'Connection reset by peer')
  start_peer <<END
    listen $SOCKET 5
    print ready
    accept
    expect one
    wait-asleep
    signal STOP
    send Echo=>one
    close
    signal CONT
END
  start_at_path unix-client one two
  wait_for_peer
  assert_exit 1
  assert_error_one_of send recv write read
  assert_error_one_of "${reasons[@]}"
  assert_output "Client received: 'Echo=>one'"
  # One byte at a time, a message of 1024 bytes is more than the buffers hold: the client sleeps in
  # send. The stop ends that call: the next one finds the server gone.
  new_path
  printf -v message '%01024d' 7
  start_peer <<END
    listen $SOCKET 5
    print ready
    accept
    wait-asleep
    signal STOP
    close
    signal CONT
END
  SHIM=send=1 start_at_path unix-client "$message"
  wait_for_peer
  assert_exit 1
  assert_error_one_of send recv write read
  assert_error_one_of "${reasons[@]}"
  assert_no_output
}

# bats test_tags=points:2
@test "unix-client: without a server: fails with the reason; makes and removes no file" {
  help "What does connect say if there is no file, and does every call that can fail say its name and the reason?" "connect(2)"
  local before
  start_at_path unix-client hello
  assert_fails 1 connect 'No such file or directory'
  assert_no_error_text 'Bad file descriptor'
  assert_files ''
  BUILD=plain SHIM=nofile=3 start_at_path unix-client hello
  assert_fails 1 socket 'Too many open files'
  assert_no_error_text 'Bad file descriptor'
  peer leave-stale-socket "$SOCKET"
  describe_file "$SOCKET"
  before=$REPLY
  start_at_path unix-client hello
  assert_fails 1 connect 'Connection refused'
  assert_file_unchanged "$SOCKET" "$before"
  new_path
  start_peer <<END
    listen $SOCKET 5
    print ready
    accept
    expect hello
    expect-no-path
    send Echo=>hello
    expect-eof
END
  files_there
  before=$REPLY
  start_at_path unix-client hello
  wait_for_peer
  assert_exit 0
  assert_files "$before"
}

# bats test_tags=points:2
@test "unix-client: waits asleep; signals, a stop and a continue lose nothing" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  start_peer <<END
    listen $SOCKET 5
    print ready
    allow-unread
    accept
    expect hello
    wait-asleep
    signal USR2
    wait-asleep
    signal STOP
    signal CONT
    send Echo=>he
    wait-read
    wait-asleep
    signal USR2
    wait-asleep
    expect-idle
    send llo
    expect world
    set-random-pieces 5 USR2
    send Echo=>world
    expect-eof
END
  SHIM="eintr recv=9 seed=$SEED" start_at_path unix-client hello world
  wait_for_peer
  assert_exit 0
  assert_output "Client received: 'Echo=>hello'" "Client received: 'Echo=>world'"
  # The same in connect, before a queue that is full until then.
  new_path
  start_peer <<END
    listen $SOCKET 0
    fill-queue
    print ready
    wait-connecting
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    answer-connect
    expect hello
    send Echo=>hello
    expect-eof
END
  SHIM=eintr start_at_path unix-client hello
  wait_for_peer
  assert_exit 0
  assert_client_keeps_handler unix-client hello
}

# bats test_tags=points:1
@test "unix-client: sets no time limit for its server" {
  help "Which of your calls gives up by itself, and after how long?" "socket(7)"
  requires_test "unix-client: takes an answer that comes byte by byte"
  # It waits in connect, for an answer, and for the rest of one. Where connect does not sleep, it
  # naps between its tries, and its naps are as short as all its time.
  # After its last message it may have closed its side.
  start_peer <<END
    listen $SOCKET 0
    fill-queue
    print ready
    allow-unread
    allow-busy
    wait-connecting
    $FOUR_HOURS
    answer-connect
    expect hello
    $FOUR_HOURS
    send Echo=>he
    wait-read
    $FOUR_HOURS
    send llo
    expect world
    send Echo=>world
    expect-eof
END
  BUILD=plain CLOCK=$FASTER_CLOCK start_at_path unix-client hello world
  wait_for_peer
}

# bats test_tags=points:2
@test "unix-client: a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by the handout, and are all looked at before connect?" "strlen(3)"
  local bad
  queue_usage_error unix-client
  queue_usage_error unix-client ''
  printf -v bad './%0106d' 7
  queue_usage_error unix-client "$bad" hello
  printf -v bad '%01025d' 7
  # The wrong MESSAGE may be the only one, the first, the last, or one between two.
  queue_usage_error unix-client "$SOCKET" ''
  queue_usage_error unix-client "$SOCKET" "$bad"
  queue_usage_error unix-client "$SOCKET" '' hello
  queue_usage_error unix-client "$SOCKET" hello '' world
  queue_usage_error unix-client "$SOCKET" hello "$bad" world
  queue_usage_error unix-client "$SOCKET" hello "$bad"
  queue_usage_error unix-client "$SOCKET" hello ''
  assert_queued_usage_errors
}

# bats test_tags=points:1
@test "unix-client: compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings unix-client
}

valgrind_run_of_unix_client() {
  start_peer <<END
    listen $SOCKET 5
    print ready
    allow-unread
    accept
    expect hello
    set-piece-size 4
    send Echo=>hell
    set-piece-size 0
    send o
    expect world
    send Echo=>world
    expect-eof
END
  start_at_path unix-client hello world
  wait_for_peer
  assert_exit 0
}

# bats test_tags=points:1
@test "unix-client: valgrind: no heap block is left" {
  help "Which call gives back what was allocated?" "free(3)"
  read_valgrind_report unix-client
  assert_no_block_left
}

# bats test_tags=points:1
@test "unix-client: valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program?" "close(2)"
  read_valgrind_report unix-client
  assert_no_descriptor_left
}

# bats test_tags=points:1
@test "unix-client: valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report unix-client
  assert_no_invalid_access
}
