/*
 * datagram-server HOST PORT COUNT - echoes datagrams.
 *
 * recvmsg and sendmsg: one header describes the address and the bytes; the
 * kernel tells in msg_flags that a datagram was cut off. Returns 0, 1 when a
 * call failed, 2 for a wrong command line.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static char mark[] = "Echo=>";
static char bytes[1024];

static long number(const char *text, long most) {
    long value = 0;
    if (!*text)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return -1;
        value = value * 10 + (*text - '0');
        if (value > most)
            return -1;
    }
    return value;
}

static void say(const struct sockaddr_storage *a, const char *after) {
    char text[INET6_ADDRSTRLEN];
    if (a->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)a;
        printf("%s:%d%s\n",
               inet_ntop(AF_INET, &in->sin_addr, text, sizeof text),
               ntohs(in->sin_port), after);
    } else {
        const struct sockaddr_in6 *in6 = (const void *)a;
        printf("[%s]:%d%s\n",
               inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text),
               ntohs(in6->sin6_port), after);
    }
    fflush(stdout);
}

static int failed(const char *call) {
    fprintf(stderr, "datagram-server: %s: %s\n", call, strerror(errno));
    return 1;
}

int main(int argc, char **argv) {
    long count = argc == 4 ? number(argv[3], 1000000) : -1;
    if (count < 0 || number(argv[2], 65535) < 0) {
        fprintf(stderr, "Usage: %s host port count\n", argv[0]);
        return 2;
    }
    struct addrinfo hints = {.ai_flags = AI_PASSIVE,
                             .ai_family = AF_INET,
                             .ai_socktype = SOCK_DGRAM},
                    *list;
    int code = getaddrinfo(*argv[1] ? argv[1] : NULL, argv[2], &hints, &list);
    if (code) {
        hints.ai_family = AF_INET6;
        code = getaddrinfo(argv[1], argv[2], &hints, &list);
    }
    if (code) {
        fprintf(stderr, "%s: %s\n", argv[1], gai_strerror(code));
        return 1;
    }
    int fd = socket(list->ai_family, SOCK_DGRAM, IPPROTO_UDP);
    if (fd < 0)
        return failed("socket");
    if (bind(fd, list->ai_addr, list->ai_addrlen) < 0)
        return failed("bind");
    freeaddrinfo(list);
    struct sockaddr_storage who;
    socklen_t size = sizeof who;
    if (getsockname(fd, (struct sockaddr *)&who, &size) < 0)
        return failed("getsockname");
    printf("bound to ");
    say(&who, "");

    for (long n = 0; count == 0 || n < count;) {
        struct iovec in = {bytes, sizeof bytes};
        struct msghdr m = {.msg_name = &who,
                           .msg_namelen = sizeof who,
                           .msg_iov = &in,
                           .msg_iovlen = 1};
        ssize_t got = recvmsg(fd, &m, MSG_TRUNC);
        if (got < 0 && (errno == EINTR || errno == ECONNREFUSED))
            continue;
        if (got < 0)
            return failed("recvmsg");
        n++;
        if (!(m.msg_flags & MSG_TRUNC)) {
            struct iovec out[] = {{mark, 6}, {bytes, (size_t)got}};
            m.msg_iov = out;
            m.msg_iovlen = 2;
            while (sendmsg(fd, &m, 0) < 0) {
                if (errno != EINTR) {
                    failed("sendmsg");
                    break;
                }
            }
        }
        printf("%zd bytes from ", got);
        say(&who, m.msg_flags & MSG_TRUNC ? ", too long" : "");
    }
    close(fd);
    return 0;
}
