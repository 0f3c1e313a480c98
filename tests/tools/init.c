/*
 * init - the first process of a sandbox (tests/sandbox/confine). It starts one
 * program there and tells the launcher outside how the program ended.
 *
 * Usage: init [-a] [-e NAME=VALUE]... [-l NAME=N]... -- PROGRAM [ARG...]
 *
 *   -a             the program has the same addresses in every run
 *   -e NAME=VALUE  adds this to the program's environment
 *   -l NAME=N      a limit of the program: as, cpu, fsize, nofile, nproc, stack
 *
 * The program gets descriptors 0, 1, 2 and, if it is open, 9. Descriptor 10 is
 * the socket to the launcher; begin.h describes the messages. The program can
 * reach neither the socket nor this process. PID 1 gets no signals from its own
 * namespace (pid_namespaces(7)). And this process is not dumpable, so the
 * program cannot trace it or open its descriptors or memory (prctl(2),
 * ptrace(2)).
 *
 * When the program has ended, init kills all other processes in the namespace
 * and then tells the launcher. Returns 0; 2 for a wrong command line; 3 if one
 * of its own calls failed.
 */
#define _GNU_SOURCE
#include "begin.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void tell(struct news news) {
    if (send(NEWS, &news, sizeof news, MSG_NOSIGNAL) != sizeof news)
        err(3, "telling the launcher");
}

int main(int argc, char **argv) {
    int opt, why = 0, status = 0, failed[2];
    while ((opt = getopt(argc, argv, "+ae:l:")) != -1) {
        if (opt == 'a')
            same_addresses();
        else if (opt == 'e')
            putenv(optarg);
        else if (opt == 'l')
            limit(optarg);
        else
            return 2;
    }
    if (optind == argc || getpid() != 1)
        errx(2, "usage, as process 1: init [-a] [-e NAME=VALUE] [-l NAME=N] -- "
                "PROGRAM [ARG...]");
    go_first();
    /* Hide the grader's keys; keyctl(2), session-keyring(7). */
    syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL);
    if (prctl(PR_SET_DUMPABLE, 0) == -1 ||
        fcntl(NEWS, F_SETFD, FD_CLOEXEC) == -1 ||
        pipe2(failed, O_CLOEXEC) == -1)
        err(3, "getting ready");
    failed[1] = fcntl(failed[1], F_DUPFD_CLOEXEC, NEWS + 1);
    if (failed[1] == -1)
        err(3, "fcntl");
    pid_t pid = fork();
    if (pid == -1)
        err(3, "fork");
    if (pid == 0) {
        tell((struct news){.what = BEGINS});
        begin(argv + optind, fcntl(9, F_GETFD) != -1, failed[1]);
    }
    for (int fd = 3; fd < NEWS; fd++)
        if (fd != failed[0])
            close(fd);
    close_from(NEWS + 1);
    if (read(failed[0], &why, sizeof why) == sizeof why)
        tell((struct news){.what = FAILS, .status = why});
    else
        tell((struct news){.what = RUNS});
    while (waitpid(-1, &status, 0) != pid)
        ;
    int ignored = 0;
    /* kill_all() kills -1: every process of the namespace but this; kill(2). */
    int left = kill_all(1, &ignored);
    tell((struct news){.what = ENDED, .status = status, .left = left});
    return 0;
}
