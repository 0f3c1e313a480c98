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
enum { TCP_SYN_SENT = 2, TCP_LISTEN = 10 };

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
            a->rta_len >= RTA_LENGTH(offsetof(struct tcp_info, tcpi_segs_out)))
            found->arrived =
                ((const struct tcp_info *)RTA_DATA(a))->tcpi_bytes_received;
    return found->state != TCP_LISTEN;
}

/* Whether process PID has the socket INODE among its descriptors. */
static int has_socket(pid_t pid, unsigned inode) {
    char path[64], want[64], link[64];
    int yes = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
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

/* A socket in one of STATES (a set of bits) among the descriptors of PID. */
static int tcp_owned(pid_t pid, unsigned states, struct tcp_socket *found) {
    static const int families[] = {AF_INET, AF_INET6};
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
                    more = 0;
                    break;
                }
                const struct inet_diag_msg *m = NLMSG_DATA(h);
                if (m->idiag_inode && has_socket(pid, m->idiag_inode)) {
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

/* Adds what thread TID of process PID has run, and the first one has waited. */
static void add_times(pid_t pid, const char *tid, struct moment *now) {
    char path[64];
    long long ran = 0, waited = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", (int)pid, tid);
    FILE *f = fopen(path, "re");
    if (!f)
        return;
    if (fscanf(f, "%lld %lld", &ran, &waited) == 2) {
        now->ran += ran, now->busy += ran;
        if (strtol(tid, NULL, 10) == pid)
            now->first = ran + waited, now->busy += waited;
    }
    fclose(f);
}

struct moment process_now(pid_t pid) {
    struct moment now = {0};
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "re");
    if (!f)
        return now;
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    /* The name in brackets may hold anything; the state follows the last ). */
    const char *end = strrchr(text, ')');
    if (!end || !end[1] || end[2] == 'Z' || end[2] == 'X')
        return now;
    now.state = end[2];
    /* The process's own file is of its first thread alone. */
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    if (!tasks)
        return now;
    for (struct dirent *e; (e = readdir(tasks));) {
        if (e->d_name[0] != '.')
            add_times(pid, e->d_name, &now);
    }
    closedir(tasks);
    return now;
}

int process_fds(pid_t pid) {
    char path[64];
    int n = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *dir = opendir(path);
    if (!dir)
        return -1;
    for (struct dirent *e; (e = readdir(dir));)
        n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}
