#!/usr/bin/env bats
# The shim (tests/tools/shim.c) on its own, under calls.c, which makes every call
# once: built plainly, with sanitizers, and with _FORTIFY_SOURCE.
load tools

# LD_PRELOAD can name no path with a blank: the shim is where the test is.
eval "kit_$(declare -f setup)"
setup() { kit_setup && ln -s "$BIN/shim.so" shim.so; }

# calls OPTIONS…: builds the program.
calls() {
  gcc -std=gnu17 -w "$@" "$BATS_TEST_DIRNAME/calls.c" -o calls
}

# shimmed WORDS ARG…: runs it; what it printed on one line, commas between.
shimmed() {
  SHIM=$1 LD_PRELOAD=./shim.so ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
    "$T/calls" "${@:2}" | paste -sd,
}

whole='read 100,recv 100,recvfrom 100,recvmsg 100,readv 100,write 100,send 100,sendto 100,sendmsg 100,writev 100'
cut='read 7,recv 7,recvfrom 7,recvmsg 7,readv 7,write 3,send 3,sendto 3,sendmsg 3,writev 3'

@test "recv=N and send=N cut every call, also one with two buffers" {
  calls
  same "$(shimmed 'recv=7 send=3')" "$cut,$cut"
  same "$(shimmed 'send=3 recv=7')" "$cut,$cut"
}

@test "the same under the sanitizers and with _FORTIFY_SOURCE" {
  calls -fsanitize=address,undefined
  same "$(shimmed 'recv=7 send=3')" "$cut,$cut"
  calls -O2 -D_FORTIFY_SOURCE=2
  same "$(shimmed 'recv=7 send=3')" "$cut,$cut"
}

@test "without SHIM, or with none of its words, nothing is cut" {
  calls
  same "$(shimmed '')" "$whole,$whole"
  same "$(LD_PRELOAD=./shim.so ./calls | paste -sd,)" "$whole,$whole"
}

@test "one of the two alone; limits above what is there" {
  calls
  like "$(shimmed recv=7)" 'read 7,*,write 100,*'
  like "$(shimmed send=3)" 'read 100,*,write 3,*'
  same "$(shimmed 'recv=100 send=1000')" "$whole,$whole"
}

@test "pipes, datagrams, MSG_PEEK, MSG_WAITALL and SO_RCVLOWAT are left alone" {
  calls
  same "$(shimmed 'recv=7 send=3' others)" \
    "pipe write 100 read 100,peek 100 waitall 50 recvmsg 100 100 lowat 20 20,$whole"
}

@test "a seed: limits are drawn anew for each call, the same again for the same seed" {
  calls
  one=$(shimmed 'recv=50 send=50 seed=5')
  same "$(shimmed 'recv=50 send=50 seed=5')" "$one"
  [ "$(shimmed 'recv=50 send=50 seed=6')" != "$one" ]
  # All from 1 to the limit, and not all the same.
  tr , '\n' <<<"$one" | awk '{ if ($2 < 1 || $2 > 50) exit 1; seen[$2] = 1 } END { exit length(seen) < 5 }'
  like "$one" '*[0-9]'
  [[ $one != *wrong* && $one != *less* ]]
}

# a_port: PORT, used by nobody on 127.0.0.1.
a_port() {
  PORT=$((SRANDOM % 8000 + 20000))
  while (exec 5<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; do PORT=$((PORT + 1)); done
}

# client TEXT: sends it to the program, as soon as it listens.
client() { until_it send_text "$1"; }

# send_text TEXT: sends it to the program, if it listens.
send_text() {
  "$BIN/peer" -e /dev/null <<END
    connect 127.0.0.1:$PORT
    send $1
    shutdown
    expect-end
END
}

# serving WORDS [big]: the program waits for a client, in the background.
serving() {
  a_port
  SHIM=$1 LD_PRELOAD=./shim.so ./calls "$PORT" "${@:2}" >out 3>&- &
  STARTED+=($!)
}

@test "aborted=N: that many accepts fail, the next does not" {
  calls
  serving aborted=3
  client hello
  wait "${STARTED[0]}"
  same "$(<out)" 'failed 3 bytes 5 zeros 0'
}

@test "refused=N, unsent=N, interrupted=N: that many calls on a datagram socket fail" {
  calls
  local call receive=(read recv recvfrom recvmsg readv) send=(write send sendto sendmsg writev) want=()
  for call in "${receive[@]}"; do want+=("$call -1 Connection refused"); done
  for call in "${send[@]}"; do want+=("$call 100 "); done
  want+=('recvmmsg -1 Connection refused' 'sendmmsg 1 ')
  same "$(shimmed refused=6 udp)" "$({ printf '%s\n' "${want[@]}" && ./calls udp | head -n 12; } | paste -sd,)"
  want=()
  for call in "${receive[@]}"; do want+=("$call 100 "); done
  want+=('write -1 Operation not permitted' 'send -1 No buffer space available' 'sendto -1 Connection refused'
    'sendmsg -1 No route to host' 'writev -1 Invalid argument' 'recvmmsg 1 ' 'sendmmsg -1 Message too long')
  same "$(shimmed unsent=6 udp)" "$({ printf '%s\n' "${want[@]}" && ./calls udp | head -n 12; } | paste -sd,)"
  want=()
  for call in "${receive[@]}"; do want+=("$call 100 "); done
  for call in "${send[@]}"; do want+=("$call -1 Interrupted system call"); done
  want+=('recvmmsg 1 ' 'sendmmsg -1 Interrupted system call')
  same "$(shimmed interrupted=6 udp)" "$({ printf '%s\n' "${want[@]}" && ./calls udp | head -n 12; } | paste -sd,)"
  # Unix sockets are left alone.
  same "$(shimmed 'refused=9 unsent=9 interrupted=9')" "$whole,$whole"
  same "$(shimmed 'refused=9 unsent=9 interrupted=9' others)" "$(shimmed '' others)"
}

@test "timedout=N, no-route=N, unreachable=N: that many calls, and addresses, of a TCP socket fail" {
  SHIM='timedout=2 no-route=1 unreachable=1' LD_PRELOAD=./shim.so perl -MSocket -e '
    socketpair(X, Y, AF_UNIX, SOCK_STREAM, 0) and syswrite(Y, "x") and sysread(X, $x, 1) or die;
    socket(S, PF_INET, SOCK_STREAM, 0) and listen(S, 5) and socket(K, PF_INET, SOCK_STREAM, 0) or die;
    socket(D, PF_INET, SOCK_DGRAM, 0) and connect(D, getsockname(S)) or die;
    $here = getsockname(S); ($port) = sockaddr_in($here);
    for ($here, $here, pack_sockaddr_in($port, inet_aton("127.0.0.2"))) {
      print connect(K, $_) ? "connected " : $!{ENETUNREACH} ? "ENETUNREACH " : "$! " }
    accept(C, S) && syswrite(C, "hi") or die;
    for (1 .. 4) { print sysread(K, $x, 1) ? "$x " : $!{ETIMEDOUT} ? "ETIMEDOUT " : "$! " }' >out
  same "$(<out)" 'ENETUNREACH ENETUNREACH connected ETIMEDOUT ETIMEDOUT No route to host h '
}

@test "interrupted=N: that many calls fail that send on a TCP connection and could sleep" {
  SHIM=interrupted=3 LD_PRELOAD=./shim.so perl -MSocket -MPOSIX=:signal_h -e '
    socket(S, PF_INET, SOCK_STREAM, 0) and listen(S, 5) or die;
    socket(K, PF_INET, SOCK_STREAM, 0) and connect(K, getsockname(S)) or die;
    sub try { print send(K, "x", $_[0]) ? "sent " : $!{EINTR} ? "EINTR " : "$! " }
    try(0); try(MSG_DONTWAIT); try(0);
    $set = POSIX::SigSet->new(SIGUSR2);
    sigprocmask(SIG_BLOCK, $set); try(0); sigprocmask(SIG_UNBLOCK, $set); try(0); try(0)' >out
  same "$(<out)" 'EINTR sent EINTR sent EINTR sent '
}

@test "interrupted=N: that many calls fail that send from a raw socket and could sleep" {
  unshare -rn true 2>/dev/null || skip "no namespaces of one's own (unshare -rn)"
  # shellcheck disable=SC2016 # these are Perl's variables
  unshare -rn env SHIM='interrupted=2 unsent=1' LD_PRELOAD=./shim.so perl -MSocket -e '
    system("ip link set lo up") == 0 and socket(S, PF_INET, SOCK_RAW, 1) or die;
    sub try { print send(S, "\10" . "\0" x 7, $_[0], pack_sockaddr_in(0, inet_aton("127.0.0.1")))
      ? "sent " : $!{EINTR} ? "EINTR " : "$! " }
    try(0); try(MSG_DONTWAIT); try(0); try(0)' >out
  same "$(<out)" 'EINTR sent EINTR sent '
}

@test "enfile=N: accept fails while the process has N TCP sockets" {
  # Three of its own, and one that it accepts.
  SHIM=enfile=4 LD_PRELOAD=./shim.so perl -MSocket -e '
    socket(S, PF_INET, SOCK_STREAM, 0) and listen(S, 5) or die;
    socketpair(X, Y, AF_UNIX, SOCK_STREAM, 0) or die;
    for $k (\*K, \*L) { socket($k, PF_INET, SOCK_STREAM, 0) and connect($k, getsockname(S)) or die }
    sub try { print accept($_[0], S) ? "accepted " : $!{ENFILE} ? "ENFILE " : "$! " }
    try(C); try(D); close(C); try(D)' >out
  same "$(<out)" 'accepted ENFILE accepted '
}

@test "no-buffers: every accept fails" {
  SHIM=no-buffers LD_PRELOAD=./shim.so perl -MSocket -e '
    socket(S, PF_INET, SOCK_STREAM, 0) and listen(S, 5) or die;
    socket(C, PF_INET, SOCK_STREAM, 0) and connect(C, getsockname(S)) or die;
    print accept(D, S) ? "accepted " : $!{ENOBUFS} ? "ENOBUFS " : "$! " for 1..2' >out
  same "$(<out)" 'ENOBUFS ENOBUFS '
}

@test "pid=N: getpid returns N, and the real number without it" {
  printf '%s\n' '#include <stdio.h>' '#include <unistd.h>' 'int main(void) { printf("%d\n", (int)getpid()); }' >pid.c
  gcc pid.c -o pid
  same "$(SHIM=pid=4660 LD_PRELOAD=./shim.so ./pid)" 4660
  SHIM=eintr LD_PRELOAD=./shim.so ./pid >out &
  wait "$!"
  same "$(<out)" "$!"
}

@test "sndbuf=N: an accepted connection has that buffer, the listening socket has not" {
  cat >buffers.c <<'END'
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
static int room(int fd) {
    int n;
    socklen_t size = sizeof n;
    getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &n, &size);
    return n;
}
int main() {
    struct sockaddr_un at = {AF_UNIX, "here.sock"};
    int s = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(s, (void *)&at, sizeof at);
    listen(s, 5);
    connect(c, (void *)&at, sizeof at);
    printf("%d %d", room(accept(s, NULL, NULL)), room(s) > 10000);
}
END
  gcc -std=gnu17 -w buffers.c -o buffers
  # socket(7): the kernel doubles the number.
  same "$(SHIM=sndbuf=4096 LD_PRELOAD=./shim.so ./buffers)" '8192 1'
}

@test "term-accept: accept sends SIGTERM to the first process, also from a child" {
  SHIM=term-accept LD_PRELOAD=./shim.so perl -MSocket -e '
    $| = 1;
    $SIG{TERM} = sub { print "SIGTERM " };
    socket(S, PF_INET, SOCK_STREAM, 0) and listen(S, 5) or die;
    for $k (\*K, \*L) { socket($k, PF_INET, SOCK_STREAM, 0) and connect($k, getsockname(S)) or die }
    accept(C, S) and print "accepted ";
    unless (fork) { $SIG{TERM} = "DEFAULT"; exit(accept(C, S) ? 3 : 4) }
    1 while wait == -1 && $!{EINTR};
    print $? >> 8' >out
  same "$(<out)" 'SIGTERM accepted SIGTERM 3'
}

@test "no-pid: SO_PEERCRED says PID 0; other options are as they are" {
  # shellcheck disable=SC2016 # perl expands it
  local ask='
    socketpair(A, B, PF_UNIX, SOCK_STREAM, 0) or die;
    ($pid, $uid) = unpack "iI", getsockopt(A, SOL_SOCKET, SO_PEERCRED);
    printf "%s uid %d type %d\n", $pid == 0 ? "none" : $pid == $$ ? "ours" : $pid, $uid,
      unpack "i", getsockopt(A, SOL_SOCKET, SO_TYPE)'
  same "$(SHIM=no-pid LD_PRELOAD=./shim.so perl -MSocket -e "$ask")" "none uid $UID type 1"
  same "$(SHIM=eintr LD_PRELOAD=./shim.so perl -MSocket -e "$ask")" "ours uid $UID type 1"
}

@test "no-credentials: the first SO_PEERCRED of a process fails; other options are as they are" {
  # shellcheck disable=SC2016 # perl expands it
  same "$(SHIM=no-credentials LD_PRELOAD=./shim.so perl -MSocket -e '
    socketpair(A, B, PF_UNIX, SOCK_STREAM, 0) or die;
    printf "type %d", unpack "i", getsockopt(A, SOL_SOCKET, SO_TYPE);
    for (1, 2) {
      print getsockopt(A, SOL_SOCKET, SO_PEERCRED) ? " ok" : $!{ENOBUFS} ? " ENOBUFS" : " $!";
    }')" "type 1 ENOBUFS ok"
}

@test "again=N: some calls that would not sleep fail with EAGAIN" {
  SHIM=again=3 LD_PRELOAD=./shim.so perl -MSocket -MFcntl -e '
    socket(S, PF_INET, SOCK_STREAM, 0) and listen(S, 5) or die;
    socket(K, PF_INET, SOCK_STREAM, 0) and connect(K, getsockname(S)) and accept(C, S) or die;
    syswrite(K, "x" x 200); recv(C, $x, 1, MSG_PEEK);
    for (1 .. 100) {
      $failed{send}++ if !defined send(C, "x", MSG_DONTWAIT) && $!{EAGAIN};
      $failed{recv}++ if !defined recv(C, $x, 1, MSG_DONTWAIT) && $!{EAGAIN};
      $failed{asleep}++ if !defined recv(C, $x, 1, 0);
    }
    socket(D, PF_INET, SOCK_DGRAM, 0) and bind(D, pack_sockaddr_in(0, INADDR_LOOPBACK)) and
      connect(D, getsockname(D)) or die;
    for (1 .. 100) {
      $failed{"send-datagram"}++ if !defined send(D, "x", MSG_DONTWAIT) && $!{EAGAIN};
      $failed{"recv-datagram"}++ if !defined recv(D, $x, 1, MSG_DONTWAIT) && $!{EAGAIN};
    }
    # No second signal would come.
    fcntl(C, F_SETFL, O_ASYNC) or die;
    for (1 .. 50) { $failed{signalled}++ if !defined send(C, "x", MSG_DONTWAIT) }
    print join(" ", map { "$_ $failed{$_}" } sort keys %failed), "\n"' >out
  like "$(<out)" 'recv [23]? recv-datagram [23]? send [23]?'
}

@test "dropped=N: that many datagrams are gone when they are received; a call may sleep then" {
  SHIM=dropped=3 LD_PRELOAD=./shim.so perl -MSocket -e '
    socket(D, PF_INET, SOCK_DGRAM, 0) and bind(D, pack_sockaddr_in(0, INADDR_LOOPBACK)) and
      connect(D, getsockname(D)) or die;
    send(D, $_, 0) for 1 .. 2;
    vec($ready, fileno D, 1) = 1;
    print scalar select($ready, undef, undef, 0), " ";
    print defined recv(D, $x, 9, MSG_DONTWAIT) ? $x : $!{EAGAIN} ? "none" : $!, " ";
    send(D, $_, 0) for 3 .. 4;
    print sysread(D, $x, 9) ? $x : "none", "\n"' >out
  same "$(<out)" '1 none 4'
}

@test "late=N: the first call that sends a datagram returns late, whatever interrupts it" {
  SHIM=late=150 LD_PRELOAD=./shim.so perl -MSocket -MTime::HiRes=time,ualarm -e '
    socket(D, PF_INET, SOCK_DGRAM, 0) and bind(D, pack_sockaddr_in(0, INADDR_LOOPBACK)) and
      connect(D, getsockname(D)) or die;
    $SIG{ALRM} = sub { };
    $begun = time;
    ualarm(50000);
    print send(D, "one", 0), time - $begun >= 0.15 ? " late" : " at once";
    print recv(D, $x, 9, MSG_DONTWAIT) && " $x", send(D, "two", 0), "\n"' >out
  same "$(<out)" '3 late one3'
}

@test "flood=N: N MiB of zeros come first, by every call, and are not cut away" {
  calls
  serving flood=3
  client hello
  wait "${STARTED[0]}"
  same "$(<out)" "failed 0 bytes $((3 * 1048576 + 5)) zeros $((3 * 1048576))"
}

@test "flood: beyond 4 GiB" {
  calls
  serving flood=4097:2049 big
  client x
  wait "${STARTED[0]}"
  same "$(<out)" "failed 0 bytes $((4097 * 1048576 + 1)) zeros 0"
}

@test "flood: also by stdio, a copy of the descriptor, syscall(2), for two connections" {
  cat >copies.c <<'END'
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int s = socket(AF_INET, SOCK_STREAM, 0), c, n, bytes = 0, more = 0, on = 1;
    static char room[5000];
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bind(s, (struct sockaddr *)&here, sizeof here);
    listen(s, 5);
    c = accept(s, NULL, NULL);
    FILE *from = fdopen(dup(c), "r");
    for (n = 0; n < 1 << 20 && getc(from) != EOF; n++)
        bytes++;
    while ((n = syscall(SYS_read, c, room, sizeof room)) > 0)
        bytes += n;
    fclose(from);
    close(c);
    c = accept(s, NULL, NULL);
    while ((n = syscall(SYS_recvfrom, c, room, 5000, 0, NULL, NULL)) > 0)
        more += n;
    printf("%s\n%d %d\n", argc > 1 ? "ended" : "", bytes, more);
}
END
  gcc -std=gnu17 -w copies.c -o calls
  serving flood=3:2
  client hello
  client x
  wait "${STARTED[0]}"
  same "$(<out)" "ended
$((3 * 1048576 + 5)) $((2 * 1048576 + 1))"
}

@test "flood: two processes with two threads each get it once" {
  cat >together.c <<'END'
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
static long long *bytes;
static int c;
static void *take(void *room) {
    for (ssize_t n; (n = recv(c, room, 700, 0)) > 0;)
        __atomic_fetch_add(bytes, n, __ATOMIC_RELAXED);
    return NULL;
}
int main(int argc, char **argv) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    char room[2][700];
    pthread_t other;
    bytes = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bind(s, (struct sockaddr *)&here, sizeof here);
    listen(s, 5);
    c = accept(s, NULL, NULL);
    pid_t child = fork();
    pthread_create(&other, NULL, take, room[0]);
    take(room[1]);
    pthread_join(other, NULL);
    if (!child) _exit(0);
    wait(NULL);
    printf("%lld\n", *bytes);
}
END
  gcc -std=gnu17 -w together.c -o calls
  serving flood=30
  client hello
  wait "${STARTED[0]}"
  same "$(<out)" "$((30 * 1048576 + 5))"
}

@test "eintr: SIGUSR2 interrupts a call, without it SIGUSR2 kills" {
  calls
  sleep 100 3>&- | SHIM=eintr LD_PRELOAD=./shim.so ./calls wait >out 3>&- &
  STARTED+=($!)
  until_it pgrep -P $$ -f '^./calls wait' >pid
  its=$(<pid)
  "$BIN/peer" -p pid <<END
    wait-asleep
    signal USR2
END
  until_it dead "$its"
  same "$(<out)" '-1 Interrupted system call'
  kill "$(pgrep -P $$ -x sleep)"
}

@test "no-ipv6: no IPv6 stream socket, every other one" {
  cat >sockets.c <<'END'
#include <stdio.h>
#include <string.h>
#include <errno.h>
#include <sys/socket.h>
int main(void) {
    int families[] = {AF_INET6, AF_INET6, AF_INET}, types[] = {SOCK_STREAM | SOCK_CLOEXEC, SOCK_DGRAM, SOCK_STREAM};
    for (int i = 0; i < 3; i++)
        puts(socket(families[i], types[i], 0) == -1 ? strerror(errno) : "made");
}
END
  gcc -std=gnu17 -D_GNU_SOURCE -w sockets.c -o sockets
  # IPv6 datagrams are the machine's own affair: as they are without the shim.
  mapfile -t is < <(SHIM='' LD_PRELOAD=./shim.so ./sockets)
  same "$(SHIM=no-ipv6 LD_PRELOAD=./shim.so ./sockets | paste -sd,)" "Address family not supported by protocol,${is[1]},made"
}

@test "what it was told cannot be read by the program" {
  cat >look.c <<'END'
#include <stdio.h>
#include <stdlib.h>
int main(void) {
    FILE *f = fopen("/proc/self/environ", "r");
    for (int c; (c = getc(f)) != EOF;)
        putchar(c ? c : '\n');
    return getenv("SHIM") || getenv("LD_PRELOAD");
}
END
  gcc -std=gnu17 -w look.c -o look
  env -i SHIM=recv=7 LD_PRELOAD=./shim.so KEPT=1 ./look >out
  same "$(tr -d '\n' <out)" KEPT=1
}

@test "first-fd=N: the first descriptor that the program gets is N" {
  like "$(SHIM=first-fd=200 LD_PRELOAD=./shim.so perl -e 'open F, "/dev/null"; print fileno F')" 200
}

@test "spare-fds=N: with its first connection the program can have N more descriptors" {
  like "$(SHIM=spare-fds=3 LD_PRELOAD=./shim.so perl -MSocket -e '
    open $_, "<", "/dev/null" or die for @old[0 .. 49];
    socket(S, PF_INET, SOCK_STREAM, 0) and listen(S, 5) or die;
    socket(K, PF_INET, SOCK_STREAM, 0) and connect(K, getsockname(S)) and accept(C, S) or die;
    $more++ while open $new[$more], "<", "/dev/null"; print $!{EMFILE} ? $more : "$!"')" 2
}
