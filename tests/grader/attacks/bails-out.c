/*
 * attack: prints a plan of none and Bail out!, wherever it can
 * row: A9
 * would show: a lab that cannot be judged, or nothing judged
 * unconfined: stopped: as writes-tap-to-fd3
 * defence: the report is read when bats has ended, and held against the plan
 *   and the status
 */
#include "attack.h"

int main(void) {
    for (int fd = 1; fd < 256; fd++)
        dprintf(fd, "1..0\nBail out! nothing to do\n");
    return 0;
}
