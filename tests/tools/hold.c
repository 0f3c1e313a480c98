/*
 * hold - holds a program until the peer is in the program's network, or until
 * a debugger has it.
 *
 * Usage: hold [-n | -d] PROGRAM [ARG...]
 *
 *   -n  first moves into a new network namespace (network.h). Without -n the
 *       namespace is there already
 *   -d  first lets any process of this user attach. Where Yama restricts
 *       ptrace(2), only an ancestor may do so otherwise: PR_SET_PTRACER(2const)
 *
 * Stops itself, and becomes PROGRAM when it gets SIGCONT or when its debugger
 * lets it go on. So the first packet of the program finds the peer ready:
 * join-network in peer/icmp.c sends the signal. And a debugger sees the program
 * from its first instruction: tests/commands/debug. Returns 2 for a wrong
 * command line; 3 if one of its own calls failed.
 */
#include "network.h"
#include <err.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int network = argc > 1 && strcmp(argv[1], "-n") == 0;
    int debugger = argc > 1 && strcmp(argv[1], "-d") == 0;
    int first = network || debugger ? 2 : 1;
    if (first >= argc)
        errx(2, "usage: hold [-n | -d] PROGRAM [ARG...]");
    if (network && new_network() == -1)
        err(3, "a network namespace");
    /* A kernel without Yama does not know this: there is no restriction. */
    if (debugger)
        prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
    raise(SIGSTOP);
    execvp(argv[first], argv + first);
    err(3, "%s", argv[first]);
}
