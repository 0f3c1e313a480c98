/*
 * attack: leaks, and ends by _exit, before anybody can count
 * row: D9
 * loses: valgrind: no heap block is left
 * would show: the point for freed blocks
 * unconfined: stopped: valgrind counts at _exit too
 * defence: valgrind reports at the exit call itself
 */

#include "attack.h"
#include "solution.h"

int main(int argc, char *argv[]) {
    static void *volatile kept;
    kept = malloc(100);
    if (kept)
        kept = NULL;
    int status = solution_main(argc, argv);
    fflush(stdout);
    _exit(status);
}
