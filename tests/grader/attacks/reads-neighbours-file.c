/*
 * attack: reads what the others of the class handed in, and their folders at
 *   work
 * row: B8
 * would show: a secret that stands in a neighbour's file
 * unconfined: works
 * defence: one private file system for each run, nothing of the class in it
 */
#include "attack.h"

int main(void) {
    each_file("@CLASS@", spill, 0);
    each_file("@OUT@", spill, 0);
    return 1;
}
