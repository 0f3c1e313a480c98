/*
 * attack: writes into the files beside the program, where its output and its
 *   trace are kept
 * row: A10
 * would show: 'worked:', or marks
 * unconfined: works
 * defence: the sandbox shows the executables only, read-only, and no evidence
 */
#include "attack.h"

static void act(const char *path) {
    int fd = open(path, O_WRONLY | O_APPEND | O_NONBLOCK);
    if (fd == -1)
        return;
    if (dprintf(fd, "socket(AF_INET, SOCK_STREAM, 0) = 3\n") > 0)
        worked(path);
    close(fd);
}

int main(void) {
    char folder[4096] = "";
    if (readlink("/proc/self/exe", folder, sizeof folder - 1) > 0)
        *strrchr(folder, '/') = '\0';
    each_file(folder, act, 0);
    if (strrchr(folder, '/'))
        *strrchr(folder, '/') = '\0';
    each_file(folder, act, 5);
    return 0;
}
