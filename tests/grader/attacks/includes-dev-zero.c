/*
 * attack: includes /dev/zero, a file without an end
 * row: C10
 * would show: more time than the compiler's deadline
 * unconfined: stopped: the compiler has limits
 * defence: limits on the compiler's time and memory
 */
#include "/dev/zero"

int main(void) { return 0; }
