/*
 * timeout-client HOST PORT SECONDS DELAY MESSAGE - knocks at the gate.
 *
 * The time-outs are the socket's own: SO_SNDTIMEO bounds connect, SO_RCVTIMEO
 * recv. Exit status: 0 done, 1 a call failed or took too long, 2 usage.
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

static long long microseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

/* Sets one of the two time-outs to what is left until END. */
static int set_limit(int fd, int option, long long end) {
    long long left = end - microseconds();
    struct timeval tv;
    if (left < 1)
        left = 1; /* zero would be for ever */
    tv.tv_sec = left / 1000000;
    tv.tv_usec = left % 1000000;
    return setsockopt(fd, SOL_SOCKET, option, &tv, sizeof tv);
}

/* connect(2), for at most US microseconds; then errno is ETIMEDOUT. */
static int connect_for(int fd, const struct addrinfo *a, long long us) {
    long long end = microseconds() + us;
    for (;;) {
        if (set_limit(fd, SO_SNDTIMEO, end) == -1)
            return -1;
        if (connect(fd, a->ai_addr, a->ai_addrlen) == 0 || errno == EISCONN)
            return 0;
        if (errno == EINTR)
            continue;
        if (errno == EINPROGRESS || errno == EALREADY)
            errno = ETIMEDOUT;
        return -1;
    }
}

static void print_peer(int fd) {
    struct sockaddr_storage a;
    socklen_t len = sizeof a;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getpeername(fd, (struct sockaddr *)&a, &len) == 0 &&
        getnameinfo((struct sockaddr *)&a, len, host, sizeof host, port,
                    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) == 0)
        printf(strchr(host, ':') ? "connected to [%s]:%s\n"
                                 : "connected to %s:%s\n",
               host, port);
    fflush(stdout);
}

int main(int argc, char **argv) {
    struct addrinfo hints = {0}, *all, *a;
    long port;
    long long us, delay, end;
    const char *message;
    char buf[2000];
    ssize_t n;
    size_t done = 0;
    int error, fd = -1;
    if (argc != 6 || parse_int(argv[2], 65535, &port) ||
        (us = parse_seconds(argv[3])) == -1 ||
        strspn(argv[3], "0.") == strlen(argv[3]) ||
        (delay = parse_seconds(argv[4])) == -1) {
        fprintf(stderr, "Usage: %s HOST PORT SECONDS DELAY MESSAGE\n", argv[0]);
        return 2;
    }
    hints.ai_socktype = SOCK_STREAM;
    error = getaddrinfo(argv[1], argv[2], &hints, &all);
    if (error) {
        fprintf(stderr, "%s: %s\n", argv[1], gai_strerror(error));
        return 1;
    }
    for (a = all; a; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (fd == -1) {
            perror("socket");
            continue;
        }
        if (connect_for(fd, a, us) == 0)
            break;
        perror("connect");
        close(fd);
        fd = -1;
    }
    freeaddrinfo(all);
    if (fd == -1)
        return 1;
    print_peer(fd);

    end = microseconds() + delay;
    while ((delay = end - microseconds()) > 0) {
        struct timespec t = {delay / 1000000, delay % 1000000 * 1000};
        nanosleep(&t, NULL);
    }
    for (message = argv[5]; message[done];) {
        n = send(fd, message + done, strlen(message + done), MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1) {
            perror("send");
            close(fd);
            return 1;
        }
        done += (size_t)n;
    }
    end = microseconds() + us;
    do {
        n = set_limit(fd, SO_RCVTIMEO, end);
        if (n == 0)
            n = recv(fd, buf, sizeof buf, 0);
    } while (n == -1 && errno == EINTR);
    if (n == -1 && errno == EAGAIN)
        fputs("recv: timed out\n", stderr);
    else if (n == -1)
        perror("recv");
    else if (n == 0)
        fputs("recv: connection closed\n", stderr);
    else
        printf("%.*s\n", (int)n, buf);
    close(fd);
    return n > 0 ? 0 : 1;
}
