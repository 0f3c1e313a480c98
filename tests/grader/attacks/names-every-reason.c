/*
 * attack: says every call and every reason, whatever happened
 * row: D1
 * loses: a wrong command line is refused, and nothing is done
 * would show: the points for a failed call that is named with its reason
 * unconfined: stopped: three reasons are none
 * defence: who gives three reasons or more gives none
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
