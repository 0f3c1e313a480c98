/*
 * peer-evidence - what the peer says of a conversation: steps, what was
 * expected and what came, and names for errors and addresses.
 */
#include "peer.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

void step(const char *format, ...) {
    va_list args;
    if (peer.hidden)
        return;
    va_start(args, format);
    fputs("step\t", peer.evidence);
    vfprintf(peer.evidence, format, args);
    fputc('\n', peer.evidence);
    va_end(args);
}

void note_heard(void) {
    char path[512];
    struct stat s;
    pid_t pid = program();
    if (!pid || !process_now(pid).state)
        return;
    FILE *f = fopen(peer.pid_file, "re");
    if (!f)
        return;
    int n = fscanf(f, "%*d %500[^\n]", path);
    fclose(f);
    if (n != 1) {
        const char *slash = strrchr(peer.pid_file, '/');
        int length = slash ? (int)(slash - peer.pid_file) : 0;
        snprintf(path, sizeof path, "%.*s/err", length, peer.pid_file);
    }
    /* The launcher, its parent, sleeps when it has kept all that came. */
    pid_t parent = process_parent(pid);
    for (int ms = 0; ms < 2000 && process_now(parent).state == 'R'; ms++)
        poll(NULL, 0, 1);
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (stat(path, &s) == 0)
        fprintf(peer.evidence, "heard\t%lld %lld.%06ld\n", (long long)s.st_size,
                (long long)t.tv_sec, t.tv_nsec / 1000);
}

int unmet(const char *expected, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fprintf(peer.evidence, "expected\t%s\ngot\t", expected);
    vfprintf(peer.evidence, format, args);
    fputc('\n', peer.evidence);
    va_end(args);
    return 1;
}

const char *why(int error) {
    static char text[160];
    const char *gloss = NULL;
    switch (error) {
    case ECONNREFUSED:
        gloss = "no socket listens at that address and port";
        break;
    case ECONNRESET:
        gloss = "the other end closed with bytes unread, or aborted";
        break;
    case EPIPE:
        gloss = "the other end had already closed";
        break;
    case EADDRNOTAVAIL:
        gloss = "not an address of this machine";
        break;
    case ETIMEDOUT:
        gloss = "nobody answered in time";
        break;
    default:
        break;
    }
    snprintf(text, sizeof text, gloss ? "%s (%s)" : "%s", strerror(error),
             gloss);
    return text;
}

const char *name_of(const struct sockaddr_storage *a) {
    static char names[4][64];
    static int next;
    char host[INET6_ADDRSTRLEN];
    char *name = names[next++ % 4];
    if (a->ss_family == AF_UNIX)
        return "a Unix socket";
    if (a->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)a;
        inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
        snprintf(name, sizeof names[0], "%s:%d", host, ntohs(in->sin_port));
    } else {
        const struct sockaddr_in6 *in6 = (const void *)a;
        const unsigned char *bytes = in6->sin6_addr.s6_addr;
        int mapped = IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr);
        if (mapped)
            inet_ntop(AF_INET, bytes + 12, host, sizeof host);
        else
            inet_ntop(AF_INET6, bytes, host, sizeof host);
        snprintf(name, sizeof names[0], mapped ? "%s:%d" : "[%s]:%d", host,
                 ntohs(in6->sin6_port));
    }
    return name;
}
