/*
 * many-server - another style: epoll(7) by edges. A send that takes a
 * part says that there is no more room; a queue of answers for each client.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM 16384

struct client {
    int fd;
    int can_read, ended;
    char name[80];
    size_t from, to;
    char queue[ROOM];
};

static int epoll = -1, listener = -1, clients;
static long long accepted, count;

static long long number(const char *s, long long max) {
    char *end;
    if (*s < '0' || *s > '9')
        return -1;
    errno = 0;
    long long n = strtoll(s, &end, 10);
    return *end || errno || n > max ? -1 : n;
}

static void name_of(struct sockaddr_storage *a, socklen_t n, char *to,
                    size_t room) {
    char host[64], port[8];
    if (getnameinfo((struct sockaddr *)a, n, host, sizeof host, port,
                    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV))
        errx(1, "getnameinfo");
    snprintf(to, room, a->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host,
             port);
}

static void say(const char *what, const char *who) {
    printf("%s %s\n", what, who);
    fflush(stdout);
}

static void watch(int fd, unsigned events, void *data) {
    struct epoll_event e = {.events = events, .data.ptr = data};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e) == -1)
        err(1, "epoll_ctl");
}

static void accept_all(void) {
    while (count == 0 || accepted < count) {
        struct sockaddr_storage a;
        socklen_t n = sizeof a;
        int fd = accept4(listener, (struct sockaddr *)&a, &n, SOCK_NONBLOCK);
        if (fd == -1) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            /* Without a descriptor: again when a client has ended. */
            if (errno != EAGAIN && clients == 0)
                err(1, "accept");
            return;
        }
        struct client *c = calloc(1, sizeof *c);
        if (!c)
            err(1, "calloc");
        accepted++;
        clients++;
        c->fd = fd;
        name_of(&a, n, c->name, sizeof c->name);
        say("connected by", c->name);
        watch(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, c);
    }
}

/* Empties the queue as far as possible: 1, or -1. */
static int flush(struct client *c) {
    while (c->from < c->to) {
        size_t size = c->to - c->from;
        ssize_t n = send(c->fd, c->queue + c->from, size, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            return errno == EAGAIN ? 1 : -1;
        c->from += (size_t)n;
        if ((size_t)n < size)
            return 1;
    }
    c->from = c->to = 0;
    return 1;
}

/* Until nothing more can be read or written: 1, 0 at the end, -1. */
static int work(struct client *c) {
    for (;;) {
        if (flush(c) == -1)
            return -1;
        if (!c->can_read || c->ended || ROOM - c->to < 6 + 1024)
            return c->ended && c->to == 0 ? 0 : 1;
        ssize_t n = recv(c->fd, c->queue + c->to + 6, 1024, 0);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1 && errno != EAGAIN)
            return -1;
        if (n == 0)
            c->ended = 1;
        if (n <= 0)
            c->can_read = 0;
        if (n > 0) {
            memcpy(c->queue + c->to, "Echo=>", 6);
            c->to += 6 + (size_t)n;
        }
    }
}

int main(int argc, char **argv) {
    count = argc == 4 ? number(argv[3], 1000000) : -1;
    if (count < 0 || number(argv[2], 65535) < 0)
        return fprintf(stderr, "usage: %s HOST PORT COUNT\n", argv[0]), 2;
    struct addrinfo hints = {.ai_flags = AI_PASSIVE,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *list, *a;
    int e = getaddrinfo(*argv[1] ? argv[1] : NULL, argv[2], &hints, &list);
    if (e)
        errx(1, "%s: %s", argv[1], gai_strerror(e));
    for (a = list; a->ai_family != AF_INET && a->ai_next;)
        a = a->ai_next;
    listener = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (listener == -1)
        err(1, "socket");
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, a->ai_addr, a->ai_addrlen) == -1)
        err(1, "bind");
    freeaddrinfo(list);
    if (listen(listener, 128) == -1)
        err(1, "listen");
    struct sockaddr_storage here;
    socklen_t n = sizeof here;
    char name[80];
    if (getsockname(listener, (struct sockaddr *)&here, &n) == -1)
        err(1, "getsockname");
    name_of(&here, n, name, sizeof name);
    say("listening on", name);

    epoll = epoll_create1(0);
    if (epoll == -1)
        err(1, "epoll_create1");
    watch(listener, EPOLLIN | EPOLLET, NULL);
    while (count == 0 || accepted < count || clients > 0) {
        struct epoll_event events[32];
        int ready = epoll_wait(epoll, events, 32, -1), ended = 0, queued = 0;
        if (ready == -1 && errno != EINTR)
            err(1, "epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct client *c = events[i].data.ptr;
            if (!c) {
                queued = 1;
                continue;
            }
            if (events[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
                c->can_read = 1;
            int result = work(c);
            if (result == 1)
                continue;
            say(result == 0 ? "closed" : "lost", c->name);
            close(c->fd);
            free(c);
            clients--;
            ended = 1;
        }
        if (queued || ended)
            accept_all();
    }
    close(epoll);
    close(listener);
    return 0;
}
