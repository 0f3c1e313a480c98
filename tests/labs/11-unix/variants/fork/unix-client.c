/* unix-client, right in another style: SIGPIPE is ignored, and strcpy. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int fd;

static int trouble(const char *what) {
    fprintf(stderr, "unix-client: %s: %s\n", what, strerror(errno));
    close(fd);
    return 1;
}

static int one(const char *message) {
    char buf[1031];
    size_t n = strlen(message), got = 0, sent = 0;
    while (sent < n) {
        ssize_t some = write(fd, message + sent, n - sent);
        if (some < 0 && errno != EINTR)
            return trouble("send");
        if (some > 0)
            sent += (size_t)some;
    }
    for (n += 6; got < n;) {
        ssize_t some = read(fd, buf + got, n - got);
        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0)
            return trouble("recv");
        if (some == 0) {
            fprintf(stderr, "unix-client: recv: server has closed\n");
            close(fd);
            return 1;
        }
        got += (size_t)some;
    }
    fputs("Client received: '", stdout);
    fwrite(buf, n, 1, stdout);
    fputs("'\n", stdout);
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv) {
    int ok = argc >= 2 && argv[1][0] && strlen(argv[1]) <= 107;
    for (int i = 2; ok && i < argc; i++)
        ok = argv[i][0] && strlen(argv[i]) <= 1024;
    if (!ok) {
        fprintf(stderr, "usage: unix-client PATH [MESSAGE...]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    strcpy(a.sun_path, argv[1]);
    fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0)
        return trouble("socket");
    for (;;) {
        if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
            break;
        if (errno != EINTR)
            return trouble("connect");
    }
    if (argc == 2 && one("Hello network world"))
        return 1;
    for (int i = 2; i < argc; i++)
        if (one(argv[i]))
            return 1;
    close(fd);
    return 0;
}
