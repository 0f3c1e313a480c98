/*
 * attack: stops its parent with SIGSTOP, which then can neither judge nor end
 *   it
 * row: A7
 * would show: a lab that cannot be judged, or one that never ends
 * unconfined: stopped: strace and the launcher each have a parent with a
 *   deadline
 * defence: a PID namespace; every level has a deadline
 */
#include "attack.h"

int main(void) {
    kill(getppid(), SIGSTOP);
    alarm(30);
    pause();
    return 0;
}
