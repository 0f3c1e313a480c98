/*
 * patience - how long the kit waits for a program on a busy machine.
 *
 * patience(LIMIT, RAN, WAITED) returns the longest wait, in real time. All are
 * in ms. RAN is how long the program has used the processor, WAITED how long it
 * has waited for a processor; see /proc/PID/schedstat in proc(5). Under load a
 * right program has to wait for a processor (measured: with 35 other programs
 * on two processors, valgrind took 21 s to start). This time does not count
 * against the program. But no wait is longer than three times LIMIT. If the
 * program has used the processor for half of LIMIT or more, the wait is LIMIT.
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
