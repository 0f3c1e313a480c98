/*
 * peer-program - the peer's waiting, and its statements about the program:
 * where it listens, whether it sleeps, what it has printed.
 */
#include "../patience.h"
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
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { IDLE_MS = 2000, ALL_MS = 20000, SLICE_MS = 8 };

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

static const char *reason = "";

/* What is done again and again (act NULL: nothing), and when. */
static struct {
    int (*act)(void);
    const char *what;
    int signal, times;
    long long every, next, length, end;
} repeated;

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

static struct use use_between(const struct moment *then,
                              const struct moment *now, long long ms) {
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

/* What a program did wrong that spins or polls, in words; else NULL. */
static const char *restless(const struct use *u, int spins_ms, int polls) {
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

/* What a program did wrong that wants the processor all the time. */
static const char *how_busy(const struct use *u) {
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

void step(const char *format, ...) {
    va_list args;
    if (peer.hidden)
        return;
    va_start(args, format);
    fputs("step\t", peer.evidence);
    vfprintf(peer.evidence, format, args);
    fputc('\n', peer.evidence);
    va_end(args);
}

void note_heard(void) {
    char path[512];
    struct stat s;
    pid_t pid = program();
    if (!pid || !process_now(pid).state)
        return;
    FILE *f = fopen(peer.pid_file, "re");
    if (!f)
        return;
    int n = fscanf(f, "%*d %500[^\n]", path);
    fclose(f);
    if (n != 1) {
        const char *slash = strrchr(peer.pid_file, '/');
        int length = slash ? (int)(slash - peer.pid_file) : 0;
        snprintf(path, sizeof path, "%.*s/err", length, peer.pid_file);
    }
    /* The launcher, its parent, sleeps when it has kept all that came. */
    pid_t parent = process_parent(pid);
    for (int ms = 0; ms < 2000 && process_now(parent).state == 'R'; ms++)
        poll(NULL, 0, 1);
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (stat(path, &s) == 0)
        fprintf(peer.evidence, "heard\t%lld %lld.%06ld\n", (long long)s.st_size,
                (long long)t.tv_sec, t.tv_nsec / 1000);
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
    if (a->ss_family == AF_UNIX)
        return "a Unix socket";
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

int signal_number(const char *name) {
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"none", 0},       {"STOP", SIGSTOP}, {"CONT", SIGCONT},
                   {"TERM", SIGTERM}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2},
                   {"INT", SIGINT},   {"KILL", SIGKILL}};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (strcmp(signals[i].name, name) == 0)
            return signals[i].number;
    errx(2, "not a signal: %s", name);
}

/* Sends SIG to each thread of process PID that sleeps or stands: each must go
   on after EINTR, and the kernel would choose one alone. Returns how many got
   it. */
static int wake_threads(pid_t pid, const struct moment *at, int sig) {
    int count = 0;
    for (int i = 0; i < at->threads; i++) {
        const struct thread *t = &at->thread[i];
        if (t->process == pid && !t->helper && t->state != 'R')
            count += syscall(SYS_tgkill, pid, t->id, sig) == 0;
    }
    return count;
}

int send_signal(int sig) {
    pid_t list[MOST];
    int count = program() ? processes(program(), list) : 0, result = -1;
    struct moment at = {0}, stopping = {0};
    /* As kill(1) sends it: its children are the program's own care. */
    if (count && sig == SIGTERM)
        count = 1;
    if (count && sig == SIGUSR2)
        at = process_now(list[0]);
    if (count && sig == SIGSTOP)
        stopping = process_now(list[0]);
    /* The first one first: it may end with its children. */
    for (int i = 0; i < count; i++) {
        /* Only strace(1) can stop all threads of what it traces: it goes on. */
        int sent = is_tracer(&stopping, list[i]) ||
                   wake_threads(list[i], &at, sig) || kill(list[i], sig) == 0;
        /* A child may have ended meanwhile. */
        if (i == 0)
            result = sent ? 0 : -1;
    }
    return result;
}

int is_stopped(void) {
    /* Under strace(1) a stopped program stays in the state of one that is in
       its tracer's hand, which lasts for a moment only. */
    enum { LONG = 8 };
    static int looks;
    struct moment now = process_now(program());
    looks = now.in_tracer ? looks + 1 : 0;
    return now.state == 'T' || looks >= LONG;
}

/* Stops it again, if need be: a child may be younger than the signal. */
int stands(void *data) {
    (void)data;
    if (is_stopped())
        return 1;
    send_signal(SIGSTOP);
    return 0;
}

/* As a programmer writes it. sigabbrev_np(3) is not in every C library. */
static const char *signal_name(int sig) {
    return sig == SIGUSR2 ? "SIGUSR2" : strsignal(sig);
}

int do_signal(char **w) {
    int sig = signal_number(w[0]);
    if (send_signal(sig) == -1)
        return unmet("the program runs", "it had ended");
    if (sig == SIGSTOP && !wait_for(stands, NULL, -1, 0))
        return unmet("the program can be stopped", "%s", gave_up());
    switch (sig) {
    case SIGSTOP:
        step("SIGSTOP stops the program");
        break;
    case SIGCONT:
        step("SIGCONT lets the program go on");
        break;
    default:
        step("the program gets %s", signal_name(sig));
        break;
    }
    return 0;
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

void repeat(int (*act)(void), const char *what, long every, long length) {
    repeated.act = act;
    repeated.what = what;
    repeated.every = every;
    repeated.next = now_ms() + every;
    repeated.length = length;
    repeated.times = 0;
}

static int signal_again(void) {
    /* clang-format 14 and 19 agree on a function of more than one line. */
    return send_signal(repeated.signal);
}

int do_signal_repeatedly(char **w) {
    repeated.signal = signal_number(w[0]);
    repeat(repeated.signal ? signal_again : NULL, "signals",
           strtol(w[1], NULL, 10), strtol(w[2], NULL, 10));
    if (repeated.signal)
        step("the program gets %s every %s ms", signal_name(repeated.signal),
             w[1]);
    return 0;
}
