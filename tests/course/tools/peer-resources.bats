#!/usr/bin/env bats
# The peer's statements about what a connection costs the program: its memory, its
# wake-ups, the bytes that it keeps.
# shellcheck disable=SC2016,SC2154 # texts of scripts; PROGRAM is conversation.bash's
load tools
load conversation

@test "send-until-full: sends until no more are taken, exchange sends the rest" {
  an_address
  play_program <<END
    set-rcvbuf 4096
    listen $AT 5
    make-random in 1000000
    make-random small 4000
    print ready
    accept
    expect-file small
    send x
    accept
    expect y
    exchange in in
END
  cp in "$T/copy"
  peer <<END
    set-sndbuf 4096
    connect $AT
    send-until-full small
    expect x
    connect $AT
    send-until-full in
END
  like "$(grep -c 'step.sent 4000 of 4000 bytes, and read no answer: all were taken' ev)" 1
  like "$(grep -c 'step.sent [0-9]* of 1000000 bytes, and read no answer: no more were taken' ev)" 1
}

@test "exchange goes on behind what send-until-full has sent, expect-sent reads that alone" {
  an_address
  printf 'hello world' >in
  play_program <<END
    listen $AT 5
    print ready
    accept
    expect hello world
    send hello world
    expect-eof
    close
    accept
    expect hello world
    send hello
    expect-eof
    close
END
  peer <<END
    connect $AT
    send-until-full in
    exchange in in
END
  assert_unmet '"hello world" (11 bytes)' '"hello" (5 bytes)|*then the end of the connection' <<END
    connect $AT
    send-until-full in
    expect-sent in
END
}

@test "send-until-full of pieces: until the program has read more than it sends" {
  an_address
  yes abc | head -c 100000 >in || true
  run_program perl -MIO::Socket::INET -e '
    $s = IO::Socket::INET->new(LocalAddr => $ARGV[0], Listen => 5) or die;
    $c = $s->accept;
    sysread($c, $x, 4), syswrite($c, "x" x $_) for 4, 1;
    sleep 9 while 1' "$AT"
  peer <<END
    wait-listening
    connect $AT
    set-piece-size 4
    send-until-full in
    expect-kept-at-most 3
END
  like "$(grep -c 'step.sent 8 of 100000 bytes, and read no answer: no more were taken' ev)" 1
}

@test "expect-kept-at-most: what was read of the connection and not sent" {
  an_address
  play_program <<END
    listen $AT 5
    print ready
    accept
    expect hello
    send hel
    stay
END
  peer <<END
    connect $AT
    send hello
    wait-read
    wait-asleep
    expect-kept-at-most 2
END
  play_program <<END
    listen $AT 5
    print ready
    accept
    expect hello
    send hel
    stay
END
  assert_unmet 'the program has read at most 1 bytes more than it has sent' 'it has read 5 bytes, and sent 3: it keeps 2' <<END
    connect $AT
    send hello
    wait-read
    wait-asleep
    expect-kept-at-most 1
END
}

@test "note-memory, expect-growth-below: the private memory of all its processes" {
  # Each of two grows by 4 MB at SIGUSR1, which the peer sends to both.
  local program='$| = 1; $SIG{USR1} = sub { $x = "y" x 4e6; print "grown\n" }; fork; print "ready\n"; sleep 9 while 1'
  run_program perl -e "$program"
  until_it grep -qz 'ready.*ready' out
  peer <<END
    note-memory
    expect-growth-below 200
    signal USR1
    wait-lines 4
    expect-growth-below 30000
END
  run_program perl -e "$program"
  until_it grep -qz 'ready.*ready' out
  assert_unmet "the program's memory grows by less than 6000 KiB" 'it has grown by * KiB (/proc/PID/smaps_rollup, Private_Dirty)' <<END
    note-memory
    signal USR1
    wait-lines 4
    expect-growth-below 6000
END
}

@test "hide-steps, show-steps: what is done meanwhile is not noted" {
  an_address
  play_program <<END
    listen $AT 5
    print ready
    accept
    expect onetwothree
    stay
END
  peer <<END
    hide-steps
    connect $AT
    send one
    show-steps
    send two
    hide-steps
    send three
END
  same "$(<ev)" $'step\tsent "two" (3 bytes)'
}

@test "expect-quiet: sleeps, and wakes up at most so often" {
  run_program perl -e 'select undef, undef, undef, 0.25 while 1'
  peer expect-quiet 10
  run_program perl -e 'select undef, undef, undef, 0.1 while 1'
  peer expect-quiet 10
  run_program perl -e 'select undef, undef, undef, 0.06 while 1'
  assert_unmet 'the program sleeps, and wakes up at most 10 times a second' 'it asks again and again: it woke up * times and ran * ms in * ms' expect-quiet 10
  # It is judged by a second, and that is what it tells.
  [[ $(grep '^got' ev) =~ up\ ([0-9]+)\ times.*\ in\ ([0-9]+)\ ms ]]
  ((BASH_REMATCH[2] >= 1000 && BASH_REMATCH[1] * 1000 > BASH_REMATCH[2] * 10))
  run_program perl -e 'select undef, undef, undef, 0.02 while 1'
  assert_unmet 'the program sleeps, and wakes up at most 10 times a second' 'it asks again and again: it woke up * times and ran * ms in * ms' expect-quiet 10
  run_program perl -e '1 while 1'
  assert_unmet 'the program sleeps, and wakes up at most 10 times a second' 'it keeps the processor busy: it woke up * times and ran * ms in * ms' expect-quiet 10
}
