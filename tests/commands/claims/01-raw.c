/*
 * lab: 01
 *
 * article: raw sockets are for ICMP and SMTP.
 *
 * why: SMTP, the protocol of mail, is an ordinary service on TCP, and a stream
 * socket is all that it needs. A raw socket hands you packets below TCP: so
 * the kernel asks for a privilege, and for the number of the protocol, since
 * with 0 there is no usual one to choose. See raw(7).
 */
#include "claim.h"

int main(void) {
    int stream = socket(AF_INET, SOCK_STREAM, 0);
    seen(stream != -1, "a stream socket, as mail uses it: %s",
         stream != -1 ? "made, no privilege asked for" : strerror(errno));

    int none = socket(AF_INET, SOCK_RAW, 0);
    seen(none == -1 && errno == EPROTONOSUPPORT,
         "a raw socket of protocol 0: %s",
         none != -1 ? "made" : strerror(errno));

    int icmp = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    seen(icmp != -1 || errno == EPERM, "a raw socket of protocol ICMP: %s",
         icmp != -1 ? "made: we have the privilege (CAP_NET_RAW)"
                    : strerror(errno));
    return otherwise;
}
