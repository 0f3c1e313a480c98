/*
 * many-server - an echo server for many clients at once.
 *
 * usage: many-server HOST PORT COUNT     ("" as HOST: every interface)
 *
 * Prints "listening on ADDR:PORT", for each client "connected by ADDR:PORT"
 * and, when it is over, "closed ADDR:PORT" or "lost ADDR:PORT". After COUNT
 * clients (0: never) it returns 0; 1 when a call failed, 2 when the command
 * line is wrong.
 *
 * See poll(2), accept(2), fcntl(2).
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One answer is kept for each client. A client that does not read its answer
 * is not read from, so no second one is needed. */
struct client {
    int fd;
    struct sockaddr_storage address;
    socklen_t length;
    char answer[6 + 1024]; /* "Echo=>", and what one recv has returned */
    size_t size;           /* bytes of the answer */
    size_t sent;           /* of these, bytes that the kernel has taken */
};

/* The clients, without a gap. With this many, others wait to be accepted. */
enum { MOST_CLIENTS = 1000 };
static struct client clients[MOST_CLIENTS];
static int number_of_clients;

/* What poll(2) watches: first the listening socket, then each client. */
static struct pollfd watched[1 + MOST_CLIENTS];

/* Reads a number of digits alone, at most max. Returns -1 for anything else. */
static long whole_number(const char *text, long max) {
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
        return -1;
    /* A number too long for a long becomes the greatest: no wrap here. */
    long number = strtol(text, NULL, 10);
    return number > max ? -1 : number;
}

/* Prints "WHAT ADDR:PORT" on a line of its own; IPv6 gets its brackets. */
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
        printf("%s [%s]:%s\n", what, host, port);
    else
        printf("%s %s:%s\n", what, host, port);
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

/* Calls on this socket never sleep: they fail with EAGAIN instead. Returns 0,
 * or -1. */
static int never_sleep(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags == -1 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* Whether the call that has just failed can simply be tried again later: there
 * was nothing to do for it yet, or a signal interrupted it. */
static int try_later(void) {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/*
 * Fills in what poll(2) is to watch: in watched[0] the listening socket, if a
 * client can be accepted now, and in watched[1 + i] clients[i]. Returns how
 * many that are.
 */
static nfds_t choose(int listener, int accepting) {
    /* TODO 1: Set fd and events of watched[0] and of one watched[1 + i] for
     * each client. A listening socket can be read (POLLIN) when a client waits.
     * If accepting is 0, watch -1 in its place: poll ignores it. For a client
     * whose answer is not yet sent, wait until it can be written (POLLOUT), and
     * for nothing else; for any other until it can be read. */
    (void)listener, (void)accepting;
    errx(1, "TODO 1 in labs/13-many-clients/many-server.c is next");
    return 1 + (nfds_t)number_of_clients;
}

/*
 * Does for a client what can be done without sleeping. Returns 1 when the
 * client stays, 0 after its end-of-file, -1 when it was lost.
 */
static int serve(struct client *c) {
    /* TODO 2: If the whole answer is sent, receive at most 1024 bytes behind
     * the "Echo=>" that is in c->answer already: then the answer has a new
     * size, and nothing of it is sent. If a part of it is not sent, send as
     * much as the kernel takes, with one call, and remember how much that was.
     * A call that fails is no reason to lose the client if try_later() says
     * so. */
    (void)c, (void)try_later;
    errx(1, "TODO 2 in labs/13-many-clients/many-server.c is next");
}

/*
 * Accepts one client, if one is there. Returns 1 when it was accepted; 0 when
 * not, and others can be; -1 when none can be accepted now.
 */
static int accept_one(int listener) {
    struct client *c = &clients[number_of_clients];
    c->length = sizeof c->address;
    c->fd = accept(listener, (struct sockaddr *)&c->address, &c->length);
    if (c->fd == -1) {
        /* TODO 3: Why has accept failed? If try_later() says so, or if the
         * client has gone again (ECONNABORTED), return 0. For every other
         * reason, such as no descriptor left (EMFILE, ENFILE), name the call
         * and the reason as warn(3) does and return -1. */
        errx(1, "TODO 3 in labs/13-many-clients/many-server.c is next");
    }
    if (never_sleep(c->fd) == -1) {
        warn("fcntl");
        close(c->fd);
        return -1;
    }
    memcpy(c->answer, "Echo=>", 6);
    c->size = c->sent = 0;
    number_of_clients++;
    print_address("connected by", &c->address, c->length);
    return 1;
}

/* Ends clients[i]; the last one takes its place. */
static void end(int i, const char *how) {
    print_address(how, &clients[i].address, clients[i].length);
    close(clients[i].fd);
    number_of_clients--;
    if (i < number_of_clients)
        clients[i] = clients[number_of_clients];
}

int main(int argc, char *argv[]) {
    long count = argc == 4 ? whole_number(argv[3], 1000000) : -1;
    if (count == -1 || whole_number(argv[2], 65535) == -1) {
        fprintf(stderr, "usage: many-server HOST PORT COUNT\n");
        return 2;
    }
    /* Every line leaves at once, into a pipe or a file too. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

    int listener = bind_to(argv[1], argv[2]);
    if (listener == -1)
        return 1;
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    const char *failed = NULL;
    /* SOMAXCONN: a long queue; the kernel may cut it to its own limit. */
    if (listen(listener, SOMAXCONN) == -1)
        failed = "listen";
    else if (never_sleep(listener) == -1)
        failed = "fcntl";
    /* The kernel knows the real address, also for PORT 0 or a name. */
    else if (getsockname(listener, (struct sockaddr *)&address, &length) == -1)
        failed = "getsockname";
    if (failed != NULL) {
        warn("%s", failed);
        close(listener);
        return 1;
    }
    print_address("listening on", &address, length);

    long accepted = 0;
    /* Set when accept has failed: until a client ends there is no use in
     * asking again, and poll would wake us for it at once. */
    int exhausted = 0;
    for (;;) {
        int accepting = (count == 0 || accepted < count) && !exhausted &&
                        number_of_clients < MOST_CLIENTS;
        if (!accepting && number_of_clients == 0)
            break;
        nfds_t n = choose(listener, accepting);
        if (poll(watched, n, -1) == -1) {
            if (errno == EINTR)
                continue;
            warn("poll");
            break;
        }
        /* From the last to the first: an end moves only what was served. */
        for (int i = number_of_clients - 1; i >= 0; i--) {
            if (watched[1 + i].revents == 0)
                continue;
            int result = serve(&clients[i]);
            if (result == 1)
                continue;
            end(i, result == 0 ? "closed" : "lost");
            exhausted = 0;
        }
        if (watched[0].revents != 0) {
            int result = accept_one(listener);
            if (result == 1)
                accepted++;
            else if (result == -1)
                exhausted = 1;
        }
    }
    while (number_of_clients > 0)
        end(number_of_clients - 1, "lost");
    close(listener);
    return count != 0 && accepted == count ? 0 : 1;
}
