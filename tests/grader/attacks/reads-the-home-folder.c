/*
 * attack: reads every file in the instructor's home folder
 * row: B1
 * would show: a secret from there
 * unconfined: works
 * defence: no folder of the machine's but /usr is in the sandbox
 */
#include "attack.h"

int main(void) {
    each_file("@HOME@", spill, 0);
    return 1;
}
