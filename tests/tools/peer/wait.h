/*
 * peer-wait - what a program did while the peer waited: wait.c.
 */
#ifndef WAIT_H
#define WAIT_H

#include "tables.h"

/*
 * What no right program does while it waits. SPINS_MS of a processor: even a
 * slow machine does more in that time than any test asks for between two
 * answers (valgrind, which begins slowly, is left alone, and so is a program
 * after allow-busy). POLLS wakes between which it sleeps for less than NAP_MS.
 * Both are the same under load, only later: they count what a program got, and
 * how often it slept, not what a clock says. Threads that hand each other a
 * line at a time sleep as often while they work: they have SPINS_MS for it.
 */
enum { SPINS_MS = 2000, POLLS = 1000, NAP_MS = 5 };

/* What a program did between two moments. */
struct use {
    long long ms;     /* between them */
    long long ran;    /* ms that all its threads used a processor */
    long long wanted; /* ms that the busiest used one or waited for one */
    long long waited; /* ms that it waited for one */
    long long wakes;  /* how often that one slept and went on */
    int naps;         /* and it slept for less than NAP_MS each time */
    int threads;      /* how many there were, without helpers */
};

/* What it did between the moments THEN and NOW, MS apart: that of the thread
   that wanted the most. */
struct use use_between(const struct moment *then, const struct moment *now,
                       long long ms);
/* What a program did wrong that spins or polls, in words; else NULL. It spins
   from SPINS ms of a processor on (0: it may), and polls from POLLS wakes. */
const char *restless(const struct use *u, int spins_ms, int polls);
/* What a program did wrong that wants the processor all the time. */
const char *how_busy(const struct use *u);

#endif
