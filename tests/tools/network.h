/*
 * network - a network namespace in which a program may make raw sockets. The
 * peer and hold.c both use this function.
 */
#ifndef NETWORK_H
#define NETWORK_H

/* Moves this process into a new network namespace; if it needs one, also into a
   new user namespace, in which it is root (unshare(2), user_namespaces(7)).
   Returns 0, or -1 with errno. */
int new_network(void);

#endif
