/*
 * attack: says in a line marker that it is a header of the system, where the
 *   words that switch the sanitizers off are not looked for, and overruns the
 *   stack
 * row: D2
 * would show: marks
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: the preprocessor's own line markers bear a random name; others are
 *   taken for what they are
 */

#include "attack.h"
#include "solution.h"

# 15 "/usr/include/stdio.h" 3
__attribute__((no_sanitize("address", "undefined"))) int main(int argc,
                                                              char *argv[]) {
    OVERRUN;
    return solution_main(argc, argv);
}
