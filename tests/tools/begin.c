/*
 * begin - starts a program of a submission, and ends all its processes. begin.h
 * describes the functions. Rests on setrlimit(2), personality(2), prctl(2),
 * proc(5).
 */
#define _GNU_SOURCE
#include "begin.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct {
    const char *name;
    int what;
} kinds[] = {{"as", RLIMIT_AS},       {"cpu", RLIMIT_CPU},
             {"fsize", RLIMIT_FSIZE}, {"nofile", RLIMIT_NOFILE},
             {"nproc", RLIMIT_NPROC}, {"stack", RLIMIT_STACK}};
enum { KINDS = sizeof kinds / sizeof *kinds };
static long limits[KINDS];     /* 0: keep the limit of this process */
static long uid;               /* 0: keep the user of this process */
static const char *folder;     /* NULL: keep that of this process */
static int has_same_addresses; /* whether to switch ASLR off */

long long now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

long number(const char *text, const char *what) {
    char *end = NULL;
    long n = strtol(text, &end, 10);
    if (end == text || *end || n < 0)
        errx(2, "%s is a number, not '%s'", what, text);
    return n;
}

void limit(const char *text) {
    for (int i = 0; i < KINDS; i++) {
        size_t n = strlen(kinds[i].name);
        if (strncmp(text, kinds[i].name, n) == 0 && text[n] == '=') {
            limits[i] = number(text + n + 1, kinds[i].name);
            return;
        }
    }
    errx(2, "there is no limit '%s'", text);
}

void user(const char *text) {
    uid = number(text, "-u");
    if (uid == 0 || uid >= 65534)
        errx(2, "-u is a user's number from 1 to 65533, not '%s'", text);
}

void working_folder(const char *path) { folder = path; }

void same_addresses(void) { has_same_addresses = 1; }

void go_first(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file == -1)
        return;
    if (write(file, "1000", 4) != 4)
        warn("oom_score_adj");
    close(file);
}

/* Becomes the user UID without capabilities; setresuid(2), capabilities(7).
   Returns -1 with errno. */
static int drop_privileges(void) {
    gid_t group = (gid_t)uid;
    go_first(); /* only root can undo what root has set here */
    for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
        if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == -1)
            return -1;
    /* A change from UID 0 clears all sets but the inheritable one. */
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct has[2];
    if (syscall(SYS_capget, &header, has) == -1)
        return -1;
    has[0].inheritable = has[1].inheritable = 0;
    if (syscall(SYS_capset, &header, has) == -1 || setgroups(0, NULL) == -1 ||
        setresgid(group, group, group) == -1 ||
        setresuid((uid_t)uid, (uid_t)uid, (uid_t)uid) == -1)
        return -1;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* Old kernels lack close_range(2). */
void close_from(unsigned first) {
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, ~0U, 0U) == 0)
        return;
#endif
    for (int fd = (int)first; fd < 4096; fd++)
        close(fd);
}

_Noreturn void begin(char **argv, int report, int failed) {
    setsid();
    /* signal(2) refuses the two signals that libc uses itself, so make the
       system call. In the kernel's struct sigaction all zeros mean SIG_DFL, no
       flags and an empty mask. */
    const unsigned long default_action[8] = {0};
    for (int sig = 1; sig < NSIG; sig++)
        syscall(SYS_rt_sigaction, sig, default_action, NULL, 8);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);

    for (int fd = 3; fd < 9; fd++)
        close(fd);
    if (!report)
        close(9);
    /* Close all descriptors from 10 on, but keep FAILED. */
    for (int fd = 10; fd < failed; fd++)
        close(fd);
    close_from((unsigned)failed + 1);

    if (has_same_addresses)
        personality(ADDR_NO_RANDOMIZE);
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    for (int i = 0; i < KINDS; i++) {
        struct rlimit value = {(rlim_t)limits[i], (rlim_t)limits[i]};
        if (limits[i])
            setrlimit((unsigned)kinds[i].what, &value);
    }
    if ((!folder || chdir(folder) == 0) &&
        (uid == 0 || drop_privileges() == 0)) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* must follow the change of user */
        execvp(argv[0], argv);
    }
    int why = errno;
    if (write(failed, &why, sizeof why) < 0)
        _exit(126);
    _exit(127);
}

int kill_all(int main_pid, int *status) {
    char path[64];
    int others = 0;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    for (;;) {
        FILE *list = fopen(path, "re");
        int pid = 0;
        if (main_pid > 0)
            kill(-main_pid, SIGKILL);
        while (list && fscanf(list, "%d", &pid) == 1)
            kill(pid, SIGKILL);
        if (list)
            fclose(list);
        int ended = 0;
        pid_t gone = waitpid(-1, &ended, 0);
        if (gone == -1 && errno == ECHILD)
            return others;
        if (gone > 0 && gone == main_pid) {
            *status = ended;
            main_pid = 0;
        } else if (gone > 0 && WIFSIGNALED(ended) &&
                   WTERMSIG(ended) == SIGKILL) {
            others++; /* it still ran; a zombie has another status */
        }
    }
}
