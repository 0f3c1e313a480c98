/*
 * tables - what the kernel's own tables say about sockets and processes.
 *
 * TCP sockets are read by sock_diag(7), which is what ss(8) uses; UDP sockets
 * and processes from proc(5). Nothing here connects to anything or needs a
 * privilege.
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
    unsigned room;   /* LISTEN: the backlog; else bytes sent or held back, that
                        nobody has acknowledged */
    unsigned in_flight;         /* tcp_find: segments of these that are sent */
    unsigned long long arrived; /* tcp_find: bytes that ever came in */
    unsigned long long sent;    /* tcp_find: bytes that ever were sent */
    struct sockaddr_storage local;
};

/* Finds the socket with these two addresses. Returns 1, 0 when there is none,
   -1 with errno when the kernel cannot be asked. */
int tcp_find(const struct sockaddr *local, const struct sockaddr *remote,
             struct tcp_socket *found);

/* Finds a listening socket among the descriptors of process PID and of its
   children. Returns 1, 0 when there is none, -1 with errno. */
int tcp_listening(pid_t pid, struct tcp_socket *found);
/* The same for one that connects and has no answer yet (SYN_SENT). */
int tcp_calling(pid_t pid, struct tcp_socket *found);

/* One UDP socket as the kernel sees it. */
struct udp_socket {
    unsigned unread; /* bytes of datagrams not read yet, with what the kernel
                        needs for them */
    struct sockaddr_storage local;
};

/* Finds a UDP socket with this PORT (0: any) among the descriptors of process
   PID and of its children; one that is connected only if CONNECTED_TOO. Returns
   1, or 0 when there is none. */
int udp_find(pid_t pid, unsigned port, int connected_too,
             struct udp_socket *found);

enum { MOST = 256 };

/* Process PID and its children, theirs too: their ids go to LIST, which has
   room for MOST. Returns their number. */
int processes(pid_t pid, pid_t *list);

/* One thread of a program at a moment. */
struct thread {
    pid_t id;
    pid_t process;    /* it belongs to this one */
    pid_t tracer;     /* this one traces it, or 0 */
    char state;       /* R, S, T, … */
    int helper;       /* it blocks all signals: maybe the sanitizers' own, which
                         looks at the memory ten times a second. When it wakes
                         on a busy machine it waits for a processor, too: that
                         is not the program's */
    long long ran;    /* ns in which it used a processor */
    long long wanted; /* ns in which it did, or waited for one; 0 of a helper */
    long long wakes;  /* how often it has slept and gone on */
};

/* A moment of a program: of all threads of a process and of its children. */
struct moment {
    /* R when one of them runs or wants to, S, T when all stand; 0 when the
       process has ended, whatever its children do */
    char state;
    int valgrind;   /* it runs under valgrind */
    int in_tracer;  /* all stand, and a tracer has some of them in its hand */
    long long ran;  /* ns, of all of them */
    long long busy; /* ns in which any used or wanted one, without helpers */
    int threads;
    struct thread thread[MOST];
};
struct moment process_now(pid_t pid);

/* Whether process PID traces a thread of PROGRAM. */
int is_tracer(const struct moment *program, pid_t pid);

/* Fills PATH, with room for SIZE bytes, with that of the file NAME of process
   PID in proc(5): /proc/PID/NAME, or, where main has ended and other threads go
   on (pthread_exit(3)), /proc/PID/task/TID/NAME of one of these: the first is
   empty then. */
void process_file(pid_t pid, const char *name, char *path, size_t size);

/* The process that is its parent, or 0. */
pid_t process_parent(pid_t pid);

/* Whether process PID, or one of its children, has the socket with this inode
   number among its descriptors. */
int process_has_socket(pid_t pid, unsigned inode);

/* How many descriptors process PID has open, without its children; or -1. */
int process_fds(pid_t pid);

#endif
