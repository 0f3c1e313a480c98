/*
 * datagram - what the statements for streams leave to those for datagrams,
 * where the present connection is a datagram socket. See datagram.c.
 */
#ifndef DATAGRAM_H
#define DATAGRAM_H

#include <stddef.h>

/* Sends one datagram. Returns 0, or 1 after saying why it could not. */
int datagram_send(const char *bytes, size_t n);
/* Expects one datagram, exactly these bytes. Returns 0, or 1 after saying what
   came instead. */
int datagram_expect(const char *want, size_t n);
/* Expects that no datagram has come. */
int datagram_expect_nothing(void);
/* Whether the program has read all datagrams that it got. */
int datagram_all_read(void);

#endif
