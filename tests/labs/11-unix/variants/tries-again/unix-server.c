/*
 * unix-server - a variant: signals are blocked, ppoll lets them in; a flag
 * says that one came; nonblocking.
 *
 * usage: unix-server PATH COUNT
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
static volatile sig_atomic_t stop;
static void on(int s) { stop = s; }
static sigset_t old;
static int ready(int fd, short ev) {
    struct pollfd p = {fd, ev, 0};
    while (!stop) {
        int r = ppoll(&p, 1, NULL, &old);
        if (r > 0)
            return 1;
        if (r < 0 && errno != EINTR)
            return -1;
    }
    return 0;
}
static int stale(const char *path, struct sockaddr_un *a) {
    struct stat st;
    if (lstat(path, &st) || (st.st_mode & S_IFMT) != S_IFSOCK)
        return 0;
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0)
        return 0;
    int r = connect(s, (void *)a, sizeof *a) && errno == ECONNREFUSED;
    close(s);
    return r;
}
int main(int argc, char **argv) {
    if (argc != 3 || !*argv[1] || strlen(argv[1]) > 107 || !*argv[2] ||
        strlen(argv[2]) > 7 ||
        strspn(argv[2], "0123456789") != strlen(argv[2]) ||
        atol(argv[2]) > 1000000) {
        fprintf(stderr, "usage: unix-server PATH COUNT\n");
        return 2;
    }
    long count = atol(argv[2]);
    sigset_t b;
    sigemptyset(&b);
    sigaddset(&b, SIGINT);
    sigaddset(&b, SIGTERM);
    sigprocmask(SIG_BLOCK, &b, &old);
    struct sigaction sa = {.sa_handler = on};
    sigaction(SIGINT, &sa, NULL);
    sigaction(SIGTERM, &sa, NULL);
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    memcpy(a.sun_path, argv[1], strlen(argv[1]));
    int s = socket(PF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (s < 0) {
        perror("socket");
        return 1;
    }
    mode_t um = umask(0177);
    int r = bind(s, (void *)&a, sizeof a), e = errno;
    if (r && e == EADDRINUSE && stale(argv[1], &a) && unlink(argv[1]) == 0) {
        r = bind(s, (void *)&a, sizeof a);
        e = errno;
    }
    umask(um);
    if (r) {
        fprintf(stderr, "could not start: bind: %s\n", strerror(e));
        close(s);
        return 1;
    }
    int rc = 0;
    if (listen(s, 5)) {
        perror("listen");
        rc = 1;
        goto out;
    }
    printf("listening on %s\n", argv[1]);
    fflush(stdout);
    for (long n = 0; !stop && (!count || n < count);) {
        r = ready(s, POLLIN);
        if (r < 0) {
            perror("ppoll");
            rc = 1;
            break;
        }
        if (r == 0)
            break;
        int c = accept4(s, NULL, NULL, SOCK_NONBLOCK);
        if (c < 0) {
            if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
                continue;
            perror("accept");
            rc = 1;
            break;
        }
        n++;
        struct ucred u;
        socklen_t l = sizeof u;
        if (getsockopt(c, SOL_SOCKET, SO_PEERCRED, &u, &l)) {
            perror("getsockopt");
            close(c);
            rc = 1;
            break;
        }
        printf("connected by uid %lu pid %ld\n", (unsigned long)u.uid,
               (long)u.pid);
        fflush(stdout);
        static char buf[1030] = "Echo=>";
        while (ready(c, POLLIN) > 0) {
            ssize_t k = recv(c, buf + 6, 1024, 0);
            if (k < 0 && (errno == EAGAIN || errno == EINTR))
                continue;
            if (k <= 0)
                break;
            size_t o = 0, all = 6 + (size_t)k;
            while (o < all && !stop) {
                k = send(c, buf + o, all - o, MSG_NOSIGNAL);
                if (k >= 0) {
                    o += (size_t)k;
                    continue;
                }
                if (errno == EAGAIN)
                    ready(c, POLLOUT);
                else if (errno != EINTR)
                    break;
            }
            if (o < all)
                break;
        }
        close(c);
    }
out:
    close(s);
    if (unlink(argv[1]) && errno != ENOENT) {
        perror("unlink");
        rc = 1;
    }
    return rc;
}
