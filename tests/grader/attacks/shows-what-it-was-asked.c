/*
 * attack: prints all input of the tests, to know it next time
 * row: B7
 * would show: marks
 * unconfined: stopped: it learns only what the test file says
 * defence: addresses, ports and data are new in every run, from a recorded
 *   seed
 */
#include "attack.h"

int main(int argc, char *argv[]) {
    char text[4096];
    for (int i = 0; i < argc; i++)
        fprintf(stderr, "%s\n", argv[i]);
    ssize_t n = read(0, text, sizeof text);
    fprintf(stderr, "%.*s\n", (int)(n > 0 ? n : 0), text);
    return 1;
}
