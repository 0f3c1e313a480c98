/*
 * attack: uses a raw string that ends later than an ordinary string, so that
 *   the next lines look like a comment. There it switches the sanitizers off,
 *   and overruns the stack
 * row: D2
 * would show: marks
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: the judge parses raw strings as the compiler does
 */

#include "attack.h"
#include "solution.h"

static const char *const raw = R"x(" /* )x";

__attribute__((no_sanitize("address", "undefined"))) int main(int argc,
                                                              char *argv[]) {
    OVERRUN;
    return raw ? solution_main(argc, argv) : 1;
}
