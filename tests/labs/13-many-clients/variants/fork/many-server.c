/*
 * many-server - another style: a process for each client.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void nothing(int sig) { (void)sig; }

/* So that accept(2) is interrupted when a child ends. */
static void wake_up_at_ends(void) {
    struct sigaction act = {.sa_handler = nothing};
    sigaction(SIGCHLD, &act, NULL);
}

static char *name_of(struct sockaddr_storage *a, socklen_t n) {
    static char name[128];
    char host[64], port[8];
    int e = getnameinfo((struct sockaddr *)a, n, host, sizeof host, port,
                        sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    if (e != 0)
        errx(1, "getnameinfo: %s", gai_strerror(e));
    int v6 = a->ss_family == AF_INET6;
    snprintf(name, sizeof name, v6 ? "[%s]:%s" : "%s:%s", host, port);
    return name;
}

static const char *serve(int fd) {
    char buf[6 + 1024] = "Echo=>";
    for (;;) {
        ssize_t n = recv(fd, buf + 6, 1024, 0);
        if (n == -1 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0 ? "closed" : "lost";
        for (ssize_t done = 0; done < n + 6;) {
            ssize_t some =
                send(fd, buf + done, (size_t)(n + 6 - done), MSG_NOSIGNAL);
            if (some == -1 && errno == EINTR)
                continue;
            if (some == -1)
                return "lost";
            done += some;
        }
    }
}

static int all_digits(const char *s) {
    return *s && s[strspn(s, "0123456789")] == '\0' && strlen(s) <= 7;
}

int main(int argc, char **argv) {
    if (argc != 4 || !all_digits(argv[2]) || atoi(argv[2]) > 65535 ||
        !all_digits(argv[3]) || atoi(argv[3]) > 1000000) {
        fprintf(stderr, "usage: many-server HOST PORT COUNT\n");
        exit(2);
    }
    int count = atoi(argv[3]), children = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct addrinfo hints = {.ai_flags = AI_PASSIVE,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *list, *a;
    const char *host = argv[1][0] ? argv[1] : NULL;
    int e = getaddrinfo(host, argv[2], &hints, &list);
    if (e != 0)
        errx(1, "%s: %s", argv[1], gai_strerror(e));
    for (a = list; a->ai_family != AF_INET && a->ai_next;)
        a = a->ai_next;
    int l = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (l == -1)
        err(1, "socket");
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(l, a->ai_addr, a->ai_addrlen) == -1)
        err(1, "bind");
    freeaddrinfo(list);
    if (listen(l, 20) == -1)
        err(1, "listen");
    struct sockaddr_storage it;
    socklen_t n = sizeof it;
    if (getsockname(l, (struct sockaddr *)&it, &n) == -1)
        err(1, "getsockname");
    printf("listening on %s\n", name_of(&it, n));
    wake_up_at_ends();

    for (int served = 0; count == 0 || served < count;) {
        while (children > 0 && waitpid(-1, NULL, WNOHANG) > 0)
            children--;
        n = sizeof it;
        int fd = accept(l, (struct sockaddr *)&it, &n);
        if (fd == -1 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (fd == -1 && children > 0 && (errno == EMFILE || errno == ENFILE)) {
            if (waitpid(-1, NULL, 0) > 0)
                children--;
            continue;
        }
        if (fd == -1)
            err(1, "accept");
        printf("connected by %s\n", name_of(&it, n));
        fflush(stdout);
        pid_t pid = fork();
        if (pid == -1)
            err(1, "fork");
        if (pid == 0) {
            close(l);
            const char *how = serve(fd);
            printf("%s %s\n", how, name_of(&it, n));
            close(fd);
            return 0;
        }
        served++;
        children++;
        close(fd);
    }
    close(l);
    while (children > 0)
        if (waitpid(-1, NULL, 0) > 0)
            children--;
    return 0;
}
