/*
 * flood - what the shim needs of flood.c.
 */
#ifndef FLOOD_H
#define FLOOD_H

#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Connection FD is the next that is flooded, with SIZE bytes. */
void flood_connection(int fd, unsigned long long size);

/*
 * What a read of at most LEN bytes from FD returns while the flood lasts, with
 * the bytes in BUF (NULL: nowhere); 0 when FD is not flooded. FRAME is where
 * the caller's stack frame ends: what lies above belongs to the program.
 */
ssize_t flood_read(int fd, void *buf, size_t len, const void *frame);
/* The same for a list of buffers. */
ssize_t flood_readv(int fd, const struct iovec *v, size_t count,
                    const void *frame);

#endif
