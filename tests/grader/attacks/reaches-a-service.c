/*
 * attack: asks a service of the machine for what it holds
 * row: C15
 * would show: the service's secret
 * unconfined: works
 * defence: a network of its own: nobody listens there
 */
#include "attack.h"
#include <arpa/inet.h>

int main(void) {
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((unsigned short)atoi("@PORT@"))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    char text[4096];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0) {
        shutdown(fd, SHUT_WR);
        ssize_t n = read(fd, text, sizeof text);
        fprintf(stderr, "%.*s\n", (int)(n > 0 ? n : 0), text);
    }
    return 1;
}
