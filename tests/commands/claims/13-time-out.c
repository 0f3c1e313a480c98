/*
 * lab: 08
 *
 * article: a time-out of five seconds is set on the connection, and if they
 * pass, the conversation has timed out.
 *
 * why: A time-out covers one call, not a conversation: whoever wants to bound
 * the whole needs a deadline. And a recv that has one is ended by a stop and a
 * continue, with EINTR: not every -1 is the time-out. See socket(7),
 * signal(7).
 */
#include "claim.h"
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* In a child: sends a byte every 0.4 s, three in all. */
static void send_slowly(int fd) {
    for (int i = 0; i < 3; i++) {
        usleep(400000);
        send(fd, "x", 1, MSG_NOSIGNAL);
    }
    _exit(0);
}

/* Waits until PID is in this state, or has ended; proc(5). */
static void wait_for(pid_t pid, char wanted) {
    char path[64], state = '?';
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    while (state != wanted && state != 'Z') {
        usleep(1000);
        FILE *file = fopen(path, "re");
        if (!file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
            errx(3, "%s cannot be read", path);
        fclose(file);
    }
}

int main(void) {
    struct sockaddr_in at;
    struct timeval limit = {.tv_sec = 1}, minute = {.tv_sec = 60};
    char byte;
    int listener = server(5, &at);
    int fd = client(&at);
    int accepted = must(accept(listener, NULL, NULL), "accept");
    if (child() == 0)
        send_slowly(fd);
    close(fd);
    must(setsockopt(accepted, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit),
         "setsockopt");
    double begun = now();
    int count = 0;
    while (recv(accepted, &byte, 1, 0) == 1)
        count++;
    double took = now() - begun;
    seen(count == 3 && took > 1,
         "a time-out of 1 s, a byte every 0.4 s: %d bytes in %.1f s, no "
         "time-out",
         count, took);

    client(&at);
    accepted = must(accept(listener, NULL, NULL), "accept");
    must(setsockopt(accepted, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute),
         "setsockopt");
    begun = now();
    pid_t receiver = child();
    if (receiver == 0)
        _exit(recv(accepted, &byte, 1, 0) == -1 ? errno : 0);
    int status = 0;
    wait_for(receiver, 'S');
    kill(receiver, SIGSTOP);
    waitpid(receiver, &status, WUNTRACED);
    kill(receiver, SIGCONT);
    waitpid(receiver, &status, 0);
    seen(WEXITSTATUS(status) == EINTR,
         "a time-out of 60 s, stopped and continued: %s after %.1f s",
         strerror(WEXITSTATUS(status)), now() - begun);
    return otherwise;
}
