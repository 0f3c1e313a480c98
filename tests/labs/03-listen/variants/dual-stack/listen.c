/* listen on one IPv6 socket for both families: IPv4 addresses are mapped, and
 * printed so. Waits with poll. */
#include <arpa/inet.h>
#include <errno.h>
#include <error.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int is_number(const char *s) {
    size_t digits = strspn(s, "0123456789");
    return digits > 0 && digits <= 6 && s[digits] == '\0' && atoi(s) <= 65535;
}

static struct sockaddr_in6 find(const char *host, const char *port) {
    struct addrinfo hints, *found;
    struct sockaddr_in6 at = {.sin6_family = AF_INET6,
                              .sin6_addr = IN6ADDR_ANY_INIT};
    int code;
    at.sin6_port = htons((in_port_t)atoi(port));
    if (*host == '\0')
        return at;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_family = AF_INET;
    if ((code = getaddrinfo(host, port, &hints, &found)) == 0) {
        const struct sockaddr_in *in = (const void *)found->ai_addr;
        memset(at.sin6_addr.s6_addr + 10, 0xff, 2);
        memcpy(at.sin6_addr.s6_addr + 12, &in->sin_addr, 4);
        freeaddrinfo(found);
        return at;
    }
    hints.ai_family = AF_INET6;
    if ((code = getaddrinfo(host, port, &hints, &found)) != 0)
        error(1, 0, "cannot resolve %s: %s", host, gai_strerror(code));
    memcpy(&at, found->ai_addr, sizeof at);
    freeaddrinfo(found);
    return at;
}

int main(int argc, char *argv[]) {
    if (argc != 4 || !is_number(argv[2]) || !is_number(argv[3]))
        error(2, 0, "usage: listen HOST PORT BACKLOG");
    struct sockaddr_in6 at = find(argv[1], argv[2]);
    socklen_t size = sizeof at;
    int off = 0, on = 1;
    int s = socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP);
    if (s < 0)
        error(1, errno, "socket");
    setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(s, (struct sockaddr *)&at, sizeof at))
        error(1, errno, "bind to %s port %s", argv[1], argv[2]);
    if (listen(s, atoi(argv[3])))
        error(1, errno, "listen");
    if (getsockname(s, (struct sockaddr *)&at, &size))
        error(1, errno, "getsockname");
    char name[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, &at.sin6_addr, name, sizeof name);
    dprintf(STDOUT_FILENO, "listening on [%s]:%u backlog %d\n", name,
            (unsigned)ntohs(at.sin6_port), atoi(argv[3]));
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    char lost[4096];
    for (;;) {
        if (poll(&input, 1, -1) == -1 && errno == EINTR)
            continue;
        if (read(STDIN_FILENO, lost, sizeof lost) <= 0)
            break;
    }
    close(s);
    return EXIT_SUCCESS;
}
