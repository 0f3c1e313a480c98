/*
 * lab: 07
 *
 * article: a connect that fails raises an error.
 *
 * why: It does, but when? If nobody listens, the other kernel says so at once.
 * If nobody answers (a full queue, a firewall), the SYN is sent again and
 * again, and connect fails after minutes. See connect(2), tcp(7).
 */
#include "claim.h"
#include <fcntl.h>
#include <poll.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void) {
    struct sockaddr_in at;
    int listener = server(0, &at);
    close(listener);
    int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    double begun = now();
    int result = connect(fd, (struct sockaddr *)&at, sizeof at);
    seen(result == -1 && errno == ECONNREFUSED,
         "nobody listens: %s, after %.3f s",
         result == -1 ? strerror(errno) : "connected", now() - begun);

    server(0, &at);
    client(&at); /* the queue is full now: nobody will answer */
    fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(fcntl(fd, F_SETFL, O_NONBLOCK), "fcntl");
    (void)connect(fd, (struct sockaddr *)&at, sizeof at);
    struct pollfd wanted = {fd, POLLOUT, 0};
    seen(poll(&wanted, 1, 1200) == 0, "nobody answers: %s after 1.2 s",
         wanted.revents ? "it ended" : "still trying");

    /* 1 s before each of the first, then twice as long each time. */
    long retries = setting("/proc/sys/net/ipv4/tcp_syn_retries");
    long linear = setting("/proc/sys/net/ipv4/tcp_syn_linear_timeouts");
    if (linear < 0)
        linear = 0;
    if (retries < 0)
        seen(1, "tcp_syn_retries cannot be read here");
    else
        seen(1, "tcp_syn_retries is %ld: it would give up after some %ld s",
             retries, linear + (2L << retries) - 1);
    return otherwise;
}
