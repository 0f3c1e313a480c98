/*
 * peer - what the parts of the peer share. Usage: peer.c.
 */
#ifndef PEER_H
#define PEER_H

#include "tables.h"
#include <stdio.h>
#include <sys/socket.h>
#include <sys/types.h>

/* PATH_ROOM: for the path of a Unix socket, which has at most 107 bytes. */
enum { CONNECTIONS = 128, PATH_ROOM = 128 };

struct connection {
    int fd;
    int reset; /* it was reset as soon as it was made */
    int ended; /* its end was read */
    int is_datagram;
    int received; /* datagrams that were expected, and came */
    struct sockaddr_storage here, there;
    unsigned long long sent; /* bytes, in all */
    size_t flooded;          /* bytes of the file of send-until-full */
    unsigned user;           /* of a Unix socket: who has connected */
};

struct peer {
    const char *pid_file, *out_file;
    const char *debug_file; /* there while a debugger has the program */
    FILE *evidence;
    FILE *log;  /* of the statements, or NULL */
    int hidden; /* what is done is not noted */
    unsigned long long seed;
    size_t piece_size;    /* bytes a send, 0: all */
    size_t random_pieces; /* the most of them, when they are drawn; 0: not */
    int signal_between;   /* the signal between these, 0: none */
    int allow_busy;       /* the program may use the processor for long */
    int allow_unread;     /* it may sleep until more has come than there is */
    int promptly;         /* what is read must come before the program sleeps */
    unsigned long long drawn; /* what was drawn last */
    const char *ignored;      /* taken out of what exchange reads */
    int listener;
    struct sockaddr_storage from; /* source of the next connection */
    int reuseport, seqpacket;     /* of the next listen */
    int rcvbuf, sndbuf, mss; /* of the next socket, 0: the kernel's choice */
    int now;                 /* the connection that statements are about */
    struct connection conn[CONNECTIONS];
    struct sockaddr_storage listening; /* where the program listens */
    int backlog;                       /* and with which backlog */
    const char *sockets;               /* the folder of socket files */
    const char *listens_at; /* where the listener is, if that is a path */
    unsigned user;          /* who makes the next connection to a path */
};
extern struct peer peer;
/* The connection that statements are about. */
struct connection *this_one(void);

/* Waits until COND(DATA) is not 0, or gives up as the head of peer.c says.
   FD, if not -1, is a descriptor whose EVENTS (poll(2)) wake the wait early.
   Returns what COND returned, or 0. */
int wait_for(int (*cond)(void *data), void *data, int fd, short events);
/* Conditions for it: the descriptor that FD points to can be read, written. */
int can_read(void *fd);
int can_write(void *fd);
/* Whether the program was found asleep twice in a row, with nothing done in
   between. DATA is a struct moment, all 0. */
int sleeps(void *data);
/* Whether the program has done what it does at first: it sleeps, has printed a
   line, or was busy for long. DATA is a struct moment, all 0. */
int settled(void *data);
/* Milliseconds by a clock that nobody sets. */
long long now_ms(void);
/* Whether a person debugs the program. Then it takes as long as that person
   thinks, and may stop at any place. */
int is_debugged(void);
/* Why the last wait_for() gave up, in words. */
const char *gave_up(void);
/* Waits until FD, this_one()'s, can be read: 1; 2 when the program sleeps
   first, though it has all that was sent: see why_late(); 0 like wait_for(). */
int wait_promptly(int fd);
const char *why_late(void);
/* The id of the program, 0 while it is not known. */
pid_t program(void);
/* The number of a signal's NAME: STOP, CONT, USR2 …; 0 of "none". Exits with 2
   for another. */
int signal_number(const char *name);
/* Sends SIG to it and to its children; SIGUSR2 to each thread that sleeps.
   Returns 0, or -1: it has ended. */
int send_signal(int sig);
/* From now on, while the peer waits and the program sleeps, calls ACT every
   EVERY ms; it returns 0 if it could do that. WHAT comes of it, in the plural.
   The peer gives up a wait LENGTH ms after the first. ACT may be NULL: no
   more. */
void repeat(int (*act)(void), const char *what, long every, long length);
/* Whether all of it stands, after SIGSTOP. */
int is_stopped(void);
/* Conditions for wait_for: the same; the program has ended. DATA is NULL. */
int stands(void *data);
int is_gone(void *data);
/* Finds the program's end of the present connection, which is TCP (tables.h).
   Returns 1, or 0 when there is none. */
struct tcp_socket;
int other_end(struct tcp_socket *other);

/* Whether the peer is a host in the program's network (icmp.c). If so: 0 when
   no request has come, else 1, as a statement. */
int in_network(void);
int expect_no_request(void);

/* A number from 1 to MOST, drawn from the seed. */
size_t draw(size_t most);

/* Evidence. step(): what was done. unmet(): what was expected, and what came
   (a printf format); returns 1. */
void step(const char *format, ...) __attribute__((format(printf, 1, 2)));
int unmet(const char *expected, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Notes how many bytes the program has written to standard error, and what time
   it is. What the program says and does later can be about connections that are
   closed because the peer gives up. One that has ended says nothing more. Their
   file is named in the second line of the file with the program's id, or is err
   in the same folder. */
void note_heard(void);
/* errno in a few words. */
const char *why(int error);

/* Reads ADDR:PORT, or ADDR alone (port 0); exits with 2 if it is neither. */
struct sockaddr_storage address_of(const char *text);
/* The length of an address, for the calls that want it. */
socklen_t length_of(const struct sockaddr_storage *a);
/* ADDR:PORT as text, in one of a few static buffers; a mapped IPv4 address as
   the IPv4 address that it is. */
const char *name_of(const struct sockaddr_storage *a);
/* The port of "ADDR:PORT" with its two bytes swapped, as a program has it that
   forgets htons(3); 0 where that is the same port. What is said of it. */
unsigned turned_port(const char *address);
#define TURNED ", bytes swapped: see htons(3)"
/* Whether the socket of the program that was found last (peer.listening) is at
   WANT: 0, or 1 after saying that it is elsewhere. A_SOCKET and IT are the
   words before what was expected and what was found. */
int expect_found_at(const char *a_socket, const char *it, const char *want);

/* The statements; each takes its arguments and returns 0 or 1. */
int do_set_source(char **w);
int do_set_rcvbuf(char **w);
int do_set_sndbuf(char **w);
int do_set_mss(char **w);
int do_connect(char **w);
int do_expect_refused(char **w);
int do_listen(char **w);
int do_set_reuseport(char **w);
int do_set_seqpacket(char **w);
int do_fill_queue(char **w);
int do_wait_connecting(char **w);
int do_answer_connect(char **w);
int do_accept(char **w);
int do_close_listener(char **w);
int do_print_address(char **w);
int do_expect_bound(char **w);
int do_expect_free(char **w);
int do_leave_time_wait(char **w);
int do_expect_raw_sockets(char **w);
int do_make_random(char **w);
int do_print_magic_words(char **w);
int do_expect_promptly(char **w);
int do_shutdown(char **w);
int do_close(char **w);
int do_abort(char **w);
int do_send(char **w);
int do_send_file(char **w);
int do_send_zeros(char **w);
int do_expect(char **w);
int do_expect_one_of(char **w);
int do_expect_file(char **w);
int do_exchange(char **w);
int do_expect_eof(char **w);
int do_expect_reset(char **w);
int do_expect_end(char **w);
int do_expect_nothing(char **w);
int do_expect_same(char **w);
int do_wait_read(char **w);
int do_wait_accepted(char **w);
int do_connect_idle(char **w);
int do_wait_listening(char **w);
int do_wait_listening_at(char **w);
int do_expect_backlog(char **w);
int do_expect_backlog_at_least(char **w);
int do_wait_asleep(char **w);
int do_wait_ended(char **w);
int do_wait_lines(char **w);
int do_expect_fds(char **w);
int do_expect_idle(char **w);
int do_signal(char **w);
int do_allow_busy(char **w);
int do_allow_unread(char **w);
int do_signal_repeatedly(char **w);
int do_expect_waiting(char **w);
int do_start_timer(char **w);
int do_expect_after(char **w);
int do_expect_before(char **w);
int do_expect_lasted(char **w);
int do_stop_for(char **w);
/* resources.c */
int do_note_memory(char **w);
int do_expect_growth_below(char **w);
int do_expect_quiet(char **w);
int do_expect_kept_at_most(char **w);
int do_send_until_full(char **w);
int do_expect_sent(char **w);

/* Those about datagrams (datagram.c). */
int do_open_datagram(char **w);
int do_bind_datagram(char **w);
int do_open_stranger(char **w);
int do_send_empty(char **w);
int do_send_repeatedly(char **w);
int do_expect_empty(char **w);
int do_expect_repeats(char **w);
int do_wait_bound(char **w);
int do_wait_bound_at(char **w);

/* ICMP: icmp.c. */
int do_expect_network(char **w);
int do_join_network(char **w);
int do_expect_request(char **w);
int do_answer(char **w);
int do_reply(char **w);
int do_reply_to(char **w);
int do_reply_after(char **w);
int do_say_unreachable(char **w);
int do_say_unreachable_to(char **w);
int do_print_sum(char **w);
int do_clear_checksum(char **w);
int do_set_ttl(char **w);
int do_set_options(char **w);
int do_set_length(char **w);
int do_set_quoted_header(char **w);
int do_alter(char **w);
int do_send_strays(char **w);
int do_stray_repeatedly(char **w);

/* Unix sockets (unix.c). is_path(): whether WORD is a path, which has a slash,
   and not ADDR:PORT. The others do for a path, or for this_one() if it is a
   Unix connection, what the statements with these names do. */
int is_path(const char *word);
int is_unix(const struct connection *c);
int connect_path(const char *path);
int listen_path(const char *path, int backlog);
void fill_path_queue(void);
int answer_path_connect(void);
int wait_listening_at_path(const char *path);
int wait_connecting_path(void);
int path_is_accepted(void);
int path_is_taken(void);
int abort_path(void);
int do_leave_stale_socket(char **w);
int do_expect_private(char **w);
int do_expect_private_at_bind(char **w);
int do_expect_no_file(char **w);
int do_expect_no_path(char **w);
int do_remove_file(char **w);
int do_set_user(char **w);
int do_print_credentials(char **w);
/* What connect.c does for them: makes a socket of this family; keeps FD as the
   present connection. */
int new_socket(int family);
void keep(int fd);

#endif
