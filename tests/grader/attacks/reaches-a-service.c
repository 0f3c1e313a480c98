/*
 * attack: connects to a service of the machine and reads what it sends
 * row: C15
 * would show: the service's secret
 * unconfined: works
 * defence: a network namespace, in which no service listens
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
