/*
 * attack: shows in its feedback whatever the tests give it, to know them next
 *   time
 * row: B7
 * would show: marks
 * unconfined: stopped: it only learns what stands in the tests
 * defence: addresses, ports and data are new in every run, from a seed that is
 *   recorded
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
