/*
 * peer-unix - the peer's statements about Unix sockets, and what the statements
 * in connect.c and stream.c do if the socket is one. README.md
 * describes them.
 *
 * The kernel lists Unix sockets in /proc/net/unix; proc(5). Nothing here needs
 * a privilege.
 */
#define _GNU_SOURCE
#include "peer.h"
#include "tables.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int is_path(const char *word) { return strchr(word, '/') != NULL; }

int is_unix(const struct connection *c) { return c->here.ss_family == AF_UNIX; }

/* The folder in which the names of socket files are. */
static int folder(void) {
    static int fd = -1;
    const char *name = peer.sockets ? peer.sockets : ".";
    if (fd == -1)
        fd = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1)
        err(3, "%s", name);
    return fd;
}

/* Takes a look at the file PATH itself. Returns 1, or 0 if there is none. */
static int look_at(const char *path, struct stat *s) {
    return fstatat(folder(), path, s, AT_SYMLINK_NOFOLLOW) == 0;
}

/*
 * Connects FD to the socket file PATH; returns 0 or errno. The address names
 * the file by a descriptor: so PATH may be of any length, and if it is a
 * symbolic link, nobody is led to the socket of another program.
 */
static int try_path(int fd, const char *path) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    uid_t me = geteuid();
    int error = 0;
    int file = openat(folder(), path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (file == -1)
        return errno;
    snprintf(to.sun_path, sizeof to.sun_path, "/proc/self/fd/%d", file);
    /* The file is looked up as who we are: credentials(7), fsuid. */
    if (peer.user != me) {
        if (seteuid(peer.user) == -1)
            err(3, "seteuid");
        setfsuid(me);
    }
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == -1)
        error = errno;
    if (peer.user != me && seteuid(me) == -1)
        err(3, "seteuid");
    close(file);
    return error;
}

struct attempt {
    int fd, error;
    const char *path;
};

/* Whether it was connected, or there is an error that stays. The queue may be
   full for a while. A program that takes the place of a stale file may listen
   before it renames its own. */
static int is_connected(void *data) {
    struct attempt *a = data;
    a->error = try_path(a->fd, a->path);
    return a->error != EAGAIN && a->error != ECONNREFUSED && a->error != ENOENT;
}

/* As for an address and a port, but with the words for a file. */
static const char *why_not(int error) {
    return error == ECONNREFUSED
               ? "Connection refused (no socket listens there)"
               : why(error);
}

int connect_path(const char *path) {
    struct attempt a = {.fd = new_socket(AF_UNIX), .path = path};
    if (!wait_for(is_connected, &a, -1, 0) || a.error) {
        char expected[160];
        close(a.fd);
        snprintf(expected, sizeof expected, "a connection to %s", path);
        return unmet(expected, "%s",
                     a.error == EAGAIN ? gave_up() : why_not(a.error));
    }
    keep(a.fd);
    this_one()->user = peer.user;
    step("connected to %s", path);
    return 0;
}

/* Binds FD to PATH, which may have 107 bytes below the folder. The file becomes
   one that the program could have made: private, and its user's. */
static void bind_path(int fd, const char *path) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    mode_t mask = umask(0077);
    struct stat s;
    if (strlen(path) >= sizeof at.sun_path)
        errx(2, "a path of more than 107 bytes: %s", path);
    memcpy(at.sun_path, path, strlen(path));
    if (back == -1 || fchdir(folder()) == -1)
        err(3, "fchdir");
    if (bind(fd, (struct sockaddr *)&at, sizeof at) == -1)
        err(3, "bind %s", path);
    if (fstat(folder(), &s) == 0 && s.st_uid != geteuid() &&
        fchownat(folder(), path, s.st_uid, (gid_t)-1, AT_SYMLINK_NOFOLLOW) ==
            -1)
        err(3, "fchownat %s", path);
    if (fchdir(back) == -1)
        err(3, "fchdir");
    umask(mask);
    close(back);
}

int do_set_seqpacket(char **w) {
    (void)w;
    peer.seqpacket = 1;
    return 0;
}

int listen_path(const char *path, int backlog) {
    int fd =
        peer.seqpacket
            ? socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)
            : new_socket(AF_UNIX);
    if (fd == -1)
        err(3, "socket");
    bind_path(fd, path);
    if (listen(fd, backlog) == -1)
        err(3, "listen %s", path);
    peer.listener = fd;
    peer.listens_at = path;
    return 0;
}

int do_leave_stale_socket(char **w) {
    int fd = new_socket(AF_UNIX);
    bind_path(fd, w[0]);
    close(fd);
    return 0;
}

/* How many of our own connections fill the queue, and which. */
static int filling[CONNECTIONS], fillers;

void fill_path_queue(void) {
    for (int error = 0; error == 0; fillers++) {
        if (fillers == CONNECTIONS)
            errx(3, "fill-queue: the queue is too long");
        filling[fillers] = new_socket(AF_UNIX);
        error = try_path(filling[fillers], peer.listens_at);
        if (error && error != EAGAIN)
            err(3, "connect %s", peer.listens_at);
    }
    close(filling[--fillers]);
}

int answer_path_connect(void) {
    while (fillers > 0) {
        int fd = accept(peer.listener, NULL, NULL);
        if (fd == -1)
            err(3, "accept");
        close(fd);
        close(filling[--fillers]);
    }
    return do_accept(NULL);
}

/* One line of /proc/net/unix. */
struct unix_socket {
    unsigned inode; /* 0 while no process has the socket (not yet accepted) */
    unsigned flags, type, state;
    char path[PATH_ROOM];
};
/* Values of these; include/uapi/linux/net.h and include/linux/net.h. */
enum { LISTENS = 0x10000, UNCONNECTED = 1, CONNECTING = 2 };

/* Asks WANTED about each Unix stream socket. Returns how many it took; FOUND,
   if not NULL, is the last of these. */
static int count_sockets(int (*wanted)(const struct unix_socket *s, void *data),
                         void *data, struct unix_socket *found) {
    char line[512];
    int count = 0;
    FILE *f = fopen("/proc/net/unix", "re");
    if (!f)
        err(3, "/proc/net/unix");
    while (fgets(line, sizeof line, f)) {
        struct unix_socket s = {0};
        if (sscanf(line, "%*[^:]: %*x %*x %x %x %x %u %127[^\n]", &s.flags,
                   &s.type, &s.state, &s.inode, s.path) < 4 ||
            s.type != SOCK_STREAM || !wanted(&s, data))
            continue;
        count++;
        if (found)
            *found = s;
    }
    fclose(f);
    return count;
}

static int is_listener(const struct unix_socket *s, void *data) {
    (void)data;
    return s->flags & LISTENS && s->inode &&
           process_has_socket(program(), s->inode);
}

static int is_calling(const struct unix_socket *s, void *data) {
    (void)data;
    return s->state == UNCONNECTED && !(s->flags & LISTENS) && s->inode &&
           process_has_socket(program(), s->inode);
}

/* What waits in the queue of a listening socket has its path. */
static int is_queued(const struct unix_socket *s, void *path) {
    return s->state == CONNECTING && !s->inode && strcmp(s->path, path) == 0;
}

static int listens(void *found) {
    return program() && count_sockets(is_listener, NULL, found);
}

/* Whether it listens, and PATH is a socket file. */
static int listens_at(void *path) {
    struct unix_socket found;
    struct stat s;
    return listens(&found) && look_at(path, &s) && S_ISSOCK(s.st_mode);
}

int wait_listening_at_path(const char *path) {
    struct unix_socket found;
    char expected[160];
    if (wait_for(listens_at, (void *)path, -1, 0)) {
        step("the program listens on %s", path);
        return 0;
    }
    snprintf(expected, sizeof expected, "a Unix socket that listens on %s",
             path);
    if (listens(&found))
        return unmet(expected, "it listens on %s: %s", found.path, gave_up());
    return unmet(expected, "it listens on none: %s", gave_up());
}

int path_is_accepted(void) {
    struct unix_socket found;
    return listens(&found) && !count_sockets(is_queued, found.path, NULL);
}

int path_is_taken(void) {
    int unread = 0;
    if (ioctl(this_one()->fd, SIOCOUTQ, &unread) == -1)
        err(3, "SIOCOUTQ");
    return unread == 0;
}

/* A connect(2) that waits for room in the queue leaves no trace in the tables:
   only a socket that is not connected. One that tries again and again, with its
   time made fast, does not sleep (allow-busy). */
static int calls(void *before) {
    return program() && count_sockets(is_calling, NULL, NULL) &&
           (peer.allow_busy || sleeps(before));
}

int wait_connecting_path(void) {
    struct moment before = {0};
    if (wait_for(calls, &before, -1, 0))
        return 0;
    return unmet("the program waits in connect", "%s", gave_up());
}

int abort_path(void) {
    int fd = this_one()->fd;
    if (!wait_for(can_read, &fd, fd, POLLIN))
        return unmet("bytes from the program, to be left unread", "%s",
                     gave_up());
    close(fd);
    this_one()->fd = -1;
    step("aborted: closed with bytes unread, which is a reset");
    return 0;
}

/* Says of a socket file with MODE who may connect, if these are not its owner
   and nobody else; WHEN it was so. */
static int is_private(const char *path, const char *when) {
    struct stat s;
    char expected[160];
    snprintf(expected, sizeof expected,
             "a socket file %s to which its owner alone can connect", path);
    if (!look_at(path, &s))
        return unmet(expected, "no such file %s", when);
    if (!S_ISSOCK(s.st_mode))
        return unmet(expected, "a file that is no socket %s", when);
    if (!(s.st_mode & S_IWUSR))
        return unmet(expected, "its owner cannot write to it: mode %04o %s",
                     s.st_mode & 07777, when);
    if (s.st_mode & (S_IRWXG | S_IRWXO))
        return unmet(expected, "it is open to others: mode %04o %s",
                     s.st_mode & 07777, when);
    return 0;
}

int do_expect_private(char **w) { return is_private(w[0], "while it listens"); }

static int is_held_or_listens(void *data) {
    struct unix_socket found;
    (void)data;
    return is_stopped() ? 1 : listens(&found) ? 2 : 0;
}

/* A program may bind another name first and rename the file: rename(2). */
int do_expect_private_at_bind(char **w) {
    struct stat s;
    for (;;) {
        switch (wait_for(is_held_or_listens, NULL, -1, 0)) {
        case 0:
            return unmet("the program binds and listens", "%s", gave_up());
        case 1:
            if (look_at(w[0], &s) &&
                is_private(w[0], "when bind had returned") != 0)
                return 1;
            send_signal(SIGCONT);
            break;
        default:
            return is_private(w[0], "when it listened");
        }
    }
}

int do_expect_no_file(char **w) {
    struct stat s;
    char expected[160];
    if (!look_at(w[0], &s))
        return 0;
    snprintf(expected, sizeof expected, "no file %s", w[0]);
    return unmet(expected, "%s is still there",
                 S_ISSOCK(s.st_mode) ? "the socket file" : "a file");
}

/* An abstract address begins with a zero byte: it is no file; unix(7). */
int do_expect_no_path(char **w) {
    const char *expected = "the program's socket is bound to no file";
    struct sockaddr_un at = {0};
    socklen_t size = sizeof at;
    (void)w;
    if (getpeername(this_one()->fd, (struct sockaddr *)&at, &size) == -1)
        return unmet(expected, "%s", why(errno));
    if (!at.sun_path[0])
        return 0;
    return unmet(expected, "it was bound to %.*s", (int)sizeof at.sun_path,
                 at.sun_path);
}

int do_remove_file(char **w) {
    if (unlinkat(folder(), w[0], 0) == -1)
        return unmet("the socket file is there", "%s: %s", w[0], why(errno));
    step("removed the file %s", w[0]);
    return 0;
}

int do_set_user(char **w) {
    uid_t user = (uid_t)strtoul(w[0], NULL, 10), me = geteuid();
    /* In a user namespace it can be one that does not exist. */
    if (seteuid(user) == 0 && seteuid(me) == 0)
        peer.user = user;
    return 0;
}

/* USER as the program sees it; user_namespaces(7). */
static unsigned user_there(unsigned user) {
    char path[64];
    unsigned inside, outside, length, found = 0;
    int known = 0;
    snprintf(path, sizeof path, "/proc/%d/uid_map", (int)program());
    FILE *f = fopen(path, "re");
    if (!f)
        err(3, "%s", path);
    while (!known && fscanf(f, "%u %u %u", &inside, &outside, &length) == 3) {
        known = user >= outside && user - outside < length;
        found = user - outside + inside;
    }
    fclose(f);
    if (known)
        return found;
    f = fopen("/proc/sys/kernel/overflowuid", "re");
    if (!f || fscanf(f, "%u", &found) != 1)
        found = 65534;
    if (f)
        fclose(f);
    return found;
}

/* Our id as the program sees it: 0 in another namespace; pid_namespaces(7). */
static int id_there(void) {
    char path[64], ours[64] = "", theirs[64] = "";
    snprintf(path, sizeof path, "/proc/%d/ns/pid", (int)program());
    if (readlink("/proc/self/ns/pid", ours, sizeof ours - 1) == -1 ||
        readlink(path, theirs, sizeof theirs - 1) == -1)
        err(3, "%s", path);
    return strcmp(ours, theirs) == 0 ? (int)getpid() : 0;
}

int do_print_credentials(char **w) {
    (void)w;
    printf("uid %u pid %d\n", user_there(this_one()->user), id_there());
    fflush(stdout);
    return 0;
}
