/*
 * attack: listens on the labs' ports on every address, to block the neighbours
 * row: C15
 * would show: a neighbour loses marks, or the port is in use on the host
 * unconfined: works
 * defence: a network namespace for each run
 */
#include "attack.h"
#include <arpa/inet.h>

int main(void) {
    struct sockaddr_in at = {.sin_family = AF_INET};
    for (int port = 8001; port < 8101; port++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        at.sin_port = htons((unsigned short)port);
        if (bind(fd, (struct sockaddr *)&at, sizeof at) == -1)
            perror("bind");
        listen(fd, 5);
    }
    /* A service has that port, unless this is a private network namespace. */
    at.sin_port = htons((unsigned short)atoi("@PORT@"));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&at,
             sizeof at) == -1 &&
        errno == EADDRINUSE)
        worked("these are the ports of the machine");
    alarm(10);
    pause();
    return 0;
}
