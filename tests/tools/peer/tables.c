/*
 * tables - what the kernel's own tables say about sockets and processes.
 * The functions are described in tables.h.
 */
#include "tables.h"
#include <dirent.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* States, as in <netinet/tcp.h>, whose tcp_info is older than the one here. */
enum { TCP_ESTABLISHED = 1, TCP_SYN_SENT = 2, TCP_LISTEN = 10 };

static void fill_address(struct inet_diag_sockid *id,
                         const struct sockaddr *local,
                         const struct sockaddr *remote) {
    if (local->sa_family == AF_INET) {
        const struct sockaddr_in *l = (const void *)local;
        const struct sockaddr_in *r = (const void *)remote;
        id->idiag_sport = l->sin_port;
        id->idiag_dport = r->sin_port;
        memcpy(id->idiag_src, &l->sin_addr, sizeof l->sin_addr);
        memcpy(id->idiag_dst, &r->sin_addr, sizeof r->sin_addr);
    } else {
        const struct sockaddr_in6 *l = (const void *)local;
        const struct sockaddr_in6 *r = (const void *)remote;
        id->idiag_sport = l->sin6_port;
        id->idiag_dport = r->sin6_port;
        memcpy(id->idiag_src, &l->sin6_addr, sizeof l->sin6_addr);
        memcpy(id->idiag_dst, &r->sin6_addr, sizeof r->sin6_addr);
    }
}

static void take(const struct inet_diag_msg *m, struct tcp_socket *found) {
    *found = (struct tcp_socket){.state = m->idiag_state,
                                 .inode = m->idiag_inode,
                                 .unread = m->idiag_rqueue,
                                 .room = m->idiag_wqueue};
    if (m->idiag_family == AF_INET) {
        struct sockaddr_in *a = (void *)&found->local;
        a->sin_family = AF_INET;
        a->sin_port = m->id.idiag_sport;
        memcpy(&a->sin_addr, m->id.idiag_src, sizeof a->sin_addr);
    } else {
        struct sockaddr_in6 *a = (void *)&found->local;
        a->sin6_family = AF_INET6;
        a->sin6_port = m->id.idiag_sport;
        memcpy(&a->sin6_addr, m->id.idiag_src, sizeof a->sin6_addr);
    }
}

/* Sends one request on a netlink socket of its own; -1 with errno. */
static int ask(int family, unsigned states, int flags,
               const struct sockaddr *local, const struct sockaddr *remote) {
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 body;
    } request = {
        .header = {.nlmsg_len = sizeof request,
                   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                   .nlmsg_flags = (__u16)(NLM_F_REQUEST | flags)},
        .body = {.sdiag_family = (__u8)family,
                 .sdiag_protocol = IPPROTO_TCP,
                 .idiag_ext = local ? 1 << (INET_DIAG_INFO - 1) : 0,
                 .idiag_states = states,
                 .id.idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}};
    if (local)
        fill_address(&request.body.id, local, remote);
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd == -1)
        return -1;
    if (send(fd, &request, sizeof request, 0) == -1) {
        close(fd);
        return -1;
    }
    return fd;
}

int tcp_find(const struct sockaddr *local, const struct sockaddr *remote,
             struct tcp_socket *found) {
    union {
        struct nlmsghdr header;
        char room[8192];
    } answer;
    int fd = ask(local->sa_family, ~0U, 0, local, remote);
    if (fd == -1)
        return -1;
    ssize_t n = recv(fd, &answer, sizeof answer, 0);
    close(fd);
    if (n < (ssize_t)sizeof answer.header)
        return -1;
    if (answer.header.nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *e = NLMSG_DATA(&answer.header);
        errno = -e->error;
        return errno == ENOENT ? 0 : -1;
    }
    const struct inet_diag_msg *m = NLMSG_DATA(&answer.header);
    take(m, found);
    int left = (int)(answer.header.nlmsg_len - NLMSG_LENGTH(sizeof *m));
    const struct rtattr *a = (const void *)(m + 1);
    for (; RTA_OK(a, left); a = RTA_NEXT(a, left))
        if (a->rta_type == INET_DIAG_INFO &&
            a->rta_len >=
                RTA_LENGTH(offsetof(struct tcp_info, tcpi_segs_out))) {
            const struct tcp_info *info = RTA_DATA(a);
            found->arrived = info->tcpi_bytes_received;
            found->sent = info->tcpi_bytes_acked + found->room;
            found->in_flight = info->tcpi_unacked;
        }
    return found->state != TCP_LISTEN;
}

/* Reads the state and the parent in FOLDER/stat, proc(5), if there is one. */
static void read_stat(const char *folder, char *state, int *parent) {
    char path[100], text[1024];
    snprintf(path, sizeof path, "%s/stat", folder);
    FILE *f = fopen(path, "re");
    if (!f)
        return;
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    const char *end = strrchr(text, ')');
    if (end)
        (void)sscanf(end, ") %c %d", state, parent);
}

void process_file(pid_t pid, const char *name, char *path, size_t size) {
    char folder[64], state = 0;
    int parent = 0;
    snprintf(folder, sizeof folder, "/proc/%d", (int)pid);
    snprintf(path, size, "%s/%s", folder, name);
    read_stat(folder, &state, &parent);
    if (state != 'Z')
        return;
    snprintf(folder, sizeof folder, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(folder);
    for (struct dirent *e; state == 'Z' && tasks && (e = readdir(tasks));) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(folder, sizeof folder, "/proc/%d/task/%.20s", (int)pid,
                 e->d_name);
        read_stat(folder, &state, &parent);
        snprintf(path, size, "%s/%s", folder, name);
    }
    if (tasks)
        closedir(tasks);
}

/* Whether process PID has the socket INODE among its descriptors. */
static int has_socket(pid_t pid, unsigned inode) {
    char path[128], want[64], link[64];
    int yes = 0;
    process_file(pid, "fd", path, sizeof path);
    snprintf(want, sizeof want, "socket:[%u]", inode);
    DIR *dir = opendir(path);
    if (!dir)
        return 0;
    int fd = dirfd(dir);
    for (struct dirent *e = NULL; fd >= 0 && !yes && (e = readdir(dir));) {
        ssize_t n = readlinkat(fd, e->d_name, link, sizeof link - 1);
        if (n <= 0)
            continue;
        link[n] = '\0';
        yes = strcmp(link, want) == 0;
    }
    closedir(dir);
    return yes;
}

/* Whether one of COUNT processes has it. */
static int have_socket(const pid_t *list, int count, unsigned inode) {
    int i = 0;
    while (i < count && !has_socket(list[i], inode))
        i++;
    return i < count;
}

int process_has_socket(pid_t pid, unsigned inode) {
    pid_t list[MOST];
    int count = processes(pid, list);
    return have_socket(list, count, inode);
}

/* A socket in one of STATES (a set of bits) among the descriptors of PID and
   its children. */
static int tcp_owned(pid_t pid, unsigned states, struct tcp_socket *found) {
    static const int families[] = {AF_INET, AF_INET6};
    pid_t list[MOST];
    int count = processes(pid, list);
    for (int i = 0; i < 2; i++) {
        int fd = ask(families[i], states, NLM_F_DUMP, NULL, NULL);
        if (fd == -1)
            return -1;
        for (int more = 1; more;) {
            union {
                struct nlmsghdr header;
                char room[32768];
            } answer;
            ssize_t got = recv(fd, &answer, sizeof answer, 0);
            if (got <= 0)
                break;
            unsigned n = (unsigned)got;
            struct nlmsghdr *h = &answer.header;
            for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
                if (h->nlmsg_type != SOCK_DIAG_BY_FAMILY) {
                    /* The end, or an error; both with a number in them. */
                    int error = 0;
                    if (h->nlmsg_len >= NLMSG_LENGTH(sizeof error))
                        memcpy(&error, NLMSG_DATA(h), sizeof error);
                    if (error < 0) {
                        close(fd);
                        errno = -error;
                        return -1;
                    }
                    more = 0;
                    break;
                }
                const struct inet_diag_msg *m = NLMSG_DATA(h);
                if (m->idiag_inode &&
                    have_socket(list, count, m->idiag_inode)) {
                    take(m, found);
                    close(fd);
                    return 1;
                }
            }
        }
        close(fd);
    }
    return 0;
}

int tcp_listening(pid_t pid, struct tcp_socket *found) {
    return tcp_owned(pid, 1U << TCP_LISTEN, found);
}

int tcp_calling(pid_t pid, struct tcp_socket *found) {
    return tcp_owned(pid, 1U << TCP_SYN_SENT, found);
}

/* Reads an address of /proc/net/udp, HEX of words as they lie in memory, and
   its port. */
static void read_address(const char *hex, unsigned port,
                         struct sockaddr_storage *a) {
    struct sockaddr_in *in = (void *)a;
    struct sockaddr_in6 *in6 = (void *)a;
    unsigned words[4] = {0};
    int n =
        sscanf(hex, "%8x%8x%8x%8x", &words[0], &words[1], &words[2], &words[3]);
    memset(a, 0, sizeof *a);
    if (n == 4) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons((unsigned short)port);
        memcpy(&in6->sin6_addr, words, sizeof in6->sin6_addr);
    } else {
        in->sin_family = AF_INET;
        in->sin_port = htons((unsigned short)port);
        memcpy(&in->sin_addr, words, sizeof in->sin_addr);
    }
}

/* Not by sock_diag(7): few machines have udp_diag loaded. */
int udp_find(pid_t pid, unsigned port, int connected_too,
             struct udp_socket *found) {
    static const char *const files[] = {"/proc/net/udp", "/proc/net/udp6"};
    pid_t list[MOST];
    int count = processes(pid, list), is_found = 0;
    for (int i = 0; i < 2 && !is_found; i++) {
        char line[512], hex[40];
        FILE *f = fopen(files[i], "re");
        while (f && !is_found && fgets(line, sizeof line, f)) {
            unsigned here = 0, state = 0, unread = 0, inode = 0;
            if (sscanf(line,
                       " %*u: %39[0-9A-F]:%x %*[0-9A-F]:%*x %x %*x:%x %*x:%*x "
                       "%*x %*u %*u %u",
                       hex, &here, &state, &unread, &inode) != 5 ||
                here == 0 || (port && here != port) ||
                (state == TCP_ESTABLISHED && !connected_too) ||
                !have_socket(list, count, inode))
                continue;
            read_address(hex, here, &found->local);
            found->unread = unread;
            is_found = 1;
        }
        if (f)
            fclose(f);
    }
    return is_found;
}

int processes(pid_t pid, pid_t *list) {
    int count = 1;
    list[0] = pid;
    /* Those found are looked into, too: the list grows while it is read. */
    for (int i = 0; i < count; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/task", (int)list[i]);
        DIR *tasks = opendir(path);
        for (struct dirent *e; tasks && (e = readdir(tasks));) {
            snprintf(path, sizeof path, "/proc/%d/task/%.20s/children",
                     (int)list[i], e->d_name);
            FILE *f = e->d_name[0] == '.' ? NULL : fopen(path, "re");
            while (f && count < MOST && fscanf(f, "%d", &list[count]) == 1)
                count++;
            if (f)
                fclose(f);
        }
        if (tasks)
            closedir(tasks);
    }
    return count;
}

/* Fills in thread TID of process PID, whose PROGRAM has been seen so far. */
static int thread_now(pid_t pid, const char *tid, struct thread *t,
                      struct moment *program) {
    /* The signals that sigfillset(3) and libc leave are 9, 19, 31 to 33. */
    const unsigned long long all = ~(1ULL << 8 | 1ULL << 18 | 7ULL << 30);
    char path[64], line[256];
    unsigned long long blocked = 0;
    long long waited = 0;
    *t = (struct thread){.id = (pid_t)strtol(tid, NULL, 10), .process = pid};
    snprintf(path, sizeof path, "/proc/%d/task/%.20s/status", (int)pid, tid);
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    while (fgets(line, sizeof line, f)) {
        if (strncmp(line, "Name:\tmemcheck-", 15) == 0)
            program->valgrind = 1;
        (void)sscanf(line, "State: %c", &t->state);
        (void)sscanf(line, "TracerPid: %d", &t->tracer);
        (void)sscanf(line, "SigBlk: %llx", &blocked);
        (void)sscanf(line, "voluntary_ctxt_switches: %lld", &t->wakes);
    }
    fclose(f);
    snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", (int)pid, tid);
    f = fopen(path, "re");
    if (!f || fscanf(f, "%lld %lld", &t->ran, &waited) != 2)
        t->ran = waited = 0;
    if (f)
        fclose(f);
    t->helper = t->id != pid && (blocked & all) == all;
    t->wanted = t->helper ? 0 : t->ran + waited;
    return t->state && t->state != 'Z' && t->state != 'X';
}

int is_tracer(const struct moment *program, pid_t pid) {
    for (int i = 0; i < program->threads; i++)
        if (program->thread[i].tracer == pid)
            return 1;
    return 0;
}

struct moment process_now(pid_t pid) {
    struct moment now = {0};
    pid_t list[MOST];
    int count = processes(pid, list), stand = 0, awake = 0, traced = 0;
    for (int i = 0; i < count; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/task", (int)list[i]);
        DIR *tasks = opendir(path);
        for (struct dirent *e; tasks && (e = readdir(tasks));) {
            struct thread *t = &now.thread[now.threads];
            if (e->d_name[0] == '.' || now.threads == MOST ||
                !thread_now(list[i], e->d_name, t, &now))
                continue;
            now.ran += t->ran;
            now.busy += t->wanted;
            /* t: a tracer has it in its hand. */
            stand += t->state == 'T';
            traced += t->state == 't';
            awake += !t->helper && t->state != 'T' && t->state != 'S';
            now.threads++;
        }
        if (tasks)
            closedir(tasks);
        if (now.threads == 0)
            return now;
    }
    now.state = awake ? 'R' : stand == now.threads ? 'T' : 'S';
    for (int i = 0; traced && i < now.threads; i++)
        stand += now.thread[i].state != 'T' &&
                 is_tracer(&now, now.thread[i].process);
    now.in_tracer = traced && stand + traced == now.threads;
    return now;
}

pid_t process_parent(pid_t pid) {
    char folder[64], state = 0;
    int parent = 0;
    snprintf(folder, sizeof folder, "/proc/%d", (int)pid);
    read_stat(folder, &state, &parent);
    return parent;
}

int process_fds(pid_t pid) {
    char path[128];
    int n = 0;
    process_file(pid, "fd", path, sizeof path);
    DIR *dir = opendir(path);
    if (!dir)
        return -1;
    for (struct dirent *e; (e = readdir(dir));)
        n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}
