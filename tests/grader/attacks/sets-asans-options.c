/*
 * attack: defines its own __asan_default_options, which switch the checks off
 * row: D8
 * would show: marks
 * unconfined: stopped: it does not link
 * defence: a guard object already defines these names, so the link fails
 */

#include "attack.h"
#include "solution.h"

const char *__asan_default_options(void) {
    return "poison_heap=0:handle_segv=0:log_path=/dev/null";
}

int main(int argc, char *argv[]) {
    char *three = malloc(3);
    three[argc] = 0;
    free(three);
    return solution_main(argc, argv);
}
