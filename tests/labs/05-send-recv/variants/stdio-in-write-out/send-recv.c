/*
 * send-recv - answer lines. Reads by stdio, character by character, and writes
 * with write(2). IPv4 alone.
 *
 * usage: send-recv HOST PORT COUNT
 * Returns 0 after COUNT clients, 1 when a call failed, 2 for a wrong command
 * line.
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
#include <unistd.h>

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int number(const char *s, int most) {
    int n = 0;
    if (!*s)
        return -1;
    for (; *s; s++) {
        if (!isdigit((unsigned char)*s) || (n = n * 10 + (*s - '0')) > most)
            return -1;
    }
    return n;
}

/* The next character, or EOF at the end or when the client is lost. */
static int next(FILE *from) {
    int c;
    while ((c = getc(from)) == EOF && ferror(from) && errno == EINTR)
        clearerr(from);
    return c;
}

static int put(int fd, const char *text) {
    for (size_t left = strlen(text); left > 0;) {
        ssize_t n = write(fd, text, left);
        if (n < 0 && errno != EINTR)
            return -1;
        if (n > 0) {
            text += n;
            left -= (size_t)n;
        }
    }
    return 0;
}

static void serve(int fd) {
    /* What the line is so far. ONE_CR: "1" and a carriage return. */
    enum { EMPTY, ONE, ONE_CR, OTHER } line = EMPTY;
    FILE *from = fdopen(fd, "r");
    int c, open = 0;
    if (!from)
        die("fdopen");
    while ((c = next(from)) != EOF) {
        if (c == '\n') {
            const char *answer = line == ONE || line == ONE_CR
                                     ? "welcome to server!\n"
                                     : "please go out!\n";
            if (put(fd, answer) < 0)
                break;
            line = EMPTY;
            open = 0;
            continue;
        }
        open = 1;
        if (line == EMPTY && c == '1')
            line = ONE;
        else if (line == ONE && c == '\r')
            line = ONE_CR;
        else
            line = OTHER;
    }
    if (c == EOF && open && !ferror(from))
        put(fd, line == ONE ? "welcome to server!\n" : "please go out!\n");
    fclose(from);
}

int main(int argc, char **argv) {
    struct sockaddr_in me = {.sin_family = AF_INET};
    int port, count, fd, client, on = 1, n = 0;
    socklen_t len = sizeof me;

    if (argc != 4 || (port = number(argv[2], 65535)) < 0 ||
        (count = number(argv[3], 1000000)) < 0) {
        fprintf(stderr, "usage: send-recv HOST PORT COUNT\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    me.sin_port = htons((in_port_t)port);
    if (argv[1][0] && inet_pton(AF_INET, argv[1], &me.sin_addr) != 1) {
        struct hostent *h = gethostbyname(argv[1]);
        if (!h || h->h_addrtype != AF_INET) {
            fprintf(stderr, "send-recv: %s: %s\n", argv[1],
                    h ? "no IPv4 address" : hstrerror(h_errno));
            return 1;
        }
        memcpy(&me.sin_addr, h->h_addr, sizeof me.sin_addr);
    }
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        die("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&me, sizeof me) < 0)
        die("bind");
    if (listen(fd, 10) < 0)
        die("listen");
    if (getsockname(fd, (struct sockaddr *)&me, &len) < 0)
        die("getsockname");
    printf("listening on %s:%d\n", inet_ntoa(me.sin_addr), ntohs(me.sin_port));
    fflush(stdout);
    while (count == 0 || n < count) {
        if ((client = accept(fd, NULL, NULL)) < 0) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            die("accept");
        }
        serve(client);
        n++;
    }
    close(fd);
    return 0;
}
