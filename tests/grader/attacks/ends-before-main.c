/*
 * attack: prints PASS and ends with 0 in a constructor, before main
 * row: A4
 * would show: marks
 * unconfined: stopped: it runs in no process of the judge's
 * defence: a submission is never linked with the judge
 */
#include "attack.h"

__attribute__((constructor)) static void first(void) {
    printf("PASS\n");
    fflush(stdout);
    _exit(0);
}

int main(void) { return 1; }
