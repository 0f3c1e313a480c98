/*
 * attack: never does anything
 * row: C4
 * would show: more time than the deadline
 * unconfined: stopped: there is a deadline
 * defence: a program that neither uses nor wants the processor is given up
 *   after 2 s
 */
#include "attack.h"

int main(void) {
    alarm(60);
    pause();
    return 0;
}
