/*
 * attack: stops the process above it, which then can neither judge nor end it
 * row: A7
 * would show: a lab that cannot be judged, or one that never ends
 * unconfined: stopped: strace and the launcher have one above them with a
 *   deadline
 * defence: a process namespace; a deadline on every level
 */
#include "attack.h"

int main(void) {
    kill(getppid(), SIGSTOP);
    alarm(30);
    pause();
    return 0;
}
