/*
 * lab: 13
 *
 * article: `recv` goes into the state "blocked" when it receives.
 *
 * why: It sleeps only while nothing has come, and only if the socket lets it.
 * With O_NONBLOCK it says EAGAIN instead, at once, so that a server can ask
 * another client. What has come it returns at once, in either way. See recv(2),
 * fcntl(2).
 */
#include "claim.h"
#include <fcntl.h>
#include <poll.h>

int main(void) {
    struct sockaddr_in at;
    int listener = server(5, &at);
    int fd = client(&at);
    int other = must(accept(listener, NULL, NULL), "accept");
    char data[16];
    must(fcntl(fd, F_SETFL, O_NONBLOCK), "fcntl");
    ssize_t n = recv(fd, data, sizeof data, 0);
    seen(n == -1 && errno == EAGAIN, "recv, when nothing has come: %zd%s%s", n,
         n == -1 ? " " : "", n == -1 ? strerror(errno) : "");
    must((int)send(other, "hello", 5, 0), "send");
    struct pollfd wanted = {fd, POLLIN, 0};
    poll(&wanted, 1, 1000);
    n = recv(fd, data, sizeof data, 0);
    seen(n == 5, "recv, when 5 bytes have come: %zd", n);
    must(fcntl(fd, F_SETFL, 0), "fcntl");
    must((int)send(other, "hello", 5, 0), "send");
    n = recv(fd, data, sizeof data, 0);
    seen(n == 5, "the same without O_NONBLOCK: %zd", n);
    return otherwise;
}
