/*
 * attack: leaks in a child, and forges valgrind's list of blocks that the
 *   child inherited
 * row: D7
 * loses: valgrind: no heap block is left
 * would show: the point for freed blocks
 * unconfined: stopped: only the first list of a child counts
 * defence: the first line of a true list holds a number that the program
 *   cannot know, and the list comes before all that the child writes
 */

#include "attack.h"
#include "solution.h"
#include <sys/syscall.h>

/* Forges the list of the child PID. The number is a guess. */
static void forge_list(int fd, int pid) {
    dprintf(fd,
            "**%d** inherited 0\n==%d== 100 bytes in 1 blocks are still "
            "reachable in loss record 1 of 1\n==%d==    at 0x0: malloc (in "
            "/usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so)\n"
            "==%d==    by 0x0: main (socket.c:51)\n==%d== \n**%d** own 0\n",
            pid, pid, pid, pid, pid, pid);
}

int main(int argc, char *argv[]) {
    /* Forge it before the child exists and in the child; make the child by
       fork(2) and by clone(2). */
    for (int bare = 0; bare < 2; bare++) {
        forge_list(9, (int)getpid() + 1 + bare);
        pid_t pid =
            bare ? (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) : fork();
        if (pid == 0) {
            static void *volatile kept;
            forge_list(9, (int)getpid());
            kept = malloc(100);
            _exit(kept == NULL);
        }
        waitpid(pid, NULL, 0);
    }
    return solution_main(argc, argv);
}
