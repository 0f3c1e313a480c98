#!/usr/bin/env bats
# The clock (tests/tools/clock.c) on its own, under waits.c, which asks every call
# for a time-out. The peer's statement that goes with it is tried in peer-program.bats.
load tools

# LD_PRELOAD can name no path with a blank: the library is where the test is.
eval "kit_$(declare -f setup)"
setup() { kit_setup && ln -s "$BIN/clock.so" clock.so; }

# waits OPTIONS…: builds the program.
waits() { gcc -std=gnu17 -w "$@" "$BATS_TEST_DIRNAME/waits.c" -o waits; }

# clocked WORDS ARG…: runs it; what it printed on one line, commas between.
clocked() {
  timeout 20 env CLOCK="$1" LD_PRELOAD=./clock.so \
    ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 ./waits "${@:2}" | paste -sd,
}

every='sleep 30 s,usleep 30 s,nanosleep 30 s,thrd_sleep 30 s,clock_nanosleep 30 s,clock_nanosleep until 30 s,times 1,time 1,gettimeofday 1,timespec_get 1'
every+=',poll 30 s,ppoll 30 s,select 30 s,pselect 30 s,epoll_wait 30 s,epoll_pwait 30 s,epoll_pwait2 30 s'
every+=',alarm 30 s,ualarm 30 s,setitimer 30 s,timer_settime 30 s,timerfd 30 s,timer_settime until 30 s,timerfd until 30 s,sigtimedwait 30 s'
every+=',SO_RCVTIMEO 30 s,SO_SNDTIMEO 30 s,TCP_USER_TIMEOUT 30 s,pthread_cond_timedwait 30 s,pthread_cond_clockwait 30 s,sem_timedwait 30 s,sem_clockwait 30 s'
every+=',cnd_timedwait 30 s,pthread_timedjoin_np 30 s,pthread_clockjoin_np 30 s'

@test "fast=N: every time-out strikes sooner, and every clock agrees" {
  waits
  same "$(clocked fast=10000)" "$every"
}

@test "the same under the sanitizers" {
  waits -fsanitize=address,undefined
  same "$(clocked fast=10000)" "$every"
}

@test "slow=N: a millisecond of the program's is N outside, and two readings differ" {
  cat >slow.c <<'END'
#include <poll.h>
#include <time.h>
static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}
int main(void) {
    long long begun = now(), next = now();
    poll(NULL, 0, 2);
    return next <= begun || now() - begun < 2000000;
}
END
  gcc -std=gnu17 -w slow.c -o slow
  local begun=${EPOCHREALTIME/./}
  CLOCK=slow=100 LD_PRELOAD=./clock.so ./slow
  ((${EPOCHREALTIME/./} - begun >= 200000))
}

@test "what is left of a timer is told in the program's time; what is wrong is refused" {
  waits
  same "$(clocked fast=10 left)" \
    "alarm an hour,getitimer an hour,timer_gettime an hour,timerfd_gettime an hour,nanosleep an hour,sleep an hour,\
SO_RCVTIMEO Numerical argument out of domain,select taken,setitimer Invalid argument,nanosleep Invalid argument,\
ppoll Invalid argument,timerfd_settime Invalid argument,clock_nanosleep Invalid argument"
}

@test "thrd_sleep says -1 after a signal, and what is left" {
  cat >naps.c <<'END'
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <threads.h>
static void nothing(int sig) { (void)sig; }
int main(void) {
    struct itimerval soon = {.it_value = {.tv_sec = 60}};
    struct timespec t = {3600, 0}, rest = {0};
    signal(SIGALRM, nothing);
    setitimer(ITIMER_REAL, &soon, NULL);
    int result = thrd_sleep(&t, &rest);
    printf("%d %d", result, rest.tv_sec > 3000 && rest.tv_sec < 3600);
}
END
  gcc -std=gnu17 -w naps.c -o naps
  same "$(CLOCK=fast=1000 LD_PRELOAD=./clock.so ./naps)" '-1 1'
}

@test "wall=N: the wall clock is another hour further at each look, the monotonic one is not" {
  waits
  same "$(clocked wall=3600 wall)" 'time 1,gettimeofday 1,timespec_get 1,CLOCK_REALTIME 1,CLOCK_MONOTONIC 0'
  same "$(clocked wall=-3600 wall)" 'time -1,gettimeofday -1,timespec_get -1,CLOCK_REALTIME -1,CLOCK_MONOTONIC 0'
}

@test "up=N: the clocks begin with N seconds at the first look, and absolute times are right" {
  waits
  same "$(clocked 'fast=10000 up=2147483')" "$every"
  cat >up.c <<'END'
#include <stdio.h>
#include <time.h>
int main(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    printf("%ld.%03ld\n", (long)t.tv_sec, t.tv_nsec / 1000000);
    return 0;
}
END
  gcc -std=gnu17 -w up.c -o up
  same "$(CLOCK='slow=1000000 up=2147483' LD_PRELOAD=./clock.so ./up)" 2147483.000
}

@test "late=N: the first wait for a descriptor that ends in time returns N ms later" {
  cat >late.c <<'END'
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>
static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}
int main(int argc, char **argv) {
    int ends[2], epoll = epoll_create1(0);
    pipe(ends);
    struct pollfd in = {ends[0], POLLIN}, out = {ends[1], POLLOUT};
    struct epoll_event event;
    struct timespec t = {0, 20000000};
    /* Neither a look nor a wait that finds something. */
    poll(&in, 1, 0);
    poll(&out, 1, 20);
    for (int i = 0; i < 2; i++) {
        struct timeval v = {0, 20000};
        long long begun = now();
        switch (*argv[1]) {
        case '0': poll(&in, 1, 20); break;
        case '1': ppoll(&in, 1, &t, NULL); break;
        case '2': select(0, NULL, NULL, NULL, &v); break;
        case '3': pselect(0, NULL, NULL, NULL, &t, NULL); break;
        default: epoll_wait(epoll, &event, 1, 20);
        }
        long long took = now() - begun;
        printf("%s ", took >= 1519 ? "late" : took >= 19 ? "in time" : "early");
    }
}
END
  gcc -std=gnu17 -w late.c -o late
  # So late as no busy machine makes a wait; all at the same time.
  local call
  for call in 0 1 2 3 4; do CLOCK=late=1500 LD_PRELOAD=./clock.so ./late "$call" >"late.$call" & done
  wait
  for call in 0 1 2 3 4; do same "$(<"late.$call")" 'late in time '; done
}

@test "what it was told cannot be read by the program" {
  cat >look.c <<'END'
#include <stdio.h>
#include <stdlib.h>
int main(void) {
    FILE *f = fopen("/proc/self/environ", "r");
    for (int c; (c = getc(f)) != EOF;)
        putchar(c ? c : '\n');
    return getenv("CLOCK") || getenv("LD_PRELOAD");
}
END
  gcc -std=gnu17 -w look.c -o look
  env -i CLOCK=fast=7 LD_PRELOAD=./clock.so KEPT=1 ./look >out
  same "$(tr -d '\n' <out)" KEPT=1
}
