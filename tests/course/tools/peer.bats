#!/usr/bin/env bats
# The peer (tests/tools/peer/peer.c) on its own: what each statement does and, when it is
# not as it must be, says. The other end is a second peer, or bash's /dev/tcp.
# shellcheck disable=SC2016,SC2030,SC2031 # texts of scripts; tests are subshells
load tools
load talk

slept='nothing for 2 s, while the program slept'

@test "words that it does not know: exit 2 before anything is done" {
  run peer say "first" nonsense
  same "$status $output" '2 peer: unknown statement: nonsense'
  run peer say "first" send
  same "$status $output" '2 peer: send needs 1 words'
  run peer say "first" exchange a
  same "$status $output" '2 peer: exchange needs 2 words'
  run "$BIN/peer" -x
  same "$status" 2
  run peer
  same "$status $output" '0 '
}

@test "an address that is none is exit 2, a file that is not there exit 3" {
  for bad in localhost 1.2.3 1.2.3.4.5:1; do
    run peer refused "$bad"
    same "$bad $status" "$bad 2"
  done
  an_address
  program listen "$AT" 1 say ready accept
  run peer connect "$AT" send-file none
  same "$status" 3
  run "$BIN/peer" -e "$T/no/such" say x
  same "$status $output" "3 peer: $T/no/such: No such file or directory"
}

@test "connect, accept, local: the two ends know each other's address" {
  an_address
  program listen "$AT" 1 say ready accept local shut eof
  run peer from 127.9.8.7 connect "$AT" local eof close
  like "$output" '127.9.8.7:*'
  ended 0
  same "$(sed -n 2p out)" "$AT"
  same "$(sed -n 's/^step\taccepted a connection from //p' program.ev)" "$output"
}

@test "from ADDR:PORT, and IPv6" {
  grep -qs ' lo$' /proc/net/if_inet6 || skip "no IPv6 loopback address"
  an_address
  program listen "$AT" 1 say ready accept eof
  run peer from "127.9.8.7:$((PORT + 1))" connect "$AT" local close
  same "$output" "127.9.8.7:$((PORT + 1))"
  program listen "[::1]:$PORT" 1 say ready accept eof
  run peer connect "[::1]:$PORT" local close
  like "$output" '\[::1\]:*'
}

@test "connect: nobody listens" {
  an_address
  wrong "a connection to $AT" 'Connection refused (no socket listens at that address and port)' connect "$AT"
  peer refused "$AT"
}

@test "connect: nobody answers, while the program sleeps" {
  an_address
  program listen "$AT" 3 say ready fill say full stay
  until_it grep -q full out
  sleep 100 3>&- &
  its_id $!
  wrong "a connection to $AT" 'Connection timed out (nobody answered in time)' connect "$AT"
}

@test "refused: it was not" {
  an_address
  program listen "$AT" 1 say ready accept eof
  wrong "a connection to $AT is refused" 'it was accepted: somebody listens there' refused "$AT"
}

@test "accept: the program ends without connecting" {
  an_address
  sleep 0.1 3>&- &
  its_id $!
  wrong 'the program connects' 'the program had ended' listen "$AT" 1 accept
}

@test "unlisten: nobody listens any more; on: several connections" {
  an_address
  program listen "$AT" 5 say ready accept on 1 accept unlisten say closed on 0 expect zero on 1 expect one send '1\n' on 0 send '0\n' eof
  peer connect "$AT" on 1 connect "$AT" lines 2 on 2 refused "$AT" on 1 send one on 0 send zero expect '0\n' on 1 expect '1\n' on 0 close
  ended 0
}

@test "bound, unbound, timewait" {
  an_address
  program listen "$AT" 1 say ready stay
  peer bound "$AT"
  wrong "no socket bound to $AT" 'bind: Address already in use' unbound "$AT"
  kill "$PROGRAM"
  wait "$PROGRAM" || true
  peer unbound "$AT"
  wrong "a socket bound to $AT" 'another program can still bind it: the program had ended' bound "$AT"
  peer timewait "$AT" bound "$AT" listen "$AT" 1 refused "$ADDR:1"
}

@test "send, expect: exact bytes, with escapes, to and from somebody else" {
  an_address
  "$BIN/peer" -e peer.ev listen "$AT" 1 say ready accept expect 'a\0\xffb\n' send '\\\x41\t\r\nend' close >said 3>&- &
  STARTED+=($!)
  until_it grep -qs ready said
  exec 5<>"/dev/tcp/$ADDR/$PORT"
  printf 'a\0\377b\n' >&5
  same "$(od -An -c <&5 | tr -s ' ')" ' \ A \t \r \n e n d'
  like "$(grep received peer.ev)" '*received "a\\x00\\xffb\\n" (5 bytes)'
}

@test "expect: a difference is shown with a caret, escaped" {
  an_address
  program listen "$AT" 1 say ready accept send 'welcome to sever!\n' eof
  wrong '"welcome to server!\n" (19 bytes)' '"welcome to sever!\\n" (18 bytes)|              ^ byte 14|then the end of the connection' \
    connect "$AT" shut expect 'welcome to server!\n'
}

# shows WANT GOT: what is said of two texts that differ, lines joined by |.
shows() {
  printf '%b' "$1" >want
  printf '%b' "$2" >got
  ! "$BIN/peer" same want got 2>ev
  SHOWN=$(cut -f 2 ev | paste -sd '|')
}

@test "same: the first difference, wherever it is, is in what is shown" {
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
  peer same want got
}

@test "expect: a reset, or nothing, instead of bytes" {
  an_address
  program listen "$AT" 1 say ready accept send ab taken abort
  wrong '"abc" (3 bytes)' '"ab" (2 bytes)|   ^ byte 3|then a reset (the other end closed with bytes unread, or aborted)' connect "$AT" expect abc
  program listen "$AT" 1 say ready accept send ab stay
  wrong '"abc" (3 bytes)' "\"ab\" (2 bytes)|   ^ byte 3|then $slept" connect "$AT" accepted expect abc
}

@test "magic-words: the likeliest first, ten in capitals by the seed; random has some from 64 bytes on" {
  "$BIN/peer" -s 5 magic-words >words
  "$BIN/peer" -s 6 magic-words >others
  same "$(head -n 2 words)" $'quit\nexit'
  same "$(head -n -10 words | grep -c '^[A-Z]') $(tail -n 10 words | grep -c '^[A-Z]')" '2 10'
  run cmp -s words others
  same "$status" 1
  "$BIN/peer" -s 5 random short 63 random long 64 random longer 100000
  same "$(wc -c <short) $(wc -c <long)" '63 64'
  same "$(grep -qaF disconnect longer && grep -qaF shutdown longer && echo both)" both
}

@test "expect-file and send-file: random bytes, the same for the same seed" {
  "$BIN/peer" -s 5 random a 65537
  "$BIN/peer" -s 5 random b 65537
  "$BIN/peer" -s 6 random c 65537
  cmp a b
  run cmp -s a c
  same "$status" 1
  same "$(wc -c <a)" 65537
  # Zeros among them, and no sign that spells "=>".
  (($(tr -dc '\0' <a | wc -c) > 5000))
  same "$(tr -dc = <a | wc -c)" 0
  an_address
  program listen "$AT" 1 say ready accept expect-file a send-file c shut eof
  peer connect "$AT" send-file a expect-file c eof close
  ended 0
  program listen "$AT" 1 say ready accept send-file c eof
  wrong "\"*" '*^ byte *' connect "$AT" expect-file a || like "$(grep -c '^got' ev)" 2
}

@test "expect-one-of: one of several answers, which it prints" {
  an_address
  program listen "$AT" 1 say ready accept send 'yes\n' eof
  run peer connect "$AT" expect-one-of 'no\n|yes\n|yet\n'
  same "$status $output" '0 yes'
  program listen "$AT" 1 say ready accept send yesterday shut eof
  run peer connect "$AT" expect-one-of 'no\n|yes\n'
  same "$status" 1
  like "$(<ev)" '*expected*"no*got*"yesterday*'
}

@test "send-zeros: as many as it says" {
  an_address
  program listen "$AT" 1 say ready accept expect-file zeros eof send x
  head -c 2500000 /dev/zero >zeros
  peer connect "$AT" send-zeros 2500000 shut expect x
  ended 0
}

@test "torn: the seed chooses pieces, joins and signals, the same ones again" {
  local seed plan first
  for seed in 5 5 6; do
    an_address
    "$BIN/peer" -p "$T/pid" -e "$T/ev.$seed" \
      -s "$seed" listen "$AT" 1 say ready accept torn 6 18 send abcdefghijklmnopqrstuvwxyz \
      torn 0 0 shut >"$T/peer" 3>&- &
    STARTED+=($!)
    until_it grep -qs ready "$T/peer"
    # cat sleeps in read; SIGCONT harms nobody.
    bash -c 'exec cat <"/dev/tcp/${0%:*}/${0##*:}"' "$AT" >"$T/out" 3>&- &
    its_id $!
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

@test "pieces: each is sent when the one before has been read" {
  an_address
  program listen "$AT" 1 say ready accept expect 'a' say 1 expect 'b' say 2 expect 'c' eof
  peer connect "$AT" pieces 1 send abc shut
  ended 0
  # Who does not read gets the first alone: this program does when there is a second
  # connection, and what is watched is another that sleeps.
  program listen "$AT" 2 say ready accept on 1 accept on 0 expect ab eof
  reader=$PROGRAM
  sleep 100 3>&- &
  its_id $!
  wrong 'the program reads all that was sent' "bytes wait unread in the kernel: $slept" connect "$AT" pieces 2 send abcdef
  peer connect "$AT" close
  wait "$reader"
}

@test "send: to one who does not read, and to one who is gone" {
  an_address
  program listen "$AT" 1 say ready accept stay
  head -c 20000000 /dev/zero >big
  wrong 'the program reads what is sent to it' "it took [0-9]* of 20000000 bytes: $slept" connect "$AT" send-file big
  program rcvbuf 4096 listen "$ADDR:$((PORT ^ 2))" 1 say ready accept abort
  wrong 'the program reads what is sent to it' '* (the other end *), after 0 of 3 bytes' connect "$ADDR:$((PORT ^ 2))" ended send abc
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
    program -p late listen "$AT" 1 say ready accept ended send hello
    true &
    echo $! >pid
    # shellcheck disable=SC2086 # several words
    peer connect "$AT" $words eof
    its_id "$PROGRAM"
  done
}

@test "rcvbuf, sndbuf: small buffers hold little" {
  an_address
  program rcvbuf 4096 listen "$AT" 1 say ready accept stay
  head -c 200000 /dev/zero >big
  wrong 'the program reads what is sent to it' 'it took [0-9]* of 200000 bytes: *' sndbuf 4096 connect "$AT" send-file big
}

@test "exchange: both ways at once, more than all buffers hold" {
  an_address
  head -c 20000000 /dev/urandom >a
  head -c 15000000 /dev/urandom >b
  program listen "$AT" 1 say ready accept exchange b a
  peer connect "$AT" exchange a b
  ended 0
  # The end of what comes is no end of what is sent.
  program listen "$AT" 1 say ready accept shut expect-file a eof
  : >empty
  peer connect "$AT" exchange a empty
  ended 0
  program listen "$AT" 1 say ready accept shut expect a abort
  wrong 'the program reads what is sent to it' '* after [0-9]* of 20000000 bytes' connect "$AT" exchange a empty
}

@test "exchange: a byte less, no end, a reset, without" {
  an_address
  printf 'abc' >abc
  printf 'ab' >ab
  program listen "$AT" 1 say ready accept exchange ab abc
  wrong '"abc" (3 bytes)' '"ab" (2 bytes)|   ^ byte 3|then the end of the connection' connect "$AT" exchange abc abc
  program listen "$AT" 1 say ready accept expect-file abc eof send-file abc say sent stay
  wrong 'the orderly end of the connection' "the connection stays open: $slept" connect "$AT" exchange abc abc
  program listen "$AT" 1 say ready accept send ab taken abort
  wrong '"abc" (3 bytes)' '"ab" (2 bytes)*then a reset*' connect "$AT" exchange abc abc
  program listen "$AT" 1 say ready accept send 'XXaXXbcXX' shut expect-file abc eof
  peer connect "$AT" without XX exchange abc abc
}

@test "exchange: answers without end are not read for ever" {
  an_address
  : >empty
  bash -c 'until exec 5<>"/dev/tcp/$1/$2"; do :; done 2>/dev/null; exec yes >&5' - "$ADDR" "$PORT" 2>/dev/null 3>&- &
  its_id $!
  wrong '"" (0 bytes)' '*then more bytes, not read any more' listen "$AT" 1 accept exchange empty empty
}

@test "eof, reset, gone, nothing: right" {
  an_address
  program listen "$AT" 5 say ready accept eof close accept abort accept abort accept eof close
  peer connect "$AT" nothing shut eof close connect "$AT" reset close connect "$AT" gone close connect "$AT" shut gone
  ended 0
}

@test "eof, reset, gone, nothing: wrong" {
  an_address
  program listen "$AT" 5 say ready accept send a eof accept abort accept shut eof accept send x accept stay
  wrong 'the orderly end of the connection' 'more bytes: "a" (1)' connect "$AT" eof
  wrong 'the orderly end of the connection' 'Connection reset by peer (*)' connect "$AT" eof
  wrong 'a reset' 'an orderly end' connect "$AT" reset
  wrong 'the end of the connection' 'more bytes: "x" (1)' connect "$AT" gone
  wrong 'the orderly end of the connection' "the connection stays open: $slept" connect "$AT" eof
}

@test "nothing: bytes, an end" {
  an_address
  program listen "$AT" 5 say ready accept send a say sent eof accept shut say shut stay
  wrong 'nothing yet' 'more bytes: "a" (1)' connect "$AT" lines 2 nothing
  wrong 'nothing yet' 'an orderly end' connect "$AT" lines 3 nothing
}

@test "shut, close, abort: an end that leaves the other way open, an end, a reset" {
  an_address
  program listen "$AT" 5 say ready accept eof send late close accept eof close accept reset
  peer connect "$AT" shut expect late eof close connect "$AT" close connect "$AT" accepted abort
  ended 0
}
