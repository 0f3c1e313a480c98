/*
 * ping, in another style: the socket is connected, so it sees packets of the
 * host alone, and the kernel tells of errors by IP_RECVERR (ip(7)).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SIZE 64

static char shown[INET_ADDRSTRLEN];
static unsigned char request[SIZE];

static unsigned sum_of(const unsigned char *p, int n) {
    unsigned sum = 0;
    for (; n > 1; n -= 2, p += 2) {
        unsigned short word;
        memcpy(&word, p, 2);
        sum += word;
    }
    sum = (sum >> 16) + (sum & 0xffff);
    sum += sum >> 16;
    return ~sum & 0xffff;
}

static double clock_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int fail(const char *call) {
    perror(call);
    return 1;
}

/* 1: an error about the request, told. */
static int look_at_errors(int fd, int seq) {
    for (;;) {
        unsigned char quoted[SIZE];
        char room[512];
        struct iovec to = {quoted, sizeof quoted};
        struct msghdr m = {.msg_iov = &to,
                           .msg_iovlen = 1,
                           .msg_control = room,
                           .msg_controllen = sizeof room};
        ssize_t n = recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT);
        if (n == -1)
            return 0;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
            if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_RECVERR)
                continue;
            struct {
                struct sock_extended_err e;
                struct sockaddr_in from;
            } told;
            memcpy(&told, CMSG_DATA(c), sizeof told);
            if (told.e.ee_origin != SO_EE_ORIGIN_ICMP || told.e.ee_type != 3 ||
                n < 8 || memcmp(quoted, request, 2) != 0 ||
                memcmp(quoted + 4, request + 4, 4) != 0)
                continue;
            printf("unreachable from %s: seq=%d code=%d\n",
                   inet_ntop(AF_INET, &told.from.sin_addr, shown, sizeof shown),
                   seq, told.e.ee_code);
            return 1;
        }
    }
}

int main(int argc, char **argv) {
    setlinebuf(stdout);
    char *end;
    long count = 0;
    double seconds = 0;
    if (argc == 4 && argv[2][0] &&
        strspn(argv[2], "0123456789") == strlen(argv[2]))
        count = strtol(argv[2], &end, 10);
    if (argc == 4 && strspn(argv[3], "0123456789.") == strlen(argv[3]) &&
        argv[3][0] != '.' && argv[3][0] &&
        argv[3][strlen(argv[3]) - 1] != '.' &&
        index(argv[3], '.') == rindex(argv[3], '.'))
        seconds = strtod(argv[3], &end);
    if (count < 1 || count > 1000 || seconds <= 0 || seconds > 3600) {
        fputs("Usage: ping HOST COUNT SECONDS\n", stderr);
        return 2;
    }
    int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), on = 1;
    if (fd == -1)
        return fail("socket");
    struct addrinfo *all, *a;
    int error = getaddrinfo(argv[1], NULL, NULL, &all);
    if (error) {
        fprintf(stderr, "%s: %s\n", argv[1], gai_strerror(error));
        return 1;
    }
    for (a = all; a && a->ai_family != AF_INET;)
        a = a->ai_next;
    if (!a) {
        fprintf(stderr, "%s has no IPv4 address\n", argv[1]);
        freeaddrinfo(all);
        close(fd);
        return 1;
    }
    struct sockaddr_in host;
    memcpy(&host, a->ai_addr, sizeof host);
    freeaddrinfo(all);
    if (setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on) == -1)
        return fail("setsockopt");
    if (connect(fd, (struct sockaddr *)&host, sizeof host) == -1)
        return fail("connect");

    int received = 0;
    for (int seq = 1; seq <= count; seq++) {
        request[0] = 8;
        request[4] = 0x12;
        request[5] = (unsigned char)getpid();
        request[6] = (unsigned char)(seq >> 8);
        request[7] = (unsigned char)seq;
        memset(request + 8, 'p', SIZE - 8);
        request[2] = request[3] = 0;
        unsigned short sum = (unsigned short)sum_of(request, SIZE);
        memcpy(request + 2, &sum, 2);
        double sent = clock_ms();
        while (send(fd, request, SIZE, 0) == -1) {
            /* An error about an earlier one may be told here. */
            if (errno != EINTR && errno != EHOSTUNREACH &&
                errno != ECONNREFUSED)
                return fail("send");
        }
        for (;;) {
            double left = sent + seconds * 1e3 - clock_ms();
            if (left < 0)
                left = 0;
            struct timespec rest = {(time_t)(left / 1e3), 0};
            rest.tv_nsec = (long)((left - (double)rest.tv_sec * 1e3) * 1e6);
            struct pollfd p = {fd, POLLIN, 0};
            int ready = ppoll(&p, 1, &rest, NULL);
            if (ready == -1 && errno == EINTR)
                continue;
            if (ready == -1)
                return fail("ppoll");
            if (ready == 0) {
                if (clock_ms() < sent + seconds * 1e3)
                    continue;
                printf("no answer from %s: seq=%d\n",
                       inet_ntop(AF_INET, &host.sin_addr, shown, sizeof shown),
                       seq);
                break;
            }
            if (look_at_errors(fd, seq))
                break;
            unsigned char packet[256];
            ssize_t n =
                recv(fd, packet, sizeof packet, MSG_DONTWAIT | MSG_TRUNC);
            if (n < 20)
                continue;
            int header = (packet[0] & 15) << 2;
            const unsigned char *m = packet + header;
            if (n != header + SIZE || m[0] != 0 || m[1] != 0 ||
                memcmp(m + 4, request + 4, SIZE - 4) != 0 || sum_of(m, SIZE))
                continue;
            printf("64 bytes from %s: seq=%d ttl=%u time=%.1f ms\n",
                   inet_ntop(AF_INET, &host.sin_addr, shown, sizeof shown), seq,
                   packet[8], clock_ms() - sent);
            received++;
            break;
        }
    }
    printf("%ld sent, %d received\n", count, received);
    close(fd);
    return !received;
}
