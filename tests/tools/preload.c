/*
 * preload - functions that the preload libraries share. See preload.h.
 */
#include "preload.h"
#include <stdlib.h>
#include <string.h>

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
