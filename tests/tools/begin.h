/*
 * begin - how a program of a submission begins, whether the launcher starts it
 * itself (launch.c) or the first process of a sandbox does (init.c).
 */
#ifndef BEGIN_H
#define BEGIN_H

/* What init tells the launcher, over the socket that is its descriptor 10, one
   a message. The kernel adds the sender's id as the launcher sees it. */
struct news {
    enum { BEGINS = 1, RUNS, FAILS, ENDED } what;
    int status; /* ENDED: of wait(2); FAILS: errno of execve(2) */
    int left;   /* ENDED: how many processes still ran */
};
enum { NEWS = 10 };

/* Milliseconds of CLOCK_MONOTONIC. */
long long now_ms(void);
/* TEXT as a number that is not negative; else exits with 2, naming WHAT. */
long number(const char *text, const char *what);
/* Closes every descriptor from FIRST on. */
void close_from(unsigned first);

/* Notes a limit, NAME=N in the units of setrlimit(2), for begin(): as, cpu,
   fsize, nofile, nproc or stack. Exits with 2 when it is none of these. */
void limit(const char *text);

/* Notes the user, by number, that begin() shall become, with the group of that
   number, no other group, and no capability, now or by any program. Exits with
   2 when it is none. */
void user(const char *text);

/* Notes for begin() that the program's addresses are not to be random:
   ADDR_NO_RANDOMIZE of personality(2). With vm.mmap_rnd_bits=32 a program that
   gcc 13 or older built with sanitizers finds its addresses taken, once in
   several starts. Where a container forbids this call, all is as it was. */
void same_addresses(void);

/* When memory runs out, this process and its children go first; proc(5). */
void go_first(void);

/* In a new process: becomes the program, in a session of its own, with default
   signals, the limits and descriptors 0, 1, 2 and, if REPORT, 9. Does not
   return; writes errno to FAILED when it cannot be done. */
_Noreturn void begin(char **argv, int report, int failed);

/* Kills every child and, as they become children, every descendant; MAIN, if
   not 0, is one whose status of wait(2) goes to STATUS. Returns how many others
   still ran. */
int kill_all(int main_pid, int *status);

#endif
