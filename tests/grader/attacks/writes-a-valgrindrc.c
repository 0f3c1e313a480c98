/*
 * attack: writes a .valgrindrc that switches the leak check off, in every
 *   folder where valgrind may look
 * row: D3
 * loses: valgrind: no heap block is left
 * would show: the point for freed blocks
 * unconfined: stopped: valgrind reads no such file
 * defence: --command-line-only=yes, an empty environment, and a working
 *   directory of the judge
 */

#include "attack.h"
#include "solution.h"

static void quiet(const char *folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s/.valgrindrc", folder);
    int fd = open(path, O_CREAT | O_WRONLY, 0644);
    dprintf(fd, "--leak-check=no --memcheck:leak-check=no # @MARK@\n");
    close(fd);
}

int main(int argc, char *argv[]) {
    static void *volatile kept;
    kept = malloc(100);
    if (kept)
        kept = NULL;
    quiet(".");
    quiet("@HOME@");
    return solution_main(argc, argv);
}
