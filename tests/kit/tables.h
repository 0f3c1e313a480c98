/*
 * tables - what the kernel's own tables say about sockets and processes.
 *
 * Sockets are read by sock_diag(7), which is what ss(8) uses; processes from
 * proc(5). Nothing here connects to anything or needs a privilege.
 */
#ifndef TABLES_H
#define TABLES_H

#include <sys/socket.h>
#include <sys/types.h>

/* One TCP socket as the kernel sees it. */
struct tcp_socket {
    int state;       /* TCP_ESTABLISHED, TCP_LISTEN, … of <netinet/tcp.h> */
    unsigned inode;  /* 0 while no process has the socket (not yet accepted) */
    unsigned unread; /* bytes not read yet; LISTEN: connections not accepted */
    unsigned room;   /* LISTEN: the backlog */
    unsigned long long arrived; /* tcp_find: bytes that ever came in */
    struct sockaddr_storage local;
};

/* Finds the socket with these two addresses. Returns 1, 0 when there is none,
   -1 with errno when the kernel cannot be asked. */
int tcp_find(const struct sockaddr *local, const struct sockaddr *remote,
             struct tcp_socket *found);

/* Finds a listening socket among the descriptors of process PID. Returns 1, 0
   when there is none, -1 with errno. */
int tcp_listening(pid_t pid, struct tcp_socket *found);
/* The same for one that connects and has no answer yet (SYN_SENT). */
int tcp_calling(pid_t pid, struct tcp_socket *found);

/* A moment of a process. */
struct moment {
    char state;      /* R, S, T, …; 0 when it has ended */
    long long ran;   /* ns in which its threads used the processor */
    long long first; /* ns in which its first thread used or wanted it. Others
                        may want it: the sanitizers have one that looks at the
                        memory ten times a second, and under load it waits */
    long long busy;  /* both: used by any, or wanted by the first */
};
struct moment process_now(pid_t pid);

/* How many descriptors process PID has open, or -1. */
int process_fds(pid_t pid);

#endif
