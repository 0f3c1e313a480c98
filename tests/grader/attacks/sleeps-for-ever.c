/*
 * attack: sleeps and does nothing
 * row: C4
 * would show: more time than the deadline
 * unconfined: stopped: it has a deadline
 * defence: a program that neither uses nor waits for the processor is given up
 *   after 2 s
 */
#include "attack.h"

int main(void) {
    alarm(60);
    pause();
    return 0;
}
