/*
 * patience - how long a program is waited for on a busy machine.
 *
 * patience(LIMIT, RAN, WAITED), all in ms: the limit of a wait, in real time,
 * for a program that has used the processor for RAN and has waited for one for
 * WAITED so far; see /proc/PID/schedstat in proc(5). Under load a right program
 * is kept from its work (measured: with 35 others on two processors, valgrind
 * took 21 s to begin), and that is not its fault: the time that it waited for a
 * processor does not count. But no wait is longer than three times the limit,
 * and a program that has used the processor for half of the limit has had its
 * time.
 */
#ifndef PATIENCE_H
#define PATIENCE_H

static inline long long patience(long long limit, long long ran,
                                 long long waited) {
    if (ran >= limit / 2)
        return limit;
    return limit + (waited < limit * 2 ? waited : limit * 2);
}

#endif
