/*
 * peer - the test's end of a conversation: does what its words say, in order,
 * and says in plain words what it saw.
 *
 * Usage: peer [-p FILE] [-o FILE] [-e FILE] [-s SEED] STATEMENT...
 *
 *   -p FILE  holds the id of the program on the other end, once it runs
 *   -o FILE  the program's standard output so far
 *   -e FILE  where evidence is added: lines "step\tTEXT" for what was done,
 *            "expected\tTEXT" and "got\tTEXT" for what was not as it must be,
 *            "heard\tN SECONDS" then: the program's standard error so far
 *   -s SEED  seed of the bytes that `random` makes
 *
 * Waiting has no fixed time: it ends when the thing is there, when the program
 * has ended, when it neither used nor wanted the processor for 2 s (a right
 * program under load always does one of the two), when it used the processor
 * for 2 s or polled 1000 times, or after 20 s, later where it waits for a
 * processor (patience.h). "The program" is all that it is: its threads and its
 * children, too.
 *
 * Statements (TEXT has C escapes; ADDR:PORT, IPv6 as [::1]:8001):
 *   on N                  the following is about connection N (0..63, first 0)
 *   from ADDR[:PORT]      the next connection comes from here
 *   rcvbuf N, sndbuf N    buffer sizes of the next connect or listen
 *   mss N                 and its greatest segment: for a small one the kernel
 *                         gives the other end a small send buffer, too
 *   connect ADDR:PORT     connects
 *   refused ADDR:PORT     a connection must be refused
 *   listen ADDR:PORT N    listens with backlog N
 *   reuseport             the next listen shares its port with those who set
 *                         SO_REUSEPORT too
 *   fill                  fills the queue of the listening socket
 *   calling               the program waits in connect, before a full queue
 *   answer                and is answered ("reuseport" before the listen)
 *   accept                accepts a connection on it
 *   unlisten              closes the listening socket
 *   bound ADDR:PORT       a bind without SO_REUSEADDR must fail: it is in use
 *   unbound ADDR:PORT     and must succeed: it is free
 *   timewait ADDR:PORT    leaves a connection of that address in TIME_WAIT
 *   send TEXT, send-file FILE
 *   send-zeros N          sends N zero bytes, as many gigabytes as that is
 *   pieces N              from now on, send N bytes at a time, each piece when
 *                         the one before has been read (0: all at once)
 *   torn N SIGNAL         from now on, the seed chooses how what is sent is cut
 *                         and joined: pieces of 1 to N bytes; before some the
 *                         program has read all and sleeps, before some of those
 *                         SIGNAL wakes it (0: none); exchange is only cut
 *   random FILE N         writes N bytes to FILE, zero bytes among them; where
 *                         N is 64 or more, magic words, too
 *   magic-words           prints what a program may take for commands, such as
 *                         quit or a single dot: a TEXT a line
 *   prompt                what is expected from now on must come before the
 *                         program sleeps: at once, on a machine of any speed
 *   expect TEXT, expect-file FILE   exactly these bytes come next
 *   expect-one-of A|B|…   exactly one of these, none of which begins another;
 *                         prints the one that came
 *   without TEXT          from now on, TEXT is taken out of what exchange reads
 *   exchange IN OUT       sends IN, half-closes, and at the same time reads to
 *                         the end of file: that must be OUT
 *   eof, reset, gone      the next thing is an orderly end, a reset, either
 *   nothing               nothing has come (no byte, no end)
 *   shut, close, abort    half-close; close; close with a reset
 *   taken                 waits until the program has read all that was sent
 *   accepted              waits until the program has accepted the connection
 *   listening             the program listens
 *   listening-at ADDR:PORT  it listens there
 *   backlog N             and its backlog is N
 *   backlog-at-least N    its backlog is N or more, by now
 *   asleep, ended         waits until the program sleeps; until it has ended
 *   lines N               waits until it has printed N lines
 *   fds N                 its first process has N descriptors open
 *   idle                  it uses no processor time
 *   signal N              sends it signal N (SIGSTOP: waits until it stands;
 *                         SIGUSR2: each of its threads that sleeps gets it)
 *   patient               from now on, the program may use the processor for
 * long nag N MS FOR          from now on, while the peer waits and the program
 *                         sleeps, signal N comes every MS ms; FOR ms after the
 *                         first the wait is given up: what each signal begins
 *                         anew never ends (N 0: no more signals)
 *   pass SECONDS RATE     so many seconds of the program's time pass, which
 *                         runs RATE times as fast (clock.c): it still waits
 *   halt MS SIGNAL        stops the program when it sleeps, continues it after
 *                         MS, and SIGNAL with it; nothing if it has ended
 *   mark, after MS, before MS   sets a mark; the time since then, in ms
 *   lasted SECONDS RATE   so many seconds of the program's time, as in pass,
 *                         have passed since the mark
 *   same WANT GOT         two files hold the same bytes
 *   stay                  sleeps, with everything open, until it is ended
 *   raw                   raw sockets can be made here
 *   say TEXT              prints TEXT and a new line
 *   local                 prints this end's ADDR:PORT
 *
 * Returns 0 when all was as it must be, 1 when something was not, 2 for words
 * it does not know, 3 when a call of its own failed.
 */
#include "peer.h"
#include "bytes.h"
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct peer peer = {.listener = -1};

struct connection *this_one(void) {
    /* clang-format 14 and 19 agree on a function of more than one line. */
    return &peer.conn[peer.now];
}

struct statement {
    const char *name;
    int words;
    int (*act)(char **words); /* 0: done, 1: not as it must be */
};

static int do_on(char **w) {
    peer.now = (int)strtol(w[0], NULL, 10) % CONNECTIONS;
    return 0;
}

static int do_pieces(char **w) {
    peer.pieces = (size_t)strtol(w[0], NULL, 10);
    return 0;
}

/* splitmix64: a sequence of its own, so that the bytes of random are the same
   with torn and without. */
size_t draw(size_t most) {
    unsigned long long z = peer.drawn += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return (size_t)((z ^ (z >> 31)) % most) + 1;
}

static int do_torn(char **w) {
    peer.torn = (size_t)strtol(w[0], NULL, 10);
    peer.torn_by = (int)strtol(w[1], NULL, 10);
    return 0;
}

static int do_without(char **w) {
    bytes_read(w[0]);
    peer.without = w[0];
    return 0;
}

static int do_say(char **w) {
    puts(w[0]);
    fflush(stdout);
    return 0;
}

static int do_stay(char **w) {
    (void)w;
    return pause();
}

static const struct statement statements[] = {
    {"on", 1, do_on},
    {"pieces", 1, do_pieces},
    {"torn", 2, do_torn},
    {"prompt", 0, do_prompt},
    {"without", 1, do_without},
    {"say", 1, do_say},
    {"stay", 0, do_stay},
    {"random", 2, do_random},
    {"magic-words", 0, do_magic_words},
    {"from", 1, do_from},
    {"rcvbuf", 1, do_rcvbuf},
    {"sndbuf", 1, do_sndbuf},
    {"mss", 1, do_mss},
    {"connect", 1, do_connect},
    {"refused", 1, do_refused},
    {"listen", 2, do_listen},
    {"reuseport", 0, do_reuseport},
    {"fill", 0, do_fill},
    {"calling", 0, do_calling},
    {"answer", 0, do_answer},
    {"accept", 0, do_accept},
    {"unlisten", 0, do_unlisten},
    {"local", 0, do_local},
    {"send", 1, do_send},
    {"send-file", 1, do_send_file},
    {"send-zeros", 1, do_send_zeros},
    {"expect", 1, do_expect},
    {"expect-one-of", 1, do_expect_one_of},
    {"expect-file", 1, do_expect_file},
    {"exchange", 2, do_exchange},
    {"eof", 0, do_eof},
    {"reset", 0, do_reset},
    {"gone", 0, do_gone},
    {"nothing", 0, do_nothing},
    {"shut", 0, do_shut},
    {"close", 0, do_close},
    {"abort", 0, do_abort},
    {"taken", 0, do_taken},
    {"accepted", 0, do_accepted},
    {"listening", 0, do_listening},
    {"listening-at", 1, do_listening_at},
    {"backlog", 1, do_backlog},
    {"backlog-at-least", 1, do_backlog_at_least},
    {"asleep", 0, do_asleep},
    {"ended", 0, do_ended},
    {"lines", 1, do_lines},
    {"fds", 1, do_fds},
    {"idle", 0, do_idle},
    {"signal", 1, do_signal},
    {"patient", 0, do_patient},
    {"nag", 3, do_nag},
    {"pass", 2, do_pass},
    {"halt", 2, do_halt},
    {"mark", 0, do_mark},
    {"after", 1, do_after},
    {"before", 1, do_before},
    {"lasted", 2, do_lasted},
    {"same", 2, do_same},
    {"bound", 1, do_bound},
    {"unbound", 1, do_unbound},
    {"timewait", 1, do_timewait},
    {"raw", 0, do_raw},
};

static const struct statement *find(const char *name) {
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        if (strcmp(statements[i].name, name) == 0)
            return &statements[i];
    return NULL;
}

int main(int argc, char **argv) {
    int opt;
    peer.evidence = stderr;
    peer.seed = 1;
    for (int i = 0; i < CONNECTIONS; i++)
        peer.conn[i].fd = -1;
    while ((opt = getopt(argc, argv, "+p:o:e:s:")) != -1) {
        switch (opt) {
        case 'p':
            peer.pid_file = optarg;
            break;
        case 'o':
            peer.out_file = optarg;
            break;
        case 's':
            peer.seed = strtoull(optarg, NULL, 10);
            break;
        case 'e':
            peer.evidence = fopen(optarg, "ae");
            if (!peer.evidence)
                err(3, "%s", optarg);
            setlinebuf(peer.evidence);
            break;
        default:
            return 2;
        }
    }
    peer.seed = peer.seed * 0x9E3779B97F4A7C15ULL | 1;
    peer.drawn = peer.seed;
    argv += optind;
    /* All words are looked at before the first is done. */
    for (char **w = argv; *w;) {
        const struct statement *s = find(*w);
        if (!s)
            errx(2, "unknown statement: %s", *w);
        w++;
        for (int i = 0; i < s->words; i++)
            if (!*w++)
                errx(2, "%s needs %d words", s->name, s->words);
    }
    while (*argv) {
        const struct statement *s = find(*argv);
        if (s->act(argv + 1) != 0) {
            note_heard();
            return 1;
        }
        argv += 1 + s->words;
    }
    return 0;
}
