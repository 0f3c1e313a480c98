/*
 * attack: includes itself by way of the folder of the system's headers, where
 *   the words that switch the sanitizers off are not looked for, and overruns
 *   the stack
 * row: D2
 * would show: marks
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: a file that is reached through ".." is no system header
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
