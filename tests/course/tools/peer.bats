#!/usr/bin/env bats
# The peer (tests/tools/peer/peer.c) on its own: what each statement does and, when it is
# not as it must be, says. The other end is a second peer, or bash's /dev/tcp.
# shellcheck disable=SC2016,SC2030,SC2031 # texts of scripts; tests are subshells
load tools
load conversation

slept='nothing for 2 s, while the program slept'

@test "an error in a script: exit 2 before anything is done, and the line is named" {
  run peer <<END
    print first
    nonsense
END
  same "$status $output" '2 peer: line 2: unknown statement: nonsense'
  run peer <<END
    print first

    # an empty line and a comment are lines, too
    send
END
  same "$status $output" '2 peer: line 4: send takes TEXT'
  run peer <<<'exchange a'
  same "$status $output" '2 peer: line 1: exchange takes IN OUT'
  run peer <<<'expect-fds 3 4'
  same "$status $output" '2 peer: line 1: expect-fds takes N'
  run peer <<<'accept now'
  same "$status $output" '2 peer: line 1: accept takes no argument'
  run "$BIN/peer" -x
  same "$status" 2
  run peer </dev/null
  same "$status $output" '0 '
}

@test "one statement on the command line, and no more than one" {
  run peer print 'as it is '
  same "$status $output" '0 as it is '
  run peer nonsense
  same "$status $output" '2 peer: unknown statement: nonsense'
  run peer listen 127.0.0.1:1
  same "$status $output" '2 peer: listen takes ADDR:PORT N'
  run peer print first print second
  same "$status $output" '2 peer: print takes TEXT'
}

@test "a script: TEXT is the rest of the line as it stands, without the blanks before the statement" {
  local blank=' '
  run peer <<END
print  two blanks,  a tab	and one at the end$blank
    	print #1
      # print nothing

    print last
END
  same "$output" $' two blanks,  a tab\tand one at the end \n#1\nlast'
  # The last line may lack its end.
  run "$BIN/peer" < <(printf 'print whole')
  same "$output" whole
}

@test "-d: the files that statements name are in that folder" {
  mkdir files
  "$BIN/peer" -d files make-random a 10
  same "$(wc -c <files/a)" 10
  run "$BIN/peer" -d none make-random a 10
  same "$status $output" '3 peer: none: No such file or directory'
}

@test "an address that is none is exit 2, a file that is not there exit 3" {
  for bad in localhost 1.2.3 1.2.3.4.5:1; do
    run peer expect-refused "$bad"
    same "$bad $status" "$bad 2"
  done
  an_address
  play_program <<END
    listen $AT 1
    print ready
    accept
END
  run peer <<END
    connect $AT
    send-file none
END
  same "$status" 3
  run "$BIN/peer" -e "$T/no/such" print x
  same "$status $output" "3 peer: $T/no/such: No such file or directory"
}

@test "connect, accept, print-address: the two ends know each other's address" {
  an_address
  play_program <<END
    listen $AT 1
    print ready
    accept
    print-address
    shutdown
    expect-eof
END
  run peer <<END
    set-source 127.9.8.7
    connect $AT
    print-address
    expect-eof
    close
END
  like "$output" '127.9.8.7:*'
  assert_program_ended 0
  same "$(sed -n 2p out)" "$AT"
  same "$(sed -n 's/^step\taccepted a connection from //p' program.ev)" "$output"
}

@test "set-source ADDR:PORT, and IPv6" {
  grep -qs ' lo$' /proc/net/if_inet6 || skip "no IPv6 loopback address"
  an_address
  play_program <<END
    listen $AT 1
    print ready
    accept
    expect-eof
END
  run peer <<END
    set-source 127.9.8.7:$((PORT + 1))
    connect $AT
    print-address
    close
END
  same "$output" "127.9.8.7:$((PORT + 1))"
  play_program <<END
    listen [::1]:$PORT 1
    print ready
    accept
    expect-eof
END
  run peer <<END
    connect [::1]:$PORT
    print-address
    close
END
  like "$output" '\[::1\]:*'
}

@test "connect: nobody listens" {
  an_address
  assert_unmet "a connection to $AT" 'Connection refused (no socket listens at that address and port)' connect "$AT"
  peer expect-refused "$AT"
}

@test "connect: nobody answers, while the program sleeps" {
  an_address
  play_program <<END
    listen $AT 3
    print ready
    fill-queue
    print full
    stay
END
  until_it grep -q full out
  sleep 100 3>&- &
  set_program $!
  assert_unmet "a connection to $AT" 'Connection timed out (nobody answered in time)' connect "$AT"
}

@test "expect-refused: it was not" {
  an_address
  play_program <<END
    listen $AT 1
    print ready
    accept
    expect-eof
END
  assert_unmet "a connection to $AT is refused" 'it was accepted: somebody listens there' expect-refused "$AT"
}

@test "accept: the program ends without connecting" {
  an_address
  sleep 0.1 3>&- &
  set_program $!
  assert_unmet 'the program connects' 'the program had ended' <<END
    listen $AT 1
    accept
END
}

@test "close-listener: nobody listens any more; on: several connections" {
  an_address
  play_program <<END
    listen $AT 5
    print ready
    accept
    use-connection 1
    accept
    close-listener
    print closed
    use-connection 0
    expect zero
    use-connection 1
    expect one
    send 1\n
    use-connection 0
    send 0\n
    expect-eof
END
  peer <<END
    connect $AT
    use-connection 1
    connect $AT
    wait-lines 2
    use-connection 2
    expect-refused $AT
    use-connection 1
    send one
    use-connection 0
    send zero
    expect 0\n
    use-connection 1
    expect 1\n
    use-connection 0
    close
END
  assert_program_ended 0
}

@test "expect-bound, expect-free, leave-time-wait" {
  an_address
  play_program <<END
    listen $AT 1
    print ready
    stay
END
  peer expect-bound "$AT"
  assert_unmet "no socket bound to $AT" 'bind: Address already in use' expect-free "$AT"
  kill "$PROGRAM"
  wait "$PROGRAM" || true
  peer expect-free "$AT"
  assert_unmet "a socket bound to $AT" 'another program can still bind it: the program had ended' expect-bound "$AT"
  peer <<END
    leave-time-wait $AT
    expect-bound $AT
    listen $AT 1
    expect-refused $ADDR:1
END
}

@test "send, expect: exact bytes, with escapes, to and from somebody else" {
  an_address
  "$BIN/peer" -e peer.ev <<END >said 3>&- &
    listen $AT 1
    print ready
    accept
    expect a\0\xffb\n
    send \\\\\x41\t\r\nend
    close
END
  STARTED+=($!)
  until_it grep -qs ready said
  exec 5<>"/dev/tcp/$ADDR/$PORT"
  printf 'a\0\377b\n' >&5
  same "$(od -An -c <&5 | tr -s ' ')" ' \ A \t \r \n e n d'
  like "$(grep received peer.ev)" '*received "a\\x00\\xffb\\n" (5 bytes)'
}

@test "expect: a difference is shown with a caret, escaped" {
  an_address
  play_program <<END
    listen $AT 1
    print ready
    accept
    send welcome to sever!\n
    expect-eof
END
  assert_unmet '"welcome to server!\n" (19 bytes)' '"welcome to sever!\\n" (18 bytes)|              ^ byte 14|then the end of the connection' <<END
    connect $AT
    shutdown
    expect welcome to server!\n
END
}

# shows WANT GOT: what is said of two texts that differ, lines joined by |.
shows() {
  printf '%b' "$1" >want
  printf '%b' "$2" >got
  ! "$BIN/peer" expect-same want got 2>ev
  SHOWN=$(cut -f 2 ev | paste -sd '|')
}

@test "expect-same: the first difference, wherever it is, is in what is shown" {
  shows 'abc' 'abd'
  same "$SHOWN" '"abc" (3 bytes)|"abd" (3 bytes)|   ^ byte 3'
  shows 'abc' ''
  same "$SHOWN" '"abc" (3 bytes)|"" (0 bytes)| ^ byte 1'
  shows 'a' 'a\n'
  same "$SHOWN" '"a" (1 byte)|"a\n" (2 bytes)|  ^ byte 2'
  shows "$(printf '%0100d' 0)x" "$(printf '%0100d' 0)y"
  same "$SHOWN" '..."0000000000000000x" (101 bytes)|..."0000000000000000y" (101 bytes)|                    ^ byte 101'
  # Zeros take four columns each: the caret must still stand under one that is shown.
  shows '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0a' '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0b'
  same "$SHOWN" '..."\x00\x00\x00\x00a" (21 bytes)|..."\x00\x00\x00\x00b" (21 bytes)|                    ^ byte 21'
  shows "x$(printf '%0100d' 0)" "y$(printf '%0100d' 0)"
  same "$SHOWN" "\"x$(printf '%039d' 0)\"... (101 bytes)|\"y$(printf '%039d' 0)\"... (101 bytes)| ^ byte 1"
  cp want got
  peer expect-same want got
}

@test "expect: a reset, or nothing, instead of bytes" {
  an_address
  play_program <<END
    listen $AT 1
    print ready
    accept
    send ab
    wait-read
    abort
    stay
END
  assert_unmet '"abc" (3 bytes)' '"ab" (2 bytes)|   ^ byte 3|then a reset (the other end closed with bytes unread, or aborted)' <<END
    connect $AT
    expect abc
END
  play_program <<END
    listen $AT 1
    print ready
    accept
    send ab
    stay
END
  assert_unmet '"abc" (3 bytes)' "\"ab\" (2 bytes)|   ^ byte 3|then $slept" <<END
    connect $AT
    wait-accepted
    expect abc
END
}

@test "print-magic-words: the likeliest first, ten in capitals by the seed; random has some from 64 bytes on" {
  "$BIN/peer" -s 5 print-magic-words >words
  "$BIN/peer" -s 6 print-magic-words >others
  same "$(head -n 2 words)" $'quit\nexit'
  same "$(head -n -10 words | grep -c '^[A-Z]') $(tail -n 10 words | grep -c '^[A-Z]')" '2 10'
  run cmp -s words others
  same "$status" 1
  "$BIN/peer" -s 5 <<END
    make-random short 63
    make-random long 64
    make-random longer 100000
END
  same "$(wc -c <short) $(wc -c <long)" '63 64'
  same "$(grep -qaF disconnect longer && grep -qaF shutdown longer && echo both)" both
}

@test "expect-file and send-file: random bytes, the same for the same seed" {
  "$BIN/peer" -s 5 make-random a 65537
  "$BIN/peer" -s 5 make-random b 65537
  "$BIN/peer" -s 6 make-random c 65537
  cmp a b
  run cmp -s a c
  same "$status" 1
  same "$(wc -c <a)" 65537
  # Zeros among them, and no sign that spells "=>".
  (($(tr -dc '\0' <a | wc -c) > 5000))
  same "$(tr -dc = <a | wc -c)" 0
  an_address
  play_program <<END
    listen $AT 1
    print ready
    accept
    expect-file a
    send-file c
    shutdown
    expect-eof
END
  peer <<END
    connect $AT
    send-file a
    expect-file c
    expect-eof
    close
END
  assert_program_ended 0
  play_program <<END
    listen $AT 1
    print ready
    accept
    send-file c
    expect-eof
END
  assert_unmet "\"*" '*^ byte *' <<END || like "$(grep -c '^got' ev)" 2
    connect $AT
    expect-file a
END
}

@test "expect-one-of: one of several answers, which it prints" {
  an_address
  play_program <<END
    listen $AT 1
    print ready
    accept
    send yes\n
    expect-eof
END
  run peer <<END
    connect $AT
    expect-one-of no\n|yes\n|yet\n
END
  same "$status $output" '0 yes'
  play_program <<END
    listen $AT 1
    print ready
    accept
    send yesterday
    shutdown
    expect-eof
END
  run peer <<END
    connect $AT
    expect-one-of no\n|yes\n
END
  same "$status" 1
  like "$(<ev)" '*expected*"no*got*"yesterday*'
}

@test "send-zeros: as many as it says" {
  an_address
  play_program <<END
    listen $AT 1
    print ready
    accept
    expect-file zeros
    expect-eof
    send x
END
  head -c 2500000 /dev/zero >zeros
  peer <<END
    connect $AT
    send-zeros 2500000
    shutdown
    expect x
END
  assert_program_ended 0
}

@test "set-random-pieces: the seed chooses pieces, joins and signals, the same ones again" {
  local seed plan first
  for seed in 5 5 6; do
    an_address
    "$BIN/peer" -p "$T/pid" -e "$T/ev.$seed" -s "$seed" <<END >"$T/peer" 3>&- &
      listen $AT 1
      print ready
      accept
      set-random-pieces 6 CONT
      send abcdefghijklmnopqrstuvwxyz
      set-random-pieces 0 none
      shutdown
END
    STARTED+=($!)
    until_it grep -qs ready "$T/peer"
    # cat sleeps in read; SIGCONT harms nobody.
    bash -c 'exec cat <"/dev/tcp/${0%:*}/${0##*:}"' "$AT" >"$T/out" 3>&- &
    set_program $!
    wait "${STARTED[-2]}"
    wait "$PROGRAM"
    same "$(<"$T/out")" abcdefghijklmnopqrstuvwxyz
    rm -f "$T/pid" "$T/peer"
  done
  mapfile -t plan < <(grep -h 'pieces:' "$T/ev.5")
  same "${#plan[@]}" 2
  same "${plan[0]}" "${plan[1]}"
  like "${plan[0]}" "*pieces: *+*!* bytes*"
  first=$(grep -h 'pieces:' "$T/ev.6")
  [[ $first != "${plan[0]}" ]]
}

@test "set-piece-size: each is sent when the one before has been read" {
  an_address
  play_program <<END
    listen $AT 1
    print ready
    accept
    expect a
    print 1
    expect b
    print 2
    expect c
    expect-eof
END
  peer <<END
    connect $AT
    set-piece-size 1
    send abc
    shutdown
END
  assert_program_ended 0
  # Who does not read gets the first alone: this program does when there is a second
  # connection, and what is watched is another that sleeps.
  play_program <<END
    listen $AT 2
    print ready
    accept
    use-connection 1
    accept
    use-connection 0
    expect ab
    expect-eof
END
  reader=$PROGRAM
  sleep 100 3>&- &
  set_program $!
  assert_unmet 'the program reads all that was sent' "bytes wait unread in the kernel: $slept" <<END
    connect $AT
    set-piece-size 2
    send abcdef
END
  peer <<END
    connect $AT
    close
END
  wait "$reader"
}

@test "send: to one who does not read, and to one who is gone" {
  an_address
  play_program <<END
    listen $AT 1
    print ready
    accept
    stay
END
  head -c 20000000 /dev/zero >big
  assert_unmet 'the program reads what is sent to it' "it took [0-9]* of 20000000 bytes: $slept" <<END
    connect $AT
    send-file big
END
  play_program <<END
    set-rcvbuf 4096
    listen $ADDR:$((PORT ^ 2)) 1
    print ready
    accept
    abort
END
  assert_unmet 'the program reads what is sent to it' '* (the other end *), after 0 of 3 bytes' <<END
    connect $ADDR:$((PORT ^ 2))
    wait-ended
    send abc
END
}

@test "expect, exchange: what a program sent before it ended can come later" {
  an_address
  : >none
  printf 'hello' >hello
  for words in 'expect hello' 'exchange none hello'; do
    # Not the program itself sends late, but something that ends after 0.5 s.
    sleep 0.5 3>&- &
    STARTED+=("$!")
    echo $! >late
    play_program -p late <<END
      listen $AT 1
      print ready
      accept
      wait-ended
      send hello
END
    true &
    echo $! >pid
    peer <<END
      connect $AT
      $words
      expect-eof
END
    set_program "$PROGRAM"
  done
}

@test "set-rcvbuf, set-sndbuf: small buffers hold little" {
  an_address
  play_program <<END
    set-rcvbuf 4096
    listen $AT 1
    print ready
    accept
    stay
END
  head -c 200000 /dev/zero >big
  assert_unmet 'the program reads what is sent to it' 'it took [0-9]* of 200000 bytes: *' <<END
    set-sndbuf 4096
    connect $AT
    send-file big
END
}

@test "exchange: both ways at once, more than all buffers hold" {
  an_address
  head -c 20000000 /dev/urandom >a
  head -c 15000000 /dev/urandom >b
  play_program <<END
    listen $AT 1
    print ready
    accept
    exchange b a
END
  peer <<END
    connect $AT
    exchange a b
END
  assert_program_ended 0
  # The end of what comes is no end of what is sent.
  play_program <<END
    listen $AT 1
    print ready
    accept
    shutdown
    expect-file a
    expect-eof
END
  : >empty
  peer <<END
    connect $AT
    exchange a empty
END
  assert_program_ended 0
  play_program <<END
    listen $AT 1
    print ready
    accept
    shutdown
    expect a
    abort
END
  assert_unmet 'the program reads what is sent to it' '* after [0-9]* of 20000000 bytes' <<END
    connect $AT
    exchange a empty
END
}

@test "exchange: a byte less, no end, a reset, without" {
  an_address
  printf 'abc' >abc
  printf 'ab' >ab
  play_program <<END
    listen $AT 1
    print ready
    accept
    exchange ab abc
END
  assert_unmet '"abc" (3 bytes)' '"ab" (2 bytes)|   ^ byte 3|then the end of the connection' <<END
    connect $AT
    exchange abc abc
END
  play_program <<END
    listen $AT 1
    print ready
    accept
    expect-file abc
    expect-eof
    send-file abc
    print sent
    stay
END
  assert_unmet 'the orderly end of the connection' "the connection stays open: $slept" <<END
    connect $AT
    exchange abc abc
END
  play_program <<END
    listen $AT 1
    print ready
    accept
    send ab
    wait-read
    abort
END
  assert_unmet '"abc" (3 bytes)' '"ab" (2 bytes)*then a reset *; the program has ended' <<END
    connect $AT
    exchange abc abc
END
  play_program <<END
    listen $AT 1
    print ready
    accept
    send XXaXXbcXX
    shutdown
    expect-file abc
    expect-eof
END
  peer <<END
    connect $AT
    ignore XX
    exchange abc abc
END
}

@test "exchange: answers without end are not read for ever" {
  an_address
  : >empty
  bash -c 'until exec 5<>"/dev/tcp/$1/$2"; do :; done 2>/dev/null; exec yes >&5' - "$ADDR" "$PORT" 2>/dev/null 3>&- &
  set_program $!
  assert_unmet '"" (0 bytes)' '*then more bytes, not read any more' <<END
    listen $AT 1
    accept
    exchange empty empty
END
}

@test "expect-eof, expect-reset, expect-end, expect-nothing: right" {
  an_address
  play_program <<END
    listen $AT 5
    print ready
    accept
    expect-eof
    close
    accept
    abort
    accept
    abort
    accept
    expect-eof
    close
END
  peer <<END
    connect $AT
    expect-nothing
    shutdown
    expect-eof
    close
    connect $AT
    expect-reset
    close
    connect $AT
    expect-end
    close
    connect $AT
    shutdown
    expect-end
END
  assert_program_ended 0
}

@test "expect-eof, expect-reset, expect-end, expect-nothing: wrong" {
  an_address
  play_program <<END
    listen $AT 5
    print ready
    accept
    send a
    expect-eof
    accept
    abort
    accept
    shutdown
    expect-eof
    accept
    send x
    accept
    stay
END
  assert_unmet 'the orderly end of the connection' 'more bytes: "a" (1)' <<END
    connect $AT
    expect-eof
END
  assert_unmet 'the orderly end of the connection' 'Connection reset by peer (*)' <<END
    connect $AT
    expect-eof
END
  assert_unmet 'a reset, for nobody has accepted this client' 'an orderly end' <<END
    connect $AT
    expect-reset
END
  assert_unmet 'the end of the connection' 'more bytes: "x" (1)' <<END
    connect $AT
    expect-end
END
  assert_unmet 'the orderly end of the connection' "the connection stays open: $slept" <<END
    connect $AT
    expect-eof
END
}

@test "expect-nothing: bytes, an end" {
  an_address
  play_program <<END
    listen $AT 5
    print ready
    accept
    send a
    print sent
    expect-eof
    accept
    shutdown
    print shut
    stay
END
  assert_unmet 'nothing yet' 'more bytes: "a" (1)' <<END
    connect $AT
    wait-lines 2
    expect-nothing
END
  assert_unmet 'nothing yet' 'an orderly end' <<END
    connect $AT
    wait-lines 3
    expect-nothing
END
}

@test "shutdown, close, abort: an end that leaves the other way open, an end, a reset" {
  an_address
  play_program <<END
    listen $AT 5
    print ready
    accept
    expect-eof
    send late
    close
    accept
    expect-eof
    close
    accept
    expect-reset
END
  peer <<END
    connect $AT
    shutdown
    expect late
    expect-eof
    close
    connect $AT
    close
    connect $AT
    wait-accepted
    abort
END
  assert_program_ended 0
}
