/*
 * begin - starts a program of a submission. The launcher (launch.c) and the
 * first process of a sandbox (init.c) both use these functions.
 */
#ifndef BEGIN_H
#define BEGIN_H

/* One message of init to the launcher, over the socket that is init's
   descriptor 10. The kernel adds the sender's PID in the launcher's
   namespace. */
struct news {
    enum { BEGINS = 1, RUNS, FAILS, ENDED } what;
    int status; /* ENDED: status of wait(2); FAILS: errno of execve(2) */
    int left;   /* ENDED: how many processes the program left running */
};
enum { NEWS = 10 };

/* Returns the time of CLOCK_MONOTONIC in ms. */
long long now_ms(void);
/* Returns the number in TEXT. If TEXT is not a number from 0 on, exits with 2
   and a message that names WHAT. */
long number(const char *text, const char *what);
/* Closes every descriptor from FIRST on. */
void close_from(unsigned first);

/* Keeps a limit for begin(): NAME=N in the units of setrlimit(2), where NAME is
   as, cpu, fsize, nofile, nproc or stack. Exits with 2 for any other text. */
void limit(const char *text);

/* Keeps a UID for begin(). The program then runs under this UID, with the GID
   of the same number, without other groups, and can never get a capability.
   Exits with 2 if TEXT is not such a number. */
void user(const char *text);

/* Keeps the working directory for begin(). */
void working_folder(const char *path);

/* Makes begin() switch off address space randomisation: ADDR_NO_RANDOMIZE of
   personality(2). With vm.mmap_rnd_bits=32 a program that gcc 13 or older built
   with sanitizers finds its addresses taken, once in several starts. If a
   container forbids this call, the addresses stay random. */
void same_addresses(void);

/* When memory runs out, the kernel kills this process and its children first;
   proc(5), oom_score_adj. */
void go_first(void);

/* Call it in a new process. Becomes the program: in a new session, with default
   signals, with the limits, and with the descriptors 0, 1, 2 and, if REPORT, 9.
   It does not return. If it cannot start the program, it writes errno to FAILED
   and exits. */
_Noreturn void begin(char **argv, int report, int failed);

/* Kills every child. The descendants become children of this process and are
   killed, too. If MAIN_PID is not 0, STATUS gets the status of wait(2) of that
   child. Returns how many other processes still ran. */
int kill_all(int main_pid, int *status);

#endif
