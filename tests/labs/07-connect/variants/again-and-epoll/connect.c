/*
 * connect - a variant: epoll(7), sendmsg(2) and readv(2); a connect that was
 * interrupted is given up, and tried again with a new socket.
 *
 * usage: connect HOST PORT MESSAGE
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static int fd = -1, watch = -1;

static int failed(const char *call) {
    fprintf(stderr, "connect: %s(): %s\n", call, strerror(errno));
    if (fd != -1)
        close(fd);
    if (watch != -1)
        close(watch);
    return 1;
}

static int port_is_wrong(const char *text) {
    long n = 0;
    if (!*text)
        return 1;
    for (; *text; text++) {
        if (!isdigit((unsigned char)*text))
            return 1;
        n = n * 10 + *text - '0';
        if (n > 65535)
            return 1;
    }
    return 0;
}

static int send_message(const char *message) {
    struct iovec part = {(void *)(size_t)message, strlen(message)};
    while (part.iov_len > 0) {
        struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};
        ssize_t n = sendmsg(fd, &m, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        part.iov_base = (char *)part.iov_base + n;
        part.iov_len -= (size_t)n;
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 4 || port_is_wrong(argv[2])) {
        fprintf(stderr, "USAGE: connect HOST PORT MESSAGE\n");
        return 2;
    }
    struct addrinfo *all, *a;
    int error = getaddrinfo(argv[1], argv[2],
                            &(struct addrinfo){.ai_socktype = SOCK_STREAM,
                                               .ai_flags = AI_ADDRCONFIG},
                            &all);
    if (error) {
        fprintf(stderr, "connect: %s: %s\n", argv[1], gai_strerror(error));
        return 1;
    }
    const char *call = "socket";
    for (a = all; a;) {
        call = "socket";
        fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (fd >= 0) {
            call = "connect";
            if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
                break;
        }
        error = errno;
        if (fd >= 0)
            close(fd);
        fd = -1;
        if (error != EINTR)
            a = a->ai_next;
    }
    freeaddrinfo(all);
    if (fd < 0) {
        errno = error;
        return failed(call);
    }
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    char host[64], port[8];
    if (getpeername(fd, (struct sockaddr *)&peer, &size) < 0)
        return failed("getpeername");
    getnameinfo((struct sockaddr *)&peer, size, host, sizeof host, port,
                sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    int six = peer.ss_family == AF_INET6;
    printf("connected to %s%s%s:%s\n", six ? "[" : "", host, six ? "]" : "",
           port);
    fflush(stdout);

    if (send_message(argv[3]) < 0)
        return failed("sendmsg");
    if (shutdown(fd, SHUT_WR) < 0)
        return failed("shutdown");
    watch = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    if (watch < 0 || epoll_ctl(watch, EPOLL_CTL_ADD, fd, &event) < 0)
        return failed("epoll");
    for (;;) {
        char one[7], two[9000];
        struct iovec parts[] = {{one, sizeof one}, {two, sizeof two}};
        if (epoll_wait(watch, &event, 1, -1) < 0) {
            if (errno == EINTR)
                continue;
            return failed("epoll_wait");
        }
        ssize_t n = readv(fd, parts, 2);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed("readv");
        if (n == 0)
            break;
        size_t first = (size_t)n < sizeof one ? (size_t)n : sizeof one;
        fwrite(one, 1, first, stdout);
        fwrite(two, 1, (size_t)n - first, stdout);
        fflush(stdout);
    }
    close(watch);
    close(fd);
    return 0;
}
