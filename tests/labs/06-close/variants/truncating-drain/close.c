/*
 * close - count and reply. Throws the bytes away inside the kernel (MSG_TRUNC,
 * tcp(7)), half-closes after the reply and reads once more until the end.
 *
 * usage: close HOST PORT COUNT
 * Returns 0 after COUNT clients, 1 when a call failed, 2 for a wrong command
 * line.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Throws away what comes; returns -1 for an error, 0 at the end. */
static int drain(int fd, uintmax_t *bytes) {
    static char unused[1 << 20];
    ssize_t n;
    while ((n = recv(fd, unused, sizeof unused, MSG_TRUNC)) != 0) {
        if (n > 0)
            *bytes += (uintmax_t)n;
        else if (errno != EINTR)
            return -1;
    }
    return 0;
}

static int reply(int fd, uintmax_t bytes) {
    char number[24];
    char text[] = " bytes\n";
    snprintf(number, sizeof number, "%ju", bytes);
    struct iovec v[2] = {{number, strlen(number)}, {text, strlen(text)}};
    for (int i = 0; i < 2;) {
        struct msghdr m = {.msg_iov = v + i, .msg_iovlen = (size_t)(2 - i)};
        ssize_t n = sendmsg(fd, &m, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            return -1;
        for (; i < 2 && (size_t)n >= v[i].iov_len; i++)
            n -= (ssize_t)v[i].iov_len;
        if (i < 2) {
            v[i].iov_base = (char *)v[i].iov_base + n;
            v[i].iov_len -= (size_t)n;
        }
    }
    return 0;
}

static const char *text_of(const struct sockaddr_storage *a, socklen_t size) {
    static char text[NI_MAXHOST + NI_MAXSERV + 4];
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getnameinfo((const struct sockaddr *)a, size, host, sizeof host, port,
                    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        errx(1, "getnameinfo");
    snprintf(text, sizeof text, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host,
             port);
    return text;
}

static int usage(void) {
    fputs("usage: close HOST PORT COUNT\n", stderr);
    return 2;
}

static int in_range(const char *text, unsigned long long most) {
    for (const char *c = text; *c; c++)
        if (*c < '0' || *c > '9')
            return 0;
    return *text && strtoull(text, NULL, 10) <= most;
}

int main(int argc, char *argv[]) {
    if (argc != 4)
        return usage();
    if (!in_range(argv[2], 65535) || !in_range(argv[3], 1000000))
        return usage();
    struct addrinfo hints = {.ai_flags = AI_PASSIVE,
                             .ai_family = AF_INET,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    const char *host = *argv[1] ? argv[1] : NULL;
    if (getaddrinfo(host, argv[2], &hints, &list) != 0)
        hints.ai_family = AF_INET6;
    int error = list ? 0 : getaddrinfo(host, argv[2], &hints, &list);
    if (error)
        errx(1, "%s: %s", argv[1], gai_strerror(error));
    int s = socket(list->ai_family, list->ai_socktype, list->ai_protocol);
    if (s == -1)
        err(1, "socket");
    if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) == -1)
        err(1, "setsockopt");
    if (bind(s, list->ai_addr, list->ai_addrlen) == -1)
        err(1, "bind");
    freeaddrinfo(list);
    if (listen(s, 5) == -1)
        err(1, "listen");
    struct sockaddr_storage a;
    socklen_t size = sizeof a;
    if (getsockname(s, (struct sockaddr *)&a, &size) == -1)
        err(1, "getsockname");
    printf("listening on %s\n", text_of(&a, size));
    fflush(stdout);

    unsigned long count = strtoul(argv[3], NULL, 10), served = 0;
    do {
        size = sizeof a;
        int c = accept(s, (struct sockaddr *)&a, &size);
        if (c == -1) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            err(1, "accept");
        }
        uintmax_t bytes = 0, more = 0;
        int lost = drain(c, &bytes) == -1 || reply(c, bytes) == -1;
        shutdown(c, SHUT_WR);
        drain(c, &more);
        close(c);
        printf("%s %s after %ju bytes\n", lost ? "reset by" : "closed",
               text_of(&a, size), bytes);
        fflush(stdout);
        served++;
    } while (count == 0 || served < count);
    close(s);
    return 0;
}
