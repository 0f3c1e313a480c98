/*
 * peer-time - the peer's statements about time: how long something took, and
 * those about a program whose time runs fast (clock.c).
 */
#define _GNU_SOURCE
#include "peer.h"
#include "tables.h"
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

static long long started;

long long now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Used meanwhile by one whose waits are too short to sleep in them. */
enum { BUSY_NS = 10000000 };

/* Whether the program has done what there was to do: it sleeps at this moment,
   is gone, or was busy since it had run for *SINCE. */
static int rests(void *since) {
    struct moment now = process_now(program());
    return (now.state != 'R' && now.state != 'D') ||
           now.ran - *(long long *)since > BUSY_NS;
}

static void let_it_rest(void) {
    long long since = process_now(program()).ran;
    wait_for(rests, &since, -1, 0);
}

/* How the program has ended the connection, in words; NULL: it has not. */
static const char *end_of_connection(void) {
    struct pollfd watch = {this_one()->fd, POLLRDHUP, 0};
    if (this_one()->ended || poll(&watch, 1, 0) != 1)
        return NULL;
    return watch.revents & (POLLERR | POLLHUP) ? "it broke the connection off"
                                               : "it closed the connection";
}

int do_expect_waiting(char **w) {
    long long seconds = strtoll(w[0], NULL, 10);
    long long ns = seconds * 1000000000 / strtoll(w[1], NULL, 10);
    struct timespec t = {ns / 1000000000, ns % 1000000000};
    char expected[128];
    let_it_rest();
    nanosleep(&t, NULL);
    let_it_rest();
    step("for %lld s of the program's time nothing happened", seconds);
    snprintf(expected, sizeof expected,
             "the program still waits after %lld s: the lab sets no limit",
             seconds);
    if (!process_now(program()).state)
        return unmet(expected, "the program had ended");
    const char *end = end_of_connection();
    return end ? unmet(expected, "%s", end) : 0;
}

static int sleeps_or_gone(void *before) {
    return sleeps(before) || !process_now(program()).state;
}

int do_stop_for(char **w) {
    long ms = strtol(w[0], NULL, 10);
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    struct moment before = {0};
    wait_for(sleeps_or_gone, &before, -1, 0);
    if (!program() || send_signal(SIGSTOP) == -1 ||
        !wait_for(stands, NULL, -1, 0))
        return 0;
    nanosleep(&t, NULL);
    send_signal(signal_number(w[1]));
    send_signal(SIGCONT);
    step("stopped the program while it waited, and continued it after %ld ms",
         ms);
    return 0;
}

int do_expect_lasted(char **w) {
    double seconds = strtod(w[0], NULL);
    double took = (double)(now_ms() - started) / 1000 * strtod(w[1], NULL);
    char expected[64];
    /* The end of a time that is less than a millisecond here. */
    if (took >= seconds * 0.95)
        return 0;
    snprintf(expected, sizeof expected, "not before %s s", w[0]);
    return unmet(expected, "after %.4g s of the program's time", took);
}

int do_start_timer(char **w) {
    (void)w;
    started = now_ms();
    return 0;
}

int do_expect_after(char **w) {
    long long took = now_ms() - started;
    char expected[64];
    if (took >= strtol(w[0], NULL, 10))
        return 0;
    snprintf(expected, sizeof expected, "not before %s ms from the start",
             w[0]);
    return unmet(expected, "after %lld ms", took);
}

int do_expect_before(char **w) {
    long long took = now_ms() - started;
    char expected[64];
    if (took <= strtol(w[0], NULL, 10) || is_debugged())
        return 0;
    snprintf(expected, sizeof expected, "within %s ms from the start", w[0]);
    return unmet(expected, "after %lld ms", took);
}
