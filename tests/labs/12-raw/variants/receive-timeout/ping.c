/*
 * ping, in another style: the receive itself has a time-out (SO_RCVTIMEO),
 * which is set anew before each, and all fields are bytes at their places.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { TYPE, CODE, SUM, ID = 4, SEQ = 6, DATA = 8, ALL = 64 };

static uint64_t microseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void add_up(unsigned char *message) {
    uint32_t sum = 0;
    message[SUM] = message[SUM + 1] = 0;
    for (int i = 0; i < ALL; i += 2)
        sum += (uint32_t)message[i] << 8 | message[i + 1];
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = ~sum;
    message[SUM] = (unsigned char)(sum >> 8);
    message[SUM + 1] = (unsigned char)sum;
}

/* The ICMP message in a packet of N bytes, or NULL; *LEFT is its size. */
static unsigned char *inside(unsigned char *packet, long n, long *left) {
    if (n < 20)
        return NULL;
    long header = (packet[0] % 16) * 4;
    *left = n - header;
    if (header < 20 || packet[9] != IPPROTO_ICMP || *left < 8)
        return NULL;
    return packet + header;
}

static long parse(const char *text, int dot) {
    long n = 0, scale = 1000000;
    int seen = 0, any = 0;
    for (; *text; text++) {
        if (*text == '.' && dot && !seen && any && text[1]) {
            seen = 1;
            continue;
        }
        if (*text < '0' || *text > '9')
            return -1;
        any = 1;
        if (!seen) {
            n = n * 10 + *text - '0';
            if (n > 3600)
                return -1;
        } else if (seen == 1) {
            seen = 2;
            n *= 1000000;
            scale = 100000;
            n += (*text - '0') * scale;
        } else {
            scale /= 10;
            n += (*text - '0') * scale;
        }
    }
    if (!any)
        return -1;
    if (dot && !seen)
        n *= 1000000;
    return n;
}

int main(int argc, char **argv) {
    if (argc != 4)
        goto wrong;
    long count = parse(argv[2], 0), limit = parse(argv[3], 1);
    if (count < 1 || limit < 0 || limit > 3600000000L ||
        (limit == 0 && strspn(argv[3], "0.") == strlen(argv[3])))
        goto wrong;
    if (limit == 0)
        limit = 1000;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    if (fd == -1) {
        perror("ping: socket");
        return 1;
    }
    struct addrinfo want = {.ai_family = AF_INET, .ai_flags = AI_ADDRCONFIG},
                    *list;
    int why = getaddrinfo(argv[1], NULL, &want, &list);
    if (why) {
        fprintf(stderr, "ping: %s: %s\n", argv[1], gai_strerror(why));
        close(fd);
        return 1;
    }
    struct sockaddr_in host = *(struct sockaddr_in *)(void *)list->ai_addr;
    freeaddrinfo(list);
    unsigned char out[ALL] = {8};
    static unsigned char packet[65536];
    srand((unsigned)getpid());
    out[ID] = (unsigned char)rand();
    out[ID + 1] = (unsigned char)rand();
    for (int i = DATA; i < ALL; i++)
        out[i] = (unsigned char)rand();
    long came = 0;
    for (long seq = 1; seq <= count; seq++) {
        out[SEQ] = (unsigned char)(seq >> 8);
        out[SEQ + 1] = (unsigned char)seq;
        add_up(out);
        uint64_t begun = microseconds();
        long gone;
        do
            gone =
                sendto(fd, out, ALL, 0, (struct sockaddr *)&host, sizeof host);
        while (gone == -1 && errno == EINTR);
        if (gone != ALL) {
            perror("ping: sendto");
            close(fd);
            return 1;
        }
        int over = 0;
        while (!over) {
            uint64_t now = microseconds();
            int64_t rest = (int64_t)(begun + (uint64_t)limit) - (int64_t)now;
            if (rest <= 0) {
                printf("no answer from %s: seq=%ld\n", inet_ntoa(host.sin_addr),
                       seq);
                break;
            }
            struct timeval t = {rest / 1000000, rest % 1000000};
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
            struct sockaddr_in from;
            socklen_t length = sizeof from;
            long n = recvfrom(fd, packet, sizeof packet, 0,
                              (struct sockaddr *)&from, &length);
            if (n == -1 && (errno == EINTR || errno == EAGAIN))
                continue;
            if (n == -1) {
                perror("ping: recvfrom");
                close(fd);
                return 1;
            }
            long size = 0;
            unsigned char *m = inside(packet, n, &size);
            if (!m)
                continue;
            if (m[TYPE] == 3) {
                unsigned char *quoted = inside(m + 8, size - 8, &size);
                if (quoted && quoted[TYPE] == 8 &&
                    !memcmp(quoted + ID, out + ID, 4)) {
                    printf("unreachable from %s: seq=%ld code=%d\n",
                           inet_ntoa(from.sin_addr), seq, m[CODE]);
                    over = 1;
                }
            } else if (m[TYPE] == 0 && size == ALL &&
                       from.sin_addr.s_addr == host.sin_addr.s_addr) {
                /* What it should be: ours with another type. */
                unsigned char right[ALL];
                memcpy(right, out, ALL);
                right[TYPE] = 0;
                add_up(right);
                if (memcmp(right, m, ALL) != 0)
                    continue;
                printf("64 bytes from %s: seq=%ld ttl=%d time=%.2f ms\n",
                       inet_ntoa(from.sin_addr), seq, packet[8],
                       (double)(microseconds() - begun) / 1000);
                came++;
                over = 1;
            }
        }
    }
    printf("%ld sent, %ld received\n", count, came);
    close(fd);
    return came == 0;
wrong:
    fprintf(stderr, "usage: %s HOST COUNT SECONDS\n", argv[0]);
    return 2;
}
