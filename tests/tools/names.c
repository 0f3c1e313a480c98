/*
 * names - a preload library (ld.so(8), LD_PRELOAD) before libnss-wrapper, which
 * answers getaddrinfo(3) from the file NSS_WRAPPER_HOSTS. It does so for the
 * names in that file, as libc would: libnss-wrapper finds no stream socket for
 * a program that gives ai_protocol and no ai_socktype, and maps no addresses
 * (AI_V4MAPPED). gethostbyname(3), other names and questions for a number alone
 * (AI_NUMERICHOST) are left to libnss-wrapper.
 *
 * The file has lines ADDRESS NAME, hosts(5). The addresses come in its order.
 * A file of the same name with ".fails" behind it has names, one a line: their
 * look-up fails with EAI_FAIL.
 */
#define _GNU_SOURCE
#include "preload.h"
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Appends what libc says of each address of NAME in the file HOSTS, with HINTS,
 * to the list at END. Returns 0, or the last error; MEANT counts the addresses.
 */
static int add_addresses(const char *hosts, const char *name,
                         const char *service, const struct addrinfo *hints,
                         struct addrinfo **end, int *meant) {
    static __typeof__(&getaddrinfo) ask;
    char line[256], address[64], other[128];
    int error = EAI_NONAME;
    if (!ask) {
        /* Not the next definition: that is libnss-wrapper's. */
        void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
        ask = libc ? (__typeof__(ask))(uintptr_t)dlsym(libc, "getaddrinfo")
                   : NEXT(getaddrinfo);
    }
    FILE *f = fopen(hosts, "re");
    while (f && fgets(line, sizeof line, f)) {
        struct addrinfo *found = NULL;
        if (sscanf(line, "%63s %127s", address, other) != 2 ||
            strcmp(other, name) != 0)
            continue;
        ++*meant;
        int failed = ask(address, service, hints, &found);
        if (failed)
            error = failed;
        for (*end = found; *end; end = &(*end)->ai_next)
            error = 0;
    }
    if (f)
        fclose(f);
    return error;
}

/* Whether NAME stands in the file HOSTS.fails. */
static int fails(const char *hosts, const char *name) {
    char path[4096], line[256];
    int found = 0;
    snprintf(path, sizeof path, "%s.fails", hosts);
    FILE *f = fopen(path, "re");
    while (f && !found && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        found = strcmp(line, name) == 0;
    }
    if (f)
        fclose(f);
    return found;
}

int getaddrinfo(const char *name, const char *service,
                const struct addrinfo *hints, struct addrinfo **list) {
    struct addrinfo each = {0};
    const char *hosts = getenv("NSS_WRAPPER_HOSTS");
    int meant = 0;
    if (hints)
        each = *hints;
    else
        each.ai_flags = AI_V4MAPPED | AI_ADDRCONFIG;
    int flags = each.ai_flags;
    each.ai_flags |= AI_NUMERICHOST;
    each.ai_flags &= ~AI_CANONNAME;
    /* Without AI_ALL, addresses are mapped if there are no others. */
    int mapped = each.ai_flags & AI_V4MAPPED;
    if (!(each.ai_flags & AI_ALL))
        each.ai_flags &= ~AI_V4MAPPED;
    *list = NULL;
    int error = EAI_NONAME;
    if (name && hosts && !(flags & AI_NUMERICHOST)) {
        if (fails(hosts, name))
            return EAI_FAIL;
        error = add_addresses(hosts, name, service, &each, list, &meant);
    }
    if (meant && !*list && mapped) {
        each.ai_flags |= AI_V4MAPPED;
        error = add_addresses(hosts, name, service, &each, list, &meant);
    }
    for (struct addrinfo *a = *list; a; a = a->ai_next)
        a->ai_flags = flags;
    if (*list && flags & AI_CANONNAME)
        (*list)->ai_canonname = strdup(name);
    if (meant)
        return *list ? 0 : error;
    __typeof__(&getaddrinfo) next = NEXT(getaddrinfo);
    return next(name, service, hints, list);
}
