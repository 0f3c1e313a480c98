# shellcheck shell=bash
# shellcheck disable=SC2154 # ADDR and what record defines
# What is played for the picture of each lab, in the words of record: the lab's
# program against the kit's peer, or its two programs against each other. The ports,
# and what is said, are those of the handouts' pictures.

scene_01() { start S socket inet stream; }

scene_02() {
  STDIN=open start S bind "$ADDR" 8002
  wait_for S asleep
  end_input S
}

scene_03() {
  STDIN=open start S listen "$ADDR" 8003 5
  wait_for S listening
  peer C connect "$ADDR:8003" say now gone close
  said
  end_input S
}

scene_04() {
  start S accept "$ADDR" 8004 2
  wait_for S listening asleep
  peer C connect "$ADDR:8004" gone close connect "$ADDR:8004" gone close
}

scene_05() {
  start S send-recv "$ADDR" 8005 1
  wait_for S listening asleep
  peer C connect "$ADDR:8005" send 1 taken send '\n' expect 'welcome to server!\n' shut eof close
}

scene_06() {
  start S close "$ADDR" 8006 1
  wait_for S listening asleep
  peer C connect "$ADDR:8006" send 'hello' taken send ' world' shut expect '11 bytes\n' eof close
}

scene_07() {
  peer S listen "$ADDR:8007" 5 say now accept expect 'hello' eof send 'good bye' close
  said
  start C connect "$ADDR" 8007 hello
}

scene_08() {
  start S timeout-server "$ADDR" 8008 1 2
  wait_for S listening asleep
  start C timeout-client "$ADDR" 8008 2 0 1
  finish C
  start C timeout-client "$ADDR" 8008 2 1.5 1
}

scene_09() {
  start S echo-server "$ADDR" 8009 1
  wait_for S listening asleep
  start C echo-client "$ADDR" 8009 hello 'network world'
}
