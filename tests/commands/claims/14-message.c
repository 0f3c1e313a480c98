/*
 * lab: 09
 *
 * article: receive up to 1024 bytes, and you have the message.
 *
 * why: Nothing in a stream says where a message ends: the server answers what
 * one recv brings. And a client that writes everything before it reads waits
 * for a server that waits for the client: the answers fill one way, then the
 * questions the other. See recv(2), tcp(7).
 */
#include "claim.h"
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>

/* In a child: the article's echo server, as it is. */
static void echo(int listener) {
    static char answer[6 + 1024] = "Echo=>";
    for (;;) {
        int fd = must(accept(listener, NULL, NULL), "accept");
        long n;
        while ((n = recv(fd, answer + 6, 1024, 0)) > 0)
            send(fd, answer, 6 + (size_t)n, MSG_NOSIGNAL);
        close(fd);
    }
}

int main(void) {
    struct sockaddr_in at;
    static char data[65536], answer[4096];
    int listener = server(5, &at), marks = 0;
    pid_t server_id = child();
    if (server_id == 0)
        echo(listener);

    int fd = client(&at);
    must(send(fd, data, 1025, 0), "send");
    must(shutdown(fd, SHUT_WR), "shutdown");
    long n = recv(fd, answer, sizeof answer, MSG_WAITALL);
    for (long i = 0; i < n; i++)
        marks += answer[i] == 'E';
    seen(marks == 2 && n == 1025 + 12,
         "a message of 1025 bytes comes back as %ld, with %d \"Echo=>\"", n,
         marks);

    fd = client(&at);
    long long sent = 0;
    struct pollfd room = {fd, POLLOUT, 0};
    /* Half a second in which nothing moves: it never will. */
    while (sent < 64 << 20 && poll(&room, 1, 500) == 1) {
        n = send(fd, data, sizeof data, MSG_DONTWAIT | MSG_NOSIGNAL);
        sent += n > 0 ? n : 0;
    }
    int unread = 0, unsent = 0;
    must(ioctl(fd, FIONREAD, &unread), "ioctl");
    must(ioctl(fd, SIOCOUTQ, &unsent), "ioctl");
    seen(sent < 64 << 20 && unread > 0 && unsent > 0,
         "64 MiB written before reading: stuck after %.1f MiB",
         (double)sent / 1048576);
    seen(unread > 0 && unsent > 0,
         "%d bytes of answers wait to be read, %d of ours to be sent", unread,
         unsent);
    kill(server_id, SIGKILL);
    return otherwise;
}
