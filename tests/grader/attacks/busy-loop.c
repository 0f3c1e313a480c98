/*
 * attack: runs a busy loop and ignores SIGXCPU
 * row: C5
 * would show: more time than the deadline
 * unconfined: stopped: it has a deadline
 * defence: a limit on processor time, and a deadline of 20 s
 */
#include "attack.h"

int main(void) {
    signal(SIGXCPU, SIG_IGN);
    for (time_t end = time(NULL) + 40; time(NULL) < end;)
        continue;
    return 0;
}
