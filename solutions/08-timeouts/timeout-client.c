/*
 * timeout-client - knock at the gate, and do not wait for ever.
 *
 * usage: timeout-client HOST PORT SECONDS DELAY MESSAGE
 *
 * Connects within SECONDS, prints "connected to ADDR:PORT", sleeps for DELAY,
 * sends MESSAGE, and prints the answer if it comes within SECONDS. Returns 0, 1
 * when a call failed or took too long, 2 when the command line is wrong.
 *
 * See poll(2), connect(2), fcntl(2), nanosleep(2), clock_gettime(2).
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Reads a number of digits alone, at most max. Returns -1 for anything else. */
static long whole_number(const char *text, long max) {
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
        return -1;
    /* A number too long for a long becomes the greatest: no wrap here. */
    long number = strtol(text, NULL, 10);
    return number > max ? -1 : number;
}

/*
 * Reads seconds in plain form: digits, and at most one dot between digits.
 * Returns -1 for anything else, and for more than 3600.
 */
static double seconds_of(const char *text) {
    size_t whole = strspn(text, "0123456789");
    const char *end = text + whole;
    size_t fraction = 1;
    if (*end == '.') {
        fraction = strspn(end + 1, "0123456789");
        end += 1 + fraction;
    }
    if (whole == 0 || fraction == 0 || *end != '\0')
        return -1;
    double seconds = strtod(text, NULL);
    return seconds > 3600 ? -1 : seconds;
}

/* Prints "WHAT ADDR:PORT" without an end of line; IPv6 gets its brackets. */
static void print_address(const char *what,
                          const struct sockaddr_storage *address,
                          socklen_t length) {
    char host[NI_MAXHOST], port[NI_MAXSERV];
    int error =
        getnameinfo((const struct sockaddr *)address, length, host, sizeof host,
                    port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    if (error != 0)
        warnx("getnameinfo: %s", gai_strerror(error));
    else if (address->ss_family == AF_INET6)
        printf("%s [%s]:%s", what, host, port);
    else
        printf("%s %s:%s", what, host, port);
}

/* Returns the nanoseconds on a clock that nobody sets. */
static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/*
 * Waits until one of these events (poll(2)) has come to fd, or the deadline,
 * a time of now(). Returns 1, or 0 when time is up, or -1.
 */
static int wait_until(int fd, short events, int64_t deadline) {
    struct pollfd wanted = {.fd = fd, .events = events};
    for (;;) {
        int64_t left = deadline - now();
        /* BEGIN 1: The same as TODO 1 in timeout-server.c: copy it. */
        /* Rounded up to milliseconds, since a wait must not end early; and
         * not below 0, since that means for ever. */
        int milliseconds = left > 0 ? (int)((left + 999999) / 1000000) : 0;
        int ready = poll(&wanted, 1, milliseconds);
        if (ready != -1 || errno != EINTR)
            return ready;
        /* END 1:
         * (void)wanted, (void)left;
         * errx(1, "TODO 1 in labs/08-timeouts/timeout-client.c is next");
         */
    }
}

/*
 * Connects within so many seconds. Returns 0, or the errno of what went wrong:
 * ETIMEDOUT when time was up.
 */
static int connect_within(double seconds, int fd,
                          const struct sockaddr *address, socklen_t length) {
    int64_t deadline = now() + (int64_t)(seconds * 1e9);
    /* With O_NONBLOCK connect(2) only begins, and poll(2) can wait. */
    int flags = fcntl(fd, F_GETFL);
    if (flags == -1 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1)
        return errno;
    int error = 0;
    /* BEGIN 2: Begin to connect: see connect(2). EINPROGRESS is no failure:
     * wait until the deadline (wait_until, above) for the socket to become
     * writable (POLLOUT), then ask for SO_ERROR, as connect(2) says. Let error
     * be 0 if it is connected, ETIMEDOUT if time was up, else the errno. */
    error = connect(fd, address, length) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        int ready = wait_until(fd, POLLOUT, deadline);
        socklen_t size = sizeof error;
        if (ready == 0)
            error = ETIMEDOUT;
        else if (ready == -1 ||
                 getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == -1)
            error = errno;
    }
    /* END 2:
     * (void)address, (void)length;
     * wait_until(fd, POLLOUT, deadline);
     * errx(1, "TODO 2 in labs/08-timeouts/timeout-client.c is next");
     */
    /* From now on, send and recv shall sleep again. */
    if (error == 0 && fcntl(fd, F_SETFL, flags) == -1)
        error = errno;
    return error;
}

/*
 * Tries the addresses of HOST until one connects, each for so many seconds, and
 * fills in the address of the other side. Returns the connection, or -1 after
 * saying what went wrong.
 */
static int connect_to(const char *host, const char *port, double seconds,
                      struct sockaddr_storage *peer, socklen_t *length) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICSERV,
                             .ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    int error = getaddrinfo(host, port, &hints, &list);
    if (error != 0) {
        warnx("%s: %s", host, gai_strerror(error));
        return -1;
    }
    const char *failed = NULL;
    int fd = -1;
    for (const struct addrinfo *a = list; a != NULL; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype, 0);
        if (fd == -1) {
            failed = "socket";
            error = errno;
            continue;
        }
        error = connect_within(seconds, fd, a->ai_addr, a->ai_addrlen);
        if (error != 0) {
            failed = "connect";
            close(fd);
            fd = -1;
            continue;
        }
        /* The kernel knows the real address, unless the server has reset the
         * connection already: then the one that was tried must do. */
        memcpy(peer, a->ai_addr, a->ai_addrlen);
        *length = sizeof *peer;
        getpeername(fd, (struct sockaddr *)peer, length);
        break;
    }
    freeaddrinfo(list);
    if (fd == -1) {
        errno = error;
        warn("%s", failed);
    }
    return fd;
}

/*
 * Receives at most size bytes of what has come. Returns their number, 0 at
 * end-of-file, or -1. A signal that interrupts the wait does not end it.
 */
static ssize_t receive(int fd, void *data, size_t size) {
    ssize_t n;
    do
        n = recv(fd, data, size, 0);
    while (n == -1 && errno == EINTR);
    return n;
}

/* Sends size bytes, all of them. Returns 0, or -1 when that is impossible. */
static int send_all(int fd, const char *data, size_t size) {
    while (size > 0) {
        /* MSG_NOSIGNAL: when the other side has gone, an error, no SIGPIPE. */
        ssize_t n = send(fd, data, size, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            return -1;
        data += n;
        size -= (size_t)n;
    }
    return 0;
}

/* Sleeps for so many seconds, also when signals interrupt it. */
static void sleep_for(double seconds) {
    time_t whole = (time_t)seconds;
    struct timespec rest = {.tv_sec = whole,
                            .tv_nsec = (long)((seconds - (double)whole) * 1e9)};
    /* BEGIN 3: Sleep for the time in rest: see nanosleep(2). When a signal
     * interrupts it (EINTR), sleep for what it says is left. */
    while (nanosleep(&rest, &rest) == -1 && errno == EINTR)
        continue;
    /* END 3:
     * (void)rest;
     * errx(1, "TODO 3 in labs/08-timeouts/timeout-client.c is next");
     */
}

int main(int argc, char *argv[]) {
    double seconds = argc == 6 ? seconds_of(argv[3]) : -1;
    double delay = argc == 6 ? seconds_of(argv[4]) : -1;
    if (seconds <= 0 || delay < 0 || whole_number(argv[2], 65535) == -1) {
        fprintf(stderr,
                "usage: timeout-client HOST PORT SECONDS DELAY MESSAGE\n");
        return 2;
    }
    /* Every line leaves at once, into a pipe or a file too. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

    struct sockaddr_storage address;
    socklen_t length;
    int fd = connect_to(argv[1], argv[2], seconds, &address, &length);
    if (fd == -1)
        return 1;
    print_address("connected to", &address, length);
    printf("\n");

    sleep_for(delay);
    if (send_all(fd, argv[5], strlen(argv[5])) == -1) {
        warn("send");
        close(fd);
        return 1;
    }
    char data[1024];
    ssize_t n = -1;
    int ready = wait_until(fd, POLLIN, now() + (int64_t)(seconds * 1e9));
    if (ready == 0)
        errno = ETIMEDOUT;
    else if (ready == 1)
        n = receive(fd, data, sizeof data);
    if (n == -1)
        warn("recv");
    else if (n == 0)
        warnx("recv: the server closed the connection without an answer");
    if (n > 0) {
        fwrite(data, 1, (size_t)n, stdout);
        printf("\n");
    }
    close(fd);
    return n > 0 ? 0 : 1;
}
