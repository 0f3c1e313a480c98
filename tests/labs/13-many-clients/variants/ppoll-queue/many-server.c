/*
 * many-server - another style: ppoll(2), lists that grow, a ring of 64 KiB for
 * each client, which is read and written at the same time.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { RING = 65536, ANSWER = 6 + 1024 };

struct client {
    char name[NI_MAXHOST + 16];
    int ended;
    size_t first, size; /* what of the ring waits */
    char *ring;
};

static struct client **clients;
static struct pollfd *fds; /* fds[0] is the listening socket */
static size_t n_clients, room;

static int plain_number(const char *s, unsigned long max, unsigned long *n) {
    char *end;
    if (!*s || strspn(s, "0123456789") != strlen(s))
        return 0;
    errno = 0;
    *n = strtoul(s, &end, 10);
    return errno == 0 && *n <= max;
}

static void set_name(char *to, struct sockaddr_storage *a, socklen_t size) {
    char host[NI_MAXHOST], port[NI_MAXSERV];
    getnameinfo((struct sockaddr *)a, size, host, sizeof host, port,
                sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    sprintf(to, a->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static void line(const char *what, const char *name) {
    printf("%s %s\n", what, name);
    fflush(stdout);
}

static void put(struct client *c, const char *bytes, size_t n) {
    for (size_t i = 0; i < n; i++)
        c->ring[(c->first + c->size++) % RING] = bytes[i];
}

static int later(void) { return errno == EINTR || errno == EAGAIN; }

/* Reads if there is room for a whole answer. 0, or -1: lost. */
static int fill(struct client *c, int fd) {
    char data[1024];
    if (c->ended || RING - c->size < ANSWER)
        return 0;
    ssize_t n = recv(fd, data, sizeof data, MSG_DONTWAIT);
    if (n == -1)
        return later() ? 0 : -1;
    if (n == 0) {
        c->ended = 1;
        return 0;
    }
    put(c, "Echo=>", 6);
    put(c, data, (size_t)n);
    return 0;
}

static int drain(struct client *c, int fd) {
    if (c->size == 0)
        return 0;
    size_t end = c->first + c->size, straight = RING - c->first;
    struct iovec v[2] = {{c->ring + c->first, end > RING ? straight : c->size},
                         {c->ring, end > RING ? end - RING : 0}};
    struct msghdr m = {.msg_iov = v, .msg_iovlen = 2};
    ssize_t n = sendmsg(fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n == -1)
        return later() ? 0 : -1;
    c->first = (c->first + (size_t)n) % RING;
    c->size -= (size_t)n;
    return 0;
}

static void set_events(size_t i) {
    const struct client *c = clients[i];
    fds[i + 1].events = 0;
    if (!c->ended && RING - c->size >= ANSWER)
        fds[i + 1].events |= POLLIN;
    if (c->size > 0)
        fds[i + 1].events |= POLLOUT;
}

static void take(int fd, struct sockaddr_storage *a, socklen_t size) {
    if (n_clients == room) {
        room = room * 2 + 4;
        clients = realloc(clients, room * sizeof *clients);
        fds = realloc(fds, (room + 1) * sizeof *fds);
    }
    struct client *c = malloc(sizeof *c);
    if (!clients || !fds || !c || !(c->ring = malloc(RING)))
        err(1, "malloc");
    c->ended = 0;
    c->first = c->size = 0;
    set_name(c->name, a, size);
    line("connected by", c->name);
    clients[n_clients] = c;
    fds[n_clients + 1].fd = fd;
    fds[n_clients + 1].revents = 0;
    set_events(n_clients++);
}

static void drop(size_t i, const char *how) {
    line(how, clients[i]->name);
    close(fds[i + 1].fd);
    free(clients[i]->ring);
    free(clients[i]);
    n_clients--;
    clients[i] = clients[n_clients];
    fds[i + 1] = fds[n_clients + 1];
}

int main(int argc, char **argv) {
    unsigned long port, count;
    if (argc != 4 || !plain_number(argv[2], 65535, &port) ||
        !plain_number(argv[3], 1000000, &count)) {
        fprintf(stderr, "USAGE: many-server HOST PORT COUNT\n");
        return 2;
    }
    struct addrinfo hints = {.ai_flags = AI_PASSIVE,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *list, *a = NULL;
    int e = getaddrinfo(argv[1][0] ? argv[1] : NULL, argv[2], &hints, &list);
    if (e)
        errx(1, "%s: %s", argv[1], gai_strerror(e));
    for (struct addrinfo *p = list; p; p = p->ai_next)
        if (!a || (a->ai_family != AF_INET && p->ai_family == AF_INET))
            a = p;
    int on = 1, l = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (l == -1)
        err(1, "socket");
    if (setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1)
        err(1, "setsockopt");
    if (bind(l, a->ai_addr, a->ai_addrlen) == -1)
        err(1, "bind");
    freeaddrinfo(list);
    if (listen(l, 64) == -1)
        err(1, "listen");
    struct sockaddr_storage from;
    socklen_t size = sizeof from;
    char name[NI_MAXHOST + 16];
    if (getsockname(l, (struct sockaddr *)&from, &size) == -1)
        err(1, "getsockname");
    set_name(name, &from, size);
    line("listening on", name);

    fds = calloc(1, sizeof *fds);
    if (!fds)
        err(1, "calloc");
    int pause = 0;
    for (unsigned long accepted = 0; !count || accepted < count || n_clients;) {
        /* Without a descriptor it looks again five times a second. */
        struct timespec fifth = {0, 200000000};
        int more = (!count || accepted < count) && !pause;
        fds[0] = (struct pollfd){.fd = more ? l : -1, .events = POLLIN};
        int ready = ppoll(fds, n_clients + 1, pause ? &fifth : NULL, NULL);
        pause = 0;
        if (ready == -1 && errno != EINTR)
            err(1, "ppoll");
        if (ready <= 0)
            continue;
        for (size_t i = n_clients; i-- > 0;) {
            struct client *c = clients[i];
            int fd = fds[i + 1].fd;
            if (!fds[i + 1].revents)
                continue;
            if (drain(c, fd) == -1 || fill(c, fd) == -1 || drain(c, fd) == -1)
                drop(i, "lost");
            else if (c->ended && c->size == 0)
                drop(i, "closed");
            else
                set_events(i);
        }
        if (!fds[0].revents)
            continue;
        size = sizeof from;
        int fd = accept(l, (struct sockaddr *)&from, &size);
        if (fd != -1) {
            accepted++;
            take(fd, &from, size);
        } else if (!later() && errno != ECONNABORTED) {
            pause = 1;
        }
    }
    free(clients);
    free(fds);
    close(l);
    return 0;
}
