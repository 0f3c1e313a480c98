/*
 * attack: leaks in a child, which valgrind does not speak of
 * row: D5
 * loses: valgrind: no heap block is left
 * would show: the point for freed blocks
 * unconfined: stopped: a report of two processes is none
 * defence: valgrind follows children, and a report is of one process
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
