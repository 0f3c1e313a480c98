/*
 * hold - holds a program until the peer is in the program's network.
 *
 * Usage: hold [-n] PROGRAM [ARG...]
 *
 *   -n  first moves into a new network namespace (network.h). Without -n the
 *       namespace is there already
 *
 * Stops itself, and becomes PROGRAM when it gets SIGCONT. So the first packet
 * of the program finds the peer ready: join-network in peer/icmp.c sends the
 * signal. Returns 2 for a wrong command line; 3 if one of its own calls failed.
 */
#include "network.h"
#include <err.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int first = argc > 1 && strcmp(argv[1], "-n") == 0 ? 2 : 1;
    if (first >= argc)
        errx(2, "usage: hold [-n] PROGRAM [ARG...]");
    if (first == 2 && new_network() == -1)
        err(3, "a network namespace");
    raise(SIGSTOP);
    execvp(argv[first], argv + first);
    err(3, "%s", argv[first]);
}
