/*
 * Lines of comments, of skipped text, of strings and of macros that look like
 * directives, words that would switch the sanitizers off, and lines that say
 * they are another file's, as those of a generated source do:
# 1. make a socket
# 2 "ask the kernel" 3
#line 3, asm("nop"), __attribute__((no_sanitize("address")))
 */
#if 0
# 1. make a socket
# 15 "/usr/include/stdio.h" 3
int main(void) { __asm__("nop"); }
#endif
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT(words) #words
#line 1 "socket.y"

/* What is said of a wrong command line. */
static const char *const usage = "usage: socket FAMILY TYPE\n\
# 1 family: inet, inet6 or unix\n\
# 2 \"type\": stream, dgram or raw; no asm, no no_sanitize\n";
static const char *const plan = TEXT(% : 1 asm no_sanitize);

/* Names that only begin or end as those words do. */
static int asm_count(const char *no_sanitize_input) {
    int wasm = 0;
    for (; no_sanitize_input[wasm]; wasm++)
        ;
    return wasm;
}

#line 200 "/usr/include/stdio.h"
static const struct {
    const char *word, *name;
    int number;
} names[] = {
    {"inet", "AF_INET", AF_INET},        {"inet6", "AF_INET6", AF_INET6},
    {"unix", "AF_UNIX", AF_UNIX},        {"stream", "SOCK_STREAM", SOCK_STREAM},
    {"dgram", "SOCK_DGRAM", SOCK_DGRAM}, {"raw", "SOCK_RAW", SOCK_RAW}};

/* The place of WORD in names from FIRST on, within three; or -1. */
static int place_of(const char *word, int first) {
    for (int i = first; i < first + 3; i++)
        if (strcmp(names[i].word, word) == 0)
            return i;
    return -1;
}

int main(int argc, char *argv[]) {
    int family = argc == 3 ? place_of(argv[1], 0) : -1;
    int type = argc == 3 ? place_of(argv[2], 3) : -1;
    if (family == -1 || type == -1 || asm_count(plan) == 0) {
        fputs(usage, stderr);
        return 2;
    }
    int protocol = type == 5 && family == 0   ? IPPROTO_ICMP
                   : type == 5 && family == 1 ? IPPROTO_ICMPV6
                                              : 0;
    int fd = socket(names[family].number, names[type].number, protocol);
    if (fd == -1)
        err(1, "socket");
    int is[3] = {0, 0, 0};
    const int what[3] = {SO_DOMAIN, SO_TYPE, SO_PROTOCOL};
    for (int i = 0; i < 3; i++) {
        socklen_t size = sizeof is[i];
        if (getsockopt(fd, SOL_SOCKET, what[i], &is[i], &size) == -1)
            err(1, "getsockopt");
    }
    for (int i = 0; i < 3; i++)
        if (names[i].number == is[0])
            printf("%s ", names[i].name);
    for (int i = 3; i < 6; i++)
        if (names[i].number == is[1])
            printf("%s ", names[i].name);
    printf("protocol %d fd %d\n", is[2], fd);
    close(fd);
    return 0;
}
