/*
 * lab: 02
 *
 * article: an empty host means localhost.
 *
 * why: It means every interface of the machine, the one to the outside
 * included. A program that is meant for this machine alone must say 127.0.0.1
 * or localhost. See ip(7), INADDR_ANY.
 */
#include "claim.h"
#include <netdb.h>

int main(void) {
    /* What a program does with an empty host: none, and AI_PASSIVE. */
    struct addrinfo hints = {.ai_flags = AI_PASSIVE,
                             .ai_family = AF_INET,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    if (getaddrinfo(NULL, "0", &hints, &list) != 0)
        errx(3, "getaddrinfo");
    int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(bind(fd, list->ai_addr, list->ai_addrlen), "bind");
    must(listen(fd, 5), "listen");

    struct sockaddr_in at;
    socklen_t length = sizeof at;
    must(getsockname(fd, (struct sockaddr *)&at, &length), "getsockname");
    seen(at.sin_addr.s_addr == htonl(INADDR_ANY), "bound to %s",
         inet_ntoa(at.sin_addr));

    const char *addresses[] = {"127.0.0.1", "127.77.1.1"};
    for (int i = 0; i < 2; i++) {
        int one = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
        inet_pton(AF_INET, addresses[i], &at.sin_addr);
        int result = connect(one, (struct sockaddr *)&at, sizeof at);
        seen(result == 0, "a client that asks for %s: %s", addresses[i],
             result == 0 ? "connected" : strerror(errno));
    }
    return otherwise;
}
