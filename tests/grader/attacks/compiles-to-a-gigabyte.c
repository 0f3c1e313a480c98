/*
 * attack: an array of 1 GiB that is not zero: a file of that size
 * row: C10
 * would show: such a file, or more time than the compiler's deadline
 * unconfined: stopped: the compiler has limits
 * defence: limits on the compiler's time, memory and file size
 */
char much[1 << 30] = {1};

int main(void) { return much[0]; }
