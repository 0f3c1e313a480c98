/*
 * datagram-server HOST PORT COUNT - echoes datagrams.
 *
 * Room for the longest datagram that there is, so that none is cut off; a
 * socket that does not sleep, and poll. "" is every interface of both families.
 * Returns 0, 1 when a call failed, 2 for a wrong command line.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char data[6 + 65536] = "Echo=>";

static int is_number(const char *text, unsigned long most) {
    size_t n = strlen(text);
    return n > 0 && n < 10 && strspn(text, "0123456789") == n &&
           strtoul(text, NULL, 10) <= most;
}

static void print_address(const struct sockaddr *a, socklen_t length) {
    char host[64], port[8];
    getnameinfo(a, length, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    if (strchr(host, ':'))
        printf("[%s]:%s", host, port);
    else
        printf("%s:%s", host, port);
}

int main(int argc, char *argv[]) {
    if (argc != 4 || !is_number(argv[2], 65535) ||
        !is_number(argv[3], 1000000)) {
        fprintf(stderr, "usage: datagram-server HOST PORT COUNT\n");
        return 2;
    }
    setbuf(stdout, NULL);
    struct addrinfo hints, *list = NULL, *a;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_PASSIVE;
    int error = getaddrinfo(*argv[1] ? argv[1] : NULL, argv[2], &hints, &list);
    if (error) {
        fprintf(stderr, "datagram-server: %s: %s\n", argv[1],
                gai_strerror(error));
        return 1;
    }
    /* Of a name the IPv4 address; of every interface IPv6, which has both. */
    int wanted = *argv[1] ? AF_INET : AF_INET6;
    for (a = list; a->ai_next && a->ai_family != wanted; a = a->ai_next)
        ;
    int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol), off = 0;
    if (fd < 0) {
        a = list;
        fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    }
    if (fd < 0) {
        perror("socket");
        return 1;
    }
    if (a->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    error = bind(fd, a->ai_addr, a->ai_addrlen);
    if (error)
        perror("bind");
    freeaddrinfo(list);
    if (error)
        return 1;
    struct sockaddr_in6 room;
    struct sockaddr *from = (struct sockaddr *)&room;
    socklen_t length = sizeof room;
    getsockname(fd, from, &length);
    printf("bound to ");
    print_address(from, length);
    printf("\n");

    long left = atol(argv[3]) ? atol(argv[3]) : -1;
    struct pollfd watch = {fd, POLLIN, 0};
    while (left != 0) {
        length = sizeof room;
        ssize_t n = recvfrom(fd, data + 6, sizeof data - 6, 0, from, &length);
        if (n < 0) {
            if (errno == EAGAIN)
                poll(&watch, 1, -1);
            else if (errno != EINTR && errno != ECONNREFUSED) {
                perror("recvfrom");
                return 1;
            }
            continue;
        }
        if (left > 0)
            left--;
        printf("%d bytes from ", (int)n);
        print_address(from, length);
        if (n > 1024) {
            printf(", too long\n");
            continue;
        }
        printf("\n");
        while (sendto(fd, data, (size_t)n + 6, 0, from, length) < 0) {
            if (errno == EINTR)
                continue;
            perror("datagram-server: sendto");
            break;
        }
    }
    close(fd);
    return 0;
}
