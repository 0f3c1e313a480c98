/* listen with the tools of the standard library: every usable address is tried,
 * the input is read by getchar, what is open is closed by goto. */
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool parse(const char *text, unsigned short *value) {
    unsigned n;
    char more;
    if (strlen(text) > 5 || strpbrk(text, "+- \t\n\v\f\r") != NULL ||
        sscanf(text, "%5u%c", &n, &more) != 1 || n > USHRT_MAX)
        return false;
    *value = (unsigned short)n;
    return true;
}

static int complain(const char *call, int fd) {
    fprintf(stderr, "%s: %s\n", call, strerror(errno));
    if (fd != -1)
        close(fd);
    return -1;
}

static int open_one(const struct addrinfo *a, int backlog) {
    int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    if (fd == -1)
        return complain("socket", -1);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(fd, a->ai_addr, a->ai_addrlen) != 0)
        return complain("bind", fd);
    if (listen(fd, backlog) != 0)
        return complain("listen", fd);
    return fd;
}

int main(int argc, char **argv) {
    unsigned short port, backlog;
    if (argc != 4 || !parse(argv[2], &port) || !parse(argv[3], &backlog)) {
        fputs("USAGE: listen HOST PORT BACKLOG\n", stderr);
        return 2;
    }
    int status = EXIT_FAILURE, fd = -1;
    struct addrinfo *all = NULL;
    struct addrinfo want = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    int code = getaddrinfo(*argv[1] ? argv[1] : NULL, argv[2], &want, &all);
    if (code != 0) {
        fprintf(stderr, "listen: %s: %s\n", argv[1], gai_strerror(code));
        return EXIT_FAILURE;
    }
    /* The IPv4 addresses; of a name that has none, the others. */
    bool four = false;
    for (struct addrinfo *a = all; a != NULL; a = a->ai_next)
        four = four || a->ai_family == AF_INET;
    for (struct addrinfo *a = all; a != NULL && fd == -1; a = a->ai_next)
        if ((a->ai_family == AF_INET) == four)
            fd = open_one(a, backlog);
    if (fd == -1)
        goto out;

    struct sockaddr_storage here;
    socklen_t length = sizeof here;
    char host[NI_MAXHOST], service[NI_MAXSERV];
    if (getsockname(fd, (struct sockaddr *)&here, &length) != 0) {
        perror("getsockname");
        goto out;
    }
    getnameinfo((struct sockaddr *)&here, length, host, sizeof host, service,
                sizeof service, NI_NUMERICHOST | NI_NUMERICSERV);
    bool six = here.ss_family == AF_INET6;
    printf("listening on %s%s%s:%s backlog %hu\n", six ? "[" : "", host,
           six ? "]" : "", service, backlog);
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    status = EXIT_SUCCESS;
out:
    freeaddrinfo(all);
    if (fd != -1)
        close(fd);
    return status;
}
