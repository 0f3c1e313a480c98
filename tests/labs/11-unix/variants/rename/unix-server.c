/* unix-server, right in another style: the file gets its mode under another
   name and is linked to PATH when it is ready; the signals set a flag, and
   ppoll(2) waits. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static volatile sig_atomic_t ending;
static sigset_t while_waiting;

static void note(int sig) {
    (void)sig;
    ending = 1;
}

static int wait_for(int fd, short events) {
    struct pollfd one = {.fd = fd, .events = events};
    while (!ending)
        if (ppoll(&one, 1, NULL, &while_waiting) == 1)
            return 1;
    return 0;
}

/* Asks the file at PATH; removes it when nobody listens. */
static int make_way(const char *path) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct stat s;
    strncpy(at.sun_path, path, sizeof at.sun_path - 1);
    if (lstat(path, &s) == -1)
        return errno == ENOENT;
    if (!S_ISSOCK(s.st_mode))
        return 0;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int gone = connect(fd, (struct sockaddr *)&at, sizeof at) == -1 &&
               errno == ECONNREFUSED;
    close(fd);
    return gone && unlink(path) == 0;
}

static int make_socket(const char *path) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    snprintf(at.sun_path, sizeof at.sun_path, "%.*s.%d", folder, path,
             (int)getpid());
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd == -1) {
        perror("socket");
        return -1;
    }
    if (bind(fd, (struct sockaddr *)&at, sizeof at) == -1) {
        perror("bind");
        close(fd);
        return -1;
    }
    int made = -1;
    if (chmod(at.sun_path, 0600) == -1 || listen(fd, 128) == -1)
        perror("listen");
    else if (!make_way(path) || link(at.sun_path, path) == -1)
        fprintf(stderr, "bind: %s\n", strerror(EADDRINUSE));
    else
        made = fd;
    unlink(at.sun_path);
    if (made == -1)
        close(fd);
    return made;
}

static void serve(int client) {
    char data[6 + 1024] = "Echo=>";
    while (wait_for(client, POLLIN)) {
        ssize_t n = recv(client, data + 6, 1024, MSG_DONTWAIT);
        if (n == -1 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (n <= 0)
            return;
        for (ssize_t at = 0; at < n + 6;) {
            if (!wait_for(client, POLLOUT))
                return;
            ssize_t sent = send(client, data + at, (size_t)(n + 6 - at),
                                MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent == -1 && errno != EAGAIN && errno != EINTR)
                return;
            if (sent > 0)
                at += sent;
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 3 || !*argv[1] || strlen(argv[1]) > 107 || !*argv[2] ||
        strspn(argv[2], "0123456789") != strlen(argv[2]) ||
        strlen(argv[2]) > 7 || atol(argv[2]) > 1000000) {
        fputs("Usage: unix-server PATH COUNT\n", stderr);
        return 2;
    }
    long count = atol(argv[2]), served = 0;
    int listener = make_socket(argv[1]);
    if (listener == -1)
        return 1;
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    sigprocmask(SIG_BLOCK, &ours, &while_waiting);
    struct sigaction act = {.sa_handler = note};
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    printf("listening on %s\n", argv[1]);
    fflush(stdout);
    while ((count == 0 || served < count) && wait_for(listener, POLLIN)) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (client == -1 &&
            (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
            continue;
        if (client == -1) {
            perror("accept");
            unlink(argv[1]);
            return 1;
        }
        served++;
        struct ucred who;
        socklen_t size = sizeof who;
        if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0)
            printf("connected by uid %u pid %d\n", who.uid, who.pid);
        fflush(stdout);
        serve(client);
        close(client);
    }
    close(listener);
    unlink(argv[1]);
    return 0;
}
