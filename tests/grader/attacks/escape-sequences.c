/*
 * attack: prints escape sequences that change the title, the screen and the
 *   colours of a terminal, in warnings, too
 * row: C13
 * would show: an escape byte on the screen or in a result
 * unconfined: stopped: one filter cleans every text
 * defence: "?" replaces control characters in all output
 */
#include "attack.h"

#warning "]0;a title[2J[31mclear"

int main(void) {
    for (int fd = 1; fd <= 2; fd++)
        dprintf(fd, "\033]0;mine\a\033[2J\033[31mAF_INET\r\033[8mhidden "
                    "\xc2\x9b"
                    "5n\n");
    return 1;
}
