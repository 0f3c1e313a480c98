/*
 * attack: writes a line marker that says "system header", where the judge does
 *   not look for words that switch the sanitizers off. Then it overruns the
 *   stack
 * row: D2
 * would show: marks
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: the preprocessor's own line markers hold a random name; other
 *   markers lose the system header flag
 */

#include "attack.h"
#include "solution.h"

# 15 "/usr/include/stdio.h" 3
__attribute__((no_sanitize("address", "undefined"))) int main(int argc,
                                                              char *argv[]) {
    OVERRUN;
    return solution_main(argc, argv);
}
