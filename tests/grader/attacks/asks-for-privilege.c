/*
 * attack: tries to become root, to make namespaces, to mount, and to trace its
 *   parent
 * row: C16
 * would show: 'worked:'
 * unconfined: works
 * defence: an unused UID without capabilities, even if root grades; no new
 *   user namespaces
 */
#include "attack.h"
#include <sched.h>
#include <sys/mount.h>
#include <sys/ptrace.h>

int main(void) {
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "CapEff:", 7) == 0 && strtoull(line + 7, NULL, 16))
            worked(line);
    if (ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0)
        worked("ptrace");
    if (unshare(CLONE_NEWUSER) == 0)
        worked("a user namespace");
    if (unshare(CLONE_NEWNS) == 0 &&
        mount("none", "/mnt", "tmpfs", 0, NULL) == 0)
        worked("mount");
    /* This works if the program's UID is root outside of its namespace. */
    if (chmod("/usr/bin/env", 0755) == 0)
        worked("root's own file");
    return 1;
}
