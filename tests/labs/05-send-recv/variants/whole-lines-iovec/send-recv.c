/*
 * send-recv - answer lines. Keeps each whole line in memory, reads with recvmsg
 * and sends all answers that are due with sendmsg. Signals restart nothing.
 *
 * usage: send-recv HOST PORT COUNT
 * Returns 0 after COUNT clients, 1 when a call failed, 2 for a wrong command
 * line.
 */
#include <errno.h>
#include <error.h>
#include <netdb.h>
#include <netinet/in.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST = 32 }; /* answers in one call */

struct due {
    struct iovec v[MOST];
    size_t n;
};

static int flush(int fd, struct due *due) {
    struct iovec *v = due->v;
    while (due->n > 0) {
        struct msghdr m = {.msg_iov = v, .msg_iovlen = due->n};
        ssize_t sent = sendmsg(fd, &m, MSG_NOSIGNAL);
        if (sent == -1 && errno == EINTR)
            continue;
        if (sent == -1)
            return -1;
        size_t gone = (size_t)sent;
        while (due->n > 0 && gone >= v->iov_len) {
            gone -= v->iov_len;
            v++;
            due->n--;
        }
        if (due->n > 0) {
            v->iov_base = (char *)v->iov_base + gone;
            v->iov_len -= gone;
        }
    }
    return 0;
}

static int add(int fd, struct due *due, const char *line, size_t size) {
    static char yes[] = "welcome to server!\n", no[] = "please go out!\n";
    int is_one = size == 1 && memcmp(line, "1", 1) == 0;
    due->v[due->n].iov_base = is_one ? yes : no;
    due->v[due->n].iov_len = is_one ? sizeof yes - 1 : sizeof no - 1;
    return ++due->n == MOST ? flush(fd, due) : 0;
}

static int serve(int fd) {
    struct due due = {.n = 0};
    char *text = NULL;
    size_t used = 0, room = 0;
    int lost = 0;
    for (;;) {
        if (room - used < 512) {
            char *more = realloc(text, room = room * 2 + 1024);
            if (more == NULL)
                break;
            text = more;
        }
        struct iovec v = {text + used, room - used};
        struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
        ssize_t n = recvmsg(fd, &m, 0);
        if (n == -1 && errno == EINTR)
            continue;
        if (n <= 0) {
            lost = n == -1 || (used > 0 && add(fd, &due, text, used) == -1) ||
                   flush(fd, &due) == -1;
            break;
        }
        size_t from = used > 0 ? used : 0, begin = 0;
        used += (size_t)n;
        char *end;
        while (!lost && (end = memchr(text + from, '\n', used - from))) {
            size_t size = (size_t)(end - text) - begin;
            if (size > 0 && end[-1] == '\r')
                size--;
            lost = add(fd, &due, text + begin, size) == -1;
            from = begin = (size_t)(end - text) + 1;
        }
        if (lost || flush(fd, &due) == -1)
            break;
        memmove(text, text + begin, used - begin);
        used -= begin;
    }
    free(text);
    return lost;
}

int main(int argc, char *argv[]) {
    regex_t plain;
    if (regcomp(&plain, "^[0-9]{1,9}$", REG_EXTENDED | REG_NOSUB) != 0)
        error(1, 0, "regcomp");
    int good = argc == 4 && regexec(&plain, argv[2], 0, NULL, 0) == 0 &&
               regexec(&plain, argv[3], 0, NULL, 0) == 0 &&
               atol(argv[2]) <= 65535 && atol(argv[3]) <= 1000000;
    regfree(&plain);
    if (!good) {
        fputs("send-recv: usage: send-recv HOST PORT COUNT\n", stderr);
        exit(2);
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE};
    struct addrinfo *found, *a;
    int why =
        getaddrinfo(*argv[1] ? argv[1] : "0.0.0.0", argv[2], &hints, &found);
    if (why != 0)
        error(1, 0, "cannot resolve %s: %s", argv[1], gai_strerror(why));
    for (a = found; a->ai_next && a->ai_family != AF_INET;)
        a = a->ai_next;
    int s = socket(a->ai_family, SOCK_STREAM, IPPROTO_TCP);
    if (s == -1)
        error(1, errno, "socket");
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(s, a->ai_addr, a->ai_addrlen) == -1)
        error(1, errno, "bind to %s port %s", argv[1], argv[2]);
    freeaddrinfo(found);
    if (listen(s, SOMAXCONN) == -1)
        error(1, errno, "listen");
    struct sockaddr_storage me;
    socklen_t size = sizeof me;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getsockname(s, (struct sockaddr *)&me, &size) == -1 ||
        getnameinfo((struct sockaddr *)&me, size, host, sizeof host, port,
                    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        error(1, errno, "getsockname");
    printf(me.ss_family == AF_INET ? "listening on %s:%s\n"
                                   : "listening on [%s]:%s\n",
           host, port);
    fflush(stdout);

    long left = atol(argv[3]), forever = left == 0;
    while (forever || left > 0) {
        int c = accept(s, NULL, NULL);
        if (c == -1 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (c == -1)
            error(1, errno, "accept");
        serve(c);
        close(c);
        left--;
    }
    close(s);
    return 0;
}
