/*
 * Functions that the attacks share. A submission is one file, so the driver
 * (tests/course/sandbox/attacks) replaces the line that includes attack.h by
 * this text. It replaces solution.h by the lab's solution with another name for
 * main. Then it replaces these words, each between two @, by what an attacker
 * could find out at best: TREE, the grader's folder; CLASS, the submissions;
 * OUT, the marks; HOME, the instructor's home; PORT, on which a service of the
 * machine listens on 127.0.0.1; MARK, a name for files and processes, so that
 * the driver finds what an attack has left; KEY, the same for shared memory.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))

/* Prints that the attack succeeded. The driver looks for this word. */
UNUSED static void worked(const char *what) {
    fprintf(stderr, "worked: %s\n", what);
}

/* Writes behind an array on the stack. AddressSanitizer ends the program. */
#define OVERRUN                                                                \
    do {                                                                       \
        volatile char few[4] = {0};                                            \
        volatile int behind = 4;                                               \
        (void)few;                                                             \
        few[behind] = 0;                                                       \
    } while (0)

/* Prints a file. The driver looks for its secrets in the output. */
UNUSED static void spill(const char *path) {
    static char text[65536];
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    ssize_t n = fd == -1 ? -1 : read(fd, text, sizeof text);
    for (ssize_t i = 0; i < n; i++)
        fputc(text[i] ? text[i] : '\n', stderr);
    if (fd != -1)
        close(fd);
}

/* Overwrites the beginning of an existing file. */
UNUSED static void forge(const char *path) {
    int fd = open(path, O_WRONLY | O_NONBLOCK);
    if (fd == -1)
        return;
    if (dprintf(fd, "forged @MARK@\n") > 0)
        worked(path);
    close(fd);
}

/* Calls ACT with every file below a folder, at most ten levels deep. */
UNUSED static void each_file(const char *folder, void (*act)(const char *),
                             int depth) {
    DIR *list = depth < 10 ? opendir(folder) : NULL;
    for (struct dirent *e; list && (e = readdir(list));) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_type == DT_REG)
            act(path);
        else if (e->d_type == DT_DIR && e->d_name[0] != '.')
            each_file(path, act, depth + 1);
        else if (e->d_type == DT_DIR && strncmp(e->d_name, ".work", 5) == 0)
            each_file(path, act, depth + 1);
    }
    if (list)
        closedir(list);
}

/* Returns a connection to the service of the machine, or -1. */
UNUSED static int dial(void) {
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((unsigned short)atoi("@PORT@"))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? fd : -1;
}

/* Forks a child named MARK that lives for at most SECONDS. Returns 0 in the
   child. */
UNUSED static pid_t child(unsigned seconds) {
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_NAME, "@MARK@");
        alarm(seconds);
    }
    return pid;
}
