/*
 * peer-datagram - the peer's statements that send and expect datagrams (UDP).
 * README.md describes them.
 *
 * A datagram that was sent may lie in a processor's queue for a while before it
 * is in the other socket, and nothing tells when. But a processor works its
 * queue off in order. So when a datagram to oneself has come that the same
 * processor was given later, the earlier one has arrived, too (or was dropped,
 * because the other socket was full). Each statement that sends waits for that:
 * datagrams arrive in the order of the statements.
 */
#define _GNU_SOURCE
#include "datagram.h"
#include "bytes.h"
#include "peer.h"
#include "tables.h"
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST = 65536, SHOWN = 40, LONGEST_WAIT_MS = 20000 };

/* Where the program's datagrams come from, once one has come. */
static struct sockaddr_storage program_at;

/* Waits until all that this processor has in its queue has arrived. */
static void wait_for_queue(void) {
    static int probe = -1;
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *address = (struct sockaddr *)&here;
    socklen_t length = sizeof here;
    char byte = 0;
    if (probe == -1) {
        probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (probe == -1 || bind(probe, address, length) == -1 ||
            getsockname(probe, address, &length) == -1 ||
            connect(probe, address, length) == -1)
            err(3, "a socket for datagrams to oneself");
    }
    struct pollfd watch = {probe, POLLIN, 0};
    if (send(probe, &byte, 1, 0) != 1 ||
        poll(&watch, 1, LONGEST_WAIT_MS) != 1 || recv(probe, &byte, 1, 0) != 1)
        err(3, "a datagram to oneself does not come");
}

/* Keeps this process on processor CPU, if that is allowed. */
static void stay_on(int cpu) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
}

/* Waits until all datagrams that were sent here so far have arrived, whichever
   processor has them. */
static void wait_for_all_queues(void) {
    cpu_set_t all;
    if (sched_getaffinity(0, sizeof all, &all) == -1) {
        wait_for_queue();
        return;
    }
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET((size_t)cpu, &all))
            continue;
        stay_on(cpu);
        wait_for_queue();
    }
    sched_setaffinity(0, sizeof all, &all);
}

/* Sends N BYTES from FD to the address TO, and waits until they have arrived.
   Returns 0, or errno. */
static int send_to(int fd, const char *bytes, size_t n,
                   const struct sockaddr_storage *to) {
    cpu_set_t all;
    int known = sched_getaffinity(0, sizeof all, &all) == 0, error = 0;
    struct pollfd watch = {fd, POLLOUT, 0};
    if (known)
        stay_on(sched_getcpu());
    while (sendto(fd, bytes, n, 0, (const struct sockaddr *)to,
                  length_of(to)) == -1) {
        error = errno;
        if (error != EAGAIN || poll(&watch, 1, LONGEST_WAIT_MS) != 1)
            break;
        error = 0;
    }
    wait_for_queue();
    if (known)
        sched_setaffinity(0, sizeof all, &all);
    return error;
}

/* Makes a datagram socket at HERE, for datagrams to THERE (family 0: not known
   yet), and keeps it as the present connection. */
static void keep_socket(const struct sockaddr_storage *here,
                        const struct sockaddr_storage *there) {
    struct connection *c = this_one();
    socklen_t length = sizeof c->here;
    int fd =
        socket(here->ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd == -1)
        err(3, "socket");
    if (peer.rcvbuf)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &peer.rcvbuf, sizeof(int));
    if (bind(fd, (const struct sockaddr *)here, length_of(here)) == -1)
        err(3, "bind %s", name_of(here));
    if (c->fd != -1)
        close(c->fd);
    *c = (struct connection){.fd = fd, .is_datagram = 1, .there = *there};
    getsockname(fd, (struct sockaddr *)&c->here, &length);
}

int do_open_datagram(char **w) {
    struct sockaddr_storage there = address_of(w[0]), here = peer.from;
    if (here.ss_family != there.ss_family) {
        here = there;
        /* The port is at the same place in addresses of both families. */
        ((struct sockaddr_in *)&here)->sin_port = 0;
    }
    keep_socket(&here, &there);
    step("opened a datagram socket at %s, for datagrams to %s",
         name_of(&this_one()->here), w[0]);
    return 0;
}

int do_bind_datagram(char **w) {
    struct sockaddr_storage here = address_of(w[0]);
    keep_socket(&here, &(struct sockaddr_storage){0});
    return 0;
}

int do_open_stranger(char **w) {
    struct sockaddr_storage here = address_of(w[0]);
    if (!program_at.ss_family)
        errx(2, "open-stranger: no datagram of the program has come yet");
    keep_socket(&here, &program_at);
    step("opened another datagram socket, at %s", w[0]);
    return 0;
}

/* Notes the datagram in the evidence, after KEY and WHAT. */
static void note_datagram(const char *key, const char *what, const char *bytes,
                          size_t n) {
    if (peer.hidden && strcmp(key, "step") == 0)
        return;
    fprintf(peer.evidence, "%s\t%s ", key, what);
    bytes_show(peer.evidence, bytes, n, SHOWN);
    fprintf(peer.evidence, " (%zu byte%s)\n", n, n == 1 ? "" : "s");
}

int datagram_send(const char *bytes, size_t n) {
    const struct connection *c = this_one();
    if (!c->there.ss_family)
        errx(2, "send: no datagram of the program has come yet");
    int error = send_to(c->fd, bytes, n, &c->there);
    if (error)
        return unmet("the datagram can be sent", "%s", why(error));
    note_datagram("step", "sent the datagram", bytes, n);
    return 0;
}

int do_send_empty(char **w) {
    (void)w;
    return datagram_send("", 0);
}

/* What do_send_repeatedly sends: the datagrams of a list, in turn. */
enum { MOST_REPEATED = 16 };
static struct {
    int connection;
    struct {
        char *bytes;
        size_t n;
    } list[MOST_REPEATED];
    int count, next;
} repeated;

static int send_again(void) {
    const struct connection *c = &peer.conn[repeated.connection];
    int now = repeated.next++ % repeated.count;
    return send_to(c->fd, repeated.list[now].bytes, repeated.list[now].n,
                   &c->there);
}

int do_send_repeatedly(char **w) {
    char *rest = w[2], *text;
    repeated.connection = peer.now;
    repeated.count = repeated.next = 0;
    fprintf(peer.evidence,
            "step\tfrom %s, every %s ms%s: ", name_of(&this_one()->here), w[0],
            strchr(w[2], '|') ? " the next of" : "");
    while ((text = strsep(&rest, "|"))) {
        if (repeated.count == MOST_REPEATED)
            errx(2, "send-repeatedly: at most %d texts", MOST_REPEATED);
        size_t n = bytes_read(text);
        fputs(repeated.count ? ", " : "", peer.evidence);
        bytes_show(peer.evidence, text, n, SHOWN);
        repeated.list[repeated.count].bytes = text;
        repeated.list[repeated.count++].n = n;
    }
    fputc('\n', peer.evidence);
    repeat(send_again, "datagrams", strtol(w[0], NULL, 10),
           strtol(w[1], NULL, 10));
    return 0;
}

/* Takes the next datagram, which is there, into BUF of LONGEST bytes. Returns
   its length, or -1 after saying that it comes from a wrong address. */
static ssize_t take(char *buf) {
    struct connection *c = this_one();
    struct sockaddr_storage from = {0};
    socklen_t length = sizeof from;
    char expected[96], got[96];
    ssize_t n =
        recvfrom(c->fd, buf, LONGEST, 0, (struct sockaddr *)&from, &length);
    if (n == -1)
        err(3, "recvfrom");
    if (!c->there.ss_family) {
        c->there = program_at = from;
        step("the program's datagrams come from %s", name_of(&from));
    }
    if (strcmp(name_of(&from), name_of(&c->there)) == 0)
        return n;
    snprintf(expected, sizeof expected, "a datagram from %s",
             name_of(&c->there));
    snprintf(got, sizeof got, "one from %s:", name_of(&from));
    fprintf(peer.evidence, "expected\t%s\n", expected);
    note_datagram("got", got, buf, (size_t)n);
    return -1;
}

/* Takes the next datagram, which is there. Returns 0 if it is exactly these
   bytes, or 1 after saying what came instead. */
static int take_exactly(const char *want, size_t n) {
    static char got[LONGEST];
    ssize_t length = take(got);
    if (length == -1)
        return 1;
    if ((size_t)length != n || memcmp(got, want, n) != 0) {
        bytes_differ(peer.evidence, want, n, got, (size_t)length);
        return 1;
    }
    this_one()->received++;
    return 0;
}

int datagram_expect(const char *want, size_t n) {
    int fd = this_one()->fd, is_there = wait_for(can_read, &fd, fd, POLLIN);
    if (!is_there && is_gone(NULL)) {
        wait_for_all_queues();
        is_there = can_read(&fd);
    }
    if (!is_there) {
        note_datagram("expected", "the datagram", want, n);
        fprintf(peer.evidence, "got\tno datagram: %s\n", gave_up());
        return 1;
    }
    if (take_exactly(want, n) != 0)
        return 1;
    note_datagram("step", "received the datagram", want, n);
    return 0;
}

int do_expect_empty(char **w) {
    (void)w;
    return datagram_expect("", 0);
}

int datagram_expect_nothing(void) {
    static char got[LONGEST];
    int fd = this_one()->fd;
    wait_for_all_queues();
    if (!can_read(&fd))
        return 0;
    ssize_t n = take(got);
    if (n != -1) {
        fprintf(peer.evidence, "expected\tno datagram\n");
        note_datagram("got", "the datagram", got, (size_t)n);
    }
    return 1;
}

/* Whether a datagram has come (1), or the program has ended (2). */
static int comes_or_gone(void *fd) {
    return can_read(fd) ? 1 : is_gone(NULL) * 2;
}

int do_expect_repeats(char **w) {
    size_t n = bytes_read(w[0]);
    int fd = this_one()->fd;
    for (;;) {
        int what = wait_for(comes_or_gone, &fd, fd, POLLIN);
        if (what == 0)
            return unmet("the program ends by itself", "it still runs: %s",
                         gave_up());
        if (what == 2) {
            wait_for_all_queues();
            if (!can_read(&fd))
                break;
        }
        if (take_exactly(w[0], n) != 0)
            return 1;
    }
    step("the program has sent this datagram %d time%s in all",
         this_one()->received, this_one()->received == 1 ? "" : "s");
    printf("%d\n", this_one()->received);
    fflush(stdout);
    return 0;
}

/* The port of the program's socket that the present connection is about. */
static unsigned port_there(void) {
    const struct sockaddr_in *there = (const void *)&this_one()->there;
    return ntohs(there->sin_port);
}

int datagram_all_read(void) {
    struct udp_socket found;
    return !udp_find(program(), port_there(), 1, &found) || found.unread == 0;
}

static int is_bound(void *found) { return udp_find(program(), 0, 0, found); }

int do_wait_bound(char **w) {
    struct udp_socket found;
    (void)w;
    if (!wait_for(is_bound, &found, -1, 0))
        return unmet("the program has a bound UDP socket", "it has none: %s",
                     gave_up());
    peer.listening = found.local;
    step("the program has a UDP socket at %s", name_of(&found.local));
    return 0;
}

int do_wait_bound_at(char **w) {
    if (do_wait_bound(w) != 0)
        return 1;
    return expect_found_at("a UDP socket that is bound to", "it is bound to",
                           w[0]);
}
