/*
 * guard - keeps a program with sanitizers under their eyes.
 *
 * Linked to every program that is built with sanitizers. The names that these
 * look for in a program are taken, so that a submission cannot bring its own: a
 * name that comes twice does not link. They would switch off what the judge
 * looks at; see asan_interface.h and lsan_interface.h of the sanitizers. Calls
 * of their functions are seen in the source (honest.bash).
 *
 * Nor can it become another program: its own plain build does the same and is
 * not looked at, and ASAN_OPTIONS can be other ones the next time. Before
 * anything of the submission is run, execve(2) and execveat(2) are made to fail
 * with EPERM; seccomp(2). (So clang's sanitizers cannot start their symbolizer:
 * they name addresses instead of lines.)
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

/* Without a function of libc that the sanitizers replace: they are not there
   yet. Where filters are forbidden, it goes on without. */
static void stay(void) {
    static struct sock_filter filter[] = {
        LOAD(arch),
        WHEN(BPF_JEQ, OURS, 0, 4),
        LOAD(nr), /* from 2 to 30 on: x32's numbers */
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
               used)) static void (*first)(void) = stay;
#endif
