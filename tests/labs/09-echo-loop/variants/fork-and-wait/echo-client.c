/*
 * echo-client - send messages to the echo server and print its answers.
 *
 * usage: echo-client HOST PORT [MESSAGE...]     (1 to 1024 bytes each)
 *
 * Prints a line like "Client received: 'Echo=>Hello network world'" for each
 * MESSAGE. Returns 0, 1 when a call failed or the server left, 2 when the
 * command line is wrong.
 *
 * See recv(2), send(2), connect(2).
 */
#include <err.h>
#include <errno.h>
#include <netdb.h>
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

/*
 * Tries the addresses of HOST until one connects. Returns the connection, or
 * -1 after saying what went wrong.
 */
static int connect_to(const char *host, const char *port) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICSERV,
                             .ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    int error = getaddrinfo(host, port, &hints, &list);
    if (error != 0) {
        warnx("%s: %s", host, gai_strerror(error));
        return -1;
    }
    const char *failed = NULL;
    int fd = -1;
    for (const struct addrinfo *a = list; a != NULL; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype, 0);
        if (fd == -1) {
            failed = "socket";
            error = errno;
            continue;
        }
        error = connect(fd, a->ai_addr, a->ai_addrlen) == 0 ? 0 : errno;
        if (error == EINTR)
            error = result_of_connect(fd);
        if (error != 0) {
            failed = "connect";
            close(fd);
            fd = -1;
            continue;
        }
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

/*
 * Sends a message and prints the answer, "Echo=>" and the message again.
 * Returns 0, or -1 after saying what went wrong.
 */
static int exchange(int fd, const char *message) {
    char answer[6 + 1024];
    size_t size = strlen(message);
    if (send_all(fd, message, size) == -1) {
        warn("send");
        return -1;
    }
    for (size_t got = 0; got < 6 + size;) {
        ssize_t n = receive(fd, answer + got, 6 + size - got);
        if (n == -1) {
            warn("recv");
            return -1;
        }
        if (n == 0) {
            warnx("recv: the server closed the connection before the end");
            return -1;
        }
        got += (size_t)n;
    }
    printf("Client received: '");
    fwrite(answer, 1, 6 + size, stdout);
    printf("'\n");
    return 0;
}

int main(int argc, char *argv[]) {
    int wrong = argc < 3 || whole_number(argv[2], 65535) == -1;
    for (int i = 3; i < argc; i++)
        if (argv[i][0] == '\0' || strlen(argv[i]) > 1024)
            wrong = 1;
    if (wrong) {
        fprintf(stderr, "usage: echo-client HOST PORT [MESSAGE...]\n");
        return 2;
    }
    /* Every line leaves at once, into a pipe or a file too. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

    int fd = connect_to(argv[1], argv[2]);
    if (fd == -1)
        return 1;
    int result = 0;
    if (argc == 3)
        result = exchange(fd, "Hello network world");
    for (int i = 3; i < argc && result == 0; i++)
        result = exchange(fd, argv[i]);
    close(fd);
    return result == 0 ? 0 : 1;
}
