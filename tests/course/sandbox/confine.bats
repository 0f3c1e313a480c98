#!/usr/bin/env bats
# Tests confinement (tests/sandbox/confine): what a program cannot do inside but can do
# outside, that everything else stays the same, and the messages if something is missing.
# make grade checks the same at its start, with the same probe.c.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # C and scripts; tests are subshells
load ../tools/tools
load ../engine/judge

# confine MODE WORD…: as in make grade.
confine() { run env CONFINE="$1" "$root/tests/sandbox/confine" "${@:2}"; }

# can_confine: skips the test where this machine cannot confine all the way. Where it
# makes namespaces, one in another, it can: then whatever prove says is our own fault.
can_confine() {
  local spaces=(unshare --net --mount)
  [[ ! -e $BATS_FILE_TMPDIR/full ]] || return 0
  ((EUID == 0)) || spaces=(unshare --user --map-root-user --net --mount)
  run "${spaces[@]}" bwrap --unshare-all --ro-bind / / --dev /dev --proc /proc true
  [[ $status -eq 0 ]] || skip "no namespaces of one's own here: ${lines[0]}"
  confine full prove
  [[ $status -eq 0 ]] || { echo "$output" && false; }
  : >"$BATS_FILE_TMPDIR/full"
}

# a_private_course: COURSE is a copy that only we can read.
a_private_course() {
  COURSE=$T/course
  chmod 700 "$top"
  mkdir -p "$COURSE/.build"
  cp -r "$root"/{tests,solutions,Makefile} "$COURSE/"
  cp -rp "$BIN" "$COURSE/.build/"
}

# inside_begins: the file inside is the begin of a script for confine enter bash, with
# the test's folder and the course: listen.c is built and can be started.
inside_begins() {
  cat >inside <<'END'
set -eu
cd "$1"; root=$2
KIT_BIN=$("$root/tests/tools/build") KIT_RUN=$1 KIT_SOURCE=$1 KIT_TOOLS=$KIT_SHARE KIT_CC=/usr/bin/gcc
TEST_DIR=$1/t EVIDENCE=$1/evidence
mkdir "$TEST_DIR" "$KIT_SHARE/src"
cp listen.c "$KIT_SHARE/src"
for part in kit/explain kit/signal kit/conditions engine/honest sandbox/confine engine/build kit/launch; do source "$root/tests/$part.bash"; done
forget_programs
PROGRAMS=(listen)
build_programs
END
}

# marks FILE: judges it as lab 03's listen.c, confined; MARKS is verdict and points.
marks() {
  mkdir -p s
  cp "$1" s/listen.c
  CONFINE=full "$root/tests/engine/judge" --lab 03 --submission s --out o --no-valgrind 3>&-
  MARKS=$(jq -r '"\(.verdict) \(.score) of \(.max)"' o/03-listen.json)
}

@test "full: every protection holds, plain, sanitized and with the raw socket's privilege" {
  can_confine
}

@test "full: a failure has its picture, also of a program with a preload library" {
  can_confine
  strace -qq -o /dev/null true 2>/dev/null || skip "no ptrace here"
  mkdir s
  cp -r "$root/solutions/05-send-recv" s/
  patch -s -p0 -d s <"$root/tests/labs/05-send-recv/mistakes/one-send.patch"
  CONFINE=full "$root/tests/engine/judge" --lab 05 --submission s --out o --no-valgrind --picture \
    --test 'every answer is whole' 3>&-
  # A call takes three bytes there, too, which is shim.so's work.
  like "$(jq -r '.tests[] | select(.verdict == "fail").picture' o/05-send-recv.json)" \
    '*listen(3*send(4, "*) = 3*'
}

@test "none: the same probe can do what the others cannot" {
  cc -o probe "$root/tests/sandbox/probe.c"
  mkdir -p a
  an_address
  # shellcheck disable=SC2094
  "$BIN/peer" -e said <<END >ready 3>&- &
    listen 127.0.0.1:$PORT 5
    print ready
    stay
END
  STARTED+=($!)
  until_it grep -qs ready ready
  sleep 100 3>&- &
  STARTED+=($!)
  KNOWN=1 TMPDIR=$T/a run ./probe reads "$root" writes "$T/a" sees $! sees 0 reaches "$PORT" is "$EUID" \
    capable 0 knows KNOWN inherits 0 opens 100 forks 65 allocates 129 fills 9 spills 17 spins 0 floods 2 7<"$0"
  for what in 'read /' 'write in' 'end process' 'see [0-9]* other' "reach the host's servers" \
    'gain privileges by' "read the caller's environment: KNOWN" 'use descriptor 7' 'open 100' 'start 65 processes' \
    'use 129 MiB of memory' 'write a file of 9' 'write 17 files' 'use the processor for ever' 'print 2 MiB'; do
    grep -aq "can $what" <<<"$output" || { echo "not: $what" && false; }
  done
  grep -aqx "is user $EUID" <<<"$output"
}

@test "a protection that does not hold stops everything, and is named" {
  can_confine
  a_private_course
  sed -i 's/-l "nproc=$BOX_PROCESSES"//; s/--disable-userns //' \
    "$COURSE/tests/sandbox/confine.bash"
  sed -i 's/unshare --net --mount/unshare --mount/; s/--map-root-user --net/--map-root-user/; s/ip \(link\|address\) .*/true/' \
    "$COURSE/tests/sandbox/confine"
  CONFINE=full run "$COURSE/tests/sandbox/confine" prove
  same "$status" 3
  for what in 'can start 64 processes' 'can make a user namespace' "can reach the host's servers"; do
    [[ $output == *"$what"* ]] || { echo "not: $what in $output" && false; }
  done
}

@test "slow is not unconfined: a probe that is slow is waited for, one that stands is named as that" {
  can_confine
  a_private_course
  # Longer than the deadline of a program that is judged.
  sed -i 's/^    puts("tried");/for (int i = 0; strstr(*argv, "plain") \&\& i < 22; i++) sleep(1), puts("trying again");&/' \
    "$COURSE/tests/sandbox/probe.c"
  CONFINE=full run "$COURSE/tests/sandbox/confine" prove
  same "$status: $output" '0: '
  sed -i 's/sleep(1)/raise(SIGSTOP)/' "$COURSE/tests/sandbox/probe.c"
  PROVE_QUIET=2 CONFINE=full run "$COURSE/tests/sandbox/confine" prove
  same "$status" 3
  like "$output" '*could not be found out whether submissions are confined here: this machine is too slow now.*nothing happened for 3 s, after: trying *Nothing was judged.*'
}

@test "what is missing is named, with the cure, and nothing runs" {
  mkdir bin
  for tool in bash sh env dirname cat sed sort tail head mktemp rm cc unshare setpriv ip tput nproc find mkdir cp; do
    ln -s "$(command -v "$tool")" bin/
  done
  PATH=$T/bin confine full prove
  same "$status" 3
  like "$output" '*Missing here, to confine submissions: bwrap. Run: make setup grade*CONFINE=weaker*CONFINE=none*'
  printf '#!/bin/sh\necho usage: bwrap\n' >bin/bwrap
  chmod +x bin/bwrap
  PATH=$T/bin:$PATH confine full prove
  same "$status" 3
  like "$output" '*bubblewrap is too old*'
  rm bin/bwrap bin/unshare bin/cat
  printf '#!/bin/sh\necho "unshare: unshare failed: Operation not permitted" >&2\nexit 1\n' >bin/unshare
  printf '#!/bin/sh\ncase $1 in *apparmor_restrict*) echo 1 ;; *max_user_namespaces) echo 0 ;; /proc/sys/*) exit 1 ;; *) exec /bin/cat "$@" ;; esac\n' >bin/cat
  chmod +x bin/unshare bin/cat
  PATH=$T/bin:$PATH confine full prove
  same "$status" 3
  like "$output" '*cannot be confined here*Operation not permitted*AppArmor*apparmor_restrict_unprivileged_userns=0*max_user_namespaces=*CONFINE=none*'
  PATH=$T/bin:$PATH CONFINE=full run "$root/tests/engine/judge" --lab 1 --submission "$root/solutions" --out o
  ((status != 0))
  [[ ! -e o/01-socket.json ]]
}

@test "wrong words: exit 2; none needs nothing" {
  confine some prove
  same "$status" 2
  confine full
  same "$status" 2
  confine full enter
  same "$status" 2
  confine none prove
  same "$status" 0
  confine none enter sh -c 'exit 7'
  same "$status" 7
  for mode in full weaker none; do
    confine "$mode" --describe
    same "$(jq -r '.confined, (.limits, .tools | type)' <<<"$output" | tr '\n' ' ')" "$mode object object "
  done
}

@test "how a program ends is told exactly, in the sandbox as without it" {
  can_confine
  cat >listen.c <<'END'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 0;
    if (n > 256 && fork() == 0 && setsid() > 0)
        return pause();
    printf("pid %d\n", getpid());
    fflush(stdout);
    kill(getppid(), n ? SIGKILL : 0);
    return n >= 128 && n < 200 ? raise(n - 128) : n;
}
END
  inside_begins
  cat >>inside <<'END'
for n in 0 1 139 137 143 200 255 300; do
  BUILD=plain start listen $n
  has_ended "$PROGRAM_NUMBER" 20
  echo "$n ${ENDS[PROGRAM_NUMBER]% *}"
done
# Its id is the one that we see it by; it stands and goes on; a signal is its own.
STDIN=open BUILD=plain start listen 400 || true
for what in "NOFILE=20 start listen 0" "SHIM=short start listen 0"; do
  eval "$what"
  has_ended "$PROGRAM_NUMBER" 20
  echo "${ENDS[PROGRAM_NUMBER]% *}"
done
end_all
END
  CONFINE=full "$root/tests/sandbox/confine" enter bash "$T/inside" "$T" "$root" >got
  same "$(head -n 8 got | tr '\n' ',')" \
    '0 exited 0 0,1 exited 1 0,139 killed 11 0,137 killed 9 0,143 killed 15 0,200 exited 200 0,255 exited 255 0,300 exited 44 1,'
  same "$(tail -n 2 got | tr '\n' ',')" 'exited 0 0,exited 0 0,'
}

@test "a test's folder: the program writes 64 KiB there, and nothing beside it; then it is gone" {
  can_confine
  cat >listen.c <<'END'
#include <stdio.h>
#include <unistd.h>
int main() {
    static char bytes[1024];
    char where[256];
    FILE *f = fopen("../beside", "w");
    if (!f) f = fopen("here", "w");
    else puts("beside");
    int n = 0;
    setbuf(f, NULL);
    while (n < 1000 && fwrite(bytes, sizeof bytes, 1, f) == 1)
        n++;
    printf("%s %d KiB\n", getcwd(where, sizeof where), n);
}
END
  inside_begins
  cat >>inside <<'END'
source "$root/tests/kit/folder.bash"
run_in_folder
make_folder
BUILD=plain start listen
has_ended "$PROGRAM_NUMBER" 20
cat "${DIRS[PROGRAM_NUMBER]}/out"
echo "$FOLDER ${FOLDER#"$KIT_SHARE"}"
files_there
echo "$REPLY"
end_all
remove_folder
files_there
echo "gone: $REPLY"
END
  CONFINE=full "$root/tests/sandbox/confine" enter bash "$T/inside" "$T" "$root" >got
  like "$(<got)" "$(printf '%s\n' '*/t/files 64 KiB' '*/t/files /t/files' '"here"' 'gone: ')"
}

@test "what is right has full marks; a source cannot include a file of ours" {
  can_confine
  marks "$root/solutions/03-listen/listen.c"
  same "$MARKS" 'pass 90 of 90'
  printf '#include "%s/solutions/03-listen/listen.c"\n' "$root" >listen.c
  marks listen.c
  like "$MARKS" 'no-compile 0 of *'
  like "$(jq -r '.tests[0].got' o/03-listen.json)" 'listen.c:1:*No such file or directory*'
}

@test "who shares a port by SO_REUSEPORT is caught there, too: the peer's sockets are the same user's" {
  can_confine
  cp "$root/solutions/03-listen/listen.c" .
  patch -s -p0 listen.c "$root/tests/labs/03-listen/mistakes/reuseport.patch"
  marks listen.c
  same "$(jq -r '.tests[] | select(.verdict == "timeout").name' o/03-listen.json)" \
    'a port on which somebody listens is refused'
}

@test "a judge that is killed with -9 leaves no process and nothing mounted" {
  can_confine
  cp "$root/solutions/03-listen/listen.c" .
  CONFINE=full "$root/tests/engine/judge" --lab 03 --submission "$T" --out o --no-valgrind 3>&- &
  judge=$!
  until_it compgen -G "$root/.build/run.*/1/0-listen/pid" >/dev/null || true
  kill -9 "$judge"
  wait "$judge" || true
  until_it no_process "$T"
}

@test "root's submissions are a user that nobody is; weaker, they can read neither tests nor results" {
  ((EUID == 0)) || skip 'only root becomes another user'
  can_confine
  a_private_course
  # All that it can read is what everybody may; a course in /root is not.
  CONFINE=weaker run "$COURSE/tests/sandbox/confine" prove /usr/include
  same "$status" 3
  same "${lines[1]}" "  can read /usr/include"
  like "${lines[2]}" '*chmod 700*'
  # What a program is, and what an ordinary one can make of a folder of ours.
  printf '#include <unistd.h>\nint main(void) { return pause(); }\n' >listen.c
  inside_begins
  echo 'BUILD=plain start listen; stat -c %u "/proc/${PIDS[PROGRAM_NUMBER]}"; end_all' >>inside
  for mode in full weaker; do
    CONFINE=$mode "$root/tests/sandbox/confine" enter bash "$T/inside" "$T" "$root" >got
    (($(<got) >= 60706))
    rm -rf t*
  done
  [[ -z $(compgen -G '/tmp/socket-steps.6[0-9][0-9][0-9][0-9]') ]]
}

@test "weaker: a program in a network of its own has its preload library" {
  ((EUID == 0)) || skip 'only root becomes another user'
  CONFINE=weaker "$root/tests/engine/judge" --lab 12 --submission "$root/solutions" --out o --no-valgrind \
    --test 'signals do not move the deadline' 3>&-
  same "$(jq -r '[.tests[] | select(.verdict | IN("pass", "skip") | not).got] | join(" ")' o/12-raw.json)" ''
}
