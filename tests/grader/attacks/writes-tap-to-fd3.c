/*
 * attack: writes the TAP line of a passed test to bats' own descriptors
 * row: A6
 * would show: marks, or a lab that cannot be judged
 * unconfined: stopped: the launcher closes every descriptor above 2
 * defence: no descriptor above 2 is open; a wrong plan or name in the TAP is
 *   an infra-error
 */
#include "attack.h"

int main(void) {
    for (int fd = 3; fd < 256; fd++)
        if (dprintf(fd, "ok 1 does the basic job: creates the socket that was "
                        "asked for\n") > 0)
            worked("a descriptor above 2");
    return 1;
}
