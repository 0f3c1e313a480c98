/*
 * flood - the part of the shim that makes a program count past 2 GiB and 4 GiB
 * without sending that much.
 *
 * The functions of the shim replace only the calls that the program itself
 * makes. They do not replace the calls that libc makes, above all in stdio. So
 * a seccomp(2) filter turns each read into SIGSYS, and the handler answers it.
 * If the kernel refuses the filter, such a program gets no flood.
 *
 * A program that reads one byte at a time would need a minute for 4 GiB, with
 * stdio more than an hour. If the first bytes show this, the shim sets the
 * program forward. It searches the program's memory for the counter: the words
 * that hold the number of bytes at four moments. It sets these words to a value
 * shortly before 2^31, then before 2^32, then before the end, and the program
 * counts on from there. If it finds no counter, and the flood would take more
 * than 20 s of processor time, the program gets 2 MiB (UNFOUND) in all. The
 * tests judge the number that the program prints. Nothing here is a verdict.
 */
#define _GNU_SOURCE
#include "flood.h"
#include "preload.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define KIB(n) ((uint64_t)(n) << 10)
#define NEVER UINT64_MAX

enum {
    LOOKS = 4,       /* how many times the words are compared */
    LAG = 4096,      /* bytes that stdio has read and the program has not */
    WORDS = 4096,    /* how many words can be candidates for the counter */
    SLOW_MS = 1500,  /* search if the flood takes more processor time */
    MOST_MS = 20000, /* the most processor time that a flood may take */
    MOST_MIB = 256   /* larger mappings are not searched */
};
static const uint64_t FIRST = KIB(128), SECOND = KIB(1024), UNFOUND = KIB(2048),
                      NEAR = KIB(16), TWO_GIB = KIB(2) << 20,
                      FOUR_GIB = KIB(4) << 20;

enum kind { WHOLE, FLOAT, DOUBLE };
struct word {
    char *at;
    enum kind kind;
};

/* The processes of a program share it, and its threads take turns. */
static struct flood {
    char taken;           /* a thread is being given bytes */
    struct stat socket;   /* identifies the connection */
    uint64_t size, given; /* bytes of the flood: in all, so far */
    uint64_t look;        /* look() runs when GIVEN reaches this */
    int looks;            /* how often look() has compared the words */
    long long begun;      /* processor time when the flood began, ns */
    struct word words[WORDS];
    int found; /* how many WORDS there are */
} unshared, *flood = &unshared;
static int flooded = -1; /* the connection, or a copy of it, dup(2) */

static long long processor_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (long long)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Whether WORD holds the number of bytes so far. It may hold up to LAG bytes
   less; *BEHIND gets the difference. A whole number counts modulo 2^32. */
static int counts(struct word word, uint64_t *behind) {
    uint32_t whole;
    float single;
    double real;
    switch (word.kind) {
    case WHOLE:
        memcpy(&whole, word.at, sizeof whole);
        *behind = (uint32_t)flood->given - whole;
        break;
    case FLOAT:
        memcpy(&single, word.at, sizeof single);
        if (!(single > 0 && single <= (float)flood->given))
            return 0;
        *behind = flood->given - (uint64_t)single;
        break;
    default:
        memcpy(&real, word.at, sizeof real);
        if (!(real > 0 && real <= (double)flood->given))
            return 0;
        *behind = flood->given - (uint64_t)real;
        break;
    }
    return *behind < LAG;
}

/* Sets WORD to NUMBER. */
static void set(struct word word, uint64_t number) {
    uint32_t whole = (uint32_t)number;
    float single = (float)number;
    double real = (double)number;
    if (word.kind == WHOLE)
        memcpy(word.at, &whole, sizeof whole);
    else if (word.kind == FLOAT)
        memcpy(word.at, &single, sizeof single);
    else
        memcpy(word.at, &real, sizeof real);
}

/* Adds the words between FROM and TO that can be the counter. */
static void search(char *from, const char *to) {
    uint64_t behind;
    for (char *at = from; at + sizeof(double) <= to; at += sizeof(uint32_t))
        for (enum kind kind = WHOLE; kind <= DOUBLE; kind++) {
            struct word word = {at, kind};
            if (flood->found < WORDS && counts(word, &behind))
                flood->words[flood->found++] = word;
        }
}

/* Searches the program's writable memory: its data, its heap and the stacks of
   all its threads; proc(5), /proc/PID/maps. flood_read() explains FRAME. */
static void search_all(const char *frame) {
    static char maps[KIB(64)];
    size_t size = 0;
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    for (ssize_t n = 1; fd != -1 && n > 0 && size < sizeof maps - 1;) {
        n = read(fd, maps + size, sizeof maps - 1 - size);
        size += n > 0 ? (size_t)n : 0;
    }
    close(fd);
    maps[size] = '\0';
    char *end = NULL;
    for (char *line = maps; *line; line = end + (*end == '\n')) {
        char *from = (char *)strtoull(line, &end, 16);
        char *to = (char *)strtoull(end + (*end == '-'), &end, 16);
        char *rights = end;
        end += strcspn(end, "\n");
        int is_library = memmem(rights, (size_t)(end - rights), ".so", 3) != 0;
        if (strncmp(rights, " rw", 3) != 0 || is_library ||
            (uint64_t)(to - from) > KIB(MOST_MIB * 1024))
            continue;
        /* Frames of the shim lie below FRAME. */
        if (frame >= from && frame < to)
            from = (char *)(((uintptr_t)frame + 7) & ~(uintptr_t)7);
        const char *own = (char *)flood;
        if (own < from || own >= to) {
            search(from, to);
        } else {
            search(from, own);
            search((char *)flood + sizeof *flood, to);
        }
    }
}

/* Keeps the words that still hold the number of bytes so far. */
static void keep_those_that_count(void) {
    uint64_t behind;
    int kept = 0;
    for (int i = 0; i < flood->found; i++)
        if (counts(flood->words[i], &behind))
            flood->words[kept++] = flood->words[i];
    flood->found = kept;
}

/* Sets the program's counter, as if it had read GIVEN bytes. */
static void set_forward(uint64_t given) {
    uint64_t behind = 0;
    for (int i = 0; i < flood->found; i++)
        if (counts(flood->words[i], &behind))
            set(flood->words[i], given - behind);
    flood->given = given;
}

/* Estimates the processor time for the whole flood, in ms. */
static long long all_ms(void) {
    return (processor_ns() - flood->begun) / 1000 *
           (long long)(flood->size / flood->given) / 1000;
}

/* Looks at the program, and decides when to look again. */
static void look(const void *frame) {
    uint64_t given = flood->given;
    if (flood->looks == 0) {
        if (all_ms() < (given < SECOND ? MOST_MS : SLOW_MS)) {
            flood->look = given < SECOND ? SECOND : NEVER;
            return;
        }
        search_all(frame);
    } else {
        keep_those_that_count();
    }
    flood->looks++;
    flood->look = NEVER;
    if (!flood->found && given > TWO_GIB)
        flood->size = given; /* the counter has overflowed */
    else if (!flood->found && all_ms() > MOST_MS)
        flood->size = UNFOUND;
    else if (!flood->found)
        return;
    else if (flood->looks < LOOKS)
        flood->look = given + NEAR + (uint64_t)flood->looks * 777;
    else if (given < TWO_GIB)
        set_forward(TWO_GIB - NEAR), flood->look = TWO_GIB + NEAR;
    else if (given < FOUR_GIB && FOUR_GIB < flood->size)
        set_forward(FOUR_GIB - NEAR), flood->look = FOUR_GIB + NEAR;
    else
        set_forward(flood->size - NEAR);
}

/* Whether FD is the flooded connection. */
static int is_flooded(int fd) {
    struct stat s;
    if (fd == flooded)
        return 1;
    int error = errno;
    int same = fstat(fd, &s) == 0 && s.st_ino == flood->socket.st_ino &&
               s.st_dev == flood->socket.st_dev;
    errno = error;
    if (same)
        flooded = fd;
    return same;
}

ssize_t flood_read(int fd, void *buf, size_t len, const void *frame) {
    if (flood->given >= flood->size || !len || !is_flooded(fd))
        return 0;
    while (__atomic_test_and_set(&flood->taken, __ATOMIC_ACQUIRE))
        sched_yield();
    if (flood->given >= flood->look)
        look(frame);
    uint64_t left = flood->size - flood->given;
    size_t n = len < left ? len : (size_t)left;
    if (buf && n) {
        memset(buf, 0, n);
        /* A program that reads lines has no room for a line of 4 GiB. */
        ((char *)buf)[n - 1] = '\n';
    }
    flood->given += n;
    __atomic_clear(&flood->taken, __ATOMIC_RELEASE);
    return (ssize_t)n;
}

ssize_t flood_readv(int fd, const struct iovec *v, size_t count,
                    const void *frame) {
    /* Fill the first buffer that has room. */
    while (count > 1 && !v->iov_len)
        v++, count--;
    return count ? flood_read(fd, v->iov_base, v->iov_len, frame) : 0;
}

#if defined __x86_64__ || defined __aarch64__
/* Does what syscall(2) does, from a known address. The kernel tells the filter
   the address of each call, and the filter allows flood_called. */
long flood_call(long number, const long *args);
extern const char flood_called[];
#if defined __x86_64__
__asm__(".text\n.globl flood_call\n.hidden flood_call\n"
        ".type flood_call, @function\n"
        ".globl flood_called\n.hidden flood_called\n"
        "flood_call:\n"
        "mov %rdi, %rax\n mov %rsi, %r11\n mov (%r11), %rdi\n"
        "mov 8(%r11), %rsi\n mov 16(%r11), %rdx\n mov 24(%r11), %r10\n"
        "mov 32(%r11), %r8\n mov 40(%r11), %r9\n syscall\n"
        "flood_called: ret\n");
static greg_t *result_of(ucontext_t *now) {
    return &now->uc_mcontext.gregs[REG_RAX];
}
static const void *stack_of(const ucontext_t *now) {
    return (const void *)now->uc_mcontext.gregs[REG_RSP];
}
static void arguments_of(const ucontext_t *now, long *args) {
    static const int order[] = {REG_RDI, REG_RSI, REG_RDX,
                                REG_R10, REG_R8,  REG_R9};
    for (int i = 0; i < 6; i++)
        args[i] = now->uc_mcontext.gregs[order[i]];
}
#else
__asm__(".text\n.globl flood_call\n.hidden flood_call\n"
        ".type flood_call, @function\n"
        ".globl flood_called\n.hidden flood_called\n"
        "flood_call:\n"
        "mov x8, x0\n mov x9, x1\n ldp x0, x1, [x9]\n"
        "ldp x2, x3, [x9, 16]\n ldp x4, x5, [x9, 32]\n svc 0\n"
        "flood_called: ret\n");
static unsigned long long *result_of(ucontext_t *now) {
    return &now->uc_mcontext.regs[0];
}
static const void *stack_of(const ucontext_t *now) {
    return (const void *)now->uc_mcontext.sp;
}
static void arguments_of(const ucontext_t *now, long *args) {
    for (int i = 0; i < 6; i++)
        args[i] = (long)now->uc_mcontext.regs[i];
}
#endif

/* The handler of SIGSYS: answers a read from the flood, or makes the call. */
static void answer(int sig, siginfo_t *info, void *context) {
    ucontext_t *now = context;
    long args[6], number = info->si_syscall;
    ssize_t n = 0;
    (void)sig;
    arguments_of(now, args);
    int fd = (int)args[0];
    const void *frame = stack_of(now);
    if (number == SYS_read) {
        n = flood_read(fd, (void *)args[1], (size_t)args[2], frame);
    } else if (number == SYS_readv) {
        n = flood_readv(fd, (void *)args[1], (size_t)args[2], frame);
    } else if (number == SYS_recvfrom && !(args[3] & MSG_PEEK)) {
        n = flood_read(fd, args[3] & MSG_TRUNC ? NULL : (void *)args[1],
                       (size_t)args[2], frame);
    } else if (number == SYS_recvmsg && !(args[2] & MSG_PEEK)) {
        struct msghdr *msg = (void *)args[1];
        n = flood_readv(fd, msg->msg_iov, msg->msg_iovlen, frame);
        if (n)
            msg->msg_namelen = 0, msg->msg_controllen = 0, msg->msg_flags = 0;
    }
    *result_of(now) = n ? n : flood_call(number, args);
}

/* Installs the filter that turns reads into SIGSYS, in all threads;
   seccomp(2). */
static void stop_reads(void) {
    uint64_t own = (uint64_t)(uintptr_t)flood_called;
    struct sock_filter code[] = {
#define LOAD(field)                                                            \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF(value, yes, no)                                                     \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), yes, no)
        LOAD(nr),
        IF(SYS_read, 3, 0),
        IF(SYS_readv, 2, 0),
        IF(SYS_recvfrom, 1, 0),
        IF(SYS_recvmsg, 0, 4),
        LOAD(instruction_pointer), /* its lower half */
        IF(own, 0, 3),
        LOAD(instruction_pointer) /* its upper half: see below */,
        IF(own >> 32, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
    };
    code[7].k += 4;
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    struct sigaction act = {.sa_sigaction = answer,
                            .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigset_t one;
    sigaction(SIGSYS, &act, NULL);
    sigemptyset(&one);
    sigaddset(&one, SIGSYS);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
            &program);
}
#else
static void stop_reads(void) {}
#endif

void flood_connection(int fd, unsigned long long size) {
    static int stopped;
    if (!stopped) {
        stop_reads();
        flood = shared_or(&unshared, sizeof unshared);
    }
    stopped = 1;
    flooded = fd;
    fstat(fd, &flood->socket);
    flood->size = size;
    flood->given = 0;
    flood->look = FIRST;
    flood->looks = flood->found = 0;
    flood->begun = processor_ns();
}
