/*
 * lab: 04
 *
 * article: the server waits in `accept` until a client asks for a connection,
 * and then the connection is made.
 *
 * why: The kernel shakes hands before and without accept, and takes what the
 * client sends. The call only hands over what is finished. See accept(2).
 */
#include "claim.h"
#include <linux/sockios.h>
#include <sys/ioctl.h>

int main(void) {
    struct sockaddr_in at;
    char text[16] = "";
    int listener = server(5, &at);
    int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    int result = connect(fd, (struct sockaddr *)&at, sizeof at);
    seen(result == 0, "nobody has called accept; connect: %s",
         result == 0 ? "0" : strerror(errno));
    long sent = send(fd, "hello", 5, MSG_NOSIGNAL);
    seen(sent == 5, "send: %ld", sent);
    must(shutdown(fd, SHUT_WR), "shutdown");

    /* Until the server's kernel has said that it has them. */
    int unacknowledged = 5;
    for (int tries = 0; tries < 1000 && unacknowledged > 0; tries++) {
        must(ioctl(fd, SIOCOUTQ, &unacknowledged), "ioctl");
        usleep(1000);
    }
    seen(unacknowledged == 0, "bytes that the other kernel has not got yet: %d",
         unacknowledged);

    int accepted = must(accept(listener, NULL, NULL), "accept");
    long got = recv(accepted, text, sizeof text - 1, 0);
    seen(got == 5 && strcmp(text, "hello") == 0,
         "accept, then recv: \"%s\", it was there already", text);
    return otherwise;
}
