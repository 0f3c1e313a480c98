/*
 * accept - take clients from the queue, one after the other.
 *
 * usage: accept HOST PORT COUNT     ("" as HOST: every interface)
 *
 * Prints "listening on ADDR:PORT", then for each client "connected by
 * ADDR:PORT", and closes that connection at once. After COUNT clients (0:
 * never) it returns 0; 1 when a call failed, 2 when the command line is wrong.
 *
 * A thread calls accept, and main waits for it. See accept(2),
 * pthread_create(3).
 */
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
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

struct job {
    int listener, client, error;
    struct sockaddr_storage *address;
    socklen_t *length;
};

static void *work(void *p) {
    struct job *j = p;
    j->client = next_client(j->listener, j->address, j->length);
    j->error = errno;
    return NULL;
}

int main(int argc, char *argv[]) {
    long count = argc == 4 ? whole_number(argv[3], 1000000) : -1;
    if (count == -1 || whole_number(argv[2], 65535) == -1) {
        fprintf(stderr, "usage: accept HOST PORT COUNT\n");
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
        struct job j = {
            .listener = listener, .address = &address, .length = &length};
        pthread_t t;
        if ((errno = pthread_create(&t, NULL, work, &j)) != 0)
            err(1, "pthread_create");
        pthread_join(t, NULL);
        int client = j.client;
        errno = j.error;
        if (client == -1) {
            warn("accept");
            close(listener);
            return 1;
        }
        print_address("connected by", &address, length);
        printf("\n");
        close(client);
    }
    close(listener);
    return 0;
}
