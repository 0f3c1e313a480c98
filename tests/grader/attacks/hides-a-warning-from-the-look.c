/*
 * attack: switches warnings off in one build, and not in the build that the
 *   judge reads
 * row: D2
 * loses: compiles without a warning
 * would show: the point for no warning
 * unconfined: stopped: the judge reads the text that the compiler compiles
 * defence: the judge reads the preprocessed text of each build, and this text
 *   is compiled
 */
#ifndef __SANITIZE_ADDRESS__
#pragma GCC diagnostic ignored "-Wunused-variable"
#endif
#include "solution.h"

int main(int argc, char *argv[]) {
    int unused;
    return solution_main(argc, argv);
}
