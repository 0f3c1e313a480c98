/*
 * flood - the functions of flood.c that the shim calls.
 */
#ifndef FLOOD_H
#define FLOOD_H

#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Floods connection FD with SIZE bytes. */
void flood_connection(int fd, unsigned long long size);

/*
 * Answers a read of at most LEN bytes from FD while the flood lasts. Returns
 * the number of bytes, which it puts into BUF if BUF is not NULL. Returns 0 if
 * FD is not flooded. FRAME is the end of the caller's stack frame: the memory
 * above it belongs to the program.
 */
ssize_t flood_read(int fd, void *buf, size_t len, const void *frame);
/* The same for a list of buffers. */
ssize_t flood_readv(int fd, const struct iovec *v, size_t count,
                    const void *frame);

#endif
