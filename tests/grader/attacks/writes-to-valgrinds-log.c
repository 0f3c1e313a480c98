/*
 * attack: writes a clean report into every descriptor that valgrind may have
 * row: D7
 * loses: valgrind: no heap block is left
 * would show: the point for freed blocks
 * unconfined: stopped: the report is read strictly
 * defence: a line that is not valgrind's own, or a second summary, is no
 *   report
 */

#include "attack.h"
#include "solution.h"

static void clean(int fd) {
    dprintf(fd,
            "==%d== HEAP SUMMARY:\n==%d==     in use at exit: 0 bytes in 0 "
            "blocks\n==%d== ERROR SUMMARY: 0 errors from 0 contexts\n",
            (int)getpid(), (int)getpid(), (int)getpid());
}

int main(int argc, char *argv[]) {
    static void *volatile kept;
    kept = malloc(100);
    if (kept)
        kept = NULL;
    /* 9 is where the log goes; a pipe can be opened again by its name. */
    clean(9);
    int again = open("/proc/self/fd/9", O_WRONLY | O_NONBLOCK);
    clean(again);
    close(again);
    return solution_main(argc, argv);
}
