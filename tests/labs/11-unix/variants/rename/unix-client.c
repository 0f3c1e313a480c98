/* unix-client, right in another style: SIGPIPE is ignored, read(2) and
   write(2), one byte of the answer at a time. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void talk(int fd, const char *message) {
    size_t left = strlen(message), due = left + 6, got = 0;
    char answer[1030];
    while (left > 0) {
        ssize_t n = write(fd, message, left);
        if (n == -1 && errno != EINTR)
            fail("write: send");
        if (n > 0)
            message += n, left -= (size_t)n;
    }
    while (got < due) {
        ssize_t n = read(fd, answer + got, 1);
        if (n == 0) {
            fputs("recv: the connection was closed\n", stderr);
            exit(1);
        }
        if (n == -1 && errno != EINTR)
            fail("read: recv");
        if (n == 1)
            got++;
    }
    fputs("Client received: '", stdout);
    fwrite(answer, 1, due, stdout);
    puts("'");
    fflush(stdout);
}

int main(int argc, char **argv) {
    struct sockaddr_un to;
    int bad = argc < 2 || strlen(argv[1]) - 1 > sizeof to.sun_path - 2;
    for (int i = 2; i < argc; i++)
        bad |= strlen(argv[i]) - 1 > 1023;
    if (bad) {
        fprintf(stderr, "usage: %s PATH [MESSAGE...]\n", argv[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd == -1)
        fail("socket");
    memset(&to, 0, sizeof to);
    to.sun_family = AF_UNIX;
    snprintf(to.sun_path, sizeof to.sun_path, "%s", argv[1]);
    socklen_t size =
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(argv[1]));
    int result;
    do
        result = connect(fd, (struct sockaddr *)&to, size + 1);
    while (result == -1 && errno == EINTR);
    if (result == -1)
        fail("connect");
    if (argc == 2)
        talk(fd, "Hello network world");
    for (int i = 2; i < argc; i++)
        talk(fd, argv[i]);
    close(fd);
    return 0;
}
