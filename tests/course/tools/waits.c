/*
 * waits - asks every call for a time-out of 30 s, and every clock for the time.
 *
 * Usage:
 *   waits       prints a line for each call, its name and "30 s" or "too early"
 *               by the program's monotonic clock, and whether each clock agrees
 *   waits left  prints what calls say of a timer of an hour, and what they
 *               refuse
 *   waits wall  prints how far each clock moves between two readings, in hours
 * Exit status: 0; 1 if there are no sockets.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static double since;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void took(const char *name) {
    printf("%s %s\n", name, now() - since >= 30 ? "30 s" : "too early");
    since = now();
}

static void nothing(int sig) { (void)sig; }

static struct timespec in_30_s(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    t.tv_sec += 30;
    return t;
}

static void clocks_and_sleep(void) {
    struct timespec t = {30, 0};
    sleep(30), took("sleep");
    usleep(30000000), took("usleep");
    nanosleep(&t, NULL), took("nanosleep");
    thrd_sleep(&t, NULL), took("thrd_sleep");
    clock_nanosleep(CLOCK_BOOTTIME, 0, &t, NULL), took("clock_nanosleep");
    t = in_30_s(CLOCK_MONOTONIC);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
    took("clock_nanosleep until");
    time_t begun = time(NULL);
    struct timeval of_day, later;
    gettimeofday(&of_day, NULL);
    struct timespec utc;
    timespec_get(&utc, TIME_UTC);
    struct tms used;
    clock_t ticks = times(&used);
    sleep(30);
    printf("times %d\n", (times(NULL) - ticks) / sysconf(_SC_CLK_TCK) >= 30);
    printf("time %d\n", time(NULL) - begun >= 30);
    gettimeofday(&later, NULL);
    printf("gettimeofday %d\n", later.tv_sec - of_day.tv_sec >= 30);
    timespec_get(&t, TIME_UTC);
    printf("timespec_get %d\n", t.tv_sec - utc.tv_sec >= 30);
    since = now();
}

static void descriptors(int fd) {
    struct timespec t = {30, 0};
    struct timeval tv = {30, 0};
    struct pollfd watch = {fd, POLLIN, 0};
    struct epoll_event e = {.events = EPOLLIN};
    int all = epoll_create1(0);
    fd_set set;
    epoll_ctl(all, EPOLL_CTL_ADD, fd, &e);
    poll(&watch, 1, 30000), took("poll");
    ppoll(&watch, 1, &t, NULL), took("ppoll");
    FD_ZERO(&set);
    FD_SET(fd, &set);
    select(fd + 1, &set, NULL, NULL, &tv), took("select");
    FD_SET(fd, &set);
    pselect(fd + 1, &set, NULL, NULL, &t, NULL), took("pselect");
    epoll_wait(all, &e, 1, 30000), took("epoll_wait");
    epoll_pwait(all, &e, 1, 30000, NULL), took("epoll_pwait");
    epoll_pwait2(all, &e, 1, &t, NULL), took("epoll_pwait2");
}

static void timers(void) {
    sigset_t set;
    timer_t timer;
    struct itimerval once = {.it_value.tv_sec = 30};
    struct itimerspec spec = {.it_value.tv_sec = 30};
    unsigned long long n = 0;
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    int wall = timerfd_create(CLOCK_REALTIME, 0);
    signal(SIGALRM, nothing);
    alarm(30), pause(), took("alarm");
    ualarm(30000000, 0), pause(), took("ualarm");
    setitimer(ITIMER_REAL, &once, NULL), pause(), took("setitimer");
    timer_create(CLOCK_REALTIME, NULL, &timer);
    timer_settime(timer, 0, &spec, NULL), pause(), took("timer_settime");
    timerfd_settime(fd, 0, &spec, NULL);
    n += (unsigned long long)read(fd, &n, sizeof n), took("timerfd");
    spec.it_value = in_30_s(CLOCK_REALTIME);
    timer_settime(timer, TIMER_ABSTIME, &spec, NULL), pause();
    took("timer_settime until");
    spec.it_value = in_30_s(CLOCK_REALTIME);
    timerfd_settime(wall, TFD_TIMER_ABSTIME, &spec, NULL);
    n += (unsigned long long)read(wall, &n, sizeof n), took("timerfd until");
    sigemptyset(&set), sigaddset(&set, SIGUSR1);
    sigtimedwait(&set, NULL, &(struct timespec){30, 0}), took("sigtimedwait");
}

static void sockets(int pair[2]) {
    struct timeval tv = {30, 0};
    unsigned ms = 30000;
    char bytes[65536] = "";
    setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
    setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
    recv(pair[0], bytes, 1, 0), took("SO_RCVTIMEO");
    while (send(pair[0], bytes, sizeof bytes, 0) != -1)
        ;
    took("SO_SNDTIMEO");
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET};
    socklen_t size = sizeof here;
    (void)!listen(listener, 1);
    getsockname(listener, (struct sockaddr *)&here, &size);
    connect(client, (struct sockaddr *)&here, size);
    setsockopt(client, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof ms);
    while (send(client, bytes, sizeof bytes, 0) != -1)
        ;
    took("TCP_USER_TIMEOUT");
}

static void *waiting(void *data) {
    (void)data;
    pause();
    return NULL;
}

static void threads(void) {
    pthread_t thread;
    cnd_t cnd;
    mtx_t mtx;
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
    sem_t sem;
    struct timespec t = in_30_s(CLOCK_REALTIME);
    pthread_mutex_lock(&mutex);
    pthread_cond_timedwait(&cond, &mutex, &t), took("pthread_cond_timedwait");
    t = in_30_s(CLOCK_MONOTONIC);
    pthread_cond_clockwait(&cond, &mutex, CLOCK_MONOTONIC, &t);
    took("pthread_cond_clockwait");
    sem_init(&sem, 0, 0);
    t = in_30_s(CLOCK_REALTIME);
    sem_timedwait(&sem, &t), took("sem_timedwait");
    t = in_30_s(CLOCK_REALTIME);
    sem_clockwait(&sem, CLOCK_REALTIME, &t), took("sem_clockwait");
    cnd_init(&cnd), mtx_init(&mtx, mtx_timed), mtx_lock(&mtx);
    t = in_30_s(CLOCK_REALTIME);
    cnd_timedwait(&cnd, &mtx, &t), took("cnd_timedwait");
    pthread_create(&thread, NULL, waiting, NULL);
    t = in_30_s(CLOCK_REALTIME);
    pthread_timedjoin_np(thread, NULL, &t), took("pthread_timedjoin_np");
    t = in_30_s(CLOCK_MONOTONIC);
    pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &t);
    took("pthread_clockjoin_np");
}

/* About an hour, a minute more or less. */
static void about(const char *name, double seconds) {
    printf("%s %s\n", name,
           seconds > 3540 && seconds <= 3600 ? "an hour" : "wrong");
}

static void refused(const char *name, int result) {
    printf("%s %s\n", name, result == 0 ? "taken" : strerror(errno));
}

static void left(int fd) {
    struct itimerval it = {.it_value.tv_sec = 3600};
    struct itimerspec spec = {.it_value.tv_sec = 3600};
    timer_t timer;
    int timerfd = timerfd_create(CLOCK_MONOTONIC, 0);
    alarm(3600), about("alarm", alarm(0));
    setitimer(ITIMER_REAL, &it, NULL);
    getitimer(ITIMER_REAL, &it), about("getitimer", (double)it.it_value.tv_sec);
    alarm(0);
    timer_create(CLOCK_MONOTONIC, NULL, &timer);
    timer_settime(timer, 0, &spec, NULL);
    timer_gettime(timer, &spec);
    about("timer_gettime", (double)spec.it_value.tv_sec);
    spec.it_value.tv_sec = 3600;
    timerfd_settime(timerfd, 0, &spec, NULL);
    timerfd_gettime(timerfd, &spec);
    about("timerfd_gettime", (double)spec.it_value.tv_sec);
    /* A signal is there already. */
    struct sigaction act = {.sa_handler = nothing};
    sigset_t set;
    struct timespec t = {3600, 0}, rest = {0, 0};
    sigaction(SIGALRM, &act, NULL);
    setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_sec = 1}, NULL);
    nanosleep(&t, &rest), about("nanosleep", (double)rest.tv_sec);
    alarm(1), about("sleep", sleep(3600));
    sigemptyset(&set);
    struct timeval tv = {0, 1500000};
    refused("SO_RCVTIMEO",
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv));
    refused("select", select(0, NULL, NULL, NULL, &tv));
    it.it_value = (struct timeval){0, 1500000};
    refused("setitimer", setitimer(ITIMER_REAL, &it, NULL));
    t = (struct timespec){0, 1500000000};
    refused("nanosleep", nanosleep(&t, NULL));
    refused("ppoll", ppoll(NULL, 0, &t, NULL));
    spec.it_value = t;
    refused("timerfd_settime", timerfd_settime(timerfd, 0, &spec, NULL));
    errno = clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL);
    refused("clock_nanosleep", errno ? -1 : 0);
}

static void wall(void) {
    struct timespec one, two;
    struct timeval first, second;
    time_t begun = time(NULL);
    printf("time %ld\n", (long)(time(NULL) - begun) / 3600);
    gettimeofday(&first, NULL), gettimeofday(&second, NULL);
    printf("gettimeofday %ld\n", (long)(second.tv_sec - first.tv_sec) / 3600);
    timespec_get(&one, TIME_UTC), timespec_get(&two, TIME_UTC);
    printf("timespec_get %ld\n", (long)(two.tv_sec - one.tv_sec) / 3600);
    clock_gettime(CLOCK_REALTIME, &one), clock_gettime(CLOCK_REALTIME, &two);
    printf("CLOCK_REALTIME %ld\n", (long)(two.tv_sec - one.tv_sec) / 3600);
    clock_gettime(CLOCK_MONOTONIC, &one), clock_gettime(CLOCK_MONOTONIC, &two);
    printf("CLOCK_MONOTONIC %ld\n", (long)(two.tv_sec - one.tv_sec) / 3600);
}

int main(int argc, char **argv) {
    int pair[2];
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
        return 1;
    if (argc > 1 && strcmp(argv[1], "left") == 0)
        return left(pair[0]), 0;
    if (argc > 1)
        return wall(), 0;
    since = now();
    clocks_and_sleep();
    descriptors(pair[0]);
    timers();
    sockets(pair);
    threads();
    return 0;
}
