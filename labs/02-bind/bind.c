/*
 * bind - give a TCP socket an address.
 *
 * usage: bind HOST PORT     ("" as HOST: every interface)
 *
 * Prints "bound to ADDR:PORT" and holds the address until end-of-file on
 * standard input. Returns 0, 1 when a call failed, 2 when the command line is
 * wrong.
 *
 * See getaddrinfo(3), bind(2), getsockname(2), socket(7), ip(7).
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
    /* TODO 1: Turn host and port into a list of addresses, as hints wants
     * them: see getaddrinfo(3). Its errors are no errno: when it fails, write
     * host and what gai_strerror(3) says with warnx(3), and return -1. */
    (void)host, (void)port, (void)hints;
    errx(1, "TODO 1 in labs/02-bind/bind.c is next");
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
    /* TODO 2: Set SO_REUSEADDR (socket(7)): without it a port stays taken
     * while old connections on it are in TIME_WAIT, and a server could not be
     * started again for a minute. If that worked, give the socket the chosen
     * address: see bind(2). Let failed point to the name of what failed. */
    errx(1, "TODO 2 in labs/02-bind/bind.c is next");
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
    /* A port of 70000 would be no error to getaddrinfo: it becomes 4464. */
    if (argc != 3 || whole_number(argv[2], 65535) == -1) {
        fprintf(stderr, "usage: bind HOST PORT\n");
        return 2;
    }
    /* Every line leaves at once, into a pipe or a file too. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

    int fd = bind_to(argv[1], argv[2]);
    if (fd == -1)
        return 1;
    /* The kernel knows the real address, also for PORT 0 or a name. */
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    /* TODO 3: Ask the kernel for the address that the socket has now: see
     * getsockname(2). When that fails, name the call and the reason as warn(3)
     * does, close the socket and return 1. */
    errx(1, "TODO 3 in labs/02-bind/bind.c is next");
    print_address("bound to", &address, length);
    printf("\n");
    wait_for_end_of_input();
    close(fd);
    return 0;
}
