/*
 * attack: opens 5000 descriptors
 * row: C9
 * would show: 'worked:'
 * unconfined: works
 * defence: a limit on descriptors for each run
 */
#include "attack.h"

int main(void) {
    struct rlimit all;
    getrlimit(RLIMIT_NOFILE, &all);
    all.rlim_cur = all.rlim_max;
    setrlimit(RLIMIT_NOFILE, &all);
    int opened = 0;
    while (opened < 5000 && dup(0) != -1)
        opened++;
    fprintf(stderr, "%d descriptors\n", opened);
    if (opened == 5000)
        worked("no limit on descriptors");
    return 1;
}
