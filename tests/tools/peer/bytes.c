/*
 * bytes - bytes as words. The functions are described in bytes.h.
 */
#include "bytes.h"
#include <stdlib.h>
#include <string.h>

enum { BEFORE = 16, SHOWN = 40 }; /* columns before a difference, in all */

size_t bytes_read(char *text) {
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from != '\\' || !from[1]) {
            *to++ = *from;
            continue;
        }
        char hex[3] = {0};
        switch (*++from) {
        case 'n':
            *to++ = '\n';
            break;
        case 'r':
            *to++ = '\r';
            break;
        case 't':
            *to++ = '\t';
            break;
        case '0':
            *to++ = '\0';
            break;
        case 'x':
            strncpy(hex, from + 1, 2);
            *to++ = (char)strtol(hex, NULL, 16);
            from += strlen(hex);
            break;
        default:
            *to++ = *from;
        }
    }
    *to = '\0';
    return (size_t)(to - text);
}

/* One byte as it is shown, in WORD; returns its columns. */
static size_t show_one(unsigned char c, char word[8]) {
    const char *known = "\n\r\t\"\\";
    const char *letters = "nrt\"\\";
    const char *at = c ? strchr(known, c) : NULL;
    if (at)
        return (size_t)snprintf(word, 8, "\\%c", letters[at - known]);
    if (c < ' ' || c > '~')
        return (size_t)snprintf(word, 8, "\\x%02x", c);
    return (size_t)snprintf(word, 8, "%c", c);
}

void bytes_show(FILE *to, const char *bytes, size_t n, size_t most) {
    char word[8];
    size_t column = 0;
    fputc('"', to);
    for (size_t i = 0; i < n; i++) {
        size_t width = show_one((unsigned char)bytes[i], word);
        if (column + width > most) {
            fputs("\"...", to);
            return;
        }
        column += width;
        fputs(word, to);
    }
    fputc('"', to);
}

/* The columns that the quoted bytes [from, to) take. */
static size_t columns(const char *bytes, size_t from, size_t to) {
    char word[8];
    size_t sum = 0;
    for (size_t i = from; i < to; i++)
        sum += show_one((unsigned char)bytes[i], word);
    return sum;
}

static void show_from(FILE *to, const char *label, const char *bytes, size_t n,
                      size_t from) {
    fprintf(to, "%s\t%s", label, from ? "..." : "");
    bytes_show(to, bytes + from, n - from, SHOWN);
    fprintf(to, " (%zu byte%s)\n", n, n == 1 ? "" : "s");
}

void bytes_differ(FILE *to, const char *want, size_t nwant, const char *got,
                  size_t ngot) {
    size_t at = 0;
    while (at < nwant && at < ngot && want[at] == got[at])
        at++;
    size_t from = at;
    while (from > 0 && columns(want, from - 1, at) <= BEFORE)
        from--;
    show_from(to, "expected", want, nwant, from);
    show_from(to, "got", got, ngot, from);
    fprintf(to, "got\t%*s^ byte %zu\n",
            (int)((from ? 4 : 1) + columns(got, from, at)), "", at + 1);
}
