/*
 * close - count and reply. One IPv6 socket for both families, mapped addresses
 * as they are; edge-triggered epoll; non-blocking; lines by write(2).
 *
 * usage: close HOST PORT COUNT
 * Returns 0 after COUNT clients, 1 when a call failed, 2 for a wrong command
 * line.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char *call) {
    dprintf(2, "close: %s: %s\n", call, strerror(errno));
    exit(1);
}

static int number(const char *s, int most) {
    int n = 0;
    if (*s == '\0')
        return -1;
    while (*s >= '0' && *s <= '9' && n <= most)
        n = n * 10 + (*s++ - '0');
    return *s || n > most ? -1 : n;
}

static void say(const char *what, const struct sockaddr_in6 *a,
                const uint64_t *bytes) {
    char host[INET6_ADDRSTRLEN], line[160], after[40] = "";
    inet_ntop(AF_INET6, &a->sin6_addr, host, sizeof host);
    if (bytes)
        snprintf(after, sizeof after, " after %" PRIu64 " bytes", *bytes);
    int size = snprintf(line, sizeof line, "%s [%s]:%d%s\n", what, host,
                        ntohs(a->sin6_port), after);
    if (write(1, line, (size_t)size) != size)
        fail("write");
}

/* Waits for EVENTS on FD, whatever signals come. */
static void await(int ep, int fd, unsigned events) {
    struct epoll_event e = {.events = events | EPOLLET};
    if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e) == -1)
        fail("epoll_ctl");
    while (epoll_wait(ep, &e, 1, -1) == -1)
        if (errno != EINTR)
            fail("epoll_wait");
    epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL);
}

static const char *serve(int ep, int fd, uint64_t *bytes) {
    static char room[10000];
    char line[40];
    for (ssize_t n = 1; n != 0;) {
        n = read(fd, room, sizeof room);
        if (n > 0)
            *bytes += (uint64_t)n;
        else if (n == -1 && errno == EAGAIN)
            await(ep, fd, EPOLLIN);
        else if (n == -1 && errno != EINTR)
            return "reset by";
    }
    int size = snprintf(line, sizeof line, "%" PRIu64 " bytes\n", *bytes);
    for (int at = 0; at < size;) {
        ssize_t n = write(fd, line + at, (size_t)(size - at));
        if (n > 0)
            at += (int)n;
        else if (errno == EAGAIN)
            await(ep, fd, EPOLLOUT);
        else if (errno != EINTR)
            return "reset by";
    }
    return "closed";
}

int main(int argc, char **argv) {
    struct sockaddr_in6 a = {.sin6_family = AF_INET6};
    int port = argc == 4 ? number(argv[2], 65535) : -1;
    int count = argc == 4 ? number(argv[3], 1000000) : -1;
    if (port == -1 || count == -1) {
        dprintf(2, "Usage:\n  close HOST PORT COUNT\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    if (*argv[1]) {
        struct addrinfo hints = {.ai_family = AF_INET6,
                                 .ai_socktype = SOCK_STREAM,
                                 .ai_flags = AI_V4MAPPED | AI_ALL};
        struct addrinfo *list;
        int error = getaddrinfo(argv[1], NULL, &hints, &list);
        if (error) {
            dprintf(2, "close: %s: %s\n", argv[1], gai_strerror(error));
            return 1;
        }
        /* The last one, or the first that is an IPv4 address. */
        for (struct addrinfo *each = list; each; each = each->ai_next)
            if (!IN6_IS_ADDR_V4MAPPED(&a.sin6_addr))
                memcpy(&a, each->ai_addr, sizeof a);
        freeaddrinfo(list);
    }
    a.sin6_port = htons((in_port_t)port);
    int on = 1, off = 0;
    int s = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (s == -1)
        fail("socket");
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(s, (struct sockaddr *)&a, sizeof a) == -1)
        fail("bind");
    if (listen(s, 100) == -1)
        fail("listen");
    socklen_t size = sizeof a;
    if (getsockname(s, (struct sockaddr *)&a, &size) == -1)
        fail("getsockname");
    say("listening on", &a, NULL);
    int ep = epoll_create1(EPOLL_CLOEXEC);
    if (ep == -1)
        fail("epoll_create1");
    for (int n = 0; count == 0 || n < count;) {
        size = sizeof a;
        int c = accept4(s, (struct sockaddr *)&a, &size, SOCK_NONBLOCK);
        if (c == -1 && errno == EAGAIN) {
            await(ep, s, EPOLLIN);
            continue;
        }
        if (c == -1 && errno != EINTR && errno != ECONNABORTED)
            fail("accept");
        if (c == -1)
            continue;
        uint64_t bytes = 0;
        const char *how = serve(ep, c, &bytes);
        close(c);
        say(how, &a, &bytes);
        n++;
    }
    close(ep);
    close(s);
    return 0;
}
