/*
 * connect - a variant: IPv6 sockets for all; an IPv4 address is mapped into
 * IPv6, ipv6(7). The resolver is told the protocol, and not the socket's type.
 *
 * usage: connect HOST PORT MESSAGE
 *
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
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
 * Waits for the end of a connect(2) that a signal has interrupted: the kernel
 * goes on with it. Returns 0 when it is connected, else the errno.
 */
static int result_of_connect(int fd) {
    struct pollfd wanted = {.fd = fd, .events = POLLOUT};
    while (poll(&wanted, 1, -1) == -1)
        if (errno != EINTR)
            return errno;
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == -1)
        return errno;
    return error;
}

/* Makes the IPv6 address to of the IPv4 address from. */
static void map(const struct sockaddr *from, struct sockaddr_in6 *to) {
    struct sockaddr_in in;
    memcpy(&in, from, sizeof in);
    memset(to, 0, sizeof *to);
    to->sin6_family = AF_INET6;
    to->sin6_port = in.sin_port;
    memset(to->sin6_addr.s6_addr + 10, 0xff, 2);
    memcpy(to->sin6_addr.s6_addr + 12, &in.sin_addr, sizeof in.sin_addr);
}

/*
 * Tries the addresses of HOST until one connects, and fills in the address of
 * the other side. Returns the connection, or -1 after saying what went wrong.
 */
static int connect_to(const char *host, const char *port,
                      struct sockaddr_storage *peer, socklen_t *length) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICSERV,
                             .ai_family = AF_UNSPEC,
                             .ai_protocol = IPPROTO_TCP};
    struct addrinfo *list;
    int error = getaddrinfo(host, port, &hints, &list);
    if (error != 0) {
        warnx("%s: %s", host, gai_strerror(error));
        return -1;
    }
    const char *failed = NULL;
    int fd = -1;
    for (const struct addrinfo *a = list; a != NULL; a = a->ai_next) {
        struct sockaddr_in6 mapped;
        const struct sockaddr *to = a->ai_addr;
        socklen_t size = a->ai_addrlen;
        fd = socket(AF_INET6, SOCK_STREAM, 0);
        if (fd == -1 && errno == EAFNOSUPPORT) {
            fd = socket(a->ai_family, SOCK_STREAM, 0);
        } else if (a->ai_family == AF_INET) {
            map(a->ai_addr, &mapped);
            to = (const struct sockaddr *)&mapped;
            size = sizeof mapped;
        }
        if (fd == -1) {
            failed = "socket";
            error = errno;
            continue;
        }
        error = connect(fd, to, size) == 0 ? 0 : errno;
        if (error == EINTR)
            error = result_of_connect(fd);
        if (error != 0) {
            failed = "connect";
            close(fd);
            fd = -1;
            continue;
        }
        /* The kernel knows the real address, unless the server has reset the
         * connection already: then the one that was tried must do. */
        memcpy(peer, to, size);
        *length = sizeof *peer;
        getpeername(fd, (struct sockaddr *)peer, length);
        break;
    }
    freeaddrinfo(list);
    if (fd == -1) {
        errno = error;
        warn("%s", failed);
    }
    return fd;
}

/*
 * Receives at most size bytes of what has come. Returns their number, 0 at
 * end-of-file, or -1. A signal that interrupts the wait does not end it.
 */
static ssize_t receive(int fd, void *data, size_t size) {
    ssize_t n;
    do
        n = recv(fd, data, size, 0);
    while (n == -1 && errno == EINTR);
    return n;
}

/* Sends size bytes, all of them. Returns 0, or -1 when that is impossible. */
static int send_all(int fd, const char *data, size_t size) {
    while (size > 0) {
        /* MSG_NOSIGNAL: when the other side has gone, an error, no SIGPIPE. */
        ssize_t n = send(fd, data, size, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            return -1;
        data += n;
        size -= (size_t)n;
    }
    return 0;
}

int main(int argc, char *argv[]) {
    if (argc != 4 || whole_number(argv[2], 65535) == -1) {
        fprintf(stderr, "usage: connect HOST PORT MESSAGE\n");
        return 2;
    }
    /* Every line leaves at once, into a pipe or a file too. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

    struct sockaddr_storage address;
    socklen_t length;
    int fd = connect_to(argv[1], argv[2], &address, &length);
    if (fd == -1)
        return 1;
    print_address("connected to", &address, length);
    printf("\n");

    /* A server may answer and close without reading all: what it has sent is
     * printed even when the sending failed. */
    int status = 0;
    if (send_all(fd, argv[3], strlen(argv[3])) == -1) {
        warn("send");
        status = 1;
    }
    if (status == 0 && shutdown(fd, SHUT_WR) == -1) {
        warn("shutdown");
        status = 1;
    }
    char data[4096];
    ssize_t n;
    while ((n = receive(fd, data, sizeof data)) > 0) {
        fwrite(data, 1, (size_t)n, stdout);
        fflush(stdout);
    }
    if (n == -1) {
        warn("recv");
        status = 1;
    }
    close(fd);
    return status;
}
