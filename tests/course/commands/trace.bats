#!/usr/bin/env bats
# make trace: the canonical form of the solutions' runs is the one in
# tests/labs/NN-step/trace, what is wrong in a mistake is seen in its picture, and
# what a machine forbids is named. GOLDEN=write makes the golden files anew, to be read
# before they are committed:  GOLDEN=write bats tests/course/commands/trace.bats
# shellcheck source=tests/common.bash
# shellcheck disable=SC2154 # bats sets status, output and lines

setup() {
  source "$BATS_TEST_DIRNAME/../../common.bash"
  cd "$root" || return
  # LAB chooses the labs that the test with the tag "lab" looks at.
  given=${LAB:-}
  mapfile -t labs < <(lab_names "$given")
  unset LAB FORMAT CC LC_CTYPE LANG
  export SUBMISSION=solutions LC_ALL=C
  work=$(mktemp -d)
}

teardown() { rm -rf "$work"; }

# sees_all: the rest of a test is about a machine on which all can be seen.
sees_all() {
  command -v tcpdump >/dev/null || skip "no tcpdump here"
  unshare -n ip link set lo up 2>/dev/null ||
    unshare -Un --map-user=1000 --map-group=1000 --keep-caps ip link set lo up 2>/dev/null ||
    skip "no network namespace of one's own here"
  strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
}

# picture: the picture of LAB is in $work/NAME; in the background, two at a time.
picture() {
  local lab=$1 from=$2 name=$3
  while (($(jobs -rp | wc -l) >= 3)); do wait -n || true; done
  (LAB=$lab SUBMISSION=$from FORMAT=${4:-ladder} tests/commands/trace >"$work/$name" 2>"$work/$name.err" || echo "exit $?" >>"$work/$name") &
}

# with_mistake LAB/NAME: DIR is a folder with our solution of LAB with this known mistake.
with_mistake() {
  DIR=$work/${1//\//.}
  mkdir "$DIR"
  cp -r "solutions/${1%/*}" "$DIR/"
  patch -s -p0 -d "$DIR" <"tests/labs/${1%/*}/mistakes/${1#*/}.patch"
}

# bats test_tags=lab
@test "what the solutions do is what it was" {
  sees_all
  local lab
  for lab in "${labs[@]}"; do picture "$lab" solutions "$lab" canon; done
  wait
  if [[ ${GOLDEN:-} == write ]]; then
    for lab in "${labs[@]}"; do cp "$work/$lab" "tests/labs/$lab/trace"; done
  fi
  for lab in "${labs[@]}"; do
    diff -u "tests/labs/$lab/trace" "$work/$lab"
    [ ! -s "$work/$lab.err" ]
  done
}

@test "datagrams, one of no bytes, and what a kernel says of one for nobody; who asks first is the client" {
  printf '1.0 IP 127.0.0.1.%s > 127.0.0.1.%s: UDP, length %s\n' 5 8 11 8 5 0 6 6 1 >"$work/said"
  printf '1.0 IP 127.0.0.1 > 127.0.0.1: ICMP 127.0.0.1 udp port 8 unreachable, length 41\n' >>"$work/said"
  [ "$(awk -f tests/commands/draw/wire.awk "$work/said" | cut -f 2-4 | xargs)" = 'C DATA 11 S DATA 0 S UNREACHABLE 0' ]
}

# events_of [OPTION…]: what strace wrote of one process, on standard input, as events.awk tells it;
# OPTIONs are awk's.
events_of() { sed '1i 1.0 execve("x") = 0' | awk -v lane=S -v process=x -v direct=1 "$@" -f tests/kit/events.awk; }

@test "datagram calls: the other end is named where the call names it; no bytes are no end of file" {
  local at='{sa_family=AF_INET, sin_port=htons(5), sin_addr=inet_addr("127.0.0.1")}'
  {
    printf '1.0 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3<socket:[1]> <0.1>\n'
    printf '1.0 recvfrom(3<socket:[1]>, "", 1024, MSG_TRUNC, %s, [128 => 16]) = 0 <0.1>\n' "$at"
    printf '1.0 recvfrom(3<socket:[1]>, "a", 1024, 0, NULL, NULL) = 1 <0.1>\n'
    printf '1.0 sendto(3<socket:[1]>, "hi", 2, 0, %s, 16) = 2 <0.1>\n' "$at"
    printf '1.0 sendmsg(3<socket:[1]>, {msg_name=%s, msg_namelen=16, msg_iov=[{iov_base="h", iov_len=1}, {iov_base="i", iov_len=1}], msg_iovlen=2, msg_controllen=0, msg_flags=0}, 0) = 2 <0.1>\n' "$at"
    printf '1.0 recvfrom(3<socket:[1]>,  <unfinished ...>) = ?\n'
  } | events_of | cut -f 5-7 >"$work/calls"
  diff "$work/calls" - <<END
socket	AF_INET, SOCK_DGRAM, 0	3
recvfrom	3, 1024, MSG_TRUNC	0  "" from 127.0.0.1:5
recv	3, 1024	1  "a"
sendto	3, "hi", 2, to 127.0.0.1:5	2
sendmsg	3, "h" "i", to 127.0.0.1:5	2
recvfrom	3	
END
}

@test "a call that the shim lets fail is drawn at its place, and what the shim asks for itself is not" {
  strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
  cat >"$work/refused.c" <<'END'
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
int main(void) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof at;
    char byte;
    socket(AF_INET6, SOCK_STREAM, 0);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    fcntl(fd, F_GETFL);
    bind(fd, (void *)&at, size);
    getsockname(fd, (void *)&at, &size);
    sendto(fd, "x", 1, 0, (void *)&at, size);
    sendto(fd, "x", 1, 0, (void *)&at, size);
    sendto(fd, "x", 1, 0, (void *)&at, size);
    recv(fd, &byte, 1, 0);
    recv(fd, &byte, 1, 0);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    accept(fd, 0, 0);
    getsockopt(fd, SOL_SOCKET, SO_TYPE, &(int){0}, &(socklen_t){4});
    return 0;
}
END
  gcc -w "$work/refused.c" -o "$work/refused"
  # LD_PRELOAD splits at blanks, which the path of the course may have.
  cp .build/tools/shim.so "$work/"
  SHIM='no-ipv6 unsent=1 interrupted=1 refused=1 aborted=1' strace -y -ttt -T -s 64 -o "$work/noted" -e trace=network,fcntl,write \
    -E LD_PRELOAD="$work/shim.so" "$work/refused" 3>&- 4>&-
  events_of <"$work/noted" | cut -f 5-7 |
    sed 's/127.0.0.1:[0-9]*/ADDR/' >"$work/calls"
  diff "$work/calls" - <<'END'
socket	AF_INET6, SOCK_STREAM, 0	-1 EAFNOSUPPORT
socket	AF_INET, SOCK_DGRAM, 0	3
fcntl	3, F_GETFL	O_RDWR
bind	3, ADDR	0
getsockname	3	0  ADDR
send	3	-1 EINTR
send	3	-1 EPERM
sendto	3, "x", 1, to ADDR	1
recv	3	-1 ECONNREFUSED
recv	3, 1	1  "x"
socket	AF_INET, SOCK_STREAM, 0	4
accept	4	-1 ECONNABORTED
getsockopt	4, SOL_SOCKET, SO_TYPE	0  1
exit	0	
END
}

@test "an address that did not fit into the length that was given is told" {
  local at='{sa_family=AF_INET6, sa_data="..."}'
  {
    printf '1.0 socket(AF_INET6, SOCK_STREAM, IPPROTO_IP) = 3<socket:[1]> <0.1>\n'
    printf '1.0 getsockname(3<socket:[1]>, %s, [16 => 28]) = 0 <0.1>\n' "$at"
    printf '1.0 getsockname(3<socket:[1]>, %s, [128 => 28]) = 0 <0.1>\n' "$at"
  } | events_of | cut -f 7 >"$work/results"
  diff "$work/results" - <<END
3
0  sa_family=AF_INET6  (cut off: it has 28 bytes, and the length said 16)
0  sa_family=AF_INET6
END
}

@test "ppoll is told as poll, with its time" {
  local fds='[{fd=3, events=POLLIN}], 1'
  {
    printf '1.0 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[1]> <0.1>\n'
    printf '1.0 ppoll(%s, {tv_sec=1, tv_nsec=500000000}, NULL, 8) = 0 (Timeout) <0.1>\n' "$fds"
    printf '1.0 ppoll(%s, NULL, NULL, 8) = 1 ([{fd=3, revents=POLLIN}]) <0.1>\n' "$fds"
    printf '1.0 poll(%s, 250) = 0 (Timeout) <0.1>\n' "$fds"
  } | events_of | cut -f 5-6 >"$work/polls"
  diff <(tail -n +2 "$work/polls") - <<END
poll	3, POLLIN, 1.5 s
poll	3, POLLIN, -1
poll	3, POLLIN, 250 ms
END
}

@test "what the loader, the resolver and a shim's signal add is no call of the program" {
  local at='{sa_family=AF_INET, sin_port=htons(5), sin_addr=inet_addr("127.0.0.1")}'
  {
    printf '1.0 close(0</etc/ld.so.cache>) = 0 <0.1>\n'
    printf '1.0 read(0</usr/lib/x/libc.so.6>, "\\177ELF"..., 832) = 832 <0.1>\n'
    printf '1.0 close(0</usr/lib/x/libc.so.6>) = 0 <0.1>\n'
    printf '1.0 socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 3<socket:[1]> <0.1>\n'
    printf '1.0 connect(3<socket:[1]>, %s, 16) = 0 <0.1>\n' "$at"
    printf '1.0 getsockname(3<socket:[1]>, %s, [128 => 16]) = 0 <0.1>\n' "$at"
    printf '1.0 close(3<socket:[1]>) = 0 <0.1>\n'
    printf '1.0 --- SIGSYS {si_signo=SIGSYS} ---\n'
    printf '1.0 socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 3<socket:[2]> <0.1>\n'
    printf '1.0 connect(3<socket:[2]>, %s, 16) = 0 <0.1>\n' "$at"
    printf '1.0 sendto(3<socket:[2]>, "a", 1, 0, NULL, 0) = 1 <0.1>\n'
    printf '1.0 close(0</dev/null>) = 0 <0.1>\n'
    printf '1.0 +++ killed by SIGSEGV +++\n'
  } | events_of -v stopped=1 | cut -f 5-6 >"$work/calls"
  diff "$work/calls" - <<'END'
socket	AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, 0
connect	3, 127.0.0.1:5
send	3, "a", 1
close	0
killed	SIGSEGV
END
}

@test "where time is changed for a program, it waits its own time" {
  local fds='[{fd=3, events=POLLIN}], 1'
  told() {
    {
      printf '1.0 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[1]> <0.1>\n'
      printf '1.0 ppoll(%s, {tv_sec=0, tv_nsec=%s}, NULL, 8) = 0 (Timeout) <0.1>\n' "$fds" "$2"
      printf '1.0 poll(%s, 10) = 0 (Timeout) <0.1>\n' "$fds"
    } | RAN=$1 events_of | sed 's/.*, //; s/\t.*//' | tail -n 2 | xargs
  }
  [ "$(told "LD_PRELOAD='clock.so' CLOCK='fast=57600' ./ping 127.0.0.1 1 3600" 61960000)" = '3600 s 580 s' ]
  [ "$(told "CLOCK='slow=100' ./close" 750000000)" = '0.0075 s 0.0001 s' ]
  [ "$(told ./close 750000000)" = '0.75 s 10 ms' ]
}

@test "an RST for an ACK after both FINs is nobody's; one that answers data is told" {
  segment() { printf '1.0 IP 127.0.0.1.%s > 127.0.0.1.%s: Flags [%s], seq 1, win 64, length %s\n' "$@"; }
  over() {
    segment 5 8 S 0 && segment 8 5 S. 0 && segment 8 5 F. 0
    segment 5 8 F. 0 && segment 8 5 . 0 && segment 5 8 . 0 && segment 8 5 . "$1" && segment 5 8 R 0
  }
  [ "$(over 0 | awk -f tests/commands/draw/wire.awk | cut -f 3 | tail -n 2 | xargs)" = 'ACK ACK' ]
  [ "$(over 1 | awk -f tests/commands/draw/wire.awk | cut -f 3 | tail -n 2 | xargs)" = 'DATA RST' ]
}

@test "segments have numbers, poll names each descriptor, a sleep its length or its end" {
  segment() { printf '1.0 IP 127.0.0.1.%s > 127.0.0.1.%s: Flags [%s], seq 1, win 64, length %s\n' "$@"; }
  # The first SYN is sent again.
  two() { segment 5 8 S 0 && segment 5 8 S 0 && segment 8 5 S. 0 && segment 6 8 S 0 && segment 8 6 S. 0 && segment 8 5 P. 9; }
  [ "$(two | awk -f tests/commands/draw/wire.awk | cut -f 2,6 | xargs)" = 'C 1 C 1 S 1 C 2 S 2 S 1' ]
  cat >"$work/strace" <<'END'
1.1 execve("./x", ["x"], 0x7f) = 0 <0.1>
1.2 poll([{fd=3<TCP:[1]>, events=POLLIN}], 1, 250) = 0 (Timeout) <0.1>
1.3 poll([{fd=3<TCP:[1]>, events=POLLIN}, {fd=-1}, {fd=5<TCP:[2]>, events=POLLIN|POLLOUT}], 3, -1) = 1 ([{fd=5<TCP:[2]>, revents=POLLOUT|POLLHUP}]) <0.1>
1.4 clock_nanosleep(CLOCK_MONOTONIC, 0, {tv_sec=1, tv_nsec=0}, NULL) = 0 <0.1>
1.4 clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, {tv_sec=1530, tv_nsec=0}, NULL) = 0 <0.1>
1.4 poll([{fd=-1}, {fd=5<TCP:[2]>, events=0}], 2, -1 <unfinished ...>) = ?
END
  run awk -v lane=S -v process=x -v scripted=0 -v stopped=0 -v direct=1 -f tests/kit/events.awk "$work/strace"
  [ "$(cut -f 5- <<<"$output")" = $'poll\t3, POLLIN, 250 ms\t0
poll\t3 POLLIN, 5 POLLIN|POLLOUT, -1\t1  5 POLLOUT|POLLHUP
nanosleep\t1 s\t0
nanosleep\tuntil 1530 s\t0
poll\t5 0, -1\t' ]
}

@test "strace's lines become calls: strings like syntax, IPv6, errors, repetition" {
  cat >"$work/strace" <<'END'
1.0 execve("/bin/sh", ["sh"], 0x7f) = 0 <0.1>
1.0 write(1</tmp/pid>, "17\n", 3) = 3 <0.1>
1.1 execve("./x", ["x"], 0x7f) = 0 <0.1>
1.2 read(3</lib/libc.so.6>, "ELF"..., 832) = 832 <0.1>
1.3 socket(AF_INET6, SOCK_STREAM, IPPROTO_IP) = 3<socket:[1]> <0.000001>
1.4 connect(3<socket:[1]>, {sa_family=AF_INET6, sin6_port=htons(65001), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0 <0.25>
1.7 sendto(3<socket:[1]>, "a) = \"b<c>, 7", 13, MSG_NOSIGNAL, NULL, 0) = 13 <0.1>
1.8 recvfrom(3<socket:[1]>, 0x7ffc, 1024, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable) <0.1>
1.9 recvfrom(3<socket:[1]>, 0x7ffc, 1024, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable) <0.1>
2.0 recvfrom(3<socket:[1]>, 0x7ffc, 1024, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable) <0.1>
2.0 close(0</dev/null>) = 0 <0.0>
2.0 close(4</etc/hosts>) = 0 <0.0>
2.0 write(1<pipe:[1]>, "so far\n", 7) = 7 <0.1>
2.1 write(2<pipe:[2]>, "x: ", 3) = 3 <0.1>
2.2 write(2<pipe:[2]>, "lost\n", 5) = 5 <0.1>
2.3 --- SIGPIPE {si_signo=SIGPIPE} ---
2.4 recvfrom(3<socket:[1]>,  <unfinished ...>) = ?
2.5 +++ killed by SIGPIPE +++
END
  run awk -v lane=C -v process=x -v scripted=0 -v stopped=0 -f tests/kit/events.awk "$work/strace"
  # shellcheck disable=SC2016 # awk's own
  [ "$(cut -f 1,2,5- <<<"$output" | tr '\t' '|')" = '1.3|1.300001|socket|AF_INET6, SOCK_STREAM, 0|3
1.4|1.650000|connect|3, [::1]:65001|0
1.7|1.800000|send|3, "a) = \"b<c>, 7", 13, MSG_NOSIGNAL|13
1.8|1.900000|recv|3, 1024, MSG_DONTWAIT|-1 EAGAIN
1.9|2.000000|recv|3, 1024, MSG_DONTWAIT|-1 EAGAIN
2.100000|2.100000|again|the same once more|
2.0|2.000000|close|0|0
2.0|2.0|prints|"so far"|
2.1|2.1|prints|on standard error "x: lost"|
2.4||recv|3|
2.5|2.5|killed|SIGPIPE|' ]
}

@test "strace's lines of Unix sockets and their files become calls" {
  cat >"$work/strace" <<'END'
1.1 execve("./x", ["x"], 0x7f) = 0 <0.1>
1.2 socket(AF_UNIX, SOCK_STREAM, 0) = 3<socket:[1]> <0.1>
1.3 umask(077) = 022 <0.1>
1.4 bind(3<socket:[1]>, {sa_family=AF_UNIX, sun_path="./a \"b\""}, 110) = -1 EADDRINUSE (Address already in use) <0.1>
1.5 unlinkat(AT_FDCWD</tmp>, "./a", 0) = 0 <0.1>
1.6 renameat2(AT_FDCWD</tmp>, "a", AT_FDCWD</tmp>, "b", RENAME_NOREPLACE) = 0 <0.1>
1.7 accept4(3<socket:[1]>, {sa_family=AF_UNIX}, [110 => 2], SOCK_CLOEXEC) = 4<socket:[2]> <0.1>
1.8 getsockopt(4<socket:[2]>, SOL_SOCKET, SO_PEERCRED, {pid=7, uid=8, gid=9}, [12]) = 0 <0.1>
1.9 connect(5<socket:[3]>, {sa_family=AF_UNIX, sun_path=@"abstract"}, 11) = -1 ECONNREFUSED (Connection refused) <0.1>
END
  run awk -v lane=C -v process=x -v scripted=0 -v stopped=0 -v direct=1 -f tests/kit/events.awk "$work/strace"
  # shellcheck disable=SC2016 # awk's own
  [ "$(cut -f 5- <<<"$output" | tr '\t' '|')" = 'socket|AF_UNIX, SOCK_STREAM, 0|3
umask|077|022
bind|3, "./a \"b\""|-1 EADDRINUSE
unlink|"./a"|0
rename|"a", "b"|0
accept|3|4
getsockopt|4, SOL_SOCKET, SO_PEERCRED|0  {pid=7, uid=8, gid=9}
connect|5, @"abstract"|-1 ECONNREFUSED' ]
}

@test "Unix sockets: no wire is drawn, and none is missed" {
  sees_all
  picture 11 solutions picture
  picture 11 solutions mermaid mermaid
  wait
  shows picture '!the wire' 'accept\(3\)' 'connect\(3, "./unix.sock"\)' 'unlink' 'There is no wire'
  shows mermaid '!participant [CS]K' 'participant K as the kernel' 'S->>K: bind' 'K-->>S: 0' 'C->>K: connect'
}

@test "the pictures of the handouts are what happens" {
  run tests/course/pages/diagrams labs/*/README.md
  echo "$output"
  [ "$status" -eq 0 ]
  local many
  many=$(cat labs/*/README.md | grep -c '%% trace: ')
  ((many >= 8))
  [ "${lines[-1]}" = "$many diagrams were compared" ]
  # A picture that says something else is found: a call, a result, a segment, their order.
  local wrong
  for wrong in 's/send "hello"/send "hallo"/' 's/SK-->>S: 6$/SK-->>S: 7/' 's/SK: FIN/SK: RST/' \
    '/send " world"/{h;d}; /shutdown/{G}'; do
    sed "$wrong" labs/06-close/README.md >"$work/page.md"
    run tests/course/pages/diagrams "$work/page.md"
    [ "$status" -eq 1 ]
  done
}

# shows PICTURE REGEX…: the lines of the picture hold these, in this order; a REGEX
# that begins with "!" is in none of the lines that are left.
shows() {
  awk -v first=2 'BEGIN {
      n = ARGC
      for (i = first; i < n; i++) { want[i] = ARGV[i]; delete ARGV[i] }
      i = first
      for (; i < n && want[i] ~ /^!/; i++) never[i] = substr(want[i], 2)
    }
    { for (k in never) if ($0 ~ never[k]) bad = "there is: " never[k] }
    i < n && $0 ~ want[i] { for (i++; i < n && want[i] ~ /^!/; i++) never[i] = substr(want[i], 2) }
    END {
      if (i < n) bad = "there is no: " want[i]
      if (bad != "") { print bad; exit 1 }
    }' "$work/$1" "${@:2}" || { cat "$work/$1" && return 1; }
}

@test "what is wrong in a mistake is seen in its picture" {
  sees_all
  local mistakes=(
    01-socket/closed-twice 02-bind/busy-wait 03-listen/no-htons 03-listen/listen-forgotten
    04-accept/connection-stays-open 05-send-recv/one-recv-is-one-line 06-close/reads-once
    06-close/linger-zero 07-connect/no-half-close 07-connect/zero-byte-sent
    08-timeouts/server-asks-again 09-echo-loop/server-two-calls
  ) mistake
  for mistake in "${mistakes[@]}"; do
    with_mistake "$mistake"
    picture "${mistake%/*}" "$DIR" "${mistake##*/}"
  done
  wait
  shows closed-twice 'close\(3\) = 0' 'close\(3\) = -1 EBADF'
  shows busy-wait 'read\(0\) = -1 EAGAIN' 'the same [0-9]+ times more'
  shows no-htons 'bind\(3, 127.0.0.1:17183\)' '-- SYN -' '<- RST' 'ECONNREFUSED'
  shows listen-forgotten '!listen\(' 'bind\(3, 127.0.0.1:8003\)' '-- SYN -' '<- RST' 'ECONNREFUSED'
  shows connection-stays-open ' = 4 ' '!close\(4\)' 'did not end: ended here' 'stays open'
  shows one-recv-is-one-line '= 1  "1"' 'send\(4, "welcome' '= 1  "\\n"' 'send\(4, "please'
  # It closes before the second piece comes or after that: both end in a reset.
  shows reads-once '"hello"' 'send\(4, "5 bytes' 'close\(4\)' '<- RST'
  shows linger-zero '<- 9 bytes' '!FIN' 'close\(4\)' '<- RST' 'ECONNRESET'
  shows no-half-close 'send\(3, "hello"' '!shutdown' 'recv\(3' 'the connection stays open'
  shows zero-byte-sent 'send\(3, "hello\\0", 6\)' '-- 6 bytes' 'more bytes: "\\x00"'
  shows server-two-calls 'send\(4, "Echo=>", 6' '<- 6 bytes' '<- 5 bytes'
  shows server-asks-again 'recv\(4, 1\)' '= -1 EAGAIN' 'the same [0-9]+ times'
}

@test "a picture fits 80 columns, with colour and without, in ASCII and in UTF-8" {
  LAB=09 run tests/commands/trace
  [ "$status" -eq 0 ]
  ! LC_ALL=C grep '.\{81\}\|[^ -~]' <<<"$output" || false
  [[ ${lines[-1]} == 'Next: make check LAB=09 SUBMISSION=solutions' ]]
  command -v script >/dev/null || skip "script is not installed"
  run script -qec 'stty cols 80; TERM=xterm LC_ALL=C.UTF-8 LAB=09 tests/commands/trace' /dev/null
  [[ $output == *$'\e[36m── 5 bytes '*$'▶\e[0m'* ]]
  [[ $output == *'┃'* ]]
  sed -E $'s/\e\\[[0-9;]*m//g; s/\r//' <<<"$output" >"$work/plain"
  ! LC_ALL=C.UTF-8 grep '.\{81\}' "$work/plain" || false
  run script -qec 'stty cols 80; TERM=xterm NO_COLOR=1 LC_ALL=C.UTF-8 LAB=09 tests/commands/trace' /dev/null
  [[ $output != *$'\e['* ]]
}

@test "what cannot be seen is named, and the rest is drawn" {
  strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
  local tool
  mkdir "$work/bin"
  for tool in unshare tcpdump; do
    printf '#!/bin/sh\necho "%s: Operation not permitted" >&2\nexit 1\n' "$tool" >"$work/bin/$tool"
  done
  cp "$work/bin/unshare" "$work/strace"
  chmod +x "$work/bin/"* "$work/strace"
  LAB=09 PATH=$work/bin:$PATH run tests/commands/trace
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'recv(4, 1024)'* ]]
  [[ $output != *' SYN '* ]]
  [[ $output == *'The wire is missing: '* ]]
  cp "$work/strace" "$work/bin/strace"
  LAB=09 PATH=$work/bin:$PATH run tests/commands/trace
  [ "$status" -eq 3 ]
  [[ $output == *'strace may not look'*'Nothing can be seen'* ]]
  LAB=05 TEST='does the basic' PATH=$work/bin:$PATH run tests/commands/trace
  [ "$status" -eq 3 ]
  [[ $output == *'strace may not look'*'Nothing can be seen'* ]]
  sees_all
  rm "$work/bin/"{unshare,tcpdump}
  LAB=09 PATH=$work/bin:$PATH run tests/commands/trace
  [ "$status" -eq 0 ]
  [[ $output == *'-- SYN -'*'-- 5 bytes -'* ]]
  [[ $output != *'recv('* ]]
}

@test "a program that is not there or does not compile is named; of two, ours stands in" {
  mkdir -p "$work/09-echo-loop"
  cp solutions/09-echo-loop/echo-server.c "$work/09-echo-loop/"
  echo 'int main(void) { return' >"$work/09-echo-loop/echo-client.c"
  LAB=09 SUBMISSION=$work run tests/commands/trace
  [ "$status" -eq 0 ]
  [[ ${output//$'\n'/ } == *'echo-client is our solution here, for '* ]]
  rm "$work/09-echo-loop/"*
  LAB=09 SUBMISSION=$work run tests/commands/trace
  [ "$status" -eq 1 ]
  [[ ${output//$'\n'/ } == *'Nothing to draw: there is no '* ]]
  for choice in LAB= LAB='3 4' LAB=x 'FORMAT=png' SUBMISSION=/nowhere; do
    run env LAB=03 "$choice" tests/commands/trace
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
  done
}

@test "ended in the middle it leaves nothing behind" {
  local tracing
  mkdir -p "$work/02-bind"
  sed 's/^    int fd = bind_to/    pause();\n&/' solutions/02-bind/bind.c >"$work/02-bind/bind.c"
  LAB=02 SUBMISSION=$work tests/commands/trace >"$work/out" 2>&1 3>&- &
  tracing=$!
  until found=$(compgen -G "$build/trace.*/scene/bind/pid.program") && [ -s "$found" ]; do
    kill -0 "$tracing"
  done
  local program
  program=$(<"$found")
  kill -TERM "$tracing"
  wait "$tracing" || true
  [ ! -e "/proc/$program" ]
  [ ! -e "$found" ]
}

@test "ICMP: packets of raw sockets and on the wire are told in words" {
  cat >"$work/strace" <<'END_STRACE'
1.0 execve("./x", ["x"], 0x7f) = 0 <0.1>
1.1 socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) = 3<socket:[1]> <0.1>
1.2 sendto(3<socket:[1]>, "\10\0\371\377\0\0011\2\n\t", 64, 0, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("127.0.0.9")}, 16) = 64 <0.1>
1.3 recvfrom(3<socket:[1]>, "F\0\0T\0\0\0\0@\1\0\0\177\0\0\t\177\0\0\1\1\1\1\1\0\0\371\377\0\0011\2xx", 65535, 0, NULL, NULL) = 88 <0.1>
1.4 recvfrom(3<socket:[1]>, "E\0\0T\0\0\0\0@\1\0\0\177\0\0\t\177\0\0\1\3\r\371\377\0\0\0\0", 65535, 0, NULL, NULL) = 28 <0.1>
END_STRACE
  run awk -v lane=C -v process=x -v scripted=0 -v stopped=0 -v direct=1 -f tests/kit/events.awk "$work/strace"
  [ "$(cut -f 5- <<<"$output" | tr '\t' '|')" = 'socket|AF_INET, SOCK_RAW, IPPROTO_ICMP|3
sendto|3, echo request 12546, 64, to 127.0.0.9|64
recv|3, 65535|88  echo reply 12546
recv|3, 65535|28  unreachable, code 13' ]
  run awk -f tests/commands/draw/wire.awk <<'END_WIRE'
1.0 IP 127.0.0.1 > 127.0.0.9: ICMP echo request, id 5, seq 12, length 64
1.1 IP 127.0.0.9 > 127.0.0.1: ICMP echo reply, id 5, seq 12, length 64
1.2 IP 127.0.0.9 > 127.0.0.1: ICMP host 127.0.0.9 unreachable, length 36
END_WIRE
  [ "$(cut -f 2,3 <<<"$output" | tr '\t' '|' | xargs)" = 'C|request 12 S|reply 12 S|unreachable' ]
}

# failed LAB/MISTAKE WORDS NAME: the picture of the test with WORDS in its name, with this known
# mistake, is in $work/NAME; in the background.
failed() {
  with_mistake "$1"
  while (($(jobs -rp | wc -l) >= 3)); do wait -n || true; done
  (LAB=${1%/*} SUBMISSION=$DIR TEST=$2 tests/commands/trace >"$work/$3" 2>&1 || echo "exit $?" >>"$work/$3") &
}

@test "a test that failed is drawn: what it did, the wire, the calls, and what did not come" {
  sees_all
  failed 05-send-recv/one-recv-is-one-line 'any number of pieces' server
  failed 07-connect/no-half-close 'half' client
  failed 03-listen/fixed-backlog 'exactly the backlog' backlog
  failed 11-unix/server-no-umask 'its owner alone' unix
  failed 12-raw/identifier-not-compared 'a reply to another program' icmp
  wait
  # Which of the two begins is the machine's choice.
  shows server '^ *[0-9.]+ wait-listening-at'
  shows server '  ./send-recv 127' 'the test  .*the wire .*send-recv' 'bind\(3, ADDR:PORT\)' \
    '-- SYN' 'send 1' '= 1  "1"' '[!].* send\(4, "welcome' 'fails' 'expected  .*welcome' '^ +[0-9.]+ got' '[!] here it goes another way' \
    'The same test with a right program:' '^! +recv\(4, 1024\) = 1  "\\n"' 'Hint: ' "make check LAB=05 .*TEST='any number of pieces'"
  shows client ' connect  .*the wire .*the test' 'listen ADDR:PORT' 'connect\(3, ADDR:PORT\)' '!FIN' \
    '[!]recv\(3' 'fails' 'expected  the orderly end' 'got       the program has' '^[!] .*shutdown\(3'
  shows backlog '[!]. .*listen\(3, 5\)' 'expect-backlog 0  fails' 'expected  a backlog of 0' 'got       a backlog of 5' '^[!] .*listen\(3, 0\)'
  shows unix 'the test  .*unix-server' 'bind\(3, "./server.sock"\)' 'fails' \
    'expected  a socket file ./server.sock' 'There is no wire'
  shows icmp ' ping  .*the test' 'join-network ADDR' 'alter id 1' '[!]prints "64 bytes' 'expected' '^[!] .*prints' \
    'The wire is missing: the program has'
}

@test "beside on a wide terminal: each statement of the test begins on the same line in both" {
  sees_all
  command -v script >/dev/null || skip "script is not installed"
  with_mistake 05-send-recv/one-recv-is-one-line
  run script -qec "stty cols 170; TERM=xterm NO_COLOR=1 LC_ALL=C.UTF-8 LAB=05 SUBMISSION=$DIR TEST='any number of pieces' tests/commands/trace" /dev/null
  echo "$output"
  [[ $output == *' connect ADDR:PORT '*'  connect ADDR:PORT'* ]]
  [[ $output == *' set-piece-size 1 '*'  set-piece-size 1'* ]]
  ! grep -q 'The same test with' <<<"$output" || false
  ! tr -d '\r' <<<"$output" | LC_ALL=C.UTF-8 grep -v '^Next\|make check' | LC_ALL=C.UTF-8 grep '.\{171\}' || false
}

@test "which test is drawn: one that fails, or it asks; what cannot be drawn says why" {
  with_mistake 05-send-recv/one-recv-is-one-line
  export LAB=05 SUBMISSION=$DIR
  TEST='line' run tests/commands/trace
  echo "$output"
  [ "$status" -eq 2 ]
  [ "${lines[0]}" = 'Which one shall be drawn? These tests fail:' ]
  ((${#lines[@]} > 2))
  TEST='IPv6' run tests/commands/trace
  echo "$output"
  [ "$status" -eq 2 ]
  [ "${lines[0]}" = 'Which one shall be drawn? All these tests pass:' ]
  TEST='nothing like it' run tests/commands/trace
  [ "$status" -eq 2 ]
  [ "${#lines[@]}" -eq 1 ]
  TEST=line FORMAT=canon run tests/commands/trace
  [ "$status" -eq 2 ]
  [[ $output == *'leave out TEST' ]]
  TEST=line SEED=x run tests/commands/trace
  [ "$status" -eq 2 ]
  for test in 'compiles without a warning' 'valgrind: no memory error'; do
    TEST=$test run tests/commands/trace
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output == "Nothing to draw of \"$test\""*'make check LAB=05'* ]]
  done
  # A test that was not run is told with the one that failed before it.
  printf 'int main(void) { return 0; }\n' >"$DIR/05-send-recv/send-recv.c"
  TEST='any number of pieces' run tests/commands/trace
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'does the basic job'*'exits, status 0'*'expected '*'"a line may arrive in any number of pieces" needs this test.'* ]]
}

@test "where a program goes another way than ours: bytes count, buffers and number of calls do not" {
  differs() { awk -f tests/commands/draw/differ.awk "$work/mine" <(printf '%s\n' "$@"); }
  printf '1\tconnect\n2\t\trecv(4, 2) = 2  "ab"\n3\t\trecv(4, 2) = 1  "c"\n4\t\tsend(4, "x", 1) = 1\n5\t\trecv(4)  waits\n' >"$work/mine"
  [ -z "$(differs connect $'\trecv(4, 1024) = 3  "abc"' $'\tpoll(4, POLLOUT, -1) = 1  POLLOUT' $'\tsend(4, "xy", 2, MSG_NOSIGNAL) = 1')" ]
  # What comes in is the test's choice; where ours waits for more of it, an answer is too early.
  [ -z "$(differs $'\trecv(4, 1024) = 3  "bcd"' $'\tsend(4, "x", 1) = 1')" ]
  [ "$(differs $'\trecv(4, 1024) = 3  "abc"' $'\trecv(4, 1024) = 1  "d"' $'\tsend(4, "x", 1) = 1')" = '4 2' ]
  [ "$(differs $'\trecv(4, 1024) = 3  "abc"' $'\tsend(4, "y", 1) = 1')" = '4 2' ]
  [ "$(differs $'\trecv(4, 1024) = 3  "abc"' $'\tshutdown(4, SHUT_WR) = 0')" = '4 3' ]
  # It waits where ours goes on, and goes on where ours has ended.
  [ "$(differs $'\trecv(4, 1024) = 3  "abc"' $'\tsend(4, "x", 1) = 1' $'\tclose(4) = 0')" = '5 3' ]
  [ "$(differs $'\trecv(4, 1024) = 3  "abc"')" = '4 2' ]
  # Of what ours did after a cut nothing is known.
  [ -z "$(differs $'\trecv(4, 1024) = 3  "abc"' '(9 more)')" ]
  printf '1\t\tlisten(3, 5) = 0\n' >"$work/mine"
  [ -z "$(differs $'\tlisten(3, 4096) = 0')" ]
  [ "$(differs $'\tlisten(3, 0) = 0')" = '1 1' ]
  # An address that was cut off is not one that was not.
  printf '1\t\taccept(3) = 4  sa_family=AF_INET6  (cut off: it has 28 bytes, and the length said 16)\n' >"$work/mine"
  [ "$(differs $'\taccept(3) = 4  CLIENT')" = '1 1' ]
  # Where nothing else differs, the first wait, and what standard error says.
  printf '1\t\tpoll(4, POLLIN, 0 ms) = 0\n2\t\tprints on standard error "closed"\n' >"$work/mine"
  [ "$(differs $'\tpoll(4, POLLIN, 70 ms) = 0' $'\tprints on standard error "closed"')" = '1 1' ]
  [ "$(differs $'\tpoll(4, POLLIN, 0 s) = 0' $'\tprints on standard error "timed out"')" = '2 2' ]
  [ -z "$(differs $'\tpoll(4, POLLIN, 0 s) = 0' $'\tprints on standard error "closed"')" ]
}

# bats test_tags=lab
@test "the pictures of how it goes right are those of the solutions" {
  strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
  LAB=$given run tests/course/pictures --check
  echo "$output"
  [ "$status" -eq 0 ]
  # No path of the machine that drew them.
  run grep -nE '/run\.[A-Za-z0-9]+/' tests/labs/*/right
  echo "$output"
  [ "$status" -eq 1 ]
  # A picture of another test, or of a program that makes another call, is found.
  mkdir -p "$work/course"
  cp -r labs solutions tests Makefile "$work/course/"
  cd "$work/course"
  sed -i 's/^wait-listening$/wait-read/' tests/labs/03-listen/right
  ONE_IN=1 LAB=03 run tests/course/pictures --check
  [ "$status" -eq 1 ]
}
