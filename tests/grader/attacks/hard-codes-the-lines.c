/*
 * attack: prints the expected lines from a table, and makes no socket
 * row: D1
 * would show: marks
 * unconfined: stopped: the judge sees the calls from outside
 * defence: strace shows the calls; data in tests is random
 */
#include "attack.h"

int main(int argc, char *argv[]) {
    const char *family = argc == 3 ? argv[1] : "";
    if (argc != 3)
        return fprintf(stderr, "usage: socket FAMILY TYPE\n") > 0 ? 2 : 1;
    printf("AF_%s SOCK_%s protocol %d fd 3\n",
           strcmp(family, "inet") == 0    ? "INET"
           : strcmp(family, "inet6") == 0 ? "INET6"
                                          : "UNIX",
           strcmp(argv[2], "stream") == 0 ? "STREAM" : "DGRAM",
           strcmp(family, "unix") == 0      ? 0
           : strcmp(argv[2], "stream") == 0 ? 6
                                            : 17);
    return 0;
}
