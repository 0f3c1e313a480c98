/* unix-server, right in another style: it looks before it binds, a child serves
   each client, the parent waits for it; a signal ends both. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char *path;
static volatile pid_t child, parent;

/* Kills the child, and is itself killed by the signal. */
static void end(int sig) {
    if (getpid() == parent) {
        if (child > 0) {
            kill(child, SIGKILL);
            while (waitpid(child, NULL, 0) == -1 && errno == EINTR) {
            }
        }
        unlink(path);
    }
    signal(sig, SIG_DFL);
    sigset_t this;
    sigemptyset(&this);
    sigaddset(&this, sig);
    sigprocmask(SIG_UNBLOCK, &this, NULL);
    raise(sig);
}

static void complain(const char *call) {
    fprintf(stderr, "unix-server: %s: %s\n", call, strerror(errno));
}

/* Removes the file if it is a socket without a listener. */
static void clear_the_way(const struct sockaddr_un *at) {
    struct stat s;
    if (lstat(at->sun_path, &s) != 0 || !S_ISSOCK(s.st_mode))
        return;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd == -1)
        return;
    int got = connect(fd, (const void *)at, sizeof *at);
    if (got == -1 && errno == ECONNREFUSED)
        unlink(at->sun_path);
    close(fd);
}

static void echo(int fd) {
    char room[1030] = "Echo=>";
    for (;;) {
        ssize_t n = read(fd, room + 6, 1024);
        if (n == -1 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(0);
        char *from = room, *to = room + 6 + n;
        while (from < to) {
            n = write(fd, from, (size_t)(to - from));
            if (n == -1 && errno != EINTR)
                _exit(0);
            if (n > 0)
                from += n;
        }
    }
}

int main(int argc, char *argv[]) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    char rest = 0;
    long count = 0;
    if (argc != 3 || argv[1][0] == 0 ||
        strnlen(argv[1], sizeof at.sun_path) == sizeof at.sun_path ||
        argv[2][strspn(argv[2], "0123456789")] ||
        sscanf(argv[2], "%7ld%c", &count, &rest) != 1 || count > 1000000) {
        fprintf(stderr, "usage: unix-server PATH COUNT\n");
        return 2;
    }
    path = argv[1];
    strcpy(at.sun_path, path);
    clear_the_way(&at);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (s == -1)
        return complain("socket"), 1;
    umask(umask(S_IRWXU) | S_IRWXG | S_IRWXO);
    umask(S_IRWXG | S_IRWXO);
    if (bind(s, (void *)&at, sizeof at) == -1) {
        complain("bind");
        close(s);
        return 1;
    }
    parent = getpid();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, end);
    signal(SIGTERM, end);
    if (listen(s, 16) == -1) {
        complain("listen");
        unlink(path);
        return 1;
    }
    printf("listening on %s\n", path);
    fflush(stdout);
    for (long n = 0; n < count || count == 0;) {
        int c = accept(s, NULL, NULL);
        if (c == -1 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (c == -1) {
            complain("accept");
            unlink(path);
            return 1;
        }
        n++;
        struct ucred u;
        socklen_t size = sizeof u;
        if (getsockopt(c, SOL_SOCKET, SO_PEERCRED, &u, &size) == 0)
            printf("connected by uid %lu pid %ld\n", (unsigned long)u.uid,
                   (long)u.pid);
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0) {
            close(s);
            echo(c);
        }
        child = pid;
        close(c);
        while (pid > 0 && waitpid(pid, NULL, 0) == -1 && errno == EINTR) {
        }
        child = 0;
    }
    close(s);
    unlink(path);
    return 0;
}
