#!/usr/bin/env bats
# Lab 12, raw: everything that a submission is judged by. tests/kit/README.md
# lists the words of these tests; points are in tenths, 100 in all.
#
# The program is in a network of its own, in which only the peer answers pings. About
# time: see the head of lab 08's tests.
load ../../kit/kit
programs ping

# _start_ping COUNT SECONDS: starts the program for the host that the peer plays; the
# peer's join-network lets it begin.
_start_ping() {
  requires own-network
  NETWORK=own start ping "$ADDR" "$@"
}

# _reply_line SEQ TTL: REPLY is a regular expression for the line about a reply.
_reply_line() { REPLY="64 bytes from ${ADDR//./\\.}: seq=$1 ttl=$2 time=[0-9]+(\.[0-9]+)? ms"; }

# _assert_replies TTL…: the program ends with 0, and has printed that these replies came,
# and nothing else.
_assert_replies() {
  local ttl lines=()
  for ttl in "$@"; do
    _reply_line $((${#lines[@]} + 1)) "$ttl"
    lines+=("$REPLY")
  done
  # A line says more than the exit status: which packet was taken for a reply.
  has_ended "$PROGRAM_NUMBER" 1 || assert_exit 0
  assert_output_matches "${lines[@]}" "$# sent, $# received"
  assert_exit 0
}

# bats test_tags=points:11
@test "does the basic job: sends an echo request, waits for the reply, sends the next" {
  help "Which protocol is the socket for, which bytes are a request, and which bytes are its reply?" "raw(7)"
  if has_own_network; then
    NETWORK=own start ping "$ADDR" 2 30
    peer <<END
      join-network $ADDR
      expect-request 1
      reply
      expect-request 2
      reply
END
    assert_exit 0
  elif [[ $(</proc/sys/net/ipv4/icmp_echo_ignore_all) == 0 ]] && try_peer expect-raw-sockets; then
    # The kernel replies.
    : >"$KIT_RUN/raw-sockets"
    UNDER=privileged start ping "$ADDR" 2 30
    assert_exit 0
  else
    UNDER=unprivileged start ping "$ADDR" 1 30
    assert_fails 1 socket 'Operation not permitted'
  fi
}

# bats test_tags=points:5
@test "prints a line for each reply, and how many came" {
  help "Where in the packet is the TTL, and is each line as the handout has it?" "ip(7)"
  _start_ping 2 30
  peer <<END
    join-network $ADDR
    expect-request 1
    set-ttl 57
    reply
    expect-request 2
    wait-lines 1
    set-ttl 255
    reply
END
  _assert_replies 57 255
}

# bats test_tags=points:5
@test "a reply that does not come in time: says so, and goes on" {
  help "What does the wait return when time is up, and what do you print then?" "poll(2)"
  BUILD=plain _start_ping 2 0.08
  peer <<END
    start-timer
    join-network $ADDR
    expect-request 1
    expect-request 2
    expect-after 68
    wait-ended
    expect-after 148
END
  assert_exit 1
  assert_output "no answer from $ADDR: seq=1" "no answer from $ADDR: seq=2" '2 sent, 0 received'
}

# bats test_tags=points:3
@test "the next request is sent at once" {
  help "Between a reply, or the end of a wait, and the next request: what does the program wait for?" "sendto(2)"
  _start_ping 4 30
  peer <<END
    join-network $ADDR
    expect-promptly
    answer 4
    wait-ended
END
  assert_exit 0
  _start_ping 4 0.02
  peer <<END
    join-network $ADDR
    expect-promptly
    expect-request 1
    expect-request 2
    expect-request 3
    expect-request 4
END
}

# bats test_tags=points:1
@test "the line about a missing reply leaves at once, too" {
  help "When does the line leave the program, and was it printed before the next request?" "setvbuf(3)"
  requires_test "a reply that does not come in time: says so, and goes on"
  BUILD=plain _start_ping 2 0.5
  # The line is printed before the second request is sent. Half a second later the program
  # ends, and what stdio has kept is there, too.
  try_peer <<END || return 0
    join-network $ADDR
    expect-request 1
    expect-request 2
    signal STOP
END
  try_peer wait-lines 1 ||
    fail_test "before the second request, on standard output, flushed: no answer from $ADDR: seq=1" 'nothing'
}

# bats test_tags=points:4
@test "three hundred requests: numbers, identifier, checksums" {
  help "In which order of bytes do numbers travel, and what happens to a carry in the checksum, and to the carry of that?" "htons(3)"
  requires_test "the next request is sent at once"
  # Most programs take their process ID as the identifier: here it is 0x1234.
  local id sum pid
  SHIM=pid=4660 _start_ping 300 30
  peer >"$TEST_DIR/sum" <<END
    join-network $ADDR
    hide-steps
    expect-request 1
    print-sum
    reply
    answer 299
    wait-ended
    expect-nothing
END
  assert_exit 0
  # With this one the sum of request 2 ends in ffff: the carry of what is above has a carry, too.
  read -r id sum <"$TEST_DIR/sum"
  pid=$(((0xffff - sum - 2) & 0xffff))
  ((id == 0x1234)) || pid=$(((pid & 0xff) << 8 | pid >> 8))
  ((pid > 0 && (id == 0x1234 || id == 0x3412))) || return 0
  BUILD=plain SHIM=pid=$pid _start_ping 3 30
  peer <<END
    join-network $ADDR
    answer 3
    wait-ended
END
  assert_exit 0
}

# bats test_tags=points:4
@test "a reply to another program is ignored" {
  help "A raw socket sees every ICMP packet of the machine. Which field says whose reply it is?" "raw(7)"
  _start_ping 1 30
  peer <<END
    join-network $ADDR
    expect-request 1
    alter id 1
    set-ttl 99
    reply
    alter id 256
    set-ttl 99
    reply
    reply
END
  _assert_replies 64
}

# bats test_tags=points:3
@test "a reply with another sequence number is ignored" {
  help "Which field says to which request a reply belongs?" "raw(7)"
  _start_ping 1 30
  peer <<END
    join-network $ADDR
    expect-request 1
    alter seq 1
    set-ttl 99
    reply
    alter seq 256
    set-ttl 99
    reply
    reply
END
  _assert_replies 64
}

# bats test_tags=points:3
@test "a second copy of a reply is ignored" {
  help "Which request do you wait for now?" "recvfrom(2)"
  _start_ping 3 30
  peer <<END
    join-network $ADDR
    expect-request 1
    reply
    set-ttl 99
    reply
    expect-request 2
    set-ttl 99
    reply-to 1
    reply
    expect-request 3
    set-ttl 99
    reply-to 2
    set-ttl 99
    reply-to 1
    reply
END
  _assert_replies 64 64 64
}

# bats test_tags=points:3
@test "a reply from another address is ignored" {
  help "Which call tells you who has sent the packet, and how many bytes has an address?" "recvfrom(2)"
  # Any other address; the next; as text, HOST's with one digit less, and with one more.
  local host=$((RANDOM % 14 + 11)) strangers='' other
  ADDR=${ADDR%.*}.$host
  random_address
  for other in "$REPLY" "${ADDR%.*}.$((host + 1))" "${ADDR%?}" "${ADDR}0"; do
    strangers+="
      set-source $other
      set-ttl 99
      reply"
  done
  _start_ping 1 30
  peer <<END
    join-network $ADDR
    expect-request 1
    $strangers
    reply
END
  _assert_replies 64
}

# bats test_tags=points:4
@test "a reply whose code, checksum or data are wrong is ignored" {
  help "Which code and which bytes must a reply have, and what is the checksum of a message that has its right checksum in it?" "memcmp(3)"
  _start_ping 1 30
  # The TTL in the output tells which of them was taken for the reply.
  local wrong replies='' ttl=90
  for wrong in 'alter checksum 1' 'alter checksum 256' clear-checksum 'alter first-byte 1' 'alter last-byte 1' \
    'alter code 1'; do
    replies+="
      $wrong
      set-ttl $((++ttl))
      reply"
  done
  peer <<END
    join-network $ADDR
    expect-request 1
    $replies
    reply
END
  _assert_replies 64
}

# bats test_tags=points:4
@test "an echo request is no reply, not even its own" {
  help "On the loopback your own request comes back to your socket, too. Which field tells it from a reply?" "icmp(7)"
  _start_ping 2 30
  # From the host, as the program's own request comes from itself; and another kind.
  peer <<END
    join-network $ADDR
    expect-request 1
    alter type 8
    set-ttl 99
    reply
    alter type 14
    set-ttl 99
    reply
    reply
    expect-request 2
    reply
END
  _assert_replies 64 64
  # At the address that it sends from, its own request comes from the host.
  ADDR=127.0.0.1
  _start_ping 1 30
  peer <<END
    join-network $ADDR
    expect-request 1
    set-ttl 33
    reply
END
  _assert_replies 33
}

# bats test_tags=points:4
@test "an IP header with options is longer" {
  help "Which bits of an IP packet say how long its header is?" "ip(7)"
  _start_ping 3 30
  peer <<END
    join-network $ADDR
    expect-request 1
    set-options 4
    reply
    expect-request 2
    set-options 20
    reply
    expect-request 3
    set-options 40
    set-ttl 7
    reply
END
  _assert_replies 64 64 7
}

# bats test_tags=points:5
@test "unreachable: says who said so, and goes on at once" {
  help "What does an error quote of the packet that it is about, and where does the quote begin?" "icmp(7)"
  local router code=$((RANDOM % 3 + 9)) last=200
  random_address
  router=$REPLY
  _start_ping 7 30
  # A router, which quotes all or as little as it may; the host; a router with IP options; the
  # host, which quotes 20 and 13 bytes behind the IP header. The kernel tells a program that asks
  # for errors (IP_RECVERR) of no code above 15: the program learns of the next one.
  peer <<END
    join-network $ADDR
    expect-promptly
    expect-request 1
    set-source $router
    say-unreachable 1
    expect-request 2
    wait-lines 1
    set-source $router
    set-length 36
    say-unreachable 1
    expect-request 3
    say-unreachable $code
    expect-request 4
    set-source $router
    set-options 12
    say-unreachable 15
    expect-request 5
    set-length 48
    say-unreachable 1
    expect-request 6
    set-length 41
    say-unreachable 1
    expect-request 7
    say-unreachable 200
    say-unreachable 1
END
  assert_exit 1
  ! grep -q 'seq=7 code=1$' "${DIRS[PROGRAM_NUMBER]}/out" || last=1
  assert_output "unreachable from $router: seq=1 code=1" "unreachable from $router: seq=2 code=1" \
    "unreachable from $ADDR: seq=3 code=$code" "unreachable from $router: seq=4 code=15" \
    "unreachable from $ADDR: seq=5 code=1" "unreachable from $ADDR: seq=6 code=1" \
    "unreachable from $ADDR: seq=7 code=$last" '7 sent, 0 received'
}

# bats test_tags=points:4
@test "unreachable: about another program's packet, or an earlier one, is ignored" {
  help "Is the request that the error quotes the one that you wait for? What does the quoted IP header say of it?" "icmp(7)"
  _start_ping 2 30
  peer <<END
    join-network $ADDR
    expect-request 1
    alter quoted-id 1
    say-unreachable 1
    alter quoted-id 256
    set-length 36
    say-unreachable 1
    alter quoted-seq 1
    say-unreachable 1
    alter quoted-seq 256
    say-unreachable 1
    alter quoted-type -8
    say-unreachable 3
    alter quoted-protocol 16
    say-unreachable 3
    set-quoted-header 12
    say-unreachable 3
    reply
    expect-request 2
    say-unreachable-to 1 1
    reply
END
  _assert_replies 64 64
}

# bats test_tags=points:2
@test "another error than unreachable is ignored" {
  help "Which type is \"destination unreachable\", and which others quote a packet, too?" "icmp(7)"
  _start_ping 1 30
  # Source quench, type 4; redirect, type 5; time exceeded, type 11; parameter problem, type 12.
  peer <<END
    join-network $ADDR
    expect-request 1
    alter type 1
    say-unreachable 0
    alter type 2
    say-unreachable 0
    alter type 8
    say-unreachable 0
    alter type 9
    say-unreachable 0
    reply
END
  _assert_replies 64
}

# bats test_tags=points:2
@test "one reply of three is enough for exit status 0, and a late one is none" {
  help "What do you count, and what does the exit status depend on?" "exit(3)"
  requires_test "unreachable: says who said so, and goes on at once"
  _start_ping 3 30
  peer <<END
    join-network $ADDR
    expect-request 1
    say-unreachable 1
    expect-request 2
    set-ttl 99
    reply-to 1
    reply
    expect-request 3
    say-unreachable 1
END
  assert_exit 0
  local said="unreachable from ${ADDR//./\\.}: seq"
  _reply_line 2 64
  assert_output_matches "$said=1 code=1" "$REPLY" "$said=3 code=1" '3 sent, 1 received'
}

# bats test_tags=points:3
@test "packets of any length: reads them only as far as they reach" {
  help "How many bytes came, and which of them do you look at before you know that?" "recvfrom(2)"
  _start_ping 1 30
  # The second and the third are about the request only with bytes of the first behind
  # them. In two more the quoted header would end beyond the packet.
  peer <<END
    join-network $ADDR
    expect-request 1
    alter type 8
    say-unreachable 1
    set-length 28
    say-unreachable 1
    set-length 35
    say-unreachable 1
    set-length 8
    say-unreachable 1
    alter quoted-header 10
    alter quoted-id 1
    set-length 36
    say-unreachable 1
    alter quoted-header -5
    alter quoted-id 1
    set-length 29
    say-unreachable 1
    alter id 1
    set-length 8
    reply
    alter id 1
    set-length 65515
    reply
    reply
END
  _assert_replies 64
}

# bats test_tags=points:2
@test "prints how long the reply took" {
  help "Which clock do you read when, and what is the difference in milliseconds?" "clock_gettime(2)"
  # Each reply comes so many ms after the program has begun to wait for it. No two waits
  # overlap, so all together last at most as long as the program.
  local before line ms most all=0 n=0 lines after=(60 60 1020)
  BUILD=plain _start_ping 3 30
  before=${EPOCHREALTIME/./}
  peer <<END
    join-network $ADDR
    expect-request 1
    wait-asleep
    reply-after ${after[0]}
    expect-request 2
    wait-asleep
    reply-after ${after[1]}
    expect-request 3
    wait-asleep
    reply-after ${after[2]}
END
  _assert_replies 64 64 64
  most=$(((${EPOCHREALTIME/./} - before) / 1000 + 1))
  mapfile -t -n 3 lines <"${DIRS[PROGRAM_NUMBER]}/out"
  for line in "${lines[@]}"; do
    ms=${line##*time=}
    ms=${ms%%[. ]*}
    ((${#ms} < 9 && 10#$ms >= after[n] - 1 && 10#$ms <= most)) || fail_test "a time from ${after[n]} to $most ms" "$line"
    all=$((all + 10#$ms)) n=$((n + 1))
  done
  # Whole milliseconds may be rounded up.
  ((all <= most + 3)) || fail_test "times of at most $most ms in all" "$(printf '%s\n' "${lines[@]}")"
  # Five seconds, which take 200 ms here: more nanoseconds than 32 bits can count. A short or
  # negative time may come from a packet's time stamp (SO_TIMESTAMP), which knows no other clock.
  BUILD=plain CLOCK=fast=25 _start_ping 1 600
  before=${EPOCHREALTIME/./}
  peer <<END
    join-network $ADDR
    expect-request 1
    wait-asleep
    reply-after 200
END
  assert_exit 0
  most=$(((${EPOCHREALTIME/./} - before) / 1000 + 1))
  read -r line <"${DIRS[PROGRAM_NUMBER]}/out"
  ms=${line##*time=}
  ms=${ms%%[. ]*}
  [[ $ms == -* ]] ||
    ((${#ms} < 9 && (10#$ms <= most + 300 || (10#$ms >= 4999 && 10#$ms <= most * 25)))) ||
    fail_test "a time from 5000 to $((most * 25)) ms" "$line"
}

# bats test_tags=points:2
@test "waits asleep" {
  help "Which call sleeps until there is something to receive or time is up, and which descriptor does a socket get if standard input is closed?" "poll(2)"
  # Its socket is descriptor 0.
  STDIN=closed _start_ping 1 30
  peer <<END
    join-network $ADDR
    expect-request 1
    wait-asleep
    expect-idle
    expect-nothing
    reply
END
  _assert_replies 64
}

# bats test_tags=points:2
@test "packets that are ignored do not put the deadline off" {
  help "After a packet that is not the reply, how long do you wait: all of SECONDS, or what is left of it? How many such packets may come?" "clock_gettime(2)"
  requires_test "a reply to another program is ignored"
  # Nor do many of them end the wait early.
  _start_ping 1 30
  peer <<END
    join-network $ADDR
    expect-request 1
    send-strays 1500
    reply
END
  _assert_replies 64
  BUILD=plain _start_ping 1 0.25
  peer <<END
    start-timer
    join-network $ADDR
    expect-request 1
    stray-repeatedly $((RANDOM % 7 + 14)) 1500
    wait-ended
    expect-after 238
END
  assert_exit 1
  assert_output "no answer from $ADDR: seq=1" '1 sent, 0 received'
}

# bats test_tags=points:2
@test "signals do not move the deadline" {
  help "After an interruption, how long do you wait: all of SECONDS, or what is left of it?" "clock_gettime(2)"
  SHIM=eintr _start_ping 1 0.25
  peer <<END
    start-timer
    join-network $ADDR
    expect-request 1
    signal-repeatedly USR2 $((RANDOM % 11 + 5)) 1500
    wait-ended
    expect-after 238
END
  assert_exit 1
  assert_output "no answer from $ADDR: seq=1" '1 sent, 0 received'
}

# bats test_tags=points:2
@test "a signal, a stop and a continue do not end a wait" {
  help "Which errno says that a call was only interrupted, and what is to be done then?" "signal(7)"
  SHIM=eintr _start_ping 2 30
  peer <<END
    join-network $ADDR
    expect-request 1
    wait-asleep
    signal USR2
    wait-asleep
    signal USR2
    wait-asleep
    expect-nothing
    reply
    expect-request 2
    wait-asleep
    signal STOP
    signal CONT
    wait-asleep
    expect-nothing
    reply
END
  _assert_replies 64 64
  can_trace || return 0
  new_address
  SHIM=eintr TRACE=rt_sigaction _start_ping 1 30
  peer <<END
    join-network $ADDR
    expect-request 1
    reply
    wait-ended
END
  assert_keeps_handler
}

# bats test_tags=points:1
@test "a deadline that passes while it is stopped ends the wait" {
  help "What is left of the time when the deadline has passed, and what does poll take that for?" "poll(2)"
  requires_test "a reply that does not come in time: says so, and goes on"
  requires_test "signals do not move the deadline"
  requires_test "a signal, a stop and a continue do not end a wait"
  SHIM=eintr _start_ping 1 0.25
  peer <<END
    join-network $ADDR
    expect-request 1
    stop-for 270 USR2
    wait-ended
END
  assert_exit 1
  assert_output "no answer from $ADDR: seq=1" '1 sent, 0 received'
}

# bats test_tags=points:2
@test "SECONDS may be anything from parts of a second to an hour" {
  help "Up to which number does each type count in which you keep SECONDS, and what is the most that tv_usec may hold? Is what is left rounded up or down?" "socket(7)"
  requires_test "a reply that does not come in time: says so, and goes on"
  # Each in two words: SECONDS, and how fast time runs, so that it is over in 62 ms.
  local some=$((RANDOM % 2100 + 40)) spans i
  spans=(1.999 32 3 48 "$some" $((some * 16)) 3600 57600)
  for ((i = 0; i < ${#spans[@]}; i += 2)); do
    BUILD=plain CLOCK=fast=${spans[i + 1]} _start_ping 1 "${spans[i]}"
    peer <<END
      start-timer
      join-network $ADDR
      expect-request 1
      wait-ended
      expect-lasted ${spans[i]} ${spans[i + 1]}
END
    assert_exit 1
  done
  # Less than a millisecond is not 0, which is no time-out to SO_RCVTIMEO, and to poll no wait. It
  # takes 150 ms here. A program may poll again and again until the last millisecond is over.
  BUILD=plain CLOCK=slow=300 _start_ping 1 0.0005
  peer <<END
    start-timer
    join-network $ADDR
    expect-request 1
    allow-busy
    wait-ended
    expect-lasted 0.0005 0.00333
END
  assert_exit 1
}

# bats test_tags=points:1
@test "setting the clock of the day moves no deadline" {
  help "Which of the machine's clocks can be set, and which only counts?" "clock_gettime(2)"
  requires_test "a reply that does not come in time: says so, and goes on"
  requires_test "signals do not move the deadline"
  requires_test "a signal, a stop and a continue do not end a wait"
  local hour
  for hour in -3600 3600; do
    BUILD=plain SHIM=eintr CLOCK=wall=$hour _start_ping 1 0.1
    peer <<END
      start-timer
      join-network $ADDR
      expect-request 1
      signal-repeatedly USR2 7 1500
      wait-ended
      expect-after 88
END
    assert_exit 1
  done
}

# bats test_tags=points:2
@test "without the privilege socket is named with the reason" {
  help "What does socket return when it fails, and is errno still fresh when you print it?" "raw(7)"
  UNDER=unprivileged start ping "$ADDR" 1 30
  assert_fails 1 socket 'Operation not permitted'
  assert_no_error_text 'Bad file descriptor'
}

# bats test_tags=points:2
@test "a request that cannot be sent ends it, with the reason" {
  help "What does sendto return when it fails, and do you then wait for a reply? After which errno is it called again?" "sendto(2)"
  requires own-network
  # In this network there is no way to other machines (RFC 5737: no machine is called so).
  NETWORK=own start ping 192.0.2.1 2 30
  peer join-network 127.0.0.1
  assert_exit 1
  assert_error 'Network is unreachable'
  assert_error_one_of send connect write
  # A call that was interrupted has sent nothing.
  SHIM=interrupted=2 _start_ping 1 30
  peer <<END
    join-network $ADDR
    expect-request 1
    reply
END
  assert_exit 0
  # Here one of the first three requests cannot be sent, after a reply has come. (The library
  # may make the first of these calls. A program that sends with another call sends them all.)
  requires strace
  INJECT=sendto,sendmsg:error=EPERM:when=3+ _start_ping 5 0.1
  try_peer <<END && return
    join-network $ADDR
    expect-request 1
    reply
    expect-request 2
    expect-request 3
END
  assert_exit 1
  assert_error 'Operation not permitted'
  assert_error_one_of send connect write
}

# bats test_tags=points:2
@test "HOST is a name: its first IPv4 address, or the reason why there is none" {
  help "Which addresses do you ask getaddrinfo for?" "getaddrinfo(3)"
  requires own-network
  NETWORK=own start ping "$NO_HOST" 1 30
  peer join-network 127.0.0.1
  assert_fails_to_resolve "$NO_HOST"
  NETWORK=own start ping ::1 1 30
  peer join-network 127.0.0.1
  assert_fails 1 ::1
  requires nss-wrapper
  random_address
  write_hosts "::1 both.test" "$ADDR both.test" "$REPLY both.test" "::1 six.test"
  PRELOAD=$NSS VARS=$HOSTS NETWORK=own start ping both.test 1 30
  peer <<END
    join-network $ADDR
    expect-request 1
    reply
END
  _assert_replies 64
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS NETWORK=own start ping six.test 1 30
  peer join-network 127.0.0.1
  assert_fails 1 six.test
}

# bats test_tags=points:3
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by the handout and labs/README.md, and what is the exit status then?" "strtol(3)"
  assert_usage_error ping
  assert_usage_error ping HOST 1
  assert_usage_error ping HOST 1 5 5
  assert_usage_error ping a..b 0 5
  assert_usage_error ping a..b 1 0
  # Not even a socket is asked for, which fails here.
  UNDER=unprivileged assert_usage_error ping HOST 1 0
  local bad
  for bad in '' -1 +1 1x ' 1' '1 ' 0x1 1e2 1.0; do
    queue_usage_error ping HOST "$bad" 5
  done
  for bad in '' -1 +1 .5 5. 1e3 ' 1' 1s 3601 3600.5 3600.0001 18446744073709551617 0.0 0x5 1.5.5; do
    queue_usage_error ping HOST 1 "$bad"
  done
  assert_queued_usage_errors
  # More than 1000 may be served, but it does not wrap to 1.
  has_own_network || return 0
  local count
  for count in 4294967297 18446744073709551617; do
    BUILD=plain _start_ping "$count" 30
    try_peer <<END && continue
      join-network $ADDR
      expect-request 1
      reply
      expect-request 2
END
    [[ ! -s ${DIRS[PROGRAM_NUMBER]}/out ]] ||
      fail_test "a COUNT of $count is refused, or does not become 1" "$(<"${DIRS[PROGRAM_NUMBER]}/out")"
    assert_fails 2 usage
  done
}

# bats test_tags=points:2
@test "a thousand requests, parts of a second, an hour, and many digits are in order" {
  help "Which numbers do the handout and labs/README.md allow?" "strtod(3)"
  # They are looked at before the socket is made, which fails here.
  local words n
  for words in '1000 30' '1 3600' '1 0.001' '1 0.000000001' '1 3600.0' '1 0.123456789'; do
    # shellcheck disable=SC2086 # two words
    BUILD=plain UNDER=unprivileged start ping "$ADDR" $words
  done
  for n in 0 1 2 3 4 5; do
    use_program "$n"
    assert_fails 1 socket 'Operation not permitted'
  done
}

# bats test_tags=points:1
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings ping
}

# With packets that it must not read beyond. A program that closes its socket after each reply
# has one to close after an error, too.
valgrind_run_of_ping() {
  NETWORK=own start ping "$ADDR" 3 30
  peer <<END
    join-network $ADDR
    expect-request 1
    alter id 1
    set-length 8
    reply
    set-length 8
    say-unreachable 1
    set-length 9
    say-unreachable 1
    set-length 28
    say-unreachable 1
    alter quoted-id 1
    alter quoted-header 10
    set-length 36
    say-unreachable 1
    set-length 35
    alter quoted-id 1
    say-unreachable 1
    alter id 1
    set-length 12
    reply
    reply
    expect-request 2
    say-unreachable 1
    expect-request 3
    reply
END
  assert_exit 0
}

# bats test_tags=points:1
@test "valgrind: no heap block is left" {
  help "Which line allocated the block that is named, and which call gives it back, as freeaddrinfo does for a list?" "freeaddrinfo(3)"
  requires own-network
  read_valgrind_report ping
  assert_no_block_left
}

# bats test_tags=points:1
@test "valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program?" "close(2)"
  requires own-network
  read_valgrind_report ping
  assert_no_descriptor_left
}

# bats test_tags=points:2
@test "valgrind: no memory error" {
  help "How many bytes came, and which bytes do you look at?" "recvfrom(2)"
  requires own-network
  read_valgrind_report ping
  assert_no_invalid_access
}
