/*
 * lab: 05
 *
 * article: what is more than `recv` allows is cut off; the rest stays in the
 * buffer and is removed by the next call.
 *
 * why: Nothing is lost: the next recv returns it. (That is so for a stream. Of
 * a datagram the rest is thrown away.) See recv(2).
 */
#include "claim.h"

int main(void) {
    struct sockaddr_in at;
    char data[5000], part[1024];
    for (int i = 0; i < 5000; i++)
        data[i] = (char)('a' + i % 26);
    int listener = server(5, &at);
    int fd = client(&at);
    must(send(fd, data, sizeof data, 0), "send");
    must(shutdown(fd, SHUT_WR), "shutdown");

    int accepted = must(accept(listener, NULL, NULL), "accept");
    long n, total = 0, same = 1;
    printf("  5000 bytes were sent; each recv asks for 1024:");
    while ((n = recv(accepted, part, sizeof part, 0)) > 0) {
        printf(" %ld", n);
        same &= memcmp(part, data + total, (size_t)n) == 0;
        total += n;
    }
    printf("\n");
    seen(total == 5000 && same, "together %ld, %s", total,
         same ? "every byte in its place" : "but not the same bytes");
    return otherwise;
}
