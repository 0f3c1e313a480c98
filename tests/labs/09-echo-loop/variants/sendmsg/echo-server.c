/*
 * echo-server HOST PORT [COUNT] - sends every piece that it receives back, with
 * Echo=> before it.
 *
 * IPv4, sendmsg with two buffers. Ends with 0, 1 after a failed call, 2 for bad
 * usage.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* CALL, again and again while a signal interrupts it. */
#define AGAIN(n, call)                                                         \
    do                                                                         \
        (n) = (call);                                                          \
    while ((n) == -1 && errno == EINTR)

/* Whether TEXT is a number of digits only, at most MOST. */
static int is_number(const char *text, unsigned long long most) {
    size_t n = strspn(text, "0123456789");
    return n > 0 && n < 16 && !text[n] && strtoull(text, NULL, 10) <= most;
}

/* Where HOST and PORT are, IPv4. */
static struct sockaddr_in place(const char *host, unsigned short port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(INADDR_ANY);
    if (host[0] != '\0') {
        const struct hostent *found = gethostbyname(host);
        if (found == NULL || found->h_addrtype != AF_INET) {
            fprintf(stderr, "%s: %s\n", host,
                    found ? "not an IPv4 address" : hstrerror(h_errno));
            exit(1);
        }
        memcpy(&a.sin_addr, found->h_addr_list[0], sizeof a.sin_addr);
    }
    return a;
}

static int open_listener(struct sockaddr_in a) {
    int listener = socket(PF_INET, SOCK_STREAM, 0);
    if (listener == -1)
        err(1, "socket");
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1},
                   sizeof(int)) == -1)
        err(1, "setsockopt");
    if (bind(listener, (struct sockaddr *)&a, sizeof a) == -1)
        err(1, "bind");
    if (listen(listener, 64) == -1)
        err(1, "listen");
    socklen_t size = sizeof a;
    if (getsockname(listener, (struct sockaddr *)&a, &size) == -1)
        err(1, "getsockname");
    printf("listening on %s:%d\n", inet_ntoa(a.sin_addr), ntohs(a.sin_port));
    return listener;
}

/* Sends the parts from OFFSET on with one call. Returns like sendmsg(2). */
static ssize_t send_from(int fd, size_t offset, void *piece, size_t n) {
    static char mark[] = "Echo=>";
    struct iovec parts[2];
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 1};
    if (offset < 6) {
        parts[0] = (struct iovec){mark + offset, 6 - offset};
        parts[1] = (struct iovec){piece, n};
        message.msg_iovlen = 2;
    } else {
        parts[0] =
            (struct iovec){(char *)piece + (offset - 6), n - (offset - 6)};
    }
    ssize_t went;
    AGAIN(went, sendmsg(fd, &message, MSG_NOSIGNAL));
    return went;
}

static void echo(int client) {
    unsigned char piece[1024];
    for (;;) {
        ssize_t n;
        AGAIN(n, recv(client, piece, sizeof piece, 0));
        if (n == 0)
            return;
        if (n == -1) {
            warn("recv");
            return;
        }
        for (size_t sent = 0; sent < 6 + (size_t)n;) {
            ssize_t went = send_from(client, sent, piece, (size_t)n);
            if (went == -1) {
                warn("sendmsg");
                return;
            }
            sent += (size_t)went;
        }
    }
}

int main(int argc, char *argv[]) {
    if ((argc != 3 && argc != 4) || !is_number(argv[2], 65535) ||
        (argc == 4 && !is_number(argv[3], 1000000)))
        return fprintf(stderr, "usage: echo-server HOST PORT [COUNT]\n"), 2;
    setlinebuf(stdout);
    unsigned long left = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
    int listener = open_listener(
        place(argv[1], (unsigned short)strtoul(argv[2], NULL, 10)));
    do {
        struct sockaddr_in from;
        int client;
        do
            client = accept(listener, (struct sockaddr *)&from,
                            &(socklen_t){sizeof from});
        while (client == -1 && (errno == EINTR || errno == ECONNABORTED));
        if (client == -1)
            err(1, "accept");
        printf("connected by %s:%d\n", inet_ntoa(from.sin_addr),
               ntohs(from.sin_port));
        echo(client);
        close(client);
    } while (left == 0 || --left > 0);
    close(listener);
    return 0;
}
