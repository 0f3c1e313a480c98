/*
 * attack: reads every file in the instructor's home folder
 * row: B1
 * would show: a secret from there
 * unconfined: works
 * defence: the sandbox has no folder of the machine except /usr
 */
#include "attack.h"

int main(void) {
    each_file("@HOME@", spill, 0);
    return 1;
}
