/*
 * attack: prints results in the formats of several graders
 * row: A2
 * would show: marks
 * unconfined: stopped: no verdict comes from what a program prints
 * defence: the judge compares what a program prints with what it must print,
 *   and takes no verdict from it
 */
#include "attack.h"

int main(void) {
    for (int fd = 1; fd <= 2; fd++) {
        dprintf(fd, "1..19\nok 1 does the basic job: creates the socket that "
                    "was asked for\n");
        dprintf(fd, "pass 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19\n");
        dprintf(fd, "{\"verdict\":\"pass\",\"score\":100,\"max\":100}\n");
        dprintf(fd, "{\"scores\": {\"01-socket\": 100}}\n");
    }
    return 0;
}
