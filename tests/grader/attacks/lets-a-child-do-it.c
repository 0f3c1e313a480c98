/*
 * attack: leaks in a child, which the parent's report does not show
 * row: D5
 * loses: valgrind: no heap block is left
 * would show: the point for freed blocks
 * unconfined: stopped: each process has its own report
 * defence: valgrind follows children, and a child must free what it allocated
 */

#include "attack.h"
#include "solution.h"

int main(int argc, char *argv[]) {
    if (fork() == 0) {
        static void *volatile kept;
        kept = malloc(100);
        kept = NULL;
        _exit(0);
    }
    wait(NULL);
    return solution_main(argc, argv);
}
