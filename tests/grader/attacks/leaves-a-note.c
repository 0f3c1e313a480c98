/*
 * attack: leaves a note for a friend's submission in files, shared memory, a
 *   message queue and a keyring
 * row: B9
 * would show: picks-up-a-note says "worked:"
 * unconfined: works
 * defence: private /tmp, /dev/shm and IPC for each run
 */
#include "attack.h"
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/syscall.h>

static void leave(const char *path) {
    int fd = open(path, O_CREAT | O_WRONLY, 0666);
    dprintf(fd, "worked: a note from a friend, in %s\n", path);
    close(fd);
}

int main(void) {
    leave("/tmp/@MARK@-leaves-a-note");
    leave("/var/tmp/@MARK@-leaves-a-note");
    leave("/dev/shm/@MARK@-leaves-a-note");
    mqd_t queue = mq_open("/@MARK@", O_CREAT | O_WRONLY, 0666, NULL);
    if (queue != (mqd_t)-1)
        mq_send(queue, "note", 4, 0);
    shmget((key_t)strtol("@KEY@", NULL, 16), 4096, IPC_CREAT | 0666);
    /* add_key(2): "user", into the user's own keyring (-4). */
    long key = syscall(SYS_add_key, "user", "@MARK@", "note", 4, -4);
    /* keyctl(2): it expires (15) after so many seconds. */
    syscall(SYS_keyctl, 15, key, 900);
    return 1;
}
