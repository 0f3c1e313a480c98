/*
 * many-server - another style: select(2), IPv4 alone, a table by descriptor.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static struct {
    int open;
    char name[32];
    char buf[6 + 1024];
    int from, to; /* what of it is still to be sent */
} table[FD_SETSIZE];

static int number(const char *s, int max) {
    int n = 0;
    if (!*s)
        return -1;
    for (; *s; s++) {
        if (*s < '0' || *s > '9')
            return -1;
        n = n * 10 + (*s - '0');
        if (n > max)
            return -1;
    }
    return n;
}

static const char *text(const struct sockaddr_in *a) {
    static char t[32];
    snprintf(t, sizeof t, "%s:%d", inet_ntoa(a->sin_addr), ntohs(a->sin_port));
    return t;
}

static int fail(const char *what) {
    perror(what);
    return 1;
}

int main(int argc, char **argv) {
    struct sockaddr_in a = {.sin_family = AF_INET};
    int port = argc == 4 ? number(argv[2], 65535) : -1;
    int count = argc == 4 ? number(argv[3], 1000000) : -1;
    if (port < 0 || count < 0) {
        fputs("Usage: many-server HOST PORT COUNT\n", stderr);
        return 2;
    }
    a.sin_port = htons((unsigned short)port);
    if (*argv[1]) {
        struct addrinfo hints = {.ai_family = AF_INET,
                                 .ai_socktype = SOCK_STREAM},
                        *list;
        int e = getaddrinfo(argv[1], NULL, &hints, &list);
        if (e) {
            fprintf(stderr, "%s: %s\n", argv[1], gai_strerror(e));
            return 1;
        }
        a.sin_addr = ((struct sockaddr_in *)(void *)list->ai_addr)->sin_addr;
        freeaddrinfo(list);
    }
    signal(SIGPIPE, SIG_IGN);
    int one = 1, l = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (l == -1)
        return fail("socket");
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    socklen_t n = sizeof a;
    if (bind(l, (struct sockaddr *)&a, n) == -1)
        return fail("bind");
    if (listen(l, 50) == -1)
        return fail("listen");
    if (getsockname(l, (struct sockaddr *)&a, &n) == -1)
        return fail("getsockname");
    printf("listening on %s\n", text(&a));
    fflush(stdout);

    int accepted = 0, here = 0, full = 0;
    while (count == 0 || accepted < count || here > 0) {
        fd_set in, out;
        int highest = -1;
        FD_ZERO(&in);
        FD_ZERO(&out);
        if ((count == 0 || accepted < count) && !full) {
            FD_SET(l, &in);
            highest = l;
        }
        for (int fd = 0; fd < FD_SETSIZE; fd++) {
            if (!table[fd].open)
                continue;
            FD_SET(fd, table[fd].from < table[fd].to ? &out : &in);
            highest = fd > highest ? fd : highest;
        }
        /* Out of descriptors without a client: look again by and by. */
        struct timeval later = {0, 200000};
        int wait = full && here == 0;
        int ready = select(highest + 1, &in, &out, NULL, wait ? &later : NULL);
        if (wait)
            full = 0;
        if (ready == -1 && errno != EINTR)
            return fail("select");
        if (ready <= 0)
            continue;
        for (int fd = 0; fd <= highest; fd++) {
            if (!table[fd].open || (!FD_ISSET(fd, &in) && !FD_ISSET(fd, &out)))
                continue;
            const char *over = NULL;
            if (FD_ISSET(fd, &in)) {
                ssize_t got = recv(fd, table[fd].buf + 6, 1024, MSG_DONTWAIT);
                if (got > 0)
                    table[fd].from = 0, table[fd].to = 6 + (int)got;
                else if (got == 0)
                    over = "closed";
                else if (errno != EINTR && errno != EAGAIN)
                    over = "lost";
            }
            if (!over && table[fd].from < table[fd].to) {
                ssize_t put =
                    send(fd, table[fd].buf + table[fd].from,
                         (size_t)(table[fd].to - table[fd].from), MSG_DONTWAIT);
                if (put >= 0)
                    table[fd].from += (int)put;
                else if (errno != EINTR && errno != EAGAIN)
                    over = "lost";
            }
            if (over) {
                printf("%s %s\n", over, table[fd].name);
                fflush(stdout);
                table[fd].open = 0;
                close(fd);
                here--;
                full = 0;
            }
        }
        if (highest >= l && FD_ISSET(l, &in)) {
            n = sizeof a;
            int fd = accept(l, (struct sockaddr *)&a, &n);
            if (fd >= FD_SETSIZE) {
                close(fd);
            } else if (fd >= 0) {
                accepted++;
                here++;
                table[fd].open = 1;
                table[fd].from = table[fd].to = 0;
                memcpy(table[fd].buf, "Echo=>", 6);
                strcpy(table[fd].name, text(&a));
                printf("connected by %s\n", table[fd].name);
                fflush(stdout);
            } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
                       errno == ENOBUFS) {
                full = 1;
            }
        }
    }
    close(l);
    return 0;
}
