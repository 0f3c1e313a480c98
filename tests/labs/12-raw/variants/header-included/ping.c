/*
 * ping, in another style: it makes the IP header too (IP_HDRINCL), lets only
 * two types through (ICMP_FILTER), and never sleeps in a receive: select waits.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef ICMP_FILTER
#define ICMP_FILTER 1
#endif

struct packet {
    struct iphdr ip;
    struct icmphdr icmp;
    unsigned char data[56];
};

static unsigned char in[1 << 16];

static unsigned short sum16(const void *from, size_t n) {
    const unsigned char *p = from;
    unsigned long sum = 0;
    while (n >= 2) {
        sum += (unsigned long)(p[0] * 256 + p[1]);
        p += 2;
        n -= 2;
    }
    sum = sum % 65535;
    return htons((unsigned short)(65535 - sum));
}

static struct timespec after(struct timespec t, double seconds) {
    time_t whole = (time_t)seconds;
    t.tv_sec += whole;
    t.tv_nsec += (long)((seconds - (double)whole) * 1e9);
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

static long long us_between(struct timespec a, struct timespec b) {
    return ((long long)b.tv_sec - a.tv_sec) * 1000000 +
           (b.tv_nsec - a.tv_nsec) / 1000;
}

static int seconds_from(const char *s, double *to) {
    int digits = 0, dots = 0;
    for (const char *p = s; *p; p++) {
        if (*p == '.' && digits && !dots && p[1])
            dots++;
        else if (*p >= '0' && *p <= '9')
            digits++;
        else
            return -1;
    }
    *to = digits ? atof(s) : 0;
    return *to > 0 && *to <= 3600 ? 0 : -1;
}

int main(int argc, char *argv[]) {
    double seconds;
    int count = 0, got = 0, on = 1;
    if (argc == 4)
        for (const char *p = argv[2]; *p && count <= 1000 && count >= 0; p++)
            count = *p < '0' || *p > '9' ? -1 : count * 10 + (*p - '0');
    if (argc != 4 || count < 1 || count > 1000 ||
        seconds_from(argv[3], &seconds))
        errx(2, "usage: ping HOST COUNT SECONDS");
    setvbuf(stdout, NULL, _IOLBF, 0);
    int fd = socket(PF_INET, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_ICMP);
    if (fd < 0)
        err(1, "socket");
    struct hostent *h = gethostbyname(argv[1]);
    if (!h || h->h_addrtype != AF_INET)
        errx(1, "%s: %s", argv[1], h ? "no IPv4" : hstrerror(h_errno));
    struct sockaddr_in to = {.sin_family = AF_INET};
    memcpy(&to.sin_addr, h->h_addr_list[0], 4);
    unsigned filter = ~(1U << 0 | 1U << 3);
    setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof filter);
    if (setsockopt(fd, IPPROTO_IP, IP_HDRINCL, &on, sizeof on) < 0)
        err(1, "setsockopt");

    for (int seq = 1; seq <= count; seq++) {
        struct packet out = {.ip = {.version = 4,
                                    .ihl = 5,
                                    .ttl = 99,
                                    .protocol = IPPROTO_ICMP,
                                    .daddr = to.sin_addr.s_addr},
                             .icmp = {.type = ICMP_ECHO}};
        out.icmp.un.echo.id = 0xbeef;
        out.icmp.un.echo.sequence = htons((unsigned short)seq);
        strncpy((char *)out.data, "what goes out comes back", sizeof out.data);
        out.icmp.checksum = sum16(&out.icmp, 64);
        struct timespec begun, end, now;
        clock_gettime(CLOCK_MONOTONIC, &begun);
        while (sendto(fd, &out, sizeof out, 0, (void *)&to, sizeof to) < 0)
            if (errno != EINTR)
                err(1, "sendto %s", argv[1]);
        end = after(begun, seconds);
        for (;;) {
            clock_gettime(CLOCK_MONOTONIC, &now);
            long long left = us_between(now, end) + 1;
            if (left < 1) {
                printf("no answer from %s: seq=%d\n", inet_ntoa(to.sin_addr),
                       seq);
                break;
            }
            struct timeval tv = {(time_t)(left / 1000000), left % 1000000};
            fd_set set;
            FD_ZERO(&set);
            FD_SET(fd, &set);
            if (select(fd + 1, &set, NULL, NULL, &tv) < 0) {
                if (errno == EINTR)
                    continue;
                err(1, "select");
            }
            ssize_t n = recv(fd, in, sizeof in, 0);
            if (n < 0 && errno != EAGAIN && errno != EINTR)
                err(1, "recv");
            if (n < 28)
                continue;
            struct iphdr ip;
            struct icmphdr icmp;
            size_t at = (in[0] & 15u) * 4u, size = (size_t)n;
            if (size < at + sizeof icmp)
                continue;
            memcpy(&ip, in, sizeof ip);
            memcpy(&icmp, in + at, sizeof icmp);
            struct in_addr from = {ip.saddr};
            if (icmp.type == 0 && icmp.code == 0 && size == at + 64 &&
                ip.saddr == to.sin_addr.s_addr &&
                icmp.un.echo.id == out.icmp.un.echo.id &&
                icmp.un.echo.sequence == out.icmp.un.echo.sequence &&
                !memcmp(in + at + 8, out.data, 56) &&
                (sum16(in + at, 64) == 0 || sum16(in + at, 64) == 0xffff)) {
                clock_gettime(CLOCK_MONOTONIC, &now);
                printf("64 bytes from %s: seq=%d ttl=%d time=%lld ms\n",
                       inet_ntoa(from), seq, ip.ttl,
                       us_between(begun, now) / 1000);
                got++;
                break;
            }
            if (icmp.type != ICMP_DEST_UNREACH || size < at + 36)
                continue;
            struct iphdr quoted;
            memcpy(&quoted, in + at + 8, sizeof quoted);
            size_t inner = at + 8 + quoted.ihl * 4u;
            if (quoted.ihl >= 5 && quoted.protocol == IPPROTO_ICMP &&
                size >= inner + 8 && !memcmp(in + inner, &out.icmp, 2) &&
                !memcmp(in + inner + 4, (char *)&out.icmp + 4, 4)) {
                printf("unreachable from %s: seq=%d code=%d\n", inet_ntoa(from),
                       seq, icmp.code);
                break;
            }
        }
    }
    printf("%d sent, %d received\n", count, got);
    close(fd);
    exit(got ? 0 : 1);
}
