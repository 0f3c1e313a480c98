/*
 * attack: reads and prints the test files of the tree, and the file that
 *   BATS_TEST_FILENAME names
 * row: B1
 * would show: a secret from the tests
 * unconfined: works
 * defence: nothing of the grader's tree is in the sandbox, and the environment
 *   is empty
 */
#include "attack.h"

int main(void) {
    spill("@TREE@/tests/labs/01-socket/test.bats");
    if (getenv("BATS_TEST_FILENAME"))
        spill(getenv("BATS_TEST_FILENAME"));
    return 1;
}
