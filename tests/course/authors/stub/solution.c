/*
 * stub - say in one line what the program does.
 *
 * usage: stub HOST PORT
 *
 * Prints "hello". Returns 0, 1 when a call failed, 2 when the command line is
 * wrong.
 *
 * See socket(2), ip(7).
 */
#include <err.h>
#include <stdio.h>

int main(int argc, char *argv[]) {
    if (argc != 3) {
        fprintf(stderr, "usage: stub HOST PORT\n");
        return 2;
    }
    const char *host = argv[1], *port = argv[2];
    /* BEGIN 1: Say here what the student's part must do, and which man page
     * has it. */
    (void)host, (void)port;
    errx(1, "part 1 of solutions/00-stub/stub.c is next");
    /* END 1:
     * (void)host, (void)port;
     * errx(1, "TODO 1 in labs/00-stub/stub.c is next");
     */
    return 0;
}
