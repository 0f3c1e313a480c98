/*
 * attack: truncates the files that keep its output
 * row: A10
 * would show: 'worked:'
 * unconfined: stopped: the launcher keeps the output and the program has only
 *   a pipe
 * defence: output goes through a pipe; the launcher keeps up to 1 MiB
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
