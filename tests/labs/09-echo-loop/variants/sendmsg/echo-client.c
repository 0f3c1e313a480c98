/*
 * echo-client HOST PORT [MESSAGE...] - asks an echo server.
 *
 * Polls until all that is missing is there (SO_RCVLOWAT); recvmsg into two
 * buffers, one for the mark. Ends with 0, 1 after a failed call, 2 for bad
 * usage.
 */
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

static int is_connected(int fd, const struct addrinfo *a) {
    int error = 0;
    if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
        return 1;
    if (errno != EINTR)
        return 0;
    int n;
    struct pollfd writable = {.fd = fd, .events = POLLOUT};
    AGAIN(n, poll(&writable, 1, -1));
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof error});
    errno = error;
    return error == 0;
}

static int reach(const char *host, const char *port) {
    struct addrinfo *all, hints = {.ai_socktype = SOCK_STREAM};
    int error = getaddrinfo(host, port, &hints, &all);
    if (error != 0)
        errx(1, "%s: %s", host, gai_strerror(error));
    int fd = -1;
    for (struct addrinfo *a = all; a != NULL && fd == -1; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype, 0);
        if (fd == -1) {
            warn("socket");
        } else if (!is_connected(fd, a)) {
            warn("connect");
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(all);
    if (fd == -1)
        exit(1);
    return fd;
}

static void exchange(int fd, const char *text) {
    size_t size = strlen(text);
    char mark[6], body[1024];
    for (size_t at = 0; at < size;) {
        ssize_t n;
        AGAIN(n, send(fd, text + at, size - at, MSG_NOSIGNAL));
        if (n == -1)
            err(1, "send");
        at += (size_t)n;
    }
    for (size_t at = 0; at < 6 + size;) {
        size_t in_mark = at < 6 ? at : 6, in_body = at - in_mark;
        struct iovec parts[2] = {{mark + in_mark, 6 - in_mark},
                                 {body + in_body, size - in_body}};
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
        int missing = (int)(6 + size - at);
        if (setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &missing, sizeof missing))
            err(1, "setsockopt");
        struct pollfd answer = {.fd = fd, .events = POLLIN};
        ssize_t n;
        AGAIN(n, poll(&answer, 1, -1));
        if (n == -1)
            err(1, "poll");
        AGAIN(n, recvmsg(fd, &message, 0));
        if (n == -1)
            err(1, "recv");
        if (n == 0)
            errx(1, "recv: the connection was closed");
        at += (size_t)n;
    }
    printf("Client received: '");
    fwrite(mark, 1, 6, stdout);
    fwrite(body, 1, size, stdout);
    printf("'\n");
    fflush(stdout);
}

int main(int argc, char *argv[]) {
    int usable = argc >= 3 && is_number(argv[2], 65535);
    for (int i = 3; i < argc; i++)
        if (strlen(argv[i]) - 1 > 1023)
            usable = 0;
    if (!usable)
        return fprintf(stderr, "usage: echo-client HOST PORT [MESSAGE...]\n"),
               2;
    int fd = reach(argv[1], argv[2]);
    if (argc == 3)
        exchange(fd, "Hello network world");
    for (int i = 3; i < argc; i++)
        exchange(fd, argv[i]);
    close(fd);
    return 0;
}
