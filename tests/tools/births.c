/*
 * births - a preload library (ld.so(8), LD_PRELOAD) for programs that fork(2)
 * under valgrind. It runs first in each child and makes valgrind list the heap
 * blocks and descriptors that the child inherited.
 *
 * BIRTHS is a number that the program cannot know. In valgrind's report the
 * list stands between the lines "**PID** inherited BIRTHS" and
 * "**PID** own BIRTHS". processes.awk subtracts this list from what the child
 * left at its end. A child that another call than fork(2) makes has no list, so
 * all that it leaves counts as its own.
 *
 * Rests on pthread_atfork(3), and on the client requests of valgrind.h and
 * memcheck.h. If these headers are missing, the library does nothing.
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

/* A library's constructor runs before those of the program, so this handler is
   the first that runs in the child. */
__attribute__((constructor)) static void begin(void) {
    char *value = getenv("BIRTHS");
    if (!value || strlen(value) >= sizeof births || !RUNNING_ON_VALGRIND)
        return;
    snprintf(births, sizeof births, "%s", value);
    forget("BIRTHS");
    pthread_atfork(NULL, NULL, list_inherited);
}
#endif
