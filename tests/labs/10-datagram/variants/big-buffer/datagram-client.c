/*
 * datagram-client HOST PORT SECONDS TRIES MESSAGE - asks over UDP.
 *
 * ppoll, and the deadline as a struct timespec. Where nobody has the port a try
 * ends at once, and the next begins. Returns 0, 1 when there was no answer, 2
 * for a wrong command line.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SECOND = 1000000000 };

static int is_number(const char *text, unsigned long most) {
    size_t n = strlen(text);
    return n > 0 && n < 10 && strspn(text, "0123456789") == n &&
           strtoul(text, NULL, 10) <= most;
}

/* Reads SECONDS; returns whether it is right. */
static int read_time(const char *text, struct timespec *t) {
    size_t whole = strspn(text, "0123456789");
    size_t part =
        text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
    if (whole == 0 || whole > 9 || (text[whole] == '.' && part == 0) ||
        text[whole + (part ? part + 1 : 0)])
        return 0;
    t->tv_sec = atol(text);
    t->tv_nsec = 0;
    for (size_t i = 0, unit = SECOND / 10; i < part && unit > 0;
         i++, unit /= 10)
        t->tv_nsec += (text[whole + 1 + i] - '0') * (long)unit;
    return (t->tv_sec > 0 || t->tv_nsec > 0) &&
           (t->tv_sec < 3600 || (t->tv_sec == 3600 && t->tv_nsec == 0));
}

static struct timespec sum(struct timespec a, struct timespec b, int sign) {
    struct timespec t = {a.tv_sec + sign * b.tv_sec,
                         a.tv_nsec + sign * b.tv_nsec};
    if (t.tv_nsec < 0) {
        t.tv_nsec += SECOND;
        t.tv_sec--;
    }
    if (t.tv_nsec >= SECOND) {
        t.tv_nsec -= SECOND;
        t.tv_sec++;
    }
    return t;
}

/* What a try came to. */
enum outcome { ANSWER, LATE, REFUSED, BROKEN };

static enum outcome try_once(int fd, const char *message,
                             struct timespec span) {
    static char data[65536];
    size_t size = strlen(message);
    struct timespec end, now;
    struct pollfd watch = {fd, POLLIN, 0};
    while (send(fd, message, size, 0) < 0)
        if (errno != EINTR)
            return errno == ECONNREFUSED ? REFUSED : BROKEN;
    clock_gettime(CLOCK_MONOTONIC, &now);
    end = sum(now, span, 1);
    for (;;) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        struct timespec left = sum(end, now, -1);
        if (left.tv_sec < 0)
            left.tv_sec = left.tv_nsec = 0;
        int n = ppoll(&watch, 1, &left, NULL);
        if (n == 0)
            return LATE;
        if (n < 0)
            continue;
        ssize_t got = recv(fd, data, sizeof data, MSG_DONTWAIT);
        if (got < 0 && errno == ECONNREFUSED)
            return REFUSED;
        if (got == (ssize_t)size + 6 && !memcmp(data, "Echo=>", 6) &&
            !memcmp(data + 6, message, size))
            return ANSWER;
    }
}

int main(int argc, char *argv[]) {
    struct timespec span;
    if (argc != 6 || !is_number(argv[2], 65535) || !is_number(argv[4], 100) ||
        atoi(argv[4]) == 0 || !read_time(argv[3], &span) ||
        strlen(argv[5]) > 1024) {
        fprintf(stderr,
                "usage: datagram-client HOST PORT SECONDS TRIES MESSAGE\n");
        return 2;
    }
    struct addrinfo hints, *list = NULL, *a;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_DGRAM;
    int error = getaddrinfo(argv[1], argv[2], &hints, &list), fd = -1;
    if (error) {
        fprintf(stderr, "datagram-client: %s: %s\n", argv[1],
                gai_strerror(error));
        return 1;
    }
    for (a = list; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
            perror("connect");
            exit(1);
        }
    }
    freeaddrinfo(list);
    if (fd < 0) {
        perror("socket");
        return 1;
    }
    enum outcome last = LATE;
    int code = 1;
    for (int n = 1; n <= atoi(argv[4]) && last != ANSWER; n++) {
        last = try_once(fd, argv[5], span);
        if (last == BROKEN)
            break;
        if (last == ANSWER) {
            printf("answer after %d tries: 'Echo=>%s'\n", n, argv[5]);
            code = 0;
        }
    }
    if (last == BROKEN)
        perror("send");
    else if (last == REFUSED)
        fprintf(stderr, "recv: Connection refused\n");
    else if (last == LATE)
        fprintf(stderr, "recv: Connection timed out\n");
    close(fd);
    return code;
}
