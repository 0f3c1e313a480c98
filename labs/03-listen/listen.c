/*
 * listen - let clients queue up at an address, and accept none of them.
 *
 * usage: listen HOST PORT BACKLOG     ("" as HOST: every interface)
 *
 * Prints "listening on ADDR:PORT backlog BACKLOG" and holds the socket until
 * end-of-file on standard input. Returns 0, 1 when a call failed, 2 when the
 * command line is wrong.
 *
 * See listen(2), bind(2), getsockname(2), tcp(7).
 */
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Reads a number of digits alone, at most max. Returns -1 for anything else. */
static long whole_number(const char *text, long max) {
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
        return -1;
    /* A number too long for a long becomes the greatest: no wrap here. */
    long number = strtol(text, NULL, 10);
    return number > max ? -1 : number;
}

/* Prints "WHAT ADDR:PORT" without an end of line; IPv6 gets its brackets. */
static void print_address(const char *what,
                          const struct sockaddr_storage *address,
                          socklen_t length) {
    char host[NI_MAXHOST], port[NI_MAXSERV];
    int error =
        getnameinfo((const struct sockaddr *)address, length, host, sizeof host,
                    port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    if (error != 0)
        warnx("getnameinfo: %s", gai_strerror(error));
    else if (address->ss_family == AF_INET6)
        printf("%s [%s]:%s", what, host, port);
    else
        printf("%s %s:%s", what, host, port);
}

/*
 * Makes a TCP socket with the address HOST and PORT. Of a name's addresses it
 * takes the IPv4 one, if there is one. Returns the socket, or -1 after saying
 * what went wrong.
 */
static int bind_to(const char *host, const char *port) {
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                             .ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    /* With AI_PASSIVE no host at all is every interface: that is our "". */
    int error = getaddrinfo(host[0] ? host : NULL, port, &hints, &list);
    if (error != 0) {
        warnx("%s: %s", host, gai_strerror(error));
        return -1;
    }
    const struct addrinfo *chosen = list;
    while (chosen->ai_family != AF_INET && chosen->ai_next != NULL)
        chosen = chosen->ai_next;

    int fd = socket(chosen->ai_family, chosen->ai_socktype, 0);
    if (fd == -1) {
        warn("socket");
        freeaddrinfo(list);
        return -1;
    }
    const char *failed = NULL;
    /* Without this option a port stays taken while old connections on it are
     * in TIME_WAIT: a server could not be started again for a minute. */
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1)
        failed = "setsockopt";
    else if (bind(fd, chosen->ai_addr, chosen->ai_addrlen) == -1)
        failed = "bind";
    if (failed != NULL) {
        warn("%s", failed);
        close(fd);
        fd = -1;
    }
    freeaddrinfo(list);
    return fd;
}

/* Waits for end-of-file on standard input; what comes before it is ignored. */
static void wait_for_end_of_input(void) {
    char ignored[256];
    ssize_t n;
    do
        n = read(STDIN_FILENO, ignored, sizeof ignored);
    while (n > 0 || (n == -1 && errno == EINTR));
}

int main(int argc, char *argv[]) {
    long backlog = argc == 4 ? whole_number(argv[3], 65535) : -1;
    if (backlog == -1 || whole_number(argv[2], 65535) == -1) {
        fprintf(stderr, "usage: listen HOST PORT BACKLOG\n");
        return 2;
    }
    /* Every line leaves at once, into a pipe or a file too. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

    int listener = bind_to(argv[1], argv[2]);
    if (listener == -1)
        return 1;
    /* TODO 1: Let the socket listen, with a queue for backlog clients: see
     * listen(2). When that fails, name the call and the reason as warn(3)
     * does, close the socket and return 1. */
    errx(1, "TODO 1 in labs/03-listen/listen.c is next");
    /* The kernel knows the real address, also for PORT 0 or a name. */
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(listener, (struct sockaddr *)&address, &length) == -1) {
        warn("getsockname");
        close(listener);
        return 1;
    }
    print_address("listening on", &address, length);
    printf(" backlog %ld\n", backlog);
    /* From here on clients can connect, though nobody accepts them. */
    wait_for_end_of_input();
    close(listener);
    return 0;
}
