/*
 * lab: 03
 *
 * article: the backlog is the number of clients that can connect, and at least
 * 1.
 *
 * why: It is no limit of clients. It is the length of the queue of finished
 * handshakes that nobody has accepted yet, and 0 is allowed. The kernel's test
 * is "more than backlog", so there is room for one more than the number. See
 * listen(2).
 */
#include "claim.h"
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>

enum { MORE = 3 }; /* clients beyond the backlog */

int main(void) {
    int backlogs[] = {0, 1, 5};
    for (int i = 0; i < 3; i++) {
        struct sockaddr_in at;
        int listener = server(backlogs[i], &at), connected = 0;
        for (int n = 0; n < backlogs[i] + MORE; n++) {
            int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
            must(fcntl(fd, F_SETFL, O_NONBLOCK), "fcntl");
            (void)connect(fd, (struct sockaddr *)&at, sizeof at);
            /* On loopback a handshake takes microseconds. */
            struct pollfd wanted = {fd, POLLOUT, 0};
            connected += poll(&wanted, 1, 50) == 1;
        }
        /* Of a listening socket this is the queue: what ss -ltn shows. */
        struct tcp_info info;
        socklen_t size = sizeof info;
        must(getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &size),
             "getsockopt");
        seen(connected == backlogs[i] + 1 &&
                 (int)info.tcpi_unacked == connected &&
                 (int)info.tcpi_sacked == backlogs[i],
             "backlog %d: of %d clients %d connected; in the queue %u, its "
             "limit %u",
             backlogs[i], backlogs[i] + MORE, connected, info.tcpi_unacked,
             info.tcpi_sacked);
    }
    return otherwise;
}
