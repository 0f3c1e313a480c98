/*
 * socket - a variant: arrays indexed by the kernel's own numbers, err(3) and
 * errx(3), a heap block that is given back, one loop over the three options.
 *
 * usage: socket inet|inet6|unix stream|dgram|raw
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const families[] = {
    [AF_UNIX] = "unix", [AF_INET] = "inet", [AF_INET6] = "inet6"};
static const char *const types[] = {
    [SOCK_STREAM] = "stream", [SOCK_DGRAM] = "dgram", [SOCK_RAW] = "raw"};
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The index of TEXT in LIST, or the end of the program. */
static int look_up(const char *const *list, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++)
        if (list[i] && strcmp(list[i], text) == 0)
            return (int)i;
    errx(2, "usage: socket inet|inet6|unix stream|dgram|raw (not '%s')", text);
}

int main(int argc, char *argv[]) {
    static const int options[] = {SO_PROTOCOL, SO_TYPE, SO_DOMAIN};
    if (argc != 3)
        errx(2, "usage: socket inet|inet6|unix stream|dgram|raw");
    int family = look_up(families, COUNT(families), argv[1]);
    int type = look_up(types, COUNT(types), argv[2]);
    int protocol = 0;
    if (type == SOCK_RAW)
        protocol = family == AF_INET    ? IPPROTO_ICMP
                   : family == AF_INET6 ? IPPROTO_ICMPV6
                                        : 0;

    int fd;
    if ((fd = socket(family, type, protocol)) == -1)
        err(1, "socket(%s, %s)", argv[1], argv[2]);

    int *answers = calloc(COUNT(options), sizeof *answers);
    if (!answers)
        err(1, "calloc");
    for (size_t i = 0; i < COUNT(options); i++) {
        socklen_t size = sizeof *answers;
        if (getsockopt(fd, SOL_SOCKET, options[i], answers + i, &size) != 0)
            err(1, "getsockopt");
    }
    printf("AF_");
    for (const char *c = families[answers[2]]; *c; c++)
        putchar(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    printf(" SOCK_");
    for (const char *c = types[answers[1]]; *c; c++)
        putchar(*c - 'a' + 'A');
    printf(" protocol %i fd %i\n", answers[0], fd);
    free(answers);
    close(fd);
    exit(0);
}
