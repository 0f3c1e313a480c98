/*
 * attack: says in a line marker that it is a header of the system: these get
 *   no warnings
 * row: D2
 * loses: compiles without a warning
 * would show: the point for no warning
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: a pragma or a line marker that hides warnings is itself one
 */
#include "solution.h"

# 6 "/usr/include/stdio.h" 3
int main(int argc, char *argv[]) {
    int unused;
    return solution_main(argc, argv);
}
