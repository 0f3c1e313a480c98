/*
 * datagram-client HOST PORT SECONDS TRIES MESSAGE - asks over UDP.
 *
 * A socket that is not connected: sendto, and recvfrom with a look at the
 * sender's address; SO_RCVTIMEO for the time that is left. Returns 0, 1 when
 * there was no answer, 2 for a wrong command line.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int digits(const char *text) {
    return *text && text[strspn(text, "0123456789")] == '\0';
}

/* Nanoseconds; -1 where the text is not a number of seconds. */
static long long seconds(const char *text) {
    const char *dot = strchr(text, '.');
    if (dot ? !digits(dot + 1) || dot == text ||
                  strspn(text, "0123456789") != (size_t)(dot - text)
            : !digits(text))
        return -1;
    double s = strtod(text, NULL);
    return s > 3600 ? -1 : (long long)(s * 1e9);
}

static long long clock_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int same(const struct sockaddr_storage *a, const struct sockaddr *b) {
    if (a->ss_family != b->sa_family)
        return 0;
    if (b->sa_family == AF_INET) {
        const struct sockaddr_in *x = (const void *)a, *y = (const void *)b;
        return x->sin_port == y->sin_port &&
               x->sin_addr.s_addr == y->sin_addr.s_addr;
    }
    const struct sockaddr_in6 *x = (const void *)a, *y = (const void *)b;
    return x->sin6_port == y->sin6_port &&
           memcmp(&x->sin6_addr, &y->sin6_addr, 16) == 0;
}

/* Waits for the answer, until END. Returns whether it came. */
static int answered(int fd, const struct addrinfo *to, const char *message,
                    long long end) {
    size_t size = strlen(message);
    for (;;) {
        char bytes[2048];
        struct sockaddr_storage from;
        socklen_t length = sizeof from;
        long long left = end - clock_now();
        if (left <= 0)
            return 0;
        left += 999;
        struct timeval t = {left / 1000000000, left % 1000000000 / 1000};
        if (t.tv_sec == 0 && t.tv_usec == 0)
            t.tv_usec = 1;
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
        ssize_t n = recvfrom(fd, bytes, sizeof bytes, 0,
                             (struct sockaddr *)&from, &length);
        if (n == (ssize_t)size + 6 && same(&from, to->ai_addr) &&
            memcmp(bytes, "Echo=>", 6) == 0 &&
            memcmp(bytes + 6, message, size) == 0)
            return 1;
    }
}

int main(int argc, char **argv) {
    long long wait = argc == 6 ? seconds(argv[3]) : -1;
    if (wait <= 0 || !digits(argv[2]) || strlen(argv[2]) > 5 ||
        atoi(argv[2]) > 65535 || !digits(argv[4]) || strlen(argv[4]) > 3 ||
        atoi(argv[4]) < 1 || atoi(argv[4]) > 100 || strlen(argv[5]) > 1024) {
        fputs("usage: datagram-client HOST PORT SECONDS TRIES MESSAGE\n",
              stderr);
        return 2;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM}, *to;
    int tries = atoi(argv[4]),
        error = getaddrinfo(argv[1], argv[2], &hints, &to);
    if (error) {
        fprintf(stderr, "%s: %s\n", argv[1], gai_strerror(error));
        return 1;
    }
    int fd = socket(to->ai_family, to->ai_socktype, to->ai_protocol);
    if (fd < 0) {
        perror("socket");
        return 1;
    }
    int code = 1;
    for (int n = 1; n <= tries && code == 1; n++) {
        while (sendto(fd, argv[5], strlen(argv[5]), 0, to->ai_addr,
                      to->ai_addrlen) < 0)
            if (errno != EINTR) {
                perror("sendto");
                exit(1);
            }
        if (answered(fd, to, argv[5], clock_now() + wait)) {
            printf("answer after %d tries: 'Echo=>%s'\n", n, argv[5]);
            code = 0;
        }
    }
    if (code)
        fputs("recvfrom: Timed out\n", stderr);
    freeaddrinfo(to);
    close(fd);
    return code;
}
