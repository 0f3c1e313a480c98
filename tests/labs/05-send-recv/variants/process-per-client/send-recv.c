/*
 * send-recv - answer every line that a client sends.
 *
 * usage: send-recv HOST PORT COUNT     ("" as HOST: every interface)
 *
 * Prints "listening on ADDR:PORT". Each client's line "1" is answered with
 * "welcome to server!", any other with "please go out!", until end-of-file.
 * After COUNT clients (0: never) it returns 0; 1 when a call failed, 2 when the
 * command line is wrong.
 *
 * A child serves each client, and the parent waits for it. See fork(2),
 * waitpid(2).
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

/* Returns the answer to a line of length bytes. */
static const char *answer_to(const char *line, size_t length) {
    if (length == 1 && line[0] == '1')
        return "welcome to server!\n";
    return "please go out!\n";
}

/*
 * Answers each line of a client until its end-of-file. Returns 0, or -1 when
 * the client was lost.
 */
static int serve(int client) {
    char data[1024];
    /* At most as many answers as bytes have come, none over 20 bytes. */
    char answers[20 * sizeof data];
    /* A line can come in pieces and be of any length, but its first three
     * bytes are enough to know "1" and "1\r" from all others. */
    char line[3];
    size_t kept = 0;
    ssize_t n;
    while ((n = receive(client, data, sizeof data)) > 0) {
        char *end = answers;
        for (ssize_t i = 0; i < n; i++) {
            if (data[i] == '\n') {
                if (kept > 0 && line[kept - 1] == '\r')
                    kept--;
                end = stpcpy(end, answer_to(line, kept));
                kept = 0;
            } else if (kept < sizeof line) {
                line[kept++] = data[i];
            }
        }
        if (send_all(client, answers, (size_t)(end - answers)) == -1)
            return -1;
    }
    if (n == 0 && kept > 0) { /* the last line had no end */
        const char *answer = answer_to(line, kept);
        return send_all(client, answer, strlen(answer));
    }
    return (int)n;
}

int main(int argc, char *argv[]) {
    long count = argc == 4 ? whole_number(argv[3], 1000000) : -1;
    if (count == -1 || whole_number(argv[2], 65535) == -1) {
        fprintf(stderr, "usage: send-recv HOST PORT COUNT\n");
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
        /* One client lost is no reason not to serve the next. */
        pid_t pid = fork();
        if (pid == -1)
            err(1, "fork");
        if (pid == 0) {
            close(listener);
            serve(client);
            close(client);
            _exit(0);
        }
        close(client);
        while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
            continue;
    }
    close(listener);
    return 0;
}
