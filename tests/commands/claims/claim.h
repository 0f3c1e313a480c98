/*
 * claim - what the experiments of make claim share.
 *
 * An experiment does something with sockets on loopback and tells what it sees,
 * line by line, by seen(). Its head has the lines "lab:", "article:" and
 * "why:", which tests/commands/claim prints around that. It returns 0 when this
 * kernel does what the course says, 1 when it does not, 3 when a call failed
 * that has nothing to do with the claim.
 */
#ifndef CLAIM_H
#define CLAIM_H

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int otherwise; /* something was not as the course says */

/* Tells what was seen, and whether it is as the course says. */
__attribute__((format(printf, 2, 3))) static inline void
seen(int as_told, const char *format, ...) {
    va_list args;
    va_start(args, format);
    printf("  ");
    vprintf(format, args);
    printf(as_told ? "\n" : "   <- NOT what the course says\n");
    va_end(args);
    fflush(stdout);
    if (!as_told)
        otherwise = 1;
}

/* A result of a call that must work for the experiment to mean anything. */
static inline int must(long long result, const char *call) {
    if (result == -1)
        err(3, "%s", call);
    return (int)result;
}

/* The number in a file of /proc/sys, or -1; see proc(5). */
static inline long setting(const char *path) {
    long value = -1;
    FILE *file = fopen(path, "re");
    if (!file)
        return -1;
    if (fscanf(file, "%ld", &value) != 1)
        value = -1;
    fclose(file);
    return value;
}

/* A listening socket at 127.0.0.1 and a port that the kernel chooses. */
static inline int server(int backlog, struct sockaddr_in *at) {
    socklen_t length = sizeof *at;
    int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    *at = (struct sockaddr_in){.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    must(bind(fd, (struct sockaddr *)at, length), "bind");
    must(listen(fd, backlog), "listen");
    must(getsockname(fd, (struct sockaddr *)at, &length), "getsockname");
    return fd;
}

/* A connection to it. */
static inline int client(const struct sockaddr_in *at) {
    int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(connect(fd, (const struct sockaddr *)at, sizeof *at), "connect");
    return fd;
}

/* fork(2), so that the child never outlives the experiment. */
static inline pid_t child(void) {
    pid_t pid = must(fork(), "fork");
    if (pid == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    return pid;
}

#endif
