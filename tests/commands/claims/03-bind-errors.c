/*
 * lab: 02
 *
 * article: a wrong host, or a port that is used or reserved, raises an error.
 *
 * why: Three different errors, of two kinds: the resolver's, which is no
 * errno, and bind's. And a port of 70000 is none at all: glibc's getaddrinfo
 * keeps its low 16 bits, so a program must look at the number itself. See
 * getaddrinfo(3), bind(2).
 */
#include "claim.h"
#include <netdb.h>

int main(void) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    int error = getaddrinfo("a..b", "80", &hints, &list);
    seen(error != 0, "host a..b: getaddrinfo says \"%s\"",
         error ? gai_strerror(error) : "found");

    struct sockaddr_in at;
    server(1, &at);
    int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    int result = bind(fd, (struct sockaddr *)&at, sizeof at);
    seen(result == -1 && errno == EADDRINUSE, "a used port: bind says \"%s\"",
         result == -1 ? strerror(errno) : "done");

    long first = setting("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    at.sin_addr.s_addr = htonl(0x7f4d0101); /* 127.77.1.1 */
    at.sin_port = htons(1);
    result = bind(fd, (struct sockaddr *)&at, sizeof at);
    if (first <= 1)
        seen(result == 0,
             "no port is reserved: ip_unprivileged_port_start "
             "is %ld",
             first);
    else if (result == 0)
        seen(geteuid() == 0, "port 1 is reserved (below %ld), but we are root",
             first);
    else
        seen(errno == EACCES,
             "a reserved port (1, below %ld): bind says "
             "\"%s\"",
             first, strerror(errno));

    error = getaddrinfo("127.0.0.1", "70000", &hints, &list);
    if (error)
        seen(0, "port 70000: getaddrinfo says \"%s\"", gai_strerror(error));
    else
        seen(ntohs(((struct sockaddr_in *)list->ai_addr)->sin_port) == 4464,
             "port 70000: no error, it becomes port %d",
             ntohs(((struct sockaddr_in *)list->ai_addr)->sin_port));
    return otherwise;
}
