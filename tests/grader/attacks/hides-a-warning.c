/*
 * attack: switches warnings off with a pragma
 * row: D2
 * loses: compiles without a warning
 * would show: the point for no warning
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: a pragma that hides warnings counts as a warning
 */
#define QUIET(what) _Pragma(#what)
QUIET(GCC diagnostic ignored "-Wunused-variable")
#include "solution.h"

int main(int argc, char *argv[]) {
    int unused;
    return solution_main(argc, argv);
}
