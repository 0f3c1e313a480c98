/*
 * preload - functions that the preload libraries share. See preload.h.
 */
#include "preload.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

unsigned long long setting(const char *words, const char *name) {
    const char *at = strstr(words, name);
    return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

void forget(const char *name) {
    char *value = getenv(name);
    if (!value)
        return;
    size_t size = strlen(name) + 1 + strlen(value);
    unsetenv(name);
    memset(value - strlen(name) - 1, 0, size);
}

void *shared_or(void *own, size_t size) {
    void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED ? own : shared;
}
