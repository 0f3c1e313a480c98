/*
 * attack: has a raw string that ends later than an ordinary one would, so that
 *   what follows seems to be a comment, switches the sanitizers off there, and
 *   overruns the stack
 * row: D2
 * would show: marks
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: raw strings are read as the compiler reads them
 */

#include "attack.h"
#include "solution.h"

static const char *const raw = R"x(" /* )x";

__attribute__((no_sanitize("address", "undefined"))) int main(int argc,
                                                              char *argv[]) {
    OVERRUN;
    return raw ? solution_main(argc, argv) : 1;
}
