/*
 * attack: writes 16 MiB into each of five folders and leaves the files there
 * row: C6
 * would show: a file of that name, or 'worked:'
 * unconfined: works
 * defence: all file systems are read-only except /tmp, which has a few MiB and
 *   goes with the run
 */
#include "attack.h"

static void fill(const char *folder) {
    char path[4096];
    static char much[1 << 20];
    long written = 0;
    ssize_t n = 1;
    snprintf(path, sizeof path, "%s/@MARK@-fills-the-disk", folder);
    int fd = open(path, O_CREAT | O_WRONLY, 0644);
    for (int i = 0; i < 16 && n > 0; i++) {
        n = write(fd, much, sizeof much);
        written += n > 0 ? n : 0;
    }
    close(fd);
    fprintf(stderr, "%s: %ld bytes\n", folder, written);
    if (written == 16L << 20 && strcmp(folder, "/tmp") != 0)
        worked(folder);
}

int main(void) {
    char here[4096] = "";
    if (readlink("/proc/self/exe", here, sizeof here - 1) > 0)
        *strrchr(here, '/') = '\0';
    signal(SIGXFSZ, SIG_IGN);
    fill("/tmp");
    fill("/var/tmp");
    fill("/dev/shm");
    fill("@HOME@");
    fill(here);
    return 1;
}
