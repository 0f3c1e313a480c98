/*
 * attack: makes the same client request without valgrind's header
 * row: D4
 * loses: valgrind: no memory error
 * would show: the point for no memory error
 * unconfined: stopped: the judge searches the executable for the bytes of the
 *   request
 * defence: a program that holds a client request gets none of valgrind's
 *   points
 */

#include "attack.h"
#include "solution.h"

int main(int argc, char *argv[]) {
    /* VG_USERREQ__CHANGE_ERR_DISABLEMENT; 1 switches error reports off. */
    volatile unsigned long words[6] = {0x1801, 1, 0, 0, 0, 0};
#if defined __x86_64__
    unsigned long result = 0;
    __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; "
                     "rolq $51, %%rdi; xchgq %%rbx, %%rbx"
                     : "=d"(result)
                     : "a"(words), "0"(result)
                     : "cc", "memory");
#elif defined __aarch64__
    __asm__ volatile("mov x3, #0; mov x4, %0; ror x12, x12, #3; "
                     "ror x12, x12, #13; ror x12, x12, #51; "
                     "ror x12, x12, #61; orr x10, x10, x10"
                     :
                     : "r"(words)
                     : "x3", "x4", "cc", "memory");
#endif
    char *unset = malloc(1);
    if (*unset)
        setenv("A", "B", 1);
    free(unset);
    return solution_main(argc, argv);
}
