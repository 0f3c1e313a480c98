/*
 * attack: leaves a daemon: two forks, its own session, the output held open
 * row: C2
 * would show: a process of that name afterwards
 * unconfined: stopped: the launcher is a child subreaper
 * defence: the launcher kills every descendant; with the process namespace all
 *   in it die
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
