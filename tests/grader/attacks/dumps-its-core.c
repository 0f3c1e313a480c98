/*
 * attack: raises the limits on cores and file sizes, and crashes
 * row: C9
 * would show: a core file, or 'worked:'
 * unconfined: stopped: the launcher allows no core
 * defence: RLIMIT_CORE is 0, and hard
 */
#include "attack.h"

int main(void) {
    struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
    if (setrlimit(RLIMIT_CORE, &all) == 0)
        worked("a limit was raised");
    abort();
}
