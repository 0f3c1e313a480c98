/*
 * datagram-client HOST PORT SECONDS TRIES MESSAGE - asks over UDP.
 *
 * A connected socket and select. That nobody has the port is no answer: it is
 * read, and the wait goes on. Returns 0, 1 when there was no answer, 2 for a
 * wrong command line.
 */
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int parse(const char *text, long limit, long *to) {
    char *end;
    if (*text < '0' || *text > '9')
        return 0;
    errno = 0;
    *to = strtol(text, &end, 10);
    return *end == '\0' && errno == 0 && *to <= limit;
}

/* Microseconds, or 0. */
static long long parse_seconds(const char *text) {
    int whole = 0, part = 0, used = 0;
    long long us = 0, unit = 1000000;
    if (sscanf(text, "%*[0-9]%n", &used) == EOF || used == 0 || used > 9)
        return 0;
    whole = atoi(text);
    us = whole * 1000000LL;
    if (text[used] == '.') {
        for (part = used + 1; text[part] >= '0' && text[part] <= '9'; part++) {
            unit /= 10;
            us += (text[part] - '0') * unit;
        }
        if (part == used + 1 || text[part])
            return 0;
        if (us == 0 && strpbrk(text + used, "123456789"))
            us = 1;
    } else if (text[used]) {
        return 0;
    }
    return us > 3600000000LL ? 0 : us;
}

static long long now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

int main(int argc, char *argv[]) {
    long port, tries;
    long long us = argc == 6 ? parse_seconds(argv[3]) : 0;
    if (us == 0 || !parse(argv[2], 65535, &port) ||
        !parse(argv[4], 100, &tries) || tries == 0 || strlen(argv[5]) > 1024) {
        fprintf(stderr, "usage: %s HOST PORT SECONDS TRIES MESSAGE\n", argv[0]);
        return 2;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM}, *all;
    int e = getaddrinfo(argv[1], argv[2], &hints, &all), s = -1;
    if (e)
        errx(1, "%s: %s", argv[1], gai_strerror(e));
    s = socket(all->ai_family, SOCK_DGRAM, 0);
    if (s == -1)
        err(1, "socket");
    if (connect(s, all->ai_addr, all->ai_addrlen) == -1)
        err(1, "connect");
    freeaddrinfo(all);

    char want[1031];
    size_t size = (size_t)sprintf(want, "Echo=>%s", argv[5]);
    for (long n = 1; n <= tries; n++) {
        ssize_t sent;
        while ((sent = write(s, argv[5], size - 6)) == -1 && errno == EINTR)
            continue;
        if (sent == -1 && errno != ECONNREFUSED)
            err(1, "send");
        /* The first microsecond has begun already. */
        long long end = now_us() + us + 1, left;
        while ((left = end - now_us()) > 0) {
            struct timeval t = {left / 1000000, left % 1000000};
            char got[1031];
            fd_set set;
            FD_ZERO(&set);
            FD_SET(s, &set);
            if (select(s + 1, &set, NULL, NULL, &t) < 1)
                continue;
            ssize_t came = recv(s, got, sizeof got, MSG_DONTWAIT);
            if (came == (ssize_t)size && memcmp(got, want, size) == 0) {
                printf("answer after %ld tries: '%.*s'\n", n, (int)came, got);
                close(s);
                return 0;
            }
        }
    }
    close(s);
    errx(1, "recv: the answer timed out");
}
