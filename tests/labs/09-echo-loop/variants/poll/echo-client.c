/*
 * echo-client HOST PORT [MESSAGE...] - asks an echo server.
 *
 * A non-blocking socket from the start, and poll. Returns 0, 1 when a call
 * failed, 2 for a wrong command line.
 */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

static void until_ready(int fd, short events) {
    struct pollfd p = {fd, events, 0};
    while (poll(&p, 1, -1) < 0 && errno == EINTR)
        ;
}

static int failed(const char *call, const char *reason) {
    fprintf(stderr, "echo-client: %s: %s\n", call, reason);
    return 1;
}

/* Moves LENGTH bytes out of DATA (out is 1) or into it. Returns 0 when all were
   moved, 1 after saying why not. */
static int move(int fd, char *data, size_t length, int out) {
    const char *call = out ? "send" : "recv";
    while (length > 0) {
        ssize_t n = out ? write(fd, data, length) : read(fd, data, length);
        if (n > 0) {
            data += n;
            length -= (size_t)n;
        } else if (n == 0) {
            return failed(call, "the server closed the connection");
        } else if (errno == EAGAIN) {
            until_ready(fd, out ? POLLOUT : POLLIN);
        } else if (errno != EINTR) {
            return failed(call, strerror(errno));
        }
    }
    return 0;
}

int main(int argc, char *argv[]) {
    char hello[] = "Hello network world";
    char *alone[] = {hello, NULL};
    char **messages = argc > 3 ? argv + 3 : alone;
    struct addrinfo hints, *all, *a;
    int fd = -1, code, wrong = argc < 3 || number(argv[2], 65535) < 0;
    for (char **m = messages; !wrong && *m; m++)
        wrong = strlen(*m) < 1 || strlen(*m) > 1024;
    if (wrong) {
        fprintf(stderr, "usage: echo-client host port [message...]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    memset(&hints, 0, sizeof(hints));
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    code = getaddrinfo(argv[1], argv[2], &hints, &all);
    if (code)
        return failed(argv[1], gai_strerror(code));
    for (a = all; a; a = a->ai_next) {
        int result = 0;
        socklen_t length = sizeof(result);
        fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (fd < 0) {
            failed("socket", strerror(errno));
            continue;
        }
        if (connect(fd, a->ai_addr, a->ai_addrlen) < 0)
            result = errno;
        if (result == EINPROGRESS) {
            until_ready(fd, POLLOUT);
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &result, &length);
        }
        if (result == 0)
            break;
        failed("connect", strerror(result));
        close(fd);
        fd = -1;
    }
    freeaddrinfo(all);
    if (fd < 0)
        return 1;
    for (code = 0; code == 0 && *messages; messages++) {
        char answer[1030];
        size_t length = strlen(*messages);
        code =
            move(fd, *messages, length, 1) || move(fd, answer, 6 + length, 0);
        if (code == 0) {
            printf("Client received: '");
            fwrite(answer, 6 + length, 1, stdout);
            printf("'\n");
            fflush(stdout);
        }
    }
    close(fd);
    return code;
}
