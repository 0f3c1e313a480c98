/*
 * socket - a variant: all calls are made by another thread.
 *
 * usage: socket inet|inet6|unix stream|dgram|raw
 *
 * Prints a line like "AF_INET SOCK_STREAM protocol 6 fd 3". Returns 0, 1 when
 * a call failed, 2 when the command line is wrong.
 *
 * See socket(2), getsockopt(2), close(2), socket(7), protocols(5).
 */
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A word of the command line, the number it stands for and that one's name. */
struct word {
    const char *given;
    int number;
    const char *name;
};
static const struct word families[] = {{"inet", AF_INET, "AF_INET"},
                                       {"inet6", AF_INET6, "AF_INET6"},
                                       {"unix", AF_UNIX, "AF_UNIX"}};
static const struct word types[] = {{"stream", SOCK_STREAM, "SOCK_STREAM"},
                                    {"dgram", SOCK_DGRAM, "SOCK_DGRAM"},
                                    {"raw", SOCK_RAW, "SOCK_RAW"}};

/* Returns the number of a word in one of these tables of three, or -1. */
static int number_of(const struct word words[3], const char *given) {
    for (int i = 0; i < 3; i++)
        if (strcmp(words[i].given, given) == 0)
            return words[i].number;
    return -1;
}

/* Returns the name of a number in one of these tables of three. */
static const char *name_of(const struct word words[3], int number) {
    for (int i = 0; i < 3; i++)
        if (words[i].number == number)
            return words[i].name;
    return "unknown";
}

/* What the thread gets, and its exit status. */
struct work {
    int family, type, protocol, status;
};

static void *ask(void *data) {
    struct work *work = data;
    work->status = 1;
    int fd = socket(work->family, work->type, work->protocol);
    if (fd == -1) {
        warn("socket");
        return NULL;
    }
    int family, type, protocol;
    socklen_t size = sizeof(int);
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size) == -1 ||
        getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == -1 ||
        getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) == -1) {
        warn("getsockopt");
    } else {
        printf("%s %s protocol %d fd %d\n", name_of(families, family),
               name_of(types, type), protocol, fd);
        work->status = 0;
    }
    close(fd);
    return NULL;
}

int main(int argc, char *argv[]) {
    struct work work = {.status = 1};
    pthread_t thread;
    work.family = argc == 3 ? number_of(families, argv[1]) : -1;
    work.type = argc == 3 ? number_of(types, argv[2]) : -1;
    if (work.family == -1 || work.type == -1) {
        fprintf(stderr, "usage: socket inet|inet6|unix stream|dgram|raw\n");
        return 2;
    }
    if (work.type == SOCK_RAW && work.family == AF_INET)
        work.protocol = IPPROTO_ICMP;
    if (work.type == SOCK_RAW && work.family == AF_INET6)
        work.protocol = IPPROTO_ICMPV6;
    errno = pthread_create(&thread, NULL, ask, &work);
    if (errno) {
        warn("pthread_create");
        return 1;
    }
    pthread_join(thread, NULL);
    return work.status;
}
