#!/usr/bin/env bats
# The peer's statements about datagrams (tests/tools/peer/datagram.c) on their own: what each
# does and, when it is not as it must be, says. The other end is a second peer.
# shellcheck disable=SC2030,SC2031 # tests are subshells
load tools
load conversation

# start_server FILE: a peer in place of the kit's, in the background; its script is standard
# input. What it prints goes to FILE; returns when it has printed ready.
start_server() {
  rm -f "$T/pid"
  "$BIN/peer" -p "$T/pid" -e "$T/server.ev" <&0 >"$1" 3>&- &
  SERVER=$!
  STARTED+=($!)
  until_it grep -qs ready "$1"
}

@test "send and expect: one datagram each, in both directions" {
  an_address
  play_program <<END
    bind-datagram $AT
    print ready
    expect hello
    send Echo=>hello
    expect-empty
    send-empty
    expect two\n
    send Echo=>two
END
  peer <<END
    open-datagram $AT
    send hello
    expect Echo=>hello
    send-empty
    expect-empty
    expect-nothing
    send two\n
    expect Echo=>two
END
  assert_program_ended 0
  like "$(<ev)" '*sent the datagram "two?n" (4 bytes)?step*received the datagram "Echo=>two" (9 bytes)'
}

@test "send-file, send-zeros, expect-file: up to the longest datagram, in one" {
  an_address
  head -c 65507 /dev/zero >zeros
  play_program <<END
    bind-datagram $AT
    print ready
    expect-file zeros
    send-file some
    send x
END
  "$BIN/peer" make-random some 1024
  peer <<END
    open-datagram $AT
    send-zeros 65507
    expect-file some
    expect x
END
  assert_program_ended 0
  an_address
  assert_unmet 'the datagram can be sent' 'Message too long*' <<END
    open-datagram $AT
    send-zeros 65508
END
}

@test "expect: another datagram is shown, with the first byte that differs" {
  an_address
  play_program <<END
    bind-datagram $AT
    print ready
    expect a
    send ab
END
  assert_unmet '"a" (1 byte)' '"ab" (2 bytes)|  ^ byte 2' <<END
    open-datagram $AT
    send a
    expect a
END
}

@test "expect: no datagram, because the program sleeps or has ended" {
  an_address
  play_program <<END
    bind-datagram $AT
    print ready
    expect a
    stay
END
  assert_unmet 'the datagram "b" (1 byte)' 'no datagram: nothing for 2 s, while the program slept' <<END
    open-datagram $AT
    send a
    expect b
END
  an_address
  play_program <<END
    bind-datagram $AT
    print ready
    expect a
END
  assert_unmet 'the datagram "b" (1 byte)' 'no datagram: the program had ended' <<END
    open-datagram $AT
    send a
    expect b
END
}

@test "expect: what comes from another address is named" {
  an_address
  play_program <<END
    bind-datagram $AT
    print ready
    expect a
    open-stranger $ADDR:$((PORT + 1))
    send a
    stay
END
  assert_unmet "a datagram from $AT" "one from $ADDR:$((PORT + 1)): \"a\" (1 byte)" <<END
    open-datagram $AT
    send a
    expect a
END
}

@test "expect-nothing: a datagram that has come is named" {
  an_address
  play_program <<END
    bind-datagram $AT
    print ready
    expect a
    send b
    stay
END
  assert_unmet 'no datagram' 'the datagram "b" (1 byte)' <<END
    open-datagram $AT
    send a
    wait-read
    wait-asleep
    expect-nothing
END
}

@test "bind-datagram: all datagrams come from where the first one came from" {
  an_address
  start_server printed <<END
    bind-datagram $AT
    print ready
    expect hello
    expect hello
END
  "$BIN/peer" -e /dev/null <<END
    set-source $ADDR:$((PORT + 1))
    open-datagram $AT
    send hello
    set-source $ADDR:$((PORT + 2))
    open-datagram $AT
    send hello
END
  code=0
  wait "$SERVER" || code=$?
  same "$code" 1
  same "$(sed -n 's/^expected\t//p' server.ev)" "a datagram from $ADDR:$((PORT + 1))"
  same "$(sed -n 's/^got\t//p' server.ev)" "one from $ADDR:$((PORT + 2)): \"hello\" (5 bytes)"
}

@test "datagrams arrive in the order in which they were sent, 1000 of them" {
  an_address
  local n script=''
  for ((n = 0; n < 1000; n++)); do script+="send $((n % 100))"$'\n'; done
  perl -MIO::Socket::INET -e '
    $s = IO::Socket::INET->new(Proto => "udp", LocalAddr => $ARGV[0]) or die;
    setsockopt $s, SOL_SOCKET, SO_RCVBUF, 10000000;
    syswrite STDOUT, "ready\n";
    for (0 .. 999) { $s->recv($b, 9); $b == $_ % 100 or die "$_: $b\n" }
    print "in order\n"' "$AT" >counted 3>&- &
  STARTED+=($!)
  until_it grep -qs ready counted
  "$BIN/peer" -e /dev/null <<<"open-datagram $AT"$'\n'"$script"
  wait "${STARTED[-1]}"
  same "$(tail -n 1 counted)" 'in order'
}

@test "expect-repeats: counts what comes until the program ends, and expects nothing else" {
  an_address
  start_server printed <<END
    bind-datagram $AT
    print ready
    expect hello
    expect-repeats hello
END
  play_program <<END
    print ready
    open-datagram $AT
    send hello
    send hello
    send hello
END
  wait "$SERVER"
  same "$(tail -n 1 printed)" 3
  an_address
  start_server printed <<END
    bind-datagram $AT
    print ready
    expect-repeats hello
END
  play_program <<END
    print ready
    open-datagram $AT
    send hello
    send hell
END
  code=0
  wait "$SERVER" || code=$?
  same "$code" 1
  same "$(sed -n 's/^got\t//p' server.ev | head -n 1)" '"hell" (4 bytes)'
}

@test "send-repeatedly: comes again and again, and ends the wait at last" {
  an_address
  play_program <<END
    open-datagram $AT
    print ready
    stay
END
  code=0
  "$BIN/peer" -p "$T/pid" -e ev <<END || code=$?
    open-datagram $AT
    send-repeatedly 5 100 rubbish||\\0more
    wait-ended
END
  same "$code" 1
  like "$(<ev)" '*every 5 ms the next of: "rubbish", "", "\\x00more"*'
  like "$(sed -n 's/^got\t//p' ev)" 'it still runs: not in all the time in which * datagrams came, one every 5 ms'
}

@test "wait-bound and wait-bound-at: where the program's UDP socket is" {
  # Not a port with two equal bytes: swapped it is the same.
  an_address
  while ((PORT >> 8 == (PORT & 255))); do an_address; done
  play_program <<END
    bind-datagram $AT
    print ready
    stay
END
  peer wait-bound
  like "$(<ev)" "*the program has a UDP socket at $AT"
  peer wait-bound-at "$AT"
  assert_unmet "a UDP socket that is bound to 127.0.0.1:1" "it is bound to $AT" wait-bound-at 127.0.0.1:1
  local turned=$(((PORT & 255) << 8 | PORT >> 8))
  assert_unmet "a UDP socket that is bound to $ADDR:$turned" \
    "it is bound to $AT, bytes swapped: see htons(3)" wait-bound-at "$ADDR:$turned"
  play_program <<END
    listen $AT 5
    print ready
    stay
END
  assert_unmet 'the program has a bound UDP socket' 'it has none: nothing for 2 s, while the program slept' wait-bound
}

@test "wait-read: the program has taken the datagrams that it got" {
  an_address
  play_program <<END
    bind-datagram $AT
    print ready
    expect a
    expect b
    stay
END
  peer <<END
    open-datagram $AT
    signal STOP
    send a
    send b
    signal CONT
    wait-read
END
  play_program <<END
    bind-datagram $AT
    print ready
    stay
END
  assert_unmet 'the program reads all that was sent' 'bytes wait unread in the kernel: nothing for 2 s, while the program slept' <<END
    open-datagram $AT
    send a
    wait-read
END
}
