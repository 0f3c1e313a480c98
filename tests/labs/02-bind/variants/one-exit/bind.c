/*
 * bind - a variant: a list that is walked until an address can be bound, one
 * way out by goto, error(3)-like messages of its own, getline(3) to wait.
 *
 * usage: bind HOST PORT
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

static int complain(const char *what) {
    fprintf(stderr, "bind: %s: %s\n", what, strerror(errno));
    return 1;
}

int main(int argc, char *argv[]) {
    struct addrinfo *list = NULL, *a;
    struct sockaddr_storage bound;
    socklen_t length = sizeof(bound);
    char host[NI_MAXHOST], port[NI_MAXSERV], *line = NULL;
    size_t room = 0;
    int fd = -1, status = 0, one = 1, error;

    if (argc != 3 || strlen(argv[2]) < 1 || strlen(argv[2]) > 5 ||
        strspn(argv[2], "0123456789") != strlen(argv[2]) ||
        atoi(argv[2]) > 65535) {
        fputs("bind: usage: bind HOST PORT\n", stderr);
        return 2;
    }

    struct addrinfo hints = {.ai_family = AF_INET,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE};
    error = getaddrinfo(*argv[1] ? argv[1] : NULL, argv[2], &hints, &list);
    if (error != 0) {
        hints.ai_family = AF_UNSPEC;
        error = getaddrinfo(argv[1], argv[2], &hints, &list);
    }
    if (error != 0) {
        fprintf(stderr, "bind: getaddrinfo: %s (%s)\n", gai_strerror(error),
                argv[1]);
        return 1;
    }

    for (a = list; a != NULL; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (fd < 0) {
            status = complain("socket");
            continue;
        }
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
        if (bind(fd, a->ai_addr, a->ai_addrlen) == 0) {
            status = 0;
            break;
        }
        status = complain("bind");
        close(fd);
        fd = -1;
    }
    if (fd < 0)
        goto out;

    if (getsockname(fd, (struct sockaddr *)&bound, &length) < 0) {
        status = complain("getsockname");
        goto out;
    }
    getnameinfo((struct sockaddr *)&bound, length, host, sizeof(host), port,
                sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
    printf(strchr(host, ':') ? "bound to [%s]:%s\n" : "bound to %s:%s\n", host,
           port);
    fflush(stdout);
    while (getline(&line, &room, stdin) != -1)
        continue;
out:
    free(line);
    if (fd >= 0)
        close(fd);
    freeaddrinfo(list);
    return status;
}
