#!/usr/bin/env bats
# The peer's statements about the program: where it listens, whether it sleeps, what
# it has printed, how long things took.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # texts of scripts; tests are subshells
load tools
load talk

# runs WORD…: any program in place of the peer.
runs() {
  "$@" >"$T/out" 2>"$T/program.err" 3>&- &
  its_id $!
}

# starved NICE SECONDS [WORD…]: a program, by default one that never sleeps, ended after
# SECONDS. On the same processor another one goes first, with this nice value: 10 leaves
# it a fiftieth.
starved() {
  local cpu nice=$1 seconds=$2
  shift 2
  (($# > 0)) || set -- sh -c 'while :; do :; done'
  cpu=$(taskset -cp $$)
  cpu=${cpu##*: }
  cpu=${cpu%%[-,]*}
  taskset -c "$cpu" nice -n "$nice" sh -c 'while :; do :; done' 3>&- &
  STARTED+=("$!")
  "$BIN/launch" -t "$seconds" -d "$T/d" -- taskset -c "$cpu" chrt -i 0 "$@" >said 3>&- &
  STARTED+=("$!")
  until_it grep -qs started said
  its_id "$(<d/pid)"
}

@test "every statement of the peer is described in its head and tried in these files" {
  while read -r word; do
    sed '/^#include/q' "$root/tests/tools/peer/peer.c" | grep -qE "^ \* .*\b$word\b" || echo "not described: $word"
    grep -qhE "(peer|wrong|program|-s [0-9]|\") (.* )?$word( |$|\\))" "$BATS_TEST_DIRNAME"/peer*.bats || echo "not tried: $word"
  done < <(sed -n 's/^    {"\([a-z-]*\)", [0-9].*/\1/p' "$root/tests/tools/peer/peer.c") >missing
  same "$(<missing)" ''
}

@test "pass: the program still waits when the time is over, and has kept the connection" {
  local still='the program still waits after 1 s: the lab sets no limit'
  an_address
  program listen "$AT" 5 say ready accept stay
  peer pass 1 1000 connect "$AT" mark pass 30 1000 after 29
  program listen "$AT" 5 say ready accept close stay
  wrong "$still" 'it closed the connection' connect "$AT" pass 1 1000
  program listen "$AT" 5 say ready accept close stay
  peer connect "$AT" eof pass 1 1000
  program listen "$AT" 5 say ready accept abort stay
  wrong "$still" 'it broke the connection off' connect "$AT" accepted pass 1 1000
  program say ready
  wrong "$still" 'the program had ended' pass 1 1000
}

@test "lasted: time of the program's since the mark" {
  program say ready stay
  peer mark pass 10 500 lasted 10 500 lasted 10.4 500
  wrong 'not before 3600 s' 'after *s of the program'*' time' mark lasted 3600 50
}

@test "halt: stops a program that sleeps for a while, not one that has ended" {
  runs perl -e '$SIG{USR2} = sub { print "caught\n"; exit 0 }; sleep 100'
  peer asleep mark halt 50 12 after 49 ended
  same "$(<out)" caught
  runs true
  peer ended halt 5 12
}

@test "listening, listening-at, backlog: what the kernel says" {
  an_address
  program listen "$AT" 7 say ready stay
  peer listening listening-at "$AT" backlog 7
  wrong "a socket that listens on $ADDR:$((PORT + 1))" "it listens on $AT" listening-at "$ADDR:$((PORT + 1))"
  wrong 'a backlog of 5' 'a backlog of 7 *' listening backlog 5
  peer backlog-at-least 7
  wrong 'a backlog of at least 8' 'a backlog of 7 *' backlog-at-least 8
}

@test "listening: a kernel that cannot be asked for its sockets is not the program's fault" {
  local code=0
  strace -qq -o /dev/null true 2>/dev/null || skip "no ptrace here"
  an_address
  program listen "$AT" 7 say ready stay
  # The end of the kernel's list, with ENOENT: no module tcp_diag; netlink(7).
  strace -qq -o /dev/null -e trace=recvfrom \
    -e inject=recvfrom:retval=20:poke_exit=@arg2=14000000030000000000000000000000feffffff \
    "$BIN/peer" -p "$T/pid" -e "$T/ev" listening 2>"$T/said" || code=$?
  same "$code" 3
  like "$(<"$T/said")" '*kernel for its sockets*'
}

@test "listening: a program that ended, that sleeps, that starts late" {
  runs true
  wrong 'the program listens on a TCP socket' 'it listens on none: the program had ended' listening
  runs sleep 100
  wrong 'the program listens on a TCP socket' 'it listens on none: nothing for 2 s, while the program slept' listening
  an_address
  runs sh -c 'sleep 1; exec "$1" listen "$2" 3 stay' - "$BIN/peer" "$AT"
  peer listening-at "$AT" backlog 3
  # Somebody else listens: that does not count.
  runs sleep 100
  wrong 'the program listens on a TCP socket' 'it listens on none: *' listening
}

@test "accepted, taken: whether the program has the connection, and its bytes" {
  an_address
  program listen "$AT" 1 say ready stay
  wrong 'the program accepts the connection' "it waits in the kernel's queue: nothing for 2 s, while the program slept" connect "$AT" accepted
  program listen "$AT" 1 say ready accept expect abc stay
  peer connect "$AT" accepted send abc taken
  wrong 'the program reads all that was sent' 'bytes wait unread in the kernel: nothing for 2 s, while the program slept' connect "$AT" send abc taken
}

@test "asleep, idle: right and wrong" {
  runs sleep 100
  peer asleep idle
  runs sh -c 'while :; do :; done'
  wrong 'the program sleeps while it has nothing to do' 'it keeps the processor busy: * for [0-9]* of [0-9]* ms' idle
  wrong 'the program waits in a system call' 'it does not sleep: it keeps the processor busy: it used [0-9]* ms of it in [0-9]* ms' asleep
  kill "$PROGRAM"
  wait "$PROGRAM" || true
  wrong 'the program sleeps while it has nothing to do' 'it had ended' idle
  wrong 'the program waits in a system call' 'it does not sleep: the program had ended' asleep
}

@test "asleep: a program that never sleeps, and gets little of the processor" {
  starved 10 6
  wrong 'the program waits in a system call' 'it does not sleep: * the processor busy*' asleep
}

@test "idle: not a program that wants the processor and does not get it" {
  starved 0 60
  for _ in {1..9}; do
    wrong 'the program sleeps while it has nothing to do' 'it keeps the processor busy: * for [0-9]* of [0-9]* ms' idle
  done
}

# threads CODE: ./threads, whose second thread does this for ever.
threads() {
  cat >threads.c <<END
#include <pthread.h>
#include <unistd.h>
static void *second(void *nothing) { for (;;) $1; return nothing; }
int main(void) {
    pthread_t one;
    return pthread_create(&one, NULL, second, NULL) || pause();
}
END
  gcc -std=gnu17 -w threads.c -o threads -pthread
}

@test "idle: a second thread counts, too" {
  threads ''
  runs ./threads
  wrong 'the program sleeps while it has nothing to do' 'it keeps the processor busy: * for [0-9]* of [0-9]* ms' idle
}

@test "idle: a second thread that wakes now and then, and waits for a processor, does no harm" {
  threads 'usleep(10000)'
  starved 10 60 ./threads
  peer asleep
  for _ in {1..9}; do peer idle; done
}

# restless CODE: ./restless, whose main does this for ever.
restless() {
  cat >restless.c <<END
#include <poll.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
    for (;;) $1;
}
END
  gcc -std=gnu17 -w restless.c -o restless
  runs ./restless
}

@test "asleep, idle, ended: a program that polls, yields, or has a child that spins" {
  local code polls='it asks again and again: it woke up [0-9]* times in [0-9]* ms' busy='*the processor busy*'
  for code in 'usleep(100)' 'poll(0, 0, 1)'; do
    restless "$code"
    wrong 'the program sleeps while it has nothing to do' "$polls" idle
    wrong 'the program ends by itself' "it still runs: $polls" ended
  done
  wrong 'the program waits in a system call' "it does not sleep: $polls" asleep
  for code in 'poll(0, 0, 0)' 'sched_yield()' 'if (fork()) wait(0); else for (;;)'; do
    restless "$code"
    wrong 'the program sleeps while it has nothing to do' "$busy" idle
    wrong 'the program waits in a system call' "it does not sleep: $busy" asleep
    wrong 'the program ends by itself' "it still runs: $busy" ended
  done
  restless 'poll(0, 0, 200)'
  peer asleep idle
}

@test "ended: a program whose time runs fast is no poller" {
  restless 'poll(0, 0, 100)'
  kill "$PROGRAM"
  # Ten minutes in steps of 0.1 s, in 0.3 s.
  sed -i 's/for (;;)/for (int i = 0; i < 6000; i++)/' restless.c
  gcc -std=gnu17 -w restless.c -o restless
  runs env LD_PRELOAD="$BIN/clock.so" CLOCK=fast=2000 ./restless
  peer ended
}

@test "patient: a program may compute for longer than others" {
  runs sh -c 'ulimit -t 3; while :; do :; done'
  peer patient ended
}

@test "a program that waits for a processor is given more time, three times as much at most" {
  cat >waits.c <<'END'
#include "patience.h"
#include <stdio.h>
int main(void) {
    printf("%lld %lld %lld %lld\n", patience(20000, 50, 0), patience(20000, 50, 5000),
           patience(20000, 50, 90000), patience(20000, 10000, 5000));
}
END
  gcc -std=gnu17 -I"$root/tests/tools" waits.c -o waits
  same "$(./waits)" '20000 25000 60000 20000'
}

@test "the program is its children, too: listening, asleep, signal" {
  an_address
  runs sh -c '"$1" -e "$2" listen "$3" 5 stay & wait; wait' - "$BIN/peer" "$T/program.ev" "$AT"
  peer listening-at "$AT" asleep idle signal 19
  same "$(sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$(pgrep -P "$PROGRAM")/status")" T
  peer signal 18 asleep signal 15 ended
  until_it eval '! pgrep -f "listen $AT" >listeners'
}

@test "ended: waits for it, not for ever" {
  runs sleep 0.3
  peer ended
  runs sleep 100
  wrong 'the program ends by itself' 'it still runs: nothing for 2 s, while the program slept' ended
}

@test "lines: waits for them while they may come" {
  runs sh -c 'echo 1; sleep 0.3; printf "2\n3\nhalf"; exec sleep 100'
  peer lines 3
  wrong '4 lines on standard output, flushed, while it runs' '3 so far: nothing for 2 s, while the program slept' lines 4
  runs true
  wait "$PROGRAM"
  chmod a-w out # as the launcher does
  wrong '1 line on standard output, flushed, while it runs' '0 so far: the program had ended' lines 1
}

@test "lines: the last line of a program that has ended may still be on its way" {
  mkfifo go
  "$BIN/launch" -d "$T/d" -- sh -c 'read -r x <go; echo last' >said 3>&- &
  launcher=$!
  STARTED+=("$launcher")
  until_it grep -qs started said
  its_id "$(<d/pid)"
  # The launcher stands, so that what the program prints at its end stays in the pipe.
  kill -STOP "$launcher"
  echo >go
  until_it dead "$PROGRAM"
  "$BIN/peer" -p "$T/pid" -o "$T/d/out" -e "$T/ev" lines 1 3>&- &
  waiting=$!
  STARTED+=("$waiting")
  read -r -t 0.3 <> <(:) || true
  alive "$waiting"
  kill -CONT "$launcher"
  wait "$waiting"
}

@test "fds: how many descriptors the program has" {
  runs bash -c 'exec 5</dev/null 6</dev/null; exec sleep 100' </dev/null
  peer asleep
  fds=$(find "/proc/$PROGRAM/fd" -type l | wc -l)
  peer fds "$fds"
  wrong '3 open descriptors' "$fds (*): nothing for 2 s, while the program slept" fds 3
}

@test "signal: each thread that sleeps gets SIGUSR2" {
  cat >threads.c <<'END'
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static void caught(int sig) { (void)sig; }
static void *waits(void *name) {
    pause();
    return puts(name) ? NULL : name;
}
int main(void) {
    struct sigaction act = {.sa_handler = caught};
    pthread_t one, two;
    setlinebuf(stdout);
    sigaction(SIGUSR2, &act, NULL);
    pthread_create(&one, NULL, waits, "one");
    pthread_create(&two, NULL, waits, "two");
    waits("main");
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    return 0;
}
END
  gcc -std=gnu17 threads.c -o threads -pthread
  runs ./threads
  peer asleep signal 12 ended
  same "$(sort out | paste -sd ' ')" 'main one two'
  runs ./threads
  peer halt 5 12 ended
  same "$(sort out | paste -sd ' ')" 'main one two'
}

@test "signal: sent, stopped, and to nobody" {
  runs bash -c 'trap "echo got; exit" USR1; echo on; while :; do read -r -t 0.05 <> <(:); done'
  peer lines 1 signal 19 signal 18 signal 10 lines 2 ended
  same "$(tail -n 1 out)" got
  wrong 'the program runs' 'it had ended' signal 10
}

@test "nag: a wait that each signal begins anew is given up" {
  runs bash -c 'trap : USR2; while :; do read -r -t 5 <> <(:); done'
  peer asleep
  run peer nag 12 20 300 ended
  same "$status" 1
  peer nag 0 0 0 asleep
}

@test "mark, after, before" {
  peer mark after 0 before 9000
  wrong 'not before 200 ms' 'after * ms' mark after 200
  # Its last 0.3 s begin after the mark, however slow the machine is.
  runs perl -e '$SIG{USR2} = sub { select undef, undef, undef, 0.3; exit 0 }; sleep 100'
  peer asleep mark signal 12 ended after 200 before 19000
  runs perl -e '$SIG{USR2} = sub { select undef, undef, undef, 0.3; exit 0 }; sleep 100'
  wrong 'within 100 ms' 'after * ms' asleep mark signal 12 ended before 100
}

@test "random, same, say: without any program" {
  "$BIN/peer" -s 1 random a 1000 random b 1000 same a a say 'as it is: \n' >said
  same "$(<said)" 'as it is: \n'
  cp a c
  wrong '* (1000 bytes)' '*' same a b || ! cmp -s a b
  peer same a c
}

@test "calling, answer, reuseport: a program before a full queue" {
  an_address
  "$BIN/peer" -e "$T/full.ev" -p "$T/pid" reuseport listen "$AT" 0 fill say ready calling say called answer say answered stay >full 3>&- &
  STARTED+=($!)
  until_it grep -qs ready full
  runs "$BIN/peer" -e "$T/program.ev" connect "$AT" stay
  until_it grep -qs answered full
  same "$(sed -n 2p full)" called
  until_it grep -q 'connected to' program.ev
}

@test "raw: whether raw sockets can be made here" {
  if ((EUID)); then
    wrong 'a raw socket' 'Operation not permitted' raw
  elif "$BIN/peer" raw 2>/dev/null; then
    run setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$BIN/peer" raw
    same "$status" 1
    like "$output" '*a raw socket*Operation not permitted'
  else
    skip "this root may not make raw sockets"
  fi
}

@test "mss: for a small segment the other end has a small send buffer" {
  an_address
  head -c 1000000 /dev/zero >big
  program listen "$AT" 1 say ready accept send-file big say sent stay
  peer connect "$AT" lines 2
  program listen "$AT" 1 say ready accept send-file big say sent stay
  sleep 100 3>&- &
  its_id $!
  wrong '2 lines on standard output, flushed, while it runs' '1 so far: *' mss 100 rcvbuf 4096 connect "$AT" lines 2
}

@test "prompt: an answer comes before the program sleeps" {
  cat >late.py <<'END'
import socket, sys, time
address, port, how = sys.argv[1], int(sys.argv[2]), sys.argv[3]
s = socket.create_server((address, port))
while True:
    c, _ = s.accept()
    if how == "cork":
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    while c.recv(100):
        if how == "sleep":
            time.sleep(0.3)
        c.send(b"yes")
    if how == "end":
        time.sleep(0.3)
    c.close()
END
  local how said address port
  for how in none sleep cork end; do
    an_address
    address=${AT%:*} port=${AT##*:}
    python3 late.py "$address" "$port" "$how" 3>&- &
    STARTED+=($!)
    echo $! >pid
    "$BIN/peer" -p pid -e /dev/null listening
    : >ev
    "$BIN/peer" -p pid -e ev prompt connect "$AT" send 1 expect yes send 2 expect yes shut eof || true
    said=$(grep -a '^got' ev) || said=
    case $how in
      none) same "$said" '' ;;
      cork) like "$said" '*told to hold back*' ;;
      *) like "$said" '*all that it needs, and sleeps first*' ;;
    esac
  done
}
