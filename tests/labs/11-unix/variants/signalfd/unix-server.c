/* unix-server, right in another style: fchmod(2) before bind, signals as a
   descriptor, select(2), stdio for nothing but the lines. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

static int listener, signals;
static const char *path;
static struct sockaddr_un here = {.sun_family = AF_UNIX};

static void leave(int status) {
    close(listener);
    close(signals);
    unlink(path);
    exit(status);
}

/* Waits until fd can be read, or written. */
static void await(int fd, int to_write) {
    for (;;) {
        fd_set in, out;
        FD_ZERO(&in);
        FD_ZERO(&out);
        FD_SET(signals, &in);
        FD_SET(fd, to_write ? &out : &in);
        int most = fd > signals ? fd : signals;
        if (select(most + 1, &in, &out, NULL, NULL) == -1)
            continue;
        if (FD_ISSET(signals, &in))
            leave(0);
        if (FD_ISSET(fd, to_write ? &out : &in))
            return;
    }
}

/* As large as its path: a length is as good as a zero byte. */
static socklen_t length(void) {
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
}

static int dead(void) {
    struct stat s;
    if (fstatat(AT_FDCWD, path, &s, AT_SYMLINK_NOFOLLOW) == -1 ||
        (s.st_mode & S_IFMT) != S_IFSOCK)
        return 0;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0), answer = 0;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    if (connect(fd, (struct sockaddr *)&here, length()) == -1)
        answer = errno;
    close(fd);
    return answer == ECONNREFUSED;
}

static void open_socket(void) {
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (listener == -1)
        err(1, "socket");
    fcntl(listener, F_SETFL, O_NONBLOCK);
    fchmod(listener, S_IRUSR | S_IWUSR);
    if (bind(listener, (struct sockaddr *)&here, length()) == 0)
        return;
    int why = errno;
    if (why == EADDRINUSE && dead() && unlink(path) == 0 &&
        bind(listener, (struct sockaddr *)&here, length()) == 0)
        return;
    errno = why;
    err(1, "bind");
}

/* Sends the two parts, or what of them has not gone. Returns 0 or -1. */
static int answer(int fd, struct iovec *v) {
    while (v[0].iov_len + v[1].iov_len > 0) {
        struct msghdr m = {.msg_iov = v, .msg_iovlen = 2};
        await(fd, 1);
        ssize_t n = sendmsg(fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n == -1 && errno != EAGAIN && errno != EINTR)
            return -1;
        for (int i = 0; i < 2 && n > 0; i++) {
            size_t gone = (size_t)n < v[i].iov_len ? (size_t)n : v[i].iov_len;
            v[i].iov_base = (char *)v[i].iov_base + gone;
            v[i].iov_len -= gone;
            n -= (ssize_t)gone;
        }
    }
    return 0;
}

static void echo(int fd) {
    static char mark[] = "Echo=>", data[1024];
    for (;;) {
        await(fd, 0);
        ssize_t n = read(fd, data, sizeof data);
        if (n == -1 && errno == EINTR)
            continue;
        if (n < 1)
            return;
        struct iovec v[2] = {{mark, 6}, {data, (size_t)n}};
        if (answer(fd, v) == -1)
            return;
    }
}

int main(int argc, char *argv[]) {
    char *end = "x";
    unsigned long count = 0;
    if (argc == 3 && argv[2][0] >= '0' && argv[2][0] <= '9')
        count = strtoul(argv[2], &end, 10);
    if (argc != 3 || *end || count > 1000000 || !*argv[1] ||
        strlen(argv[1]) >= sizeof here.sun_path)
        return fputs("usage: unix-server PATH COUNT\n", stderr), 2;
    path = argv[1];
    memcpy(here.sun_path, path, strlen(path));
    open_socket();
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signals = signalfd(-1, &set, 0);
    if (signals == -1) {
        warn("signalfd");
        leave(1);
    }
    if (listen(listener, 5) == -1) {
        warn("listen");
        leave(1);
    }
    dprintf(1, "listening on %s\n", path);
    for (unsigned long n = 0; count == 0 || n < count;) {
        await(listener, 0);
        int fd = accept(listener, NULL, NULL);
        if (fd == -1 &&
            (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
            continue;
        if (fd == -1) {
            warn("accept");
            leave(1);
        }
        struct ucred other = {0};
        socklen_t size = sizeof other;
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &other, &size);
        dprintf(1, "connected by uid %u pid %d\n", other.uid, other.pid);
        echo(fd);
        close(fd);
        n++;
    }
    leave(0);
}
