/*
 * ping - ask a host for an echo, by packets of our own.
 *
 * usage: ping HOST COUNT SECONDS
 *
 * Sends COUNT ICMP echo requests over a raw socket, one after the other, and
 * waits at most SECONDS for the reply to each. Prints a line for each and a
 * summary. Returns 0 when a reply came, 1 when none came or a call failed, 2
 * when the command line is wrong.
 *
 * See raw(7), icmp(7), ip(7), RFC 792 (ICMP), RFC 1071 (the checksum).
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* An ICMP echo request, or the reply to it: 64 bytes. */
struct message {
    struct icmphdr header; /* type, code, checksum, id, sequence: 8 bytes */
    unsigned char data[56];
};

/* The most that an IP packet can hold, and the least of its header. */
enum { LONGEST_PACKET = 65535, SHORTEST_HEADER = 20 };

/* Reads a number of digits alone, at most max. Returns -1 for anything else. */
static long whole_number(const char *text, long max) {
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
        return -1;
    /* A number too long for a long becomes the greatest: no wrap here. */
    long number = strtol(text, NULL, 10);
    return number > max ? -1 : number;
}

/*
 * Reads seconds in plain form: digits, and at most one dot between digits.
 * Returns -1 for anything else, and for more than 3600.
 */
static double seconds_of(const char *text) {
    size_t whole = strspn(text, "0123456789");
    const char *end = text + whole;
    size_t fraction = 1;
    if (*end == '.') {
        fraction = strspn(end + 1, "0123456789");
        end += 1 + fraction;
    }
    if (whole == 0 || fraction == 0 || *end != '\0')
        return -1;
    double seconds = strtod(text, NULL);
    return seconds > 3600 ? -1 : seconds;
}

/* Returns the nanoseconds on a clock that nobody sets. */
static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/*
 * Waits until fd can be read, or until the deadline, a time of now(). Returns
 * 1, or 0 when time is up, or -1.
 */
static int wait_until(int fd, int64_t deadline) {
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    for (;;) {
        int64_t left = deadline - now();
        int milliseconds = left > 0 ? (int)((left + 999999) / 1000000) : 0;
        int ready = poll(&wanted, 1, milliseconds);
        if (ready != -1 || errno != EINTR)
            return ready;
    }
}

/* Fills in the IPv4 address of HOST. Returns 0, or -1 after saying why not. */
static int resolve(const char *host, struct sockaddr_in *address) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_RAW};
    struct addrinfo *list;
    int error = getaddrinfo(host, NULL, &hints, &list);
    if (error != 0) {
        warnx("%s: %s", host, gai_strerror(error));
        return -1;
    }
    memcpy(address, list->ai_addr, sizeof *address);
    freeaddrinfo(list);
    return 0;
}

/* Creates a raw socket for ICMP. Returns it, or -1 after saying why not. */
static int create_socket(void) {
    /* TODO 1: Create the socket: see raw(7). When that fails, name the call
     * and the reason, as warn(3) does, and return -1. */
    errx(1, "TODO 1 in labs/12-raw/ping.c is next");
}

/*
 * Returns the checksum of so many bytes, as it is stored in a header. Of a
 * whole message, with its checksum in it, this is 0.
 */
static uint16_t checksum(const void *data, size_t size) {
    const unsigned char *bytes = data;
    uint32_t sum = 0;
    /* TODO 2: Add up the 16-bit words of the bytes in sum: of each pair of
     * bytes the first one is the high half (RFC 1071). Then add what is above
     * the lower 16 bits to these, until nothing is above them. */
    (void)bytes, (void)size;
    errx(1, "TODO 2 in labs/12-raw/ping.c is next");
    return htons((uint16_t)~sum);
}

/*
 * Finds the ICMP message in the first n bytes of an IP packet. Returns where it
 * begins and sets *size to the bytes that are there, at least 8. Returns NULL
 * if there are fewer, or if the packet is not ICMP.
 */
static const unsigned char *message_in(const unsigned char *packet, size_t n,
                                       size_t *size) {
    /* TODO 3: The lower half of an IP header's first byte is the length of
     * that header, in units of 4 bytes; byte 9 is the protocol. Look at no byte
     * before you know that it is there. */
    (void)packet, (void)n, (void)size;
    errx(1, "TODO 3 in labs/12-raw/ping.c is next");
}

/* Returns whether the bytes are the reply to this request. */
static int is_reply(const unsigned char *bytes, size_t size,
                    const struct message *request) {
    struct message reply;
    if (size != sizeof reply)
        return 0;
    memcpy(&reply, bytes, sizeof reply);
    /* TODO 4: It is the reply if its type is ICMP_ECHOREPLY, its code is 0,
     * its checksum is right, and the identifier, the sequence number and the
     * data are those of the request. */
    (void)request;
    errx(1, "TODO 4 in labs/12-raw/ping.c is next");
}

/*
 * Returns whether an error of at least 8 bytes ("destination unreachable") is
 * about this request.
 */
static int is_about(const unsigned char *bytes, size_t size,
                    const struct message *request) {
    struct icmphdr quoted;
    /* TODO 5: After its header of 8 bytes the error quotes an IP packet, or
     * the beginning of one. Find the ICMP message in that (message_in, above),
     * copy its header to quoted (memcpy), and compare: an ICMP_ECHO with the
     * identifier and the sequence number of the request. */
    (void)bytes, (void)size, (void)request, (void)quoted;
    errx(1, "TODO 5 in labs/12-raw/ping.c is next");
}

/*
 * Waits until the deadline for what answers this request, and prints a line
 * about it. Returns 1 if that is the reply, 0 if not, or -1.
 */
static int await_reply(int fd, const struct sockaddr_in *host,
                       const struct message *request, int seq, int64_t sent,
                       int64_t deadline) {
    unsigned char packet[LONGEST_PACKET];
    int ready;
    while ((ready = wait_until(fd, deadline)) == 1) {
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        ssize_t n = recvfrom(fd, packet, sizeof packet, 0,
                             (struct sockaddr *)&from, &length);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1) {
            warn("recvfrom");
            return -1;
        }
        size_t size;
        const unsigned char *message = message_in(packet, (size_t)n, &size);
        if (message == NULL)
            continue;
        if (from.sin_addr.s_addr == host->sin_addr.s_addr &&
            is_reply(message, size, request)) {
            /* Byte 8 of an IP header is the TTL. */
            printf("%zu bytes from %s: seq=%d ttl=%d time=%.3f ms\n", size,
                   inet_ntoa(from.sin_addr), seq, packet[8],
                   (double)(now() - sent) / 1e6);
            return 1;
        }
        if (message[0] == ICMP_DEST_UNREACH &&
            is_about(message, size, request)) {
            printf("unreachable from %s: seq=%d code=%d\n",
                   inet_ntoa(from.sin_addr), seq, message[1]);
            return 0;
        }
    }
    if (ready == -1) {
        warn("poll");
        return -1;
    }
    printf("no answer from %s: seq=%d\n", inet_ntoa(host->sin_addr), seq);
    return 0;
}

/*
 * Sends request number seq and waits for its reply, so many seconds at most.
 * Returns 1 if it came, 0 if not, or -1.
 */
static int ping(int fd, const struct sockaddr_in *host, int seq,
                double seconds) {
    struct message request = {.header = {.type = ICMP_ECHO}};
    request.header.un.echo.id = htons((uint16_t)getpid());
    request.header.un.echo.sequence = htons((uint16_t)seq);
    for (size_t i = 0; i < sizeof request.data; i++)
        request.data[i] = (unsigned char)i;
    request.header.checksum = checksum(&request, sizeof request);

    int64_t sent = now();
    ssize_t n;
    do
        n = sendto(fd, &request, sizeof request, 0,
                   (const struct sockaddr *)host, sizeof *host);
    while (n == -1 && errno == EINTR);
    if (n == -1) {
        warn("sendto");
        return -1;
    }
    return await_reply(fd, host, &request, seq, sent,
                       sent + (int64_t)(seconds * 1e9));
}

int main(int argc, char *argv[]) {
    long count = argc == 4 ? whole_number(argv[2], 1000) : -1;
    double seconds = argc == 4 ? seconds_of(argv[3]) : -1;
    if (count <= 0 || seconds <= 0) {
        fprintf(stderr, "usage: ping HOST COUNT SECONDS\n");
        return 2;
    }
    /* Every line leaves at once, into a pipe or a file too. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

    struct sockaddr_in host;
    if (resolve(argv[1], &host) == -1)
        return 1;
    int fd = create_socket();
    if (fd == -1)
        return 1;
    int received = 0;
    for (int seq = 1; seq <= count; seq++) {
        int came = ping(fd, &host, seq, seconds);
        if (came == -1) {
            close(fd);
            return 1;
        }
        received += came;
    }
    printf("%ld sent, %d received\n", count, received);
    close(fd);
    return received > 0 ? 0 : 1;
}
