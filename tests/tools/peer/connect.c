/*
 * peer-connect - the peer's statements that make and end connections.
 * README.md describes them.
 */
#define _GNU_SOURCE
#include "peer.h"
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

struct sockaddr_storage address_of(const char *text) {
    struct sockaddr_storage a = {0};
    struct sockaddr_in *in = (void *)&a;
    struct sockaddr_in6 *in6 = (void *)&a;
    char host[64];
    snprintf(host, sizeof host, "%s", text[0] == '[' ? text + 1 : text);
    char *end = strrchr(host, text[0] == '[' ? ']' : ':');
    const char *port = "0";
    if (end) {
        *end = '\0';
        port = text[0] == '[' && end[1] == ':' ? end + 2 : end + 1;
    }
    uint16_t number = htons((uint16_t)strtol(port, NULL, 10));
    if (inet_pton(AF_INET, host, &in->sin_addr) == 1) {
        in->sin_family = AF_INET;
        in->sin_port = number;
    } else if (inet_pton(AF_INET6, host, &in6->sin6_addr) == 1) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = number;
    } else {
        errx(2, "not an address: %s", text);
    }
    return a;
}

socklen_t length_of(const struct sockaddr_storage *a) {
    return a->ss_family == AF_INET ? sizeof(struct sockaddr_in)
                                   : sizeof(struct sockaddr_in6);
}

/*
 * A stream socket of this family with the buffers that were asked for. Two
 * share a port by SO_REUSEPORT only as one user, who is he that made the
 * socket, socket(7): it is made as KIT_USER, whom the programs run as where
 * they are confined; setfsuid(2).
 */
int new_socket(int family) {
    const char *user = getenv("KIT_USER");
    int before = user && *user ? setfsuid((uid_t)strtoul(user, NULL, 10)) : -1;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int on = 1;
    if (before != -1)
        setfsuid((uid_t)before);
    if (fd == -1)
        err(3, "socket");
    if (peer.rcvbuf)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &peer.rcvbuf, sizeof(int));
    if (peer.sndbuf)
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &peer.sndbuf, sizeof(int));
    if (peer.mss)
        setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &peer.mss, sizeof(int));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* Keeps FD as the present connection and learns its two addresses. */
void keep(int fd) {
    struct connection *c = this_one();
    socklen_t len = sizeof c->here;
    if (c->fd != -1)
        close(c->fd);
    c->fd = fd;
    c->sent = 0;
    c->ended = 0;
    c->is_datagram = 0;
    c->flooded = 0;
    getsockname(fd, (struct sockaddr *)&c->here, &len);
    len = sizeof c->there;
    getpeername(fd, (struct sockaddr *)&c->there, &len);
}

int do_set_source(char **w) {
    peer.from = address_of(w[0]);
    return 0;
}

int do_set_rcvbuf(char **w) {
    peer.rcvbuf = (int)strtol(w[0], NULL, 10);
    return 0;
}

int do_set_sndbuf(char **w) {
    peer.sndbuf = (int)strtol(w[0], NULL, 10);
    return 0;
}

int do_set_mss(char **w) {
    peer.mss = (int)strtol(w[0], NULL, 10);
    return 0;
}

/* Tries to connect. Returns a descriptor, or -1 with errno (ETIMEDOUT: gave
   up waiting). A connection that was made and reset at once was made:
   *WAS_RESET then (nobody listening is ECONNREFUSED). */
static int try_connect(const struct sockaddr_storage *to, int *was_reset) {
    int fd = new_socket(to->ss_family);
    if (peer.from.ss_family == to->ss_family) {
        int on = 1;
        const struct sockaddr_in *in = (const void *)&peer.from;
        /* Without a port of its own choosing, bind leaves it to connect. */
        if (!in->sin_port)
            setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        else
            setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (bind(fd, (struct sockaddr *)&peer.from, length_of(&peer.from)) ==
            -1)
            err(3, "bind %s", name_of(&peer.from));
    }
    int error = 0;
    if (connect(fd, (const struct sockaddr *)to, length_of(to)) == -1) {
        socklen_t len = sizeof error;
        error = errno;
        if (error == EINPROGRESS) {
            if (!wait_for(can_write, &fd, fd, POLLOUT))
                error = ETIMEDOUT;
            else
                getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
        }
    }
    *was_reset = error == ECONNRESET;
    if (error && !*was_reset) {
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

int do_connect(char **w) {
    if (is_path(w[0]))
        return connect_path(w[0]);
    struct sockaddr_storage to = address_of(w[0]);
    char expected[96];
    int was_reset = 0;
    int fd = try_connect(&to, &was_reset);
    if (fd == -1) {
        int error = errno;
        snprintf(expected, sizeof expected, "a connection to %s", w[0]);
        return unmet(expected, "%s", why(error));
    }
    keep(fd);
    this_one()->reset = was_reset;
    this_one()->there = to;
    step("connected to %s from %s", w[0], name_of(&this_one()->here));
    return 0;
}

int do_expect_refused(char **w) {
    struct sockaddr_storage to = address_of(w[0]);
    char expected[96];
    int was_reset = 0;
    int fd = try_connect(&to, &was_reset);
    if (fd == -1 && errno == ECONNREFUSED)
        return 0;
    snprintf(expected, sizeof expected, "a connection to %s is refused", w[0]);
    if (fd == -1)
        return unmet(expected, "%s", why(errno));
    close(fd);
    return unmet(expected, "it was accepted: somebody listens there");
}

int do_set_reuseport(char **w) {
    (void)w;
    peer.reuseport = 1;
    return 0;
}

int do_listen(char **w) {
    if (is_path(w[0]))
        return listen_path(w[0], (int)strtol(w[1], NULL, 10));
    struct sockaddr_storage at = address_of(w[0]);
    int on = 1;
    int fd = new_socket(at.ss_family);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (peer.reuseport)
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&at, length_of(&at)) == -1)
        err(3, "bind %s", w[0]);
    if (listen(fd, (int)strtol(w[1], NULL, 10)) == -1)
        err(3, "listen %s", w[0]);
    peer.listener = fd;
    return 0;
}

/*
 * Fills the queue of the listening socket: listen(2) with backlog N holds N + 1
 * finished connections that nobody accepted; the next SYN is ignored. Each
 * socket stays open until this process ends.
 */
int do_fill_queue(char **w) {
    struct sockaddr_storage at = {0};
    socklen_t len = sizeof at;
    struct tcp_info info = {0};
    (void)w;
    if (peer.listens_at) {
        fill_path_queue();
        return 0;
    }
    if (getsockname(peer.listener, (struct sockaddr *)&at, &len) == -1)
        err(3, "getsockname");
    for (int full = 0; !full;) {
        int fd = new_socket(at.ss_family);
        if (connect(fd, (struct sockaddr *)&at, length_of(&at)) == -1 &&
            errno != EINPROGRESS)
            err(3, "connect");
        socklen_t size = sizeof info;
        getsockopt(peer.listener, IPPROTO_TCP, TCP_INFO, &info, &size);
        /* Of a listening socket: waiting connections and backlog, tcp(7). */
        full = info.tcpi_unacked > info.tcpi_sacked;
    }
    return 0;
}

static int calls(void *found) {
    int n = program() ? tcp_calling(program(), found) : 0;
    if (n == -1)
        err(3, "asking the kernel for its sockets (sock_diag, tcp_diag)");
    return n;
}

int do_wait_connecting(char **w) {
    struct tcp_socket found;
    (void)w;
    if (peer.listens_at)
        return wait_connecting_path();
    if (wait_for(calls, &found, -1, 0))
        return 0;
    return unmet("the program connects", "%s", gave_up());
}

/* Makes an IPv4 address of A if it is one that is mapped into IPv6. */
static void unmap(struct sockaddr_storage *a) {
    struct sockaddr_in in = {.sin_family = AF_INET};
    const struct sockaddr_in6 *in6 = (const void *)a;
    if (a->ss_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
        return;
    in.sin_port = in6->sin6_port;
    memcpy(&in.sin_addr, in6->sin6_addr.s6_addr + 12, sizeof in.sin_addr);
    memcpy(a, &in, sizeof in);
}

/*
 * A program that connects to a full queue gets no answer before its kernel asks
 * again, after a second and more. This answers at once: by a simultaneous open
 * (RFC 9293, 3.5), a connect from the address that the program calls.
 */
int do_answer_connect(char **w) {
    struct sockaddr_storage here = {0};
    socklen_t len = sizeof here;
    struct tcp_socket found;
    int on = 1, error = 0;
    (void)w;
    if (peer.listens_at)
        return answer_path_connect();
    if (!wait_for(calls, &found, -1, 0))
        return unmet("the program connects", "%s", gave_up());
    unmap(&found.local);
    getsockname(peer.listener, (struct sockaddr *)&here, &len);
    int fd = new_socket(here.ss_family);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&here, len) == -1)
        err(3, "bind %s", name_of(&here));
    (void)connect(fd, (struct sockaddr *)&found.local, length_of(&found.local));
    len = sizeof error;
    if (wait_for(can_write, &fd, fd, POLLOUT))
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
    if (error)
        return unmet("the program goes on with its connect", "%s", why(error));
    keep(fd);
    step("answered the connect from %s", name_of(&this_one()->there));
    return 0;
}

int do_accept(char **w) {
    (void)w;
    if (!wait_for(can_read, &peer.listener, peer.listener, POLLIN))
        return unmet("the program connects", "%s", gave_up());
    int fd = accept4(peer.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd == -1)
        return unmet("the program connects", "%s", why(errno));
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    keep(fd);
    step("accepted a connection from %s", name_of(&this_one()->there));
    return 0;
}

int do_close_listener(char **w) {
    (void)w;
    close(peer.listener);
    peer.listener = -1;
    return 0;
}

/* Tries to bind ADDR:PORT without SO_REUSEADDR; returns 0 or errno. */
static int try_bind(const char *text) {
    struct sockaddr_storage at = address_of(text);
    int fd = new_socket(at.ss_family);
    int error =
        bind(fd, (struct sockaddr *)&at, length_of(&at)) == -1 ? errno : 0;
    close(fd);
    return error;
}

/* A bound socket that does not listen is in no table: this is how it is seen.
 */
static int is_bound(void *text) { return try_bind(text) == EADDRINUSE; }

static int is_free(void *text) { return try_bind(text) == 0; }

/* While this bind tries, the program's own would fail: so it waits for a
   program that has come to rest. */
int do_expect_bound(char **w) {
    struct moment before = {0};
    char expected[96], other[96];
    if (wait_for(settled, &before, -1, 0) && wait_for(is_bound, w[0], -1, 0))
        return 0;
    snprintf(expected, sizeof expected, "a socket bound to %s", w[0]);
    unsigned turned = turned_port(w[0]);
    snprintf(other, sizeof other, "%.*s:%u", (int)(strrchr(w[0], ':') - w[0]),
             w[0], turned);
    if (turned && is_bound(other))
        return unmet(expected, "one bound to %s" TURNED, other);
    return unmet(expected, "another program can still bind it: %s", gave_up());
}

int do_expect_free(char **w) {
    char expected[96];
    if (wait_for(is_free, w[0], -1, 0))
        return 0;
    snprintf(expected, sizeof expected, "no socket bound to %s", w[0]);
    return unmet(expected, "bind: %s", why(try_bind(w[0])));
}

int do_expect_raw_sockets(char **w) {
    int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
    (void)w;
    if (fd == -1)
        return unmet("a raw socket", "%s", why(errno));
    close(fd);
    return 0;
}

/* The side that closes first keeps TIME_WAIT (RFC 9293, 3.3.2). */
int do_leave_time_wait(char **w) {
    struct sockaddr_storage to = address_of(w[0]);
    char *words[] = {w[0], "1"};
    do_listen(words);
    int was_reset = 0, byte = 0;
    int near = try_connect(&to, &was_reset);
    if (near == -1)
        err(3, "connect %s", w[0]);
    int far = -1;
    while ((far = accept(peer.listener, NULL, NULL)) == -1)
        if (errno != EAGAIN)
            err(3, "accept");
    close(far);
    while (recv(near, &byte, 1, 0) == -1)
        if (errno != EAGAIN)
            err(3, "recv");
    close(near);
    return do_close_listener(w);
}

int do_print_address(char **w) {
    (void)w;
    puts(name_of(&this_one()->here));
    fflush(stdout);
    return 0;
}

int do_shutdown(char **w) {
    (void)w;
    shutdown(this_one()->fd, SHUT_WR);
    step("half-closed: no more bytes from the peer");
    return 0;
}

int do_close(char **w) {
    (void)w;
    close(this_one()->fd);
    this_one()->fd = -1;
    step("closed");
    return 0;
}

int do_abort(char **w) {
    struct linger at_once = {1, 0};
    (void)w;
    if (is_unix(this_one()))
        return abort_path();
    setsockopt(this_one()->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(this_one()->fd);
    this_one()->fd = -1;
    step("aborted: a reset instead of an orderly end");
    return 0;
}
