/*
 * attack: reads a file into the program with .incbin, and prints it
 * row: B3
 * would show: a secret from there
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: the assembler sees only this one file
 */
#include "attack.h"

__asm__(".section .rodata\ntaken: .incbin \"@HOME@/secret\"\n.byte 0\n"
        ".previous\n");
extern const char taken[];

int main(void) {
    fprintf(stderr, "%s\n", taken);
    return 1;
}
