/*
 * lab: 10
 *
 * article: a datagram socket is mainly for services of the UDP protocol.
 *
 * why: That is so in the family AF_INET. What makes a datagram socket is
 * something else: one send is one message, and one recv takes one message. What
 * recv has no room for is thrown away. Sockets of the family AF_UNIX do the
 * same without UDP. See socket(2), udp(7), unix(7).
 */
#include "claim.h"

static int protocol_of(int fd) {
    int protocol = -1;
    socklen_t size = sizeof protocol;
    must(getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size),
         "getsockopt");
    return protocol;
}

/* Sends two messages from one socket to the other, and takes them with room for
   three bytes. */
static void two_messages(const char *family, int from, int to) {
    char first[4] = "", second[4] = "";
    must(send(from, "one two three", 13, 0), "send");
    must(send(from, "four", 4, 0), "send");
    long n = recv(to, first, 3, 0);
    long m = recv(to, second, 3, 0);
    seen(n == 3 && m == 3 && !strcmp(first, "one") && !strcmp(second, "fou"),
         "%s: of two messages recv takes \"%s\", then \"%s\"", family, first,
         second);
}

int main(void) {
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int ends[2];
    int fd = must(socket(AF_INET, SOCK_DGRAM, 0), "socket");
    seen(protocol_of(fd) == IPPROTO_UDP, "AF_INET: its protocol is number %d",
         protocol_of(fd));
    must(bind(fd, (struct sockaddr *)&at, size), "bind");
    must(getsockname(fd, (struct sockaddr *)&at, &size), "getsockname");
    must(connect(fd, (struct sockaddr *)&at, size), "connect");
    two_messages("AF_INET", fd, fd);

    must(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), "socketpair");
    seen(protocol_of(ends[0]) == 0, "AF_UNIX: its protocol is number %d",
         protocol_of(ends[0]));
    two_messages("AF_UNIX", ends[0], ends[1]);
    return otherwise;
}
