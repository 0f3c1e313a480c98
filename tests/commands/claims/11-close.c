/*
 * lab: 06
 *
 * article: the server calls `close` to end the connection.
 *
 * why: Right, if everything was read. A close with unread bytes resets the
 * connection, and a reply on its way may be lost with it. shutdown ends one
 * direction and throws nothing away. The side that ends first keeps TIME_WAIT.
 * See close(2), shutdown(2), tcp(7).
 */
#include "claim.h"

/* Whether PORT of this machine has a socket in TIME_WAIT (06); proc(5). */
static int in_time_wait(int port) {
    char line[256];
    int found = 0;
    unsigned at, state;
    FILE *table = fopen("/proc/net/tcp", "re");
    while (table && fgets(line, sizeof line, table))
        if (sscanf(line, " %*d: %*x:%x %*x:%*x %x", &at, &state) == 2)
            found |= at == (unsigned)port && state == 6;
    if (table)
        fclose(table);
    return found;
}

/* What the client reads next. */
static const char *reads(int fd) {
    static char text[64];
    long n = recv(fd, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = '\0';
    /* A copy: the next strerror may write over what this one returns. */
    if (n == -1)
        snprintf(text, sizeof text, "%s", strerror(errno));
    return n == 0 ? "end of file" : text;
}

int main(void) {
    struct sockaddr_in at;
    char text[8];
    int listener = server(5, &at);

    int fd = client(&at);
    int accepted = must(accept(listener, NULL, NULL), "accept");
    must(send(fd, "hello", 5, 0), "send");
    must(recv(accepted, text, 5, MSG_WAITALL), "recv");
    close(accepted);
    const char *what = reads(fd);
    seen(strcmp(what, "end of file") == 0,
         "all was read, then close; the client reads: %s", what);
    close(fd);
    /* Its last acknowledgement may be a moment away. */
    int kept = 0;
    for (int tries = 0; tries < 1000 && !kept; tries++) {
        kept = in_time_wait(ntohs(at.sin_port));
        usleep(1000);
    }
    seen(kept, "the server ended first: its port is %s",
         kept ? "in TIME_WAIT" : "free");

    fd = client(&at);
    accepted = must(accept(listener, NULL, NULL), "accept");
    must(send(fd, "hello", 5, 0), "send");
    must(recv(accepted, text, 5, MSG_PEEK | MSG_WAITALL), "recv");
    close(accepted);
    what = reads(fd);
    seen(strcmp(what, strerror(ECONNRESET)) == 0,
         "five bytes unread, then close; the client reads: %s", what);

    fd = client(&at);
    accepted = must(accept(listener, NULL, NULL), "accept");
    must(shutdown(fd, SHUT_WR), "shutdown");
    must(send(accepted, "answer", 6, 0), "send");
    what = reads(fd);
    seen(strcmp(what, "answer") == 0,
         "the client has shut its direction down, and still reads: %s", what);
    return otherwise;
}
