/*
 * close - count and reply. Reads by stdio without a buffer, byte by byte, from
 * a copy of the descriptor. IPv4 alone.
 *
 * usage: close HOST PORT COUNT
 * Returns 0 after COUNT clients, 1 when a call failed, 2 for a wrong command
 * line.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
    fprintf(stderr, "%s failed: %s\n", what, strerror(errno));
    exit(1);
}

static long number(const char *s, long most) {
    long n = strlen(s) < 10 ? atol(s) : most + 1;
    return *s && strspn(s, "0123456789") == strlen(s) && n <= most ? n : -1;
}

/* Counts what comes until the end. Returns 0, or -1 when the client is lost. */
static int count_bytes(FILE *from, unsigned long long *bytes) {
    for (;;) {
        while (getc(from) != EOF)
            ++*bytes;
        if (feof(from))
            return 0;
        if (errno != EINTR)
            return -1;
        clearerr(from);
    }
}

static int reply(int fd, unsigned long long bytes) {
    char line[40];
    int size = sprintf(line, "%llu bytes\n", bytes), sent = 0;
    while (sent < size) {
        ssize_t n = write(fd, line + sent, (size_t)(size - sent));
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            return -1;
        sent += (int)n;
    }
    return 0;
}

int main(int argc, char **argv) {
    struct sockaddr_in a;
    socklen_t len = sizeof a;
    long port, count, n;
    int s, c, on = 1;

    if (argc != 4 || (port = number(argv[2], 65535)) < 0 ||
        (count = number(argv[3], 1000000)) < 0) {
        fprintf(stderr, "usage: %s HOST PORT COUNT\n", argv[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons((unsigned short)port);
    if (argv[1][0]) {
        struct hostent *h = gethostbyname(argv[1]);
        if (!h) {
            fprintf(stderr, "%s: %s\n", argv[1], hstrerror(h_errno));
            return 1;
        }
        memcpy(&a.sin_addr, h->h_addr_list[0], 4);
    }
    s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == -1)
        die("socket");
    if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1)
        die("setsockopt");
    if (bind(s, (struct sockaddr *)&a, sizeof a) == -1)
        die("bind");
    if (listen(s, 8) == -1)
        die("listen");
    if (getsockname(s, (struct sockaddr *)&a, &len) == -1)
        die("getsockname");
    setlinebuf(stdout);
    printf("listening on %s:%hu\n", inet_ntoa(a.sin_addr), ntohs(a.sin_port));

    for (n = 0; count == 0 || n < count; n++) {
        unsigned long long bytes = 0;
        do {
            len = sizeof a;
            c = accept(s, (struct sockaddr *)&a, &len);
        } while (c == -1 && (errno == EINTR || errno == ECONNABORTED));
        if (c == -1)
            die("accept");
        FILE *from = fdopen(dup(c), "r");
        if (!from)
            die("fdopen");
        setvbuf(from, NULL, _IONBF, 0);
        int lost = count_bytes(from, &bytes) == -1 || reply(c, bytes) == -1;
        fclose(from);
        close(c);
        printf("%s %s:%hu after %llu bytes\n", lost ? "reset by" : "closed",
               inet_ntoa(a.sin_addr), ntohs(a.sin_port), bytes);
    }
    close(s);
    return 0;
}
