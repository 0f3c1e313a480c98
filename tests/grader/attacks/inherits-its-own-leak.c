/*
 * attack: leaks in a child, and says in valgrind's words that the child got
 *   the block from its parent
 * row: D7
 * loses: valgrind: no heap block is left
 * would show: the point for freed blocks
 * unconfined: stopped: the list of what a child got is its first lines
 * defence: the lines that begin such a list have a number that no program
 *   knows, and come before anything that the child writes
 */

#include "attack.h"
#include "solution.h"
#include <sys/syscall.h>

/* The report of the child PID, for whichever number. */
static void forge_list(int fd, int pid) {
    dprintf(fd,
            "**%d** inherited 0\n==%d== 100 bytes in 1 blocks are still "
            "reachable in loss record 1 of 1\n==%d==    at 0x0: malloc (in "
            "/usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so)\n"
            "==%d==    by 0x0: main (socket.c:51)\n==%d== \n**%d** own 0\n",
            pid, pid, pid, pid, pid, pid);
}

int main(int argc, char *argv[]) {
    /* Before the child is there, and in it; by fork and by the bare call. */
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
