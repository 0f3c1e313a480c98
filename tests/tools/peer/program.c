/*
 * peer-program - the peer's statements about the program: where it listens,
 * whether it sleeps, what it has printed.
 */
#include "peer.h"
#include "wait.h"
#include <err.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

pid_t program(void) {
    static pid_t known;
    int n = 0;
    if (known || !peer.pid_file)
        return known;
    FILE *f = fopen(peer.pid_file, "re");
    if (f) {
        if (fscanf(f, "%d", &n) == 1)
            known = n;
        fclose(f);
    }
    return known;
}

static int listens(void *data) {
    struct tcp_socket *found = data;
    int n = tcp_listening(program(), found);
    if (n == -1)
        err(3, "asking the kernel for its sockets (sock_diag, tcp_diag)");
    return n;
}

int do_wait_listening(char **w) {
    struct tcp_socket found;
    (void)w;
    if (!wait_for(listens, &found, -1, 0))
        return unmet("the program listens on a TCP socket",
                     "it listens on none: %s", gave_up());
    peer.listening = found.local;
    peer.backlog = (int)found.room;
    step("the program listens on %s", name_of(&found.local));
    return 0;
}

unsigned turned_port(const char *address) {
    const char *colon = strrchr(address, ':');
    unsigned port = colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 0;
    unsigned turned = (port & 255) << 8 | port >> 8;
    return turned == port ? 0 : turned;
}

int expect_found_at(const char *a_socket, const char *it, const char *want) {
    const char *name = name_of(&peer.listening);
    char expected[128];
    if (strcmp(name, want) == 0)
        return 0;
    snprintf(expected, sizeof expected, "%s %s", a_socket, want);
    int turned = strtoul(strrchr(name, ':') + 1, NULL, 10) == turned_port(want);
    return unmet(expected, "%s %s%s", it, name, turned ? TURNED : "");
}

int do_wait_listening_at(char **w) {
    if (is_path(w[0]))
        return wait_listening_at_path(w[0]);
    if (do_wait_listening(w) != 0)
        return 1;
    return expect_found_at("a socket that listens on", "it listens on", w[0]);
}

int do_expect_backlog(char **w) {
    char expected[64];
    if (peer.backlog == strtol(w[0], NULL, 10))
        return 0;
    snprintf(expected, sizeof expected, "a backlog of %s", w[0]);
    return unmet(expected, "a backlog of %d (ss -ltn shows it as Send-Q)",
                 peer.backlog);
}

/* Asks anew: a program may call listen(2) again, with another number. */
int do_expect_backlog_at_least(char **w) {
    char expected[64];
    if (do_wait_listening(w) != 0)
        return 1;
    if (peer.backlog >= strtol(w[0], NULL, 10))
        return 0;
    snprintf(expected, sizeof expected, "a backlog of at least %s", w[0]);
    return unmet(expected, "a backlog of %d (ss -ltn shows it as Send-Q)",
                 peer.backlog);
}

int sleeps(void *data) {
    struct moment *before = data;
    struct moment now = process_now(program());
    /* Of a program that naps for a few milliseconds, two looks that are far
       from each other never see the same nap. */
    if (now.state == 'S' &&
        (before->state != 'S' || now.busy != before->busy)) {
        *before = now;
        poll(NULL, 0, 1);
        now = process_now(program());
    }
    int same =
        now.state == 'S' && before->state == 'S' && now.busy == before->busy;
    *before = now;
    return same;
}

static int count_lines(void) {
    FILE *f = fopen(peer.out_file, "re");
    int lines = 0;
    if (!f)
        return 0;
    for (int c = 0; (c = fgetc(f)) != EOF;)
        lines += c == '\n';
    fclose(f);
    return lines;
}

int settled(void *data) {
    return sleeps(data) || process_now(program()).ran / 1000000 > SPINS_MS ||
           (peer.out_file && count_lines());
}

struct rest {
    struct moment begun, before;
    long long since;
    const char *why_not;
};

/* Whether it sleeps (1), or never will (2). */
static int sleeps_or_not(void *data) {
    struct rest *r = data;
    if (sleeps(&r->before))
        return 1;
    if (is_debugged())
        return 0;
    struct use u = use_between(&r->begun, &r->before, now_ms() - r->since);
    r->why_not = restless(&u, r->before.valgrind ? SPINS_MS * 2 : SPINS_MS / 2,
                          POLLS / 5);
    return r->why_not ? 2 : 0;
}

int do_wait_asleep(char **w) {
    const char *expected = "the program waits in a system call";
    struct rest r = {.since = now_ms()};
    (void)w;
    if (program())
        r.begun = process_now(program());
    switch (wait_for(sleeps_or_not, &r, -1, 0)) {
    case 0:
        return unmet(expected, "it does not sleep: %s", gave_up());
    case 1:
        return 0;
    default:
        return unmet(expected, "it does not sleep: %s", r.why_not);
    }
}

int is_gone(void *data) {
    (void)data;
    return program() && !process_now(program()).state;
}

/* A program that has ended may have its last lines still on the way to the
   launcher, which makes the file read-only when it has them all, and when it
   has counted and ended the processes that were left. */
static void wait_for_the_rest(void) {
    struct stat s = {0};
    for (int ms = 0; ms < 5000 && is_gone(NULL); ms++) {
        if (!peer.out_file || stat(peer.out_file, &s) == -1 ||
            !(s.st_mode & S_IWUSR))
            return;
        poll(NULL, 0, 1);
    }
}

int do_wait_ended(char **w) {
    (void)w;
    if (!wait_for(is_gone, NULL, -1, 0))
        return unmet("the program ends by itself", "it still runs: %s",
                     gave_up());
    /* A client that leaves now would let a process end that has outlived its
       parent. */
    wait_for_the_rest();
    return 0;
}

static int has_lines(void *data) { return count_lines() >= *(int *)data; }

int do_wait_lines(char **w) {
    int want = (int)strtol(w[0], NULL, 10);
    char expected[96];
    if (!peer.out_file)
        errx(2, "wait-lines needs -o");
    if (wait_for(has_lines, &want, -1, 0))
        return 0;
    wait_for_the_rest();
    if (has_lines(&want))
        return 0;
    snprintf(expected, sizeof expected,
             "%d line%s on standard output, flushed, while it runs", want,
             want == 1 ? "" : "s");
    return unmet(expected, "%d so far: %s", count_lines(), gave_up());
}

int do_expect_fds(char **w) {
    int want = (int)strtol(w[0], NULL, 10), open = process_fds(program());
    char expected[96];
    if (open == want)
        return 0;
    snprintf(expected, sizeof expected, "%d open descriptors", want);
    return unmet(expected, "%d (ls -l /proc/PID/fd shows them)", open);
}

/* Whether the program slept in a window of WINDOW_MS, as the contract measures
   it: at both ends of it, and it used or wanted less than a tenth between. */
static int slept(const struct moment *before, const struct moment *after,
                 const struct use *u) {
    return before->state == 'S' && after->state == 'S' &&
           u->wanted * 10 < u->ms && u->ran * 10 < u->ms && !u->naps;
}

int do_expect_idle(char **w) {
    enum { WINDOW_MS = 100, WINDOWS = 10 };
    const char *expected = "the program sleeps while it has nothing to do";
    long long begun = now_ms(), since = begun;
    struct moment first = process_now(program()), before = first, after;
    struct use u = {0};
    (void)w;
    if (is_debugged())
        return 0;
    /* One window in which it slept will do: under load one harmless wake-up (a
       late acknowledgement of a FIN is one) can cost more than a tenth. */
    for (int i = 0; i < WINDOWS; i++) {
        poll(NULL, 0, WINDOW_MS);
        long long now = now_ms();
        after = process_now(program());
        if (!after.state)
            return unmet(expected, "it had ended");
        u = use_between(&before, &after, now - since);
        if (slept(&before, &after, &u))
            return 0;
        before = after;
        since = now;
    }
    u = use_between(&first, &after, since - begun);
    if (u.naps && restless(&u, 0, 0))
        return unmet(expected, "%s", restless(&u, 0, 0));
    /* It waits for a processor when it wakes now and then, which on a busy
       machine takes long. But it sleeps between. */
    if (u.wakes * WINDOW_MS >= u.ms && u.ran * 10 < u.ms)
        return 0;
    return unmet(expected, "%s", how_busy(&u));
}

int do_allow_busy(char **w) {
    (void)w;
    peer.allow_busy = 1;
    return 0;
}

int do_allow_unread(char **w) {
    (void)w;
    peer.allow_unread = 1;
    return 0;
}
