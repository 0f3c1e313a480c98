/*
 * many-server - another style: a thread for each client, in calls that sleep.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

struct client {
    int fd;
    char name[80];
    pthread_t thread;
    struct client *next; /* among those that are over */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t someone_ended = PTHREAD_COND_INITIALIZER;
static struct client *over;
static int running;

static void name_of(const struct sockaddr_storage *a, socklen_t n, char *to) {
    char host[64], port[8];
    getnameinfo((const struct sockaddr *)a, n, host, sizeof host, port,
                sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    sprintf(to, a->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static int answer(int fd, char *data, size_t size) {
    struct iovec v[2] = {{"Echo=>", 6}, {data, size}};
    int i = 0;
    while (i < 2) {
        ssize_t n = writev(fd, v + i, 2 - i);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            return -1;
        for (; i < 2 && (size_t)n >= v[i].iov_len; i++)
            n -= (ssize_t)v[i].iov_len;
        if (i < 2) {
            v[i].iov_base = (char *)v[i].iov_base + n;
            v[i].iov_len -= (size_t)n;
        }
    }
    return 0;
}

static void *serve(void *data) {
    struct client *c = data;
    char buf[1024];
    const char *how = NULL;
    while (how == NULL) {
        ssize_t n = read(c->fd, buf, sizeof buf);
        if (n == 0)
            how = "closed";
        else if (n == -1 && errno != EINTR)
            how = "lost";
        else if (n > 0 && answer(c->fd, buf, (size_t)n) == -1)
            how = "lost";
    }
    printf("%s %s\n", how, c->name);
    close(c->fd);
    pthread_mutex_lock(&lock);
    c->next = over;
    over = c;
    running--;
    pthread_cond_signal(&someone_ended);
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* Waits until one has ended, if WAIT, and cleans up behind those that have. */
static void reap(int wait) {
    pthread_mutex_lock(&lock);
    while (wait && over == NULL && running > 0)
        pthread_cond_wait(&someone_ended, &lock);
    struct client *list = over;
    over = NULL;
    pthread_mutex_unlock(&lock);
    while (list) {
        struct client *c = list;
        list = c->next;
        pthread_join(c->thread, NULL);
        free(c);
    }
}

static int whole(const char *s, long max, long *to) {
    char *end;
    errno = 0;
    *to = strtol(s, &end, 10);
    return s[0] >= '0' && s[0] <= '9' && *end == '\0' && !errno && *to <= max;
}

int main(int argc, char **argv) {
    long port, count;
    if (argc != 4 || !whole(argv[2], 65535, &port) ||
        !whole(argv[3], 1000000, &count)) {
        fprintf(stderr, "usage: %s host port count\n", argv[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    setlinebuf(stdout);
    struct addrinfo hints = {.ai_flags = AI_PASSIVE,
                             .ai_family = AF_INET,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *a;
    const char *host = *argv[1] ? argv[1] : NULL;
    int e = getaddrinfo(host, argv[2], &hints, &a);
    if (e != 0) {
        fprintf(stderr, "%s: %s\n", argv[1], gai_strerror(e));
        return 1;
    }
    int on = 1, l = socket(AF_INET, SOCK_STREAM, 0);
    if (l == -1)
        return perror("socket"), 1;
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(l, a->ai_addr, a->ai_addrlen) == -1)
        return perror("bind"), 1;
    freeaddrinfo(a);
    if (listen(l, 5) == -1)
        return perror("listen"), 1;
    struct sockaddr_storage it;
    socklen_t n = sizeof it;
    char name[80];
    if (getsockname(l, (struct sockaddr *)&it, &n) == -1) {
        perror("getsockname");
        close(l);
        return 1;
    }
    name_of(&it, n, name);
    printf("listening on %s\n", name);

    for (long i = 0; count == 0 || i < count;) {
        n = sizeof it;
        int fd = accept(l, (struct sockaddr *)&it, &n);
        if (fd == -1) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            pthread_mutex_lock(&lock);
            int alone = running == 0 && over == NULL;
            pthread_mutex_unlock(&lock);
            if (alone) {
                perror("accept");
                close(l);
                return 1;
            }
            reap(1);
            continue;
        }
        i++;
        struct client *c = malloc(sizeof *c);
        if (!c)
            return perror("malloc"), 1;
        c->fd = fd;
        name_of(&it, n, c->name);
        printf("connected by %s\n", c->name);
        pthread_mutex_lock(&lock);
        running++;
        pthread_mutex_unlock(&lock);
        e = pthread_create(&c->thread, NULL, serve, c);
        if (e != 0) {
            fprintf(stderr, "pthread_create: %s\n", strerror(e));
            return 1;
        }
        reap(0);
    }
    for (int left = 1; left > 0;) {
        reap(1);
        pthread_mutex_lock(&lock);
        left = running > 0 || over != NULL;
        pthread_mutex_unlock(&lock);
    }
    close(l);
    return 0;
}
