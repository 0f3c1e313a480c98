/*
 * attack: prints every byte value, and text that ends XML, JSON and TAP
 * row: A8
 * would show: a result that is not JSON, or holds such a byte
 * unconfined: stopped: one filter cleans every text before jq reads it
 * defence: "?" replaces control characters and invalid UTF-8 before anything
 *   is written
 */
#include "attack.h"

int main(void) {
    for (int fd = 1; fd <= 2; fd++) {
        for (int i = 0; i < 512; i++)
            dprintf(fd, "%c", i);
        dprintf(fd, "]]></failure>\"}]}\n\xff\xfe\xed\xa0\x80\n\t# skip\n");
    }
    return 1;
}
