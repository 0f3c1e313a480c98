/*
 * attack: forks 300 children, each in a new session, and each ignores signals
 * row: C1
 * would show: 300 children, or processes that are left; the neighbour in the
 *   same run loses marks
 * unconfined: works
 * defence: a limit on processes for each run; a PID namespace; the launcher
 *   kills every child
 */
#include "attack.h"

int main(void) {
    int made = 0;
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    for (int i = 0; i < 300; i++) {
        pid_t pid = child(20);
        if (pid == 0) {
            setsid();
            for (;;)
                pause();
        }
        made += pid > 0;
    }
    fprintf(stderr, "%d children\n", made);
    if (made == 300)
        worked("no limit on processes");
    return 1;
}
