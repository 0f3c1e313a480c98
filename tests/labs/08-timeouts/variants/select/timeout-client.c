/*
 * timeout-client HOST PORT SECONDS DELAY MESSAGE - knocks at the gate.
 *
 * select with a non-blocking socket all the way; the answer is read to its end.
 * Returns 0, 1 when a call failed or took too long, 2 for a wrong command line.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long number(const char *text, long most) {
    long value = 0;
    if (!*text)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return -1;
        value = value * 10 + (*text - '0');
        if (value > most)
            return -1;
    }
    return value;
}

static double seconds(const char *text) {
    char *end;
    double value;
    if (strspn(text, "0123456789.") != strlen(text) || !isdigit(text[0]) ||
        !isdigit(text[strlen(text) - 1]))
        return -1;
    value = strtod(text, &end);
    return *end || value > 3600 ? -1 : value;
}

static double clock_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Waits with select until FD is ready to be read (or written), or UNTIL, a time
   of clock(). Returns 1, 0 when it is too late, -1. */
static int ready(int fd, int to_write, double until) {
    for (;;) {
        fd_set set;
        struct timeval t = {0, 0};
        double left = until - clock_now();
        int n;
        if (left > 0) {
            t.tv_sec = (time_t)left;
            t.tv_usec = (suseconds_t)((left - (double)t.tv_sec) * 1e6);
            if (t.tv_usec < 999999)
                t.tv_usec++;
        }
        FD_ZERO(&set);
        FD_SET(fd, &set);
        n = select(fd + 1, to_write ? NULL : &set, to_write ? &set : NULL, NULL,
                   &t);
        if (n >= 0 || errno != EINTR)
            return n;
    }
}

/* Connects FD before UNTIL; sets errno and returns -1 if that fails. */
static int join(int fd, const struct addrinfo *a, double until) {
    int result = 0;
    socklen_t length = sizeof(result);
    if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
        return 0;
    if (errno != EINPROGRESS && errno != EINTR)
        return -1;
    switch (ready(fd, 1, until)) {
    case 0:
        errno = ETIMEDOUT;
        return -1;
    case 1:
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &result, &length);
        errno = result;
        return result ? -1 : 0;
    default:
        return -1;
    }
}

static int report(const char *call, const char *reason) {
    fprintf(stderr, "timeout-client: %s: %s\n", call, reason);
    return 1;
}

static int talk(int fd, const char *message, double limit) {
    char answer[4096];
    size_t have = 0;
    double until;
    while (*message) {
        ssize_t n = write(fd, message, strlen(message));
        if (n > 0)
            message += n;
        else if (errno == EAGAIN)
            ready(fd, 1, clock_now() + 3600);
        else if (errno != EINTR)
            return report("send", strerror(errno));
    }
    until = clock_now() + limit;
    while (have < sizeof(answer)) {
        ssize_t n;
        int state = ready(fd, 0, until);
        if (state < 0)
            return report("select", strerror(errno));
        if (state == 0)
            return report("recv", "timed out");
        n = read(fd, answer + have, sizeof(answer) - have);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0)
            return report("recv", strerror(errno));
        if (n == 0 && have == 0)
            return report("recv", "the server has closed the connection");
        if (n == 0)
            break;
        have += (size_t)n;
    }
    fwrite(answer, have, 1, stdout);
    putchar('\n');
    return 0;
}

int main(int argc, char *argv[]) {
    struct addrinfo hints, *all, *a;
    double limit, delay;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    int code, fd = -1;
    if (argc != 6 || number(argv[2], 65535) < 0 ||
        (limit = seconds(argv[3])) <= 0 || (delay = seconds(argv[4])) < 0) {
        fprintf(stderr,
                "usage: timeout-client host port seconds delay message\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    memset(&hints, 0, sizeof(hints));
    hints.ai_socktype = SOCK_STREAM;
    code = getaddrinfo(argv[1], argv[2], &hints, &all);
    if (code)
        return report(argv[1], gai_strerror(code));
    for (a = all; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (fd < 0) {
            report("socket", strerror(errno));
        } else if (join(fd, a, clock_now() + limit) < 0) {
            report("connect", strerror(errno));
            close(fd);
            fd = -1;
        } else {
            getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof(host), port,
                        sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
            if (a->ai_family == AF_INET6)
                printf("connected to [%s]:%s\n", host, port);
            else
                printf("connected to %s:%s\n", host, port);
            fflush(stdout);
        }
    }
    freeaddrinfo(all);
    if (fd < 0)
        return 1;
    double until = clock_now() + delay;
    for (double left = delay; left > 0; left = until - clock_now()) {
        struct timespec t = {(time_t)left, 0};
        t.tv_nsec = (long)((left - (double)t.tv_sec) * 1e9);
        nanosleep(&t, NULL);
    }
    code = talk(fd, argv[5], limit);
    close(fd);
    return code;
}
