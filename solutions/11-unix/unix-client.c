/*
 * unix-client - send messages to the Unix echo server and print its answers.
 *
 * usage: unix-client PATH [MESSAGE...]     (1 to 1024 bytes each)
 *
 * Prints a line like "Client received: 'Echo=>Hello network world'" for each
 * MESSAGE. Returns 0, 1 when a call failed or the server left, 2 when the
 * command line is wrong.
 *
 * See unix(7), connect(2), recv(2).
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * Connects to the socket with this path, which has 1 to 107 bytes. Returns the
 * connection, or -1 after saying what went wrong.
 */
static int connect_to(const char *path) {
    struct sockaddr_un address = {0};
    /* BEGIN 1: Fill in the address: the family and the path. Make a Unix stream
     * socket and connect it. A connect that a signal has interrupted (EINTR) is
     * simply called again: a Unix socket is either connected or not. When a
     * call fails, name it and the reason as warn(3) does, close what is open,
     * and return -1. Return the connection otherwise. */
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd == -1) {
        warn("socket");
        return -1;
    }
    while (connect(fd, (struct sockaddr *)&address, sizeof address) == -1) {
        if (errno == EINTR)
            continue;
        warn("connect");
        close(fd);
        return -1;
    }
    return fd;
    /* END 1:
     * (void)address, (void)path;
     * errx(1, "TODO 1 in labs/11-unix/unix-client.c is next");
     */
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
    int wrong = argc < 2 || argv[1][0] == '\0' || strlen(argv[1]) > 107;
    for (int i = 2; i < argc; i++)
        if (argv[i][0] == '\0' || strlen(argv[i]) > 1024)
            wrong = 1;
    if (wrong) {
        fprintf(stderr, "usage: unix-client PATH [MESSAGE...]\n");
        return 2;
    }
    /* Every line leaves at once, into a pipe or a file too. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

    int fd = connect_to(argv[1]);
    if (fd == -1)
        return 1;
    int result = 0;
    if (argc == 2)
        result = exchange(fd, "Hello network world");
    for (int i = 2; i < argc && result == 0; i++)
        result = exchange(fd, argv[i]);
    close(fd);
    return result == 0 ? 0 : 1;
}
