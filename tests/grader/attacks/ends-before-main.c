/*
 * attack: prints PASS and exits with 0 in a constructor, before main
 * row: A4
 * would show: marks
 * unconfined: stopped: it never runs in a process of the judge
 * defence: a submission is never linked with the judge
 */
#include "attack.h"

__attribute__((constructor)) static void first(void) {
    printf("PASS\n");
    fflush(stdout);
    _exit(0);
}

int main(void) { return 1; }
