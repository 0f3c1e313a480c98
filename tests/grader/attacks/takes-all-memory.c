/*
 * attack: allocates 3 GiB of memory and writes to every page
 * row: C8
 * would show: 'worked:'
 * unconfined: works
 * defence: a limit on memory for each run
 */
#include "attack.h"

int main(void) {
    size_t step = 64UL << 20;
    long taken = 0;
    while (taken < 48) {
        char *more = mmap(NULL, step, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (more == MAP_FAILED)
            break;
        for (size_t i = 0; i < step; i += 4096)
            more[i] = 1;
        taken++;
    }
    fprintf(stderr, "%ld MiB\n", taken * 64);
    if (taken == 48)
        worked("3 GiB");
    return 1;
}
