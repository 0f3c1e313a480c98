/*
 * attack: reads the tests, ours and those that bats names, and shows them
 * row: B1
 * would show: a secret that stands in the tests
 * unconfined: works
 * defence: nothing of the grader's tree is in the sandbox, the environment is
 *   empty
 */
#include "attack.h"

int main(void) {
    spill("@TREE@/tests/labs/01-socket/test.bats");
    if (getenv("BATS_TEST_FILENAME"))
        spill(getenv("BATS_TEST_FILENAME"));
    return 1;
}
