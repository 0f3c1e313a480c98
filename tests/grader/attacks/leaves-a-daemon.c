/*
 * attack: leaves a daemon: two forks, a new session, the output kept open
 * row: C2
 * would show: a process of that name after the run
 * unconfined: stopped: the launcher is a child subreaper
 * defence: the launcher kills every descendant; a PID namespace kills all its
 *   processes when it ends
 */
#include "attack.h"

int main(void) {
    if (fork() == 0) {
        setsid();
        if (child(60) == 0) {
            signal(SIGTERM, SIG_IGN);
            signal(SIGHUP, SIG_IGN);
            for (;;)
                pause();
        }
    }
    return 0;
}
