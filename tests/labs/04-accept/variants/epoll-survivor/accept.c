/*
 * accept - print who connects. epoll waits; a failing accept is survived: after
 * a pause it is tried again.
 *
 * usage: accept HOST PORT COUNT
 * Returns 0 after COUNT clients, 1 when a call failed, 2 for a wrong command
 * line.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NAME "accept: "

static int failed(const char *call) {
    fprintf(stderr, NAME "%s: %s\n", call, strerror(errno));
    return EXIT_FAILURE;
}

static int is_number(const char *s, unsigned long long limit) {
    char *end;
    if (s[strspn(s, "0123456789")] || !*s)
        return 0;
    errno = 0;
    unsigned long long n = strtoull(s, &end, 10);
    return errno == 0 && n <= limit;
}

static void announce(const char *what, struct sockaddr *sa, socklen_t size) {
    char host[64], port[8];
    getnameinfo(sa, size, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    int six = strchr(host, ':') != NULL;
    printf("%s %s%s%s:%s\n", what, six ? "[" : "", host, six ? "]" : "", port);
    fflush(stdout);
}

int main(int argc, char *argv[]) {
    struct addrinfo hints, *info, *p;
    struct sockaddr_storage who;
    struct epoll_event event = {.events = EPOLLIN};
    socklen_t size = sizeof who;
    int s = -1, e, yes = 1, rc;
    unsigned long long todo;

    if (argc != 4 || !is_number(argv[2], 65535) ||
        !is_number(argv[3], 1000000)) {
        fprintf(stderr, NAME "USAGE: %s HOST PORT COUNT\n", argv[0]);
        return 2;
    }
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    hints.ai_family = AF_INET;
    rc = getaddrinfo(*argv[1] ? argv[1] : NULL, argv[2], &hints, &info);
    if (rc != 0) {
        hints.ai_family = AF_UNSPEC;
        rc = getaddrinfo(*argv[1] ? argv[1] : NULL, argv[2], &hints, &info);
    }
    if (rc != 0) {
        fprintf(stderr, NAME "%s: %s\n", argv[1], gai_strerror(rc));
        return EXIT_FAILURE;
    }
    const char *call = "socket";
    for (p = info; p != NULL; p = p->ai_next) {
        call = "socket";
        s = socket(p->ai_family, p->ai_socktype, p->ai_protocol);
        if (s < 0)
            continue;
        setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        call = "bind";
        if (bind(s, p->ai_addr, p->ai_addrlen) == 0)
            break;
        rc = errno;
        close(s);
        errno = rc;
        s = -1;
    }
    rc = errno;
    freeaddrinfo(info);
    errno = rc;
    if (s == -1)
        return failed(call);
    if (listen(s, 16) < 0)
        return failed("listen");
    if (getsockname(s, (struct sockaddr *)&who, &size) < 0)
        return failed("getsockname");
    announce("listening on", (struct sockaddr *)&who, size);
    e = epoll_create1(0);
    if (e < 0 || epoll_ctl(e, EPOLL_CTL_ADD, s, &event) < 0)
        return failed("epoll");

    todo = strtoull(argv[3], NULL, 10);
    for (unsigned long long n = 0; todo == 0 || n < todo;) {
        if (epoll_wait(e, &event, 1, -1) < 1)
            continue;
        size = sizeof who;
        int c = accept(s, (struct sockaddr *)&who, &size);
        if (c >= 0) {
            announce("connected by", (struct sockaddr *)&who, size);
            close(c);
            n++;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            failed("accept");
            struct timespec pause = {0, 200000000};
            nanosleep(&pause, NULL);
        }
    }
    close(e);
    close(s);
    return EXIT_SUCCESS;
}
