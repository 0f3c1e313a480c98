/*
 * attack: forks 300 times, each child in a session of its own and deaf to
 *   signals
 * row: C1
 * would show: 300 children, or some that are left; the neighbour beside it
 *   loses marks
 * unconfined: works
 * defence: a limit on processes for each run; a process namespace; no child
 *   survives the launcher
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
