/*
 * lab: 05
 *
 * article: `send` returns how many characters were sent.
 *
 * why: True, and it may be fewer than you asked for: the buffers of the two
 * kernels hold a few megabytes when nobody reads. Only a loop sends all. See
 * send(2).
 */
#include "claim.h"

int main(void) {
    struct sockaddr_in at;
    size_t size = 64 << 20;
    server(5, &at);
    int fd = client(&at);
    char *much = calloc(size, 1);
    if (!much)
        err(3, "calloc");
    /* The other side does not read, and we do not want to sleep. */
    long sent = send(fd, much, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    seen(sent > 0 && sent < (long)size, "send of %zu bytes: %ld", size, sent);
    long more = send(fd, much, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    seen(more < (long)size, "send of %zu bytes: %ld%s%s", size, more,
         more == -1 ? " " : "", more == -1 ? strerror(errno) : "");
    free(much);
    return otherwise;
}
