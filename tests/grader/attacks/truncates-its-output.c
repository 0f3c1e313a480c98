/*
 * attack: cuts what was kept of its output, and closes it to the judge
 * row: A10
 * would show: 'worked:'
 * unconfined: stopped: the launcher keeps output through a pipe
 * defence: output is a pipe, kept by the launcher up to 1 MiB
 */
#include "attack.h"

int main(void) {
    for (int fd = 1; fd <= 2; fd++) {
        char path[32];
        struct stat what;
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        dprintf(fd, "a line that should stay\n");
        int again = open(path, O_WRONLY | O_TRUNC);
        if (fstat(fd, &what) == 0 && S_ISREG(what.st_mode) &&
            ftruncate(again, 0) == 0)
            worked("what was kept is gone");
    }
    return 1;
}
