/*
 * timeout-server HOST PORT SECONDS COUNT - a gate: answers "1" with a welcome,
 * all else with a farewell, and gives up on those who send nothing for SECONDS.
 *
 * A timer of the kernel (timerfd_create) beside the connection in epoll: no
 * interruption can move it. Ends with 0, 1 after a failed call, 2 for bad
 * usage.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
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

/* Where HOST and PORT are, IPv4. */
static struct sockaddr_in place(const char *host, unsigned short port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(INADDR_ANY);
    if (host[0] != '\0') {
        const struct hostent *found = gethostbyname(host);
        if (found == NULL || found->h_addrtype != AF_INET) {
            fprintf(stderr, "%s: %s\n", host,
                    found ? "not an IPv4 address" : hstrerror(h_errno));
            exit(1);
        }
        memcpy(&a.sin_addr, found->h_addr_list[0], sizeof a.sin_addr);
    }
    return a;
}

static int open_listener(struct sockaddr_in a) {
    int listener = socket(PF_INET, SOCK_STREAM, 0);
    if (listener == -1)
        err(1, "socket");
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1},
                   sizeof(int)) == -1)
        err(1, "setsockopt");
    if (bind(listener, (struct sockaddr *)&a, sizeof a) == -1)
        err(1, "bind");
    if (listen(listener, 64) == -1)
        err(1, "listen");
    socklen_t size = sizeof a;
    if (getsockname(listener, (struct sockaddr *)&a, &size) == -1)
        err(1, "getsockname");
    printf("listening on %s:%d\n", inet_ntoa(a.sin_addr), ntohs(a.sin_port));
    return listener;
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

static void gate(int client, struct timespec limit) {
    char word[1024];
    int in_time = await(client, EPOLLIN, limit);
    if (in_time == 0)
        printf("time out\n");
    if (in_time != 1)
        return;
    struct iovec room = {word, sizeof word};
    struct msghdr message = {.msg_iov = &room, .msg_iovlen = 1};
    ssize_t n;
    AGAIN(n, recvmsg(client, &message, 0));
    if (n < 1)
        return;
    int known = (n == 1 || (n == 2 && word[1] == '\n')) && word[0] == '1';
    const char *answer = known ? "welcome to server!" : "please go out!";
    const char *end = answer + strlen(answer);
    while (answer < end) {
        AGAIN(n, send(client, answer, (size_t)(end - answer), MSG_NOSIGNAL));
        if (n == -1)
            return;
        answer += n;
    }
}

int main(int argc, char *argv[]) {
    struct timespec limit;
    if (argc != 5 || !is_number(argv[2], 65535) ||
        read_seconds(argv[3], &limit) == -1 ||
        (limit.tv_sec == 0 && limit.tv_nsec == 0) ||
        !is_number(argv[4], 1000000))
        return fprintf(stderr,
                       "usage: timeout-server HOST PORT SECONDS COUNT\n"),
               2;
    setlinebuf(stdout);
    unsigned long count = strtoul(argv[4], NULL, 10), served = 0;
    int listener = open_listener(
        place(argv[1], (unsigned short)strtoul(argv[2], NULL, 10)));
    do {
        int client = accept(listener, NULL, NULL);
        if (client == -1 && errno != EINTR && errno != ECONNABORTED)
            err(1, "accept");
        if (client == -1)
            continue;
        gate(client, limit);
        close(client);
        served++;
    } while (count == 0 || served < count);
    close(listener);
    return 0;
}
