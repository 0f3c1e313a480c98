/*
 * socket - a variant: no stdio; snprintf and write(2), strerror(3), one way
 * out.
 *
 * usage: socket inet|inet6|unix stream|dgram|raw
 * Returns 0, 1 when a call failed, 2 when the command line is wrong.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void say(int to, const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t n = write(to, text, left);
        if (n == -1)
            return;
        text += n;
        left -= (size_t)n;
    }
}

static int failed(const char *call) {
    char text[256];
    snprintf(text, sizeof text, "socket: %s failed: %s\n", call,
             strerror(errno));
    say(2, text);
    return 1;
}

int main(int argc, char *argv[]) {
    const char *given = argc == 3 ? argv[1] : "";
    int inet = !strcmp(given, "inet"), inet6 = !strcmp(given, "inet6");
    int local = !strcmp(given, "unix");
    given = argc == 3 ? argv[2] : "";
    int stream = !strcmp(given, "stream"), dgram = !strcmp(given, "dgram");
    int raw = !strcmp(given, "raw");
    if (inet + inet6 + local + stream + dgram + raw != 2) {
        say(2, "usage: socket FAMILY TYPE\n");
        return 2;
    }

    int status = 1, fd;
    int domain = 0, type = 0, protocol = 0;
    socklen_t size = sizeof(int);
    fd = socket(inet    ? AF_INET
                : inet6 ? AF_INET6
                        : AF_UNIX,
                stream  ? SOCK_STREAM
                : dgram ? SOCK_DGRAM
                        : SOCK_RAW,
                raw && inet    ? IPPROTO_ICMP
                : raw && inet6 ? IPPROTO_ICMPV6
                               : 0);
    if (fd == -1)
        return failed("socket");
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == -1) {
        failed("getsockopt SO_TYPE");
        goto out;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) == -1) {
        failed("getsockopt SO_PROTOCOL");
        goto out;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == -1) {
        failed("getsockopt SO_DOMAIN");
        goto out;
    }
    char line[128];
    snprintf(line, sizeof line, "%s %s protocol %d fd %d\n",
             domain == AF_INET    ? "AF_INET"
             : domain == AF_INET6 ? "AF_INET6"
                                  : "AF_UNIX",
             type == SOCK_STREAM  ? "SOCK_STREAM"
             : type == SOCK_DGRAM ? "SOCK_DGRAM"
                                  : "SOCK_RAW",
             protocol, fd);
    say(1, line);
    status = 0;
out:
    close(fd);
    return status;
}
