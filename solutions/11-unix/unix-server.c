/*
 * unix-server - echo over a Unix socket, which has a path instead of a port.
 *
 * usage: unix-server PATH COUNT
 *
 * Prints "listening on PATH", and for each client "connected by uid UID pid
 * PID". After COUNT clients (0: never), or for SIGINT and SIGTERM, it removes
 * PATH and returns 0; 1 when a call failed, 2 when the command line is wrong.
 *
 * See unix(7), bind(2), umask(2), accept(2).
 */
#define _GNU_SOURCE /* for struct ucred */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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
 * Fills in the address of PATH. Returns 0, or -1 when there is no room for
 * PATH and the zero byte behind it, or PATH is empty.
 */
static int path_address(const char *path, struct sockaddr_un *address) {
    size_t size = strlen(path);
    if (size == 0 || size >= sizeof address->sun_path)
        return -1;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, size + 1);
    return 0;
}

static int is_stale(const struct sockaddr_un *address);

/*
 * Makes a Unix stream socket with this address; a file appears, to which its
 * owner alone can connect. Returns the socket, or -1 after saying what went
 * wrong.
 */
static int bind_to(const struct sockaddr_un *address) {
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd == -1) {
        warn("socket");
        return -1;
    }
    int result = -1, error = 0;
    /* BEGIN 1: Bind fd to the address; result becomes 0, or stays -1 and error
     * becomes the errno of bind. The file must be private from the moment that
     * it is there: set a umask(2) before, and the old one again after it. When
     * the path is taken (EADDRINUSE) by a socket that is_stale (below), remove
     * the file (unlink(2)) and bind once more. */
    mode_t old = umask(0077);
    result = bind(fd, (const struct sockaddr *)address, sizeof *address);
    error = errno;
    if (result == -1 && error == EADDRINUSE && is_stale(address)) {
        unlink(address->sun_path);
        result = bind(fd, (const struct sockaddr *)address, sizeof *address);
        error = errno;
    }
    umask(old);
    /* END 1:
     * (void)is_stale, (void)address;
     * errx(1, "TODO 1 in labs/11-unix/unix-server.c is next");
     */
    if (result == -1) {
        errno = error;
        warn("bind");
        close(fd);
        return -1;
    }
    return fd;
}

/*
 * Whether the file at this address is the socket of a server that has gone: a
 * socket, and nobody listens on it. Returns 1, or 0 when it is anything else
 * or when that cannot be found out.
 */
static int is_stale(const struct sockaddr_un *address) {
    struct stat file;
    /* lstat(2) looks at a symbolic link itself, not at what it points to. */
    if (lstat(address->sun_path, &file) == -1 || !S_ISSOCK(file.st_mode))
        return 0;
    /* SOCK_NONBLOCK: where the queue of a server is full, connect(2) fails with
     * EAGAIN and does not wait. */
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd == -1)
        return 0;
    int stale = 0;
    /* BEGIN 2: Ask: connect fd to the address. Set stale to 1 only if that
     * fails and the reason is that nobody listens. */
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) == -1)
        stale = errno == ECONNREFUSED;
    /* END 2:
     * (void)stale;
     * errx(1, "TODO 2 in labs/11-unix/unix-server.c is next");
     */
    close(fd);
    return stale;
}

/*
 * Prints "connected by uid UID pid PID": who the client is, by the kernel's
 * word. Returns 0, or -1 after saying what went wrong.
 */
static int print_client(int client) {
    struct ucred who = {0};
    /* BEGIN 3: Ask for the option SO_PEERCRED of the client's socket, at the
     * level SOL_SOCKET, into who (unix(7)). When that fails, name it as warn(3)
     * does and return -1. */
    socklen_t size = sizeof who;
    if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &who, &size) == -1) {
        warn("getsockopt");
        return -1;
    }
    /* END 3:
     * (void)client;
     * errx(1, "TODO 3 in labs/11-unix/unix-server.c is next");
     */
    printf("connected by uid %u pid %d\n", who.uid, who.pid);
    return 0;
}

/* The file to remove when a signal ends the program. */
static const char *socket_file;

/* For SIGINT and SIGTERM. A handler may call these two; signal-safety(7). */
static void end(int sig) {
    (void)sig;
    unlink(socket_file);
    _exit(0);
}

/*
 * Waits for the next client. A signal (EINTR) or a client that has gone again
 * (ECONNABORTED) is no reason to end: it waits on. Returns the connection, or
 * -1.
 */
static int next_client(int listener) {
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client != -1 || (errno != EINTR && errno != ECONNABORTED))
            return client;
    }
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
 * Echoes what a client sends, piece by piece, until its end-of-file. Returns
 * 0, or -1 when the client was lost.
 */
static int serve(int client) {
    char data[6 + 1024];
    memcpy(data, "Echo=>", 6);
    ssize_t n;
    while ((n = receive(client, data + 6, sizeof data - 6)) > 0)
        if (send_all(client, data, 6 + (size_t)n) == -1)
            return -1;
    return (int)n;
}

int main(int argc, char *argv[]) {
    struct sockaddr_un address;
    long count = argc == 3 ? whole_number(argv[2], 1000000) : -1;
    if (count == -1 || path_address(argv[1], &address) == -1) {
        fprintf(stderr, "usage: unix-server PATH COUNT\n");
        return 2;
    }
    /* Every line leaves at once, into a pipe or a file too. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

    int listener = bind_to(&address);
    if (listener == -1)
        return 1;
    /* From here on the file is ours, and is removed at the end. */
    socket_file = argv[1];
    struct sigaction action = {.sa_handler = end};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);

    int result = 0;
    /* SOMAXCONN: a long queue; the kernel may cut it to its own limit. */
    if (listen(listener, SOMAXCONN) == -1) {
        warn("listen");
        result = 1;
    } else {
        printf("listening on %s\n", argv[1]);
    }
    for (long long served = 0; result == 0 && (count == 0 || served < count);
         served++) {
        int client = next_client(listener);
        if (client == -1) {
            warn("accept");
            result = 1;
            break;
        }
        /* One client lost is no reason not to serve the next. */
        if (print_client(client) == -1 || serve(client) == -1)
            warnx("client lost");
        close(client);
    }
    close(listener);
    unlink(socket_file);
    return result;
}
