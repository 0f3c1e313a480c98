/*
 * attack: ignores every signal that it can ignore, and waits
 * row: C3
 * would show: more time than the deadline
 * unconfined: stopped: SIGKILL ends it
 * defence: a program that sleeps without a reason is given up after 2 s, and
 *   killed by SIGKILL
 */
#include "attack.h"

int main(void) {
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_IGN);
    struct timespec rest = {60, 0};
    while (nanosleep(&rest, &rest) == -1)
        continue;
    return 0;
}
