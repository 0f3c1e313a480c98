/*
 * attack: types a command into the terminal of the grader (TIOCSTI)
 * row: C14
 * would show: 'worked:'
 * unconfined: stopped: a new session has no terminal
 * defence: a new session for each run; standard input is /dev/null
 */
#include "attack.h"
#include <sys/ioctl.h>
#include <termios.h>

int main(void) {
    int fds[] = {0, 1, 2, open("/dev/tty", O_RDWR)};
    for (int i = 0; i < 4; i++)
        if (isatty(fds[i]) && ioctl(fds[i], TIOCSTI, " ") == 0)
            worked("a byte was typed");
    return 1;
}
