/*
 * peer-icmp - the peer's statements that answer a ping. The peer is a host in
 * the network of the program, where the kernel answers no echo request itself.
 * README.md describes them. See raw(7), ip(7), icmp(7), RFC 792.
 */
#define _GNU_SOURCE
#include "../network.h"
#include "peer.h"
#include "tables.h"
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ECHO_REPLY = 0, UNREACHABLE = 3, ECHO_REQUEST = 8 };
enum { HEADER = 20, LONGEST_HEADER = 60, MESSAGE = 64, MOST_BYTES = 65535 };
enum { MOST_REQUESTS = 1024, MOST_CHANGES = 8 };

/* So many replies fit into the receive buffer of a socket. */
enum { FEW_STRAYS = 50 };

/* After expect-promptly a program that sleeps longer than this before its next
   request is late. It may sleep for 300 ms; the time in which it waits for a
   processor does not count. */
enum { LATE_MS = 900 };

/* A program that sleeps so long before each of so many requests in a row is
   late, too. Once this can come of a busy machine. */
enum { NAP_MS = 350, NAPS = 3 };

/* An echo request, as the program sent it. */
struct request {
    struct in_addr from;
    size_t header; /* bytes of its IP header */
    size_t size;   /* bytes of the ICMP message */
    unsigned sum;  /* what its checksum should be */
    unsigned char bytes[LONGEST_HEADER + MESSAGE];
};

static struct {
    int fd; /* the raw socket; -1: not in the network of the program */
    struct in_addr host;
    struct request requests[MOST_REQUESTS];
    int count;
    int naps;         /* of NAP_MS, one before each of the last requests */
    char strange[96]; /* what came last that is no request to the host */
} net = {.fd = -1};

/* The next message alone. */
static struct {
    int ttl, options, length, no_checksum;
    int quoted_header; /* bytes; 0: as in the request */
    struct {
        const char *field;
        int more;
    } changes[MOST_CHANGES];
    int count;
} next = {.ttl = 64};

static unsigned get16(const unsigned char *at) {
    return (unsigned)at[0] << 8 | at[1];
}

static void put16(unsigned char *at, unsigned number) {
    at[0] = (unsigned char)(number >> 8);
    at[1] = (unsigned char)number;
}

/* The checksum of N bytes (RFC 1071) in which that of a message is 0. */
static unsigned checksum(const unsigned char *bytes, size_t n) {
    unsigned long sum = 0;
    for (size_t i = 0; i < n; i++)
        if (i != 2 && i != 3)
            sum += (unsigned long)bytes[i] << (i % 2 ? 0 : 8);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (unsigned)~sum & 0xffff;
}

static const unsigned char *message_of(const struct request *r) {
    return r->bytes + r->header;
}

static struct request *last_request(void) {
    return &net.requests[(net.count - 1) % MOST_REQUESTS];
}

/* Lets the loopback work, with an address that is no loopback address: without
   one AI_ADDRCONFIG of getaddrinfo(3) finds none (RFC 2544: no machine has this
   one). Switches off the answers of the kernel. */
static void prepare_network(void) {
    struct ifreq lo = {.ifr_name = "lo"}, more = {.ifr_name = "lo:0"};
    struct sockaddr_in *in = (void *)&more.ifr_addr;
    const char *switch_path = "/proc/sys/net/ipv4/icmp_echo_ignore_all";
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd == -1 || ioctl(fd, SIOCGIFFLAGS, &lo) == -1)
        err(3, "the loopback");
    lo.ifr_flags |= IFF_UP;
    if (ioctl(fd, SIOCSIFFLAGS, &lo) == -1)
        err(3, "the loopback");
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(0xc6120001); /* 198.18.0.1 */
    if (ioctl(fd, SIOCSIFADDR, &more) == -1)
        err(3, "198.18.0.1");
    in->sin_addr.s_addr = htonl(0xffffffff);
    if (ioctl(fd, SIOCSIFNETMASK, &more) == -1)
        err(3, "198.18.0.1/32");
    close(fd);
    fd = open(switch_path, O_WRONLY | O_CLOEXEC);
    if (fd == -1 || write(fd, "1\n", 2) != 2)
        err(3, "%s", switch_path);
    close(fd);
    net.fd =
        socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP);
    int on = 1;
    if (net.fd == -1 ||
        setsockopt(net.fd, IPPROTO_IP, IP_HDRINCL, &on, sizeof on) == -1)
        err(3, "a raw socket");
}

/* In a process of its own: its end closes the network. */
int do_expect_network(char **w) {
    int status = 0;
    (void)w;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == -1)
        err(3, "fork");
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stderr) || new_network() == -1)
            _exit(1);
        prepare_network();
        _exit(0);
    }
    if (waitpid(pid, &status, 0) == pid && status == 0)
        return 0;
    return unmet("a network in which the peer answers pings",
                 "there can be none here");
}

/* Whether the program stands in hold.c. */
static int is_held(void *data) {
    char path[64], name[32] = "";
    (void)data;
    snprintf(path, sizeof path, "/proc/%d/comm", (int)program());
    FILE *f = fopen(path, "re");
    if (f) {
        if (!fgets(name, sizeof name, f))
            name[0] = '\0';
        fclose(f);
    }
    return strcmp(name, "hold\n") == 0 && process_now(program()).state == 'T';
}

/* Opens a namespace of the program; NAME is net or user. */
static int open_namespace(const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)program(), name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        err(3, "%s", path);
    return fd;
}

int do_join_network(char **w) {
    if (inet_pton(AF_INET, w[0], &net.host) != 1)
        errx(2, "not an IPv4 address: %s", w[0]);
    if (!wait_for(is_held, NULL, -1, 0))
        errx(3, "the program is not held: %s", gave_up());
    /* The user namespace, too, if the network's is not ours; setns(2). */
    int network = open_namespace("net");
    if (setns(network, CLONE_NEWNET) == -1) {
        int user = open_namespace("user");
        if (setns(user, CLONE_NEWUSER) == -1 ||
            setns(network, CLONE_NEWNET) == -1)
            err(3, "the network of the program");
        close(user);
    }
    close(network);
    prepare_network();
    step("the program begins; the peer is %s", w[0]);
    return send_signal(SIGCONT) == 0 ? 0
                                     : unmet("the program runs", "it ended");
}

/* Reads one packet. Returns 1: it is a request to the host, which is then the
   last one; 0: another one; -1: there is none. */
static int take_packet(void) {
    static unsigned char packet[MOST_BYTES];
    ssize_t n = recv(net.fd, packet, sizeof packet, 0);
    if (n < HEADER)
        return -1;
    struct request r = {.header = (size_t)(packet[0] & 15) * 4};
    struct in_addr to;
    memcpy(&r.from, packet + 12, sizeof r.from);
    memcpy(&to, packet + 16, sizeof to);
    if ((size_t)n < r.header + 8)
        return 0;
    const unsigned char *message = packet + r.header;
    r.size = (size_t)n - r.header;
    r.sum = checksum(message, r.size);
    if (to.s_addr != net.host.s_addr || message[0] != ECHO_REQUEST) {
        /* What the peer sends comes here, too. */
        if (to.s_addr == net.host.s_addr)
            snprintf(net.strange, sizeof net.strange,
                     "an ICMP message of type %d, code %d", message[0],
                     message[1]);
        else if (message[0] == ECHO_REQUEST && r.from.s_addr == to.s_addr)
            snprintf(net.strange, sizeof net.strange, "an echo request to %s",
                     inet_ntoa(to));
        return 0;
    }
    memcpy(r.bytes, packet,
           (size_t)n < sizeof r.bytes ? (size_t)n : sizeof r.bytes);
    net.requests[net.count++ % MOST_REQUESTS] = r;
    return 1;
}

/* How long the program has slept, in all, since this was made. */
struct nap {
    long long since, busy;
    int is_long; /* NAP_MS or more */
};

static long long slept_ms(const struct nap *nap) {
    struct moment at = process_now(program());
    if (at.state != 'S')
        return 0;
    return now_ms() - nap->since - (at.busy - nap->busy) / 1000000;
}

/* Whether a request has come (1), or the program is late (2). */
static int request_came(void *data) {
    int what = 0;
    while ((what = take_packet()) == 0)
        continue;
    if (what == 1)
        return 1;
    if (!peer.promptly || is_debugged())
        return 0;
    struct nap *nap = data;
    long long ms = slept_ms(nap);
    if (ms >= NAP_MS)
        nap->is_long = 1;
    int is_late = ms >= LATE_MS || (nap->is_long && net.naps + 1 == NAPS);
    return is_late ? 2 : 0;
}

/* What is wrong with the last request, in words, if it should have the number
   SEQ; NULL: nothing. */
static const char *wrong_with(int seq) {
    static char text[128];
    const struct request *r = last_request();
    const unsigned char *m = message_of(r), *first = NULL;
    int got = (int)get16(m + 6);
    if (net.count > 1)
        first = message_of(&net.requests[0]);
    if (m[1] != 0)
        snprintf(text, sizeof text, "code %d", m[1]);
    else if (r->size != MESSAGE)
        snprintf(text, sizeof text, "%zu bytes of data", r->size - 8);
    else if (get16(m + 2) != r->sum)
        snprintf(text, sizeof text, "the checksum %04x where %04x is right",
                 get16(m + 2), r->sum);
    else if (got != seq && got == ((seq & 255) << 8 | seq >> 8))
        snprintf(text, sizeof text,
                 "the sequence number %d: bytes swapped, see htons(3)", got);
    else if (got != seq)
        snprintf(text, sizeof text, "the sequence number %d", got);
    else if (first && get16(m + 4) != get16(first + 4))
        snprintf(text, sizeof text,
                 "the identifier %04x; in the first request it is %04x",
                 get16(m + 4), get16(first + 4));
    else
        return NULL;
    return text;
}

static int expect_request(int seq) {
    char expected[96];
    struct nap nap = {now_ms(), process_now(program()).busy, 0};
    snprintf(expected, sizeof expected,
             "echo request %d to %s: code 0, 56 bytes of data", seq,
             inet_ntoa(net.host));
    net.strange[0] = '\0';
    int came = wait_for(request_came, &nap, net.fd, POLLIN);
    if (came == 2 && net.naps + 1 == NAPS)
        return unmet(expected,
                     "the program sleeps first, for %d ms and more, as before "
                     "each of the %d requests before it",
                     NAP_MS, NAPS - 1);
    if (came == 2)
        return unmet(expected, "the program sleeps first, for %d ms and more",
                     LATE_MS);
    /* The first request comes when the program has begun. */
    net.naps = nap.is_long && net.count > 1 ? net.naps + 1 : 0;
    if (came == 0)
        return unmet(expected, "%s%s%s", net.strange,
                     net.strange[0] ? "; then " : "", gave_up());
    const char *wrong = wrong_with(seq);
    if (wrong)
        return unmet(expected, "an echo request with %s", wrong);
    step("received echo request %d", seq);
    return 0;
}

int do_expect_request(char **w) {
    return expect_request((int)strtol(w[0], NULL, 10));
}

int in_network(void) { return net.fd != -1; }

int expect_no_request(void) {
    int what = 0;
    while ((what = take_packet()) == 0)
        continue;
    if (what == -1)
        return 0;
    return unmet("nothing yet", "an echo request with the sequence number %d",
                 get16(message_of(last_request()) + 6));
}

int do_set_ttl(char **w) {
    next.ttl = (int)strtol(w[0], NULL, 10);
    return 0;
}

int do_clear_checksum(char **w) {
    (void)w;
    next.no_checksum = 1;
    return 0;
}

int do_set_options(char **w) {
    next.options = (int)strtol(w[0], NULL, 10) & 0x3c;
    return 0;
}

int do_set_length(char **w) {
    next.length = (int)strtol(w[0], NULL, 10);
    return 0;
}

int do_set_quoted_header(char **w) {
    next.quoted_header = (int)strtol(w[0], NULL, 10) & 0x0c;
    return 0;
}

/* The fields that alter knows, and where they are: in the message, or in the
   ICMP message that an error quotes, or in the IP header before that. */
static const struct field {
    const char *name;
    size_t at, size;
    enum { OWN, QUOTED, QUOTED_HEADER } part;
} fields[] = {
    {"type", 0, 1, OWN},
    {"code", 1, 1, OWN},
    {"id", 4, 2, OWN},
    {"seq", 6, 2, OWN},
    {"first-byte", 8, 1, OWN},
    {"last-byte", MESSAGE - 1, 1, OWN},
    {"checksum", 2, 2, OWN},
    {"quoted-type", 0, 1, QUOTED},
    {"quoted-id", 4, 2, QUOTED},
    {"quoted-seq", 6, 2, QUOTED},
    {"quoted-header", 0, 1, QUOTED_HEADER},
    {"quoted-protocol", 9, 1, QUOTED_HEADER},
};

int do_alter(char **w) {
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i].name, w[0]) == 0 && next.count < MOST_CHANGES) {
            next.changes[next.count].field = fields[i].name;
            next.changes[next.count++].more = (int)strtol(w[1], NULL, 10);
            return 0;
        }
    errx(2, "no field of a message: %s", w[0]);
}

/* Changes the fields of MESSAGE, which quotes R from byte 8 on if it is an
   error; those of the checksum only if SUMS. */
static void change(unsigned char *message, const struct request *r, int sums) {
    for (int i = 0; i < next.count; i++)
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
            const struct field *f = &fields[k];
            if (strcmp(f->name, next.changes[i].field) != 0 ||
                (strcmp(f->name, "checksum") == 0) != sums)
                continue;
            unsigned char *at = message + f->at;
            if (f->part != OWN)
                at += 8 + (f->part == QUOTED ? r->header : 0);
            unsigned more = (unsigned)next.changes[i].more;
            if (f->size == 1)
                *at = (unsigned char)(*at + more);
            else
                put16(at, get16(at) + more);
        }
}

/* How the next message differs from a usual one, in words. */
static const char *differences(void) {
    static char text[256];
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < next.count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, ", %s %+d",
                                 next.changes[i].field, next.changes[i].more);
    if (next.length)
        used += (size_t)snprintf(text + used, sizeof text - used, ", %d bytes",
                                 next.length);
    if (next.options)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 ", %d bytes of IP options", next.options);
    if (next.quoted_header)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 ", a quoted IP header of %d bytes",
                                 next.quoted_header);
    if (next.no_checksum)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, ", no checksum");
    if (next.ttl != 64)
        snprintf(text + used, sizeof text - used, ", ttl %d", next.ttl);
    return text;
}

/*
 * Sends MESSAGE, N bytes, which has room for MOST_BYTES, from the address of
 * set-source or else the host to who sent R, with what the statements before
 * ask for. WHAT is what it is, in words.
 */
static void send_message(unsigned char *message, size_t n,
                         const struct request *r, const char *what) {
    static unsigned char packet[MOST_BYTES];
    const struct sockaddr_in *chosen = (const void *)&peer.from;
    struct in_addr from = net.host;
    if (chosen->sin_family == AF_INET)
        from = chosen->sin_addr;
    change(message, r, 0);
    if (next.length)
        n = (size_t)next.length;
    size_t header = HEADER + (size_t)next.options;
    if (header + n > MOST_BYTES)
        errx(2, "longer than a packet");
    unsigned sum = checksum(message, n);
    put16(message + 2, !next.no_checksum ? sum : sum == 0);
    change(message, r, 1);
    memset(packet, 0, HEADER);
    /* No operation, IPOPT_NOP. */
    memset(packet + HEADER, 1, (size_t)next.options);
    packet[0] = (unsigned char)(0x40 | header / 4);
    packet[8] = (unsigned char)next.ttl;
    packet[9] = IPPROTO_ICMP;
    memcpy(packet + 12, &from, sizeof from);
    memcpy(packet + 16, &r->from, sizeof r->from);
    memcpy(packet + header, message, n);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr = r->from};
    /* The kernel fills in the length and the checksum of the header. */
    if (sendto(net.fd, packet, header + n, 0, (struct sockaddr *)&to,
               sizeof to) == -1)
        err(3, "sending a message of %zu bytes", n);
    step("sent %s from %s%s", what, inet_ntoa(from), differences());
    memset(&next, 0, sizeof next);
    next.ttl = 64;
    memset(&peer.from, 0, sizeof peer.from);
}

static int reply_to(const struct request *r) {
    static unsigned char message[MOST_BYTES];
    char what[64];
    memset(message, 0, sizeof message);
    memcpy(message, message_of(r), MESSAGE);
    message[0] = ECHO_REPLY;
    snprintf(what, sizeof what, "a reply to request %u", get16(message + 6));
    send_message(message, MESSAGE, r, what);
    return 0;
}

/* The last request with the number TEXT. */
static const struct request *find_request(const char *text) {
    unsigned seq = (unsigned)strtoul(text, NULL, 10);
    for (int i = net.count; i > 0 && i > net.count - MOST_REQUESTS; i--) {
        const struct request *r = &net.requests[(i - 1) % MOST_REQUESTS];
        if (get16(message_of(r) + 6) == seq)
            return r;
    }
    errx(2, "there was no request %s", text);
}

/* The last request; exits with 2 if there is none. */
static const struct request *answered_request(void) {
    if (!net.count)
        errx(2, "there was no request yet");
    return last_request();
}

int do_reply(char **w) {
    (void)w;
    return reply_to(answered_request());
}

int do_reply_to(char **w) { return reply_to(find_request(w[0])); }

int do_reply_after(char **w) {
    poll(NULL, 0, (int)strtol(w[0], NULL, 10));
    return reply_to(answered_request());
}

int do_answer(char **w) {
    long count = strtol(w[0], NULL, 10);
    for (long i = 0; i < count; i++) {
        int seq = net.count ? (int)get16(message_of(last_request()) + 6) : 0;
        if (expect_request(seq + 1) != 0)
            return 1;
        reply_to(last_request());
    }
    return 0;
}

/* As Linux does, it quotes all of the request; set-length makes that less. */
static int say_unreachable(const struct request *r, const char *code) {
    static unsigned char message[MOST_BYTES];
    char what[64];
    memset(message, 0, sizeof message);
    message[0] = UNREACHABLE;
    message[1] = (unsigned char)strtol(code, NULL, 10);
    memcpy(message + 8, r->bytes, r->header + MESSAGE);
    if (next.quoted_header) {
        memset(message + 8 + r->header, 0, 8);
        message[8] = (unsigned char)(0x40 | next.quoted_header / 4);
        memcpy(message + 8 + next.quoted_header, message_of(r), 8);
    }
    snprintf(what, sizeof what, "\"unreachable\", code %s, about request %u",
             code, get16(message_of(r) + 6));
    send_message(message, 8 + r->header + MESSAGE, r, what);
    return 0;
}

int do_print_sum(char **w) {
    const struct request *r = answered_request();
    const unsigned char *m = message_of(r);
    unsigned long sum = 0;
    (void)w;
    for (size_t i = 0; i < MESSAGE; i += 2)
        if (i < 2 || i > 6)
            sum += get16(m + i);
    printf("%u %lu\n", get16(m + 4), sum);
    fflush(stdout);
    return 0;
}

int do_say_unreachable(char **w) {
    return say_unreachable(answered_request(), w[0]);
}

int do_say_unreachable_to(char **w) {
    return say_unreachable(find_request(w[0]), w[1]);
}

/* Packets that are not the reply to a request: how each differs from the reply,
   or from "unreachable" about that request. The first is a reply to another
   program. */
static const struct stray {
    const char *field;
    int more, length;
    int is_error;
} strays[] = {
    {"id", 1, 0, 0},              /* another program's reply */
    {"id", 1, 12, 0},             /* the same, shorter */
    {"id", 1, 2000, 0},           /* the same, longer */
    {"seq", -1, 0, 0},            /* a late reply */
    {"type", ECHO_REQUEST, 0, 0}, /* its own request */
    {"quoted-id", 1, 0, 1},       /* about another program's request */
    {"type", 8, 0, 1},            /* time exceeded, type 11 */
};

static void send_stray(const struct stray *stray) {
    const struct request *r = answered_request();
    int hidden = peer.hidden;
    next.changes[0].field = stray->field;
    next.changes[0].more = stray->more;
    next.count = 1;
    next.length = stray->length;
    /* One step is enough for all of them. */
    peer.hidden = 1;
    if (stray->is_error)
        say_unreachable(r, "1");
    else
        reply_to(r);
    peer.hidden = hidden;
}

static int send_each_stray(void) {
    for (size_t i = 0; i < sizeof strays / sizeof *strays; i++)
        send_stray(&strays[i]);
    return 0;
}

int do_send_strays(char **w) {
    long count = strtol(w[0], NULL, 10);
    step("sends %ld replies to another program", count);
    for (long i = 1; i <= count; i++) {
        send_stray(&strays[0]);
        if (i % FEW_STRAYS != 0 && i != count)
            continue;
        /* The peer's own socket gets a copy of each: this empties it. */
        if (do_wait_asleep(NULL) != 0 || expect_no_request() != 0)
            return 1;
    }
    return 0;
}

int do_stray_repeatedly(char **w) {
    repeat(send_each_stray, "times packets that are not the reply",
           strtol(w[0], NULL, 10), strtol(w[1], NULL, 10));
    step("every %s ms packets come that are not the reply: replies to another "
         "program of 12, 64 and 2000 bytes, a late reply, an echo request, "
         "\"unreachable\" about another program's request, \"time exceeded\"",
         w[0]);
    return 0;
}
