/*
 * probe - tries to break out of its confinement, one way after the other.
 *
 * Usage: probe WORD VALUE [WORD VALUE]...
 *
 *   reads PATH      opens the file or folder PATH
 *   writes DIR      makes a file in DIR
 *   sees PID        finds process PID; with 0, any process that it did not
 *                   start
 *   traces PID      traces process PID, or reads its environment, memory or
 *                   descriptors
 *   reaches PORT    connects to 127.0.0.1, port PORT
 *   is UID          is user UID
 *   capable 0       has a capability, or can get one by a set-user-ID program
 *   nests 0         makes a new user namespace
 *   mounts DIR      mounts a file system on DIR
 *   knows NAME      has NAME in its environment
 *   inherits 0      has a descriptor above 2
 *   opens N         opens N descriptors
 *   forks N         has N children at the same time
 *   allocates MIB   allocates and uses MIB MiB of memory
 *   fills MIB       writes a file of MIB MiB (in $TMPDIR or /tmp)
 *   spills MIB      writes MIB files of 1 MiB there
 *   spins 0         may use the processor for ever
 *   floods MIB      writes MIB MiB to standard output
 *   waits 0         reads its standard input to the end
 *
 * It prints "trying WORD" before each way, then one line for each thing that it
 * could do ("can …"), and "tried" at the end. It removes the files that it made
 * and ends its children. Returns 0, or 2 for an unknown word.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MIB = 1 << 20 };

/* Returns whether PATH can be opened with these FLAGS of open(2). */
static int can_open(const char *path, int flags) {
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd != -1)
        close(fd);
    return fd != -1;
}

/* Returns the path of NAME in the folder for temporary files. */
static const char *temporary(const char *name) {
    static char path[4096];
    const char *dir = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/%s", dir ? dir : "/tmp", name);
    return path;
}

static void reads(const char *path, long n) {
    (void)n;
    if (can_open(path, O_RDONLY))
        printf("can read %s\n", path);
}

static void writes(const char *dir, long n) {
    char path[4096];
    snprintf(path, sizeof path, "%s/probe.%d", dir, (int)getpid());
    if (can_open(path, O_WRONLY | O_CREAT)) {
        printf("can write in %s\n", dir);
        unlink(path);
    }
    (void)n;
}

static void sees(const char *text, long pid) {
    (void)text;
    if (pid) {
        /* In a PID namespace the probe itself can have this PID. */
        if (pid != getpid() && kill((pid_t)pid, 0) == 0)
            printf("can end process %ld\n", pid);
        return;
    }
    DIR *proc = opendir("/proc");
    int processes = 0;
    for (struct dirent *e = NULL; proc && (e = readdir(proc));)
        processes += e->d_name[0] >= '1' && e->d_name[0] <= '9';
    if (proc)
        closedir(proc);
    if (processes > 2) /* the probe and PID 1 of its namespace */
        printf("can see %d other processes\n", processes - 1);
}

static void traces(const char *text, long pid) {
    char path[64], link[64];
    static const char *const files[] = {"environ", "mem"};
    if (ptrace(PTRACE_SEIZE, (pid_t)pid, NULL, NULL) == 0) {
        printf("can trace process %s\n", text);
        ptrace(PTRACE_DETACH, (pid_t)pid, NULL, NULL);
    }
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "/proc/%ld/%s", pid, files[i]);
        reads(path, 0);
    }
    snprintf(path, sizeof path, "/proc/%ld/fd/1", pid);
    if (readlink(path, link, sizeof link) != -1)
        printf("can use descriptors of process %s\n", text);
}

static void reaches(const char *text, long port) {
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((unsigned short)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd != -1 && connect(fd, (void *)&to, sizeof to) == 0)
        printf("can reach the host's servers: 127.0.0.1, port %s\n", text);
    if (fd != -1)
        close(fd);
}

static void is(const char *text, long uid) {
    uid_t real = 0, effective = 0, saved = 0;
    getresuid(&real, &effective, &saved);
    if (real == (uid_t)uid || effective == (uid_t)uid || saved == (uid_t)uid)
        printf("is user %s\n", text);
}

static void capable(const char *text, long n) {
    char line[256];
    (void)text, (void)n;
    FILE *status = fopen("/proc/self/status", "re");
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "Cap", 3) == 0 &&
            strspn(line + 7, " \t0\n") < strlen(line + 7))
            printf("can use capabilities: %s", line);
    if (status)
        fclose(status);
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        puts("can gain privileges by set-user-ID programs");
}

static void nests(const char *text, long n) {
    (void)text, (void)n;
    pid_t pid = fork();
    if (pid == 0)
        _exit(unshare(CLONE_NEWUSER) == 0);
    int status = 0;
    if (pid > 0 && waitpid(pid, &status, 0) == pid && status)
        puts("can make a user namespace of its own");
}

static void mounts(const char *dir, long n) {
    (void)n;
    if (mount("none", dir, "tmpfs", 0, NULL) == 0) {
        printf("can mount on %s\n", dir);
        umount(dir);
    }
}

static void knows(const char *name, long n) {
    (void)n;
    if (getenv(name))
        printf("can read the caller's environment: %s\n", name);
}

static void inherits(const char *text, long n) {
    (void)text, (void)n;
    for (int fd = 3; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) != -1)
            printf("can use descriptor %d\n", fd);
}

static void opens(const char *text, long n) {
    int *fds = calloc((size_t)n, sizeof *fds);
    long i = 0;
    if (!fds)
        return;
    while (i < n && (fds[i] = dup(0)) != -1)
        i++;
    if (i == n)
        printf("can open %s descriptors\n", text);
    while (i > 0)
        close(fds[--i]);
    free(fds);
}

static void forks(const char *text, long n) {
    int gate[2], status = 0;
    long i = 0;
    if (pipe2(gate, O_CLOEXEC) == -1)
        err(3, "pipe2");
    for (; i < n; i++) {
        pid_t pid = fork();
        if (pid == -1)
            break;
        if (pid == 0) {
            char c = 0;
            close(gate[1]);
            _exit(read(gate[0], &c, 1) == 1);
        }
    }
    if (i == n)
        printf("can start %s processes\n", text);
    close(gate[0]);
    close(gate[1]);
    while (wait(&status) > 0)
        ;
}

static void allocates(const char *text, long n) {
    for (long i = 0; i < n; i++) {
        void *some = mmap(NULL, MIB, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (some == MAP_FAILED)
            return;
        memset(some, 1, MIB);
        /* The sanitizers check the memory in use ten times a second, so give
           them time. */
        if (i % 128 == 127)
            usleep(150000);
    }
    printf("can use %s MiB of memory\n", text);
}

/* Writes MIB MiB to FD. Returns whether all of it was written. */
static int write_mib(int fd, long mib) {
    static char some[MIB];
    for (long i = 0; i < mib; i++)
        if (write(fd, some, MIB) != MIB)
            return 0;
    return 1;
}

static void fills(const char *text, long n) {
    const char *path = temporary("probe.fills");
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd != -1 && write_mib(fd, n))
        printf("can write a file of %s MiB\n", text);
    if (fd != -1)
        close(fd);
    unlink(path);
}

static void spills(const char *text, long n) {
    char name[64];
    long i = 0;
    for (; i < n; i++) {
        snprintf(name, sizeof name, "probe.%ld", i);
        int fd = open(temporary(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        int whole = fd != -1 && write_mib(fd, 1);
        if (fd != -1)
            close(fd);
        if (!whole)
            break;
    }
    if (i == n)
        printf("can write %s files of 1 MiB\n", text);
    for (; i >= 0; i--) {
        snprintf(name, sizeof name, "probe.%ld", i);
        unlink(temporary(name));
    }
}

static void spins(const char *text, long n) {
    struct rlimit most;
    (void)text, (void)n;
    if (getrlimit(RLIMIT_CPU, &most) == 0 && most.rlim_max == RLIM_INFINITY)
        puts("can use the processor for ever");
}

static void floods(const char *text, long n) {
    if (write_mib(1, n))
        printf("can print %s MiB\n", text);
}

static void waits(const char *text, long n) {
    char c = 0;
    (void)text, (void)n;
    while (read(0, &c, 1) == 1)
        ;
}

static const struct {
    const char *word;
    void (*try)(const char *text, long number);
} ways[] = {{"reads", reads},     {"writes", writes},       {"sees", sees},
            {"traces", traces},   {"reaches", reaches},     {"is", is},
            {"capable", capable}, {"nests", nests},         {"mounts", mounts},
            {"knows", knows},     {"inherits", inherits},   {"opens", opens},
            {"forks", forks},     {"allocates", allocates}, {"fills", fills},
            {"spills", spills},   {"spins", spins},         {"floods", floods},
            {"waits", waits}};
enum { WAYS = sizeof ways / sizeof *ways };

/* Tries the way called WORD. Returns 0 if there is no such way. */
static int try_way(const char *word, const char *value) {
    for (int way = 0; way < WAYS; way++)
        if (strcmp(ways[way].word, word) == 0) {
            printf("trying %s\n", word);
            ways[way].try(value, strtol(value, NULL, 10));
            return 1;
        }
    return 0;
}

int main(int argc, char **argv) {
    signal(SIGXFSZ, SIG_IGN);
    setlinebuf(stdout);
    for (int i = 1; i < argc; i += 2)
        if (i + 1 == argc || !try_way(argv[i], argv[i + 1]))
            errx(2, "there is no such way: %s", argv[i]);
    puts("tried");
    return 0;
}
