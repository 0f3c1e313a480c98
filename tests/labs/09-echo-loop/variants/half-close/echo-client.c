/*
 * echo-client - a variant: the last address of a name first; MSG_WAITALL; it
 * closes its side of the connection after the last message.
 *
 * usage: echo-client HOST PORT [MESSAGE...]
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(int argc, char **argv) {
    int bad = argc < 3 || !argv[2][0] ||
              strspn(argv[2], "0123456789") != strlen(argv[2]) ||
              strtoull(argv[2], NULL, 10) > 65535;
    for (int i = 3; i < argc; i++)
        bad |= !argv[i][0] || strlen(argv[i]) > 1024;
    if (bad) {
        fprintf(stderr, "usage:\techo-client HOST PORT [MESSAGE...]\n");
        return 2;
    }
    struct addrinfo h = {.ai_socktype = SOCK_STREAM}, *l, *p[64];
    int e = getaddrinfo(argv[1], argv[2], &h, &l), n = 0;
    if (e) {
        fprintf(stderr, "%s: %s\n", argv[1], gai_strerror(e));
        return 1;
    }
    for (struct addrinfo *a = l; a && n < 64; a = a->ai_next)
        p[n++] = a;
    const char *what = "connect";
    int why = 0, s = -1;
    while (n--) {
        s = socket(p[n]->ai_family, p[n]->ai_socktype, p[n]->ai_protocol);
        if (s < 0) {
            what = "socket";
            why = errno;
            continue;
        }
        what = "connect";
        why = 0;
        /* after EINTR simply call it again */
        while (connect(s, p[n]->ai_addr, p[n]->ai_addrlen)) {
            if (errno == EISCONN)
                break;
            if (errno == EINTR)
                continue;
            if (errno == EALREADY) {
                struct pollfd f = {s, POLLOUT, 0};
                poll(&f, 1, -1);
                continue;
            }
            why = errno;
            break;
        }
        if (!why)
            break;
        close(s);
        s = -1;
    }
    freeaddrinfo(l);
    if (s < 0) {
        errno = why;
        perror(what);
        return 1;
    }
    static char hello[] = "Hello network world";
    char *one[] = {hello, NULL};
    char **m = argc == 3 ? one : argv + 3;
    for (; *m; m++) {
        size_t len = strlen(*m), got = 0;
        for (size_t o = 0; o < len;) {
            ssize_t k = send(s, *m + o, len - o, MSG_NOSIGNAL);
            if (k < 0 && errno == EINTR)
                continue;
            if (k < 0) {
                perror("send");
                close(s);
                return 1;
            }
            o += (size_t)k;
        }
        if (!m[1])
            shutdown(s, SHUT_WR);
        char *b = malloc(len + 6);
        if (!b) {
            perror("malloc");
            close(s);
            return 1;
        }
        while (got < len + 6) {
            ssize_t k = recv(s, b + got, len + 6 - got, MSG_WAITALL);
            if (k < 0 && errno == EINTR)
                continue;
            if (k < 0) {
                perror("recv");
                free(b);
                close(s);
                return 1;
            }
            if (k == 0) {
                fprintf(stderr, "recv: closed\n");
                free(b);
                close(s);
                return 1;
            }
            got += (size_t)k;
        }
        printf("Client received: '");
        for (size_t i = 0; i < got; i++)
            putchar(b[i]);
        printf("'\n");
        fflush(stdout);
        free(b);
    }
    shutdown(s, SHUT_RDWR);
    close(s);
    return 0;
}
