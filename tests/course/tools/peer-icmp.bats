#!/usr/bin/env bats
# The peer's statements about ICMP, and hold.c: what a program reads of the peer's messages,
# and what the peer says about requests that are wrong.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # texts of scripts; tests are subshells
load tools
load conversation

# ask [WORD…]: a program in a network of its own, held until join-network, sends echo
# requests to ADDR. Each WORD is one request, "seq=1,id=7" or another such list, which
# changes it: to (ADDR), type (8), code (0), id (7), seq (1), size (64 bytes), sum (is added to
# the right checksum), nap (0 s before it). It prints what comes then, a line each: "FROM ttl TTL header BYTES
# HEX", but not its own requests.
ask() {
  "$BIN/peer" expect-network 2>/dev/null || skip "no network of one's own here"
  run_program "$BIN/hold" -n perl -MSocket -e '
    $| = 1;
    my $host = shift;
    socket(S, AF_INET, SOCK_RAW, 1) or die "socket: $!";
    sub sum {
      my $sum = unpack("%32n*", $_[0]);
      $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
      return ~$sum & 0xffff;
    }
    for (@ARGV) {
      my %is = (to => $host, type => 8, code => 0, id => 7, seq => 1, size => 64, sum => 0, nap => 0, split /[=,]/);
      select(undef, undef, undef, $is{nap});
      my $m = pack("CCnnn", @is{"type", "code"}, 0, @is{"id", "seq"}) . "x" x ($is{size} - 8);
      substr($m, 2, 2) = pack("n", sum($m) + $is{sum});
      send(S, $m, 0, sockaddr_in(0, inet_aton($is{to}))) or die "send: $!";
    }
    while (my $from = recv(S, my $packet, 65535, 0)) {
      my ($ttl, $header) = (ord(substr($packet, 8, 1)), (ord($packet) & 15) * 4);
      my $message = substr($packet, $header);
      next if $message =~ /^\x08/ && inet_ntoa(substr($packet, 16, 4)) eq $host;
      warn "checksum" if sum($message) && $message !~ /^\x00\x00..\x00\x09/s;
      print inet_ntoa((sockaddr_in($from))[1]), " ttl $ttl header $header ", unpack("H*", $message), "\n";
    }' "$ADDR" "$@"
}

# has_lines N: the program has printed N lines.
has_lines() { (($(wc -l <out) >= $1)); }

# got N LINE…: the program has printed N lines, the last of which are like these patterns.
got() {
  local lines=() i
  until_it has_lines "$1"
  mapfile -t lines < <(tail -n $(($# - 1)) out)
  shift
  for ((i = 0; i < $#; i++)); do like "${lines[i]}" "${@:i+1:1}"; done
}

DATA=$(printf '78%.0s' {1..56})

@test "expect-network: whether there can be such a network" {
  "$BIN/peer" expect-network 2>/dev/null || skip "no network of one's own here"
  # Nobody may make a namespace in this one.
  run unshare -r sh -c 'echo 0 >/proc/sys/user/max_user_namespaces &&
    exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$1" expect-network' - "$BIN/peer"
  same "$status" 1
  like "$output" '*a network in which the peer answers pings*there can be none here'
}

@test "join-network: the program begins when the peer is there, and nobody else replies" {
  an_address
  ask seq=1
  until_it grep -qs '^hold$' "/proc/$PROGRAM/comm"
  peer <<END
    join-network $ADDR
    expect-request 1
    wait-asleep
    expect-nothing
END
  same "$(<out)" ''
  # A program that nobody holds.
  run_program sleep 100
  run "$BIN/peer" -p "$T/pid" join-network "$ADDR"
  same "$status $output" '3 peer: the program is not held: nothing for 2 s, while the program slept'
  run "$BIN/hold"
  same "$status $output" '2 hold: usage: hold [-n | -d] PROGRAM [ARG...]'
}

@test "expect-request, answer: requests one after the other" {
  an_address
  ask seq={1..4}
  peer <<END
    join-network $ADDR
    expect-request 1
    answer 2
    expect-request 4
    expect-nothing
END
  got 2 "$ADDR ttl 64 header 20 0000????00070002$DATA" "$ADDR ttl 64 header 20 0000????00070003$DATA"
}

@test "expect-request: says what is wrong" {
  an_address
  local want="echo request 1 to $ADDR: code 0, 56 bytes of data"
  while IFS='|' read -r word text; do
    ask "$word"
    assert_unmet "$want" "$text" <<END
      join-network $ADDR
      expect-request 1
END
  done <<END
seq=2|an echo request with the sequence number 2
seq=256|an echo request with the sequence number 256: bytes swapped, see htons(3)
code=1|an echo request with code 1
size=63|an echo request with 55 bytes of data
size=8|an echo request with 0 bytes of data
sum=1|an echo request with the checksum [0-9a-f]* where [0-9a-f]* is right
type=0|an ICMP message of type 0, code 0; then nothing for 2 s, while the program slept
to=127.0.0.1|an echo request to 127.0.0.1; then nothing for 2 s, while the program slept
END
  ask seq=1 seq=2,id=8
  assert_unmet "${want/1/2}" 'an echo request with the identifier 0008; in the first request it is 0007' <<END
    join-network $ADDR
    expect-request 1
    expect-request 2
END
}

@test "expect-nothing: no request has come" {
  an_address
  ask seq=1 seq=2
  assert_unmet 'nothing yet' 'an echo request with the sequence number 2' <<END
    join-network $ADDR
    expect-request 1
    wait-asleep
    expect-nothing
END
}

@test "expect-promptly: a program that sleeps before its next request is late" {
  an_address
  ask
  assert_unmet "echo request 1 to $ADDR: code 0, 56 bytes of data" 'the program sleeps first, for 900 ms and more' <<END
    join-network $ADDR
    expect-promptly
    expect-request 1
END
  # A shorter sleep, three times in a row.
  ask seq=1 seq=2,nap=0.6 seq=3,nap=0.6 seq=4 seq=5,nap=0.6 seq=6,nap=0.6 seq=7,nap=0.6
  assert_unmet "echo request 7 to $ADDR: code 0, 56 bytes of data" \
    'the program sleeps first, for 350 ms and more, as before each of the 2 requests before it' <<END
    join-network $ADDR
    expect-promptly
    expect-request 1
    expect-request 2
    expect-request 3
    expect-request 4
    expect-request 5
    expect-request 6
    expect-request 7
END
}

@test "reply, reply-to, reply-after: what the program gets" {
  an_address
  ask seq=1 seq=2
  peer <<END
    join-network $ADDR
    expect-request 1
    expect-request 2
    reply
    reply-to 1
    start-timer
    reply-after 20
    expect-after 20
END
  got 3 "$ADDR * 0000????00070002$DATA" "$ADDR * 0000????00070001$DATA" "$ADDR * 0000????00070002$DATA"
  like "$(grep sent ev)" $'step\tsent a reply to request 2 from '"$ADDR"*
  run "$BIN/peer" reply
  same "$status $output" '2 peer: there was no request yet'
}

@test "set-source, set-ttl, set-options, set-length, alter, clear-checksum: for the next message alone" {
  an_address
  ask seq=1
  peer <<END
    join-network $ADDR
    expect-request 1
    set-source 127.0.0.77
    set-ttl 9
    set-options 12
    reply
    reply
    set-length 12
    reply
    set-length 66
    reply
    alter type 8
    alter code 3
    alter id -1
    alter seq 255
    alter first-byte 1
    alter last-byte 2
    reply
    alter id 2
    clear-checksum
    set-ttl 9
    reply
    alter id 2
    alter checksum 1
    reply
END
  got 7 "127.0.0.77 ttl 9 header 32 0000????00070001$DATA" "$ADDR ttl 64 header 20 0000????00070001$DATA" \
    "$ADDR ttl 64 header 20 0000????0007000178787878" "$ADDR ttl 64 header 20 0000????00070001${DATA}0000" \
    "$ADDR ttl 64 header 20 0803????0006010079${DATA:4}7a" "$ADDR ttl 9 header 20 0000000000090001$DATA" "$ADDR ttl 64 header 20 0000????00090001$DATA"
  like "$(tail -n 1 ev)" $'step\tsent a reply to request 1 from '"$ADDR, id +2, checksum +1"
  like "$(tail -n 2 ev)" $'step\tsent a reply to request 1 from '"$ADDR, id +2, no checksum, ttl 9"*
  # Only these two have a wrong checksum.
  same "$(cat program.err)" ''
  run "$BIN/peer" alter colour 1
  same "$status $output" '2 peer: no field of a message: colour'
}

@test "say-unreachable, say-unreachable-to: what the error quotes" {
  an_address
  local quote='45????????????????01????7f000001' host
  host=$(printf '%s' "$ADDR" | tr . '\n' | xargs printf '%02x')
  ask seq=1 seq=2
  peer <<END
    join-network $ADDR
    expect-request 1
    expect-request 2
    say-unreachable 1
    set-source 127.0.0.77
    set-length 36
    say-unreachable 13
    say-unreachable-to 1 3
    alter quoted-header 10
    alter quoted-type -8
    alter quoted-id 1
    alter quoted-seq 1
    say-unreachable 1
    alter quoted-protocol 16
    say-unreachable 1
    set-quoted-header 12
    set-length 36
    say-unreachable 1
END
  got 6 "$ADDR * 0301????00000000$quote${host}0800????00070002$DATA" "127.0.0.77 * 030d????00000000$quote${host}0800????00070002" \
    "$ADDR * 0303????00000000$quote${host}0800????00070001$DATA" "$ADDR * 0301????000000004f${quote:2}${host}0000????00080003$DATA" \
    "$ADDR * 0301????00000000${quote/01????7f/11????7f}${host}0800????00070002$DATA" \
    "$ADDR * 0301????0000000043????????????????01????0800????000700020000000000000000"
  like "$(tail -n 1 ev)" '*, 36 bytes, a quoted IP header of 12 bytes'
  same "$(cat program.err)" ''
}

@test "print-sum: the identifier, and the sum of the rest without carries" {
  an_address
  ask seq=1,id=258
  run peer <<END
    join-network $ADDR
    expect-request 1
    print-sum
END
  # 28 words are 0x7878; type and code are 0x0800.
  same "$status $output" "0 258 $((28 * 0x7878 + 0x0800))"
}

@test "send-strays: many replies to another program, and no request meanwhile" {
  an_address
  ask seq=1
  peer <<END
    join-network $ADDR
    expect-request 1
    send-strays 300
END
  got 300 "$ADDR ttl 64 header 20 0000????00080001$DATA"
  ask seq=1 seq=2
  assert_unmet 'nothing yet' 'an echo request with the sequence number 2' <<END
    join-network $ADDR
    expect-request 1
    send-strays 1
END
}

@test "stray-repeatedly: packets that are not the reply, while the peer waits" {
  an_address
  ask seq=1
  assert_unmet 'the program ends by itself' \
    'it still runs: not in all the time in which [1-9]* times packets that are not the reply came, one every 10 ms' <<END
    join-network $ADDR
    expect-request 1
    stray-repeatedly 10 200
    wait-ended
END
  local error='*00000000450*' lines
  mapfile -t -n 7 lines <out
  like "${lines[0]}" "$ADDR ttl 64 header 20 0000????00080001$DATA"
  like "${lines[1]}" "$ADDR ttl 64 header 20 0000????0008000178787878"
  like "${lines[2]}" "$ADDR ttl 64 header 20 0000????00080001$DATA*00"
  like "${lines[3]}" "$ADDR ttl 64 header 20 0000????00070000$DATA"
  like "${lines[4]}" "$ADDR ttl 64 header 20 0800????00070001$DATA"
  like "${lines[5]}" "$ADDR ttl 64 header 20 0301????${error}0800????00080001$DATA"
  like "${lines[6]}" "$ADDR ttl 64 header 20 0b01????${error}0800????00070001$DATA"
}
