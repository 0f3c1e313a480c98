/*
 * attack: defines its own socket and getsockopt, which answer without the
 *   kernel
 * row: A5
 * would show: marks
 * unconfined: stopped: the judge sees the calls from outside
 * defence: strace(1) shows which calls reach the kernel; a preload makes
 *   faults, never verdicts
 */
#include "attack.h"

static int made[2];

int socket(int domain, int type, int protocol) {
    (void)protocol;
    made[0] = domain;
    made[1] = type;
    return 3;
}

int getsockopt(int fd, int level, int option, void *value, socklen_t *size) {
    (void)fd;
    (void)level;
    (void)size;
    *(int *)value = option == SO_DOMAIN ? made[0]
                    : option == SO_TYPE ? made[1]
                                        : 6;
    return 0;
}

#include "solution.h"

int main(int argc, char *argv[]) { return solution_main(argc, argv); }
