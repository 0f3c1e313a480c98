/*
 * launch - run one program of a submission, and let nothing of it survive.
 *
 * Usage: launch [-t SECONDS] [-c BYTES] [-i null|closed|open|line]
 *               [-l NAME=N]... [-u UID] [-a] [-r] [-p PORT] [-e NAME=VALUE]...
 *               -d DIR -- PROGRAM [ARG...]
 *        launch … -s … -- SANDBOX [ARG...] init [ARG...]
 *
 *   -d DIR      where the program's output is kept: DIR/out, DIR/err and, with
 *               -r, DIR/report (what it wrote to descriptor 9: valgrind's log)
 *   -t SECONDS  the deadline, in whole seconds of real time (default 20), later
 *               where the program waits for a processor (patience.h)
 *   -c BYTES    the most that is kept of each output (default 1 MiB); a program
 *               that writes more is ended
 *   -i WHAT     standard input: /dev/null (default), closed, or a pipe that is
 *               held open until this launcher receives SIGUSR1, or such a pipe
 *               with lines in it (line): a byte of 255 is in them, which is
 *               -1 as a char, and what people type to end a program
 *   -l NAME=N   a limit of setrlimit(2): as, cpu, fsize, nofile, nproc, stack
 *   -a          the program has the same addresses in every run (begin.h)
 *   -e NAME=VALUE  adds this to the program's environment
 *   -u UID      as root: the program runs as this user, without privileges
 *   -p PORT     hold PORT for this run: see hold_port()
 *   -s          what follows is a sandbox, in which init (init.c) starts the
 *               program: it is that one's id and end that are told
 *
 * The program gets descriptors 0, 1 and 2, the environment of this launcher,
 * default signal dispositions and a session of its own. The launcher is a
 * child subreaper (prctl(2)): whatever the program leaves behind, daemons in a
 * session of their own included, becomes its child and is killed.
 *
 * DIR is made when it is not there (its parent must be). DIR/pid holds the
 * program's id. DIR/out and DIR/err become read-only when nothing more can
 * come. On standard output, for the judge, one line each:
 *
 *   started PID            the program runs
 *   taken                  PORT is in use by somebody else; nothing was started
 *   exited STATUS LEFT MS  the program ended itself; LEFT counts the processes
 *   killed SIGNAL LEFT MS  that it left running
 *   timeout LEFT MS        it was ended: at its deadline,
 *   limit LEFT MS          for too much output,
 *   stopped LEFT MS        or because of SIGTERM to this launcher
 *   lost LEFT MS           its sandbox ended, and did not say how
 *
 * Returns 0 when one of these was said, 2 for a wrong command line, 3 when a
 * call of its own failed.
 */
#define _GNU_SOURCE
#include "begin.h"
#include "patience.h"
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUT, ERR, REPORT, OUTPUTS };

/* One of the program's outputs: the pipe it writes to, the file that keeps it.
 */
struct output {
    int pipe;
    int file;
    long left; /* bytes that may still be kept */
};

/*
 * Holds PORT for this run, for tests that cannot have an address of their own
 * (every interface, ::1). The UDP port of that number is bound as a lock that
 * the kernel drops with this process; a TCP socket bound for a moment shows
 * whether anybody else uses the port. Returns 0, or -1 when PORT is taken.
 */
static int hold_port(int port) {
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)port)};
    int lock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr *addr = (struct sockaddr *)&here;
    if (lock == -1 || probe == -1)
        err(3, "socket");
    if (bind(lock, addr, sizeof here) == -1 ||
        bind(probe, addr, sizeof here) == -1)
        return -1;
    close(probe);
    /* Out of the way of the descriptors that main() clears. */
    if (fcntl(lock, F_DUPFD_CLOEXEC, 20) == -1)
        err(3, "fcntl");
    close(lock);
    struct sockaddr_in6 here6 = {.sin6_family = AF_INET6,
                                 .sin6_port = htons((uint16_t)port)};
    probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int taken = probe != -1 &&
                bind(probe, (struct sockaddr *)&here6, sizeof here6) == -1 &&
                errno == EADDRINUSE;
    if (probe != -1)
        close(probe);
    return taken ? -1 : 0;
}

/*
 * Waits until the program in the sandbox begins; TOLD is the socket to init,
 * where the kernel says who sends (unix(7), SO_PASSCRED), in ids of our own.
 * Returns the program's id, or sets WHY to errno of its execve(2).
 */
static pid_t begun_inside(int told, int *why) {
    struct news news = {.what = RUNS};
    pid_t pid = 0;
    for (;;) {
        union {
            struct cmsghdr header;
            char room[CMSG_SPACE(sizeof(struct ucred))];
        } who;
        struct iovec what = {&news, sizeof news};
        struct msghdr m = {.msg_iov = &what,
                           .msg_iovlen = 1,
                           .msg_control = &who,
                           .msg_controllen = sizeof who};
        if (recvmsg(told, &m, 0) != sizeof news)
            errx(3, "the sandbox did not begin");
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        if (news.what == BEGINS && c && c->cmsg_type == SCM_CREDENTIALS) {
            struct ucred sender;
            memcpy(&sender, CMSG_DATA(c), sizeof sender);
            pid = sender.pid;
        } else {
            *why = news.what == FAILS ? news.status : 0;
            return pid;
        }
    }
}

static int create(const char *dir, const char *name) {
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path)
        errx(2, "the path is too long: %s", dir);
    /* One from an earlier run is read-only. */
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd == -1)
        err(3, "%s", path);
    return fd;
}

/* In the child: becomes the program, or the sandbox, which keeps the socket. */
static _Noreturn void become(char **argv, int in, const int *ends, int failed,
                             int sandbox) {
    if (in == -1)
        close(0);
    else
        dup2(in, 0);
    dup2(ends[OUT], 1);
    dup2(ends[ERR], 2);
    failed = dup2(failed, NEWS);
    fcntl(failed, F_SETFD, sandbox ? 0 : FD_CLOEXEC);
    if (ends[REPORT] != -1)
        dup2(ends[REPORT], 9);
    begin(argv, ends[REPORT] != -1, failed);
}

/* How many ms of real time the program PID may take, whose deadline is in so
   many SECONDS: see patience.h. */
static long long allowed_ms(pid_t pid, long seconds) {
    char path[64];
    long long ran = 0, waited = 0;
    snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
    FILE *f = fopen(path, "re");
    if (!f || fscanf(f, "%lld %lld", &ran, &waited) != 2)
        ran = waited = 0;
    if (f)
        fclose(f);
    return patience(seconds * 1000LL, ran / 1000000, waited / 1000000);
}

/* Moves what is there from the pipe to the file. Returns -1 at its end, 1 when
   more came than may be kept, else 0. */
static int keep(struct output *o) {
    char buf[65536];
    ssize_t n = read(o->pipe, buf, sizeof buf);
    if (n == -1)
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    if (n == 0)
        return -1;
    size_t some = n < o->left ? (size_t)n : (size_t)o->left;
    o->left -= (long)some;
    if (write(o->file, buf, some) != (ssize_t)some)
        err(3, "keeping the program's output");
    return (size_t)n > some ? 1 : 0;
}

int main(int argc, char **argv) {
    const char *dir = NULL, *stdin_is = "null";
    long seconds = 20, cap = 1 << 20, port = 0;
    int report = 0, sandbox = 0, opt;
    while ((opt = getopt(argc, argv, "+ad:t:c:i:l:u:p:e:rs")) != -1) {
        switch (opt) {
        case 'a':
            same_addresses();
            break;
        case 'd':
            dir = optarg;
            break;
        case 't':
            seconds = number(optarg, "-t");
            break;
        case 'c':
            cap = number(optarg, "-c");
            break;
        case 'i':
            stdin_is = optarg;
            break;
        case 'l':
            limit(optarg);
            break;
        case 'u':
            user(optarg);
            break;
        case 'p':
            port = number(optarg, "-p");
            break;
        case 'e':
            putenv(optarg);
            break;
        case 'r':
            report = 1;
            break;
        case 's':
            sandbox = 1;
            break;
        default:
            return 2;
        }
    }
    if (!dir || optind == argc ||
        (strcmp(stdin_is, "null") != 0 && strcmp(stdin_is, "closed") != 0 &&
         strcmp(stdin_is, "open") != 0 && strcmp(stdin_is, "line") != 0))
        errx(2, "usage: launch -d DIR [-t SECONDS] [-c BYTES] "
                "[-i null|closed|open|line] [-l NAME=N] [-u UID] [-p PORT] [-e "
                "NAME=VALUE] "
                "[-a] [-r] [-s] -- PROGRAM [ARG...]");
    close_from(3);
    /* If the judge goes away, so does the program. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (port && hold_port((int)port) == -1) {
        puts("taken");
        return 0;
    }

    /* A closed descriptor below 3 must not be given to a pipe. */
    int in = -1, in_held = -1, told[2], ends[OUTPUTS] = {-1, -1, -1};
    struct output outputs[OUTPUTS];
    static const char *names[OUTPUTS] = {"out", "err", "report"};
    if (mkdir(dir, 0755) == -1 && errno != EEXIST)
        err(3, "%s", dir);
    int spare = fcntl(2, F_DUPFD, 20); /* keeps what follows away from 3..10 */
    for (int fd = 3; fd < 20 && spare != -1; fd++)
        dup2(spare, fd);
    for (int i = 0; i < OUTPUTS; i++) {
        int fds[2];
        outputs[i] = (struct output){-1, -1, cap};
        if (i == REPORT && !report)
            continue;
        outputs[i].file = create(dir, names[i]);
        if (pipe2(fds, O_CLOEXEC) == -1)
            err(3, "pipe2");
        fcntl(fds[0], F_SETFL, O_NONBLOCK);
        outputs[i].pipe = fds[0];
        ends[i] = fds[1];
    }
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, told) == -1)
        err(3, "socketpair");
    int yes = 1;
    if (setsockopt(told[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) == -1)
        err(3, "SO_PASSCRED");
    if (stdin_is[0] == 'n') {
        in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    } else if (stdin_is[0] != 'c') {
        int fds[2];
        if (pipe2(fds, O_CLOEXEC) == -1)
            err(3, "pipe2");
        in = fds[0];
        in_held = fds[1];
        const char lines[] = "a line\377\nquit\nexit\nq\n.\n\n\4\n";
        ssize_t size = sizeof lines - 1;
        if (stdin_is[0] == 'l' && write(in_held, lines, (size_t)size) != size)
            err(3, "writing the program's standard input");
    }

    sigset_t mine;
    sigemptyset(&mine);
    sigaddset(&mine, SIGCHLD);
    sigaddset(&mine, SIGTERM);
    sigaddset(&mine, SIGINT);
    sigaddset(&mine, SIGHUP);
    sigaddset(&mine, SIGUSR1);
    sigprocmask(SIG_BLOCK, &mine, NULL);
    int signals = signalfd(-1, &mine, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals == -1)
        err(3, "signalfd");

    long long begun = now_ms();
    pid_t pid = fork();
    if (pid == -1)
        err(3, "fork");
    if (pid == 0)
        become(argv + optind, in, ends, told[1], sandbox);
    for (int fd = 3; fd < 20; fd++)
        close(fd);
    for (int i = 0; i < OUTPUTS; i++)
        if (ends[i] != -1)
            close(ends[i]);
    close(told[1]);
    if (in != -1)
        close(in);
    int why = 0;
    pid_t main_pid = pid;
    if (sandbox)
        main_pid = begun_inside(told[0], &why);
    if (sandbox ? why : read(told[0], &why, sizeof why) == sizeof why) {
        errno = why;
        err(3, "%s", argv[optind]);
    }
    char text[16];
    int n = snprintf(text, sizeof text, "%d\n", (int)main_pid);
    int file = create(dir, "pid");
    if (write(file, text, (size_t)n) != n)
        err(3, "writing the program's id");
    close(file);
    printf("started %s", text);
    fflush(stdout);

    const char *ended = NULL; /* why we end it; NULL: it ended by itself */
    int status = 0, gone = 0;
    struct news end = {.what = RUNS};
    while (!gone && !ended) {
        struct pollfd watch[OUTPUTS + 2] = {{signals, POLLIN, 0}};
        watch[OUTPUTS + 1] = (struct pollfd){sandbox ? told[0] : -1, POLLIN, 0};
        for (int i = 0; i < OUTPUTS; i++)
            watch[i + 1] = (struct pollfd){outputs[i].pipe, POLLIN, 0};
        long long rest = begun + seconds * 1000LL - now_ms();
        if (rest <= 0)
            rest = begun + allowed_ms(main_pid, seconds) - now_ms();
        if (rest <= 0) {
            ended = "timeout";
            break;
        }
        poll(watch, OUTPUTS + 2, (int)rest);
        if (watch[OUTPUTS + 1].revents) {
            if (recv(told[0], &end, sizeof end, 0) != sizeof end)
                ended = "lost";
            break;
        }
        for (int i = 0; i < OUTPUTS; i++) {
            int how = watch[i + 1].revents ? keep(&outputs[i]) : 0;
            if (how == 1)
                ended = "limit";
            if (how == -1)
                outputs[i].pipe = -1;
        }
        struct signalfd_siginfo sig;
        while (read(signals, &sig, sizeof sig) == sizeof sig) {
            if (sig.ssi_signo == SIGUSR1 && in_held != -1) {
                close(in_held);
                in_held = -1;
            } else if (sig.ssi_signo == SIGCHLD) {
                /* Of a sandbox the news says more, and may come later. */
                if (!sandbox && waitpid(pid, &status, WNOHANG) == pid)
                    gone = 1;
            } else if (sig.ssi_signo != SIGUSR1) {
                ended = "stopped";
            }
        }
    }
    int ignored = 0;
    int left = kill_all(gone ? 0 : pid, gone ? &ignored : &status);
    if (end.what == ENDED) {
        status = end.status;
        left = end.left;
        gone = 1;
    }
    for (int i = 0; i < OUTPUTS; i++) {
        int how = 0;
        fcntl(outputs[i].pipe, F_SETFL,
              0); /* all writers are gone: to its end */
        while (outputs[i].pipe != -1 && (how = keep(&outputs[i])) != -1)
            if (how == 1 && gone) {
                ended = "limit";
                break;
            }
        if (outputs[i].file != -1)
            fchmod(outputs[i].file, 0444);
    }
    long long ms = now_ms() - begun;
    if (ended)
        printf("%s %d %lld\n", ended, left, ms);
    else if (WIFSIGNALED(status))
        printf("killed %d %d %lld\n", WTERMSIG(status), left, ms);
    else
        printf("exited %d %d %lld\n", WEXITSTATUS(status), left, ms);
    return 0;
}
