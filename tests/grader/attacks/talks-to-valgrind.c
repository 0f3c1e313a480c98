/*
 * attack: tells valgrind with a client request to report no errors
 * row: D4
 * loses: valgrind: no memory error
 * would show: the point for no memory error
 * unconfined: stopped: the judge rejects the header
 * defence: a program that holds a client request gets none of valgrind's
 *   points
 */

#include "attack.h"
#include "solution.h"
#include <valgrind/valgrind.h>

int main(int argc, char *argv[]) {
    VALGRIND_DISABLE_ERROR_REPORTING;
    char *unset = malloc(1);
    if (*unset)
        setenv("A", "B", 1);
    free(unset);
    return solution_main(argc, argv);
}
