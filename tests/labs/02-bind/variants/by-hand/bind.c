/*
 * bind - a variant: IPv4 alone, a sockaddr_in filled in by hand, inet_pton(3)
 * and gethostbyname(3), perror(3), getchar(3) to wait. One message has no
 * blank.
 *
 * usage: bind HOST PORT
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in addr;
    long port = 0;

    if (argc != 3 || argv[2][0] == '\0') {
        fprintf(stderr, "Usage: %s HOST PORT\n", argv[0]);
        exit(2);
    }
    for (char *c = argv[2]; *c; c++) {
        if (*c < '0' || *c > '9' || (port = port * 10 + (*c - '0')) > 65535) {
            fprintf(stderr, "Usage: %s HOST PORT\n", argv[0]);
            exit(2);
        }
    }

    memset(&addr, 0, sizeof(addr));
    addr.sin_family = AF_INET;
    addr.sin_port = htons((unsigned short)port);
    if (argv[1][0] == '\0') {
        addr.sin_addr.s_addr = htonl(INADDR_ANY);
    } else if (inet_pton(AF_INET, argv[1], &addr.sin_addr) != 1) {
        struct hostent *host = gethostbyname(argv[1]);
        if (host == NULL || host->h_addrtype != AF_INET) {
            fprintf(stderr, "%s: %s\n", argv[1], hstrerror(h_errno));
            exit(1);
        }
        memcpy(&addr.sin_addr, host->h_addr_list[0], sizeof(addr.sin_addr));
    }

    int sock = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (sock < 0) {
        perror("socket");
        exit(1);
    }
    int yes = 1;
    if (setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0) {
        perror("setsockopt");
        exit(1);
    }
    if (bind(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
        fprintf(stderr, "bind:%s\n", strerror(errno));
        exit(1);
    }
    socklen_t len = sizeof(addr);
    if (getsockname(sock, (struct sockaddr *)&addr, &len) < 0) {
        perror("getsockname");
        exit(1);
    }
    printf("bound to %s:%d\n", inet_ntoa(addr.sin_addr), ntohs(addr.sin_port));
    fflush(stdout);

    while (getchar() != EOF)
        ;
    close(sock);
    exit(0);
}
