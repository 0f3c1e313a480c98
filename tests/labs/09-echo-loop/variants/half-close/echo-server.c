/*
 * echo-server - a variant: a process for each client, which is waited for; one
 * sendmsg of three buffers; it goes on, asleep, when accept fails.
 *
 * usage: echo-server HOST PORT [COUNT]
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#define SAY(c)                                                                 \
    dprintf(2, "echo-server: could not serve: %s: %s\n", c, strerror(errno))
static void line(const char *what, struct sockaddr_storage *ss, socklen_t l) {
    char h[NI_MAXHOST], p[NI_MAXSERV];
    int e = getnameinfo((void *)ss, l, h, sizeof h, p, sizeof p,
                        NI_NUMERICHOST | NI_NUMERICSERV);
    if (e)
        dprintf(2, "getnameinfo: %s\n", gai_strerror(e));
    else
        dprintf(1, ss->ss_family == AF_INET6 ? "%s [%s]:%s\n" : "%s %s:%s\n",
                what, h, p);
}
static int child(int c) {
    char in[1024];
    for (;;) {
        struct iovec iv = {in, sizeof in};
        struct msghdr m = {.msg_iov = &iv, .msg_iovlen = 1};
        ssize_t n = recvmsg(c, &m, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0;
        struct iovec v[3] = {{(char[]){"Echo"}, 4},
                             {(char[]){"=>"}, 2},
                             {in, (size_t)n}},
                     *w = v;
        int left = 3;
        while (left) {
            struct msghdr o = {.msg_iov = w, .msg_iovlen = (size_t)left};
            n = sendmsg(c, &o, MSG_NOSIGNAL);
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                return 1;
            while (left && (size_t)n >= w->iov_len) {
                n -= (ssize_t)w->iov_len;
                w++;
                left--;
            }
            if (left) {
                w->iov_base = (char *)w->iov_base + n;
                w->iov_len -= (size_t)n;
            }
        }
    }
}
int main(int argc, char **argv) {
    unsigned port, count = 0;
    char x;
    if (argc < 3 || argc > 4 ||
        strspn(argv[2], "0123456789") != strlen(argv[2]) ||
        strlen(argv[2]) > 5 || sscanf(argv[2], "%5u%c", &port, &x) != 1 ||
        port > 65535 ||
        (argc == 4 &&
         (strspn(argv[3], "0123456789") != strlen(argv[3]) ||
          strlen(argv[3]) > 7 || sscanf(argv[3], "%7u%c", &count, &x) != 1 ||
          count > 1000000)))
        return dprintf(2, "usage: echo-server HOST PORT [COUNT]\n"), 2;
    struct addrinfo h = {.ai_family = AF_INET,
                         .ai_socktype = SOCK_STREAM,
                         .ai_flags = AI_PASSIVE},
                    *l;
    int e = getaddrinfo(argv[1][0] ? argv[1] : NULL, argv[2], &h, &l);
    if (e) {
        h.ai_family = AF_INET6;
        e = getaddrinfo(argv[1], argv[2], &h, &l);
    }
    if (e)
        return dprintf(2, "echo-server: could not resolve %s: %s\n", argv[1],
                       gai_strerror(e)),
               1;
    int s = socket(l->ai_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP),
        one = 1;
    if (s < 0) {
        SAY("socket");
        freeaddrinfo(l);
        return 1;
    }
    const char *bad = NULL;
    if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one))
        bad = "setsockopt";
    else if (bind(s, l->ai_addr, l->ai_addrlen))
        bad = "bind";
    else if (listen(s, 4096))
        bad = "listen";
    struct sockaddr_storage ss;
    socklen_t sl = sizeof ss;
    if (!bad && getsockname(s, (void *)&ss, &sl))
        bad = "getsockname";
    if (bad) {
        SAY(bad);
        freeaddrinfo(l);
        close(s);
        return 1;
    }
    freeaddrinfo(l);
    line("listening on", &ss, sl);
    unsigned long long done = 0;
    while (!count || done < count) {
        sl = sizeof ss;
        int c = accept4(s, (void *)&ss, &sl, SOCK_CLOEXEC);
        if (c < 0) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            SAY("accept");
            poll(NULL, 0, 50);
            continue;
        }
        done++;
        line("connected by", &ss, sl);
        pid_t p = fork();
        if (p == 0) {
            close(s);
            int r = child(c);
            close(c);
            _exit(r);
        }
        if (p < 0) {
            SAY("fork");
            close(c);
            continue;
        }
        close(c);
        int st;
        while (waitpid(p, &st, 0) < 0 && errno == EINTR)
            ;
    }
    close(s);
    return 0;
}
