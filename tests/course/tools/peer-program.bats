#!/usr/bin/env bats
# The peer's statements about the program: where it listens, whether it sleeps, what
# it has printed, how long things took.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # texts of scripts; tests are subshells
load tools
load conversation

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
  set_program "$(<d/pid)"
}

@test "expect-quiet: a program that naps, and then waits for a processor" {
  starved 10 60 perl -e 'while (1) { select undef, undef, undef, 0.1; $i++ for 1 .. 100000 }'
  peer expect-quiet 10
}

@test "every statement of the peer is tried in these files" {
  local statement
  while read -r statement; do
    # In a script, or alone on a command line.
    grep -qhE "^ +(((run )?(peer|\"\\\$BIN/peer\")|play_program|assert_unmet) (.* )?)?$statement( |\$)" \
      "$BATS_TEST_DIRNAME"/peer*.bats || echo "not tried: $statement"
  done < <(sed -n 's/^    {"\([a-z-]*\)", ".*/\1/p' "$root/tests/tools/peer/peer.c") >missing
  same "$(<missing)" ''
}

@test "expect-waiting: the program still waits when the time is over, and has kept the connection" {
  local still='the program still waits after 1 s: the lab sets no limit'
  an_address
  play_program <<END
    listen $AT 5
    print ready
    accept
    stay
END
  peer <<END
    expect-waiting 1 1000
    connect $AT
    start-timer
    expect-waiting 30 1000
    expect-after 29
END
  play_program <<END
    listen $AT 5
    print ready
    accept
    close
    stay
END
  assert_unmet "$still" 'it closed the connection' <<END
    connect $AT
    expect-waiting 1 1000
END
  play_program <<END
    listen $AT 5
    print ready
    accept
    close
    stay
END
  peer <<END
    connect $AT
    expect-eof
    expect-waiting 1 1000
END
  play_program <<END
    listen $AT 5
    print ready
    accept
    abort
    stay
END
  assert_unmet "$still" 'it broke the connection off' <<END
    connect $AT
    wait-accepted
    expect-waiting 1 1000
END
  play_program print ready
  assert_unmet "$still" 'the program had ended' expect-waiting 1 1000
}

@test "expect-lasted: time of the program's since the timer was started" {
  play_program <<END
    print ready
    stay
END
  peer <<END
    start-timer
    expect-waiting 10 500
    expect-lasted 10 500
    expect-lasted 10.4 500
END
  assert_unmet 'not before 3600 s' 'after *s of the program'*' time' <<END
    start-timer
    expect-lasted 3600 50
END
}

@test "stop-for: stops a program that sleeps for a while, not one that has ended" {
  run_program perl -e '$SIG{USR2} = sub { print "caught\n"; exit 0 }; sleep 100'
  peer <<END
    wait-asleep
    start-timer
    stop-for 50 USR2
    expect-after 49
    wait-ended
END
  same "$(<out)" caught
  run_program true
  peer <<END
    wait-ended
    stop-for 5 USR2
END
}

@test "wait-listening, wait-listening-at, expect-backlog: what the kernel says" {
  an_address
  play_program <<END
    listen $AT 7
    print ready
    stay
END
  peer <<END
    wait-listening
    wait-listening-at $AT
    expect-backlog 7
END
  assert_unmet "a socket that listens on $ADDR:$((PORT + 1))" "it listens on $AT" wait-listening-at "$ADDR:$((PORT + 1))"
  assert_unmet 'a backlog of 5' 'a backlog of 7 *' <<END
    wait-listening
    expect-backlog 5
END
  peer expect-backlog-at-least 7
  assert_unmet 'a backlog of at least 8' 'a backlog of 7 *' expect-backlog-at-least 8
}

@test "wait-listening: a kernel that cannot be asked for its sockets is not the program's fault" {
  local code=0
  strace -qq -o /dev/null true 2>/dev/null || skip "no ptrace here"
  an_address
  play_program <<END
    listen $AT 7
    print ready
    stay
END
  # The end of the kernel's list, with ENOENT: no module tcp_diag; netlink(7).
  strace -qq -o /dev/null -e trace=recvfrom \
    -e inject=recvfrom:retval=20:poke_exit=@arg2=14000000030000000000000000000000feffffff \
    "$BIN/peer" -p "$T/pid" -e "$T/ev" wait-listening 2>"$T/said" || code=$?
  same "$code" 3
  like "$(<"$T/said")" '*kernel for its sockets*'
}

@test "wait-listening: a program that ended, that sleeps, that starts late" {
  run_program true
  assert_unmet 'the program listens on a TCP socket' 'it listens on none: the program had ended' wait-listening
  run_program sleep 100
  assert_unmet 'the program listens on a TCP socket' 'it listens on none: nothing for 2 s, while the program slept' wait-listening
  an_address
  printf 'listen %s 3\nstay\n' "$AT" >script
  run_program sh -c 'sleep 1; exec "$1" <script' - "$BIN/peer"
  peer <<END
    wait-listening-at $AT
    expect-backlog 3
END
  # Somebody else listens: that does not count.
  run_program sleep 100
  assert_unmet 'the program listens on a TCP socket' 'it listens on none: *' wait-listening
}

@test "wait-accepted, wait-read: whether the program has the connection, and its bytes" {
  an_address
  play_program <<END
    listen $AT 1
    print ready
    stay
END
  assert_unmet 'the program accepts the connection' "it waits in the kernel's queue: nothing for 2 s, while the program slept" <<END
    connect $AT
    wait-accepted
END
  play_program <<END
    listen $AT 1
    print ready
    accept
    expect abc
    stay
END
  peer <<END
    connect $AT
    wait-accepted
    send abc
    wait-read
END
  assert_unmet 'the program reads all that was sent' 'bytes wait unread in the kernel: nothing for 2 s, while the program slept' <<END
    connect $AT
    send abc
    wait-read
END
}

@test "allow-unread: a program may sleep and read what has come when there is more" {
  an_address
  play_program <<END
    listen $AT 1
    print ready
    accept
    stay
END
  peer <<END
    allow-unread
    connect $AT
    send a
    wait-read
    set-piece-size 1
    send bc
    set-random-pieces 2 none
    send defgh
END
}

@test "connect-idle: clients that say nothing, until the program leaves some in its queue" {
  local accepts=$'accept\naccept\naccept\naccept\naccept\naccept'
  an_address
  play_program <<END
    listen $AT 5
    print ready
    $accepts
    stay
END
  peer connect-idle "$AT" 6
  same "$(<ev)" $'step\t6 clients connected, one after another, and said nothing'
  play_program <<END
    listen $AT 5
    print ready
    accept
    stay
END
  peer connect-idle "$AT" 20
  same "$(<ev)" $'step\t5 clients connected, one after another, and said nothing'
  assert_unmet "a connection to $ADDR:1" 'Connection refused *' connect-idle "$ADDR:1" 6
}

@test "connect-idle: a program that naps before it accepts has left nothing in its queue" {
  an_address
  run_program perl -MIO::Socket::INET -e '$| = 1;
    $s = IO::Socket::INET->new(Listen => 5, LocalAddr => $ARGV[0]) or die; print "ready\n";
    while (1) { select undef, undef, undef, 0.0002 for 1 .. 50; push @c, scalar $s->accept }' "$AT"
  until_it grep -qs ready out
  peer connect-idle "$AT" 6
  same "$(<ev)" $'step\t6 clients connected, one after another, and said nothing'
}

@test "wait-asleep, expect-idle: right and wrong" {
  run_program sleep 100
  peer <<END
    wait-asleep
    expect-idle
END
  run_program sh -c 'while :; do :; done'
  assert_unmet 'the program sleeps while it has nothing to do' 'it keeps the processor busy: * for [0-9]* of [0-9]* ms' expect-idle
  assert_unmet 'the program waits in a system call' 'it does not sleep: it keeps the processor busy: it used [0-9]* ms of it in [0-9]* ms' wait-asleep
  kill "$PROGRAM"
  wait "$PROGRAM" || true
  assert_unmet 'the program sleeps while it has nothing to do' 'it had ended' expect-idle
  assert_unmet 'the program waits in a system call' 'it does not sleep: the program had ended' wait-asleep
}

@test "wait-asleep: a program that naps for 6 ms" {
  # It works for 0.2 s first: then the peer looks every 8 ms.
  perl -e '1 while ($n += 1) < 3e6; select undef, undef, undef, 0.006 for 1 .. 1500' 3>&- &
  set_program "$!"
  peer wait-asleep
}

@test "wait-asleep: a program that never sleeps, and gets little of the processor" {
  starved 10 6
  assert_unmet 'the program waits in a system call' 'it does not sleep: * the processor busy*' wait-asleep
}

@test "expect-idle: not a program that wants the processor and does not get it" {
  # On a busy machine each of these takes ten seconds, not one.
  starved 0 600
  for _ in {1..3}; do
    assert_unmet 'the program sleeps while it has nothing to do' 'it keeps the processor busy: * for [0-9]* of [0-9]* ms' expect-idle
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

@test "expect-idle: a second thread counts, too" {
  threads ''
  run_program ./threads
  assert_unmet 'the program sleeps while it has nothing to do' 'it keeps the processor busy: * for [0-9]* of [0-9]* ms' expect-idle
}

@test "expect-idle: a second thread that wakes now and then, and waits for a processor, does no harm" {
  threads 'usleep(10000)'
  starved 10 60 ./threads
  peer wait-asleep
  for _ in {1..9}; do peer expect-idle; done
}

# restless CODE: ./restless, whose main does this for ever. A child of it must end with it
# (prctl(2)): the test ends only the program that it started.
restless() {
  cat >restless.c <<END
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
    for (;;) $1;
}
END
  gcc -std=gnu17 -w restless.c -o restless
  run_program ./restless
}

@test "wait-asleep, expect-idle, wait-ended: a program that polls, yields, or has a child that spins" {
  local code polls='it asks again and again: it woke up [0-9]* times in [0-9]* ms' busy='*the processor busy*'
  # The shorter one last: in a nap of a millisecond wait-asleep may look twice.
  for code in 'poll(0, 0, 1)' 'usleep(100)'; do
    restless "$code"
    assert_unmet 'the program sleeps while it has nothing to do' "$polls" expect-idle
    assert_unmet 'the program ends by itself' "it still runs: $polls" wait-ended
  done
  assert_unmet 'the program waits in a system call' "it does not sleep: $polls" wait-asleep
  for code in 'poll(0, 0, 0)' 'sched_yield()' 'if (fork()) wait(0); else for (prctl(PR_SET_PDEATHSIG, 9);;)'; do
    restless "$code"
    assert_unmet 'the program sleeps while it has nothing to do' "$busy" expect-idle
    assert_unmet 'the program waits in a system call' "it does not sleep: $busy" wait-asleep
    assert_unmet 'the program ends by itself' "it still runs: $busy" wait-ended
  done
  restless 'poll(0, 0, 200)'
  peer <<END
    wait-asleep
    expect-idle
END
}

@test "wait-asleep: two threads that hand on a line at a time are at work" {
  cat >handing.c <<'END'
#include <pthread.h>
#include <unistd.h>
static int there[2], back[2];
static void *other(void *c) {
    while (read(there[0], c, 1) == 1) write(back[1], c, 1);
    return NULL;
}
int main(void) {
    pthread_t thread;
    char c, d;
    pipe(there), pipe(back);
    pthread_create(&thread, NULL, other, &d);
    for (int i = 0; i < 9000; i++) write(there[1], "x", 1), read(back[0], &c, 1);
    pause();
}
END
  gcc -std=gnu17 -w handing.c -o handing
  run_program ./handing
  peer wait-asleep
  # Two that ask for ever are not.
  sed -i 's/i < 9000/1/' handing.c
  gcc -std=gnu17 -w handing.c -o handing
  run_program ./handing
  assert_unmet 'the program waits in a system call' 'it does not sleep: it *' wait-asleep
}

@test "wait-ended: a program whose time runs fast is no poller" {
  restless 'poll(0, 0, 100)'
  kill "$PROGRAM"
  # Ten minutes in steps of 0.1 s, in 0.3 s.
  sed -i 's/for (;;)/for (int i = 0; i < 6000; i++)/' restless.c
  gcc -std=gnu17 -w restless.c -o restless
  # LD_PRELOAD can name no path with a blank.
  cp "$BIN/clock.so" .
  run_program env LD_PRELOAD=./clock.so CLOCK=fast=2000 ./restless
  peer wait-ended
}

@test "wait-ended: the launcher has counted what the program left behind" {
  # It waits for a second before it ends what is left.
  "$BIN/launch" -w 1 -d "$T/d" -- sh -c 'sleep 20 & exit 0' >said 3>&- &
  STARTED+=("$!")
  until_it grep -qs started said
  "$BIN/peer" -p d/pid -o d/out -e ev wait-ended
  like "$(tail -n 1 said)" 'exited 0 1 *'
}

@test "allow-busy: a program may compute for longer than others" {
  run_program sh -c 'ulimit -t 3; while :; do :; done'
  peer <<END
    allow-busy
    wait-ended
END
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

@test "signal STOP: a program with two threads, under strace" {
  cat >two.c <<'END'
#include <pthread.h>
#include <unistd.h>
static void *nap(void *p) {
    pause();
    return p;
}
int main(void) {
    pthread_t t;
    pthread_create(&t, NULL, nap, NULL);
    pthread_join(t, NULL);
}
END
  gcc -std=gnu17 -pthread two.c -o two
  strace -qq -o /dev/null true || skip 'strace may not trace here'
  run_program strace -f -qq -o /dev/null ./two
  peer <<END
    wait-asleep
    signal STOP
    signal CONT
END
}

@test "a program whose main has ended, while another thread goes on" {
  cat >leaves.c <<'END'
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
static void *serve(void *data) {
    char **words = data;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {inet_addr(words[1])}, .sin_port = htons(atoi(words[2]))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bind(fd, (struct sockaddr *)&at, sizeof at);
    listen(fd, 5);
    pause();
    return data;
}
int main(int argc, char *argv[]) {
    pthread_t t;
    pthread_create(&t, NULL, serve, argv);
    pthread_exit(NULL);
}
END
  gcc -std=gnu17 -pthread leaves.c -o leaves
  an_address
  run_program ./leaves "${AT%:*}" "${AT##*:}"
  peer <<END
    wait-listening-at $AT
    wait-asleep
    note-memory
    expect-growth-below 100
END
}

# state_of PID: as in proc(5).
state_of() { sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$1/status"; }

@test "the program is its children, too: wait-listening, wait-asleep, signal" {
  local child
  an_address
  printf 'listen %s 5\nstay\n' "$AT" >script
  run_program sh -c '"$1" -e "$2" <script & wait; wait' - "$BIN/peer" "$T/program.ev"
  peer <<END
    wait-listening-at $AT
    wait-asleep
    expect-idle
    signal STOP
END
  child=$(pgrep -P "$PROGRAM")
  STARTED+=("$child")
  same "$(state_of "$child")" T
  peer <<END
    signal CONT
    wait-asleep
    signal TERM
    wait-ended
END
  # It is ended by what its parent does, or not.
  sleep 0.1
  same "$(state_of "$child")" S
}

@test "wait-ended: waits for it, not for ever" {
  run_program sleep 0.3
  peer wait-ended
  run_program sleep 100
  assert_unmet 'the program ends by itself' 'it still runs: nothing for 2 s, while the program slept' wait-ended
}

@test "wait-lines: waits for them while they may come" {
  run_program sh -c 'echo 1; sleep 0.3; printf "2\n3\nhalf"; exec sleep 100'
  peer wait-lines 3
  assert_unmet '4 lines on standard output, flushed, while it runs' '3 so far: nothing for 2 s, while the program slept' wait-lines 4
  run_program true
  wait "$PROGRAM"
  chmod a-w out # as the launcher does
  assert_unmet '1 line on standard output, flushed, while it runs' '0 so far: the program had ended' wait-lines 1
}

@test "wait-lines: the last line of a program that has ended may still be on its way" {
  mkfifo go
  "$BIN/launch" -d "$T/d" -- sh -c 'read -r x <go; echo last' >said 3>&- &
  launcher=$!
  STARTED+=("$launcher")
  until_it grep -qs started said
  set_program "$(<d/pid)"
  # The launcher stands, so that what the program prints at its end stays in the pipe.
  kill -STOP "$launcher"
  echo >go
  until_it dead "$PROGRAM"
  "$BIN/peer" -p "$T/pid" -o "$T/d/out" -e "$T/ev" wait-lines 1 3>&- &
  waiting=$!
  STARTED+=("$waiting")
  read -r -t 0.3 <> <(:) || true
  alive "$waiting"
  kill -CONT "$launcher"
  wait "$waiting"
}

@test "expect-fds: how many descriptors the program has" {
  run_program bash -c 'exec 5</dev/null 6</dev/null; exec sleep 100' </dev/null
  peer wait-asleep
  fds=$(find "/proc/$PROGRAM/fd" -type l | wc -l)
  peer expect-fds "$fds"
  assert_unmet '3 open descriptors' "$fds (*)" expect-fds 3
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
  run_program ./threads
  peer <<END
    wait-asleep
    signal USR2
    wait-ended
END
  same "$(sort out | paste -sd ' ')" 'main one two'
  run_program ./threads
  peer <<END
    stop-for 5 USR2
    wait-ended
END
  same "$(sort out | paste -sd ' ')" 'main one two'
}

@test "signal: sent, stopped, and to nobody" {
  run_program bash -c 'trap "echo got; exit" USR1; echo on; while :; do read -r -t 0.05 <> <(:); done'
  peer <<END
    wait-lines 1
    signal STOP
    signal CONT
    signal USR1
    wait-lines 2
    wait-ended
END
  same "$(tail -n 1 out)" got
  assert_unmet 'the program runs' 'it had ended' signal USR1
}

@test "signal-repeatedly: a wait that each signal begins anew is given up" {
  run_program bash -c 'trap : USR2; while :; do read -r -t 5 <> <(:); done'
  peer wait-asleep
  run peer <<END
    signal-repeatedly USR2 20 300
    wait-ended
END
  same "$status" 1
  peer <<END
    signal-repeatedly none 0 0
    wait-asleep
END
}

@test "start-timer, expect-after, expect-before" {
  peer <<END
    start-timer
    expect-after 0
    expect-before 9000
END
  assert_unmet 'not before 200 ms from the start' 'after * ms' <<END
    start-timer
    expect-after 200
END
  # Its last 0.3 s begin after the timer, however slow the machine is.
  run_program perl -e '$SIG{USR2} = sub { select undef, undef, undef, 0.3; exit 0 }; sleep 100'
  peer <<END
    wait-asleep
    start-timer
    signal USR2
    wait-ended
    expect-after 200
    expect-before 19000
END
  run_program perl -e '$SIG{USR2} = sub { select undef, undef, undef, 0.3; exit 0 }; sleep 100'
  assert_unmet 'within 100 ms from the start' 'after * ms' <<END
    wait-asleep
    start-timer
    signal USR2
    wait-ended
    expect-before 100
END
}

@test "make-random, expect-same, print: without any program" {
  "$BIN/peer" -s 1 <<END >said
    make-random a 1000
    make-random b 1000
    expect-same a a
    print as it is: \n
END
  same "$(<said)" 'as it is: \n'
  cp a c
  assert_unmet '* (1000 bytes)' '*' expect-same a b || ! cmp -s a b
  peer expect-same a c
}

@test "wait-connecting, answer-connect, set-reuseport: a program before a full queue" {
  an_address
  "$BIN/peer" -e "$T/full.ev" -p "$T/pid" <<END >full 3>&- &
    set-reuseport
    listen $AT 0
    fill-queue
    print ready
    wait-connecting
    print called
    answer-connect
    print answered
    stay
END
  STARTED+=($!)
  until_it grep -qs ready full
  printf 'connect %s\nstay\n' "$AT" >script
  run_program sh -c 'exec "$1" -e "$2" <script' - "$BIN/peer" "$T/program.ev"
  until_it grep -qs answered full
  same "$(sed -n 2p full)" called
  until_it grep -q 'connected to' program.ev
}

@test "expect-raw-sockets: whether raw sockets can be made here" {
  if ((EUID)); then
    assert_unmet 'a raw socket' 'Operation not permitted' expect-raw-sockets
  elif "$BIN/peer" expect-raw-sockets 2>/dev/null; then
    run setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$BIN/peer" expect-raw-sockets
    same "$status" 1
    like "$output" '*a raw socket*Operation not permitted'
  else
    skip "this root may not make raw sockets"
  fi
}

@test "set-mss: for a small segment the other end has a small send buffer" {
  an_address
  head -c 1000000 /dev/zero >big
  play_program <<END
    listen $AT 1
    print ready
    accept
    send-file big
    print sent
    stay
END
  peer <<END
    connect $AT
    wait-lines 2
END
  play_program <<END
    listen $AT 1
    print ready
    accept
    send-file big
    print sent
    stay
END
  sleep 100 3>&- &
  set_program $!
  assert_unmet '2 lines on standard output, flushed, while it runs' '1 so far: *' <<END
    set-mss 100
    set-rcvbuf 4096
    connect $AT
    wait-lines 2
END
}

@test "expect-promptly: an answer comes before the program sleeps" {
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
    "$BIN/peer" -p pid -e /dev/null wait-listening
    : >ev
    "$BIN/peer" -p pid -e ev <<END || true
      expect-promptly
      connect $AT
      send 1
      expect yes
      send 2
      expect yes
      shutdown
      expect-eof
END
    said=$(grep -a '^got' ev) || said=
    case $how in
      none) same "$said" '' ;;
      cork) like "$said" '*told to hold back*' ;;
      *) like "$said" '*all that it needs, and sleeps first*' ;;
    esac
  done
}

@test "-g: no wait ends while the file is there, unless the program has ended" {
  local waiting
  run_program sleep 100
  touch debugged
  "$BIN/peer" -g debugged -p pid -e waited wait-ended 3>&- &
  waiting=$!
  STARTED+=("$waiting")
  # It would have given up after 2 s.
  sleep 4
  alive "$waiting"
  rm debugged
  until_it eval "! alive $waiting"
  like "$(<waited)" '*nothing for 2 s, while the program slept*'
}
