/*
 * send-recv - answer lines. Nothing blocks but poll: answers that do not fit
 * wait in a buffer, and nothing is read while it is full.
 *
 * usage: send-recv HOST PORT COUNT
 * Returns 0 after COUNT clients, 1 when a call failed, 2 for a wrong command
 * line.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IN = 8192, OUT = IN * 19 };

static bool number(const char *s, long most, long *n) {
    *n = 0;
    do {
        if (*s < '0' || *s > '9')
            return false;
        *n = *n * 10 + *s - '0';
    } while (*n <= most && *++s);
    return *n <= most;
}

/* The line so far: how long, and how much of it is "1" and then "\r". */
struct line {
    unsigned long long length;
    bool begins_with_1;
    char last;
};

static const char *answer(const struct line *l, bool at_newline) {
    unsigned long long length = l->length;
    if (at_newline && length > 0 && l->last == '\r')
        length--;
    return length == 1 && l->begins_with_1 ? "welcome to server!\n"
                                           : "please go out!\n";
}

/* Serves one client until its end, or until it is lost. */
static void serve(int fd) {
    static char in[IN], out[OUT];
    size_t begin = 0, end = 0;
    struct line line = {0, false, 0};
    bool open = true;
    while (open || begin < end) {
        struct pollfd p = {fd, begin < end ? POLLOUT : POLLIN, 0};
        if (poll(&p, 1, -1) == -1) {
            if (errno == EINTR)
                continue;
            err(1, "poll");
        }
        if (begin < end) {
            ssize_t n = send(fd, out + begin, end - begin, MSG_NOSIGNAL);
            if (n == -1 && errno != EAGAIN && errno != EINTR)
                return;
            if (n > 0)
                begin += (size_t)n;
            continue;
        }
        begin = end = 0;
        ssize_t n = recv(fd, in, sizeof in, 0);
        if (n == -1) {
            if (errno == EAGAIN || errno == EINTR)
                continue;
            return;
        }
        for (ssize_t i = 0; i < n; i++) {
            if (in[i] == '\n') {
                const char *text = answer(&line, true);
                size_t size = strlen(text);
                memcpy(out + end, text, size);
                end += size;
                line.length = 0;
            } else {
                if (line.length == 0)
                    line.begins_with_1 = in[i] == '1';
                line.length++;
                line.last = in[i];
            }
        }
        if (n == 0) {
            open = false;
            if (line.length > 0) {
                const char *text = answer(&line, false);
                end = strlen(text);
                memcpy(out, text, end);
            }
        }
    }
}

int main(int argc, char **argv) {
    long port, count;
    if (argc != 4 || !number(argv[2], 65535, &port) ||
        !number(argv[3], 1000000, &count)) {
        fprintf(stderr, "Usage: %s HOST PORT COUNT\n", argv[0]);
        return 2;
    }
    struct addrinfo hints = {.ai_flags = AI_PASSIVE,
                             .ai_family = AF_INET,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    int error =
        getaddrinfo(argv[1][0] ? argv[1] : NULL, argv[2], &hints, &list);
    if (error)
        errx(1, "%s: %s", argv[1], gai_strerror(error));
    int s = socket(list->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    if (s == -1)
        err(1, "socket");
    if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on))
        err(1, "setsockopt");
    if (bind(s, list->ai_addr, list->ai_addrlen))
        err(1, "bind");
    freeaddrinfo(list);
    if (listen(s, 128))
        err(1, "listen");
    struct sockaddr_storage a;
    socklen_t size = sizeof a;
    char host[64], name[16];
    if (getsockname(s, (struct sockaddr *)&a, &size))
        err(1, "getsockname");
    getnameinfo((struct sockaddr *)&a, size, host, sizeof host, name,
                sizeof name, NI_NUMERICHOST | NI_NUMERICSERV);
    printf("listening on %s:%s\n", host, name);
    fflush(stdout);
    for (long n = 0; !count || n < count;) {
        struct pollfd p = {s, POLLIN, 0};
        if (poll(&p, 1, -1) == -1 && errno != EINTR)
            err(1, "poll");
        int c = accept4(s, NULL, NULL, SOCK_NONBLOCK);
        if (c == -1) {
            if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
                continue;
            err(1, "accept");
        }
        serve(c);
        close(c);
        n++;
    }
    close(s);
    return 0;
}
