/*
 * attack: takes a file into the program by .incbin, and shows it
 * row: B3
 * would show: a secret from there
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: the assembler sees this one file
 */
#include "attack.h"

__asm__(".section .rodata\ntaken: .incbin \"@HOME@/secret\"\n.byte 0\n"
        ".previous\n");
extern const char taken[];

int main(void) {
    fprintf(stderr, "%s\n", taken);
    return 1;
}
