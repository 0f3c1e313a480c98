/*
 * attack: switches warnings off in one build, and not in the one looked at
 * row: D2
 * loses: compiles without a warning
 * would show: the point for no warning
 * unconfined: stopped: what is looked at is what is compiled
 * defence: each build's preprocessed text is looked at, and compiled from
 */
#ifndef __SANITIZE_ADDRESS__
#pragma GCC diagnostic ignored "-Wunused-variable"
#endif
#include "solution.h"

int main(int argc, char *argv[]) {
    int unused;
    return solution_main(argc, argv);
}
