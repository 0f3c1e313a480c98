/*
 * clock - a preload library (ld.so(8), LD_PRELOAD) that changes how time passes
 * for a program. A test can see a limit of 30 s after 2 ms. It can also see
 * whether a deadline uses a clock that can be set. A program that wakes up now
 * and then, and waits again, works as before.
 *
 * CLOCK holds words, each NAME=N:
 *   fast=N    time runs N times as fast: every clock, and every time-out of a
 *             call, a timer or a socket
 *   slow=N    time runs N times as slow: what is a millisecond to the program
 *             can be measured outside, on a busy machine too
 *   wall=N    the wall clock is set again and again: each time that the program
 *             reads it, it jumps N seconds ahead (back if N is negative)
 *   up=N      the machine seems to run since N seconds, when the program first
 *             reads a clock
 *   late=N    the first wait for descriptors that ends because its time is up
 *             returns N ms later, as if another program had the processor
 *             meanwhile
 *
 * All clocks begin with the time of day, even CLOCK_MONOTONIC, or with up=N. So
 * an absolute time is right for every call, whichever clock the program has
 * read. Without up=N the machine seems to run since 1970. This shows arithmetic
 * that is right only in the first days after a boot.
 *
 * Why not libfaketime(1): it changes neither socket options nor setitimer(2).
 */
#define _GNU_SOURCE
#include "preload.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

/* A sleep takes at least this long. A shorter wait is a busy loop instead. */
enum { SHORTEST_SLEEP_NS = 20000 };
/* A periodic timer leaves the program at least this much time to work. */
enum { SHORTEST_INTERVAL_NS = 100000 };
#define SECOND 1000000000LL

static long long rate = 1, slowness = 1; /* fast=, slow= */
static long long step;                   /* wall= */
static long long begun_shown;            /* ns, what a clock shows first */
static long long late;                   /* ns, see be_late */
static _Atomic long long begun_real;     /* ns, when that was */
static long long readings;               /* how often it read the wall clock */

static struct timespec timespec_of(long long ns) {
    return (struct timespec){ns / SECOND, ns % SECOND};
}

static long long ns_of(const struct timespec *t) {
    return t->tv_sec * SECOND + t->tv_nsec;
}

/* Whether the kernel accepts T. The callers pass any other T on unchanged. */
static int is_right(const struct timespec *t) {
    return t->tv_sec >= 0 && t->tv_nsec >= 0 && t->tv_nsec < SECOND;
}

static int is_right_timeval(const struct timeval *t) {
    return t->tv_sec >= 0 && t->tv_usec >= 0 && t->tv_usec < 1000000;
}

static long long ns_of_timeval(const struct timeval *t) {
    return t->tv_sec * SECOND + t->tv_usec * 1000LL;
}

/* Rounds up, because 0 would mean "for ever". */
static struct timeval timeval_of(long long ns) {
    long long us = (ns + 999) / 1000;
    return (struct timeval){us / 1000000, us % 1000000};
}

static long long read_clock(clockid_t clock) {
    static __typeof__(&clock_gettime) next;
    if (!next)
        next = NEXT(clock_gettime);
    struct timespec t;
    next(clock, &t);
    return ns_of(&t);
}

static long long real_now(void) { return read_clock(CLOCK_MONOTONIC); }

/* Converts NS of real time to the program's time. */
static long long shown_ns(long long ns) { return ns * rate / slowness; }

/* Two readings differ by 1 ns or more, as on a real clock. Otherwise no time
   would pass between two calls of a program whose time runs slowly. */
static long long shown_now(void) {
    static _Atomic long long last;
    long long real = real_now(), unset = 0;
    atomic_compare_exchange_strong(&begun_real, &unset, real);
    long long now = begun_shown + shown_ns(real - begun_real);
    long long earlier = last;
    if (now <= earlier)
        now = earlier + 1;
    last = now;
    return now;
}

static long long wall_now(void) {
    return shown_now() + step * SECOND * ++readings;
}

/* Converts NS of the program's time to real time. The result is at least 1 ns
   for a positive NS, because 0 often means "never". */
static long long real_ns(long long ns) {
    return ns > 0 ? (ns * slowness + rate - 1) / rate : 0;
}

/* How long it is until the absolute time T, in the program's time. */
static long long until(const struct timespec *t) {
    long long ns = ns_of(t) - shown_now();
    return ns > 0 ? ns : 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *words = getenv("CLOCK");
    if (words) {
        long long fast = (long long)setting(words, "fast=");
        long long slow = (long long)setting(words, "slow=");
        rate = fast > 0 ? fast : 1;
        slowness = slow > 0 ? slow : 1;
        step = (long long)setting(words, "wall=");
        begun_shown = (long long)setting(words, "up=") * SECOND;
        late = (long long)setting(words, "late=") * 1000000;
    }
    if (!begun_shown)
        begun_shown = read_clock(CLOCK_REALTIME);
    /* By default the kernel adds 50 us to each wait. */
    prctl(PR_SET_TIMERSLACK, 1);
    forget("CLOCK");
    forget("LD_PRELOAD");
}

/* Clocks. */

int clock_gettime(clockid_t clock, struct timespec *t) {
    switch (clock) {
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
    case CLOCK_BOOTTIME_ALARM:
        *t = timespec_of(shown_now());
        return 0;
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_REALTIME_ALARM:
    case CLOCK_TAI:
        *t = timespec_of(wall_now());
        return 0;
    default: { /* a clock of processor time */
        static __typeof__(&clock_gettime) next;
        if (!next)
            next = NEXT(clock_gettime);
        return next(clock, t);
    }
    }
}

int gettimeofday(struct timeval *restrict t, void *restrict zone) {
    (void)zone;
    long long now = wall_now();
    *t = (struct timeval){now / SECOND, now % SECOND / 1000};
    return 0;
}

time_t time(time_t *t) {
    time_t now = wall_now() / SECOND;
    if (t)
        *t = now;
    return now;
}

int timespec_get(struct timespec *t, int base) {
    if (base != TIME_UTC)
        return 0;
    *t = timespec_of(wall_now());
    return base;
}

/* Its ticks count from an arbitrary moment; only the processor times are real.
 */
clock_t times(struct tms *used) {
    static __typeof__(&times) next;
    if (!next)
        next = NEXT(times);
    if (next(used) == (clock_t)-1)
        return -1;
    return shown_now() / (SECOND / sysconf(_SC_CLK_TCK));
}

/* Sleeping. */

/* Sleeps for NS of the program's time. Returns 0, or an errno. LEFT gets the
   time that is left. */
static int doze(long long ns, long long *left) {
    static __typeof__(&clock_nanosleep) next;
    if (!next)
        next = NEXT(clock_nanosleep);
    long long begun = real_now(), real = real_ns(ns);
    *left = 0;
    if (real < SHORTEST_SLEEP_NS) {
        while (real_now() - begun < real)
            ;
        return 0;
    }
    struct timespec t = timespec_of(real);
    int error = next(CLOCK_MONOTONIC, 0, &t, NULL);
    long long rest = ns - shown_ns(real_now() - begun);
    if (error && rest > 0)
        *left = rest;
    return error;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *want,
                    struct timespec *rest) {
    long long left = 0;
    if (!is_right(want))
        return EINVAL;
    (void)clock;
    if (flags & TIMER_ABSTIME)
        return doze(until(want), &left);
    int error = doze(ns_of(want), &left);
    if (error && rest)
        *rest = timespec_of(left);
    return error;
}

int nanosleep(const struct timespec *want, struct timespec *rest) {
    int error = clock_nanosleep(CLOCK_MONOTONIC, 0, want, rest);
    if (error)
        errno = error;
    return error ? -1 : 0;
}

int thrd_sleep(const struct timespec *want, struct timespec *rest) {
    int error = clock_nanosleep(CLOCK_MONOTONIC, 0, want, rest);
    return error == EINTR ? -1 : error ? -2 : 0;
}

int usleep(useconds_t us) {
    struct timespec t = timespec_of(us * 1000LL);
    return nanosleep(&t, NULL);
}

unsigned sleep(unsigned seconds) {
    long long left = 0;
    doze(seconds * SECOND, &left);
    return (unsigned)((left + SECOND - 1) / SECOND);
}

/* Waiting for descriptors. */

/* Returns READY, what a wait for NS has found. The first that has found nothing
   returns late, if CLOCK says so. */
static int be_late(int ready, long long ns) {
    static __typeof__(&clock_nanosleep) next;
    if (!next)
        next = NEXT(clock_nanosleep);
    if (late <= 0 || ready != 0 || ns <= 0)
        return ready;
    struct timespec t = timespec_of(late);
    late = 0;
    while (next(CLOCK_MONOTONIC, 0, &t, &t) == EINTR)
        continue;
    return ready;
}

/* Does what ppoll(2) does, for NS of the program's time (-1: for ever). */
static int watch(struct pollfd *fds, nfds_t n, long long ns,
                 const sigset_t *mask) {
    static __typeof__(&ppoll) next;
    if (!next)
        next = NEXT(ppoll);
    if (ns < 0)
        return next(fds, n, NULL, mask);
    long long begun = real_now(), real = real_ns(ns);
    struct timespec t = timespec_of(real < SHORTEST_SLEEP_NS ? 0 : real);
    int ready = 0;
    do
        ready = next(fds, n, &t, mask);
    while (ready == 0 && real_now() - begun < real);
    return be_late(ready, ns);
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *t,
          const sigset_t *mask) {
    if (t && !is_right(t)) {
        errno = EINVAL;
        return -1;
    }
    return watch(fds, n, t ? ns_of(t) : -1, mask);
}

int poll(struct pollfd *fds, nfds_t n, int ms) {
    return watch(fds, n, ms < 0 ? -1 : ms * 1000000LL, NULL);
}

int pselect(int n, fd_set *in, fd_set *out, fd_set *odd,
            const struct timespec *t, const sigset_t *mask) {
    static __typeof__(&pselect) next;
    if (!next)
        next = NEXT(pselect);
    if (!t || !is_right(t))
        return next(n, in, out, odd, t, mask);
    struct timespec real = timespec_of(real_ns(ns_of(t)));
    return be_late(next(n, in, out, odd, &real, mask), ns_of(t));
}

int select(int n, fd_set *in, fd_set *out, fd_set *odd, struct timeval *t) {
    if (!t)
        return pselect(n, in, out, odd, NULL, NULL);
    /* select(2) accepts more than 999999 microseconds. */
    long long ns = ns_of_timeval(t), begun = real_now();
    if (t->tv_sec < 0 || t->tv_usec < 0) {
        errno = EINVAL;
        return -1;
    }
    struct timespec want = timespec_of(ns);
    int ready = pselect(n, in, out, odd, &want, NULL);
    long long left = ns - shown_ns(real_now() - begun);
    *t = timeval_of(ready == 0 || left < 0 ? 0 : left);
    return ready;
}

/* ppoll(2) on the epoll descriptor waits to the nanosecond, epoll_wait(2) only
   to the millisecond. */
static int wait_epoll(int fd, struct epoll_event *events, int most,
                      long long ns, const sigset_t *mask) {
    static __typeof__(&epoll_pwait) next;
    if (!next)
        next = NEXT(epoll_pwait);
    struct pollfd it = {fd, POLLIN, 0};
    int ready = ns == 0 ? 1 : watch(&it, 1, ns, mask);
    return ready > 0 ? next(fd, events, most, 0, mask) : ready;
}

int epoll_pwait(int fd, struct epoll_event *events, int most, int ms,
                const sigset_t *mask) {
    return wait_epoll(fd, events, most, ms < 0 ? -1 : ms * 1000000LL, mask);
}

int epoll_wait(int fd, struct epoll_event *events, int most, int ms) {
    return epoll_pwait(fd, events, most, ms, NULL);
}

int epoll_pwait2(int fd, struct epoll_event *events, int most,
                 const struct timespec *t, const sigset_t *mask) {
    if (t && !is_right(t)) {
        errno = EINVAL;
        return -1;
    }
    return wait_epoll(fd, events, most, t ? ns_of(t) : -1, mask);
}

/* Timers. */

static long long real_interval(long long ns) {
    long long real = real_ns(ns);
    return real && real < SHORTEST_INTERVAL_NS ? SHORTEST_INTERVAL_NS : real;
}

int setitimer(__itimer_which_t which, const struct itimerval *restrict want,
              struct itimerval *restrict old) {
    static __typeof__(&setitimer) next;
    if (!next)
        next = NEXT(setitimer);
    if (which != ITIMER_REAL || !is_right_timeval(&want->it_value) ||
        !is_right_timeval(&want->it_interval))
        return next(which, want, old);
    struct itimerval real = {
        .it_value = timeval_of(real_ns(ns_of_timeval(&want->it_value))),
        .it_interval =
            timeval_of(real_interval(ns_of_timeval(&want->it_interval)))};
    int result = next(which, &real, old);
    if (result == 0 && old) {
        old->it_value = timeval_of(shown_ns(ns_of_timeval(&old->it_value)));
        old->it_interval =
            timeval_of(shown_ns(ns_of_timeval(&old->it_interval)));
    }
    return result;
}

int getitimer(__itimer_which_t which, struct itimerval *now) {
    static __typeof__(&getitimer) next;
    if (!next)
        next = NEXT(getitimer);
    int result = next(which, now);
    if (result == 0 && which == ITIMER_REAL) {
        now->it_value = timeval_of(shown_ns(ns_of_timeval(&now->it_value)));
        now->it_interval =
            timeval_of(shown_ns(ns_of_timeval(&now->it_interval)));
    }
    return result;
}

useconds_t ualarm(useconds_t us, useconds_t interval) {
    struct itimerval old, want = {.it_value = timeval_of(us * 1000LL),
                                  .it_interval = timeval_of(interval * 1000LL)};
    if (setitimer(ITIMER_REAL, &want, &old) == -1)
        return (useconds_t)-1;
    return (useconds_t)(ns_of_timeval(&old.it_value) / 1000);
}

unsigned alarm(unsigned seconds) {
    struct itimerval old, want = {.it_value.tv_sec = seconds};
    setitimer(ITIMER_REAL, &want, &old);
    return (unsigned)((ns_of_timeval(&old.it_value) + SECOND - 1) / SECOND);
}

/* Converts WANT to real time, relative to now. */
static struct itimerspec real_timer(const struct itimerspec *want,
                                    int is_absolute) {
    long long ns = ns_of(&want->it_value);
    long long real = real_ns(ns);
    if (is_absolute && ns > 0) {
        real = real_ns(until(&want->it_value));
        real = real ? real : 1;
    }
    return (struct itimerspec){
        .it_value = timespec_of(real),
        .it_interval = timespec_of(real_interval(ns_of(&want->it_interval)))};
}

static void show_timer(struct itimerspec *t) {
    t->it_value = timespec_of(shown_ns(ns_of(&t->it_value)));
    t->it_interval = timespec_of(shown_ns(ns_of(&t->it_interval)));
}

int timer_settime(timer_t timer, int flags, const struct itimerspec *want,
                  struct itimerspec *old) {
    static __typeof__(&timer_settime) next;
    if (!next)
        next = NEXT(timer_settime);
    if (!is_right(&want->it_value) || !is_right(&want->it_interval))
        return next(timer, flags, want, old);
    struct itimerspec real = real_timer(want, flags & TIMER_ABSTIME);
    int result = next(timer, flags & ~TIMER_ABSTIME, &real, old);
    if (result == 0 && old)
        show_timer(old);
    return result;
}

int timer_gettime(timer_t timer, struct itimerspec *now) {
    static __typeof__(&timer_gettime) next;
    if (!next)
        next = NEXT(timer_gettime);
    int result = next(timer, now);
    if (result == 0)
        show_timer(now);
    return result;
}

int timerfd_settime(int fd, int flags, const struct itimerspec *want,
                    struct itimerspec *old) {
    static __typeof__(&timerfd_settime) next;
    if (!next)
        next = NEXT(timerfd_settime);
    if (!is_right(&want->it_value) || !is_right(&want->it_interval))
        return next(fd, flags, want, old);
    struct itimerspec real = real_timer(want, flags & TFD_TIMER_ABSTIME);
    int result = next(fd, 0, &real, old);
    if (result == 0 && old)
        show_timer(old);
    return result;
}

int timerfd_gettime(int fd, struct itimerspec *now) {
    static __typeof__(&timerfd_gettime) next;
    if (!next)
        next = NEXT(timerfd_gettime);
    int result = next(fd, now);
    if (result == 0)
        show_timer(now);
    return result;
}

/* Sockets. */

int setsockopt(int fd, int level, int name, const void *value, socklen_t size) {
    static __typeof__(&setsockopt) next;
    if (!next)
        next = NEXT(setsockopt);
    struct timeval t;
    unsigned ms = 0;
    int tries = 0;
    if (level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO) &&
        size >= sizeof t) {
        memcpy(&t, value, sizeof t);
        if (is_right_timeval(&t))
            t = timeval_of(real_ns(ns_of_timeval(&t)));
        return next(fd, level, name, &t, sizeof t);
    }
    if (level == IPPROTO_TCP && name == TCP_USER_TIMEOUT && size >= sizeof ms) {
        memcpy(&ms, value, sizeof ms);
        /* The kernel looks at TCP_USER_TIMEOUT only at its second window probe,
           about 0.6 s after the window was full. SO_SNDTIMEO ends a send that
           sleeps on time. */
        long long ns = real_ns(ms * 1000000LL);
        t = timeval_of(ns);
        next(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
        ms = (ns + 999999) / 1000000;
        return next(fd, level, name, &ms, sizeof ms);
    }
    if (level == IPPROTO_TCP && name == TCP_SYNCNT && size >= sizeof tries) {
        memcpy(&tries, value, sizeof tries);
        /* The kernel waits 1 s for an answer to the first SYN, and twice as
           long after each further one, tcp(7). Six tries are its own limit. */
        if (tries > 0 && tries < 6) {
            t = timeval_of(real_ns(((2LL << tries) - 1) * SECOND));
            next(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
        }
    }
    return next(fd, level, name, value, size);
}

/* Signals and threads. */

int sigtimedwait(const sigset_t *set, siginfo_t *info,
                 const struct timespec *t) {
    static __typeof__(&sigtimedwait) next;
    if (!next)
        next = NEXT(sigtimedwait);
    if (!t || !is_right(t))
        return next(set, info, t);
    struct timespec real = timespec_of(real_ns(ns_of(t)));
    return next(set, info, &real);
}

/* Converts the absolute time T to the real CLOCK_MONOTONIC. */
static struct timespec real_time(const struct timespec *t) {
    return timespec_of(real_now() + real_ns(until(t)));
}

int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                           clockid_t clock, const struct timespec *t) {
    static __typeof__(&pthread_cond_clockwait) next;
    if (!next)
        next = NEXT(pthread_cond_clockwait);
    (void)clock;
    struct timespec real = real_time(t);
    return next(cond, mutex, CLOCK_MONOTONIC, &real);
}

int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                           const struct timespec *t) {
    return pthread_cond_clockwait(cond, mutex, CLOCK_MONOTONIC, t);
}

/* C11's own, which glibc does not make of the POSIX function. */
int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex,
                  const struct timespec *restrict t) {
    static __typeof__(&cnd_timedwait) next;
    if (!next)
        next = NEXT(cnd_timedwait);
    /* It knows the wall clock alone. */
    struct timespec real =
        timespec_of(read_clock(CLOCK_REALTIME) + real_ns(until(t)));
    return next(cond, mutex, &real);
}

int pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock,
                         const struct timespec *t) {
    static __typeof__(&pthread_clockjoin_np) next;
    if (!next)
        next = NEXT(pthread_clockjoin_np);
    (void)clock;
    struct timespec real = real_time(t);
    return next(thread, result, CLOCK_MONOTONIC, &real);
}

int pthread_timedjoin_np(pthread_t thread, void **result,
                         const struct timespec *t) {
    return pthread_clockjoin_np(thread, result, CLOCK_REALTIME, t);
}

int sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *t) {
    static __typeof__(&sem_clockwait) next;
    if (!next)
        next = NEXT(sem_clockwait);
    (void)clock;
    struct timespec real = real_time(t);
    return next(sem, CLOCK_MONOTONIC, &real);
}

int sem_timedwait(sem_t *sem, const struct timespec *t) {
    return sem_clockwait(sem, CLOCK_MONOTONIC, t);
}
