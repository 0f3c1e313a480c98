#!/usr/bin/env bats
# The names of the tests (tests/tools/names.c): what getaddrinfo(3) gives for them, with the hints
# that programs give.
load tools

# LD_PRELOAD can name no path with a blank: the library is where the test is.
eval "kit_$(declare -f setup)"
setup() {
  kit_setup
  ln -s "$BIN/names.so" names.so
  printf '%s\n' '::1 both.test' '127.0.0.9 both.test' '127.0.0.7 one.test' >hosts
  cat >ask.c <<'END'
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
/* ask NAME [FAMILY TYPE PROTOCOL FLAGS]: prints ADDRESS TYPE PROTOCOL of each, and its
 * canonical name, if it has one. */
int main(int argc, char *argv[]) {
    struct addrinfo hints = {0}, *list;
    char host[64];
    if (argc > 2)
        hints = (struct addrinfo){.ai_family = atoi(argv[2]), .ai_socktype = atoi(argv[3]),
                                  .ai_protocol = atoi(argv[4]), .ai_flags = atoi(argv[5])};
    int error = getaddrinfo(argv[1], "80", argc > 2 ? &hints : NULL, &list);
    if (error)
        return puts(gai_strerror(error)), 1;
    for (struct addrinfo *a = list; a; a = a->ai_next) {
        getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof host, NULL, 0, NI_NUMERICHOST);
        printf("%s %d %d%s%s\n", host, a->ai_socktype, a->ai_protocol,
               a->ai_canonname ? " " : "", a->ai_canonname ? a->ai_canonname : "");
        if (argc > 2 && a->ai_flags != hints.ai_flags)
            printf("flags %d\n", a->ai_flags);
    }
    freeaddrinfo(list);
    return 0;
}
END
  gcc -w -g -fsanitize=address,undefined ask.c -o ask
}

# asked ARG…: what ask prints, on one line, commas between.
asked() {
  NSS_WRAPPER_HOSTS=hosts LD_PRELOAD=./names.so ASAN_OPTIONS=verify_asan_link_order=0 ./ask "$@" | paste -sd,
}

@test "the addresses come in the order of the file, for each kind of hints" {
  # 1 is SOCK_STREAM, 6 is IPPROTO_TCP.
  same "$(asked both.test 0 1 0 0)" '::1 1 6,127.0.0.9 1 6'
  same "$(asked both.test 0 0 6 0)" '::1 1 6,127.0.0.9 1 6'
  same "$(asked both.test 2 1 0 0)" '127.0.0.9 1 6'
  same "$(asked one.test 2 1 6 0)" '127.0.0.7 1 6'
  like "$(asked one.test)" '127.0.0.7 1 6,127.0.0.7 2 17,127.0.0.7 3 0'
}

@test "AI_V4MAPPED maps where there is no other address, with AI_ALL always" {
  # 10 is AF_INET6, 8 is AI_V4MAPPED, 16 is AI_ALL.
  same "$(asked one.test 10 1 0 8)" '::ffff:127.0.0.7 1 6'
  same "$(asked both.test 10 1 0 8)" '::1 1 6'
  same "$(asked both.test 10 1 0 24)" '::1 1 6,::ffff:127.0.0.9 1 6'
  like "$(asked one.test 10 1 0 0)" 'Address family for hostname not supported'
}

@test "AI_NUMERICHOST finds no name, and AI_CANONNAME gives it with the first address" {
  # 4 is AI_NUMERICHOST, 2 is AI_CANONNAME.
  like "$(asked one.test 0 1 0 4)" 'Name or service not known'
  same "$(asked 127.0.0.3 0 1 0 4)" '127.0.0.3 1 6'
  same "$(asked both.test 0 1 0 2)" '::1 1 6 both.test,127.0.0.9 1 6'
}

@test "other names are asked as always, and a service that is none fails" {
  same "$(asked 127.0.0.3 0 1 0 0)" '127.0.0.3 1 6'
  like "$(asked a..b 0 1 0 0)" 'Name or service not known'
  like "$(asked one.test 0 3 17 0)" '*not supported*'
}

@test "the look-up of a name in the file hosts.fails fails with EAI_FAIL" {
  printf '%s\n' '[::1]' one.test >hosts.fails
  like "$(asked '[::1]' 0 1 0 0)" 'Non-recoverable failure in name resolution'
  like "$(asked one.test 10 1 0 8)" 'Non-recoverable failure in name resolution'
  same "$(asked both.test 2 1 0 0)" '127.0.0.9 1 6'
}
