/*
 * attack: asks a service of the machine for what it holds
 * row: C15
 * would show: the service's secret
 * unconfined: works
 * defence: a network of its own: nobody listens there
 */
#include "attack.h"

int main(void) {
    char text[4096];
    int fd = dial();
    if (fd != -1) {
        shutdown(fd, SHUT_WR);
        ssize_t n = read(fd, text, sizeof text);
        fprintf(stderr, "%.*s\n", (int)(n > 0 ? n : 0), text);
    }
    return 1;
}
