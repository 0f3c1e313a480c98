/*
 * peer-signal - signals to the program, once, or again and again.
 */
#include "peer.h"
#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int signal_number(const char *name) {
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"none", 0},       {"STOP", SIGSTOP}, {"CONT", SIGCONT},
                   {"TERM", SIGTERM}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2},
                   {"INT", SIGINT},   {"KILL", SIGKILL}};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (strcmp(signals[i].name, name) == 0)
            return signals[i].number;
    errx(2, "not a signal: %s", name);
}

/* Sends SIG to each thread of process PID that sleeps or stands: each must go
   on after EINTR, and the kernel would choose one alone. Returns how many got
   it. */
static int wake_threads(pid_t pid, const struct moment *at, int sig) {
    int count = 0;
    for (int i = 0; i < at->threads; i++) {
        const struct thread *t = &at->thread[i];
        if (t->process == pid && !t->helper && t->state != 'R')
            count += syscall(SYS_tgkill, pid, t->id, sig) == 0;
    }
    return count;
}

int send_signal(int sig) {
    pid_t list[MOST];
    int count = program() ? processes(program(), list) : 0, result = -1;
    struct moment at = {0}, stopping = {0};
    /* As kill(1) sends it: its children are the program's own care. */
    if (count && sig == SIGTERM)
        count = 1;
    if (count && sig == SIGUSR2)
        at = process_now(list[0]);
    if (count && sig == SIGSTOP)
        stopping = process_now(list[0]);
    /* The first one first: it may end with its children. */
    for (int i = 0; i < count; i++) {
        /* Only strace(1) can stop all threads of what it traces: it goes on. */
        int sent = is_tracer(&stopping, list[i]) ||
                   wake_threads(list[i], &at, sig) || kill(list[i], sig) == 0;
        /* A child may have ended meanwhile. */
        if (i == 0)
            result = sent ? 0 : -1;
    }
    return result;
}

int is_stopped(void) {
    /* Under strace(1) a stopped program stays in the state of one that is in
       its tracer's hand, which lasts for a moment only. */
    enum { LONG = 8 };
    static int looks;
    struct moment now = process_now(program());
    looks = now.in_tracer ? looks + 1 : 0;
    return now.state == 'T' || looks >= LONG;
}

/* Stops it again, if need be: a child may be younger than the signal. */
int stands(void *data) {
    (void)data;
    if (is_stopped())
        return 1;
    send_signal(SIGSTOP);
    return 0;
}

/* As a programmer writes it. sigabbrev_np(3) is not in every C library. */
static const char *signal_name(int sig) {
    return sig == SIGUSR2 ? "SIGUSR2" : strsignal(sig);
}

int do_signal(char **w) {
    int sig = signal_number(w[0]);
    if (send_signal(sig) == -1)
        return unmet("the program runs", "it had ended");
    if (sig == SIGSTOP && !wait_for(stands, NULL, -1, 0))
        return unmet("the program can be stopped", "%s", gave_up());
    switch (sig) {
    case SIGSTOP:
        step("SIGSTOP stops the program");
        break;
    case SIGCONT:
        step("SIGCONT lets the program go on");
        break;
    default:
        step("the program gets %s", signal_name(sig));
        break;
    }
    return 0;
}

/* The signal that is sent again and again. */
static int repeated;

static int signal_again(void) {
    /* clang-format 14 and 19 agree on a function of more than one line. */
    return send_signal(repeated);
}

int do_signal_repeatedly(char **w) {
    repeated = signal_number(w[0]);
    repeat(repeated ? signal_again : NULL, "signals", strtol(w[1], NULL, 10),
           strtol(w[2], NULL, 10));
    if (repeated)
        step("the program gets %s every %s ms", signal_name(repeated), w[1]);
    return 0;
}
