/*
 * peer-random - the peer's statements that make bytes and words from the seed.
 * README.md describes them.
 */
#include "bytes.h"
#include "peer.h"
#include <ctype.h>
#include <err.h>
#include <stdlib.h>
#include <string.h>

/* Texts that a program may take for a command, though its rules know none:
   what people type to end a conversation, what ends one in other protocols,
   and the bytes that a terminal or telnet sends for its keys. The likeliest
   come first. */
static const char *const magic[] = {
    "quit",       "exit",  "bye",    "q",        "stop",
    ".",          "-",     "end",    "close",    "logout",
    "\\x04",      "\\x03", "\\xff",  "\\r",      "\\0",
    "abort",      "kill",  "done",   "halt",     "shutdown",
    "disconnect", "eof",   "e",      "x",        "n",
    "no",         "0",     "-1",     "--",       "..",
    ":q",         "\\\\q", "/quit",  "help",     "hello",
    "ping",       "ok",    "reset",  "restart",  "goodbye",
    "\\x1a",      "\\x1b", "\\x7f",  "\\x08",    "\\x00\\x00",
    "\\t",        " ",     "^C",     "^D",       "\\xff\\xf4\\xff\\xfd\\x06",
    "\\xfe",      "-h",    "--help", "QUIT now", "GET / HTTP/1.0",
};
enum { MAGIC = sizeof magic / sizeof *magic, VARIED = 10 };

/* xorshift64*: the same numbers for the same seed on every machine. */
static unsigned long long number(void) {
    peer.seed ^= peer.seed >> 12;
    peer.seed ^= peer.seed << 25;
    peer.seed ^= peer.seed >> 27;
    return peer.seed * 0x2545F4914F6CDD1DULL;
}

/* Writes a drawn magic word, and mostly the end of a line, at TO. Returns how
   many bytes that took, 0 when there is no room for it. */
static size_t put_magic(char *to, size_t room) {
    static const char *const ends[] = {"", "\\n", "\\r\\n"};
    char text[64];
    snprintf(text, sizeof text, "%s%s", magic[number() % MAGIC],
             ends[number() % 3]);
    size_t n = bytes_read(text);
    if (n > room)
        return 0;
    memcpy(to, text, n);
    return n;
}

int do_make_random(char **w) {
    size_t n = strtoul(w[1], NULL, 10);
    char *bytes = malloc(n + 1);
    if (!bytes)
        err(3, "malloc");
    for (size_t i = 0; i < n; i++) {
        unsigned long long r = number();
        /* One byte in eight is zero; none spells part of a marker "=>". */
        char c = (char)(r >> 56);
        bytes[i] = (r & 7) == 0 || c == '=' ? '\0' : c;
    }
    if (n >= 64) {
        char last[64];
        size_t size = put_magic(last, sizeof last);
        put_magic(bytes, n);
        for (size_t at = 64; at < n; at += 64 + number() % 512)
            put_magic(bytes + at, n - at);
        memcpy(bytes + n - size, last, size);
    }
    FILE *f = fopen(w[0], "we");
    if (!f)
        err(3, "%s", w[0]);
    fwrite(bytes, 1, n, f);
    fclose(f);
    free(bytes);
    return 0;
}

int do_print_magic_words(char **w) {
    (void)w;
    for (size_t i = 0; i < MAGIC; i++)
        puts(magic[i]);
    for (int i = 0; i < VARIED;) {
        char word[64];
        snprintf(word, sizeof word, "%s", magic[number() % MAGIC]);
        if (!islower((unsigned char)word[0]))
            continue;
        int all = number() % 2 == 0;
        for (size_t at = 0; word[at] && (all || at == 0); at++)
            word[at] = (char)toupper((unsigned char)word[at]);
        puts(word);
        i++;
    }
    fflush(stdout);
    return 0;
}
