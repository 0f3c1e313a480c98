/*
 * attack: leaks, and ends by _exit, before a sanitizer can check for leaks
 * row: D9
 * loses: valgrind: no heap block is left
 * would show: the point for freed blocks
 * unconfined: stopped: valgrind also checks at _exit
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
