/*
 * peer-prompt - whether the program gives an answer before it sleeps, which is
 * what "at once" means on a machine of any speed. See expect-promptly.
 *
 * No clock measures the answer: under load it may come as late as it likes. But
 * a program that owes one, has all that it needs for it, and sleeps, waits for
 * something else: a timer, more input, or a kernel that was told to hold bytes
 * back (TCP_CORK, tcp(7)). A load makes no program sleep.
 */
#include "peer.h"
#include "tables.h"
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A program that looks for input now and then may sleep for so long. */
enum { NAP_MS = 50 };

struct waiting {
    int fd;
    struct moment before;
    struct timespec since; /* it has been asleep; tv_sec 0: it is not */
};

static char what_it_did[192];

const char *why_late(void) { return what_it_did; }

/* Whether this end has been half-closed. */
static int is_shut(int fd) {
    struct tcp_info info;
    socklen_t size = sizeof info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
           (info.tcpi_state == TCP_FIN_WAIT1 ||
            info.tcpi_state == TCP_FIN_WAIT2);
}

/* Whether all that this end has sent is in the other socket, and nothing of
   that one is on its way. */
static int is_its_turn(int fd, const struct tcp_socket *other) {
    int open = other->state == TCP_ESTABLISHED;
    return (open || other->state == TCP_CLOSE_WAIT) &&
           other->arrived >= this_one()->sent && !(open && is_shut(fd)) &&
           !other->in_flight;
}

/* In what a program sleeps, in words, by the kernel's function; proc(5),
   /proc/PID/wchan. Empty when that tells nothing. */
static const char *place_of_sleep(void) {
    static const struct {
        const char *in_name, *words;
    } places[] = {{"nanosleep", ", in a call like nanosleep(2)"},
                  {"poll", ", in a call like poll(2)"},
                  {"select", ", in a call like select(2)"},
                  {"wait_woken", ", waiting for its socket"},
                  {"accept", ", waiting for a client"},
                  {"unix_stream_read", ", waiting for its socket"},
                  {"skb_wait_for_more", ", waiting for a client"}};
    char path[64], place[64] = "";
    snprintf(path, sizeof path, "/proc/%d/wchan", (int)program());
    FILE *f = fopen(path, "re");
    if (!f)
        return "";
    if (fscanf(f, "%63s", place) != 1)
        place[0] = '\0';
    fclose(f);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strstr(place, places[i].in_name))
            return places[i].words;
    return "";
}

/* Notes where a late program sleeps. */
static void note_late(long long ms, const struct tcp_socket *other) {
    if (other->room)
        snprintf(what_it_did, sizeof what_it_did,
                 "%u bytes that the kernel was told to hold back (TCP_CORK, "
                 "MSG_MORE), and the program sleeps",
                 other->room);
    else
        snprintf(what_it_did, sizeof what_it_did,
                 "the program has all that it needs, and sleeps first, for "
                 "more than %lld ms%s",
                 ms, place_of_sleep());
}

/* Whether the program has all that it needs. OTHER is its socket, as far as the
   kernel tells: nothing is on its way to a Unix socket. */
static int has_all(int fd, struct tcp_socket *other) {
    *other = (struct tcp_socket){0};
    if (is_unix(this_one()))
        return 1;
    return other_end(other) && is_its_turn(fd, other);
}

/* Whether something can be read (1), or the program sleeps first (2). */
static int comes_or_sleeps(void *data) {
    struct waiting *w = data;
    struct tcp_socket other;
    struct timespec now;
    if (can_read(&w->fd))
        return 1;
    if (!has_all(w->fd, &other)) {
        w->before = (struct moment){0};
        w->since.tv_sec = 0;
        return 0;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!sleeps(&w->before)) {
        w->since.tv_sec = 0;
        return 0;
    }
    if (!w->since.tv_sec)
        w->since = now;
    long long ms = (now.tv_sec - w->since.tv_sec) * 1000LL +
                   (now.tv_nsec - w->since.tv_nsec) / 1000000;
    /* What came between the two looks was given before it slept. */
    if (ms < NAP_MS || can_read(&w->fd) || is_debugged())
        return 0;
    note_late(NAP_MS, &other);
    return 2;
}

int wait_promptly(int fd) {
    struct waiting w = {.fd = fd};
    return wait_for(comes_or_sleeps, &w, fd, POLLIN);
}

int do_expect_promptly(char **w) {
    (void)w;
    peer.promptly = 1;
    return 0;
}
