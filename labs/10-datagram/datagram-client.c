/*
 * datagram-client - ask over UDP, and ask again when no answer comes.
 *
 * usage: datagram-client HOST PORT SECONDS TRIES MESSAGE
 *
 * Sends MESSAGE and waits SECONDS for the answer, "Echo=>" and MESSAGE again,
 * at most TRIES times. Prints "answer after N tries: 'Echo=>MESSAGE'" and
 * returns 0; 1 when no answer came or a call failed, 2 when the command line is
 * wrong.
 *
 * See udp(7), connect(2), recv(2), poll(2).
 */
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MARK = 6, LONGEST = 1024 };

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

/* Returns the nanoseconds on a clock that nobody sets. */
static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/*
 * Waits until there is something to receive, or the deadline, a time of now().
 * Returns 1, or 0 when time is up, or -1.
 */
static int wait_until(int fd, int64_t deadline) {
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    for (;;) {
        int64_t left = deadline - now();
        /* Rounded up to milliseconds, since a wait must not end early; and
         * not below 0, since that means for ever. */
        int milliseconds = left > 0 ? (int)((left + 999999) / 1000000) : 0;
        int ready = poll(&wanted, 1, milliseconds);
        if (ready != -1 || errno != EINTR)
            return ready;
    }
}

/*
 * Makes a UDP socket that talks to HOST and PORT alone: to the first of HOST's
 * addresses for which there is a socket. Returns the socket, or -1 after saying
 * what went wrong.
 */
static int connect_to(const char *host, const char *port) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICSERV,
                             .ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_DGRAM};
    struct addrinfo *list;
    int error = getaddrinfo(host, port, &hints, &list);
    if (error != 0) {
        warnx("%s: %s", host, gai_strerror(error));
        return -1;
    }
    int fd = -1;
    const struct addrinfo *a = list;
    while (a != NULL) {
        fd = socket(a->ai_family, a->ai_socktype, 0);
        if (fd != -1)
            break;
        a = a->ai_next;
    }
    if (fd == -1) {
        warn("socket");
    } else {
        /* TODO 1: Connect fd to the address in a->ai_addr. Over UDP no packet
         * travels for that. The kernel only notes whom the socket talks to, and
         * drops datagrams that come from anywhere else. If connect fails, say
         * so, close fd, and let fd be -1. */
        errx(1, "TODO 1 in labs/10-datagram/datagram-client.c is next");
    }
    freeaddrinfo(list);
    return fd;
}

/* Sends one datagram. Returns 0, or -1. A signal does not keep it from that. */
static int send_datagram(int fd, const void *data, size_t size) {
    ssize_t n;
    do
        n = send(fd, data, size, 0);
    while (n == -1 && errno == EINTR);
    return n == -1 ? -1 : 0;
}

/*
 * Waits until the deadline for a datagram that is exactly the size bytes of
 * answer. Returns 1 when it has come, 0 when time is up, -1 for an error.
 */
static int wait_for_answer(int fd, const char *answer, size_t size,
                           int64_t deadline) {
    char data[MARK + LONGEST];
    for (;;) {
        /* TODO 2: Wait until the deadline (wait_until, above). If time is up,
         * or for an error, return what it returned. Otherwise receive one
         * datagram, with two flags: MSG_TRUNC gives its whole length even if it
         * does not fit into data, and MSG_DONTWAIT does not sleep if there is
         * nothing after all (EAGAIN: go round the loop). For any other error
         * return -1. Return 1 if the datagram is the answer, no byte more or
         * less. If it is another one, go round the loop. */
        (void)wait_until, (void)fd, (void)answer, (void)size;
        (void)deadline, (void)data;
        errx(1, "TODO 2 in labs/10-datagram/datagram-client.c is next");
    }
}

/*
 * Sends message and waits so many seconds for its answer, at most so many tries
 * long. Returns 0 after printing the answer, or -1 after saying what went
 * wrong.
 */
static int ask(int fd, const char *message, double seconds, long tries) {
    char answer[MARK + LONGEST + 1];
    size_t size = strlen(message);
    snprintf(answer, sizeof answer, "Echo=>%s", message);
    int result = 0;
    for (long n = 1; n <= tries; n++) {
        /* TODO 3: Send message (send_datagram, above). Then wait for MARK +
         * size bytes of answer (wait_for_answer, above) until the deadline, a
         * time of now(). If sending or waiting fails, say which call, "send" or
         * "recv", and the reason (warn(3)), and return -1. When the answer has
         * come, print the line: answer is a string, too. Return 0 then. */
        (void)send_datagram, (void)wait_for_answer, (void)seconds;
        (void)fd, (void)result, (void)size;
        errx(1, "TODO 3 in labs/10-datagram/datagram-client.c is next");
    }
    warnx("recv: timed out, no answer after %ld tries", tries);
    return -1;
}

int main(int argc, char *argv[]) {
    double seconds = argc == 6 ? seconds_of(argv[3]) : -1;
    long tries = argc == 6 ? whole_number(argv[4], 100) : -1;
    if (seconds <= 0 || tries < 1 || whole_number(argv[2], 65535) == -1 ||
        strlen(argv[5]) > LONGEST) {
        fprintf(stderr,
                "usage: datagram-client HOST PORT SECONDS TRIES MESSAGE\n");
        return 2;
    }
    int fd = connect_to(argv[1], argv[2]);
    if (fd == -1)
        return 1;
    int result = ask(fd, argv[5], seconds, tries);
    close(fd);
    return result == 0 ? 0 : 1;
}
