/*
 * attack: kills its four nearest ancestors, and its own process group
 * row: A7
 * would show: a lab that cannot be judged, or 'worked:'
 * unconfined: works
 * defence: a PID namespace: the program cannot see the judge; incomplete TAP
 *   is an infra-error
 */
#include "attack.h"

/* Returns the parent of a process, or 0. */
static pid_t parent_of(pid_t pid) {
    char path[64], text[512] = "";
    int parent = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    if (fgets(text, sizeof text, file) && strrchr(text, ')'))
        sscanf(strrchr(text, ')'), ") %*c %d", &parent);
    fclose(file);
    return parent;
}

int main(void) {
    pid_t chain[4];
    chain[0] = getppid();
    for (int i = 1; i < 4; i++)
        chain[i] = parent_of(chain[i - 1]);
    /* Without a sandbox these are strace, the launcher, the test and bats. */
    for (int i = 3; i >= 0; i--) {
        char path[64], name[32] = "";
        snprintf(path, sizeof path, "/proc/%d/comm", (int)chain[i]);
        FILE *file = fopen(path, "r");
        if (file && fgets(name, sizeof name, file) &&
            (strncmp(name, "bash", 4) == 0 || strncmp(name, "bats", 4) == 0 ||
             strncmp(name, "launch", 6) == 0) &&
            kill(chain[i], SIGKILL) == 0)
            worked(name);
    }
    kill(0, SIGTERM);
    return 0;
}
