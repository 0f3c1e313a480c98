/*
 * attack: exits with 99, the exit status that the tools use for an error
 * row: D6
 * would show: marks
 * unconfined: stopped: the judge compares the exit status with the contract
 * defence: the judge reads the reports; an exit status never replaces a report
 */

#include "attack.h"
#include "solution.h"

int main(int argc, char *argv[]) {
    solution_main(argc, argv);
    fflush(stdout);
    return 99;
}
