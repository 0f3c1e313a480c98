/*
 * attack: includes itself through the folder of the system headers, where the
 *   judge does not look for words that switch the sanitizers off. Then it
 *   overruns the stack
 * row: D2
 * would show: marks
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: a file whose path holds ".." is not a system header for the judge
 */
#if __has_include(<../../mnt/src/socket.c>) && !defined INSIDE
#define INSIDE
#include <../../mnt/src/socket.c>
#else

#include "attack.h"
#include "solution.h"

__attribute__((no_sanitize("address", "undefined"))) int main(int argc,
                                                              char *argv[]) {
    OVERRUN;
    return solution_main(argc, argv);
}
#endif
