#!/usr/bin/env bats
# Checks what a failed test reports: which program failed, and what the test did to it. The
# course has one lab, and each test writes its lab file.
# shellcheck disable=SC2016,SC2154 # C, jq and lab files; the names are kit/common's
load ../tools/tools
load judge

# one_test LINE…: the lab file has these lines in a test after its first one, and the
# program does what its first argument says.
one_test() {
  a_course
  five '#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
    char byte;
    if (argc < 2) return 0;
    fprintf(stderr, "this is %s\n", argv[1]);
    if (strcmp(argv[1], "talk") == 0) {
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[3]))};
        inet_pton(AF_INET, argv[2], &to.sin_addr);
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        connect(fd, (struct sockaddr *)&to, sizeof to);
        printf("connected\n"), fflush(stdout);
        if (read(fd, &byte, 1) == 0) fprintf(stderr, "it left\n");
        pause();
    }
    if (strcmp(argv[1], "stay") == 0) pause();
    return atoi(argv[1]);
}'
  printf '%s\n' 'load ../../kit/kit' 'programs five' '# bats test_tags=points:50' \
    '@test "does the basic job" {' 'help "?" "printf(3)"' 'start five' 'assert_exit 0' '}' \
    '# bats test_tags=points:50' '@test "another" {' 'help "?" "printf(3)"' "$@" '}' | lab_file
  judge
}
accepts=('start_peer <<END' 'listen $ADDR:$PORT 5' 'print ready' 'accept' 'END')
expects_x=("${accepts[@]:0:4}" 'expect x' 'END')

field() { about ".tests[1].$1"; }

@test "of several programs, command, steps and standard error are those of the one that failed" {
  one_test 'start five 0' 'start five 4' 'peer wait-ended' 'start five 0' \
    'use_program 0' 'assert_exit 0' 'use_program 1' 'assert_exit 0'
  same "$(field verdict), $(field ran), run $(field run) of $(field runs)" 'fail, ./five 4, run 2 of 3'
  same "$(field got)" 'exit status 4'
  same "$(field said)" 'this is 4'
  same "$(field beside)" ''
}

@test "a peer in the background is about the program that it watches" {
  one_test "${accepts[@]}" 'start five 3' 'new_address' "${expects_x[@]}" \
    'start five talk "$ADDR" "$PORT"' 'wait_for_peer 0' 'wait_for_peer 1'
  same "$(field ran), run $(field run) of $(field runs)" './five 3, run 1 of 2'
  same "$(field said)" 'this is 3'
  like "$(field got)" '*five ended by itself, with exit status 3'
  like "$(field beside)" './five talk 127.*'
  same "$(field 'steps | length')" 0
}

@test "a program that still runs: what it printed, and what it said when the test had left" {
  one_test "${expects_x[@]}" 'start five talk "$ADDR" "$PORT"' 'wait_for_peer'
  same "$(field printed)" connected
  same "$(field said)" 'this is talk'
  same "$(field afterwards)" 'it left'
  like "$(field 'steps[0]')" 'accepted a connection*'
}

@test "the program that failed first stays the one, when another was killed later" {
  one_test 'start five stay' 'start five 1' 'assert_exit 0'
  same "$(field ran), run $(field run) of $(field runs)" './five 1, run 2 of 2'
  same "$(field beside)" './five stay'
}

@test "a program that the test itself killed, in an earlier run, has not crashed" {
  one_test 'start five stay' 'peer signal KILL' 'peer wait-ended' 'start five 1' 'assert_exit 0'
  same "$(field verdict), $(field got)" 'fail, exit status 1'
  one_test 'start five stay' 'peer signal USR1' 'peer wait-ended' 'start five 1' 'assert_exit 0'
  like "$(field verdict), $(field got)" 'crash, *SIGUSR1) (in run 1) exit status 1'
}

# hint: what the student reads as the hint.
hint() { jq -r -L "$root/tests/engine" 'include "words"; .tests[1] | lead.hint' "$RECORD"; }

@test "where a program says why and only its exit status is wrong, the hint is about that" {
  one_test 'start five 3' 'assert_exit 1'
  like "$(hint)" '*Which exit status*'
  # It may have failed for a reason, or have gone on where it was to refuse its command line.
  one_test 'start five 1' 'assert_exit 0'
  same "$(hint)" '?'
  one_test 'start five 1' 'assert_exit 2'
  same "$(hint)" '?'
}

@test "what was done to a program stands there in words" {
  one_test 'SHIM="recv=7 send=3 eintr aborted=2" NOFILE=30 STDIN=closed start five 1' 'assert_exit 0'
  same "$(field with)" 'a call gives at most 7 bytes of what came on a connection a call takes at most 3 bytes to send SIGUSR2 is caught: a call that sleeps then returns -1 with EINTR the first 2 calls of accept fail with ECONNABORTED it may have 30 descriptors, no more (ulimit -n) standard input is closed: the first descriptor that it gets is 0, which is as good as any'
  command -v strace >/dev/null || skip "strace is not installed"
  one_test 'INJECT=?fork,?close:delay_exit=3000:when=2 start five 1' 'assert_exit 0'
  same "$(field with)" 'call 2 of fork,close returns late, after 3 ms'
}

@test "every word of the shim and of the clock is told" {
  local word known
  known=$(sed -n '/^ \* \(SHIM\|CLOCK\) holds/,/^ \*$/s/^ \*   \([a-z0-9-]*\).*/\1/p' "$root"/tests/tools/{shim,clock}.c)
  [[ $known == *recv*fast*wall* ]]
  for word in $known; do
    [[ $word == seed ]] || grep -q "^      ${word}[=)*]" "$root/tests/kit/conditions.bash"
  done
}

# told LINE…: what calls.awk makes of these calls, "CALL ARGUMENTS -> RESULT" each; seen LINE…:
# what it remarks.
told() {
  local line n=0
  for line in "$@"; do
    printf '%s\t%s\tS\tprogram\t%s\t%s\t%s\n' "$((++n))" "$n" "${line%% *}" "$(sed 's/^[a-z]* //; s/ -> .*//' <<<"$line")" "${line##* -> }"
  done | awk -f "$root/tests/kit/calls.awk"
}
seen() { told "$@" | sed -n 's/^\(seen\|maybe\|pointer\)\t//p'; }

@test "remarks on calls: a number that is the result of a comparison, a wrong descriptor, a wrong event" {
  local right=('accept 3 -> 4  127.0.0.1:7' 'recv 4, 1024 -> 5  "hello"' 'send 4, "Echo=>hello", 11 -> 11'
    'recv 4, 1024 -> 0 (end of file)' 'close 4 -> 0' 'accept 3 -> 4' 'close 4 -> 0' 'close 3 -> 0')
  same "$(seen "${right[@]}")" ''
  like "$(seen 'accept 3 -> 4' 'close 0 -> 0')" '*accept returned; but close is called for 0*fd = accept(*'
  like "$(seen 'accept 3 -> 4' 'recv 0, 1024 -> -1 ENOTSOCK')" '*but recv is called for 0*'
  same "$(seen 'close 0 -> 0' 'accept 3 -> 0' 'recv 0, 1024 -> 0 (end of file)' 'close 0 -> 0')" ''
  like "$(seen 'accept 3 -> 4' 'close 4 -> 0' 'close 4 -> -1 EBADF')" '*descriptor 4 had been closed already'
  like "$(seen 'socket AF_INET6 -> -1 EAFNOSUPPORT' 'connect -1, 127.0.0.1:7 -> -1 EBADF')" '*an earlier call failed*'
  like "$(seen 'connect 3, 127.0.0.1:7 -> -1 EINPROGRESS' 'poll 3, POLLIN, 9 ms -> 0')" 'poll waits for POLLIN*'
  same "$(seen 'connect 3, 127.0.0.1:7 -> -1 EINPROGRESS' 'poll 3, POLLOUT, 9 ms -> 1  POLLOUT')" ''
  same "$(seen 'connect 3, 127.0.0.1:7 -> -1 EINPROGRESS' 'poll 3, POLLOUT, 9 ms -> 1  POLLOUT' 'poll 3, POLLIN, 9 ms -> 0')" ''
  like "$(seen 'accept 3 -> 4' 'recv 4, 9 -> 5  "hello"' 'send 4, "Echo=>h", 7 -> 7')" '*only the first byte*n = recv(*'
  like "$(seen 'recv 4, 9 -> 5  "hello"' 'prints "h" -> ')" '*only the first byte*'
  like "$(seen 'recv 4, 9 -> 5  "hello"' 'recv 4, 9 -> 0 (end of file)' 'send 4, "1 bytes\n", 8 -> 8')" '*the program counted 1*'
  same "$(seen 'accept 3 -> 4' 'recv 4, 9 -> 5  "hello"' 'send 4, "hello", 5 -> 5')" ''
  same "$(seen 'accept 3 -> 4' 'recv 4, 9 -> 3  "11\n"' 'send 4, "welcome", 7 -> 7')" ''
  same "$(seen 'accept 3 -> 4' 'recv 4, 9 -> 5  "hello"' 'send 4, "Ech", 3 -> 3' 'send 4, "lo", 2 -> 2')" ''
  same "$(seen 'recv 4, 9 -> 5  "hello"' 'send 4, "hell", 5 -> 1' 'send 4, "h", 1 -> 1')" ''
  like "$(seen 'recv 4, 9 -> 5  "hello"' 'send 4, "Echo=>", 6 -> 6' 'send 4, "h", 1 -> 1')" '*only the first byte*'
  same "$(seen 'recv 4, 9 -> 4  "\0\0\0\0"' 'send 4, "123456789 bytes\0", 17 -> 17')" ''
  like "$(seen 'accept 3 -> 4' 'recv 4, 9 -> 3  "11\n"' 'recv 4, 9')" 'recv(4, 9) = 3, and nothing came of it: is what you use*'
  # It takes a nap before it answers; or it waits for the next that may come.
  same "$(seen 'accept 3 -> 4' 'recv 4, 9 -> 3  "11\n"' 'poll 4, POLLIN, 200 ms -> ')" ''
  like "$(seen 'accept 3 -> 4' 'recv 4, 9 -> 3  "11\n"' 'poll 4, POLLIN, -1 -> ')" '*nothing came of it*'
  like "$(seen 'send 4, "welcome ", 8 -> 8')" '*size of a pointer*'
  same "$(seen 'send 4, "1 bytes\n", 8 -> 8')" ''
  like "$(seen 'listen 3, 5 -> 0' 'accept 3 -> 4' 'close 3 -> 0' 'accept 4 -> -1 EINVAL')" '*that listens is descriptor 3*'
  like "$(seen 'poll no descriptor, 9 ms -> 0')" 'poll watches no descriptor*'
  like "$(seen 'recv 4, 9 -> 2  "1\n"' 'close 4 -> 0')" '*as after its end*n = recv(*'
  # What came before was answered: it is the text that makes the difference.
  same "$(seen 'accept 3 -> 4' 'recv 4, 9 -> 5  "hello"' 'send 4, "Echo=>hello", 11 -> 11' 'recv 4, 9 -> 5  "exit\n"' 'close 4 -> 0')" ''
  # What a datagram brings is no stream with an end.
  same "$(seen 'socket AF_INET, SOCK_DGRAM, 0 -> 3' 'send 3, "hello", 5 -> 5' 'recv 3, 9 -> 9  "Echo=>hel"' 'close 3 -> 0')" ''
  like "$(seen 'socket AF_INET, SOCK_STREAM, 0 -> 3' 'getsockopt 0, SOL_SOCKET, SO_TYPE, 0x7ff -> -1 ENOTSOCK')" '*the socket is descriptor 3; but getsockopt is called for 0*fd = socket(*'
  same "$(seen 'socket AF_INET, SOCK_STREAM, 0 -> 0' 'bind 0, 127.0.0.1:7 -> 0')" ''
}

@test "remarks on calls: errno after a success, another call's reason, no room" {
  local aborted='accept 3 -> -1 ECONNABORTED'
  like "$(seen "$aborted" 'accept 3 -> 4' 'accept 3')" 'accept returned 4, and nothing was done with it*errno*'
  same "$(seen "$aborted" 'accept 3 -> 4' 'accept 3 -> 5' 'send 4, "hello", 5 -> 5')" ''
  same "$(seen "$aborted" 'accept 3 -> 4' 'poll 4 POLLIN, 3 POLLIN, -1 -> 1' 'accept 3')" ''
  same "$(seen 'accept 3 -> 4' 'accept 3')" ''
  like "$(seen 'connect 3, 127.0.0.1:7 -> -1 ECONNREFUSED' 'close 3 -> 0' 'socket AF_INET -> 3' 'connect 3, 127.0.0.2:7 -> 0' 'close 3 -> 0')" 'connect returned 0, and nothing was done*errno*'
  same "$(seen 'connect 3, 127.0.0.1:7 -> -1 ECONNREFUSED' 'close 3 -> 0' 'socket AF_INET -> 3' 'connect 3, 127.0.0.2:7 -> 0' 'send 3, "x", 1 -> 1' 'close 3 -> 0')" ''
  like "$(seen 'bind 3, "./s" -> -1 EADDRINUSE' 'connect 4, "./s" -> -1 EAGAIN' 'prints on standard error "unix-server: bind: Resource temporarily unavailable" -> ')" 'bind failed with EADDRINUSE, and the message has another reason, EAGAIN*'
  like "$(seen 'bind 3, "./s" -> -1 EADDRINUSE' 'prints on standard error "bind(): Success" -> ')" '*the message has another reason*'
  same "$(seen 'bind 3, "./s" -> -1 EADDRINUSE' 'prints on standard error "bind: bind: Address already in use" -> ')" ''
  same "$(seen 'connect 3, 127.0.0.1:7 -> -1 ECONNREFUSED' 'connect 3, [::1]:7 -> -1 ENETUNREACH' 'prints on standard error "connect: Connection refused" -> ')" ''
  like "$(seen 'connect 3, 127.0.0.1:7 -> -1 EINPROGRESS' 'poll 3, POLLOUT, 80 ms -> 0' 'prints on standard error "c: connect: Operation now in progress" -> ')" 'poll returned 0*leaves errno*'
  like "$(seen 'getsockopt 3, SOL_SOCKET, SO_TYPE, 0x7ffc -> 0')" 'getsockopt had no room*'
  same "$(seen 'getsockopt 3, SOL_SOCKET, SO_TYPE -> 0  SOCK_STREAM')" ''
}

@test "valgrind's report: a struct that is assigned to itself is no error" {
  source "$root/tests/kit/memory.bash"
  REPORT=$T/report
  printf '==7== %s\n' 'Source and destination overlap in memcpy(0x128a48, 0x128a48, 1192)' \
    '   by 0x10979B: end (many-server.c:219)' '' 'Source and destination overlap in memcpy(0x10, 0x18, 16)' \
    '   by 0x10979C: end (many-server.c:220)' >"$REPORT"
  like "$(_blocks '^Source and dest')" $'Source and destination overlap in memcpy(0x10, 0x18, 16)\n* end (many-server.c:220)'
}

@test "valgrind's report: bytes that are received into nothing are no error" {
  source "$root/tests/kit/memory.bash"
  local kind='Syscall param socketcall.recvfrom(buf) points to unaddressable byte(s)'
  REPORT=$T/report
  printf '==7== %s\n' "$kind" '   at 0x10964C: receive (close.c:115)' \
    ' Address 0x0 is not stack'"'d, malloc'd or (recently) free'd" '' "$kind" '   at 0x10964D: receive (close.c:116)' \
    ' Address 0x4a8d090 is 0 bytes after a block of size 80 alloc'"'d" >"$REPORT"
  same "$(_blocks '^Syscall param')" "$kind"$'\n     at 0x10964D: receive (close.c:116)'
}

@test "valgrind's report: what the program cannot free is left out, its own list is not" {
  source "$root/tests/kit/memory.bash"
  REPORT=$T/report
  printf '==7== %s\n' '40 bytes in 1 blocks are still reachable in loss record 1 of 3' \
    '   by 0x486031D: nss_wrapper_hosts_enabled (in /usr/lib/libnss_wrapper.so)' '   by 0x10: main (connect.c:37)' '' \
    '36 bytes in 1 blocks are still reachable in loss record 2 of 3' '   by 0x400B607: _dl_open (dl-open.c:884)' \
    '   by 0x11: pthread_exit (pthread_exit.c:40)' '' '64 bytes in 1 blocks are still reachable in loss record 3 of 3' \
    '   by 0x486219E: getaddrinfo (in /usr/lib/libnss_wrapper.so)' '   by 0x12: main (connect.c:99)' >"$REPORT"
  like "$(_blocks 'still reachable in')" $'64 bytes in 1 blocks are still reachable in loss record 3 of 3\n* main (connect.c:99)'
}

@test "a long path is told by its beginning and its length" {
  local path
  printf -v path './%0105d' 7
  same "$(told "connect 3, \"$path\" -> -1 ENOENT")" $'call\tconnect(3, "./000000000000000000"... (107 bytes)) = -1 ENOENT'
  same "$(told 'connect 3, "./echo.sock" -> 0')" $'call\tconnect(3, "./echo.sock") = 0'
}

@test "what flood.c gives a program is not told as its calls" {
  strace -qq -o /dev/null true 2>/dev/null || skip "no ptrace here"
  one_test "${expects_x[@]}" 'SHIM=flood=1 start five talk "$ADDR" "$PORT"' 'wait_for_peer'
  judge --calls
  same "$(field 'calls[]')" ''
}

@test "the failed test to begin with is run again, and the program's calls are told" {
  strace -qq -o /dev/null true 2>/dev/null || skip "no ptrace here"
  one_test "${expects_x[@]}" 'start five talk "$ADDR" "$PORT"' 'wait_for_peer'
  same "$(field calls)" null
  judge --calls
  like "$(field 'calls[]')" '(it prints on standard error "this is talk") socket(AF_INET, SOCK_STREAM, 0) = 3 connect(3, 127.*) = 0 (it prints "connected") read(3, 1)   it waits here'
  same "$(about .begin)" 2
  nothing_left "$COURSE"
}
