/*
 * peer - the test's end of a conversation: does what a script says, in order,
 * and says in plain words what it saw.
 *
 * Usage: peer [OPTION...]                       the script is standard input
 *        peer [OPTION...] STATEMENT ARGUMENT... one statement
 *
 *   -p FILE  holds the id of the program on the other end, once it runs
 *   -o FILE  the program's standard output so far
 *   -e FILE  where evidence is added: lines "step\tTEXT" for what was done,
 *            "expected\tTEXT" and "got\tTEXT" for what was not as it must be,
 *            "heard\tN SECONDS" then: the program's standard error so far
 *   -l FILE  where each statement is noted, twice: lines
 *            "SECONDS PID begin STATEMENT" and "SECONDS PID end 0" (1: not as
 *            it must be), separated by tabs; SECONDS since 1970
 *   -s SEED  seed of the bytes that make-random makes
 *   -d DIR   the files that statements name are in this folder
 *   -u DIR   the socket files that they name are in this folder (default: .)
 *   -n MS    before each of the first hundred statements it naps, for a random
 *            time of at most MS milliseconds, as on a busy machine; make soak
 *   -g FILE  while FILE is there, a person debugs the program: no wait has an
 *            end while the program runs, and no statement says it is too slow
 *
 * Waiting has no fixed time: it ends when the thing is there, when the program
 * has ended, when it neither used nor wanted the processor for 2 s (a right
 * program under load always does one of the two), when it used the processor
 * for 2 s or polled 1000 times, or after 20 s, later where it waits for a
 * processor (patience.h). "The program" is all that it is: its threads and its
 * children, too.
 *
 * A script has one statement a line: its name and its arguments, separated by
 * blanks. TEXT is the rest of the line as it stands, with C escapes. Blanks at
 * the beginning of a line are ignored, and so are blank lines and lines that
 * begin with #. All lines are looked at before the first is done.
 * README.md describes the statements.
 *
 * Returns 0 when all was as it must be, 1 when something was not, 2 for a
 * statement that it does not know or that has other arguments (it names the
 * line), 3 when a call of its own failed.
 */
#include "peer.h"
#include "bytes.h"
#include <err.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct peer peer = {.listener = -1};

struct connection *this_one(void) {
    /* clang-format 14 and 19 agree on a function of more than one line. */
    return &peer.conn[peer.now];
}

struct statement {
    const char *name;
    const char *takes;        /* its arguments, separated by blanks */
    int (*act)(char **words); /* 0: done, 1: not as it must be */
};

enum { MOST_WORDS = 3 };

/* What is to be done: a statement with its arguments. */
struct event {
    const struct statement *statement;
    char *words[MOST_WORDS];
};

static struct {
    struct event *events;
    size_t n;
} script;

static int do_use_connection(char **w) {
    peer.now = (int)strtol(w[0], NULL, 10) % CONNECTIONS;
    return 0;
}

static int do_set_piece_size(char **w) {
    peer.piece_size = (size_t)strtol(w[0], NULL, 10);
    return 0;
}

/* splitmix64: a sequence of its own, so that the bytes of random are the same
   whether pieces are random or not. */
size_t draw(size_t most) {
    unsigned long long z = peer.drawn += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return (size_t)((z ^ (z >> 31)) % most) + 1;
}

static int do_set_random_pieces(char **w) {
    peer.random_pieces = (size_t)strtol(w[0], NULL, 10);
    peer.signal_between = signal_number(w[1]);
    return 0;
}

static int do_ignore(char **w) {
    bytes_read(w[0]);
    peer.ignored = w[0];
    return 0;
}

static int do_print(char **w) {
    puts(w[0]);
    fflush(stdout);
    return 0;
}

static int do_hide_steps(char **w) {
    (void)w;
    peer.hidden = 1;
    return 0;
}

static int do_show_steps(char **w) {
    (void)w;
    peer.hidden = 0;
    return 0;
}

static int do_stay(char **w) {
    (void)w;
    return pause();
}

static const struct statement statements[] = {
    {"use-connection", "N", do_use_connection},
    {"set-source", "ADDR[:PORT]", do_set_source},
    {"set-rcvbuf", "N", do_set_rcvbuf},
    {"set-sndbuf", "N", do_set_sndbuf},
    {"set-mss", "N", do_set_mss},
    {"set-reuseport", "", do_set_reuseport},
    {"set-seqpacket", "", do_set_seqpacket},
    {"connect", "ADDR:PORT", do_connect},
    {"connect-idle", "ADDR:PORT N", do_connect_idle},
    {"expect-refused", "ADDR:PORT", do_expect_refused},
    {"listen", "ADDR:PORT N", do_listen},
    {"accept", "", do_accept},
    {"close-listener", "", do_close_listener},
    {"fill-queue", "", do_fill_queue},
    {"wait-connecting", "", do_wait_connecting},
    {"answer-connect", "", do_answer_connect},
    {"leave-time-wait", "ADDR:PORT", do_leave_time_wait},
    {"send", "TEXT", do_send},
    {"send-file", "FILE", do_send_file},
    {"send-zeros", "N", do_send_zeros},
    {"send-until-full", "FILE", do_send_until_full},
    {"set-piece-size", "N", do_set_piece_size},
    {"set-random-pieces", "N SIGNAL", do_set_random_pieces},
    {"exchange", "IN OUT", do_exchange},
    {"expect-sent", "FILE", do_expect_sent},
    {"ignore", "TEXT", do_ignore},
    {"shutdown", "", do_shutdown},
    {"close", "", do_close},
    {"abort", "", do_abort},
    {"expect", "TEXT", do_expect},
    {"expect-file", "FILE", do_expect_file},
    {"expect-one-of", "TEXTS", do_expect_one_of},
    {"expect-promptly", "", do_expect_promptly},
    {"expect-eof", "", do_expect_eof},
    {"expect-reset", "", do_expect_reset},
    {"expect-end", "", do_expect_end},
    {"expect-nothing", "", do_expect_nothing},
    {"wait-accepted", "", do_wait_accepted},
    {"wait-read", "", do_wait_read},
    {"wait-listening", "", do_wait_listening},
    {"wait-listening-at", "ADDR:PORT", do_wait_listening_at},
    {"wait-asleep", "", do_wait_asleep},
    {"wait-ended", "", do_wait_ended},
    {"wait-lines", "N", do_wait_lines},
    {"expect-backlog", "N", do_expect_backlog},
    {"expect-backlog-at-least", "N", do_expect_backlog_at_least},
    {"expect-bound", "ADDR:PORT", do_expect_bound},
    {"expect-free", "ADDR:PORT", do_expect_free},
    {"expect-fds", "N", do_expect_fds},
    {"expect-idle", "", do_expect_idle},
    {"expect-quiet", "N", do_expect_quiet},
    {"note-memory", "", do_note_memory},
    {"expect-growth-below", "KIB", do_expect_growth_below},
    {"expect-kept-at-most", "N", do_expect_kept_at_most},
    {"signal", "SIGNAL", do_signal},
    {"signal-repeatedly", "SIGNAL MS FOR", do_signal_repeatedly},
    {"stop-for", "MS SIGNAL", do_stop_for},
    {"allow-busy", "", do_allow_busy},
    {"allow-unread", "", do_allow_unread},
    {"start-timer", "", do_start_timer},
    {"expect-after", "MS", do_expect_after},
    {"expect-before", "MS", do_expect_before},
    {"expect-waiting", "SECONDS RATE", do_expect_waiting},
    {"expect-lasted", "SECONDS RATE", do_expect_lasted},
    /* ICMP */
    {"join-network", "ADDR", do_join_network},
    {"expect-network", "", do_expect_network},
    {"expect-request", "N", do_expect_request},
    {"answer", "N", do_answer},
    {"reply", "", do_reply},
    {"reply-to", "N", do_reply_to},
    {"reply-after", "MS", do_reply_after},
    {"say-unreachable", "CODE", do_say_unreachable},
    {"say-unreachable-to", "N CODE", do_say_unreachable_to},
    {"print-sum", "", do_print_sum},
    {"clear-checksum", "", do_clear_checksum},
    {"set-ttl", "N", do_set_ttl},
    {"set-options", "N", do_set_options},
    {"set-length", "N", do_set_length},
    {"set-quoted-header", "N", do_set_quoted_header},
    {"alter", "FIELD N", do_alter},
    {"send-strays", "N", do_send_strays},
    {"stray-repeatedly", "MS FOR", do_stray_repeatedly},
    {"make-random", "FILE N", do_make_random},
    {"print-magic-words", "", do_print_magic_words},
    {"expect-same", "WANT GOT", do_expect_same},
    {"expect-raw-sockets", "", do_expect_raw_sockets},
    /* Datagrams. */
    {"open-datagram", "ADDR:PORT", do_open_datagram},
    {"bind-datagram", "ADDR:PORT", do_bind_datagram},
    {"open-stranger", "ADDR:PORT", do_open_stranger},
    {"send-empty", "", do_send_empty},
    {"send-repeatedly", "MS FOR TEXTS", do_send_repeatedly},
    {"expect-empty", "", do_expect_empty},
    {"expect-repeats", "TEXT", do_expect_repeats},
    {"wait-bound", "", do_wait_bound},
    {"wait-bound-at", "ADDR:PORT", do_wait_bound_at},
    /* The script itself. */
    {"print", "TEXT", do_print},
    {"print-address", "", do_print_address},
    {"hide-steps", "", do_hide_steps},
    {"show-steps", "", do_show_steps},
    {"stay", "", do_stay},
    /* Unix sockets: unix.c */
    {"leave-stale-socket", "PATH", do_leave_stale_socket},
    {"expect-private", "PATH", do_expect_private},
    {"expect-private-at-bind", "PATH", do_expect_private_at_bind},
    {"expect-no-file", "PATH", do_expect_no_file},
    {"expect-no-path", "", do_expect_no_path},
    {"remove-file", "PATH", do_remove_file},
    {"set-user", "N", do_set_user},
    {"print-credentials", "", do_print_credentials},
};

static const struct statement *find(const char *name) {
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        if (strcmp(statements[i].name, name) == 0)
            return &statements[i];
    return NULL;
}

/* Appends an event to the script: the statement NAME. WHERE, "line 3: " or "",
   begins what is said if there is none. */
static struct event *append(const char *where, const char *name) {
    const struct statement *s = find(name);
    if (!s)
        errx(2, "%sunknown statement: %s", where, name);
    struct event *more =
        realloc(script.events, (script.n + 1) * sizeof *script.events);
    if (!more)
        err(3, "realloc");
    script.events = more;
    script.events[script.n] = (struct event){.statement = s};
    return &script.events[script.n++];
}

static void refuse(const char *where, const struct statement *s) {
    errx(2, "%s%s takes %s", where, s->name,
         *s->takes ? s->takes : "no argument");
}

/* How many arguments S takes. */
static int count_of(const struct statement *s) {
    int count = *s->takes != '\0';
    for (const char *at = s->takes; *at; at++)
        count += *at == ' ';
    return count;
}

/* One statement, on the command line. */
static void read_words(char **argv) {
    struct event *e = append("", *argv++);
    int count = count_of(e->statement), n = 0;
    while (n < count && argv[n]) {
        e->words[n] = argv[n];
        n++;
    }
    if (n < count || argv[n])
        refuse("", e->statement);
}

/* Cuts the next word off *REST, which then begins after one blank. */
static char *cut_word(char **rest) {
    char *word = *rest + strspn(*rest, " \t");
    char *end = word + strcspn(word, " \t");
    *rest = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

static void read_line(char *line, int number) {
    char where[32];
    char *name = cut_word(&line);
    if (*name == '\0' || *name == '#')
        return;
    snprintf(where, sizeof where, "line %d: ", number);
    struct event *e = append(where, name);
    int count = count_of(e->statement);
    const char *takes = e->statement->takes;
    for (int i = 0; i < count; i++) {
        int text = strncmp(takes, "TEXT", 4) == 0;
        takes += strcspn(takes, " ") + 1;
        const char *word = text ? line : cut_word(&line);
        if (*word == '\0')
            refuse(where, e->statement);
        e->words[i] = strdup(word);
        if (!e->words[i])
            err(3, "strdup");
        if (text)
            return;
    }
    if (line[strspn(line, " \t")] != '\0')
        refuse(where, e->statement);
}

static void read_lines(FILE *from) {
    char *line = NULL;
    size_t room = 0;
    ssize_t n = 0;
    for (int number = 1; (n = getline(&line, &room, from)) != -1; number++) {
        if (n > 0 && line[n - 1] == '\n')
            line[n - 1] = '\0';
        read_line(line, number);
    }
    free(line);
}

/* Begins a line of the file of -l: when, and by whom. */
static void log_moment(const char *what) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    fprintf(peer.log, "%lld.%06ld\t%d\t%s\t", (long long)t.tv_sec,
            t.tv_nsec / 1000, (int)getpid(), what);
}

/* Does one event; returns what its statement does. */
static int act_on(struct event *e) {
    if (!peer.log)
        return e->statement->act(e->words);
    log_moment("begin");
    fputs(e->statement->name, peer.log);
    for (int i = 0; i < MOST_WORDS && e->words[i]; i++)
        fprintf(peer.log, " %.300s", e->words[i]);
    fputc('\n', peer.log);
    int status = e->statement->act(e->words);
    log_moment("end");
    fprintf(peer.log, "%d\n", status);
    return status;
}

/* Opens a file that lines are added to, by several at once. */
static FILE *open_lines(const char *path) {
    FILE *f = fopen(path, "ae");
    if (!f)
        err(3, "%s", path);
    setlinebuf(f);
    return f;
}

int main(int argc, char **argv) {
    const char *folder = ".";
    int opt, most_nap = 0;
    peer.evidence = stderr;
    peer.seed = 1;
    peer.user = geteuid();
    for (int i = 0; i < CONNECTIONS; i++)
        peer.conn[i].fd = -1;
    while ((opt = getopt(argc, argv, "+p:o:e:l:s:d:u:g:n:")) != -1) {
        switch (opt) {
        case 'p':
            peer.pid_file = optarg;
            break;
        case 'o':
            peer.out_file = optarg;
            break;
        case 'd':
            folder = optarg;
            break;
        case 'u':
            peer.sockets = optarg;
            break;
        case 'g':
            peer.debug_file = optarg;
            break;
        case 'n':
            most_nap = (int)strtol(optarg, NULL, 10);
            break;
        case 's':
            peer.seed = strtoull(optarg, NULL, 10);
            break;
        case 'e':
            peer.evidence = open_lines(optarg);
            break;
        case 'l':
            peer.log = open_lines(optarg);
            break;
        default:
            return 2;
        }
    }
    peer.seed = peer.seed * 0x9E3779B97F4A7C15ULL | 1;
    peer.drawn = peer.seed;
    argv += optind;
    if (chdir(folder) == -1)
        err(3, "%s", folder);
    if (*argv)
        read_words(argv);
    else
        read_lines(stdin);
    for (size_t i = 0; i < script.n; i++) {
        if (most_nap && i < 100)
            poll(NULL, 0, (int)draw((size_t)most_nap));
        if (act_on(&script.events[i]) != 0) {
            note_heard();
            return 1;
        }
    }
    return 0;
}
