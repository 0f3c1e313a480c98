/*
 * attack: prints the plan 1..0 and "Bail out!" to every descriptor
 * row: A9
 * would show: a lab that cannot be judged, or nothing judged
 * unconfined: stopped: as writes-tap-to-fd3
 * defence: the judge reads the TAP after bats has ended, and compares it with
 *   the plan and the exit status
 */
#include "attack.h"

int main(void) {
    for (int fd = 1; fd < 256; fd++)
        dprintf(fd, "1..0\nBail out! nothing to do\n");
    return 0;
}
