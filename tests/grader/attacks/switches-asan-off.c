/*
 * attack: asks the compiler to leave its functions unwatched, and overruns the
 *   stack
 * row: D8
 * would show: marks
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: a source that says no_sanitize is refused
 */

#include "attack.h"
#include "solution.h"

__attribute__((no_sanitize("address", "undefined"))) int main(int argc,
                                                              char *argv[]) {
    OVERRUN;
    return solution_main(argc, argv);
}
