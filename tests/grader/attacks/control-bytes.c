/*
 * attack: prints every byte there is, ends of XML, JSON and TAP
 * row: A8
 * would show: a result that is not JSON, or shows such a byte
 * unconfined: stopped: every text goes through one filter into jq
 * defence: control characters and what is not UTF-8 become ? before anything
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
