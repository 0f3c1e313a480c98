/*
 * attack: prints 1 GB
 * row: C7
 * would show: more than 1 MiB kept, or more time than the deadline
 * unconfined: stopped: the launcher keeps 1 MiB
 * defence: output is a pipe with a cap; a program that writes more is ended:
 *   limit
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
