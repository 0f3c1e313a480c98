/*
 * timeout-server HOST PORT SECONDS COUNT - a gate: answers "1" with a welcome,
 * all else with a farewell, and gives up on those who send nothing for SECONDS.
 *
 * The time-out is the socket's own (SO_RCVTIMEO), set anew for what is left
 * when a signal interrupts recv. Exit status: 0 done, 1 a call failed, 2 usage.
 */
#include <arpa/inet.h>
#include <ctype.h>
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

static int parse_int(const char *s, long max, long *value) {
    char *end;
    if (!isdigit((unsigned char)s[0]))
        return -1;
    errno = 0;
    *value = strtol(s, &end, 10);
    return errno != 0 || *end != '\0' || *value > max ? -1 : 0;
}

/* Plain seconds to microseconds; -1 when they are not plain. */
static long long parse_seconds(const char *s) {
    long long us = 0, unit = 100000;
    int digits = 0, dot = 0, behind = 0;
    for (; *s; s++) {
        if (*s == '.' && digits && !dot) {
            dot = 1;
        } else if (isdigit((unsigned char)*s)) {
            digits++;
            if (!dot) {
                us = us * 10 + (*s - '0') * 1000000LL;
                if (us > 3600000000LL)
                    return -1;
            } else {
                behind++;
                us += (*s - '0') * unit;
                unit /= 10;
            }
        } else {
            return -1;
        }
    }
    return !digits || (dot && !behind) || us > 3600000000LL ? -1 : us;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

/* A listening IPv4 socket; prints where. */
static int serve_at(const char *host, const char *port) {
    struct addrinfo hints = {0}, *found;
    struct sockaddr_in where;
    socklen_t len = sizeof where;
    char text[INET_ADDRSTRLEN];
    int on = 1, error, fd;
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    error = getaddrinfo(*host ? host : NULL, port, &hints, &found);
    if (error) {
        fprintf(stderr, "%s: %s\n", host, gai_strerror(error));
        exit(1);
    }
    memcpy(&where, found->ai_addr, sizeof where);
    freeaddrinfo(found);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == -1)
        die("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&where, sizeof where) == -1)
        die("bind");
    if (listen(fd, 5) == -1)
        die("listen");
    if (getsockname(fd, (struct sockaddr *)&where, &len) == -1)
        die("getsockname");
    inet_ntop(AF_INET, &where.sin_addr, text, sizeof text);
    printf("listening on %s:%u\n", text, ntohs(where.sin_port));
    fflush(stdout);
    return fd;
}

static long long microseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

/* recv, for at most US microseconds; then errno is EAGAIN. */
static ssize_t recv_for(int fd, char *buf, size_t size, long long us) {
    long long end = microseconds() + us;
    for (;;) {
        long long left = end - microseconds();
        struct timeval tv;
        ssize_t n;
        if (left < 1)
            left = 1; /* zero would be for ever */
        tv.tv_sec = left / 1000000;
        tv.tv_usec = left % 1000000;
        if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv) == -1)
            return -1;
        n = recv(fd, buf, size, 0);
        if (n != -1 || errno != EINTR)
            return n;
    }
}

static void answer(int fd, const char *text) {
    size_t left = strlen(text);
    while (left) {
        ssize_t n = send(fd, text, left, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1) {
            perror("send");
            return;
        }
        text += n;
        left -= (size_t)n;
    }
}

int main(int argc, char **argv) {
    long port, count, served;
    long long us;
    int fd;
    if (argc != 5 || parse_int(argv[2], 65535, &port) ||
        (us = parse_seconds(argv[3])) == -1 ||
        strspn(argv[3], "0.") == strlen(argv[3]) ||
        parse_int(argv[4], 1000000, &count)) {
        fprintf(stderr, "Usage: %s HOST PORT SECONDS COUNT\n", argv[0]);
        return 2;
    }
    fd = serve_at(argv[1], argv[2]);
    for (served = 0; !count || served < count; served++) {
        char buf[1024];
        ssize_t n;
        int conn;
        while ((conn = accept(fd, NULL, NULL)) == -1)
            if (errno != EINTR && errno != ECONNABORTED)
                die("accept");
        n = recv_for(conn, buf, sizeof buf, us);
        if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            puts("time out");
            fflush(stdout);
        } else if (n == -1) {
            perror("recv");
        } else if ((n == 1 && buf[0] == '1') ||
                   (n == 2 && memcmp(buf, "1\n", 2) == 0)) {
            answer(conn, "welcome to server!");
        } else if (n > 0) {
            answer(conn, "please go out!");
        }
        close(conn);
    }
    close(fd);
    return 0;
}
