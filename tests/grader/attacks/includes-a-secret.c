/*
 * attack: includes a file from the home folder, so that the compiler's error
 *   shows its first line
 * row: B3
 * would show: a secret from there
 * unconfined: works
 * defence: the compiler sees only this one file
 */
#include "@HOME@/secret"

int main(void) { return 0; }
