/*
 * echo-client HOST PORT [MESSAGE...] - asks an echo server.
 *
 * Lets recv wait for the whole answer (MSG_WAITALL), and goes on when a signal
 * cuts that short. Exit status: 0 done, 1 a call failed, 2 usage.
 */
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int parse_int(const char *s, long max, long *value) {
    char *end;
    if (!isdigit((unsigned char)s[0]))
        return -1;
    errno = 0;
    *value = strtol(s, &end, 10);
    return errno != 0 || *end != '\0' || *value > max ? -1 : 0;
}

static void fail(const char *call) {
    perror(call);
    exit(1);
}

/* An interrupted connect goes on in the kernel: called again, it waits. */
static int connect_all(const struct addrinfo *a) {
    const char *what = "socket";
    for (; a; a = a->ai_next) {
        int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (fd == -1)
            continue;
        what = "connect";
        while (connect(fd, a->ai_addr, a->ai_addrlen) == -1) {
            if (errno == EISCONN)
                return fd;
            if (errno != EINTR && errno != EALREADY) {
                int error = errno;
                close(fd);
                fd = -1;
                errno = error;
                break;
            }
        }
        if (fd != -1)
            return fd;
    }
    fail(what);
    return -1;
}

static void ask(int fd, const char *message) {
    size_t length = strlen(message), done;
    char *answer = malloc(length + 6);
    if (!answer)
        fail("malloc");
    for (done = 0; done < length;) {
        ssize_t n = send(fd, message + done, length - done, MSG_NOSIGNAL);
        if (n != -1)
            done += (size_t)n;
        else if (errno != EINTR)
            fail("send");
    }
    for (done = 0; done < length + 6;) {
        ssize_t n = recv(fd, answer + done, length + 6 - done, MSG_WAITALL);
        if (n == 0) {
            fputs("recv: connection closed by the server\n", stderr);
            exit(1);
        }
        if (n != -1)
            done += (size_t)n;
        else if (errno != EINTR)
            fail("recv");
    }
    fputs("Client received: '", stdout);
    fwrite(answer, 1, length + 6, stdout);
    puts("'");
    fflush(stdout);
    free(answer);
}

int main(int argc, char **argv) {
    struct addrinfo hints = {0}, *all;
    long port;
    int i, fd, error, bad;
    bad = argc < 3 || parse_int(argv[2], 65535, &port);
    for (i = 3; i < argc; i++)
        bad |= !argv[i][0] || strlen(argv[i]) > 1024;
    if (bad) {
        fprintf(stderr, "Usage: %s HOST PORT [MESSAGE...]\n", argv[0]);
        return 2;
    }
    hints.ai_socktype = SOCK_STREAM;
    error = getaddrinfo(argv[1], argv[2], &hints, &all);
    if (error) {
        fprintf(stderr, "%s: %s\n", argv[1], gai_strerror(error));
        return 1;
    }
    fd = connect_all(all);
    freeaddrinfo(all);
    if (argc == 3)
        ask(fd, "Hello network world");
    for (i = 3; i < argc; i++)
        ask(fd, argv[i]);
    close(fd);
    return 0;
}
