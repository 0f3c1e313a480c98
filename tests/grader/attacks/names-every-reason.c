/*
 * attack: prints every call and every reason after any failure
 * row: D1
 * loses: a wrong command line is refused, and nothing is done
 * would show: the points for naming the failed call and its reason
 * unconfined: stopped: a message with three reasons is rejected
 * defence: a message that lists three or more reasons is rejected
 */

#include "attack.h"
#include "solution.h"

int main(int argc, char *argv[]) {
    int quiet = open("/dev/null", O_WRONLY), err = dup(2);
    if (quiet == -1 || err == -1)
        return solution_main(argc, argv);
    dup2(quiet, 2);
    close(quiet);
    int status = solution_main(argc, argv);
    dup2(err, 2);
    close(err);
    if (status != 0)
        fputs("usage: socket: getsockopt: Too many open files, Operation not "
              "permitted, No buffer space available\n",
              stderr);
    return status;
}
