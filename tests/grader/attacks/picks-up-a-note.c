/*
 * attack: looks for a note that a friend's submission has left
 * row: B9
 * would show: 'worked:'
 * unconfined: works
 * defence: private /tmp, /dev/shm and IPC for each run; file locks stay a
 *   known limit
 */
#include "attack.h"
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/syscall.h>

int main(void) {
    spill("/tmp/@MARK@-leaves-a-note");
    spill("/var/tmp/@MARK@-leaves-a-note");
    spill("/dev/shm/@MARK@-leaves-a-note");
    if (mq_open("/@MARK@", O_RDONLY) != (mqd_t)-1)
        worked("a queue");
    if (shmget((key_t)strtol("@KEY@", NULL, 16), 4096, 0) != -1)
        worked("shared memory");
    if (syscall(SYS_request_key, "user", "@MARK@", NULL, 0) != -1)
        worked("a keyring");
    return 1;
}
