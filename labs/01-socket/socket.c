/*
 * socket - create a socket and ask the kernel what it is.
 *
 * usage: socket inet|inet6|unix stream|dgram|raw
 *
 * Prints a line like "AF_INET SOCK_STREAM protocol 6 fd 3". Returns 0, 1 when
 * a call failed, 2 when the command line is wrong.
 *
 * See socket(2), getsockopt(2), close(2), socket(7), protocols(5).
 */
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A word of the command line, the number it stands for and that one's name. */
struct word {
    const char *given;
    int number;
    const char *name;
};
static const struct word families[] = {{"inet", AF_INET, "AF_INET"},
                                       {"inet6", AF_INET6, "AF_INET6"},
                                       {"unix", AF_UNIX, "AF_UNIX"}};
static const struct word types[] = {{"stream", SOCK_STREAM, "SOCK_STREAM"},
                                    {"dgram", SOCK_DGRAM, "SOCK_DGRAM"},
                                    {"raw", SOCK_RAW, "SOCK_RAW"}};

/* Returns the number of a word in one of these tables of three, or -1. */
static int number_of(const struct word words[3], const char *given) {
    for (int i = 0; i < 3; i++)
        if (strcmp(words[i].given, given) == 0)
            return words[i].number;
    return -1;
}

/* Returns the name of a number in one of these tables of three. */
static const char *name_of(const struct word words[3], int number) {
    for (int i = 0; i < 3; i++)
        if (words[i].number == number)
            return words[i].name;
    return "unknown";
}

int main(int argc, char *argv[]) {
    int family = argc == 3 ? number_of(families, argv[1]) : -1;
    int type = argc == 3 ? number_of(types, argv[2]) : -1;
    if (family == -1 || type == -1) {
        fprintf(stderr, "usage: socket inet|inet6|unix stream|dgram|raw\n");
        return 2;
    }
    /* 0 lets the kernel choose, but of raw sockets there is one a protocol. */
    int protocol = 0;
    if (type == SOCK_RAW && family == AF_INET)
        protocol = IPPROTO_ICMP;
    if (type == SOCK_RAW && family == AF_INET6)
        protocol = IPPROTO_ICMPV6;

    /* TODO 1: Create the socket: see socket(2). Failed is -1 and nothing
     * else, for 0 can be a socket too. Then name the call and the reason as
     * warn(3) does, and return 1. */
    (void)protocol;
    int fd = -1;
    errx(1, "TODO 1 in labs/01-socket/socket.c is next");
    /* TODO 2: Ask the kernel for the family, the type and the protocol of the
     * socket, and put them into family, type and protocol: see getsockopt(2),
     * and SO_DOMAIN, SO_TYPE and SO_PROTOCOL in socket(7). When one fails,
     * name the call, close the socket and return 1. */
    errx(1, "TODO 2 in labs/01-socket/socket.c is next");
    printf("%s %s protocol %d fd %d\n", name_of(families, family),
           name_of(types, type), protocol, fd);
    /* TODO 3: Give the socket back: see close(2). */
    errx(1, "TODO 3 in labs/01-socket/socket.c is next");
    return 0;
}
