/*
 * attack: leaks in a child, which valgrind does not speak of
 * row: D5
 * loses: valgrind: no heap block is left
 * would show: the point for freed blocks
 * unconfined: stopped: each process has a report of its own
 * defence: valgrind follows children, and a child gives back what it made
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
