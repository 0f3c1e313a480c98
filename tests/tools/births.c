/*
 * births - a preload library (ld.so(8), LD_PRELOAD) for programs that fork(2)
 * under valgrind: each child, before it does anything, has valgrind list the
 * heap blocks and descriptors that it got from its parent.
 *
 * BIRTHS is a number that the program cannot know. In valgrind's report the
 * list stands between the lines "**PID** inherited BIRTHS" and
 * "**PID** own BIRTHS"; processes.awk takes what is in it out of what the child
 * left at its end. A child that is made by another call than fork(2) has no
 * such list, and all that it leaves is its own.
 *
 * Rests on pthread_atfork(3), and on the requests of valgrind.h and memcheck.h:
 * where these headers are missing the library does nothing.
 */
#if __has_include(<valgrind/memcheck.h>)
#include "preload.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/memcheck.h>

static char births[32];

static void list_inherited(void) {
    VALGRIND_PRINTF("inherited %s\n", births);
    VALGRIND_DO_LEAK_CHECK;
    VALGRIND_MONITOR_COMMAND("v.info open_fds");
    VALGRIND_PRINTF("own %s\n", births);
}

/* A constructor of a library runs before those of the program: its handler is
   the first one in the child. */
__attribute__((constructor)) static void begin(void) {
    char *value = getenv("BIRTHS");
    if (!value || strlen(value) >= sizeof births || !RUNNING_ON_VALGRIND)
        return;
    snprintf(births, sizeof births, "%s", value);
    forget("BIRTHS");
    pthread_atfork(NULL, NULL, list_inherited);
}
#endif
