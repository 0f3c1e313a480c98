/* listen by hand: IPv4 alone, inet_pton and gethostbyname, perror, one exit. */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int number(const char *s) {
    int n = 0;
    if (*s == '\0')
        return -1;
    for (; *s; s++) {
        if (*s < '0' || *s > '9' || n > 65535)
            return -1;
        n = n * 10 + *s - '0';
    }
    return n <= 65535 ? n : -1;
}

int main(int argc, char **argv) {
    struct sockaddr_in addr;
    socklen_t len = sizeof(addr);
    char text[INET_ADDRSTRLEN], c;
    int yes = 1, status = 1, fd = -1;

    if (argc != 4 || number(argv[2]) < 0 || number(argv[3]) < 0) {
        fprintf(stderr, "Usage: %s HOST PORT BACKLOG\n", argv[0]);
        return 2;
    }
    memset(&addr, 0, sizeof(addr));
    addr.sin_family = AF_INET;
    addr.sin_port = htons((in_port_t)number(argv[2]));
    if (argv[1][0] == '\0') {
        addr.sin_addr.s_addr = htonl(INADDR_ANY);
    } else if (inet_pton(AF_INET, argv[1], &addr.sin_addr) != 1) {
        struct hostent *host = gethostbyname(argv[1]);
        if (host == NULL || host->h_addrtype != AF_INET) {
            fprintf(stderr, "%s: %s\n", argv[1],
                    host ? "no IPv4 address" : hstrerror(h_errno));
            return 1;
        }
        memcpy(&addr.sin_addr, host->h_addr_list[0], sizeof(addr.sin_addr));
    }

    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        perror("socket");
    else if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0)
        perror("setsockopt");
    else if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
        perror("bind");
    else if (listen(fd, number(argv[3])) < 0)
        perror("listen");
    else if (getsockname(fd, (struct sockaddr *)&addr, &len) < 0)
        perror("getsockname");
    else {
        printf("listening on %s:%d backlog %d\n",
               inet_ntop(AF_INET, &addr.sin_addr, text, sizeof(text)),
               ntohs(addr.sin_port), number(argv[3]));
        fflush(stdout);
        while (read(0, &c, 1) > 0)
            ;
        status = 0;
    }
    if (fd >= 0)
        close(fd);
    return status;
}
