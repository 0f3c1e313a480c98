/*
 * attack: ends with 99, the status that the tools have for an error
 * row: D6
 * would show: marks
 * unconfined: stopped: a status is compared with the contract's
 * defence: reports are read, no status stands for a report
 */

#include "attack.h"
#include "solution.h"

int main(int argc, char *argv[]) {
    solution_main(argc, argv);
    fflush(stdout);
    return 99;
}
