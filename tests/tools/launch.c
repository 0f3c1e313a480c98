/*
 * launch - runs one program of a submission, and kills every process that the
 * program leaves.
 *
 * Usage: launch [-t SECONDS] [-c BYTES] [-i null|closed|open|line|much]
 *               [-l NAME=N]... [-u UID] [-a] [-r] [-w SECONDS] [-p PORT]
 *               [-C FOLDER]
 *               [-e NAME=VALUE]...
 *               -d DIR -- PROGRAM [ARG...]
 *        launch … -s … -- SANDBOX [ARG...] init [ARG...]
 *
 *   -d DIR      keep the program's output in DIR/out and DIR/err. With -r,
 *               DIR/report is what it wrote to descriptor 9: valgrind's log
 *   -t SECONDS  the deadline, in whole seconds of real time (default 20). It
 *               comes later if the program waits for a processor (patience.h)
 *   -c BYTES    the most that is kept of each output (default 1 MiB); a program
 *               that writes more is ended
 *   -i WHAT     standard input: null is /dev/null (default). closed: there is
 *               none. open: a pipe that stays open until this launcher receives
 *               SIGUSR1. line: such a pipe with lines in it, see write_lines().
 *               They hold a byte of 255, which is -1 as a char, and words such
 *               as quit that people type to end a program. much: such a pipe
 *               with MUCH bytes in lines, which do not fit into it: the end
 *               comes after the last of them. For line and much DIR/input is
 *               how many bytes were read, and how many there were
 *   -l NAME=N   a limit of setrlimit(2): as, cpu, fsize, nofile, nproc, stack
 *   -a          the program has the same addresses in every run (begin.h)
 *   -e NAME=VALUE  adds this to the program's environment
 *   -w SECONDS  when the program has ended, give the processes that it left so
 *               long to end, too (default 0): strace -D, which ends after it
 *   -u UID      as root: the program runs as this user, without privileges
 *   -C FOLDER   the program's working directory
 *   -p PORT     hold PORT for this run: see hold_port()
 *   -s          the command starts a sandbox, in which init (init.c) starts the
 *               program. The lines below then tell the PID and the end of the
 *               program, not of the sandbox
 *
 * The program gets descriptors 0, 1 and 2, the environment of this launcher,
 * default signal dispositions and a new session. The launcher is a child
 * subreaper (prctl(2)): every process that the program leaves, even a daemon in
 * another session, becomes a child of the launcher and is killed.
 *
 * The launcher makes DIR if it is missing; its parent must exist. DIR/pid holds
 * the program's PID. DIR/out and DIR/err become read-only at the end. Standard
 * output gets these lines for the judge:
 *
 *   started PID            the program runs
 *   taken                  another process uses PORT; nothing was started
 *   exited STATUS LEFT MS  the program exited, or a signal killed it; LEFT is
 *   killed SIGNAL LEFT MS  the number of processes that it left running
 *   timeout LEFT MS        the launcher ended it: at its deadline,
 *   limit LEFT MS          for too much output,
 *   stopped LEFT MS        or because the launcher received SIGTERM
 *   lost LEFT MS           the sandbox ended without a message about the end
 *
 * Returns 0 if it printed one of these lines, 2 for a wrong command line, 3 if
 * one of its own calls failed.
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
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUT, ERR, REPORT, OUTPUTS };

/* One output of the program: the pipe that the program writes to, and the file
   that keeps the bytes. */
struct output {
    int pipe;
    int file;
    long left; /* bytes that may still be kept */
};

/* Whether another process uses PORT: a socket of this kind that is bound there
   for a moment shows it. A machine without this family uses none. */
static int is_used(int family, int type, int port) {
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 here6 = {.sin6_family = AF_INET6,
                                 .sin6_port = htons((uint16_t)port)};
    int fd = socket(family, type | SOCK_CLOEXEC, 0);
    if (fd == -1)
        return 0;
    int bound = family == AF_INET
                    ? bind(fd, (struct sockaddr *)&here, sizeof here)
                    : bind(fd, (struct sockaddr *)&here6, sizeof here6);
    int used = bound == -1 && errno == EADDRINUSE;
    close(fd);
    return used;
}

/*
 * Holds PORT for this run. Tests that use every interface, or ::1, need this:
 * they cannot have a private address. A Unix socket with the port in its
 * abstract name (unix(7)) is a lock that the kernel drops with this process,
 * and that is in nobody's way. Returns 0, or -1 if PORT is taken.
 */
static int hold_port(int port) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int length = snprintf(name.sun_path + 1, sizeof name.sun_path - 1,
                          "socket-steps port %d", port);
    int lock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (lock == -1)
        err(3, "socket");
    if (bind(lock, (struct sockaddr *)&name,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
                         (size_t)length)) == -1)
        return -1;
    /* main() closes the descriptors below 20. */
    if (fcntl(lock, F_DUPFD_CLOEXEC, 20) == -1)
        err(3, "fcntl");
    close(lock);
    int used = is_used(AF_INET, SOCK_STREAM, port) ||
               is_used(AF_INET, SOCK_DGRAM, port) ||
               is_used(AF_INET6, SOCK_STREAM, port) ||
               is_used(AF_INET6, SOCK_DGRAM, port);
    return used ? -1 : 0;
}

/*
 * Waits until the program in the sandbox starts. INIT_SOCKET is the socket to
 * init. On it the kernel adds the sender's PID in our namespace (unix(7),
 * SO_PASSCRED). Returns the program's PID. Sets WHY to the errno of its
 * execve(2), or to 0.
 */
static pid_t wait_for_start(int init_socket, int *why) {
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
        if (recvmsg(init_socket, &m, 0) != sizeof news)
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
    /* A file from an earlier run is read-only. */
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd == -1)
        err(3, "%s", path);
    return fd;
}

/* Runs in the child: becomes the program, or the sandbox. The sandbox inherits
   the socket. */
static _Noreturn void become(char **argv, int in, const int *pipe_ends,
                             int failed, int sandbox) {
    if (in == -1)
        close(0);
    else
        dup2(in, 0);
    dup2(pipe_ends[OUT], 1);
    dup2(pipe_ends[ERR], 2);
    failed = dup2(failed, NEWS);
    fcntl(failed, F_SETFD, sandbox ? 0 : FD_CLOEXEC);
    if (pipe_ends[REPORT] != -1)
        dup2(pipe_ends[REPORT], 9);
    begin(argv, pipe_ends[REPORT] != -1, failed);
}

/* How many ms of real time the program PID may take if its deadline is SECONDS;
   patience.h explains it. */
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

/* Moves bytes from the pipe to the file. Returns -1 at end-of-file, 1 if there
   were more bytes than the cap allows, else 0. */
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

/* Waits until no process is left, at most for so many SECONDS. */
static void wait_for_others(long seconds) {
    long long until = now_ms() + seconds * 1000;
    int ignored;
    while (now_ms() < until && waitpid(-1, &ignored, WNOHANG) != -1)
        usleep(1000);
}

/* One byte more than a buffer of 1 MiB and a whole pipe hold. */
enum { MUCH = (1 << 20) + (1 << 16) + 1 };

/* Writes as many of the last LEFT bytes of -i much to the pipe FD as it takes
   now. Returns how many are left then. */
static long write_much(int fd, long left) {
    static const char line[] = "a line\n";
    char lines[65536];
    ssize_t size = left < (long)sizeof lines ? left : (long)sizeof lines;
    for (ssize_t i = 0; i < size; i++)
        lines[i] = line[(MUCH - left + i) % (long)(sizeof line - 1)];
    ssize_t n = write(fd, lines, (size_t)size);
    if (n == -1 && errno != EAGAIN && errno != EINTR)
        err(3, "writing the program's standard input");
    return n == -1 ? left : left - n;
}

/*
 * Writes the lines of -i line to the pipe FD: first each word alone, as a
 * packet (pipe(2), O_DIRECT) that one read(2) gets, as if somebody typed it;
 * then all of them in one piece, for a program that reads byte by byte: it
 * gets the first byte of each packet alone. A pipe that is smaller than usual
 * has no room for the packets. Returns how many bytes there are.
 */
static long write_lines(int fd) {
    static const char *const words[] = {"quit\n", "exit\n", "q\n",   ".\n",
                                        "\n",     "\4\n",   "\377\n"};
    const char lines[] = "a line\377\nquit\nexit\nq\n.\n\n\4\n\0b\n";
    ssize_t size = sizeof lines - 1;
    long all = size;
    int flags = fcntl(fd, F_GETFL);
    if (fcntl(fd, F_GETPIPE_SZ) >= 16 * getpagesize() &&
        fcntl(fd, F_SETFL, flags | O_DIRECT) == 0)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (write(fd, words[i], strlen(words[i])) == -1)
                err(3, "writing the program's standard input");
            all += (long)strlen(words[i]);
        }
    fcntl(fd, F_SETFL, flags);
    if (write(fd, lines, (size_t)size) != size)
        err(3, "writing the program's standard input");
    return all;
}

/* Writes the file DIR/input: how many bytes of standard input were read, of all
   that were GIVEN. LEFT never came into the pipe FD. */
static void tell_input(const char *dir, int fd, long given, long left) {
    int unread = 0;
    if (ioctl(fd, FIONREAD, &unread) == -1)
        err(3, "FIONREAD");
    int file = create(dir, "input");
    dprintf(file, "%ld %ld\n", given - left - unread, given);
    close(file);
}

int main(int argc, char **argv) {
    const char *dir = NULL, *stdin_is = "null";
    long seconds = 20, cap = 1 << 20, port = 0, patience = 0;
    int report = 0, sandbox = 0, opt;
    while ((opt = getopt(argc, argv, "+ad:t:c:i:l:u:w:p:C:e:rs")) != -1) {
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
        case 'w':
            patience = number(optarg, "-w");
            break;
        case 'p':
            port = number(optarg, "-p");
            break;
        case 'C':
            working_folder(optarg);
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
         strcmp(stdin_is, "open") != 0 && strcmp(stdin_is, "line") != 0 &&
         strcmp(stdin_is, "much") != 0))
        errx(2, "usage: launch -d DIR [-t SECONDS] [-c BYTES] "
                "[-i null|closed|open|line|much] [-l NAME=N] [-u UID] "
                "[-p PORT] [-C FOLDER] [-e NAME=VALUE] "
                "[-a] [-r] [-w SECONDS] [-s] -- PROGRAM [ARG...]");
    close_from(3);
    /* When the judge dies, the launcher gets SIGTERM and ends it. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (port && hold_port((int)port) == -1) {
        puts("taken");
        return 0;
    }

    int in = -1, in_held = -1, child_socket[2];
    long given = 0, in_left = 0; /* bytes of standard input */
    int in_ends = 0;             /* after the last of them */
    int pipe_ends[OUTPUTS] = {-1, -1, -1};
    struct output outputs[OUTPUTS];
    static const char *names[OUTPUTS] = {"out", "err", "report"};
    if (mkdir(dir, 0755) == -1 && errno != EEXIST)
        err(3, "%s", dir);
    /* Fill 3 to 19: become() uses 3 to 10, so the pipes must not get these. */
    int spare = fcntl(2, F_DUPFD, 20);
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
        pipe_ends[i] = fds[1];
    }
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, child_socket) ==
        -1)
        err(3, "socketpair");
    int yes = 1;
    if (setsockopt(child_socket[0], SOL_SOCKET, SO_PASSCRED, &yes,
                   sizeof yes) == -1)
        err(3, "SO_PASSCRED");
    if (stdin_is[0] == 'n') {
        in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    } else if (stdin_is[0] != 'c') {
        int fds[2];
        if (pipe2(fds, O_CLOEXEC) == -1)
            err(3, "pipe2");
        in = fds[0];
        in_held = fds[1];
        if (stdin_is[0] == 'l')
            given = write_lines(in_held);
        if (stdin_is[0] == 'm') {
            given = in_left = MUCH;
            fcntl(in_held, F_SETFL, O_NONBLOCK);
        }
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
        become(argv + optind, in, pipe_ends, child_socket[1], sandbox);
    for (int fd = 3; fd < 20; fd++)
        close(fd);
    for (int i = 0; i < OUTPUTS; i++)
        if (pipe_ends[i] != -1)
            close(pipe_ends[i]);
    close(child_socket[1]);
    /* The input stays open for tell_input(), and so that no write to it fails
       when the program has closed it. */
    int why = 0;
    pid_t main_pid = pid;
    if (sandbox)
        main_pid = wait_for_start(child_socket[0], &why);
    if (sandbox ? why : read(child_socket[0], &why, sizeof why) == sizeof why) {
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

    /* Why the launcher ended the program; NULL if it ended by itself. */
    const char *end_reason = NULL;
    int status = 0, has_ended = 0;
    struct news last_news = {.what = RUNS};
    while (!has_ended && !end_reason) {
        struct pollfd watch[OUTPUTS + 3] = {{signals, POLLIN, 0}};
        watch[OUTPUTS + 1] =
            (struct pollfd){sandbox ? child_socket[0] : -1, POLLIN, 0};
        watch[OUTPUTS + 2] =
            (struct pollfd){in_left ? in_held : -1, POLLOUT, 0};
        for (int i = 0; i < OUTPUTS; i++)
            watch[i + 1] = (struct pollfd){outputs[i].pipe, POLLIN, 0};
        long long rest = begun + seconds * 1000LL - now_ms();
        if (rest <= 0)
            rest = begun + allowed_ms(main_pid, seconds) - now_ms();
        if (rest <= 0) {
            end_reason = "timeout";
            break;
        }
        poll(watch, OUTPUTS + 3, (int)rest);
        if (watch[OUTPUTS + 1].revents) {
            if (recv(child_socket[0], &last_news, sizeof last_news, 0) !=
                sizeof last_news)
                end_reason = "lost";
            break;
        }
        for (int i = 0; i < OUTPUTS; i++) {
            int how = watch[i + 1].revents ? keep(&outputs[i]) : 0;
            if (how == 1)
                end_reason = "limit";
            if (how == -1)
                outputs[i].pipe = -1;
        }
        struct signalfd_siginfo sig;
        while (read(signals, &sig, sizeof sig) == sizeof sig) {
            if (sig.ssi_signo == SIGUSR1) {
                in_ends = 1;
            } else if (sig.ssi_signo == SIGCHLD) {
                /* For a sandbox wait for init's message, which says more. */
                if (!sandbox && waitpid(pid, &status, WNOHANG) == pid)
                    has_ended = 1;
            } else {
                end_reason = "stopped";
            }
        }
        if (watch[OUTPUTS + 2].revents)
            in_left = write_much(in_held, in_left);
        if (in_ends && !in_left && in_held != -1) {
            close(in_held);
            in_held = -1;
        }
    }
    int ignored = 0;
    if (has_ended)
        wait_for_others(patience);
    int left = kill_all(has_ended ? 0 : pid, has_ended ? &ignored : &status);
    if (last_news.what == ENDED) {
        status = last_news.status;
        left = last_news.left;
        has_ended = 1;
    }
    for (int i = 0; i < OUTPUTS; i++) {
        int how = 0;
        /* All writers are gone, so a blocking read reaches end-of-file. */
        fcntl(outputs[i].pipe, F_SETFL, 0);
        while (outputs[i].pipe != -1 && (how = keep(&outputs[i])) != -1)
            if (how == 1 && has_ended) {
                end_reason = "limit";
                break;
            }
        if (outputs[i].file != -1)
            fchmod(outputs[i].file, 0444);
    }
    if (given)
        tell_input(dir, in, given, in_left);
    long long ms = now_ms() - begun;
    if (end_reason)
        printf("%s %d %lld\n", end_reason, left, ms);
    else if (WIFSIGNALED(status))
        printf("killed %d %d %lld\n", WTERMSIG(status), left, ms);
    else
        printf("exited %d %d %lld\n", WEXITSTATUS(status), left, ms);
    return 0;
}
