/*
 * unix-client - a variant: nonblocking; connect again after a nap while the
 * server's queue is full; readv.
 *
 * usage: unix-client PATH [MESSAGE...]
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>
static int fail(int s, const char *c) {
    fprintf(stderr, "unix-client: %s() failed: %s\n", c, strerror(errno));
    if (s >= 0)
        close(s);
    return 1;
}
static void wait_(int s, short e) {
    struct pollfd p = {s, e, 0};
    while (poll(&p, 1, -1) < 0 && errno == EINTR)
        ;
}
int main(int argc, char **argv) {
    int ok = argc > 1 && *argv[1] && strlen(argv[1]) < 108;
    for (int i = 2; i < argc; i++)
        ok = ok && *argv[i] && strlen(argv[i]) < 1025;
    if (!ok) {
        fprintf(stderr, "usage: unix-client PATH [MESSAGE...]\n");
        return 2;
    }
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (s < 0)
        return fail(s, "socket");
    if (setsockopt(s, SOL_SOCKET, SO_PASSCRED, &(int){1}, sizeof(int)))
        return fail(s, "setsockopt");
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    strncpy(a.sun_path, argv[1], sizeof a.sun_path - 1);
    while (connect(s, (void *)&a, sizeof a)) {
        if (errno == EAGAIN)
            poll(NULL, 0, 10);
        else if (errno != EINTR)
            return fail(s, "connect");
    }
    for (int i = argc > 2 ? 2 : 1; i < argc; i++) {
        const char *m = argc > 2 ? argv[i] : "Hello network world";
        size_t n = strlen(m), o = 0, g = 0;
        while (o < n) {
            ssize_t k = send(s, m + o, n - o, MSG_NOSIGNAL);
            if (k >= 0)
                o += (size_t)k;
            else if (errno == EAGAIN)
                wait_(s, POLLOUT);
            else if (errno != EINTR)
                return fail(s, "send");
        }
        char x[7], y[1100];
        memset(y, 0, sizeof y);
        while (g < n + 6) {
            struct iovec v[2] = {
                {x + (g < 6 ? g : 6), g < 6 ? 6 - g : 0},
                {y + (g < 6 ? 0 : g - 6), n + 6 - (g < 6 ? 6 : g)}};
            ssize_t k = readv(s, v, 2);
            if (k > 0)
                g += (size_t)k;
            else if (k == 0) {
                fprintf(stderr, "recv: closed before the end\n");
                close(s);
                return 1;
            } else if (errno == EAGAIN)
                wait_(s, POLLIN);
            else if (errno != EINTR)
                return fail(s, "readv (recv)");
        }
        fputs("Client received: '", stdout);
        fwrite(x, 6, 1, stdout);
        fwrite(y, n, 1, stdout);
        fputs("'\n", stdout);
        fflush(stdout);
    }
    close(s);
    return 0;
}
