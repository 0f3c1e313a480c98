/*
 * peer-resources - the peer's statements about what a connection costs the
 * program: its memory, its wake-ups, the bytes that it keeps.
 * README.md describes them.
 */
#include "peer.h"
#include "tables.h"
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long long noted_kib;

/* The private memory of the program, of all its processes together, in KiB. */
static long long private_memory(void) {
    pid_t list[MOST];
    long long all = 0, kib = 0;
    int count = program() ? processes(program(), list) : 0;
    for (int i = 0; i < count; i++) {
        char path[128], line[256];
        process_file(list[i], "smaps_rollup", path, sizeof path);
        FILE *f = fopen(path, "re");
        /* A child may have ended meanwhile. */
        if (!f && errno != ENOENT && errno != ESRCH)
            err(3, "%s", path);
        /* Pages of files are private while nobody else has them open: that
           depends on other programs. What a program writes is always dirty. */
        while (f && fgets(line, sizeof line, f))
            if (sscanf(line, "Private_Dirty: %lld", &kib) == 1)
                all += kib;
        if (f)
            fclose(f);
    }
    return all;
}

int do_note_memory(char **w) {
    (void)w;
    noted_kib = private_memory();
    if (noted_kib == 0)
        return unmet("the program runs", "it had ended");
    return 0;
}

int do_expect_growth_below(char **w) {
    long long grown = private_memory() - noted_kib;
    char expected[96];
    if (grown < strtoll(w[0], NULL, 10))
        return 0;
    snprintf(expected, sizeof expected,
             "the program's memory grows by less than %s KiB", w[0]);
    return unmet(expected,
                 "it has grown by %lld KiB (/proc/PID/smaps_rollup, "
                 "Private_Dirty)",
                 grown);
}

/* What all threads of a program did between two moments, without helpers. */
struct activity {
    long long ran;   /* ns of a processor */
    long long wakes; /* how often one slept and went on */
    long long ms;    /* between the two moments */
};

static struct activity activity_between(const struct moment *then,
                                        const struct moment *now) {
    struct activity all = {0};
    for (int i = 0; i < now->threads; i++) {
        const struct thread *t = &now->thread[i];
        if (t->helper)
            continue;
        all.ran += t->ran;
        all.wakes += t->wakes;
        for (int k = 0; k < then->threads; k++) {
            if (then->thread[k].id == t->id) {
                all.ran -= then->thread[k].ran;
                all.wakes -= then->thread[k].wakes;
            }
        }
    }
    return all;
}

int do_expect_quiet(char **w) {
    enum { WINDOW_MS = 200, WINDOWS = 15, A_SECOND = 5, STARVED = 40 };
    const char *kind = "it keeps the processor busy";
    long long most = strtoll(w[0], NULL, 10), since = now_ms();
    struct activity all = {0};  /* what it did in several windows */
    struct activity told = {0}; /* what shows that it was not quiet */
    struct moment before = process_now(program());
    char expected[128];
    if (is_debugged())
        return 0;
    snprintf(expected, sizeof expected,
             "the program sleeps, and wakes up at most %lld times a second",
             most);
    /* One window in which it was quiet will do: what was before may still wake
       it up, late on a busy machine. A short window cannot tell 10 times a
       second from 16: if it woke up more than half as often as it may, it is
       looked at for a second. */
    for (int i = 0, starved = 0, windows = 0; i < WINDOWS; i++) {
        poll(NULL, 0, WINDOW_MS);
        struct moment after = process_now(program());
        long long now = now_ms();
        if (!after.state)
            return unmet(expected, "it had ended");
        struct activity did = activity_between(&before, &after);
        did.ms = now - since;
        int many = did.wakes * 1000 > most * did.ms + 1000;
        int few = did.wakes * 2000 <= most * did.ms;
        /* A program that naps as long as this window may be seen each time at
           the moment in which it wakes: but it has slept since the last. */
        int awake = before.state != 'S' && after.state != 'S' && did.wakes == 0;
        int busy = awake || did.ran * 10 >= did.ms * 1000000;
        /* It waits for a processor: such a window says nothing. */
        if (awake && did.ran == 0 && starved++ < STARVED)
            i--;
        if (few && !busy)
            return 0;
        before = after;
        since = now;
        if (busy) {
            told = did;
            kind = many ? "it asks again and again"
                        : "it keeps the processor busy";
            continue;
        }
        all.wakes += did.wakes;
        all.ran += did.ran;
        all.ms += did.ms;
        if (++windows < A_SECOND)
            continue;
        if (all.wakes * 1000 <= most * all.ms + 2000)
            return 0;
        told = all;
        kind = "it asks again and again";
        all = (struct activity){0};
        windows = 0;
    }
    return unmet(expected,
                 "%s: it woke up %lld times and ran %lld ms in %lld ms", kind,
                 told.wakes, told.ran / 1000000, told.ms);
}

/* By the kernel's counters: how many bytes more of this connection were read
   than sent. */
static long long kept(const struct tcp_socket *other) {
    return (long long)other->arrived - other->unread - (long long)other->sent;
}

int do_expect_kept_at_most(char **w) {
    struct tcp_socket other;
    char expected[128];
    if (!other_end(&other))
        return unmet("the program keeps the connection", "it has closed it");
    if (kept(&other) <= strtoll(w[0], NULL, 10))
        return 0;
    snprintf(expected, sizeof expected,
             "the program has read at most %s bytes more than it has sent",
             w[0]);
    return unmet(
        expected, "it has read %lld bytes, and sent %llu: it keeps %lld",
        kept(&other) + (long long)other.sent, other.sent, kept(&other));
}

struct flood {
    int fd;
    struct moment before;
    long long since; /* ms, it has looked full; 0: it does not */
};

/* Whether it will stay so: 1, else 0. An acknowledgement that is still to come
   makes room, within 200 ms; so does the first window probe, after 200 ms,
   when the kernel then gives the other socket a larger buffer; tcp(7). A
   program that sleeps in send(2) would go on with it. */
static int is_still(struct flood *f) {
    enum { PROBED_MS = 450 };
    if (!f->since)
        f->since = now_ms();
    return now_ms() - f->since > PROBED_MS;
}

/* Whether more can be sent (1), or the program sleeps though it has bytes to
   read or, of pieces, bytes to send (2), or has closed the connection (2). */
static int can_write_or_full(void *data) {
    struct flood *f = data;
    struct tcp_socket other;
    if (!peer.piece_size && can_write(&f->fd))
        return 1;
    if (!sleeps(&f->before)) {
        f->since = 0;
        return 0;
    }
    if (!other_end(&other))
        return 2;
    if (other.unread > 0)
        return is_still(f) ? 2 : 0;
    if (!peer.piece_size || other.arrived < this_one()->sent)
        return 0;
    return kept(&other) <= 0 ? 1 : is_still(f) ? 2 : 0;
}

/* Sends BYTES, if they can be sent at once. Returns whether the connection is
   full then (1), or -1 when the wait for that was given up. */
static int flood(const char *bytes, size_t size) {
    struct connection *c = this_one();
    struct flood f = {.fd = c->fd};
    ssize_t n = send(c->fd, bytes, size, MSG_NOSIGNAL);
    if (n == -1 && errno != EAGAIN)
        return 1;
    if (n > 0) {
        c->flooded += (size_t)n;
        c->sent += (size_t)n;
        if (!peer.piece_size)
            return 0;
    }
    int result =
        wait_for(can_write_or_full, &f, f.fd, peer.piece_size ? 0 : POLLOUT);
    return result - 1;
}

int do_send_until_full(char **w) {
    char buf[65536];
    struct stat s;
    struct connection *c = this_one();
    size_t piece = peer.piece_size ? peer.piece_size : sizeof buf;
    int full = 0;
    FILE *file = fopen(w[0], "re");
    if (!file || fstat(fileno(file), &s) == -1)
        err(3, "%s", w[0]);
    while (full == 0 && c->flooded < (size_t)s.st_size) {
        if (fseek(file, (long)c->flooded, SEEK_SET) != 0)
            err(3, "%s", w[0]);
        full = flood(
            buf, fread(buf, 1, piece < sizeof buf ? piece : sizeof buf, file));
    }
    fclose(file);
    if (full == -1)
        return unmet("the program reads what is sent to it, or sleeps",
                     "%s, after %zu of %lld bytes", gave_up(), c->flooded,
                     (long long)s.st_size);
    step("sent %zu of %lld bytes, and read no answer: %s", c->flooded,
         (long long)s.st_size, full ? "no more were taken" : "all were taken");
    return 0;
}
