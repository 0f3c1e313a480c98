/*
 * lab: 03
 *
 * article: when the queue is full, requests are refused.
 *
 * why: They are ignored: the client's kernel gets no answer, and sends its SYN
 * again, after 1 s, and again. As soon as there is room, it gets in. Refused
 * is a client only where nobody listens. See listen(2), tcp(7).
 */
#include "claim.h"
#include <fcntl.h>
#include <poll.h>

/* Begins to connect; returns the socket and what came of it in so many ms. */
static int try_connect(const struct sockaddr_in *at, int ms, int *error) {
    socklen_t size = sizeof *error;
    int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(fcntl(fd, F_SETFL, O_NONBLOCK), "fcntl");
    (void)connect(fd, (const struct sockaddr *)at, sizeof *at);
    struct pollfd wanted = {fd, POLLOUT, 0};
    *error = ETIMEDOUT;
    if (poll(&wanted, 1, ms) == 1)
        must(getsockopt(fd, SOL_SOCKET, SO_ERROR, error, &size), "getsockopt");
    return fd;
}

int main(void) {
    struct sockaddr_in at;
    int listener = server(0, &at), error;
    client(&at);
    int second = try_connect(&at, 400, &error);
    seen(error == ETIMEDOUT, "the queue is full; the next client: %s",
         error == ETIMEDOUT ? "no answer in 0.4 s" : strerror(error));

    must(accept(listener, NULL, NULL), "accept");
    struct pollfd wanted = {second, POLLOUT, 0};
    seen(poll(&wanted, 1, 2000) == 1 && !(wanted.revents & POLLERR),
         "one was accepted: now it %s",
         wanted.revents & POLLERR ? "is refused" : "is connected");

    close(listener);
    try_connect(&at, 400, &error);
    seen(error == ECONNREFUSED, "nobody listens any more; the next client: %s",
         strerror(error));
    seen(1, "tcp_abort_on_overflow is %ld: about handshakes already begun",
         setting("/proc/sys/net/ipv4/tcp_abort_on_overflow"));
    return otherwise;
}
