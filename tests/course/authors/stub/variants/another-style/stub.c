/* The same program in another style: write here what is different. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char *argv[]) {
    if (argc != 3) {
        fputs("usage: stub HOST PORT\n", stderr);
        exit(2);
    }
    (void)argv;
    errx(1, "the variant another-style of 00-stub is next");
}
