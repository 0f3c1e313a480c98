/*
 * attack: writes a clean report into every descriptor that valgrind may use
 * row: D7
 * loses: valgrind: no heap block is left
 * would show: the point for freed blocks
 * unconfined: stopped: the judge parses the report strictly
 * defence: a report with a foreign line or a second summary does not count
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
    /* The log goes to descriptor 9. /proc lets us open its pipe again. */
    clean(9);
    int again = open("/proc/self/fd/9", O_WRONLY | O_NONBLOCK);
    clean(again);
    close(again);
    return solution_main(argc, argv);
}
