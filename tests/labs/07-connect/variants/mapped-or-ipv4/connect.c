/*
 * connect - a variant: IPv6 sockets alone, which reach IPv4 by mapped
 * addresses; where there is no IPv6, IPv4 sockets alone. One loop sends and
 * receives.
 *
 * usage: connect HOST PORT MESSAGE
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
static int whine(const char *call, int e) {
    return dprintf(2, "%s: %s\n", call, strerror(e)), 1;
}
int main(int argc, char **argv) {
    if (argc != 4 || !*argv[2] || strlen(argv[2]) > 6 ||
        argv[2][strspn(argv[2], "0123456789")] || atoi(argv[2]) > 65535) {
        dprintf(2, "Usage: %s HOST PORT MESSAGE\n", *argv);
        return 2;
    }
    int family = AF_INET6, probe = socket(AF_INET6, SOCK_STREAM, 0);
    if (probe == -1 && errno == EAFNOSUPPORT)
        family = AF_INET;
    else if (probe == -1)
        return whine("socket", errno);
    else
        close(probe);
    struct addrinfo h = {.ai_family = family,
                         .ai_socktype = SOCK_STREAM,
                         .ai_flags =
                             family == AF_INET6 ? AI_V4MAPPED | AI_ALL : 0},
                    *l = NULL;
    int e = getaddrinfo(argv[1], argv[2], &h, &l), fd = -1, why = 0;
    if (e)
        return dprintf(2, "resolving %s: %s\n", argv[1], gai_strerror(e)), 1;
    int ep = epoll_create1(0);
    if (ep == -1) {
        freeaddrinfo(l);
        return whine("epoll_create1", errno);
    }
    const char *call = "connect";
    struct epoll_event ev;
    for (struct addrinfo *a = l; a; a = a->ai_next) {
        fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (fd == -1) {
            call = "socket";
            why = errno;
            continue;
        }
        call = "connect";
        why = connect(fd, a->ai_addr, a->ai_addrlen) ? errno : 0;
        ev = (struct epoll_event){.events = EPOLLOUT};
        if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev))
            return whine("epoll_ctl", errno);
        if (why == EINPROGRESS || why == EINTR) {
            while (epoll_wait(ep, &ev, 1, -1) != 1)
                if (errno != EINTR)
                    return whine("epoll_wait", errno);
            why = connect(fd, a->ai_addr, a->ai_addrlen)
                      ? errno
                      : 0; /* says how it went */
            if (why == EISCONN)
                why = 0;
        }
        if (!why)
            break;
        close(fd);
        fd = -1;
    }
    freeaddrinfo(l);
    if (fd == -1) {
        close(ep);
        return whine(call, why);
    }
    struct sockaddr_in6 a;
    socklen_t n = sizeof a;
    if (getpeername(fd, (struct sockaddr *)&a, &n)) {
        close(fd);
        close(ep);
        return whine("getpeername", errno);
    }
    char ip[64];
    if (a.sin6_family == AF_INET6)
        dprintf(1, "connected to [%s]:%d\n",
                inet_ntop(AF_INET6, &a.sin6_addr, ip, sizeof ip),
                ntohs(a.sin6_port));
    else
        dprintf(1, "connected to %s:%d\n",
                inet_ntop(AF_INET,
                          &((struct sockaddr_in *)(void *)&a)->sin_addr, ip,
                          sizeof ip),
                ntohs(a.sin6_port));
    struct iovec v = {argv[3], strlen(argv[3])};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
    int sending = 1, status = 0, done = 0;
    while (!done) {
        if (sending && v.iov_len == 0) {
            if (shutdown(fd, SHUT_WR))
                status = whine("shutdown", errno);
            sending = 0;
        }
        ev = (struct epoll_event){.events = EPOLLIN | (sending ? EPOLLOUT : 0)};
        if (epoll_ctl(ep, EPOLL_CTL_MOD, fd, &ev)) {
            status = whine("epoll_ctl", errno);
            break;
        }
        if (epoll_wait(ep, &ev, 1, -1) == -1) {
            if (errno == EINTR)
                continue;
            status = whine("epoll_wait", errno);
            break;
        }
        if (sending && ev.events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) {
            ssize_t k = sendmsg(fd, &m, MSG_NOSIGNAL);
            if (k >= 0) {
                v.iov_base = (char *)v.iov_base + k;
                v.iov_len -= (size_t)k;
            } else if (errno != EAGAIN && errno != EINTR) {
                status = whine("sendmsg", errno);
                sending = 0;
            }
        }
        if (ev.events & (EPOLLIN | EPOLLERR | EPOLLHUP)) {
            char b[3000];
            struct iovec w[3] = {{b, 1000}, {b + 1000, 1000}, {b + 2000, 1000}};
            ssize_t k = readv(fd, w, 3);
            if (k == -1 && errno != EAGAIN && errno != EINTR) {
                status = whine("readv", errno);
                done = 1;
            }
            if (k == 0)
                done = 1;
            for (ssize_t at = 0; at < k;) {
                ssize_t x = write(1, b + at, (size_t)(k - at));
                if (x == -1) {
                    status = whine("write", errno);
                    done = 1;
                    break;
                }
                at += x;
            }
        }
    }
    close(fd);
    close(ep);
    return status;
}
