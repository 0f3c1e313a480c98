#!/usr/bin/env bats
# make check, tried in a copy of the course. Its whole output for typical outcomes is
# in tests/course/commands/golden; GOLDEN=write makes these files anew, to be read before they
# are committed:  GOLDEN=write bats tests/course/commands/check.bats
# shellcheck disable=SC2016 # texts of programs, not to be expanded here
# shellcheck disable=SC2119,SC2154 # commands.bash and common.bash set them
load commands

# repeat TEXT: the first command that was shown, with its input at an end, says TEXT.
repeat() {
  local command
  command=$(joined <<<"$output" | sed -n 's/^    run  *//p' | head -n 1)
  [[ $command == 'sleep 60 | .build/check-other/03-listen/listen '* ]]
  run bash -c "${command#*| } </dev/null"
  has "$1"
}

# steady: standard input with whatever differs from run to run made the same. Broken
# commands are joined first, for where they break depends on the numbers. The calls are
# left out: not every machine lets strace(1) see them.
steady() {
  joined | sed '/^    calls /,/^$/{/^$/!d}' |
    sed -E -e 's/127\.[0-9]+\.[0-9]+\.[0-9]+([: ])[0-9]{4,5}/ADDR\1PORT/g' \
      -e 's/127\.[0-9]+\.[0-9]+\.[0-9]+/ADDR/g' -e 's/<unbound>/unbound/' -e 's/SEED=[0-9]+/SEED=N/' -e 's/[0-9]+ passed/N passed/' \
      -e 's/\.c:[0-9]+/.c:N/g' -e 's/c:N:[0-9]+/c:N:N/' -e 's/0x[0-9A-F]+/0xN/g' \
      -e 's/^( +)[0-9]+ \| /\1N | /' -e 's/\([0-9]+ bytes\)/(N bytes)/' -e 's/after [0-9]+ ms/after N ms/' \
      -e 's/"(.istening on ADDR:PORT)[^"]*"(\.\.\.)?/"\1.../'
}

# golden NAME: the output is, steadied, tests/course/commands/golden/NAME.
golden() {
  local known=$root/tests/course/commands/golden/$1.txt
  if [[ ${GOLDEN:-} == write ]]; then
    steady <<<"$output" >"$known"
  else
    diff -u "$known" <(steady <<<"$output")
  fi
}

@test "check, whole output: right" {
  right
  run_in LAB=03 check
  exits 0
  narrow
  golden right
}

@test "check, whole output: the skeleton" {
  run_in LAB=03 check
  exits 1
  narrow
  golden skeleton
}

@test "check, whole output: it does not compile" {
  mistake 's/\(int\)backlog\) == -1/backlgo) == -1/'
  run_in LAB=03 check
  exits 1
  narrow
  golden no-compile
}

@test "check, whole output: it crashes" {
  mistake 's/(.*)if \(listen\(listener.*/\1char *p = NULL;\n\1*p = 1;\n&/'
  run_in LAB=03 check
  exits 1
  narrow
  golden crash
}

@test "check, whole output: it hangs before it listens" {
  mistake 's/(.*)if \(listen\(listener.*/\1pause();\n&/'
  run_in LAB=03 check
  exits 1
  narrow
  golden hang
}

@test "check, whole output: nothing listens" {
  mistake 's/if \(listen\(listener.*\{/if (false) {/; s/#include <err.h>/&\n#include <stdbool.h>/'
  run_in LAB=03 check
  exits 1
  narrow
  golden nothing-listens
}

@test "check, whole output: the wrong port, for want of htons" {
  mistake 's/.*bind\(fd, chosen.*/    else if (((struct sockaddr_in *)chosen->ai_addr)->sin_port = (in_port_t)atoi(port),\n&/
    s/else if \(bind\(fd, (.*)\) == -1\)/bind(fd, \1) == -1)/; s/#include <err.h>/&\n#include <netinet\/in.h>/'
  run_in LAB=03 check
  exits 1
  narrow
  golden wrong-port
}

@test "check, whole output: a line that is not as it must be, with a caret" {
  mistake 's/"listening on"/"Listening on"/'
  run_in LAB=03 TEST='prints the address' check
  exits 1
  narrow
  golden wrong-line
}

@test "check, whole output: it prints without end" {
  mistake 's/wait_for_end_of_input\(\);/for (;;) wait_for_end_of_input(), printf("more\\n");/'
  run_in LAB=03 TEST='ends with exit status 0' check
  exits 1
  narrow
  golden flood
}

@test "check, whole output: a descriptor is left open" {
  mistake '/wait_for_end_of_input\(\);/{n;d;}'
  run_in LAB=03 TEST='valgrind: no descriptor' check
  exits 1
  narrow
  golden descriptor
}

# known LAB NAME WORDS: check of that mistake (tests/labs/NN-step/mistakes), tests with WORDS only.
known() {
  right "$1"
  patch -s -p1 -d "labs/$1" <"$root/tests/labs/$1/mistakes/$2.patch"
  run_in LAB="$1" VALGRIND=0 TEST="$3" check
  exits 1
  narrow
}

@test "check, whole output: one byte is missing" {
  right 05-send-recv
  sed -i 's/please go out!.n"/please go out!"/' labs/05-send-recv/send-recv.c
  run_in LAB=05 VALGRIND=0 TEST='any other line' check
  exits 1
  narrow
  golden one-byte-short
}

@test "check, whole output: a reset instead of the end" {
  known 06-close linger-zero 'the end is orderly'
  golden reset
}

@test "check, whole output: killed by SIGPIPE" {
  known 06-close killed-by-sigpipe 'aborts before the reply'
  golden sigpipe
}

@test "check, whole output: time is up too early" {
  known 08-timeouts server-whole-seconds 'a client that says nothing'
  golden early
}

@test "check, whole output: several labs" {
  right 04-accept
  mistake '/wait_for_end_of_input\(\);/{n;n;s/return 0/return 3/}'
  run_in LAB='2 3 4' check
  exits 1
  narrow
  golden several
}

@test "check, whole output: one of two programs is right" {
  right 08-timeouts
  cp "$root/labs/08-timeouts/timeout-client.c" labs/08-timeouts/
  run_in LAB=08 TEST='valgrind: no heap' check
  exits 1
  narrow
  golden two-programs
}

@test "check: the command that it shows can be repeated, and is the program" {
  mistake 's/"listening on"/"Listening on"/'
  run_in LAB=03 TEST='prints the address' check
  repeat 'Listening on 127.'
}

@test "check: a command with a fault, or with names of its own, can be repeated too" {
  sed 's/errno == EINTR/errno == EIO/; s/errno != EINTR/errno != EIO/' solutions/04-accept/accept.c >labs/04-accept/accept.c
  run_in LAB=04 TEST='a signal that interrupts' check
  exits 1
  output=$(joined <<<"$output")
  has "LD_PRELOAD='.build/tools/shim.so' SHIM='eintr' .build/check-other/04-accept/plain/accept"
  [ -e .build/tools/shim.so ]
  sed 's/^            continue;/            break;/' solutions/07-connect/connect.c >labs/07-connect/connect.c
  compgen -G '/usr/lib*/libnss_wrapper.so' || compgen -G '/usr/lib/*/libnss_wrapper.so' ||
    skip "libnss-wrapper is not installed"
  run_in LAB=07 TEST='tries each address' check
  exits 1
  hosts=$(grep -o 'NSS_WRAPPER_HOSTS=[^ ]*' <<<"$output" | head -n 1)
  [ -s "${hosts#*=}" ]
}
@test "check: full marks at what was selected is exit 0, and says how to run all" {
  right
  run_in LAB=03 VALGRIND=0 TEST='no processor time' check
  exits 0
  has '2 passed'
  last 'Next: all tests: make check LAB=03'
  run_in LAB=03 VALGRIND=0 SUBMISSION=solutions check
  exits 0
  has '3 skipped'
  has 'VALGRIND=0'
}

@test "check: a seed is printed, taken, and must be one" {
  right
  run_in LAB=03 TEST='no processor time' SEED=007 check
  exits 0
  has '(SEED=7)'
  for seed in -1 x 2147483648 99999999999 1e3; do
    run_in LAB=03 "SEED=$seed" check
    exits 2
    has 'SEED'
  done
}

@test "check: a wrong command line is exit 2, and says what is right" {
  run_in LAB=17 check
  exits 2
  has "Labs are 01-socket to $(cd tests/labs && printf '%s\n' [0-9]* | tail -n 1):"
  run_in SUBMISSION=/nowhere check
  exits 2
  has '/nowhere'
  run_in VALGRIND=no check
  exits 2
  run_in LAB=03 TEST='no such words' check
  exits 2
  has '  does the basic job'
  lacks '?'
  run_in LAB='3 4' TEST='no such words' check
  exits 2
  never '[^ -~]'
  lacks '?'
}

@test "check: a judge that breaks is exit 3, and no fault of the program" {
  right
  printf '%s\n' '@test "half' >>tests/labs/03-listen/test.bats
  run_in LAB=03 check
  exits 3
  has 'your program is not to blame'
  last 'Next: '
}

@test "check: a missing file, and one that is a link, are said" {
  rm "$file"
  run_in LAB=03 check
  exits 1
  has MISSING
  has "the file $file"
  last 'Next: make reset LAB=03'
  ln -s /etc/hostname "$file"
  run_in LAB=03 check
  exits 1
  has 'is a link'
}

@test "check: nothing that a program says reaches the terminal as a command" {
  mistake 's/.*if \(listen\(listener.*/    fprintf(stderr, "\\033[31mred\\033]0;t\\007 \\302\\23331m \\233 \\342\\200\\256 \\r\\b");\n    listener = -1;\n&/'
  run_in LAB=03 check
  exits 1
  has red
  never $'[\001-\010\013-\037\177\233\256]'
  printf '#error "\033[31m\302\233"\n' >"$file"
  run_in LAB=03 check
  has COMPILE
  never $'[\001-\010\013-\037\177\233]'
}

@test "check: without standard input, in a terminal with and without colour" {
  right
  run bash -c 'LAB=03 TEST="no processor time" tests/commands/check <&-'
  exits 0
  command -v script >/dev/null || skip "script is not installed"
  run script -qec 'TERM=xterm LAB=03 TEST="no processor time" tests/commands/check' /dev/null
  has $'\e[32mpass'
  run script -qec 'TERM=xterm NO_COLOR=1 LAB=03 TEST="no processor time" tests/commands/check' /dev/null
  lacks $'\e[3'
  has 'pass'
}

# on_terminal VAR=VALUE…: check in a terminal of 80 columns, without colour. Output has not the
# lines that it erases again.
on_terminal() {
  command -v script >/dev/null || skip "script is not installed"
  run env "$@" NO_COLOR=1 TERM=xterm script -qfec 'stty cols 80; tests/commands/check' /dev/null
  output=$(sed -E -e 's/\r$//' -e 's/.*\r\x1b\[K//' <<<"$output")
  mapfile -t lines <<<"$output"
}

@test "check: on a terminal each test has its line once, the first failure is shown in full at once" {
  mistake 's/\(int\)backlog\) == -1/5) == -1/'
  on_terminal LAB=03 SEED=7
  exits 1
  never '.\{81\}'
  [[ ${lines[0]} == '03-listen      labs/03-listen/listen.c' ]] || { echo "$output" && return 1; }
  # In full in the midst of the others; the calls, and the second failure, come after them.
  local names full calls second last_pass
  names=$(grep -c '^@test ' tests/labs/03-listen/test.bats)
  [ "$(grep -c '^  pass ' <<<"$output")" -eq $((names - 2)) ]
  [ "$(grep '^  pass ' <<<"$output" | sort | uniq -d | wc -l)" -eq 0 ]
  full=$(grep -n '^    got       a backlog of 5' <<<"$output" | head -n 1 | cut -d : -f 1)
  last_pass=$(grep -n '^  pass ' <<<"$output" | tail -n 1 | cut -d : -f 1)
  ((full < last_pass))
  second=$(grep -n '^    got       a backlog of 5' <<<"$output" | tail -n 1 | cut -d : -f 1)
  ((second > last_pass))
  [ "$(grep -c '^    got       a backlog of 5' <<<"$output")" -eq 2 ]
  calls=$(grep -n '^    calls     ' <<<"$output" | cut -d : -f 1) || skip "no ptrace here"
  ((calls > last_pass))
  last 'Next: edit labs/03-listen/listen.c'
}

@test "check: on a terminal full marks, skeletons, several labs and a judge that breaks" {
  on_terminal LAB=01
  echo "$output"
  exits 1
  has 'This is the skeleton, unchanged.'
  [ "$(grep -c '^    expected ' <<<"$output")" -eq 1 ]
  has '  not run '
  right
  on_terminal LAB=03 TEST='no processor time'
  exits 0
  [ "$(grep -c '^  pass ' <<<"$output")" -eq 2 ]
  has '2.2 of 2.2 points: 2 passed'
  on_terminal LAB='1 3' TEST='basic job'
  exits 1
  [ "$(grep -c '^03-listen ' <<<"$output")" -eq 1 ]
  lacks '  pass '
  on_terminal LAB=03 TEST='no such words'
  exits 2
  has 'No test of lab 03-listen'
  printf '%s\n' '@test "half' >>tests/labs/03-listen/test.bats
  on_terminal LAB=03
  exits 3
  has 'your program is not to blame'
}

@test "what failed last time is run first: nothing but its first test stands before it" {
  source tests/common.bash
  source tests/engine/select.bash
  local run=$top/run runs=3 number
  mkdir "$run"
  tests_of tests/labs/03-listen/test.bats >"$run/left"
  for number in 2 11 20; do
    jq -n --argjson n "$number" '{begin: $n, tests: []}' >"$top/last"
    rm -rf "$run/lanes"
    share_tests "$top/last"
    [ "$(sort -n "$run/lanes"/*)" = "$(cut -f 1 "$run/left")" ]
    [ "$(grep -vx 1 "$(grep -lx "$number" "$run/lanes"/*)" | head -n 1)" = "$number" ]
  done
}

@test "check: four at once in one clone do not disturb each other" {
  right
  local pids=() i
  for i in 1 2 3 4; do
    LAB=03 TEST='' VALGRIND=0 tests/commands/check >"$top/out.$i" 2>&1 &
    pids+=($!)
  done
  for i in 1 2 3 4; do
    wait "${pids[i - 1]}" || { cat "$top/out.$i" && false; }
    grep -q '^9.0 of 9.0 points: [0-9]* passed, 3 skipped' "$top/out.$i"
  done
  [ "$(jq -r .score .build/check/03-listen.json)" = 90 ]
  [ -x .build/check/03-listen/listen ]
  # Nothing else is left.
  [ -z "$(find .build -maxdepth 1 -name '*.??????')" ]
}

@test "its place in memory is gone when it ends" {
  unset KIT_SCRATCH
  (source "$root/tests/engine/scratch.bash" && in_memory && rm -rf "$SCRATCH" && [[ -n $SCRATCH ]]) || skip "no place in memory here"
  right
  printf '#!/bin/sh\necho "$KIT_SCRATCH" >"%s/place"\nexec gcc "$@"\n' "$top" >"$top/cc"
  chmod +x "$top/cc"
  run_in LAB=03 VALGRIND=0 TEST='basic job' CC="$top/cc" check
  exits 0
  [[ $(<"$top/place") == /dev/shm/socket-steps.* ]]
  [[ ! -e $(<"$top/place") ]]
}

@test "memory with too little room, or that forbids programs, is left alone" {
  local options place
  unset KIT_SCRATCH
  unshare -rm true 2>/dev/null || skip "no namespaces of one's own (unshare -rm)"
  for options in size=3g size=1g size=3g,noexec; do
    # shellcheck disable=SC2016 # the inner bash's
    place=$(unshare -rm bash -c 'mount -t tmpfs -o "$2" none /dev/shm && source "$1" && in_memory && echo "$SCRATCH"' \
      - "$root/tests/engine/scratch.bash" "$options")
    case $options in
      size=3g) [[ $place == /dev/shm/socket-steps.?????? ]] ;;
      *) [[ -z $place ]] ;;
    esac
  done
}
