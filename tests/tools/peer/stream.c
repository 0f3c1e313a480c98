/*
 * peer-stream - the peer's statements that send and expect bytes.
 * README.md describes them.
 */
#include "bytes.h"
#include "datagram.h"
#include "peer.h"
#include "tables.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes in memory, with room for more. */
struct text {
    char *bytes;
    size_t n, room;
};

static void add(struct text *t, const char *bytes, size_t n) {
    if (!t->bytes || t->n + n > t->room) {
        t->room = (t->n + n) * 2 + 64;
        char *more = realloc(t->bytes, t->room);
        if (!more)
            err(3, "realloc");
        t->bytes = more;
    }
    memcpy(t->bytes + t->n, bytes, n);
    t->n += n;
}

static struct text load(const char *path) {
    struct text t = {0};
    char buf[65536];
    FILE *f = fopen(path, "re");
    if (!f)
        err(3, "%s", path);
    for (size_t n = 0; (n = fread(buf, 1, sizeof buf, f)) > 0;)
        add(&t, buf, n);
    fclose(f);
    if (!t.bytes)
        add(&t, "", 0);
    return t;
}

/* Whether this socket waits in the queue, to be accepted. One that belongs to
   nobody in another state was accepted and closed. */
static int is_queued(const struct tcp_socket *s) {
    return s->inode == 0 &&
           (s->state == TCP_ESTABLISHED || s->state == TCP_CLOSE_WAIT ||
            s->state == TCP_SYN_RECV);
}

int other_end(struct tcp_socket *other) {
    int n = tcp_find((struct sockaddr *)&this_one()->there,
                     (struct sockaddr *)&this_one()->here, other);
    if (n == -1)
        err(3, "asking the kernel for its sockets (sock_diag)");
    return n;
}

/* Whether the program has the connection, by the kernel's tables. */
static int is_accepted(void *data) {
    struct tcp_socket other;
    (void)data;
    if (is_unix(this_one()))
        return path_is_accepted();
    return !other_end(&other) || !is_queued(&other);
}

/* Whether the program may leave what has come unread: allow-unread. One that
   naps, its time made fast, does not sleep (allow-busy). */
static int may_be_left(void *before) {
    return peer.allow_unread && (peer.allow_busy || sleeps(before));
}

/*
 * Whether all that was sent has reached the program's recv(2). It has arrived
 * when it is acknowledged, which can take 40 ms, or when the other socket says
 * so; only what is unread after that counts. After allow-unread a program may
 * also sleep with it: one that waits until more has come, by SO_RCVLOWAT,
 * socket(7), or FIONREAD.
 */
static int is_taken(void *before) {
    struct tcp_socket other;
    int unacknowledged = 0, arrived = 0;
    if (this_one()->is_datagram)
        return datagram_all_read();
    if (is_unix(this_one()))
        return path_is_taken() || may_be_left(before);
    ioctl(this_one()->fd, SIOCOUTQ, &unacknowledged);
    for (int look = 0; look < 2; look++) {
        if (!other_end(&other))
            return 1;
        if (unacknowledged == 0 || arrived)
            break;
        arrived = other.arrived >= this_one()->sent;
        if (!arrived)
            return 0;
    }
    if (is_queued(&other))
        return 0;
    return other.inode == 0 || other.unread == 0 || may_be_left(before);
}

int do_wait_accepted(char **w) {
    (void)w;
    if (wait_for(is_accepted, NULL, -1, 0))
        return 0;
    return unmet("the program accepts the connection",
                 "it waits in the kernel's queue: %s", gave_up());
}

/* Whether the program has the connection (1), or sleeps without it (2). One
   that only naps, or sleeps in one look of two, may be on its way to it. */
static int is_accepted_or_left(void *before) {
    if (is_accepted(NULL))
        return 1;
    if (!sleeps(before))
        return 0;
    return is_accepted(NULL) ? 1 : 2;
}

int do_connect_idle(char **w) {
    /* As many as the queue of a backlog of 5 holds come together. A program
       with more threads than this has one for each: that is dear, and so is a
       process. */
    enum { TOGETHER = 5, MOST_THREADS = 8 };
    long most = strtol(w[1], NULL, 10), n = 0;
    int hidden = peer.hidden, state = 1, threads = 0;
    while (state == 1 && n < most && threads <= MOST_THREADS) {
        struct moment before = {0};
        /* The socket of the one before stays open until this process ends. */
        this_one()->fd = -1;
        peer.hidden = 1;
        int failed = do_connect(w);
        peer.hidden = hidden;
        if (failed)
            return 1;
        n++;
        if (n % TOGETHER != 0 && n < most)
            continue;
        state = wait_for(is_accepted_or_left, &before, -1, 0);
        threads = process_now(program()).threads;
    }
    if (state == 0)
        return unmet("the program accepts the connections, or sleeps", "%s",
                     gave_up());
    step("%ld clients connected, one after another, and said nothing", n);
    return 0;
}

int do_wait_read(char **w) {
    struct moment before = {0};
    (void)w;
    if (wait_for(is_taken, &before, -1, 0))
        return 0;
    return unmet("the program reads all that was sent",
                 "bytes wait unread in the kernel: %s", gave_up());
}

/* What the seed chooses to happen before the next piece: nothing, so that the
   two may come together (+); or the program has read the last one and sleeps;
   or a signal wakes it then (!). SIGN says which. */
static int between_pieces(const char **sign) {
    size_t what = draw(peer.signal_between ? 3 : 2);
    *sign = what == 1 ? "+" : what == 2 ? "" : "!";
    if (what == 1)
        return 0;
    if (do_wait_read(NULL) != 0 || do_wait_asleep(NULL) != 0)
        return 1;
    if (what == 3 && send_signal(peer.signal_between) == -1)
        return unmet("the program runs", "it had ended");
    return 0;
}

static int send_all(const char *bytes, size_t n) {
    size_t done = 0, used = 0;
    int fd = this_one()->fd;
    const char *sign = "";
    char plan[160] = "";
    if (this_one()->is_datagram)
        return datagram_send(bytes, n);
    while (done < n) {
        size_t some = n - done;
        size_t most =
            peer.random_pieces ? draw(peer.random_pieces) : peer.piece_size;
        if (most && some > most)
            some = most;
        ssize_t went = send(fd, bytes + done, some, MSG_NOSIGNAL);
        if (went == -1 && errno == EAGAIN) {
            if (!wait_for(can_write, &fd, fd, POLLOUT))
                return unmet("the program reads what is sent to it",
                             "it took %zu of %zu bytes: %s", done, n,
                             gave_up());
            continue;
        }
        if (went == -1)
            return unmet("the program reads what is sent to it",
                         "%s, after %zu of %zu bytes", why(errno), done, n);
        if (used + 32 < sizeof plan)
            used += (size_t)snprintf(plan + used, sizeof plan - used, " %s%zu",
                                     sign, (size_t)went);
        done += (size_t)went;
        this_one()->sent += (size_t)went;
        if (peer.random_pieces && done < n && between_pieces(&sign) != 0)
            return 1;
        if (peer.piece_size && !peer.random_pieces && do_wait_read(NULL) != 0)
            return 1;
    }
    if (peer.random_pieces)
        step("the seed's pieces:%s bytes (+: at once, !: after a signal)",
             plan);
    return 0;
}

/* A step that shows bytes: "sent "1\n" (2 bytes)". */
static void step_bytes(const char *what, const char *bytes, size_t n) {
    if (peer.hidden)
        return;
    fprintf(peer.evidence, "step\t%s ", what);
    bytes_show(peer.evidence, bytes, n, 40);
    fprintf(peer.evidence, " (%zu byte%s)\n", n, n == 1 ? "" : "s");
}

int do_send(char **w) {
    char *copy = strdup(w[0]);
    if (!copy)
        err(3, "strdup");
    size_t n = bytes_read(copy);
    int unsent = send_all(copy, n);
    if (!unsent && !this_one()->is_datagram)
        step_bytes("sent", copy, n);
    free(copy);
    return unsent;
}

/* Through one buffer again and again: as many as it takes. */
int do_send_zeros(char **w) {
    static const char zeros[1 << 20];
    unsigned long long all = strtoull(w[0], NULL, 10), left = all;
    while (left > 0) {
        size_t n = left < sizeof zeros ? (size_t)left : sizeof zeros;
        if (send_all(zeros, n) != 0) {
            fprintf(peer.evidence, "got\tafter %llu of %llu bytes in all\n",
                    all - left, all);
            return 1;
        }
        left -= n;
    }
    if (!this_one()->is_datagram)
        step("sent %llu zero bytes", all);
    return 0;
}

int do_send_file(char **w) {
    struct text t = load(w[0]);
    int unsent = send_all(t.bytes, t.n);
    if (!unsent && !this_one()->is_datagram)
        step_bytes("sent", t.bytes, t.n);
    free(t.bytes);
    return unsent;
}

/* How the last read ended; LATE: the program sleeps first (expect-promptly);
   TOO_MANY: more bytes than can be right. */
enum end { BYTES, END, RESET, NOTHING, LATE, TOO_MANY };

/* Reads what comes next, at most MOST bytes, into BUF. */
static enum end next(char *buf, size_t most, size_t *n) {
    int fd = this_one()->fd;
    *n = 0;
    int came =
        peer.promptly ? wait_promptly(fd) : wait_for(can_read, &fd, fd, POLLIN);
    if (came != 1)
        return came ? LATE : NOTHING;
    ssize_t got = recv(fd, buf, most, 0);
    if (got == -1 || this_one()->reset)
        return RESET;
    *n = (size_t)got;
    this_one()->ended = got == 0;
    return got == 0 ? END : BYTES;
}

/* Whether the program ends now: that resets its connections a moment before it
   is gone. */
static int ends_now(void) {
    for (int ms = 0; ms < 50 && !is_gone(NULL); ms++)
        poll(NULL, 0, 1);
    return is_gone(NULL);
}

static void note_end(enum end how) {
    const char *words = how == LATE ? why_late() : gave_up();
    if (how == END)
        words = "the end of the connection";
    else if (how == RESET)
        words = "a reset (the other end closed with bytes unread, or aborted)";
    else if (how == TOO_MANY)
        words = "more bytes, not read any more";
    fprintf(peer.evidence, "got\tthen %s%s\n", words,
            how == RESET && ends_now() ? "; the program has ended" : "");
}

struct more {
    int fd;
    struct moment before;
};

/* Whether there is more to read (1), or the program sleeps (2). */
static int more_or_asleep(void *data) {
    struct more *m = data;
    return can_read(&m->fd) ? 1 : sleeps(&m->before) ? 2 : 0;
}

static int expect(const char *want, size_t n) {
    enum { BEYOND = 40 };
    struct text got = {0};
    enum end how = BYTES;
    char buf[65536];
    if (this_one()->is_datagram)
        return datagram_expect(want, n);
    add(&got, "", 0);
    while (how == BYTES) {
        /* What is wrong already is read on as long as the program sends, so
           that it is told in the same words however fast that was, and a wrong
           answer that is longer than the right one is seen whole. */
        struct more m = {.fd = this_one()->fd};
        int wrong = memcmp(got.bytes, want, got.n < n ? got.n : n) != 0;
        size_t most = (wrong ? n + BEYOND : n) - got.n, some = 0;
        if (most == 0 ||
            (wrong && wait_for(more_or_asleep, &m, m.fd, POLLIN) != 1))
            break;
        how = next(buf, most < sizeof buf ? most : sizeof buf, &some);
        add(&got, buf, some);
    }
    int unlike = got.n != n || memcmp(got.bytes, want, n) != 0;
    if (unlike) {
        bytes_differ(peer.evidence, want, n, got.bytes, got.n);
        if (how != BYTES && got.n < n)
            note_end(how);
    } else {
        step_bytes("received", want, n);
    }
    free(got.bytes);
    return unlike;
}

int do_expect(char **w) {
    char *copy = strdup(w[0]);
    if (!copy)
        err(3, "strdup");
    size_t n = bytes_read(copy);
    int unlike = expect(copy, n);
    free(copy);
    return unlike;
}

/* Whether TEXT is, or begins, one of the ALTERNATIVES ("A|B"): *IS, *BEGINS. */
static void compare_all(const char *alternatives, const struct text *text,
                        int *is, int *begins) {
    *is = *begins = 0;
    for (const char *at = alternatives; at; at = strchr(at, '|')) {
        at += *at == '|';
        size_t n = strcspn(at, "|");
        if (n < text->n || memcmp(at, text->bytes, text->n) != 0)
            continue;
        *begins = 1;
        *is |= n == text->n;
    }
}

int do_expect_one_of(char **w) {
    struct text got = {0};
    char *all = strdup(w[0]), byte = 0;
    size_t some = 1;
    int is = 0, begins = 1;
    enum end how = BYTES;
    if (!all)
        err(3, "strdup");
    all[bytes_read(all)] = '\0';
    add(&got, "", 0);
    while (!is && begins && how == BYTES) {
        how = next(&byte, 1, &some);
        add(&got, &byte, some);
        compare_all(all, &got, &is, &begins);
    }
    if (is) {
        step_bytes("received", got.bytes, got.n);
        fwrite(got.bytes, 1, got.n, stdout);
        fflush(stdout);
    } else {
        /* A little more of what came tells more. */
        while (!begins && got.n < 40 && next(&byte, 1, &some) == BYTES)
            add(&got, &byte, some);
        bytes_differ(peer.evidence, all, strcspn(all, "|"), got.bytes, got.n);
        if (how != BYTES)
            note_end(how);
    }
    free(all);
    free(got.bytes);
    return !is;
}

int do_expect_file(char **w) {
    struct text t = load(w[0]);
    int unlike = expect(t.bytes, t.n);
    free(t.bytes);
    return unlike;
}

/* Takes every copy of IGNORED out of T. */
static void take_out(struct text *t, const char *ignored) {
    size_t len = strlen(ignored), to = 0;
    for (size_t at = 0; at < t->n;) {
        if (t->n - at >= len && memcmp(t->bytes + at, ignored, len) == 0)
            at += len;
        else
            t->bytes[to++] = t->bytes[at++];
    }
    t->n = to;
}

struct both {
    int fd;
    short events;
};

static int ready(void *data) {
    struct both *b = data;
    struct pollfd watch = {b->fd, b->events, 0};
    return poll(&watch, 1, 0) == 1;
}

/* What came instead of an end, for expect-eof and its like. */
static int instead(const char *expected, enum end how, const char *buf,
                   size_t n) {
    if (how == BYTES) {
        fprintf(peer.evidence, "expected\t%s\ngot\tmore bytes: ", expected);
        bytes_show(peer.evidence, buf, n, 40);
        fprintf(peer.evidence, " (%zu)\n", n);
        return 1;
    }
    if (how == NOTHING)
        return unmet(expected, "the connection stays open: %s", gave_up());
    if (how == LATE)
        return unmet(expected, "%s", why_late());
    return unmet(expected, "%s",
                 how == END ? "an orderly end" : why(ECONNRESET));
}

/* Sends the rest of IN and half-closes; at the same time reads to the end,
   which must be OUT. */
static int exchange(const struct text in, const struct text out) {
    struct text got = {0};
    size_t sent = this_one()->flooded;
    int open = 1, fd = this_one()->fd;
    const char *lost = NULL;
    enum end how = BYTES;
    /* A program that writes for ever must not fill our memory. */
    size_t most =
        (out.n + 1) * (peer.ignored ? strlen(peer.ignored) + 1 : 1) + (1 << 20);
    add(&got, "", 0);
    /* The end of what the program sends need not be the end of what it reads.
     */
    while (how == BYTES || (how == END && open)) {
        char buf[65536];
        if (open && sent == in.n) {
            shutdown(fd, SHUT_WR);
            open = 0;
            continue;
        }
        struct both b = {
            fd, (short)((open ? POLLOUT : 0) | (how == BYTES ? POLLIN : 0))};
        if (!wait_for(ready, &b, fd, b.events)) {
            if (how == BYTES)
                how = NOTHING;
            break;
        }
        if (open) {
            size_t some = in.n - sent;
            size_t piece = peer.random_pieces ? draw(peer.random_pieces) : some;
            ssize_t n = send(fd, in.bytes + sent, some < piece ? some : piece,
                             MSG_NOSIGNAL);
            if (n > 0)
                sent += (size_t)n;
            else if (errno != EAGAIN)
                lost = why(errno), open = 0;
        }
        if (how != BYTES)
            continue;
        ssize_t n = recv(fd, buf, sizeof buf, 0);
        if (n > 0) {
            add(&got, buf, (size_t)n);
            if (got.n > most)
                how = TOO_MANY;
        } else if (n == 0)
            how = END;
        else if (errno != EAGAIN)
            how = RESET;
    }
    step("sent %zu of %zu bytes while reading %zu", sent, in.n, got.n);
    if (peer.ignored)
        take_out(&got, peer.ignored);
    int unlike = got.n != out.n || memcmp(got.bytes, out.bytes, out.n) != 0;
    if (unlike) {
        bytes_differ(peer.evidence, out.bytes, out.n, got.bytes, got.n);
        if (lost)
            fprintf(peer.evidence, "got\tsend: %s\n", lost);
        note_end(how);
    } else if (sent != in.n) {
        unlike = unmet("the program reads what is sent to it",
                       "%s, after %zu of %zu bytes", lost ? lost : gave_up(),
                       sent, in.n);
    } else if (how != END) {
        unlike = instead("the orderly end of the connection", how, NULL, 0);
    }
    free(got.bytes);
    return unlike;
}

int do_exchange(char **w) {
    struct text in = load(w[0]), out = load(w[1]);
    int unlike = exchange(in, out);
    free(in.bytes);
    free(out.bytes);
    return unlike;
}

int do_expect_sent(char **w) {
    struct text in = load(w[0]);
    in.n = this_one()->flooded;
    int unlike = exchange(in, in);
    free(in.bytes);
    return unlike;
}

int do_expect_same(char **w) {
    struct text want = load(w[0]), got = load(w[1]);
    int unlike = got.n != want.n || memcmp(got.bytes, want.bytes, want.n) != 0;
    if (unlike)
        bytes_differ(peer.evidence, want.bytes, want.n, got.bytes, got.n);
    free(want.bytes);
    free(got.bytes);
    return unlike;
}

int do_expect_eof(char **w) {
    char buf[4096];
    size_t n = 0;
    (void)w;
    enum end how = next(buf, sizeof buf, &n);
    if (how != END)
        return instead("the orderly end of the connection", how, buf, n);
    step("received the end of the connection");
    return 0;
}

int do_expect_reset(char **w) {
    char buf[4096];
    size_t n = 0;
    (void)w;
    enum end how = next(buf, sizeof buf, &n);
    if (how != RESET)
        return instead("a reset, for nobody has accepted this client", how, buf,
                       n);
    step("received a reset");
    return 0;
}

int do_expect_end(char **w) {
    char buf[4096];
    size_t n = 0;
    (void)w;
    enum end how = next(buf, sizeof buf, &n);
    if (how == BYTES || how == NOTHING || how == LATE)
        return instead("the end of the connection", how, buf, n);
    step("the connection is over");
    return 0;
}

int do_expect_nothing(char **w) {
    char buf[4096];
    int fd = this_one()->fd;
    (void)w;
    if (this_one()->is_datagram)
        return datagram_expect_nothing();
    if (in_network())
        return expect_no_request();
    if (!can_read(&fd))
        return 0;
    ssize_t n = recv(fd, buf, sizeof buf, 0);
    return instead("nothing yet",
                   n > 0    ? BYTES
                   : n == 0 ? END
                            : RESET,
                   buf, n > 0 ? (size_t)n : 0);
}
