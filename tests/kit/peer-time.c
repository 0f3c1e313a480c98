/*
 * peer-time - the peer's statement about a program whose time runs fast
 * (clock.c): it waits as long as it is kept waiting. See peer.c.
 */
#define _GNU_SOURCE
#include "peer.h"
#include "tables.h"
#include <poll.h>
#include <stdlib.h>
#include <time.h>

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

int do_pass(char **w) {
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
