/*
 * attack: defines an initialised array of 1 GiB, so the executable is that
 *   large
 * row: C10
 * would show: such a file, or more time than the compiler's deadline
 * unconfined: stopped: the compiler has limits
 * defence: limits on the compiler's time, memory and file size
 */
char much[1 << 30] = {1};

int main(void) { return much[0]; }
