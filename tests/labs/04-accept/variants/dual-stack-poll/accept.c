/*
 * accept - print who connects. One IPv6 socket serves both families: IPv4
 * addresses appear as mapped ones. poll waits, accept never blocks.
 *
 * usage: accept HOST PORT COUNT
 * Returns 0 after COUNT clients, 1 when a call failed, 2 for a wrong command
 * line.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <error.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool parse(const char *text, unsigned long most, unsigned long *value) {
    *value = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        *value = *value * 10 + (unsigned long)(*text - '0');
        if (*value > most)
            return false;
    }
    return true;
}

static void show(const char *what, const struct sockaddr_in6 *a) {
    char text[INET6_ADDRSTRLEN];
    dprintf(STDOUT_FILENO, "%s [%s]:%hu\n", what,
            inet_ntop(AF_INET6, &a->sin6_addr, text, sizeof text),
            ntohs(a->sin6_port));
}

/* Fills in the address; of several the first mapped IPv4 one. */
static void resolve(const char *host, struct sockaddr_in6 *a) {
    struct addrinfo hints = {.ai_family = AF_INET6,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_V4MAPPED | AI_ALL};
    struct addrinfo *all, *one;
    int failed = getaddrinfo(host, NULL, &hints, &all);
    if (failed)
        error(1, 0, "%s: %s", host, gai_strerror(failed));
    memcpy(a, all->ai_addr, sizeof *a);
    for (one = all; one; one = one->ai_next) {
        const struct sockaddr_in6 *in6 = (const void *)one->ai_addr;
        if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
            memcpy(a, in6, sizeof *a);
            break;
        }
    }
    freeaddrinfo(all);
}

int main(int argc, char **argv) {
    unsigned long port, count;
    if (argc != 4 || !parse(argv[2], 65535, &port) ||
        !parse(argv[3], 1000000, &count)) {
        fprintf(stderr, "%s: usage: HOST PORT COUNT\n", argv[0]);
        return 2;
    }
    struct sockaddr_in6 a = {.sin6_family = AF_INET6,
                             .sin6_addr = IN6ADDR_ANY_INIT};
    if (argv[1][0])
        resolve(argv[1], &a);
    a.sin6_port = htons((in_port_t)port);

    int on = 1, off = 0;
    int s = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (s == -1)
        error(1, errno, "socket");
    if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off))
        error(1, errno, "setsockopt");
    if (bind(s, (struct sockaddr *)&a, sizeof a))
        error(1, errno, "bind");
    if (listen(s, 64))
        error(1, errno, "listen");
    socklen_t size = sizeof a;
    if (getsockname(s, (struct sockaddr *)&a, &size))
        error(1, errno, "getsockname");
    show("listening on", &a);

    for (unsigned long n = 0; !count || n < count;) {
        struct pollfd p = {.fd = s, .events = POLLIN};
        if (poll(&p, 1, -1) == -1 && errno != EINTR)
            error(1, errno, "poll");
        size = sizeof a;
        int c = accept4(s, (struct sockaddr *)&a, &size, SOCK_CLOEXEC);
        if (c == -1) {
            if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
                continue;
            error(1, errno, "accept");
        }
        show("connected by", &a);
        shutdown(c, SHUT_RDWR);
        close(c);
        n++;
    }
    close(s);
    return 0;
}
