/*
 * echo-server - send back whatever comes, with "Echo=>" before it.
 *
 * usage: echo-server HOST PORT [COUNT]     ("" as HOST: every interface)
 *
 * Prints "listening on ADDR:PORT", and for each client "connected by
 * ADDR:PORT". After COUNT clients (0, or none given: never) it returns 0; 1
 * when a call failed, 2 when the command line is wrong.
 *
 * See recv(2), send(2), accept(2).
 *
 * A process of its own serves each client; main waits for it, so that
 * clients are served one at a time. The child closes neither the listener
 * nor the connection, which it got from main: exit(3) does.
 */
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
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

/*
 * Waits for the next client and fills in its address. A signal (EINTR) or a
 * client that has gone again (ECONNABORTED) is no reason to end: it waits on.
 * Returns the connection, or -1.
 */
static int next_client(int listener, struct sockaddr_storage *address,
                       socklen_t *length) {
    for (;;) {
        /* accept(2) writes the length it used over the room it was given. */
        *length = sizeof *address;
        int client = accept(listener, (struct sockaddr *)address, length);
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
    long count = argc == 4 ? whole_number(argv[3], 1000000) : 0;
    if (argc < 3 || argc > 4 || count == -1 ||
        whole_number(argv[2], 65535) == -1) {
        fprintf(stderr, "usage: echo-server HOST PORT [COUNT]\n");
        return 2;
    }
    /* Every line leaves at once, into a pipe or a file too. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

    int listener = bind_to(argv[1], argv[2]);
    if (listener == -1)
        return 1;
    /* SOMAXCONN: a long queue; the kernel may cut it to its own limit. */
    if (listen(listener, SOMAXCONN) == -1) {
        warn("listen");
        close(listener);
        return 1;
    }
    /* The kernel knows the real address, also for PORT 0 or a name. */
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(listener, (struct sockaddr *)&address, &length) == -1) {
        warn("getsockname");
        close(listener);
        return 1;
    }
    print_address("listening on", &address, length);
    printf("\n");

    for (long long served = 0; count == 0 || served < count; served++) {
        int client = next_client(listener, &address, &length);
        if (client == -1) {
            warn("accept");
            close(listener);
            return 1;
        }
        print_address("connected by", &address, length);
        printf("\n");
        /* One client lost is no reason not to serve the next. */
        pid_t child = fork();
        if (child == -1) {
            warn("fork");
        } else if (child == 0) {
            if (serve(client) == -1)
                warn("client lost");
            exit(0);
        }
        close(client);
        while (child > 0 && waitpid(child, NULL, 0) == -1 && errno == EINTR)
            ;
    }
    close(listener);
    return 0;
}
