/*
 * preload - functions that the preload libraries (shim.c, clock.c, births.c)
 * share; ld.so(8).
 */
#ifndef PRELOAD_H
#define PRELOAD_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

/* The next definition of NAME after the library's own; dlsym(3). */
#define NEXT(name) ((__typeof__(&(name)))(uintptr_t)dlsym(RTLD_NEXT, #name))

/* Hidden, because a program may define functions with these names. */
#pragma GCC visibility push(hidden)
/* Returns the number after NAME, which ends with "=", in WORDS. Returns 0 if
   NAME is not there. */
unsigned long long setting(const char *words, const char *name);
/* Removes NAME=VALUE from the environment and from /proc/self/environ, proc(5).
   A program that can read which fault will come could answer without the
   call. */
void forget(const char *name);
/* Returns memory that the program shares with children that it has later,
   SIZE bytes of zeros; or OWN, if there is none. */
void *shared_or(void *own, size_t size);
#pragma GCC visibility pop

#endif
