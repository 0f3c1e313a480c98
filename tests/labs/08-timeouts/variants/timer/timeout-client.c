/*
 * timeout-client HOST PORT SECONDS DELAY MESSAGE - knocks at the gate.
 *
 * A timer of the kernel (timerfd_create) bounds each wait, and the sleep has an
 * absolute end. Ends with 0, 1 after a failed call, 2 for bad usage.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* CALL, again and again while a signal interrupts it. */
#define AGAIN(n, call)                                                         \
    do                                                                         \
        (n) = (call);                                                          \
    while ((n) == -1 && errno == EINTR)

/* Whether TEXT is a number of digits only, at most MOST. */
static int is_number(const char *text, unsigned long long most) {
    size_t n = strspn(text, "0123456789");
    return n > 0 && n < 16 && !text[n] && strtoull(text, NULL, 10) <= most;
}

/* Reads plain seconds into T. Returns 0, or -1 when they are not plain. */
static int read_seconds(const char *text, struct timespec *t) {
    char digits[10] = "000000000";
    size_t n = strspn(text, "0123456789"), behind = 0;
    if (n == 0 || n > 15)
        return -1;
    if (text[n] == '.') {
        behind = strspn(text + n + 1, "0123456789");
        if (behind == 0)
            return -1;
        memcpy(digits, text + n + 1, behind < 9 ? behind : 9);
        behind++;
    }
    if (text[n + behind] != '\0')
        return -1;
    t->tv_sec = (time_t)strtoll(text, NULL, 10);
    t->tv_nsec = strtol(digits, NULL, 10);
    return t->tv_sec > 3600 || (t->tv_sec == 3600 && t->tv_nsec > 0) ? -1 : 0;
}

/* Waits for EVENTS on FD, at most for the time T, which a timer keeps. Returns
   1, 0 when the timer was first, or -1. */
static int await(int fd, unsigned events, struct timespec t) {
    struct epoll_event got[2];
    struct itimerspec once = {.it_value = t};
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    int both = epoll_create1(EPOLL_CLOEXEC);
    int n = -1;
    if (timer != -1 && both != -1 &&
        timerfd_settime(timer, 0, &once, NULL) == 0 &&
        epoll_ctl(both, EPOLL_CTL_ADD, timer,
                  &(struct epoll_event){.events = EPOLLIN, .data.fd = timer}) ==
            0 &&
        epoll_ctl(both, EPOLL_CTL_ADD, fd,
                  &(struct epoll_event){.events = events, .data.fd = fd}) == 0)
        do
            n = epoll_wait(both, got, 2, -1);
        while (n == -1 && errno == EINTR);
    if (n == -1)
        warn("epoll");
    else
        n = got[0].data.fd == fd || (n == 2 && got[1].data.fd == fd);
    if (timer != -1)
        close(timer);
    if (both != -1)
        close(both);
    return n;
}

/* Connects in time, or says why not. Returns the socket or -1. */
static int try_one(const struct addrinfo *a, struct timespec limit) {
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int error = 0;
    if (fd == -1) {
        warn("socket");
        return -1;
    }
    if (connect(fd, a->ai_addr, a->ai_addrlen) == -1)
        error = errno;
    if (error == EINPROGRESS || error == EINTR) {
        error = ETIMEDOUT;
        if (await(fd, EPOLLOUT, limit) == 1)
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &error,
                       &(socklen_t){sizeof error});
    }
    if (error == 0) {
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
        return fd;
    }
    errno = error;
    warn("connect");
    close(fd);
    return -1;
}

static void sleep_for(struct timespec t) {
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += t.tv_sec;
    end.tv_nsec += t.tv_nsec;
    if (end.tv_nsec > 999999999) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000;
    }
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR)
        ;
}

int main(int argc, char *argv[]) {
    struct timespec limit, delay;
    if (argc != 6 || !is_number(argv[2], 65535) ||
        read_seconds(argv[3], &limit) == -1 ||
        (limit.tv_sec == 0 && limit.tv_nsec == 0) ||
        read_seconds(argv[4], &delay) == -1)
        return fprintf(
                   stderr,
                   "usage: timeout-client HOST PORT SECONDS DELAY MESSAGE\n"),
               2;
    setlinebuf(stdout);

    struct addrinfo *all, hints = {.ai_socktype = SOCK_STREAM};
    int error = getaddrinfo(argv[1], argv[2], &hints, &all), fd = -1;
    if (error)
        errx(1, "%s: %s", argv[1], gai_strerror(error));
    for (struct addrinfo *a = all; a && fd == -1; a = a->ai_next)
        fd = try_one(a, limit);
    freeaddrinfo(all);
    if (fd == -1)
        return 1;

    struct sockaddr_storage there;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    socklen_t size = sizeof there;
    if (getpeername(fd, (struct sockaddr *)&there, &size) == 0) {
        getnameinfo((struct sockaddr *)&there, size, host, sizeof host, port,
                    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
        int six = there.ss_family == AF_INET6;
        printf("connected to %s%s%s:%s\n", six ? "[" : "", host, six ? "]" : "",
               port);
    }
    sleep_for(delay);

    const char *rest = argv[5];
    while (*rest) {
        ssize_t n;
        AGAIN(n, send(fd, rest, strlen(rest), MSG_NOSIGNAL));
        if (n == -1)
            err(1, "send");
        rest += n;
    }
    if (await(fd, EPOLLIN, limit) != 1)
        errx(1, "recv: timed out");
    char answer[1024];
    ssize_t n;
    AGAIN(n, recv(fd, answer, sizeof answer - 1, 0));
    if (n == -1)
        err(1, "recv");
    if (n == 0)
        errx(1, "recv: closed by the server");
    answer[n] = '\0';
    puts(answer);
    close(fd);
    return 0;
}
