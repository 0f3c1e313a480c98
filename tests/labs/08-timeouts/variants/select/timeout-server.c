/*
 * timeout-server HOST PORT SECONDS COUNT - a gate: answers "1" with a welcome,
 * all else with a farewell, and gives up on those who send nothing for SECONDS.
 *
 * select, read and write; one socket for IPv4 and IPv6. Returns 0, 1 when a
 * call failed, 2 for a wrong command line.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
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

static int failed(const char *call) {
    fprintf(stderr, "%s failed: %s\n", call, strerror(errno));
    return -1;
}

/* ADDR:PORT of either family, as text. */
static const char *name(const struct sockaddr_storage *a) {
    static char text[INET6_ADDRSTRLEN + 16];
    char host[INET6_ADDRSTRLEN];
    if (a->ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)a;
        inet_ntop(AF_INET6, &six->sin6_addr, host, sizeof host);
        snprintf(text, sizeof text, "[%s]:%d", host, ntohs(six->sin6_port));
    } else {
        const struct sockaddr_in *four = (const struct sockaddr_in *)a;
        inet_ntop(AF_INET, &four->sin_addr, host, sizeof host);
        snprintf(text, sizeof text, "%s:%d", host, ntohs(four->sin_port));
    }
    return text;
}

static int listen_on(const struct sockaddr *a, socklen_t length) {
    int yes = 1, no = 0;
    int fd = socket(a->sa_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    if (fd < 0)
        return failed("socket");
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0)
        return failed("setsockopt");
    /* One socket for both families, where it can be. */
    if (a->sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
    if (bind(fd, a, length) < 0)
        return failed("bind");
    if (listen(fd, 128) < 0)
        return failed("listen");
    return fd;
}

static int open_server(const char *host, const char *port) {
    struct addrinfo hints, *all, *best;
    struct sockaddr_storage here;
    socklen_t length = sizeof(here);
    int fd, code;
    memset(&hints, 0, sizeof(hints));
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    hints.ai_family = *host ? AF_UNSPEC : AF_INET6;
    code = getaddrinfo(*host ? host : NULL, port, &hints, &all);
    if (code && !*host) {
        hints.ai_family = AF_INET;
        code = getaddrinfo(NULL, port, &hints, &all);
    }
    if (code) {
        fprintf(stderr, "cannot resolve %s: %s\n", host, gai_strerror(code));
        return -1;
    }
    for (best = all; best && best->ai_family != AF_INET; best = best->ai_next)
        ;
    if (!best)
        best = all;
    fd = listen_on(best->ai_addr, best->ai_addrlen);
    freeaddrinfo(all);
    if (fd < 0)
        return -1;
    if (getsockname(fd, (struct sockaddr *)&here, &length) < 0)
        return failed("getsockname");
    printf("listening on %s\n", name(&here));
    fflush(stdout);
    return fd;
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

/* Writes all; -1 when it cannot be done. */
static int write_all(int fd, const char *data, size_t length) {
    size_t done = 0;
    while (done < length) {
        ssize_t n = write(fd, data + done, length - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            return failed("write");
    }
    return 0;
}

static void serve(int fd, double limit) {
    char word[1024];
    ssize_t n;
    int state = ready(fd, 0, clock_now() + limit);
    if (state < 0)
        failed("select");
    if (state == 0) {
        printf("time out\n");
        fflush(stdout);
    }
    if (state <= 0)
        return;
    do
        n = read(fd, word, sizeof(word));
    while (n < 0 && errno == EINTR);
    if (n < 0)
        failed("read");
    if (n <= 0)
        return;
    if (word[n - 1] == '\n')
        n--;
    if (n == 1 && *word == '1')
        write_all(fd, "welcome to server!", 18);
    else
        write_all(fd, "please go out!", 14);
}

int main(int argc, char *argv[]) {
    int server;
    double limit;
    long count;
    if (argc != 5 || number(argv[2], 65535) < 0 ||
        (limit = seconds(argv[3])) <= 0 ||
        (count = number(argv[4], 1000000)) < 0) {
        fprintf(stderr, "usage: timeout-server host port seconds count\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    server = open_server(argv[1], argv[2]);
    if (server < 0)
        return 1;
    for (long n = 0; count == 0 || n < count; n++) {
        int fd = accept(server, NULL, NULL);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) {
            n--;
            continue;
        }
        if (fd < 0) {
            failed("accept");
            return 1;
        }
        serve(fd, limit);
        close(fd);
    }
    close(server);
    return 0;
}
