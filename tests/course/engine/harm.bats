#!/usr/bin/env bats
# Programs that do harm, as submissions of lab 03: each gets a clear verdict within
# its deadline, and leaves no process behind.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # C; tests are subshells
load ../tools/tools
load judge

# HONEST: how many seconds it takes to judge a right program here and now.
setup_file() {
  local from=$SECONDS
  "$BATS_TEST_DIRNAME/../../engine/judge" --lab 03 --submission "$BATS_TEST_DIRNAME/../../../solutions" \
    --out "$BATS_FILE_TMPDIR" --no-valgrind 3>&-
  export HONEST=$((SECONDS - from))
}

# judges_in SECONDS [--test WORDS]: judges listen.c of lab 03, which takes at most so long, and
# twice as long as a right program does: on a busy machine that is most of it.
judges_in() {
  local from=$SECONDS
  COURSE="$T/the course"
  mkdir -p "$COURSE/tests/labs/03-listen" "$COURSE/solutions" "$COURSE/.build"
  # shellcheck source=/dev/null
  (source "$root/tests/common.bash" && copy_rooms "$COURSE/tests")
  cp -rp "$BIN" "$COURSE/.build/"
  cp -p "$root/tests/labs/03-listen/test.bats" "$COURSE/tests/labs/03-listen/"
  cp -rp "$root/solutions/03-listen" "$COURSE/solutions/"
  "$COURSE/tests/engine/judge" --lab 03 --submission "$T" --out "$T/an out" --no-valgrind "${@:2}" 3>&-
  RECORD="$T/an out/03-listen.json"
  ((SECONDS - from <= $1 + 2 * HONEST))
  nothing_left "$COURSE"
}

# listens_and CODE: listen.c is the solution, but does this at the end of its input.
listens_and() {
  sed "s|^    wait_for_end_of_input();|&\n    $1|" "$root/solutions/03-listen/listen.c" >listen.c
  sed -i '1i #include <signal.h>\n#include <sys/wait.h>' listen.c
  grep -qF "${1%%(*}" listen.c
}

# lost TEST: the verdict of a test, and what it got.
lost() { jq -r --arg test "$1" '.tests[] | select(.name | startswith($test)) | "\(.verdict): \(.got)"' "$RECORD"; }

@test "a program that loops for ever: said at once" {
  echo 'int main(void) { for (volatile unsigned i = 0;; i++) continue; }' >listen.c
  judges_in 60
  same "$(about '.verdict, .score, (.tests[1:] | map(.verdict) | unique[])')" 'fail 0 not-run skip'
  like "$(lost 'does the basic job')" 'fail: it listens on none: it keeps the processor busy: *'
}

@test "a program that loops for ever when its input has ended: timeout" {
  listens_and 'for (volatile unsigned i = 0;; i++) continue;'
  judges_in 60 --test 'ends with exit'
  like "$(lost 'ends with exit status 0')" 'timeout: *'
  same "$(about '.tests[0].verdict')" pass
}

@test "a program that waits for ever: timeout" {
  listens_and 'for (;;) pause();'
  judges_in 40
  like "$(lost 'ends with exit status 0')" 'timeout: it still runs: nothing for 2 s, while the program slept'
}

@test "a program that forks a child which ignores SIGTERM: it is said that it is left" {
  listens_and 'if (fork() == 0) { signal(SIGTERM, SIG_IGN); signal(SIGHUP, SIG_IGN); setsid(); for (;;) pause(); }'
  judges_in 40
  same "$(lost 'ends with exit status 0')" 'fail: processes that it started still ran: 1'
  like "$(about '.tests[] | select(.name | startswith("ends with exit status 0")) | .hint')" 'Which child process still runs when the program ends*'
  same "$(about '.tests[0].verdict')" pass
}

@test "a program that prints 1 GB: limit" {
  listens_and 'for (long i = 0; i < (1L << 30); i += 64) printf("%064d", 0);'
  judges_in 40
  like "$(lost 'ends with exit status 0')" 'limit: listen wrote more output than is kept (1 MiB) and was ended*'
  (($(du -sm "$T/an out" | cut -f 1) < 30))
}

@test "a program that crashes: crash, with the place" {
  listens_and 'for (volatile int i = 0; i < 400; i++) ((char *)\&address)[i] = 1;'
  judges_in 40
  like "$(lost 'ends with exit status 0')" 'crash: *, in listen.c:1*'
}

@test "a program that kills its own parent gains nothing" {
  listens_and 'kill(getppid(), SIGKILL);'
  judges_in 60
  same "$(about '.verdict, .tests[0].verdict')" 'fail pass'
}

@test "a program that does not compile: no-compile, with the compiler's words" {
  echo 'int main(void) { return listen(; }' >listen.c
  judges_in 60
  same "$(about '.verdict, .score, (.tests[1:] | map(.verdict) | unique[])')" 'no-compile 0 not-run skip'
  like "$(lost 'does the basic job')" 'no-compile: listen.c:1:*error: *'
}

@test "a source that asks the compiler for all memory: no-compile" {
  printf '#include "/dev/zero"\nint main(void) { return 0; }\n' >listen.c
  judges_in 60
  same "$(about '.verdict, .score')" 'no-compile 0'
}
