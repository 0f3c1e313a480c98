#!/usr/bin/env bats
# The peer's statements about Unix sockets (tests/tools/peer/unix.c): what each does and,
# when it is not as it must be, says. The other end is a second peer, or a small program.
# shellcheck disable=SC2154 # T, BIN and root are tools.bash's
load tools
load conversation

slept='nothing for 2 s, while the program slept'
S=./here.sock

# build_program: reads a C program from standard input; it is ./program then.
build_program() { gcc -std=gnu17 -w -x c - -o program; }

@test "connect and listen by a path: bytes both ways, and an end" {
  play_program <<END
    listen $S 1
    print ready
    accept
    expect hello
    send world
    expect-eof
    shutdown
END
  peer <<END
    wait-listening-at $S
    connect $S
    send hello
    expect world
    wait-read
    shutdown
    expect-eof
END
  assert_program_ended 0
  same "$(grep step program.ev | head -n 1)" $'step\taccepted a connection from a Unix socket'
  like "$(<ev)" $'step\tthe program listens on ./here.sock\nstep\tconnected to ./here.sock\n*'
}

@test "-u: socket files are in that folder, whose path may be long; a path has 107 bytes" {
  local long folder path
  printf -v long '%0100d' 1
  folder="$T/$long/with a blank/$long"
  mkdir -p "$folder"
  printf -v path './%0105d' 1
  play_program -u "$folder" <<END
    listen $path 1
    print ready
    accept
    expect x
END
  [ -S "$folder/$path" ]
  peer -u "$folder" <<END
    connect $path
    send x
END
  assert_program_ended 0
  run "$BIN/peer" listen "${path}1" 1
  same "$status" 2
}

@test "connect: there is no file, nobody listens, or it is a link" {
  play_program <<END
    print ready
    stay
END
  assert_unmet "a connection to $S" 'No such file or directory' connect "$S"
  peer leave-stale-socket "$S"
  assert_unmet "a connection to $S" 'Connection refused (no socket listens there)' connect "$S"
  # Not even to one on which somebody listens: who made the link?
  play_program <<END
    listen ./real 1
    print ready
    stay
END
  ln -s real link
  peer connect ./real
  assert_unmet 'a connection to ./link' '*' connect ./link
}

@test "set-seqpacket: listens for connections of another type" {
  play_program <<END
    set-seqpacket
    listen $S 1
    print ready
    stay
END
  assert_unmet "a connection to $S" 'Protocol wrong type for socket' connect "$S"
}

@test "connect waits for room in the queue, while the program does anything" {
  play_program <<END
    listen $S 0
    fill-queue
    print ready
    stay
END
  assert_unmet "a connection to $S" "$slept" connect "$S"
}

@test "wait-listening-at: listens on no socket, on another, with another name" {
  play_program <<END
    print ready
    stay
END
  assert_unmet "a Unix socket that listens on $S" "it listens on none: $slept" wait-listening-at "$S"
  play_program <<END
    listen ./there.sock 1
    print ready
    stay
END
  assert_unmet "a Unix socket that listens on $S" "it listens on ./there.sock: $slept" wait-listening-at "$S"
  echo text >here.sock
  assert_unmet "a Unix socket that listens on $S" "it listens on ./there.sock: $slept" wait-listening-at "$S"
  peer wait-listening-at ./there.sock
}

@test "leave-stale-socket: a socket file, private, and nobody listens" {
  peer leave-stale-socket "$S"
  [ -S "$S" ]
  same "$(stat -c %a "$S")" 700
  # It is the user's whose folder it is.
  ((EUID == 0)) || return 0
  mkdir folder
  chown 4711 folder
  peer -u folder leave-stale-socket "$S"
  same "$(stat -c %u "folder/$S")" 4711
}

@test "wait-accepted and wait-read see the queue and what is unread" {
  play_program <<END
    listen $S 3
    print ready
    accept
    stay
END
  assert_unmet 'the program accepts the connection' "it waits in the kernel's queue: $slept" <<END
    connect $S
    use-connection 1
    connect $S
    wait-accepted
END
  play_program <<END
    listen ./two.sock 3
    print ready
    accept
    expect he
    stay
END
  assert_unmet 'the program reads all that was sent' "bytes wait unread in the kernel: $slept" <<END
    connect ./two.sock
    wait-accepted
    send he
    wait-read
    send llo
    wait-read
END
}

@test "fill-queue, wait-connecting, answer-connect: a program waits in connect" {
  cat >script <<END
    listen $S 2
    fill-queue
    print ready
    wait-connecting
    answer-connect
    expect hello
END
  build_program <<'END'
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
int main(int argc, char **argv) {
    struct sockaddr_un to = {AF_UNIX, "here.sock"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (argc > 1) pause();
    return connect(fd, (void *)&to, sizeof to) || write(fd, "hello", 5) != 5;
}
END
  peer <script >said &
  local waiting=$!
  until_it grep -qs ready said
  run_program ./program
  wait "$waiting"
  wait "$PROGRAM"
  # One that does not connect.
  rm "$S"
  run_program ./program waits
  sed -i 's/^ *expect hello//' script
  assert_unmet 'the program connects' "$slept" <<END
    listen $S 2
    fill-queue
    answer-connect
END
}

@test "abort: waits for bytes and leaves them unread, which is a reset" {
  play_program <<END
    listen $S 2
    print ready
    accept
    expect x
    send y
    expect-reset
    accept
    expect-eof
    stay
END
  peer <<END
    connect $S
    send x
    abort
    connect $S
    close
END
  play_program <<END
    listen ./two.sock 2
    print ready
    accept
    stay
END
  assert_unmet 'bytes from the program, to be left unread' "$slept" <<END
    connect ./two.sock
    abort
END
}

@test "expect-promptly: a program that sleeps first is late" {
  play_program <<END
    listen $S 2
    print ready
    accept
    stay
END
  assert_unmet '"x" (1 byte)' '"" (0 bytes)|*|then the program has all that it needs, and sleeps first, for more than 50 ms*' <<END
    expect-promptly
    connect $S
    send x
    expect x
END
}

@test "expect-private: the bits of a socket file" {
  local private="a socket file $S to which its owner alone can connect"
  assert_unmet "$private" 'no such file while it listens' expect-private "$S"
  peer leave-stale-socket "$S"
  peer expect-private "$S"
  chmod 600 "$S"
  peer expect-private "$S"
  local mode
  for mode in 620 601 777 604; do
    chmod "$mode" "$S"
    assert_unmet "$private" "it is open to others: mode 0$mode while it listens" expect-private "$S"
  done
  chmod 400 "$S"
  assert_unmet "$private" 'its owner cannot write to it: mode 0400 while it listens' expect-private "$S"
  rm "$S"
  : >"$S"
  assert_unmet "$private" 'a file that is no socket while it listens' expect-private "$S"
}

@test "expect-private-at-bind: sees the mode before a chmod mends it; SHIM=hold-bind" {
  build_program <<'END'
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
int main(int argc, char **argv) {
    struct sockaddr_un at = {AF_UNIX, "here.sock"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0), temporary = strcmp(argv[1], "rename") == 0;
    if (strcmp(argv[1], "umask") == 0) umask(077);
    if (strcmp(argv[1], "fchmod") == 0) fchmod(fd, 0600);
    if (temporary) strcpy(at.sun_path, "temporary");
    unlink(at.sun_path);
    bind(fd, (void *)&at, sizeof at);
    if (strcmp(argv[1], "none") != 0) chmod(at.sun_path, 0600);
    if (temporary) rename("temporary", "here.sock");
    if (strcmp(argv[1], "never") != 0) listen(fd, 5);
    pause();
}
END
  ln -s "$BIN/shim.so" shim.so
  local way
  for way in umask fchmod rename; do
    rm -f here.sock
    SHIM=hold-bind LD_PRELOAD=./shim.so run_program ./program "$way"
    peer expect-private-at-bind "$S"
  done
  rm here.sock
  local private="a socket file $S to which its owner alone can connect"
  SHIM=hold-bind LD_PRELOAD=./shim.so run_program ./program chmod
  assert_unmet "$private" 'it is open to others: mode 0777 when bind had returned' expect-private-at-bind "$S"
  # Where the program is not held, it is looked at when it listens.
  run_program ./program none
  assert_unmet "$private" 'it is open to others: mode 0755 when it listened' expect-private-at-bind "$S"
  run_program ./program never
  assert_unmet 'the program binds and listens' "$slept" expect-private-at-bind "$S"
}

@test "remove-file: removes a file, which must be there" {
  peer leave-stale-socket "$S"
  peer remove-file "$S"
  peer expect-no-file "$S"
  assert_unmet 'the socket file is there' "$S: No such file or directory" remove-file "$S"
}

@test "expect-no-file: names what is there" {
  peer expect-no-file "$S"
  peer leave-stale-socket "$S"
  assert_unmet "no file $S" 'the socket file is still there' expect-no-file "$S"
  ln -s nothing link
  assert_unmet 'no file ./link' 'a file is still there' expect-no-file ./link
}

@test "expect-no-path: names the path, also of a file that is gone" {
  build_program <<'END'
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
int main(int argc, char **argv) {
    struct sockaddr_un own = {AF_UNIX}, to = {AF_UNIX, "here.sock"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (argc > 1) {
        int is_abstract = argv[1][0] == '@';
        strcpy(own.sun_path + is_abstract, argv[1] + is_abstract);
        bind(fd, (void *)&own, sizeof own);
        unlink(argv[1]);
    }
    while (connect(fd, (void *)&to, sizeof to) == -1)
        usleep(1000);
    pause();
}
END
  local own
  for own in '' @own; do
    rm -f here.sock
    run_program ./program ${own:+"$own"}
    peer <<END
      listen $S 1
      accept
      expect-no-path
END
  done
  rm here.sock
  run_program ./program own.sock
  assert_unmet "the program's socket is bound to no file" 'it was bound to own.sock' <<END
    listen $S 1
    accept
    expect-no-path
END
}

@test "print-credentials and set-user: what the kernel tells the program" {
  build_program <<'END'
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
int main() {
    struct sockaddr_un at = {AF_UNIX, "here.sock"};
    struct ucred who;
    socklen_t size = sizeof who;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(fd, (void *)&at, sizeof at);
    listen(fd, 5);
    for (int i = 0; i < 2; i++) {
        int c = accept(fd, NULL, NULL);
        getsockopt(c, SOL_SOCKET, SO_PEERCRED, &who, &size);
        printf("uid %u pid %d\n", who.uid, who.pid);
        recv(c, at.sun_path, 1, 0);
    }
}
END
  run_program ./program
  peer >told <<END
    wait-listening-at $S
    connect $S
    print-credentials
    set-user 4711
    connect $S
    print-credentials
END
  wait "$PROGRAM"
  same "$(<told)" "$(<out)"
  ((EUID != 0)) || same "$(cut -d ' ' -f 2 <told | xargs)" '0 4711'
  rm "$S"
  # In namespaces of its own.
  unshare -Urpf true 2>/dev/null || skip "no namespaces here"
  run_program unshare -Urpf ./program
  until_it grep -qs . "/proc/$PROGRAM/task/$PROGRAM/children"
  xargs <"/proc/$PROGRAM/task/$PROGRAM/children" >pid
  peer >told <<END
    wait-listening-at $S
    connect $S
    print-credentials
    set-user 4711
    connect $S
    print-credentials
END
  until_it grep -qs . out
  wait "$PROGRAM"
  same "$(<told)" "$(<out)"
  like "$(<told)" 'uid 0 pid 0*'
  ((EUID != 0)) || same "$(sed -n 2p told)" "uid $(</proc/sys/kernel/overflowuid) pid 0"
}
