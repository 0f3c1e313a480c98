#!/usr/bin/env bats
# A right program on an unusual machine gets full marks, or the judge exits with 3 and
# prints the cure. It never loses a point. Each test has a private copy of the course. If a
# test changes the machine, it does so in new namespaces (unshare(1)).
# shellcheck disable=SC2016,SC2154 # texts for other shells; status and output are Bats'

load ../commands/commands.bash

# checks [LAB] COMMAND…: COMMAND, which runs the rest of its words, runs make check on our
# solution of LAB (03). DOOR=script: without make, whose exit status is 2 where that of
# the script is 3.
checks() {
  local -x LAB=03 SUBMISSION=solutions PATH=${PATH//"$BATS_LIBEXEC:"/}
  local door=(make check)
  [[ ${DOOR:-} != script ]] || door=(tests/commands/check)
  [[ $1 != [0-9][0-9] ]] || { LAB=$1 && shift; }
  run "$@" "${door[@]}"
}

# full_marks: exit 0, all points, and nothing else went wrong on the way.
full_marks() {
  exits 0
  [[ $output =~ ([0-9.]+)\ of\ ([0-9.]+)\ points && ${BASH_REMATCH[1]} == "${BASH_REMATCH[2]}" ]] || { echo "$output" && return 1; }
  [[ ${BASH_REMATCH[1]} != 0.0 && $output != *FAIL* ]] || { echo "$output" && return 1; }
}

# cured TEXT: exit 3, the cure TEXT is said, and no program is blamed.
cured() {
  exits 3
  has "$1"
  lacks FAIL
  lacks CRASH
  lacks instructor
}

# ordinary_user: "${USER_IS[@]}" runs the rest of its words as a user who is not root, to
# whom the copy belongs.
ordinary_user() {
  USER_IS=()
  ((EUID == 0)) || return 0
  chown -R 60500:60500 "$top"
  chmod 755 "$top"
  USER_IS=(setpriv --reuid 60500 --regid 60500 --clear-groups env HOME="$top")
}

# with SCRIPT WORD…: bash runs SCRIPT, then the rest of the words in its place.
with() { bash -c "$1"$'\nexec "$@"' bash "${@:2}"; }

# in_namespaces SCRIPT WORD…: the same as root of network and mount namespaces.
in_namespaces() {
  if ((EUID == 0)); then
    unshare -mn -- bash -c "ip link set lo up; $1"$'\nexec "$@"' bash "${@:2}"
  else unshare -rmn -- bash -c "ip link set lo up; $1"$'\nexec "$@"' bash "${@:2}"; fi
}
needs_namespaces() {
  in_namespaces 'mount -t tmpfs none /mnt' true 2>/dev/null || skip "no namespaces here (unshare -rmn)"
}

@test "a preload that is not there" {
  checks env LD_PRELOAD=/nowhere/lib.so
  full_marks
}

@test "variables of shells: BASH_ENV prints, SHELLOPTS traces, POSIXLY_CORRECT, CDPATH, ENV" {
  echo 'echo noise; echo noise >&2; set -o noclobber' >"$top/noise"
  checks env BASH_ENV="$top/noise" ENV="$top/noise" SHELLOPTS=xtrace:noclobber BASHOPTS=nullglob:failglob \
    POSIXLY_CORRECT=1 CDPATH=.:/ TMOUT=1 GLOBIGNORE='*' EXECIGNORE='*/gcc' IFS=/ PS4='$(echo noise)'
  full_marks
  lacks noise
}

@test "the same without make: what the shell reads first cannot be helped, the marks can" {
  echo 'echo noise >&2' >"$top/noise"
  DOOR=script checks env BASH_ENV="$top/noise" SHELLOPTS=noclobber POSIXLY_CORRECT=1 LD_PRELOAD=/nowhere.so
  full_marks
}

@test "variables of tools: grep, jq, gcc, tar, unzip, parallel, make, locales" {
  checks env GREP_OPTIONS='--color=always -v' GREP_COLORS='mt=01' GREP_COLOR=1 JQ_COLORS='0;31:0' GCC_COLORS='error=01' \
    GCC_EXEC_PREFIX=/nowhere COMPILER_PATH=/nowhere CPATH=/nowhere C_INCLUDE_PATH=/nowhere LIBRARY_PATH=/nowhere LD_LIBRARY_PATH=/nowhere \
    TAR_OPTIONS=--nonsense UNZIP=-nonsense PARALLEL=--dry-run MAKEFLAGS=-j8 LANG=xx_XX LC_ALL=nonsense LANGUAGE=de \
    VALGRIND_OPTS=--nonsense ASAN_OPTIONS=nonsense=1 LSAN_OPTIONS=x SOURCE_DATE_EPOCH=0 DEPENDENCIES_OUTPUT="$top/deps" \
    GETCONF_DIR=/ MALLOC_PERTURB_=7 MALLOC_CHECK_=3 NSS_WRAPPER_HOSTS=/nowhere LESS=-X COLUMNS=7 TZ=Nowhere
  full_marks
}

@test "functions with the names of commands, exported" {
  checks with 'cat() { echo mine; }; grep() { echo mine; }; jq() { echo mine; }; gcc() { false; }; mkdir() { false; }; kill() { false; }; cd() { builtin cd "$@" && ls; }
    timeout() { echo mine; }; setup() { false; }; start() { false; }; valgrind() { false; }; export -f cat grep jq gcc mkdir kill cd timeout setup start valgrind'
  full_marks
}

@test "a home folder with broken settings: .jq, .valgrindrc, .parallel, .bashrc" {
  mkdir -p "$top/home/.parallel"
  echo 'def broken: ;;' >"$top/home/.jq"
  echo '--no-such-option' | tee "$top/home/.valgrindrc" .valgrindrc >"$top/home/.parallel/config"
  echo 'exit 1' >"$top/home/.bashrc"
  checks env HOME="$top/home"
  full_marks
}

@test "no home folder, no TMPDIR, a bare environment" {
  checks env HOME=/nowhere TMPDIR=/nowhere/at/all
  full_marks
  checks env -i PATH="${PATH//"$BATS_LIBEXEC:"/}" LAB=03 SUBMISSION=solutions
  full_marks
}

@test "a umask that leaves nobody anything, or others nothing" {
  checks with 'umask 777'
  full_marks
  checks with 'umask 077'
  full_marks
}

@test "standard input, or all but standard output, closed" {
  checks with 'exec <&-'
  full_marks
  checks with 'exec <&- 2>&-'
  full_marks
}

@test "limits that can be raised: soft ones, on descriptors, files, addresses, data, stack" {
  checks with 'ulimit -S -n 20; ulimit -S -f 100; ulimit -S -v 3000000; ulimit -S -d 100000; ulimit -S -s unlimited || true; ulimit -S -t 60'
  full_marks
}

@test "an unlimited stack, and a small one" {
  checks with 'ulimit -s unlimited'
  full_marks
}

@test "limits that cannot be raised: said at once, with the cure" {
  local limit
  ordinary_user
  for limit in '-n 20' '-f 100' '-v 3000000' '-d 100000' '-t 60'; do
    DOOR=script checks "${USER_IS[@]}" bash -c "ulimit $limit; exec \"\$@\"" bash
    echo "ulimit $limit"
    cured "ulimit ${limit% *}"
  done
}

@test "hardly any process is left to the user: said at once" {
  ordinary_user
  ((EUID == 0)) || skip "needs a user who runs nothing else: only root can be one"
  DOOR=script checks "${USER_IS[@]}" bash -c 'ulimit -u 60; exec "$@"' bash
  cured 'ulimit -u'
}

@test "what a build says beside gcc's warnings costs nothing: a linker's note, a wrapper's words" {
  mkdir "$top/bin"
  printf '#!/bin/sh\necho "wrapper: warning: hello" >&2\necho "/usr/bin/ld: warning: x.o: missing .note.GNU-stack section implies executable stack" >&2\nexec %s "$@"\n' \
    "$(command -v gcc)" >"$top/bin/gcc"
  chmod +x "$top/bin/gcc"
  checks env PATH="$top/bin:$PATH"
  full_marks
}

@test "a compiler that compiles nothing: the machine's fault, with its words" {
  printf '#!/bin/sh\ncase " $* " in *" -E "*) exec gcc "$@" ;; esac\necho "/tmp/cc1.s: No space left on device" >&2; exit 1\n' >"$top/full"
  chmod +x "$top/full"
  DOOR=script checks env CC="$top/full"
  exits 3
  has 'compiles no program here'
  has 'No space left on device'
  lacks COMPILE
}

@test "sanitizers that cannot begin: the machine's fault, with their words" {
  printf '#!/bin/sh\ncase " $* " in *" -E "* | *" -o "*plain/*) exec gcc "$@" ;; esac\nfor last; do :; done\ngcc -x c -o "$last" - <<X\nint puts(const char *); int dprintf(int, const char *, ...);\nint main(void) { dprintf(2, "==1==ERROR: AddressSanitizer failed to allocate 0xdfff0001000 bytes\\\\n"); return 99; }\nX\n' >"$top/cc"
  chmod +x "$top/cc"
  DOOR=script checks env CC="$top/cc"
  exits 3
  has "sanitizers here"
  has 'failed to allocate'
  lacks CRASH
}

@test "valgrind that cannot begin: the machine's fault, with its words" {
  mkdir "$top/bin"
  printf '#!/bin/sh\necho "valgrind: failed to start tool memcheck" >&2\nexit 1\n' >"$top/bin/valgrind"
  chmod +x "$top/bin/valgrind"
  in_namespaces "mount --bind '$top/bin/valgrind' /usr/bin/valgrind" true 2>/dev/null || skip "no mount namespace here"
  DOOR=script checks in_namespaces "mount --bind '$top/bin/valgrind' /usr/bin/valgrind"
  exits 3
  has 'valgrind runs no program here'
  has 'failed to start tool memcheck'
}

@test "addresses of other machines can be bound: the test is skipped by name" {
  needs_namespaces
  checks in_namespaces 'echo 1 >/proc/sys/net/ipv4/ip_nonlocal_bind'
  full_marks
  has net.ipv4.ip_nonlocal_bind
}

@test "/etc/hosts without localhost, or with ::1 alone: full marks, or skipped by name" {
  needs_namespaces
  local hosts
  for hosts in '' '::1 localhost'; do
    printf '%s\n' "$hosts" >"$top/hosts"
    checks 02 in_namespaces "mount --bind '$top/hosts' /etc/hosts"
    full_marks
    has /etc/hosts
  done
}

@test "/dev/shm, and /tmp, are full: full marks; the folder of the course is: the machine's fault" {
  needs_namespaces
  # The course may lie there, too: it stays.
  local keep="unset KIT_SCRATCH; mount --bind '$top' /mnt" back="mkdir -p '$top'; mount --bind /mnt '$top'; cd '$copy'"
  local shm='mount -t tmpfs -o size=64k none /dev/shm; head -c 1M /dev/zero >/dev/shm/full 2>/dev/null || true'
  DOOR=script checks in_namespaces "$keep; $shm; $back"
  full_marks
  DOOR=script checks in_namespaces "$keep; $shm; ${shm//\/dev\/shm/\/tmp}; $back"
  full_marks
  DOOR=script checks in_namespaces 'mount -t tmpfs -o size=1m none .build'
  cured 'no room left'
}

@test "programs with sanitizers have the same addresses in every run, confined or not" {
  local mode
  sed -e 's/^#include <err.h>/#include <sys\/personality.h>\n&/' \
    -e 's/^int main(int argc, char \*argv\[\]) {/&\n#ifdef __SANITIZE_ADDRESS__\n    if (!(personality(0xffffffff) \& ADDR_NO_RANDOMIZE))\n        return 9;\n#endif/' \
    solutions/03-listen/listen.c >"$file"
  for mode in none full weaker; do
    [[ $mode == none ]] || CONFINE=$mode tests/sandbox/confine prove >/dev/null 2>&1 || continue
    CONFINE=$mode tests/engine/judge --lab 03 --submission labs --out "$top/out" --no-valgrind
    [[ $(jq -r .verdict "$top/out/03-listen.json") == pass ]] || { echo "$mode" && jq -r '.tests[0].got' "$top/out/03-listen.json" && return 1; }
  done
}

@test "bats that is too old: its version, and how to get a newer one" {
  mkdir "$top/bin"
  printf '#!/bin/sh\necho Bats 1.7.0\n' >"$top/bin/bats"
  chmod +x "$top/bin/bats"
  DOOR=script checks env PATH="$top/bin:$PATH"
  cured 'bats is 1.7.0 here'
  has 'npm install -g bats'
  printf '#!/bin/sh\n[ "$1" != --version ] || { echo Bats 1.10.0; exit; }\nexec %s "$@"\n' "$(PATH=${PATH//"$BATS_LIBEXEC:"/} type -P bats)" >"$top/bin/bats"
  checks env PATH="$top/bin:$PATH"
  full_marks
}

@test "a checkout with core.autocrlf has LF line ends; sources with CRLF are judged as usual" {
  cp -r "$root/.gitattributes" .
  git -c init.defaultBranch=main init -q .
  git add -A
  git -c user.name=x -c user.email=x@example.org commit -qm x
  git clone -q -c core.autocrlf=true . "$top/clone"
  cp -a .build "$top/clone/"
  cd "$top/clone"
  [[ -z $(grep -rlI $'\r' --exclude-dir=.git --exclude-dir=.build . || true) ]]
  checks 01 env
  full_marks
  sed -i 's/$/\r/' solutions/01-socket/*.c
  checks 01 env
  full_marks
}

@test "a folder without FIFOs, or links, or programs that run: said at once" {
  local tool
  mkdir "$top/bin"
  for tool in mkfifo ln; do
    printf '#!/bin/sh\necho "Operation not permitted" >&2\nexit 1\n' >"$top/bin/$tool"
    chmod +x "$top/bin/$tool"
    DOOR=script checks env PATH="$top/bin:$PATH"
    cured 'Copy the course to your home folder'
    rm "$top/bin/$tool"
  done
  needs_namespaces
  mkdir "$top/share"
  DOOR=script checks in_namespaces "mount -t tmpfs -o noexec none '$top/share'; cp -r Makefile labs solutions tests '$top/share/'; cd '$top/share'; set -- bash \"\$@\""
  cured 'Copy the course to your home folder'
}

@test "the room ends while a program is judged: said soon, and no program is blamed" {
  needs_namespaces
  local size
  for size in 60k 100k 400k; do
    run in_namespaces "mount -t tmpfs -o size=$size none /mnt" \
      env KIT_SCRATCH=/mnt timeout 120 tests/engine/judge --lab 03 --submission solutions --out "$top/out" --runs 3
    echo "$size"
    exits 3
    has 'no room left in /mnt'
  done
}

@test "a static bash that crashes" {
  tests/tools/build >/dev/null
  mkdir -p .build/tools/bash
  printf '#!/bin/sh\nkill -SEGV $$\n' >.build/tools/crashes
  chmod +x .build/tools/crashes
  ln -sf ../crashes .build/tools/bash/bash
  checks env
  full_marks
  lacks 'Segmentation fault'
}
