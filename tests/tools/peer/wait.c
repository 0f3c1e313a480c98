/*
 * peer-wait - how the peer waits, and when it gives up.
 */
#include "wait.h"
#include "../patience.h"
#include "peer.h"
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IDLE_MS = 2000, ALL_MS = 20000, SLICE_MS = 8 };

static const char *reason = "";

/* What is done again and again (act NULL: nothing), and when. */
static struct {
    int (*act)(void);
    const char *what;
    int times;
    long long every, next, length, end;
} repeated;

const char *gave_up(void) { return reason; }

int is_debugged(void) {
    return peer.debug_file && access(peer.debug_file, F_OK) == 0;
}

/* Does it once more, if it is time for it. Only to a program that sleeps: it
   has then installed what catches a signal. Returns 1 when that is over. */
static int act_again(char state, long long now) {
    static char text[96];
    if (!repeated.act || now < repeated.next)
        return 0;
    if (repeated.times && now >= repeated.end && !is_debugged()) {
        snprintf(text, sizeof text,
                 "not in all the time in which %d %s came, one every %lld ms",
                 repeated.times, repeated.what, repeated.every);
        reason = text;
        return 1;
    }
    if (state == 'S' && repeated.act() == 0) {
        if (!repeated.times++)
            repeated.end = now + repeated.length;
        repeated.next = now + repeated.every;
    }
    return 0;
}

/* Adds what thread T did since it was as in WAS (all 0: it is new). */
static void add_use(struct use *u, const struct thread *t,
                    const struct thread *was) {
    long long ran = (t->ran - was->ran) / 1000000;
    long long wanted = (t->wanted - was->wanted) / 1000000;
    long long wakes = t->wakes - was->wakes;
    u->ran += ran;
    if (t->helper)
        wanted = ran, wakes = 0;
    /* The kernel counts a wait for a processor when it has ended. */
    else if (t->state == 'R' && was->state == 'R' && wakes == 0)
        wanted = u->ms;
    if (wanted > u->ms)
        wanted = u->ms;
    int naps = wakes > 0 && u->ms - wanted < wakes * NAP_MS;
    if (naps > u->naps || (naps == u->naps && wanted >= u->wanted)) {
        u->naps = naps;
        u->wanted = wanted;
        u->waited = wanted - ran;
        u->wakes = wakes;
    }
}

/* How many threads a program has, without helpers. */
static int threads_at(const struct moment *at) {
    int n = 0;
    for (int i = 0; i < at->threads; i++)
        n += !at->thread[i].helper;
    return n;
}

struct use use_between(const struct moment *then, const struct moment *now,
                       long long ms) {
    static const struct thread newborn;
    struct use u = {.ms = ms, .threads = threads_at(now)};
    if (threads_at(then) > u.threads)
        u.threads = threads_at(then);
    for (int i = 0; i < now->threads; i++) {
        const struct thread *was = &newborn;
        for (int k = 0; k < then->threads; k++)
            if (then->thread[k].id == now->thread[i].id)
                was = &then->thread[k];
        add_use(&u, &now->thread[i], was);
    }
    return u;
}

/* Whether the program's time runs fast (clock.c is loaded; proc(5), maps): what
   is a second for it is far less here, and it wakes as much more often. */
static int is_fast(void) {
    char path[64], line[512];
    int found = 0;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)program());
    FILE *f = fopen(path, "re");
    while (f && !found && fgets(line, sizeof line, f))
        found = strstr(line, "/clock.so") != NULL;
    if (f)
        fclose(f);
    return found;
}

const char *restless(const struct use *u, int spins_ms, int polls) {
    static char text[128];
    if (spins_ms && u->ran >= spins_ms)
        snprintf(
            text, sizeof text,
            "it keeps the processor busy: it used %lld ms of it in %lld ms",
            u->ran, u->ms);
    /* With a log the program is under strace(1), and each call looks like a
     * nap. Between two naps of its own there is a fifth of a millisecond and
     * more.
     */
    else if (u->naps && u->wakes >= polls &&
             (u->threads < 2 || !polls || u->ms >= SPINS_MS) &&
             (!peer.log || u->ms * 5 >= u->wakes))
        snprintf(text, sizeof text,
                 "it asks again and again: it woke up %lld times in %lld ms",
                 u->wakes, u->ms);
    else
        return NULL;
    return is_fast() ? NULL : text;
}

const char *how_busy(const struct use *u) {
    static char text[128];
    snprintf(text, sizeof text,
             "it keeps the processor busy: it used it, or waited for it, for "
             "%lld of %lld ms",
             u->wanted, u->ms);
    return text;
}

/* Whether FD is a connection on which we wait for bytes. What a program that
   has ended sent there still comes, with little room by and by; tcp(7). */
static int still_comes(int fd, short events) {
    struct sockaddr_storage there;
    socklen_t size = sizeof there;
    return events & POLLIN &&
           getpeername(fd, (struct sockaddr *)&there, &size) == 0;
}

/* Why a wait is over that did not bring what it was for; NULL: it is not. THEN
   is how the program was at its beginning, AT how it is, after MS. */
static const char *lost_patience(const struct moment *then,
                                 const struct moment *at, long long ms) {
    static char text[128];
    struct use u = use_between(then, at, ms);
    const char *why_not = NULL;
    if (!at->valgrind && !peer.allow_busy)
        why_not = restless(&u, SPINS_MS, POLLS);
    if (why_not || ms < patience(ALL_MS, u.ran, u.waited))
        return why_not;
    /* Among many others it got less of the processor, and woke less often. */
    why_not = restless(&u, ALL_MS / 2, POLLS / 10);
    if (why_not)
        return why_not;
    snprintf(text, sizeof text, "nothing for %lld s", ms / 1000);
    return u.wanted > ms * 3 / 4 ? how_busy(&u) : text;
}

int wait_for(int (*cond)(void *data), void *data, int fd, short events) {
    long long begun = now_ms(), moved = begun, busy = -1;
    struct moment then = {0}, last = {0};
    for (int slice = 1;; slice = slice < SLICE_MS ? slice * 2 : SLICE_MS) {
        /* Looked at before the condition: what the program did last counts. */
        pid_t pid = program();
        struct moment at =
            pid ? process_now(pid) : (struct moment){.state = '?'};
        int done = cond(data);
        if (done)
            return done;
        long long now = now_ms();
        /* The times of one that waits for a processor stand still, too. */
        int debugged = at.state && is_debugged();
        if (at.busy != busy || at.state == 'R' || at.state == '?' || debugged)
            moved = now;
        busy = at.busy;
        /* What it does after the debugger counts from its end on. */
        if (!then.state || then.state == '?' || debugged) {
            then = at;
            begun = now;
        }
        int idle = now - moved >= IDLE_MS;
        if (idle || (!at.state && !still_comes(fd, events))) {
            reason = "nothing for 2 s, while the program slept";
            if (!at.state) {
                /* At its deadline, maybe, and it had used all its time. */
                struct use u = use_between(&then, &last, now - begun);
                reason = u.wanted > ALL_MS * 3 / 4
                             ? "it kept the processor busy until it was ended"
                             : "the program had ended";
            }
            return 0;
        }
        if (act_again(at.state, now))
            return 0;
        const char *why_not = lost_patience(&then, &at, now - begun);
        if (why_not) {
            reason = why_not;
            return 0;
        }
        last = at;
        struct pollfd watch = {fd, events, 0};
        poll(&watch, 1, slice);
        /* An end or an error wakes poll at once and always: do not spin. */
        if (watch.revents & ~events)
            poll(NULL, 0, 1);
    }
}

int can_read(void *fd) {
    struct pollfd watch = {*(int *)fd, POLLIN, 0};
    return poll(&watch, 1, 0) == 1;
}

int can_write(void *fd) {
    struct pollfd watch = {*(int *)fd, POLLOUT, 0};
    return poll(&watch, 1, 0) == 1;
}

void repeat(int (*act)(void), const char *what, long every, long length) {
    repeated.act = act;
    repeated.what = what;
    repeated.every = every;
    repeated.next = now_ms() + every;
    repeated.length = length;
    repeated.times = 0;
}
