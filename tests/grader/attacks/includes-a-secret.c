/*
 * attack: includes a file from home: the compiler's complaint shows its first
 *   line
 * row: B3
 * would show: a secret from there
 * unconfined: works
 * defence: the compiler sees this one file
 */
#include "@HOME@/secret"

int main(void) { return 0; }
