/*
 * connect - a variant: never blocks; connects, sends and receives by poll(2),
 * both directions at the same time.
 *
 * usage: connect HOST PORT MESSAGE
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static short wait_for(int fd, short events) {
    struct pollfd p = {fd, events, 0};
    while (poll(&p, 1, -1) < 0)
        if (errno != EINTR)
            err(1, "poll");
    return p.revents;
}

static const char *call; /* the last that try_one made */

/* Returns a connected socket, or -1 with errno. */
static int try_one(const struct addrinfo *a) {
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP);
    int error = 0;
    socklen_t size = sizeof error;
    call = "socket";
    if (fd < 0)
        return -1;
    call = "connect";
    if (connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
        error = errno;
        if (error == EINPROGRESS || error == EINTR) {
            wait_for(fd, POLLOUT);
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
        }
    }
    if (error) {
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static void say_peer(int fd) {
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage room;
    } a;
    socklen_t size = sizeof a;
    char text[INET6_ADDRSTRLEN];
    if (getpeername(fd, &a.any, &size) < 0)
        err(1, "getpeername");
    if (a.any.sa_family == AF_INET)
        printf("connected to %s:%d\n",
               inet_ntop(AF_INET, &a.in.sin_addr, text, sizeof text),
               ntohs(a.in.sin_port));
    else
        printf("connected to [%s]:%d\n",
               inet_ntop(AF_INET6, &a.in6.sin6_addr, text, sizeof text),
               ntohs(a.in6.sin6_port));
    fflush(stdout);
}

static void converse(int fd, const char *message) {
    size_t left = strlen(message);
    int sending = 1;
    for (;;) {
        char data[1500];
        short events = wait_for(fd, sending ? POLLIN | POLLOUT : POLLIN);
        if (sending && left > 0 && events & POLLOUT) {
            ssize_t n = send(fd, message, left, MSG_NOSIGNAL);
            if (n < 0 && errno != EINTR && errno != EAGAIN)
                err(1, "send");
            if (n > 0)
                message += n, left -= (size_t)n;
        }
        if (sending && left == 0) {
            sending = 0;
            if (shutdown(fd, SHUT_WR) < 0)
                err(1, "shutdown");
        }
        if (!(events & (POLLIN | POLLHUP | POLLERR)))
            continue;
        ssize_t n = recv(fd, data, sizeof data, 0);
        if (n == 0)
            return;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            err(1, "recv");
        for (ssize_t done = 0; done < n;) {
            ssize_t wrote = write(1, data + done, (size_t)(n - done));
            if (wrote < 0 && errno != EINTR)
                err(1, "write");
            done += wrote > 0 ? wrote : 0;
        }
    }
}

int main(int argc, char *argv[]) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list;
    char *end = NULL;
    if (argc != 4 || argv[2][0] < '0' || argv[2][0] > '9' ||
        strtoul(argv[2], &end, 10) > 65535 || *end)
        errx(2, "usage: connect HOST PORT MESSAGE");
    int error = getaddrinfo(argv[1], argv[2], &hints, &list);
    if (error)
        errx(1, "%s: %s", argv[1], gai_strerror(error));
    int fd = -1;
    for (struct addrinfo *a = list; a && fd < 0; a = a->ai_next)
        fd = try_one(a);
    freeaddrinfo(list);
    if (fd < 0)
        err(1, "%s for %s", call, argv[1]);
    say_peer(fd);
    converse(fd, argv[3]);
    close(fd);
    return 0;
}
