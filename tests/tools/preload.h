/*
 * preload - what the preload libraries (shim.c, clock.c, births.c) share;
 * ld.so(8).
 */
#ifndef PRELOAD_H
#define PRELOAD_H

#include <dlfcn.h>
#include <stdint.h>

/* The next definition of NAME after the library's own; dlsym(3). */
#define NEXT(name) ((__typeof__(&(name)))(uintptr_t)dlsym(RTLD_NEXT, #name))

/* For the library alone: a program may have functions with these names. */
#pragma GCC visibility push(hidden)
/* The number after NAME= in WORDS, 0 when it is not there. */
unsigned long long setting(const char *words, const char *name);
/* Takes NAME=VALUE out of the environment and of /proc/self/environ, proc(5): a
   program that can read which fault will come could answer without the call. */
void forget(const char *name);
#pragma GCC visibility pop

#endif
