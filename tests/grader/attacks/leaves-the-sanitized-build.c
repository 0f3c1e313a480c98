/*
 * attack: execs its own plain build, which has no sanitizers
 * row: D8
 * loses: inet6: stream and dgram
 * would show: the points of the test in which it overruns the stack
 * unconfined: stopped: it cannot exec another program
 * defence: a guard object makes execve(2) fail in the sanitized build,
 *   seccomp(2)
 */

#include "attack.h"
#include "solution.h"

int main(int argc, char *argv[]) {
    volatile char eight[8];
    volatile int end = 8;
#ifdef __SANITIZE_ADDRESS__
    char path[256], *slash = strrchr(argv[0], '/');
    snprintf(path, sizeof path, "%.*s/plain%s", (int)(slash - argv[0]), argv[0],
             slash);
    execv(path, argv);
#endif
    if (argc == 3 && strcmp(argv[1], "inet6") == 0)
        eight[end] = 1;
    return solution_main(argc, argv);
}
