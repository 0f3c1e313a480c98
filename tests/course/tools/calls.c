/*
 * calls - every call that reads or writes a socket, once, for the tests of the
 * shim: prints how many bytes each moved, and "wrong bytes" if they were
 * others.
 *
 * usage: calls            on a socket pair with 100 bytes waiting
 *        calls others     where nothing may be cut: pipes, datagrams, MSG_PEEK,
 *                         MSG_WAITALL
 *        calls udp        between two internet datagram sockets
 *        calls PORT       accepts on 127.0.0.1:PORT until it works, prints how
 *                         often that failed, then reads to the end of file by
 *                         each call in turn: bytes, and zeros at their
 * beginning calls wait       sleeps in read until a signal, prints errno
 * Returns 0, or 1 when a call of its own failed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char in[100], out[100];

/* 100 bytes as two buffers, the first of HALF. */
static struct iovec *halves(void *buf, size_t half) {
    static struct iovec v[2];
    v[0] = (struct iovec){buf, half};
    v[1] = (struct iovec){(char *)buf + half, 100 - half};
    return v;
}

static ssize_t call(int fd, int which, size_t half) {
    struct msghdr msg = {.msg_iov = halves(which < 5 ? in : out, half),
                         .msg_iovlen = 2};
    switch (which) {
    case 0:
        return read(fd, in, 100);
    case 1:
        return recv(fd, in, 100, 0);
    case 2:
        return recvfrom(fd, in, 100, 0, NULL, NULL);
    case 3:
        return recvmsg(fd, &msg, 0);
    case 4:
        return readv(fd, msg.msg_iov, 2);
    case 5:
        return write(fd, out, 100);
    case 6:
        return send(fd, out, 100, 0);
    case 7:
        return sendto(fd, out, 100, 0, NULL, 0);
    case 8:
        return sendmsg(fd, &msg, 0);
    default:
        return writev(fd, msg.msg_iov, 2);
    }
}

static const char *names[] = {"read",  "recv", "recvfrom", "recvmsg", "readv",
                              "write", "send", "sendto",   "sendmsg", "writev"};

static void each(int type, size_t half) {
    for (int i = 0; i < 10; i++) {
        int ends[2];
        if (socketpair(AF_UNIX, type, 0, ends) == -1)
            err(1, "socketpair");
        memset(in, 0, sizeof in);
        /* syscall(2), because the shim does not see it. */
        if (i < 5 && syscall(SYS_write, ends[1], out, 100) == -1)
            err(1, "write");
        ssize_t n = call(ends[0], i, half);
        if (i >= 5 && recv(ends[1], in, 100, MSG_PEEK) != n)
            printf("less came than %s said\n", names[i]);
        printf("%s %zd%s\n", names[i], n,
               n > 0 && memcmp(in, out, (size_t)n) != 0 ? ": wrong bytes" : "");
        close(ends[0]);
        close(ends[1]);
    }
}

static void others(void) {
    int ends[2], pair[2];
    if (pipe(ends) == -1 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
        err(1, "pipe");
    printf("pipe write %zd", write(ends[1], out, 100));
    printf(" read %zd\n", read(ends[0], in, 100));
    struct msghdr msg = {.msg_iov = halves(in, 40), .msg_iovlen = 2};
    for (int i = 0; i < 2; i++)
        if (syscall(SYS_write, pair[1], out, 100) == -1)
            err(1, "write");
    printf("peek %zd", recv(pair[0], in, 100, MSG_PEEK));
    printf(" waitall %zd", recv(pair[0], in, 50, MSG_WAITALL));
    printf(" recvmsg %zd", recvmsg(pair[0], &msg, MSG_PEEK));
    printf(" %zd", recvmsg(pair[0], &msg, MSG_WAITALL));
    int least = 20;
    setsockopt(pair[0], SOL_SOCKET, SO_RCVLOWAT, &least, sizeof least);
    if (syscall(SYS_write, pair[1], out, 60) == -1)
        err(1, "write");
    printf(" lowat %zd", recv(pair[0], in, 30, 0));
    printf(" %zd\n", readv(pair[0], halves(in, 10), 2));
    each(SOCK_DGRAM, 40);
}

/* Each call once, with what errno says of it; the last two are those of
   several datagrams. */
static void datagrams(void) {
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *address = (struct sockaddr *)&here;
    socklen_t length = sizeof here;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(fd, address, length) == -1 ||
        getsockname(fd, address, &length) == -1 ||
        connect(fd, address, length) == -1)
        err(1, "a datagram socket");
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 12; i++) {
            struct mmsghdr one = {
                .msg_hdr = {.msg_iov = halves(i == 10 ? in : out, 40),
                            .msg_iovlen = 2}};
            if ((i < 5 || i == 10) && syscall(SYS_write, fd, out, 100) == -1)
                err(1, "write");
            errno = 0;
            ssize_t n = i < 10    ? call(fd, i, 40)
                        : i == 10 ? recvmmsg(fd, &one, 1, 0, NULL)
                                  : sendmmsg(fd, &one, 1, 0);
            int error = errno;
            printf("%s %zd %s\n",
                   i < 10    ? names[i]
                   : i == 10 ? "recvmmsg"
                             : "sendmmsg",
                   n, error ? strerror(error) : "");
            while (syscall(SYS_recvfrom, fd, in, 100, MSG_DONTWAIT, NULL,
                           NULL) > 0)
                ;
        }
}

static void serve(const char *port, int big) {
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)atoi(port)),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1, failed = 0, c = -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&here, sizeof here) == -1 ||
        listen(fd, 5) == -1)
        err(1, "%s", port);
    while ((c = failed % 2 ? accept(fd, NULL, NULL)
                           : accept4(fd, NULL, NULL, 0)) == -1)
        if (errno == ECONNABORTED)
            failed++;
    long long all = 0, zeros = 0;
    ssize_t n = 0;
    static char room[1 << 20];
    while (big && (n = recv(c, room, sizeof room, 0)) > 0)
        all += n;
    for (int i = 0; (n = call(c, i % 5, 40)) > 0; i++)
        for (ssize_t k = 0; k < n; k++) {
            /* The flood's bytes: zeros, and ends of lines. */
            zeros += zeros == all && (in[k] == 0 || in[k] == '\n');
            all++;
        }
    printf("failed %d bytes %lld zeros %lld\n", failed, all, zeros);
}

int main(int argc, char **argv) {
    for (size_t i = 0; i < sizeof out; i++)
        out[i] = (char)(i + 1);
    if (argc == 1) {
        each(SOCK_STREAM, 40);
        each(SOCK_STREAM, 5);
    } else if (strcmp(argv[1], "others") == 0) {
        others();
    } else if (strcmp(argv[1], "udp") == 0) {
        datagrams();
    } else if (strcmp(argv[1], "wait") == 0) {
        ssize_t n = read(0, in, 1);
        printf("%zd %s\n", n, n == -1 ? strerror(errno) : "");
    } else {
        serve(argv[1], argc > 2);
    }
    return 0;
}
