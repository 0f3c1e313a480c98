/*
 * datagram-server - send each datagram back, with "Echo=>" before it.
 *
 * usage: datagram-server HOST PORT COUNT     ("" as HOST: every interface)
 *
 * Prints "bound to ADDR:PORT", and for each datagram "N bytes from ADDR:PORT".
 * One of more than 1024 bytes is not answered: "N bytes from ADDR:PORT, too
 * long". After COUNT datagrams (0: never) it returns 0; 1 when a call failed, 2
 * when the command line is wrong.
 *
 * See udp(7), recvfrom(2), sendto(2).
 */
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MARK = 6, LONGEST = 1024 };

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
 * Makes a UDP socket with the address HOST and PORT. Of a name's addresses it
 * takes the IPv4 one, if there is one. Returns the socket, or -1 after saying
 * what went wrong.
 */
static int bind_to(const char *host, const char *port) {
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                             .ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_DGRAM};
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
    if (fd == -1)
        warn("socket");
    /* Without SO_REUSEADDR: UDP has no TIME_WAIT, and with that option two
     * servers could have one port. */
    else if (bind(fd, chosen->ai_addr, chosen->ai_addrlen) == -1) {
        warn("bind");
        close(fd);
        fd = -1;
    }
    freeaddrinfo(list);
    return fd;
}

/*
 * Waits for the next datagram, and puts its first size bytes into data, and the
 * address that it came from into from. Returns its whole length, which may be
 * more than size, or -1.
 */
static ssize_t receive(int fd, void *data, size_t size,
                       struct sockaddr_storage *from, socklen_t *length) {
    for (;;) {
        /* TODO 1: Set *length to the room in *from, and call recvfrom with
         * MSG_TRUNC, so that it returns the whole length. EINTR is no reason to
         * end, and ECONNREFUSED, which is about an earlier answer, is none
         * either: go round the loop. Otherwise return what recvfrom returned.
         */
        (void)fd, (void)data, (void)size, (void)from, (void)length;
        errx(1, "TODO 1 in labs/10-datagram/datagram-server.c is next");
    }
}

/* Sends one datagram to this address. If that fails, says why. */
static void answer(int fd, const void *data, size_t size,
                   const struct sockaddr_storage *to, socklen_t length) {
    /* TODO 2: Send the datagram with sendto. After EINTR call it again. After
     * any other error say so (warn(3)), and that is all: nobody promised that a
     * datagram arrives, and the next client is waiting. */
    (void)fd, (void)data, (void)size, (void)to, (void)length;
    errx(1, "TODO 2 in labs/10-datagram/datagram-server.c is next");
}

int main(int argc, char *argv[]) {
    long count = argc == 4 ? whole_number(argv[3], 1000000) : -1;
    if (count == -1 || whole_number(argv[2], 65535) == -1) {
        fprintf(stderr, "usage: datagram-server HOST PORT COUNT\n");
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
    if (getsockname(fd, (struct sockaddr *)&address, &length) == -1) {
        warn("getsockname");
        close(fd);
        return 1;
    }
    print_address("bound to", &address, length);
    printf("\n");

    /* Mark and bytes stand together: an answer is one datagram. */
    char data[MARK + LONGEST] = "Echo=>";
    for (long long served = 0; count == 0 || served < count; served++) {
        /* TODO 3: Receive (above) a datagram behind the mark in data, at most
         * LONGEST bytes of it. If that fails, say so, close fd and return 1.
         * Print its line, with print_address and printf. If it has more than
         * LONGEST bytes, the line ends in ", too long"; otherwise answer
         * (above) with the mark and exactly its bytes. */
        (void)answer, (void)data;
        receive(fd, data + MARK, LONGEST, &address, &length);
        errx(1, "TODO 3 in labs/10-datagram/datagram-server.c is next");
    }
    close(fd);
    return 0;
}
