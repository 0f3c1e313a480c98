/*
 * attack: execs itself again without valgrind
 * row: D5
 * loses: valgrind: no heap block is left
 * would show: the point for freed blocks
 * unconfined: stopped: an incomplete report does not count
 * defence: a report without its last line is incomplete
 */

#include "attack.h"
#include "solution.h"

int main(int argc, char *argv[]) {
    static void *volatile kept;
    kept = malloc(100);
    if (kept)
        kept = NULL;
    if (!getenv("AGAIN")) {
        setenv("AGAIN", "1", 1);
        execv("/proc/self/exe", argv);
    }
    return solution_main(argc, argv);
}
