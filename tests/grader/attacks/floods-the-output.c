/*
 * attack: prints 1 GB
 * row: C7
 * would show: more than 1 MiB of output kept, or more time than the deadline
 * unconfined: stopped: the launcher keeps only 1 MiB
 * defence: output goes through a pipe with a cap; a program that writes more
 *   is ended with the verdict limit
 */
#include "attack.h"

int main(void) {
    static char much[1 << 16];
    memset(much, 'x', sizeof much);
    for (int i = 0; i < 1 << 14; i++)
        if (write(1, much, sizeof much) <= 0)
            break;
    worked("1 GB");
    return 0;
}
