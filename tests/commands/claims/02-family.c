/*
 * lab: 01
 *
 * article: the family is `AF_INET` or `AF_UNIX`.
 *
 * why: There are many more, IPv6 the first of them. And what you ask for is
 * not always what you get: a raw UNIX socket has no meaning, so Linux takes
 * the word and makes a datagram socket. A "ping socket" is for those groups
 * that a setting names. See socket(2), unix(7), icmp(7).
 */
#include "claim.h"

int main(void) {
    int inet6 = socket(AF_INET6, SOCK_STREAM, 0);
    seen(inet6 != -1 || errno == EAFNOSUPPORT, "AF_INET6: %s",
         inet6 != -1 ? "made" : "this machine has no IPv6");

    int type = 0;
    socklen_t size = sizeof type;
    int raw = must(socket(AF_UNIX, SOCK_RAW, 0), "socket(AF_UNIX, SOCK_RAW)");
    must(getsockopt(raw, SOL_SOCKET, SO_TYPE, &type, &size), "getsockopt");
    seen(type == SOCK_DGRAM,
         "asked for SOCK_RAW (%d) of AF_UNIX, got type %d (SOCK_DGRAM is %d)",
         SOCK_RAW, type, SOCK_DGRAM);

    /* The setting is a range of groups: we are in it with any of ours. */
    long first = 1, last = 0;
    FILE *range = fopen("/proc/sys/net/ipv4/ping_group_range", "re");
    if (range) {
        if (fscanf(range, "%ld %ld", &first, &last) != 2)
            errx(3, "ping_group_range is not two numbers");
        fclose(range);
    }
    gid_t groups[1024];
    int count = must(getgroups(1023, groups), "getgroups");
    groups[count++] = getegid();
    int inside = 0;
    for (int i = 0; i < count; i++)
        inside |= groups[i] >= first && groups[i] <= last;
    int ping = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
    seen(inside ? ping != -1 : ping == -1 && errno == EACCES,
         "AF_INET, SOCK_DGRAM, ICMP: %s",
         ping != -1 ? "made" : strerror(errno));
    seen(1, "ping_group_range is %ld to %ld: we are %s it", first, last,
         inside ? "in" : "not in");
    return otherwise;
}
