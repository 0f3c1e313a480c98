/*
 * lab: 05
 *
 * article: `recv` reads the next line.
 *
 * why: recv knows no lines. It returns what has come: two sends may come as
 * one, and one line as two. The lines are yours to find. See recv(2), tcp(7).
 */
#include "claim.h"

/* Says what one recv brings, after all that was sent has come. */
static long receive(int fd, int expected, char *text) {
    recv(fd, text, (size_t)expected, MSG_PEEK | MSG_WAITALL);
    long n = recv(fd, text, 15, 0);
    text[n > 0 ? n : 0] = '\0';
    return n;
}

int main(void) {
    struct sockaddr_in at;
    char text[16];
    int listener = server(5, &at);
    int fd = client(&at);
    int accepted = must(accept(listener, NULL, NULL), "accept");

    must(send(fd, "1\n", 2, 0), "send");
    must(send(fd, "2\n", 2, 0), "send");
    long n = receive(accepted, 4, text);
    seen(
        n == 4,
        "two lines, sent one after the other: one recv returns %ld bytes, both",
        n);

    must(send(fd, "hel", 3, 0), "send");
    n = receive(accepted, 3, text);
    seen(n == 3, "half a line is sent: recv returns \"%s\", without its end",
         text);
    must(send(fd, "lo\n", 3, 0), "send");
    n = receive(accepted, 3, text);
    text[n > 0 ? n - 1 : 0] = '\0';
    seen(n == 3, "the other half is sent: recv returns \"%s\" and the new line",
         text);
    return otherwise;
}
