/* unix-client, right in another style: poll(2) before every recv, MSG_WAITALL,
   the address without a zero byte behind the path. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int say(int fd, const char *text, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t n = send(fd, text + done, size - done, MSG_NOSIGNAL);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            return warn("send"), 1;
    }
    return 0;
}

static int hear(int fd, size_t size) {
    char all[1024 + 6];
    size_t have = 0;
    while (have < size) {
        struct pollfd one = {.fd = fd, .events = POLLIN};
        if (poll(&one, 1, -1) == -1)
            continue;
        ssize_t n = recv(fd, all + have, size - have, MSG_WAITALL);
        if (n == 0)
            return warnx("recv: closed by the server"), 1;
        if (n == -1 && errno != EINTR)
            return warn("recv"), 1;
        if (n > 0)
            have += (size_t)n;
    }
    printf("Client received: '");
    for (size_t i = 0; i < size; i++)
        putchar(all[i]);
    printf("'\n");
    return fflush(stdout) != 0;
}

int main(int argc, char *argv[]) {
    char *standard[] = {"Hello network world", NULL};
    char **messages = argc > 2 ? argv + 2 : standard;
    struct sockaddr_un server = {.sun_family = AF_UNIX};
    size_t length = argc > 1 ? strlen(argv[1]) : 0;
    int wrong = length == 0 || length > 107;
    for (char **m = messages; *m; m++)
        if (!**m || strlen(*m) > 1024)
            wrong = 1;
    if (wrong)
        return fputs("usage: unix-client PATH [MESSAGE...]\n", stderr), 2;
    memcpy(server.sun_path, argv[1], length);
    length += offsetof(struct sockaddr_un, sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), bad = 0;
    if (fd == -1)
        err(1, "socket");
again:
    if (connect(fd, (struct sockaddr *)&server, (socklen_t)length) == -1) {
        if (errno == EINTR)
            goto again;
        bad = 1;
        warn("connect");
    }
    for (char **m = messages; *m && !bad; m++)
        bad = say(fd, *m, strlen(*m)) || hear(fd, strlen(*m) + 6);
    close(fd);
    return bad;
}
