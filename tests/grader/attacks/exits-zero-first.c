/*
 * attack: ends with exit status 0 before it does anything
 * row: A3
 * would show: marks
 * unconfined: stopped: no exit status alone earns a point
 * defence: the first test looks at what the kernel was asked, and all others
 *   need it
 */
#include "attack.h"

int main(void) { _exit(0); }
