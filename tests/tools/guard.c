/*
 * guard - stops a program from switching its sanitizers off.
 *
 * It is linked to every program that is built with sanitizers. The sanitizers
 * call functions of certain names if a program defines them; see
 * asan_interface.h and lsan_interface.h. With such a function a submission
 * could switch the checks off. guard defines these names first, so a submission
 * that defines one does not link. honest.bash finds calls of the sanitizers'
 * own functions in the source.
 *
 * The program must not exec another program either: its plain build does the
 * same without sanitizers, and it could start itself with other ASAN_OPTIONS.
 * So execve(2) and execveat(2) fail with EPERM, from before the first code of
 * the submission runs; seccomp(2). clang's sanitizers then cannot start their
 * symbolizer and print addresses instead of lines.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
const char *__lsan_default_options(void);
const char *__lsan_default_suppressions(void);
int __lsan_is_turned_off(void);
void __asan_on_error(void);

const char *__asan_default_options(void) { return ""; }
const char *__ubsan_default_options(void) { return ""; }
const char *__lsan_default_options(void) { return ""; }
const char *__lsan_default_suppressions(void) { return ""; }
int __lsan_is_turned_off(void) { return 0; }
void __asan_on_error(void) {}

#if defined __x86_64__
#define OURS AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define OURS AUDIT_ARCH_AARCH64
#endif

#ifdef OURS
#define LOAD(field)                                                            \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define WHEN(test, value, then, otherwise)                                     \
    BPF_JUMP(BPF_JMP | (test) | BPF_K, value, then, otherwise)
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, what)

/* The sanitizers are not initialised yet, so this must not call a libc function
   that they replace. If filters are forbidden, the program runs without. */
static void forbid_exec(void) {
    static struct sock_filter filter[] = {
        LOAD(arch),
        WHEN(BPF_JEQ, OURS, 0, 4),
        LOAD(nr), /* the numbers of x32 begin at 2^30 */
        WHEN(BPF_JGE, 0x40000000, 2, 0),
        WHEN(BPF_JEQ, SYS_execve, 1, 0),
        WHEN(BPF_JEQ, SYS_execveat, 0, 1),
        ANSWER(SECCOMP_RET_ERRNO | EPERM),
        ANSWER(SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}
__attribute__((section(".preinit_array"),
               used)) static void (*first)(void) = forbid_exec;
#endif
