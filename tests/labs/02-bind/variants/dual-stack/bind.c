/*
 * bind - a variant: every interface is [::], which IPv4 clients reach too;
 * otherwise two look-ups, IPv4 first; err(3), dprintf(3), poll(2) to wait.
 *
 * usage: bind HOST PORT
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void check_port(const char *text) {
    char *end;
    errno = 0;
    unsigned long port = strtoul(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end || errno || port > 65535)
        errx(2, "usage: bind HOST PORT");
}

/* The address of HOST in FAMILY. Returns what getaddrinfo(3) returned. */
static int look_up(const char *host, const char *port, int family,
                   struct sockaddr_storage *to, socklen_t *size) {
    struct addrinfo *found = NULL, hints;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = family;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    int error = getaddrinfo(host, port, &hints, &found);
    if (error)
        return error;
    memcpy(to, found->ai_addr, found->ai_addrlen);
    *size = found->ai_addrlen;
    freeaddrinfo(found);
    return 0;
}

static void print(const struct sockaddr_storage *a) {
    char text[INET6_ADDRSTRLEN];
    if (a->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)a;
        inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
        dprintf(1, "bound to %s:%u\n", text, ntohs(in->sin_port));
    } else {
        const struct sockaddr_in6 *in6 = (const void *)a;
        inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text);
        dprintf(1, "bound to [%s]:%u\n", text, ntohs(in6->sin6_port));
    }
}

int main(int argc, char *argv[]) {
    struct sockaddr_storage a = {0};
    socklen_t size = sizeof a;
    int on = 1, off = 0, error;
    if (argc != 3)
        errx(2, "usage: bind HOST PORT");
    check_port(argv[2]);

    int dual = argv[1][0] == '\0' && access("/proc/net/if_inet6", F_OK) == 0;
    if (dual) {
        struct sockaddr_in6 *in6 = (void *)&a;
        in6->sin6_family = AF_INET6;
        in6->sin6_addr = in6addr_any;
        in6->sin6_port = htons((in_port_t)atoi(argv[2]));
        size = sizeof *in6;
    } else {
        const char *host = argv[1][0] ? argv[1] : "0.0.0.0";
        error = look_up(host, argv[2], AF_INET, &a, &size);
        if (error)
            error = look_up(host, argv[2], AF_INET6, &a, &size);
        if (error)
            errx(1, "cannot resolve %s: %s", host, gai_strerror(error));
    }

    int fd = socket(a.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        err(1, "socket");
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on))
        err(1, "setsockopt SO_REUSEADDR");
    if (dual && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off))
        err(1, "setsockopt IPV6_V6ONLY");
    if (bind(fd, (struct sockaddr *)&a, size))
        err(1, "bind");
    size = sizeof a;
    if (getsockname(fd, (struct sockaddr *)&a, &size))
        err(1, "getsockname");
    print(&a);

    for (;;) {
        struct pollfd input = {0, POLLIN, 0};
        char rest[64];
        if (poll(&input, 1, -1) == 1 && read(0, rest, sizeof rest) <= 0)
            break;
    }
    close(fd);
    return 0;
}
