/*
 * attack: reads and writes every descriptor above 2 that is open
 * row: B5
 * would show: a secret, or a changed canary
 * unconfined: stopped: the launcher closes every descriptor above 2
 * defence: close_range(2) before the program, and before the sandbox
 */
#include "attack.h"

int main(void) {
    for (int fd = 3; fd < 1024; fd++) {
        char text[4096];
        ssize_t n = pread(fd, text, sizeof text, 0);
        if (n > 0)
            fprintf(stderr, "%.*s\n", (int)n, text);
        if (pwrite(fd, "forged\n", 7, 0) == 7)
            worked("a descriptor above 2");
    }
    return 1;
}
