/*
 * echo-server HOST PORT [COUNT] - sends every piece that it receives back, with
 * Echo=> before it.
 *
 * writev sends the mark and the piece from where they are. Exit status: 0 done,
 * 1 a call failed, 2 usage.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static int parse_int(const char *s, long max, long *value) {
    char *end;
    if (!isdigit((unsigned char)s[0]))
        return -1;
    errno = 0;
    *value = strtol(s, &end, 10);
    return errno != 0 || *end != '\0' || *value > max ? -1 : 0;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

/* A listening IPv4 socket; prints where. */
static int serve_at(const char *host, const char *port) {
    struct addrinfo hints = {0}, *found;
    struct sockaddr_in where;
    socklen_t len = sizeof where;
    char text[INET_ADDRSTRLEN];
    int on = 1, error, fd;
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    error = getaddrinfo(*host ? host : NULL, port, &hints, &found);
    if (error) {
        fprintf(stderr, "%s: %s\n", host, gai_strerror(error));
        exit(1);
    }
    memcpy(&where, found->ai_addr, sizeof where);
    freeaddrinfo(found);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == -1)
        die("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&where, sizeof where) == -1)
        die("bind");
    if (listen(fd, 5) == -1)
        die("listen");
    if (getsockname(fd, (struct sockaddr *)&where, &len) == -1)
        die("getsockname");
    inet_ntop(AF_INET, &where.sin_addr, text, sizeof text);
    printf("listening on %s:%u\n", text, ntohs(where.sin_port));
    fflush(stdout);
    return fd;
}

/* Sends the mark and N bytes; -1 when the client is gone. */
static int answer(int fd, char *piece, size_t n) {
    char mark[] = "Echo=>";
    struct iovec v[2] = {{mark, 6}, {piece, n}};
    struct iovec *at = v;
    while (at < v + 2) {
        ssize_t went = writev(fd, at, (int)(v + 2 - at));
        if (went == -1 && errno == EINTR)
            continue;
        if (went == -1)
            return -1;
        while (at < v + 2 && (size_t)went >= at->iov_len)
            went -= (ssize_t)at++->iov_len;
        if (at < v + 2) {
            at->iov_base = (char *)at->iov_base + went;
            at->iov_len -= (size_t)went;
        }
    }
    return 0;
}

int main(int argc, char **argv) {
    long port, count = 0, served;
    int fd;
    if (argc < 3 || argc > 4 || parse_int(argv[2], 65535, &port) ||
        (argc == 4 && parse_int(argv[3], 1000000, &count))) {
        fprintf(stderr, "Usage: %s HOST PORT [COUNT]\n", argv[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    fd = serve_at(argv[1], argv[2]);
    for (served = 0; !count || served < count;) {
        struct sockaddr_in from;
        socklen_t len = sizeof from;
        char piece[1024], text[INET_ADDRSTRLEN];
        ssize_t n;
        int conn = accept(fd, (struct sockaddr *)&from, &len);
        if (conn == -1 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (conn == -1)
            die("accept");
        served++;
        inet_ntop(AF_INET, &from.sin_addr, text, sizeof text);
        printf("connected by %s:%u\n", text, ntohs(from.sin_port));
        fflush(stdout);
        while ((n = read(conn, piece, sizeof piece)) != 0) {
            if (n == -1 && errno == EINTR)
                continue;
            if (n == -1 || answer(conn, piece, (size_t)n) == -1) {
                perror("client");
                break;
            }
        }
        close(conn);
    }
    close(fd);
    return 0;
}
