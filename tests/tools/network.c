/*
 * network - a network namespace in which a program may make raw sockets.
 * network.h describes the function.
 */
#define _GNU_SOURCE
#include "network.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Writes TEXT to the file PATH. Returns 0, or -1 with errno. */
static int write_text(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd == -1)
        return -1;
    ssize_t n = write(fd, text, strlen(text));
    int error = errno;
    close(fd);
    errno = error;
    return n == (ssize_t)strlen(text) ? 0 : -1;
}

int new_network(void) {
    char users[32], groups[32];
    if (unshare(CLONE_NEWNET) == 0)
        return 0;
    if (errno != EPERM)
        return -1;
    snprintf(users, sizeof users, "0 %u 1", (unsigned)geteuid());
    snprintf(groups, sizeof groups, "0 %u 1", (unsigned)getegid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1 ||
        write_text("/proc/self/setgroups", "deny") == -1 ||
        write_text("/proc/self/gid_map", groups) == -1)
        return -1;
    return write_text("/proc/self/uid_map", users);
}
