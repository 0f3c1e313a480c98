/*
 * echo-server HOST PORT [COUNT] - sends every piece that it receives back, with
 * Echo=> before it.
 *
 * The connection is non-blocking, and poll waits for what is next; one socket
 * for IPv4 and IPv6. Returns 0, 1 when a call failed, 2 for a wrong command
 * line.
 */
#define _GNU_SOURCE /* accept4 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static long number(const char *text, long most) {
    long value = 0;
    if (!*text)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return -1;
        value = value * 10 + (*text - '0');
        if (value > most)
            return -1;
    }
    return value;
}

static int failed(const char *call) {
    fprintf(stderr, "%s failed: %s\n", call, strerror(errno));
    return -1;
}

/* ADDR:PORT of either family, as text. */
static const char *name(const struct sockaddr_storage *a) {
    static char text[INET6_ADDRSTRLEN + 16];
    char host[INET6_ADDRSTRLEN];
    if (a->ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)a;
        inet_ntop(AF_INET6, &six->sin6_addr, host, sizeof host);
        snprintf(text, sizeof text, "[%s]:%d", host, ntohs(six->sin6_port));
    } else {
        const struct sockaddr_in *four = (const struct sockaddr_in *)a;
        inet_ntop(AF_INET, &four->sin_addr, host, sizeof host);
        snprintf(text, sizeof text, "%s:%d", host, ntohs(four->sin_port));
    }
    return text;
}

static int listen_on(const struct sockaddr *a, socklen_t length) {
    int yes = 1, no = 0;
    int fd = socket(a->sa_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    if (fd < 0)
        return failed("socket");
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0)
        return failed("setsockopt");
    /* One socket for both families, where it can be. */
    if (a->sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
    if (bind(fd, a, length) < 0)
        return failed("bind");
    if (listen(fd, 128) < 0)
        return failed("listen");
    return fd;
}

static int open_server(const char *host, const char *port) {
    struct addrinfo hints, *all, *best;
    struct sockaddr_storage here;
    socklen_t length = sizeof(here);
    int fd, code;
    memset(&hints, 0, sizeof(hints));
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    hints.ai_family = *host ? AF_UNSPEC : AF_INET6;
    code = getaddrinfo(*host ? host : NULL, port, &hints, &all);
    if (code && !*host) {
        hints.ai_family = AF_INET;
        code = getaddrinfo(NULL, port, &hints, &all);
    }
    if (code) {
        fprintf(stderr, "cannot resolve %s: %s\n", host, gai_strerror(code));
        return -1;
    }
    for (best = all; best && best->ai_family != AF_INET; best = best->ai_next)
        ;
    if (!best)
        best = all;
    fd = listen_on(best->ai_addr, best->ai_addrlen);
    freeaddrinfo(all);
    if (fd < 0)
        return -1;
    if (getsockname(fd, (struct sockaddr *)&here, &length) < 0)
        return failed("getsockname");
    printf("listening on %s\n", name(&here));
    fflush(stdout);
    return fd;
}

/* Waits until FD can be read (or written), for as long as it takes. */
static void until_ready(int fd, short events) {
    struct pollfd p = {fd, events, 0};
    while (poll(&p, 1, -1) < 0 && errno == EINTR)
        ;
}

static int again(void) {
    return errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK;
}

/* Returns 0 at end-of-file, -1 when the client is lost. */
static int echo(int fd) {
    char piece[1030] = "Echo=>";
    for (;;) {
        size_t have, sent = 0;
        ssize_t n = read(fd, piece + 6, 1024);
        if (n == 0)
            return 0;
        if (n < 0 && !again())
            return failed("read");
        if (n < 0) {
            until_ready(fd, POLLIN);
            continue;
        }
        for (have = 6 + (size_t)n; sent < have;) {
            n = write(fd, piece + sent, have - sent);
            if (n >= 0)
                sent += (size_t)n;
            else if (again())
                until_ready(fd, POLLOUT);
            else
                return failed("write");
        }
    }
}

int main(int argc, char *argv[]) {
    struct sockaddr_storage client;
    long count = argc == 4 ? number(argv[3], 1000000) : 0;
    long served = 0;
    int server;
    if (argc < 3 || argc > 4 || number(argv[2], 65535) < 0 || count < 0) {
        fprintf(stderr, "usage: echo-server host port [count]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    server = open_server(argv[1], argv[2]);
    if (server < 0)
        return 1;
    while (count == 0 || served < count) {
        socklen_t length = sizeof(client);
        int fd = accept4(server, (struct sockaddr *)&client, &length,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            printf("connected by %s\n", name(&client));
            fflush(stdout);
            echo(fd);
            close(fd);
            served++;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            failed("accept");
            return 1;
        }
    }
    close(server);
    return 0;
}
