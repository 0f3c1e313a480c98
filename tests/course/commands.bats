#!/usr/bin/env bats
# The student's commands, tried in a copy of the course: a folder with a blank in its
# name, where the labs may be changed. The whole output of check for typical outcomes
# is in tests/course/golden; GOLDEN=write makes these files anew, to be read before
# they are committed:  GOLDEN=write bats tests/course/commands.bats
# shellcheck disable=SC2016 # texts of programs, not to be expanded here
# shellcheck disable=SC2154 # stderr, and root of common.bash

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  unset LAB SUBMISSION TEST VALGRIND SEED NAME N CC MAKEFLAGS
  top=$(mktemp -d)
  copy="$top/so cket"
  mkdir -p "$copy/.build" "$copy/tests"
  cp -a "$root/Makefile" "$root/labs" "$root/solutions" "$copy/"
  cp -a "$root/tests/kit" "$root/tests/labs" "$copy/tests/"
  [[ ! -d $root/.build/kit ]] || cp -a "$root/.build/kit" "$copy/.build/"
  cd "$copy" || return
  file=labs/03-listen/listen.c
}

teardown() { rm -rf "$top"; }

# right [LAB]: the student's files are our solutions.
right() { cp solutions/"${1:-03-listen}"/*.c "labs/${1:-03-listen}/"; }

# mistake SED-SCRIPT: the student's listen.c is our solution with this change.
mistake() {
  sed -E "$1" solutions/03-listen/listen.c >"$file"
  ! cmp -s solutions/03-listen/listen.c "$file"
}

# run_in VAR=VALUE… COMMAND: run, with these in the environment.
run_in() { run env "${@:1:$#-1}" "tests/kit/${*: -1}"; }

# has TEXT: the output has it. last TEXT: its last line begins so.
has() { [[ $output == *"$1"* ]] || { echo "no '$1' in:" && echo "$output" && return 1; }; }
lacks() { [[ $output != *"$1"* ]] || { echo "'$1' in:" && echo "$output" && return 1; }; }
last() { [[ ${lines[-1]} == "$1"* ]] || { echo "last line: ${lines[-1]}" && return 1; }; }
exits() { [[ $status -eq $1 ]] || { echo "exit status $status, not $1" && echo "$output" && return 1; }; }

# narrow: no line is over 80 columns, and nothing speaks to a terminal.
narrow() {
  never '.\{81\}'
  never '[^ -~]'
}

# repeat TEXT: the first command that was shown, with its input at an end, says TEXT.
repeat() {
  local command
  command=$(joined <<<"$output" | sed -n 's/^    run  *//p' | head -n 1)
  [[ $command == 'sleep 60 | .build/check-other/03-listen/listen '* ]]
  run bash -c "${command#*| } </dev/null"
  has "$1"
}

# never REGEX: no line of the output, taken as bytes, is like it.
never() {
  if LC_ALL=C grep -n "$1" <<<"$output"; then return 1; fi
}

# joined: standard input with the commands that were broken into lines in one again.
joined() { sed -E -e ':a' -e '/ \\$/{N;s/ \\\n +/ /;ta' -e '}'; }

# steady: standard input with whatever differs from run to run made the same. Broken
# commands are joined first, for where they break depends on the numbers.
steady() {
  joined |
    sed -E -e 's/127\.[0-9]+\.[0-9]+\.[0-9]+([: ])[0-9]{4,5}/ADDR\1PORT/g' \
      -e 's/127\.[0-9]+\.[0-9]+\.[0-9]+/ADDR/g' -e 's/SEED=[0-9]+/SEED=N/' -e 's/[0-9]+ passed/N passed/' \
      -e 's/\.c:[0-9]+/.c:N/g' -e 's/c:N:[0-9]+/c:N:N/' -e 's/0x[0-9A-F]+/0xN/g' \
      -e 's/^( +)[0-9]+ \| /\1N | /' -e 's/\([0-9]+ bytes\)/(N bytes)/' \
      -e 's/"(.istening on ADDR:PORT)[^"]*"(\.\.\.)?/"\1.../'
}

# golden NAME: the output is, steadied, tests/course/golden/NAME.
golden() {
  local known=$root/tests/course/golden/$1.txt
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

@test "check, whole output: several labs" {
  right 04-accept
  mistake '/wait_for_end_of_input\(\);/{n;n;s/return 0/return 3/}'
  run_in LAB='2 3 4' check
  exits 1
  narrow
  golden several
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
  has "LD_PRELOAD='.build/kit/shim.so' SHIM='eintr' .build/check-other/04-accept/plain/accept"
  [ -e .build/kit/shim.so ]
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
  has '01-socket to 09-echo-loop'
  run_in SUBMISSION=/nowhere check
  exits 2
  has '/nowhere'
  run_in VALGRIND=no check
  exits 2
  run_in LAB=03 TEST='no such words' check
  exits 2
  has '  does the basic job'
}

@test "check: a judge that breaks is exit 3, and no fault of the program" {
  right
  printf '%s\n' '@test "half' >>tests/labs/03-listen.bats
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
  run bash -c 'LAB=03 TEST="no processor time" tests/kit/check <&-'
  exits 0
  command -v script >/dev/null || skip "script is not installed"
  run script -qec 'TERM=xterm LAB=03 TEST="no processor time" tests/kit/check' /dev/null
  has $'\e[32mpass'
  run script -qec 'TERM=xterm NO_COLOR=1 LAB=03 TEST="no processor time" tests/kit/check' /dev/null
  lacks $'\e[3'
  has 'pass'
}

@test "check: four at once in one clone do not disturb each other" {
  right
  local pids=() i
  for i in 1 2 3 4; do
    LAB=03 TEST='' VALGRIND=0 tests/kit/check >"$top/out.$i" 2>&1 &
    pids+=($!)
  done
  for i in 1 2 3 4; do
    wait "${pids[i - 1]}" || { cat "$top/out.$i" && false; }
    grep -q '17 passed, 3 skipped' "$top/out.$i"
  done
  [ "$(jq -r .score .build/check/03-listen.json)" = 90 ]
  [ -x .build/check/03-listen/listen ]
  # Nothing else is left.
  [ -z "$(find .build -maxdepth 1 -name '*.??????')" ]
}

@test "leaks: which descriptor and block, and where it came from" {
  mistake '/^    freeaddrinfo/d; /wait_for_end_of_input\(\);/{n;d;}'
  run_in LAB=03 leaks
  exits 1
  narrow
  has 'left open: AF_INET socket 3'
  has "opened in bind_to, $file:"
  has 'int fd = socket('
  has 'memory: 64 bytes in 1 block'
  has 'getaddrinfo('
  last 'Next: edit'
}

@test "leaks: none; a program that does not get so far; wrong command lines" {
  right
  run_in LAB=03 leaks
  exits 0
  has 'nothing was left'
  run_in LAB=02 leaks
  exits 1
  has 'does not do its basic job'
  last 'Next: make check LAB=02'
  run_in LAB=x leaks
  exits 2
}

@test "hint: one more each time, begins again when asked or after reset" {
  for n in 1 2 3 3; do
    run_in LAB=03 hint
    exits 0
    narrow
    has "hint $n of 3"
    last 'Next: '
  done
  run_in LAB=03 N=2 hint
  has 'hint 2 of 3'
  run_in LAB=03 hint
  has 'hint 3 of 3'
  LAB=03 tests/kit/reset
  run_in LAB=03 hint
  has 'hint 1 of 3'
  run_in LAB=03 N=4 hint
  exits 2
  run_in LAB='3 4' hint
  exits 2
}

@test "hint: without LAB the first lab that is not done; of two programs the open one" {
  run_in hint
  has '01-socket'
  run_in LAB=08 hint
  has 'timeout-server, hint 1'
  sed '/END [0-9]/,/\*\//d' solutions/08-timeouts/timeout-server.c >labs/08-timeouts/timeout-server.c
  run_in LAB=08 hint
  has 'timeout-client, hint 1'
  run_in LAB=08 N=4 hint
  has 'timeout-client, hint 1'
}

@test "hints: three for each program, none of them the code" {
  source tests/kit/common.bash
  local lab program text
  for lab in "${labs[@]}"; do
    text=$(<"tests/labs/$lab.hints")
    for program in "solutions/$lab"/*.c; do
      for n in 1 2 3; do
        rm -rf .build/hints
        run_in "LAB=$lab" "N=$n" hint
        exits 0
        has "hint $n of 3"
      done
      # No line of the student's part stands in a hint.
      while IFS= read -r line; do
        [[ $text != *"$line"* ]] || { echo "$lab: $line" && false; }
      done < <(awk '/END [0-9]/ { part = 0 } part; /BEGIN [0-9]/ { part = 1 }' "$program" |
        sed 's/^ *//' | grep '[=(].*;$')
    done
  done
}

@test "reset: the skeleton again, the old file kept, twice in a second as well" {
  for text in one two three; do
    echo "$text" >"$file"
    run_in LAB=listen reset
    exits 0
    has '.build/kept/03-listen-'
    cmp "$file" "$root/labs/03-listen/listen.c"
  done
  [ "$(cat .build/kept/*/listen.c | sort | paste -sd ' ')" = 'one three two' ]
  run_in LAB=03 reset
  exits 0
  has 'nothing was changed'
  [ "$(find .build/kept -name listen.c | wc -l)" -eq 3 ]
  rm "$file"
  run_in LAB=03 reset
  exits 0
  [ -s "$file" ]
}

@test "reset: not without LAB, and of a lab of two programs only what was changed" {
  run_in reset
  exits 2
  has 'make reset LAB=03'
  echo mine >labs/08-timeouts/timeout-client.c
  run_in LAB=8 reset
  lacks timeout-server
  has 'timeout-client.c is the skeleton again'
}

@test "progress: none yet, points and bars, what has changed since" {
  run_in progress
  exits 0
  narrow
  has 'not checked yet'
  last 'Next: labs/01-socket/README.md'
  right
  LAB=03 tests/kit/check >"$top/out"
  SUBMISSION=solutions LAB=01 TEST=basic tests/kit/check >"$top/out"
  run_in progress
  has '03-listen      [####################] 10.0 of 10.0  done'
  has '01-socket      [....................]  0.0 of 10.0  not checked yet'
  has '10.0 of 90.0'
  echo '// more' >>"$file"
  run_in progress
  has 'changed since'
  last 'Next: make check LAB=03'
}

@test "solution: only for full marks at what is there now" {
  run_in solution
  exits 2
  run_in LAB=03 solution
  exits 1
  has 'not checked yet'
  right
  LAB=03 VALGRIND=0 tests/kit/check >"$top/out"
  run_in LAB=03 solution
  exits 1
  has 'without valgrind'
  sed -i '/END 1/,/\*\//d; s/BEGIN 1/TODO 1/; s/int listener = bind_to/int const listener = bind_to/' "$file"
  LAB=03 tests/kit/check >"$top/out"
  run_in LAB=03 solution
  exits 0
  has '-    int const listener = bind_to'
  has '+    int listener = bind_to'
  lacks BEGIN
  echo >>"$file"
  run_in LAB=03 solution
  exits 1
  has 'has changed'
}
