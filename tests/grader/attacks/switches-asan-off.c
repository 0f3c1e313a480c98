/*
 * attack: switches the sanitizers off for its functions with an attribute, and
 *   overruns the stack
 * row: D8
 * would show: marks
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: the judge rejects a source that says no_sanitize
 */

#include "attack.h"
#include "solution.h"

__attribute__((no_sanitize("address", "undefined"))) int main(int argc,
                                                              char *argv[]) {
    OVERRUN;
    return solution_main(argc, argv);
}
