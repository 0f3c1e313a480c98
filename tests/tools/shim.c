/*
 * shim - a preload library (ld.so(8), LD_PRELOAD) that makes the network of a
 * program as hostile as real networks are. It makes faults, never verdicts.
 *
 * SHIM holds words, each NAME or NAME=N:
 *   recv=N    one call reads at most N bytes from a socket
 *   send=N    one call writes at most N bytes to a socket; not for a program
 *             that waits for edges (EPOLLET): it may take a part for a full
 *             buffer and sleep until the next edge, epoll(7)
 *   seed=N    each call gets a random limit, from 1 to the limit above
 *   again=N   about every Nth call that reads or writes a stream socket, or
 *             receives from an internet datagram socket, without sleeping
 *             (O_NONBLOCK, MSG_DONTWAIT) fails with EAGAIN, whatever poll(2)
 *             has said; not for a program that waits for edges (EPOLLET, or
 *             a signal, O_ASYNC): it may sleep after EAGAIN until the next one
 *   eintr     SIGUSR2 gets an empty handler without SA_RESTART, so a call that
 *             the signal interrupts returns EINTR
 *   aborted=N the first N accepts fail with ECONNABORTED
 *   enfile=N  accept fails with ENFILE while the process has N TCP sockets or
 *             more, the listening one among them
 *   no-buffers   every accept fails with ENOBUFS
 *   no-ipv6   socket(2) makes no IPv6 stream socket: EAFNOSUPPORT
 *   unreachable=N   the first N addresses to which an internet stream socket
 *             is to be connected, connect(2), are out of reach: ENETUNREACH
 *   timedout=N the first N calls that receive from a TCP connection fail with
 *             ETIMEDOUT, as after keepalives without answer, tcp(7)
 *   no-route=N the next N such calls fail with EHOSTUNREACH, as when a router
 *             has said so, ip(7)
 *   refused=N the first N calls that receive from an internet datagram socket
 *             fail with ECONNREFUSED
 *   unsent=N  the first N calls that send from such a socket fail: with EPERM,
 *             ENOBUFS, ECONNREFUSED, EHOSTUNREACH, EINVAL, EMSGSIZE, and so on
 *   interrupted=N   the first N calls that send from such a socket, from a raw
 *             socket or on a TCP connection, and could sleep, fail with EINTR:
 *             a signal would come too late for them. Not in a thread that
 *             blocks SIGUSR2
 *   dropped=N the first N datagrams that come to internet sockets are dropped
 *             by the call that would receive them, as if their checksum was
 *             wrong: poll(2) has seen them, select(2), BUGS
 *   late=N    the first call that sends from such a socket returns N ms after
 *             it has sent, as if another program had the processor meanwhile
 *   sndbuf=N  an accepted connection has a send buffer of N bytes, socket(7)
 *   hold-bind umask(2) is 0, and when a bind(2) of a Unix socket has returned
 *             the program stops (SIGSTOP)
 *   no-pid    SO_PEERCRED says PID 0 of the other end, as for a process in
 *             another container; pid_namespaces(7)
 *   no-credentials    the first question of a process for SO_PEERCRED fails
 *             with ENOBUFS
 *   term-accept   an accept(2) that has taken a connection sends SIGTERM to the
 *             program's first process before it returns: the signal comes while
 *             no call sleeps
 *   nofile=N  limits the open descriptors after the program is loaded: with an
 *             earlier limit of 3 the loader could not open libc
 *   pid=N     getpid(2) returns N: for a program that puts it into a packet
 *   first-fd=N  the descriptors below N are taken: the program gets N first
 *   spare-fds=N once a process has accepted its first connection, it can have
 *             N descriptors from that one on: what it opened before is its own
 *             matter
 *   flood=N:M the first connection delivers N MiB (most of them zeros) before
 *             the bytes that were really sent, the second connection M MiB
 *             (none without :M); see flood.c
 *
 * The processes of a program count together. The limits hold for stream sockets
 * only. They do not hold for a call with MSG_WAITALL or MSG_PEEK, because
 * recv(2) promises more for those, and no call gets less than SO_RCVLOWAT.
 */
#define _GNU_SOURCE
#undef _FORTIFY_SOURCE
#include "flood.h"
#include "preload.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static size_t most_read, most_sent;       /* 0: no limit */
static unsigned long long seed, flood[2]; /* bytes for two connections */
static long again;   /* about every so manieth call fails */
static int by_edges; /* the program waits for edges */
static long enfile;  /* with so many sockets it fails */
/* How many calls still fail, and with which error the next one that sends does.
   The processes of a program share them: a call is the first of all. */
static struct faults {
    long aborted, unreachable, timedout, no_route, refused, unsent, interrupted,
        dropped, late;
    size_t error;
    size_t far; /* how many addresses are out of reach */
    struct sockaddr_storage address[8];
} unshared, *left = &unshared;
static int sndbuf, no_buffers, no_ipv6, no_pid, no_credentials, hold_bind,
    spare_fds;
static pid_t first_process; /* gets SIGTERM (term-accept); or 0 */
static pid_t pretended;     /* what getpid(2) returns; 0: the real one */

static void nothing(int sig) { (void)sig; }

__attribute__((constructor)) static void begin(void) {
    const char *shim = getenv("SHIM");
    if (!shim)
        return;
    left = shared_or(&unshared, sizeof unshared);
    most_read = (size_t)setting(shim, "recv=");
    most_sent = (size_t)setting(shim, "send=");
    seed = setting(shim, "seed=");
    left->aborted = (long)setting(shim, "aborted=");
    again = (long)setting(shim, "again=");
    enfile = (long)setting(shim, "enfile=");
    sndbuf = (int)setting(shim, "sndbuf=");
    spare_fds = (int)setting(shim, "spare-fds=");
    hold_bind = strstr(shim, "hold-bind") != NULL;
    if (hold_bind)
        umask(0);
    if (strstr(shim, "term-accept"))
        first_process = (pid_t)syscall(SYS_getpid);
    pretended = (pid_t)setting(shim, "pid=");
    no_buffers = strstr(shim, "no-buffers") != NULL;
    no_ipv6 = strstr(shim, "no-ipv6") != NULL;
    no_pid = strstr(shim, "no-pid") != NULL;
    no_credentials = strstr(shim, "no-credentials") != NULL;
    left->unreachable = (long)setting(shim, "unreachable=");
    left->timedout = (long)setting(shim, "timedout=");
    left->no_route = (long)setting(shim, "no-route=");
    left->refused = (long)setting(shim, "refused=");
    left->unsent = (long)setting(shim, "unsent=");
    left->interrupted = (long)setting(shim, "interrupted=");
    left->dropped = (long)setting(shim, "dropped=");
    left->late = (long)setting(shim, "late=");
    flood[0] = setting(shim, "flood=") << 20;
    if (flood[0])
        flood[1] = setting(strstr(shim, "flood="), ":") << 20;
    rlim_t nofile = setting(shim, "nofile=");
    if (nofile) {
        struct rlimit limit = {nofile, nofile};
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    int first = (int)setting(shim, "first-fd="), fd = -1;
    while (first && (fd = dup(STDERR_FILENO)) != -1 && fd < first)
        continue;
    if (fd != -1)
        close(fd);
    if (strstr(shim, "eintr")) {
        struct sigaction act = {.sa_handler = nothing};
        sigaction(SIGUSR2, &act, NULL);
    }
    forget("SHIM");
    forget("LD_PRELOAD");
}

/* Returns the socket option WHICH of FD (SO_TYPE, SO_DOMAIN, SO_RCVLOWAT), or
   -1 when FD is no socket. The room of 5 bytes, where getsockopt(2) wants 4, is
   how events.awk knows the shim's own calls in what strace(1) notes. */
static int fact_of(int fd, int which) {
    int value[2] = {-1, -1}, error = errno;
    socklen_t size = sizeof *value + 1;
    getsockopt(fd, SOL_SOCKET, which, value, &size);
    errno = error;
    return *value;
}

/* Whether a call on the socket FD with FLAGS may not sleep. Called after
   fact_of: events.awk takes this fcntl(2), too, for the shim's own. */
static int must_not_sleep(int fd, int flags) {
    return flags & MSG_DONTWAIT || fcntl(fd, F_GETFL) & O_NONBLOCK;
}

/* Returns the name of an error that the shim makes. (strerrorname_np(3) is
   younger than some systems of students.) */
static const char *name_of(int error) {
    switch (error) {
    case EAGAIN:
        return "EAGAIN";
    case EINTR:
        return "EINTR";
    case EPERM:
        return "EPERM";
    case ENOBUFS:
        return "ENOBUFS";
    case ENFILE:
        return "ENFILE";
    case ECONNREFUSED:
        return "ECONNREFUSED";
    case ECONNABORTED:
        return "ECONNABORTED";
    case EHOSTUNREACH:
        return "EHOSTUNREACH";
    case ENETUNREACH:
        return "ENETUNREACH";
    case ETIMEDOUT:
        return "ETIMEDOUT";
    case EINVAL:
        return "EINVAL";
    case EMSGSIZE:
        return "EMSGSIZE";
    default:
        return "EAFNOSUPPORT";
    }
}

/* Lets CALL on FD fail; or, with ARGS, a call that has these. Returns -1, with
   errno as it is. A write to no descriptor tells strace(1): events.awk draws
   the call from it. */
static int fail(const char *call, int fd, const char *args) {
    char text[64];
    int error = errno, n;
    if (args)
        n = snprintf(text, sizeof text, "%s(%s) = -1 %s", call, args,
                     name_of(error));
    else
        n = snprintf(text, sizeof text, "%s(%d) = -1 %s", call, fd,
                     name_of(error));
    syscall(SYS_write, -1, text, n);
    errno = error;
    return -1;
}

/* Returns how many of LEN bytes a call on FD may move. MOST is the limit, or 0
   for none. */
static size_t cut(int fd, size_t len, size_t most) {
    if (!most || len <= 1 || fact_of(fd, SO_TYPE) != SOCK_STREAM)
        return len;
    if (seed) { /* xorshift64 */
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        most = (size_t)(seed % most) + 1;
    }
    return len < most ? len : most;
}

/* The same for a call that reads. */
static size_t cut_read(int fd, size_t len) {
    size_t most = cut(fd, len, most_read);
    /* A program that waits for so many bytes, socket(7), may rely on them. */
    int promised = most < len ? fact_of(fd, SO_RCVLOWAT) : 0;
    if (promised <= 1 || (size_t)promised <= most)
        return most;
    return (size_t)promised < len ? (size_t)promised : len;
}

/* Whether FD is an internet socket of this TYPE. */
static int is_internet(int fd, int type) {
    int family = fact_of(fd, SO_DOMAIN);
    return (family == AF_INET || family == AF_INET6) &&
           fact_of(fd, SO_TYPE) == type;
}

/* Whether this call, which receives from FD, must fail; sets errno then. */
static int receive_fails(int fd) {
    int timed_out = left->timedout > 0;
    if ((timed_out || left->no_route > 0) && is_internet(fd, SOCK_STREAM)) {
        if (timed_out)
            left->timedout--;
        else
            left->no_route--;
        errno = timed_out ? ETIMEDOUT : EHOSTUNREACH;
        return 1;
    }
    if (left->refused <= 0 || !is_internet(fd, SOCK_DGRAM))
        return 0;
    left->refused--;
    errno = ECONNREFUSED;
    return 1;
}

/* Whether the calling thread blocks SIG. */
static int is_blocked(int sig) {
    sigset_t blocked;
    return sigprocmask(SIG_BLOCK, NULL, &blocked) == 0 &&
           sigismember(&blocked, sig) == 1;
}

/* The same of one that sends. */
static int send_fails(int fd, int flags) {
    static const int errors[] = {EPERM,        ENOBUFS, ECONNREFUSED,
                                 EHOSTUNREACH, EINVAL,  EMSGSIZE};
    if (left->unsent <= 0 && left->interrupted <= 0)
        return 0;
    int datagram = is_internet(fd, SOCK_DGRAM);
    if (!datagram && !is_internet(fd, SOCK_STREAM) &&
        !is_internet(fd, SOCK_RAW))
        return 0;
    if (left->interrupted > 0 && !must_not_sleep(fd, flags) &&
        !is_blocked(SIGUSR2)) {
        left->interrupted--;
        errno = EINTR;
        return 1;
    }
    if (left->unsent <= 0 || !datagram)
        return 0;
    left->unsent--;
    errno = errors[left->error++ % (sizeof errors / sizeof *errors)];
    return 1;
}

/* Whether this call on FD with FLAGS, which SENDS or receives, must fail; sets
   errno then. */
static int not_now(int fd, int flags, int sends) {
    /* xorshift64: no pattern that the calls of a program could fall into. */
    static unsigned long long drawn = 88172645463325252ULL;
    if (!again || by_edges || flags & MSG_PEEK)
        return 0;
    int domain = fact_of(fd, SO_DOMAIN), type = fact_of(fd, SO_TYPE);
    if (fcntl(fd, F_GETFL) & O_ASYNC)
        return 0;
    if (domain == -1 || domain == AF_UNIX || !must_not_sleep(fd, flags) ||
        (type != SOCK_STREAM && (type != SOCK_DGRAM || sends)))
        return 0;
    drawn ^= drawn << 13;
    drawn ^= drawn >> 7;
    drawn ^= drawn << 17;
    if (drawn % (unsigned long long)again)
        return 0;
    errno = EAGAIN;
    return 1;
}

/* Drops datagrams that come to FD before a call with FLAGS receives one. It
   sleeps as that call would: so does the kernel. Returns 0, or -1 when none has
   come. */
static int drop(int fd, int flags) {
    static __typeof__(&recv) next;
    char byte;
    if (left->dropped <= 0 || !is_internet(fd, SOCK_DGRAM))
        return 0;
    if (!next)
        next = NEXT(recv);
    for (; left->dropped > 0; left->dropped--)
        if (next(fd, &byte, 1, flags & MSG_DONTWAIT) == -1)
            return -1;
    return 0;
}

/* Returns SENT, what a call has sent on FD, late if SHIM says so. */
static ssize_t be_late(int fd, ssize_t sent) {
    if (left->late <= 0 || sent < 0 || !is_internet(fd, SOCK_DGRAM))
        return sent;
    struct timespec t = {left->late / 1000, left->late % 1000 * 1000000};
    left->late = 0;
    while (nanosleep(&t, &t) == -1 && errno == EINTR)
        continue;
    return sent;
}

int epoll_ctl(int epoll, int what, int fd, struct epoll_event *event) {
    static __typeof__(&epoll_ctl) next;
    if (!next)
        next = NEXT(epoll_ctl);
    if (event && event->events & EPOLLET) {
        by_edges = 1;
        most_sent = 0;
    }
    return next(epoll, what, fd, event);
}

/* The end of the stack frame of the function that the program has called. */
#define FRAME __builtin_frame_address(0)

ssize_t read(int fd, void *buf, size_t len) {
    static __typeof__(&read) next;
    if (!next)
        next = NEXT(read);
    if (receive_fails(fd) || not_now(fd, 0, 0))
        return fail(__func__, fd, NULL);
    ssize_t n = flood_read(fd, buf, len, FRAME);
    if (!n && drop(fd, 0) == -1)
        return -1;
    return n ? n : next(fd, buf, cut_read(fd, len));
}

ssize_t write(int fd, const void *buf, size_t len) {
    static __typeof__(&write) next;
    if (!next)
        next = NEXT(write);
    if (send_fails(fd, 0) || not_now(fd, 0, 1))
        return fail(__func__, fd, NULL);
    return be_late(fd, next(fd, buf, cut(fd, len, most_sent)));
}

ssize_t recvfrom(int fd, void *buf, size_t len, int flags, __SOCKADDR_ARG from,
                 socklen_t *size) {
    static __typeof__(&recvfrom) next;
    if (!next)
        next = NEXT(recvfrom);
    if (receive_fails(fd) || not_now(fd, flags, 0))
        return fail(__func__, fd, NULL);
    if (!(flags & MSG_PEEK)) {
        /* MSG_TRUNC discards the bytes; tcp(7). */
        ssize_t n = flood_read(fd, flags & MSG_TRUNC ? NULL : buf, len, FRAME);
        if (n)
            return n;
    }
    if (drop(fd, flags) == -1)
        return -1;
    if (!(flags & (MSG_WAITALL | MSG_PEEK)))
        len = cut_read(fd, len);
    return next(fd, buf, len, flags, from, size);
}

ssize_t recv(int fd, void *buf, size_t len, int flags) {
    return recvfrom(fd, buf, len, flags, NULL, NULL);
}

ssize_t sendto(int fd, const void *buf, size_t len, int flags,
               __CONST_SOCKADDR_ARG to, socklen_t size) {
    static __typeof__(&sendto) next;
    if (!next)
        next = NEXT(sendto);
    if (send_fails(fd, flags) || not_now(fd, flags, 1))
        return fail(__func__, fd, NULL);
    return be_late(fd, next(fd, buf, cut(fd, len, most_sent), flags, to, size));
}

ssize_t send(int fd, const void *buf, size_t len, int flags) {
    return sendto(fd, buf, len, flags, NULL, 0);
}

/* Shortens a list of buffers to at most ROOM bytes. Returns how many buffers
   are left. OLD_LEN gets the old length of the last of them. */
static int shorten(struct iovec *v, int count, size_t room, size_t *old_len) {
    int i = 0;
    while (i < count - 1 && v[i].iov_len < room)
        room -= v[i++].iov_len;
    *old_len = v[i].iov_len;
    if (v[i].iov_len > room)
        v[i].iov_len = room;
    return i + 1;
}

static size_t sum(const struct iovec *v, size_t count) {
    size_t all = 0;
    for (size_t i = 0; i < count; i++)
        all += v[i].iov_len;
    return all;
}

ssize_t recvmsg(int fd, struct msghdr *msg, int flags) {
    static __typeof__(&recvmsg) next;
    if (!next)
        next = NEXT(recvmsg);
    if (receive_fails(fd) || not_now(fd, flags, 0))
        return fail(__func__, fd, NULL);
    ssize_t zeros = flags & MSG_PEEK
                        ? 0
                        : flood_readv(fd, msg->msg_iov, msg->msg_iovlen, FRAME);
    if (zeros) {
        msg->msg_namelen = 0;
        msg->msg_controllen = 0;
        msg->msg_flags = 0;
        return zeros;
    }
    if (drop(fd, flags) == -1)
        return -1;
    if (!msg->msg_iovlen || flags & (MSG_WAITALL | MSG_PEEK))
        return next(fd, msg, flags);
    size_t count = msg->msg_iovlen, old_len = 0;
    size_t room = cut_read(fd, sum(msg->msg_iov, count));
    int left = shorten(msg->msg_iov, (int)count, room, &old_len);
    msg->msg_iovlen = (size_t)left;
    ssize_t n = next(fd, msg, flags);
    msg->msg_iovlen = count;
    msg->msg_iov[left - 1].iov_len = old_len;
    return n;
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags) {
    static __typeof__(&sendmsg) next;
    if (!next)
        next = NEXT(sendmsg);
    if (send_fails(fd, flags) || not_now(fd, flags, 1))
        return fail(__func__, fd, NULL);
    if (!msg->msg_iovlen || msg->msg_iovlen > 64)
        return be_late(fd, next(fd, msg, flags));
    struct iovec v[64];
    struct msghdr copy = *msg;
    size_t old_len = 0;
    memcpy(v, msg->msg_iov, msg->msg_iovlen * sizeof *v);
    size_t room = cut(fd, sum(v, msg->msg_iovlen), most_sent);
    copy.msg_iov = v;
    copy.msg_iovlen = (size_t)shorten(v, (int)msg->msg_iovlen, room, &old_len);
    return be_late(fd, next(fd, &copy, flags));
}

ssize_t readv(int fd, const struct iovec *iov, int count) {
    static __typeof__(&readv) next;
    struct iovec v[64];
    size_t old_len = 0;
    if (!next)
        next = NEXT(readv);
    if (receive_fails(fd) || not_now(fd, 0, 0))
        return fail(__func__, fd, NULL);
    ssize_t zeros = count > 0 ? flood_readv(fd, iov, (size_t)count, FRAME) : 0;
    if (zeros)
        return zeros;
    if (drop(fd, 0) == -1)
        return -1;
    if (count < 1 || count > 64)
        return next(fd, iov, count);
    memcpy(v, iov, (size_t)count * sizeof *v);
    size_t room = cut_read(fd, sum(v, (size_t)count));
    return next(fd, v, shorten(v, count, room, &old_len));
}

ssize_t writev(int fd, const struct iovec *iov, int count) {
    static __typeof__(&writev) next;
    struct iovec v[64];
    size_t old_len = 0;
    if (!next)
        next = NEXT(writev);
    if (send_fails(fd, 0) || not_now(fd, 0, 1))
        return fail(__func__, fd, NULL);
    if (count < 1 || count > 64)
        return be_late(fd, next(fd, iov, count));
    memcpy(v, iov, (size_t)count * sizeof *v);
    size_t room = cut(fd, sum(v, (size_t)count), most_sent);
    return be_late(fd, next(fd, v, shorten(v, count, room, &old_len)));
}

/* These two move several datagrams. */
int recvmmsg(int fd, struct mmsghdr *msgs, unsigned count, int flags,
             struct timespec *limit) {
    static __typeof__(&recvmmsg) next;
    if (!next)
        next = NEXT(recvmmsg);
    if (receive_fails(fd))
        return fail(__func__, fd, NULL);
    return drop(fd, flags) == -1 ? -1 : next(fd, msgs, count, flags, limit);
}

int sendmmsg(int fd, struct mmsghdr *msgs, unsigned count, int flags) {
    static __typeof__(&sendmmsg) next;
    if (!next)
        next = NEXT(sendmmsg);
    if (send_fails(fd, flags))
        return fail(__func__, fd, NULL);
    return (int)be_late(fd, next(fd, msgs, count, flags));
}

/* With _FORTIFY_SOURCE the compiler calls these functions instead. */
ssize_t __read_chk(int fd, void *buf, size_t len, size_t room);
ssize_t __read_chk(int fd, void *buf, size_t len, size_t room) {
    return len > room ? (abort(), 0) : read(fd, buf, len);
}

ssize_t __recv_chk(int fd, void *buf, size_t len, size_t room, int flags);
ssize_t __recv_chk(int fd, void *buf, size_t len, size_t room, int flags) {
    return len > room ? (abort(), 0) : recv(fd, buf, len, flags);
}

ssize_t __recvfrom_chk(int fd, void *buf, size_t len, size_t room, int flags,
                       __SOCKADDR_ARG from, socklen_t *size);
ssize_t __recvfrom_chk(int fd, void *buf, size_t len, size_t room, int flags,
                       __SOCKADDR_ARG from, socklen_t *size) {
    return len > room ? (abort(), 0)
                      : recvfrom(fd, buf, len, flags, from, size);
}

/* How many TCP sockets are among the first descriptors of the process. */
static long count_sockets(void) {
    long count = 0;
    for (int fd = 0; fd < 64; fd++) {
        count += is_internet(fd, SOCK_STREAM);
    }
    return count;
}

/* Whether this accept must fail; sets errno then. */
static int accept_fails(void) {
    int error = errno;
    if (left->aborted > 0) {
        left->aborted--;
        errno = ECONNABORTED;
        return 1;
    }
    int full = enfile && count_sockets() >= enfile;
    errno = no_buffers ? ENOBUFS : full ? ENFILE : error;
    return no_buffers || full;
}

/* Limits the descriptors of the process, whose first connection is FD. */
static void limit_fds(int fd) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t most = (rlim_t)fd + (rlim_t)spare_fds;
    if (most < limit.rlim_cur)
        limit.rlim_cur = most;
    setrlimit(RLIMIT_NOFILE, &limit);
    spare_fds = 0;
}

/* Does to the accepted connection FD what SHIM says: a flood, a small send
   buffer, a limit on descriptors, SIGTERM. Returns FD. */
static int change_accepted(int fd) {
    static size_t next;
    if (fd != -1 && spare_fds)
        limit_fds(fd);
    if (fd != -1 && sndbuf)
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &sndbuf, sizeof sndbuf);
    if (fd != -1 && next < sizeof flood / sizeof *flood && flood[next])
        flood_connection(fd, flood[next++]);
    if (fd != -1 && first_process)
        kill(first_process, SIGTERM);
    return fd;
}

int accept(int fd, __SOCKADDR_ARG addr, socklen_t *size) {
    static __typeof__(&accept) next;
    if (!next)
        next = NEXT(accept);
    return accept_fails() ? fail(__func__, fd, NULL)
                          : change_accepted(next(fd, addr, size));
}

int accept4(int fd, __SOCKADDR_ARG addr, socklen_t *size, int flags) {
    static __typeof__(&accept4) next;
    if (!next)
        next = NEXT(accept4);
    return accept_fails() ? fail(__func__, fd, NULL)
                          : change_accepted(next(fd, addr, size, flags));
}

int socket(int family, int type, int protocol) {
    static __typeof__(&socket) next;
    if (!next)
        next = NEXT(socket);
    /* The resolver needs IPv6 datagram sockets to sort addresses. */
    int kind = type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (no_ipv6 && family == AF_INET6 && kind == SOCK_STREAM) {
        errno = EAFNOSUPPORT;
        return fail(__func__, -1, "AF_INET6, SOCK_STREAM, 0");
    }
    return next(family, type, protocol);
}

/* Whether no connection to ADDR can be made. A list of addresses can have the
   same one several times; getaddrinfo(3), without a socket type. */
static int is_out_of_reach(const struct sockaddr *addr, socklen_t size) {
    for (size_t i = 0; i < left->far; i++)
        if (memcmp(&left->address[i], addr, size) == 0)
            return 1;
    if (left->unreachable <= 0 || size > sizeof *left->address ||
        left->far == sizeof left->address / sizeof *left->address)
        return 0;
    left->unreachable--;
    memcpy(&left->address[left->far++], addr, size);
    return 1;
}

int connect(int fd, __CONST_SOCKADDR_ARG addr, socklen_t size) {
    static __typeof__(&connect) next;
    if (!next)
        next = NEXT(connect);
    if (is_internet(fd, SOCK_STREAM) &&
        is_out_of_reach(addr.__sockaddr__, size)) {
        errno = ENETUNREACH;
        return fail(__func__, fd, NULL);
    }
    return next(fd, addr, size);
}

int getsockopt(int fd, int level, int name, void *restrict value,
               socklen_t *restrict size) {
    static __typeof__(&getsockopt) next;
    if (!next)
        next = NEXT(getsockopt);
    if (no_credentials && level == SOL_SOCKET && name == SO_PEERCRED) {
        no_credentials = 0;
        errno = ENOBUFS;
        return fail(__func__, fd, NULL);
    }
    int result = next(fd, level, name, value, size);
    if (no_pid && result == 0 && level == SOL_SOCKET && name == SO_PEERCRED &&
        *size >= sizeof(struct ucred))
        ((struct ucred *)value)->pid = 0;
    return result;
}

int bind(int fd, __CONST_SOCKADDR_ARG addr, socklen_t size) {
    static __typeof__(&bind) next;
    if (!next)
        next = NEXT(bind);
    const struct sockaddr *at = addr.__sockaddr__;
    int result = next(fd, addr, size);
    if (hold_bind && result == 0 && at->sa_family == AF_UNIX)
        kill((pid_t)syscall(SYS_getpid), SIGSTOP);
    return result;
}

pid_t getpid(void) {
    return pretended ? pretended : (pid_t)syscall(SYS_getpid);
}
