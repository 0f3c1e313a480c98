/*
 * connect - a variant: the answer as a stdio stream, SIGPIPE ignored, a connect
 * that was interrupted is called again. (As a stream the message would lose
 * bytes when a signal interrupts fflush.)
 *
 * usage: connect HOST PORT MESSAGE
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
    perror(what);
    exit(1);
}

/* Connects, however often a signal comes. Returns 0, or -1 with errno. */
static int finish_connect(int fd, const struct sockaddr *to, socklen_t size) {
    while (connect(fd, to, size) == -1) {
        if (errno == EISCONN)
            return 0;
        if (errno != EINTR && errno != EALREADY)
            return -1;
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: %s HOST PORT MESSAGE\n", argv[0]);
        return 2;
    }
    size_t digits = strspn(argv[2], "0123456789");
    if (digits == 0 || digits > 5 || argv[2][digits] || atol(argv[2]) > 65535) {
        fprintf(stderr,
                "PORT is a number from 0 to 65535\nusage: %s HOST PORT "
                "MESSAGE\n",
                argv[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);

    struct addrinfo hints, *res = NULL, *ai;
    memset(&hints, 0, sizeof(hints));
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    int rc = getaddrinfo(argv[1], argv[2], &hints, &res);
    if (rc != 0) {
        fprintf(stderr, "getaddrinfo %s: %s\n", argv[1], gai_strerror(rc));
        return 1;
    }
    int sock = -1;
    for (ai = res; ai != NULL; ai = ai->ai_next) {
        sock = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol);
        if (sock == -1) {
            perror("socket");
            continue;
        }
        if (finish_connect(sock, ai->ai_addr, ai->ai_addrlen) == 0)
            break;
        perror("connect");
        close(sock);
        sock = -1;
    }
    if (sock == -1) {
        freeaddrinfo(res);
        return 1;
    }
    char host[NI_MAXHOST], port[NI_MAXSERV];
    getnameinfo(ai->ai_addr, ai->ai_addrlen, host, sizeof(host), port,
                sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
    printf(ai->ai_family == AF_INET6 ? "connected to [%s]:%s\n"
                                     : "connected to %s:%s\n",
           host, port);
    fflush(stdout);
    freeaddrinfo(res);

    FILE *in = fdopen(sock, "r");
    if (!in)
        die("fdopen");
    for (const char *rest = argv[3]; *rest;) {
        ssize_t n = write(sock, rest, strlen(rest));
        if (n == -1 && errno != EINTR)
            die("send");
        if (n > 0)
            rest += n;
    }
    if (shutdown(sock, SHUT_WR) == -1)
        die("shutdown");

    for (;;) {
        int c = getc(in);
        if (c != EOF) {
            putchar(c);
        } else if (ferror(in) && errno == EINTR) {
            clearerr(in);
        } else if (ferror(in)) {
            die("recv");
        } else {
            break;
        }
    }
    fclose(in);
    return 0;
}
