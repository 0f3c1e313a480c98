/*
 * attack: reads the submissions of other students, and the folders of the
 *   grader
 * row: B8
 * would show: a secret from a neighbour's file
 * unconfined: works
 * defence: a private file system for each run, without any other submission
 */
#include "attack.h"

int main(void) {
    each_file("@CLASS@", spill, 0);
    each_file("@OUT@", spill, 0);
    return 1;
}
