/*
 * peer-program - the peer's waiting, and its statements about the program:
 * where it listens, whether it sleeps, what it has printed. See peer.c.
 */
#include "bytes.h"
#include "peer.h"
#include "tables.h"
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { IDLE_MS = 2000, ALL_MS = 20000, SLICE_MS = 8 };

static const char *reason = "";
static long long marked;

/* The signal that comes again and again (0: none), and when. */
static struct {
    int signal, times;
    long long every, next, length, end;
} nagging;

static long long now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

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

const char *gave_up(void) { return reason; }

/* Sends the next signal, if it is time for it. Only to a program that sleeps:
   it has then installed what catches it. Returns 1 when that is over. */
static int nag(pid_t pid, char state, long long now) {
    static char text[96];
    if (!nagging.signal || now < nagging.next)
        return 0;
    if (nagging.times && now >= nagging.end) {
        snprintf(text, sizeof text,
                 "not in all the time in which %d signals came, one every "
                 "%lld ms",
                 nagging.times, nagging.every);
        reason = text;
        return 1;
    }
    if (state == 'S' && kill(pid, nagging.signal) == 0) {
        if (!nagging.times++)
            nagging.end = now + nagging.length;
        nagging.next = now + nagging.every;
    }
    return 0;
}

/* Whether FD is a connection on which we wait for bytes. What a program that
   has ended sent there still comes, with little room by and by; tcp(7). */
static int still_comes(int fd, short events) {
    struct sockaddr_storage there;
    socklen_t size = sizeof there;
    return events & POLLIN &&
           getpeername(fd, (struct sockaddr *)&there, &size) == 0;
}

int wait_for(int (*cond)(void *data), void *data, int fd, short events) {
    long long begun = now_ms(), moved = begun, first = -1;
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
        if (at.first != first || at.state == 'R' || at.state == 'D' ||
            at.state == '?')
            moved = now;
        first = at.first;
        int idle = now - moved >= IDLE_MS;
        if (idle || (!at.state && !still_comes(fd, events))) {
            reason = at.state ? "nothing for 2 s, while the program slept"
                              : "the program had ended";
            return 0;
        }
        if (nag(pid, at.state, now))
            return 0;
        if (now - begun >= ALL_MS) {
            reason = "nothing for 20 s";
            return 0;
        }
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

void step(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("step\t", peer.evidence);
    vfprintf(peer.evidence, format, args);
    fputc('\n', peer.evidence);
    va_end(args);
}

int unmet(const char *expected, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fprintf(peer.evidence, "expected\t%s\ngot\t", expected);
    vfprintf(peer.evidence, format, args);
    fputc('\n', peer.evidence);
    va_end(args);
    return 1;
}

const char *why(int error) {
    static char text[160];
    const char *gloss = NULL;
    switch (error) {
    case ECONNREFUSED:
        gloss = "no socket listens at that address and port";
        break;
    case ECONNRESET:
        gloss = "the other end closed with bytes unread, or aborted";
        break;
    case EPIPE:
        gloss = "the other end had already closed";
        break;
    case EADDRNOTAVAIL:
        gloss = "not an address of this machine";
        break;
    case ETIMEDOUT:
        gloss = "nobody answered in time";
        break;
    default:
        break;
    }
    snprintf(text, sizeof text, gloss ? "%s (%s)" : "%s", strerror(error),
             gloss);
    return text;
}

const char *name_of(const struct sockaddr_storage *a) {
    static char names[4][64];
    static int next;
    char host[INET6_ADDRSTRLEN];
    char *name = names[next++ % 4];
    if (a->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)a;
        inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
        snprintf(name, sizeof names[0], "%s:%d", host, ntohs(in->sin_port));
    } else {
        const struct sockaddr_in6 *in6 = (const void *)a;
        const unsigned char *bytes = in6->sin6_addr.s6_addr;
        int mapped = IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr);
        if (mapped)
            inet_ntop(AF_INET, bytes + 12, host, sizeof host);
        else
            inet_ntop(AF_INET6, bytes, host, sizeof host);
        snprintf(name, sizeof names[0], mapped ? "%s:%d" : "[%s]:%d", host,
                 ntohs(in6->sin6_port));
    }
    return name;
}

static int listens(void *data) {
    struct tcp_socket *found = data;
    int n = tcp_listening(program(), found);
    if (n == -1)
        err(3, "asking the kernel for its sockets (sock_diag)");
    return n;
}

int do_listening(char **w) {
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

int do_listening_at(char **w) {
    char expected[128];
    if (do_listening(w) != 0)
        return 1;
    if (strcmp(name_of(&peer.listening), w[0]) == 0)
        return 0;
    snprintf(expected, sizeof expected, "a socket that listens on %s", w[0]);
    const char *name = name_of(&peer.listening);
    int turned = strtoul(strrchr(name, ':') + 1, NULL, 10) == turned_port(w[0]);
    return unmet(expected, "it listens on %s%s", name, turned ? TURNED : "");
}

int do_backlog(char **w) {
    char expected[64];
    if (peer.backlog == strtol(w[0], NULL, 10))
        return 0;
    snprintf(expected, sizeof expected, "a backlog of %s", w[0]);
    return unmet(expected, "a backlog of %d (ss -ltn shows it as Send-Q)",
                 peer.backlog);
}

/* Asks anew: a program may call listen(2) again, with another number. */
int do_backlog_at_least(char **w) {
    char expected[64];
    if (do_listening(w) != 0)
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

/* Whether the program has used the processor for 4 s since it had used SINCE:
   even in valgrind, nothing that a right one does takes as long. */
static int spins(long long since) {
    enum { LONG_MS = 4000 };
    return program() &&
           (process_now(program()).ran - since) / 1000000 > LONG_MS;
}

int settled(void *data) {
    return sleeps(data) || spins(0) || (peer.out_file && count_lines());
}

struct rest {
    struct moment before;
    long long since, busy, wanted; /* ns: had run, had been busy, was since */
};

static int sleeps_or_spins(void *data) {
    struct rest *r = data;
    int asleep = sleeps(&r->before);
    /* Less than before is what is left of one that is ending. */
    if (r->before.busy - r->busy > r->wanted)
        r->wanted = r->before.busy - r->busy;
    return asleep ? 1 : spins(r->since) ? 2 : 0;
}

int do_asleep(char **w) {
    const char *expected = "the program waits in a system call";
    struct rest r = {.since = 0};
    (void)w;
    if (program()) {
        struct moment now = process_now(program());
        r.since = now.ran;
        r.busy = now.busy;
    }
    switch (wait_for(sleeps_or_spins, &r, -1, 0)) {
    case 0:
        /* On a loaded machine it gets little of the processor it wants, and
           the launcher's deadline, which began earlier, may end it first. */
        if (r.wanted / 1000000 < ALL_MS * 3 / 4)
            return unmet(expected, "it does not sleep: %s", gave_up());
        break;
    case 1:
        return 0;
    default:
        break;
    }
    return unmet(expected, "it keeps the processor busy all the time");
}

static int is_gone(void *data) {
    (void)data;
    return program() && !process_now(program()).state;
}

int do_ended(char **w) {
    (void)w;
    if (!wait_for(is_gone, NULL, -1, 0))
        return unmet("the program ends by itself", "it still runs: %s",
                     gave_up());
    return 0;
}

static int has_lines(void *data) { return count_lines() >= *(int *)data; }

/* A program that has ended may have its last lines still on the way to the
   launcher, which makes the file read-only when it has them all. */
static void wait_for_the_rest(void) {
    struct stat s = {0};
    for (int ms = 0; ms < 5000 && !process_now(program()).state; ms += 5) {
        if (stat(peer.out_file, &s) == -1 || !(s.st_mode & S_IWUSR))
            return;
        poll(NULL, 0, 5);
    }
}

int do_lines(char **w) {
    int want = (int)strtol(w[0], NULL, 10);
    char expected[96];
    if (!peer.out_file)
        errx(2, "lines needs -o");
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

static int has_fds(void *data) {
    return process_fds(program()) == *(int *)data;
}

int do_fds(char **w) {
    int want = (int)strtol(w[0], NULL, 10);
    char expected[96];
    if (wait_for(has_fds, &want, -1, 0))
        return 0;
    snprintf(expected, sizeof expected, "%d open descriptors", want);
    return unmet(expected, "%d (ls -l /proc/PID/fd shows them): %s",
                 process_fds(program()), gave_up());
}

int do_idle(char **w) {
    long long used = 0;
    (void)w;
    /* Three windows: under load one harmless wake-up (a late acknowledgement of
       a FIN is one) can cost more than a tenth of the first. */
    for (int i = 0; i < 3; i++) {
        struct moment before = process_now(program());
        poll(NULL, 0, 100);
        struct moment after = process_now(program());
        if (!after.state)
            return unmet("the program sleeps while it has nothing to do",
                         "it had ended");
        used = (after.busy - before.busy) / 1000000;
        /* The times of one that waits for a processor stand still, too. */
        if (used < 10 && before.state == 'R' && after.state == 'R')
            used = 100;
        if (used < 10)
            return 0;
    }
    return unmet("the program sleeps while it has nothing to do",
                 "it used the processor for %lld of 100 ms", used);
}

static int stands(void *data) {
    (void)data;
    return process_now(program()).state == 'T';
}

int do_signal(char **w) {
    int sig = (int)strtol(w[0], NULL, 10);
    pid_t pid = program();
    if (!pid || kill(pid, sig) == -1)
        return unmet("the program runs", "it had ended");
    if (sig == SIGSTOP && !wait_for(stands, NULL, -1, 0))
        return unmet("the program can be stopped", "%s", gave_up());
    step("signal %s to the program", strsignal(sig));
    return 0;
}

int do_nag(char **w) {
    nagging.signal = (int)strtol(w[0], NULL, 10);
    nagging.every = strtol(w[1], NULL, 10);
    nagging.next = now_ms() + nagging.every;
    nagging.length = strtol(w[2], NULL, 10);
    nagging.times = 0;
    if (nagging.signal)
        step("signal %s to the program every %s ms", strsignal(nagging.signal),
             w[1]);
    return 0;
}

int do_mark(char **w) {
    (void)w;
    marked = now_ms();
    return 0;
}

int do_after(char **w) {
    long long took = now_ms() - marked;
    char expected[64];
    if (took >= strtol(w[0], NULL, 10))
        return 0;
    snprintf(expected, sizeof expected, "not before %s ms", w[0]);
    return unmet(expected, "after %lld ms", took);
}

int do_before(char **w) {
    long long took = now_ms() - marked;
    char expected[64];
    if (took <= strtol(w[0], NULL, 10))
        return 0;
    snprintf(expected, sizeof expected, "within %s ms", w[0]);
    return unmet(expected, "after %lld ms", took);
}
