/*
 * bytes - bytes as words: C escapes in and out, and where two texts differ.
 */
#ifndef BYTES_H
#define BYTES_H

#include <stddef.h>
#include <stdio.h>

/* Turns the C escapes of TEXT (\n \r \t \0 \\ \xHH) into bytes, in place.
   Returns how many bytes there are. */
size_t bytes_read(char *text);

/* Writes N bytes in double quotes, printable ASCII as it is, the rest escaped.
   More than MOST columns of it are cut and end in "...". */
void bytes_show(FILE *to, const char *bytes, size_t n, size_t most);

/* Writes to TO how GOT differs from WANT: a line "expected\t…", a line
   "got\t…", and under it a line "got\t   ^" that points at the first
   difference. */
void bytes_differ(FILE *to, const char *want, size_t nwant, const char *got,
                  size_t ngot);

#endif
