/*
 * attack: replaces its own executable with another program for the next tests
 * row: A10
 * would show: 'worked:'
 * unconfined: works
 * defence: executables are read-only in the sandbox
 */
#include "attack.h"

int main(void) {
    char path[4096] = "";
    if (readlink("/proc/self/exe", path, sizeof path - 1) <= 0)
        return 1;
    strcat(path, ".new");
    int fd = open(path, O_CREAT | O_WRONLY, 0755);
    if (fd != -1) {
        dprintf(fd, "#!/bin/sh\necho AF_INET SOCK_STREAM protocol 6 fd 3\n");
        path[strlen(path) - 4] = '\0';
        char from[4096];
        snprintf(from, sizeof from, "%s.new", path);
        if (rename(from, path) == 0)
            worked(path);
    }
    return 1;
}
