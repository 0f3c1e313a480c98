/*
 * socket - a variant: no table, perror and EXIT_FAILURE, a descriptor that is
 * not inherited, options asked one after the other.
 *
 * usage: socket inet|inet6|unix stream|dgram|raw
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

_Noreturn static void usage(void) {
    fputs("Usage: socket inet|inet6|unix stream|dgram|raw\n", stderr);
    exit(2);
}

/* One property of the socket, or the end of the program. */
static int ask(int fd, int option) {
    int value;
    socklen_t size = sizeof value;
    if (getsockopt(fd, SOL_SOCKET, option, &value, &size) < 0) {
        perror("getsockopt");
        exit(EXIT_FAILURE);
    }
    return value;
}

int main(int argc, char **argv) {
    int domain, type, protocol = 0;
    if (argc != 3)
        usage();

    if (!strcmp(argv[1], "inet"))
        domain = PF_INET;
    else if (!strcmp(argv[1], "inet6"))
        domain = PF_INET6;
    else if (!strcmp(argv[1], "unix"))
        domain = PF_LOCAL;
    else
        usage();

    if (!strcmp(argv[2], "stream"))
        type = SOCK_STREAM;
    else if (!strcmp(argv[2], "dgram"))
        type = SOCK_DGRAM;
    else if (!strcmp(argv[2], "raw"))
        type = SOCK_RAW;
    else
        usage();

    if (type == SOCK_RAW && domain != PF_LOCAL)
        protocol = domain == PF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;

    int fd = socket(domain, type | SOCK_CLOEXEC, protocol);
    if (fd < 0) {
        perror("socket");
        return EXIT_FAILURE;
    }

    domain = ask(fd, SO_DOMAIN);
    type = ask(fd, SO_TYPE);
    protocol = ask(fd, SO_PROTOCOL);
    switch (domain) {
    case PF_INET:
        printf("AF_INET ");
        break;
    case PF_INET6:
        printf("AF_INET6 ");
        break;
    default:
        printf("AF_UNIX ");
    }
    switch (type) {
    case SOCK_STREAM:
        printf("SOCK_STREAM ");
        break;
    case SOCK_DGRAM:
        printf("SOCK_DGRAM ");
        break;
    default:
        printf("SOCK_RAW ");
    }
    printf("protocol %d fd %d\n", protocol, fd);
    fflush(stdout);

    if (close(fd) < 0) {
        perror("close");
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
