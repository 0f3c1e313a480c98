/*
 * attack: finds valgrind in /proc/self/maps, and leaks only without it
 * row: D5
 * loses: valgrind: no heap block is left
 * would show: the point for freed blocks
 * unconfined: stopped: a second tool checks another build
 * defence: the sanitizers' leak check looks at another build, without valgrind
 */

#include "attack.h"
#include "solution.h"

int main(int argc, char *argv[]) {
    char line[4096];
    int watched = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps))
        watched |= strstr(line, "vgpreload") != NULL;
    if (maps)
        fclose(maps);
    if (!watched) {
        static void *volatile kept;
        kept = malloc(100);
        if (kept)
            kept = NULL;
    }
    return solution_main(argc, argv);
}
