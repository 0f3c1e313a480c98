/*
 * accept - print who connects. IPv4 alone, sockaddr_in, perror and exit.
 *
 * usage: accept HOST PORT COUNT
 * Returns 0 after COUNT clients, 1 when a call failed, 2 for a wrong command
 * line.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int digits(const char *s) {
    size_t n = strlen(s);
    return n > 0 && n < 10 && strspn(s, "0123456789") == n;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

int main(int argc, char **argv) {
    struct sockaddr_in me, you;
    struct hostent *host;
    socklen_t len;
    int listener, client, yes = 1;
    long left;

    if (argc != 4 || !digits(argv[2]) || atoi(argv[2]) > 65535 ||
        !digits(argv[3]) || atoi(argv[3]) > 1000000) {
        fputs("Usage: accept HOST PORT COUNT\n", stderr);
        exit(2);
    }
    /* Nobody asks it anything: the first socket is descriptor 0. */
    close(0);
    memset(&me, 0, sizeof me);
    me.sin_family = AF_INET;
    me.sin_port = htons((unsigned short)atoi(argv[2]));
    me.sin_addr.s_addr = htonl(INADDR_ANY);
    if (*argv[1] != '\0' && inet_aton(argv[1], &me.sin_addr) == 0) {
        host = gethostbyname(argv[1]);
        if (host == NULL || host->h_addrtype != AF_INET) {
            fprintf(stderr, "%s: %s\n", argv[1], hstrerror(h_errno));
            exit(1);
        }
        memcpy(&me.sin_addr, host->h_addr_list[0], sizeof me.sin_addr);
    }
    if ((listener = socket(PF_INET, SOCK_STREAM, IPPROTO_TCP)) < 0)
        die("socket");
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0)
        die("setsockopt");
    if (bind(listener, (struct sockaddr *)&me, sizeof me) < 0)
        die("bind");
    if (listen(listener, 5) < 0)
        die("listen");
    len = sizeof me;
    if (getsockname(listener, (struct sockaddr *)&me, &len) < 0)
        die("getsockname");
    printf("listening on %s:%u\n", inet_ntoa(me.sin_addr), ntohs(me.sin_port));
    fflush(stdout);

    left = atol(argv[3]);
    if (left == 0)
        left = -1;
    while (left != 0) {
        len = sizeof you;
        client = accept(listener, (struct sockaddr *)&you, &len);
        if (client < 0) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            die("accept");
        }
        close(client);
        printf("connected by %s:%u\n", inet_ntoa(you.sin_addr),
               ntohs(you.sin_port));
        fflush(stdout);
        if (left > 0)
            left--;
    }
    close(listener);
    return 0;
}
