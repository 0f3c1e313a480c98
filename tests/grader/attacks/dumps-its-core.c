/*
 * attack: raises the limits on core size, and crashes
 * row: C9
 * would show: a core file, or 'worked:'
 * unconfined: stopped: the launcher sets the core limit to 0
 * defence: the soft and the hard limit RLIMIT_CORE are 0
 */
#include "attack.h"

int main(void) {
    struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
    if (setrlimit(RLIMIT_CORE, &all) == 0)
        worked("a limit was raised");
    abort();
}
