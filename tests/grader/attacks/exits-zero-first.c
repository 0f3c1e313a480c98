/*
 * attack: exits with status 0 before it does anything
 * row: A3
 * would show: marks
 * unconfined: stopped: no exit status alone earns a point
 * defence: the first test looks at the system calls, and all other tests need
 *   the first
 */
#include "attack.h"

int main(void) { _exit(0); }
