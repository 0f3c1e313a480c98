/*
 * datagram-server HOST PORT COUNT - echoes datagrams.
 *
 * Asks for the length first (MSG_PEEK and MSG_TRUNC), then takes the datagram
 * into as much room as it needs. Returns 0, 1 when a call failed, 2 for a wrong
 * command line.
 */
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static int parse(const char *text, long limit, long *to) {
    char *end;
    if (*text < '0' || *text > '9')
        return 0;
    errno = 0;
    *to = strtol(text, &end, 10);
    return *end == '\0' && errno == 0 && *to <= limit;
}

static void print(const struct sockaddr_storage *a, socklen_t length,
                  const char *end) {
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getnameinfo((const struct sockaddr *)a, length, host, sizeof host, port,
                    sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV | NI_DGRAM) == 0)
        printf(strchr(host, ':') ? "[%s]:%s%s\n" : "%s:%s%s\n", host, port,
               end);
    fflush(stdout);
}

int main(int argc, char *argv[]) {
    long port, count;
    if (argc != 4 || !parse(argv[2], 65535, &port) ||
        !parse(argv[3], 1000000, &count)) {
        fprintf(stderr, "usage: datagram-server HOST PORT COUNT\n");
        exit(2);
    }
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *all, *a;
    int e = getaddrinfo(argv[1][0] ? argv[1] : NULL, argv[2], &hints, &all);
    if (e)
        errx(1, "%s: %s", argv[1], gai_strerror(e));
    for (a = all; a && a->ai_family != AF_INET; a = a->ai_next)
        continue;
    if (!a)
        a = all;
    int s = socket(a->ai_family, SOCK_DGRAM, 0);
    if (s == -1)
        err(1, "socket");
    if (bind(s, a->ai_addr, a->ai_addrlen) == -1)
        err(1, "bind");
    freeaddrinfo(all);

    struct sockaddr_storage from;
    socklen_t length = sizeof from;
    if (getsockname(s, (struct sockaddr *)&from, &length) == -1)
        err(1, "getsockname");
    printf("bound to ");
    print(&from, length, "");

    for (long done = 0; done < count || count == 0;) {
        fd_set set;
        char nothing;
        FD_ZERO(&set);
        FD_SET(s, &set);
        if (select(s + 1, &set, NULL, NULL, NULL) == -1) {
            if (errno == EINTR)
                continue;
            err(1, "select");
        }
        ssize_t n = recv(s, &nothing, 1, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
        if (n == -1)
            continue;
        char *bytes = malloc(6 + (size_t)n);
        if (!bytes)
            err(1, "malloc");
        memcpy(bytes, "Echo=>", 6);
        length = sizeof from;
        n = recvfrom(s, bytes + 6, (size_t)n, MSG_DONTWAIT,
                     (struct sockaddr *)&from, &length);
        if (n >= 0) {
            done++;
            printf("%zd bytes from ", n);
            print(&from, length, n > 1024 ? ", too long" : "");
            while (n <= 1024 &&
                   sendto(s, bytes, 6 + (size_t)n, 0, (struct sockaddr *)&from,
                          length) == -1 &&
                   errno == EINTR)
                continue;
        }
        free(bytes);
    }
    return close(s) == 0 ? 0 : 1;
}
