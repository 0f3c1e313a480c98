/*
 * attack: defines its own __asan_report_store1, with the name in two pieces
 * row: D8
 * would show: marks
 * unconfined: stopped: the judge reads the preprocessed text
 * defence: the judge rejects a source with assembler, which can define a
 *   symbol of any name
 */

#include "attack.h"
#include "solution.h"

void quiet(void *at) __asm__("__as"
                             "an_report_store1");
void quiet(void *at) { (void)at; }

int main(int argc, char *argv[]) {
    volatile char eight[8];
    volatile int end = 8;
    eight[end] = 1;
    return solution_main(argc, argv);
}
