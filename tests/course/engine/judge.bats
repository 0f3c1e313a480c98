#!/usr/bin/env bats
# Tests the judge (tests/engine/judge): verdicts, records, submissions in every form, and
# what is left after it has ended. The course has one lab, five/test.bats.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # C and jq; tests are subshells
load ../tools/tools
load judge

right='#include <stdio.h>
int main(int argc, char **argv) { (void)argv; if (argc > 1) return 2; puts("five"); return 0; }'

@test "a right program: full marks; what is skipped counts neither way" {
  a_course
  judge
  same "$STATUS: $(verdicts)" '0: pass pass pass pass skip pass'
  same "$(about '.lab, .score, .max, .seed')" '01-five 94 94 1'
  same "$(about '.tests[] | .points, .earned')" '40 40 30 30 20 20 6 0 4 4'
  same "$(about '.tests[3].got')" 'there is no such thing here'
  same "$(<judge.out)$(<judge.err)" ''
  nothing_left "$COURSE"
}

@test "every field of a record" {
  a_course
  five '#include <stdio.h>
int main(int argc, char **argv) { (void)argv; fputs("oh\n", stderr); puts("fife"); return argc > 1; }'
  judge --seed 77
  same "$STATUS: $(verdicts)" '0: fail pass fail fail skip pass'
  same "$(about 'keys_unsorted | join(",")')" 'lab,score,max,verdict,seed,begin,tests'
  same "$(about '.tests[1] | keys_unsorted | sort | join(",")')" \
    'afterwards,beside,earned,expected,got,hint,man,ms,name,number,points,printed,ran,run,runs,said,steps,verdict,with'
  same "$(about '.seed, .score, .tests[1].number')" '77 44 2'
  same "$(about '.tests[1] | .name, .ran, .hint, .man, .said')" 'prints five ./five Is the line exact? printf(3) oh'
  same "$(about '.tests[1] | .expected, .got')" '"five\n" (5 bytes) on standard output "fife\n" (5 bytes)    ^ byte 3'
  same "$(about '.tests[2] | .ran, .expected, .got')" './five again five ends with exit status 2 exit status 1'
  # Evidence of what failed is kept, of what passed not; programs only with --keep.
  [ -s "an out/01-five/2/evidence" ]
  [ ! -e "an out/01-five/1" ]
  [ ! -e "an out/01-five/five" ]
  judge --keep
  same "$("an out/01-five/plain/five" 2>/dev/null)" fife
}

@test "crash, limit, timeout: each its own verdict, and the rest is not run" {
  a_course
  five 'int main(void) { *(volatile int *)0 = 1; }'
  judge
  same "$STATUS: $(verdicts)" '0: fail crash not-run not-run not-run not-run'
  like "$(about '.tests[0].got')" 'five.c:1:*runtime error: store to null pointer*, in five.c:1*'
  like "$(about '.tests[1].got')" 'not run: needs "does the basic job"'
  same "$(about .score)" 0
  five '#include <stdlib.h>
int main(void) { char *p = malloc(5); free(p); return p[2]; }'
  judge
  same "$(verdicts)" 'fail crash not-run not-run not-run not-run'
  like "$(about '.tests[0].got')" 'AddressSanitizer: heap-use-after-free*, in five.c:2*'
  five '#include <stdlib.h>
int main(void) { abort(); }'
  judge
  same "$(verdicts)" 'fail crash not-run not-run not-run not-run'
  like "$(about '.tests[0].got')" '*killed by signal 6 (SIGABRT)*'
  five '#include <stdio.h>
int main(void) { char b[65536] = {0}; for (int i = 0; i < 16384; i++) fwrite(b, 1, sizeof b, stdout); return 0; }'
  judge
  same "$(verdicts)" 'fail limit not-run not-run not-run not-run'
  like "$(about '.tests[0].got')" '*wrote more output than is kept (1 MiB)*'
  five '#include <unistd.h>
int main(void) { return pause(); }'
  judge
  same "$(verdicts)" 'fail timeout not-run not-run not-run not-run'
  nothing_left "$COURSE"
}

@test "no-compile and missing" {
  a_course
  five 'int main(void) { return five; }'
  judge
  same "$STATUS: $(verdicts)" '0: no-compile no-compile not-run not-run not-run not-run'
  like "$(about '.tests[0] | .expected, .got')" "five.c compiles as C17:*five.c:1:*error:*five*"
  rm "$S/five.c"
  judge
  same "$STATUS: $(verdicts)" '0: missing missing not-run not-run not-run not-run'
  same "$(about '.tests[0].expected')" 'the file five.c'
  same "$(about .score)" 0
}

@test "warnings cost their own test alone" {
  a_course
  five "int unused(void) { int x; return 0; }
$right"
  judge
  same "$(verdicts)" 'fail pass pass pass skip fail'
  like "$(about '.tests[4].got')" '*unused variable*'
}

@test "line markers and what looks like them: judged, and cost what gcc says of them" {
  local before
  a_course
  # Each stands before the program: it must be judged, with or without gcc's warning.
  for before in '# 1 "other.c"' '# 15 "/usr/include/stdio.h" 3' '#line 7 "five.y"' '%:line 7 "/usr/include/stdio.h"' \
    $'/*\n# 1. asm\n#line 3\n# 1 "five.y" 3\n*/' $'#if 0\n# 1. "asm"\n#endif' $'// asm \\\n# 1 "x" 3'; do
    five "$before
$right"
    judge
    like "$before: $(verdicts)" "*: * pass pass pass skip *"
  done
  five "extern const char *const text;
$right
const char *const text = R\"x(asm \" /*
# 1 \"a marker\"
)x\" \"no_sanitize\";"
  judge
  same "$(verdicts)" 'pass pass pass pass skip pass'
  # A pragma counts behind them as before them.
  five "_Pragma(\"GCC diagnostic ignored \\\"-Wunused-variable\\\"\")
# 1 \"/usr/include/stdio.h\" 3 4
int unused(void) { int x; return 0; }
$right"
  judge
  like "$(about '.tests[4] | .verdict, .got')" 'fail it says: #pragma*'
}

@test "where a submission holds its files: three places, in this order" {
  a_course
  S="$T/s"
  mkdir -p s/01-five s/labs/01-five
  echo "$right" >s/01-five/five.c
  echo 'not C' | tee s/labs/01-five/five.c >s/five.c
  judge
  same "$(about .verdict)" pass
  rm -r s/01-five
  echo "$right" >s/labs/01-five/five.c
  judge
  same "$(about .verdict)" pass
  rm -r s/labs
  echo "$right" >s/five.c
  judge
  same "$(about .verdict)" pass
  ln -sf "$COURSE/solutions/01-five/five.c" s/five.c
  judge
  same "$(about .verdict) $(<judge.err)" 'missing five.c is a link: not taken'
}

@test "in three lanes: what one needs of another is waited for; verdicts are the same" {
  a_course
  five "$right"
  judge --runs 3 --no-valgrind
  same "$STATUS: $(verdicts)" '0: pass pass pass pass skip pass'
  same "$(about '.tests[].name')" \
    'does the basic job prints five refuses arguments (a+b|c) needs what this machine lacks compiles without a warning'
  five 'int main(void) { return 7; }'
  judge --runs 3 --no-valgrind
  same "$STATUS: $(verdicts)" '0: fail fail not-run not-run not-run not-run'
  # The launcher of Bats is gone, or Bats: what it had not reported is missed.
  # shellcheck disable=SC2016 # for the lab file
  sed 's|  assert_output five|  p=$$; until [[ $(<"/proc/$p/comm") == launch ]]; do read -r _ _ _ p _ <"/proc/$p/stat"; done; kill -9 "$p"|' \
    "$BATS_TEST_DIRNAME/five/test.bats" | lab_file
  five "$right"
  judge --runs 3 --no-valgrind
  same "$STATUS: $(about .verdict)" '3: infra-error'
  sed 's/  assert_output five/  kill -9 "$PPID"/' "$BATS_TEST_DIRNAME/five/test.bats" | lab_file
  five "$right"
  judge --runs 3 --no-valgrind
  same "$STATUS: $(about .verdict)" '3: infra-error'
  nothing_left "$COURSE"
}

@test "who asks for the outcome of a test in another lane, and waits for it, keeps REPLY" {
  a_course
  # A right client has failed lab 07 for a name with an empty address.
  sed -e 's/  assert_output five/  read -r -t 0.5 <>"$KIT_RUN\/nothing" || true/' \
    -e 's/  assert_exit 2/  random_address; ! has_failed "prints five"; [[ -n $REPLY ]] || fail_test REPLY lost/' \
    "$BATS_TEST_DIRNAME/five/test.bats" | lab_file
  five "$right"
  judge --runs 3 --no-valgrind
  same "$STATUS: $(verdicts)" '0: pass pass pass pass skip pass'
}

@test "--no-valgrind: tests that use it are skipped, and bats never sees them" {
  a_course
  sed -e 's/compiles without a warning/valgrind: no heap block is left/' -e 's/  assert_no_warnings five/  : >"$KIT_RUN\/seen"\n  false/' \
    "$BATS_TEST_DIRNAME/five/test.bats" | lab_file
  five "$right"
  judge --no-valgrind
  same "$STATUS: $(verdicts) $(about .max)" '0: pass pass pass pass skip skip 90'
  same "$(about '.tests[4].got')" 'valgrind was switched off (VALGRIND=0)'
  [[ ! -e "$T/an out/01-five/seen" ]]
  judge
  same "$STATUS: $(about '.tests[4].verdict')" '3: infra-error'
  [[ -e "$T/an out/01-five/seen" ]]
  # A test that uses it under another name would not be skipped: its writer is told.
  sed 's/  assert_no_warnings five/  read_valgrind_report five/' "$BATS_TEST_DIRNAME/five/test.bats" | lab_file
  judge
  same "$STATUS: $(about '.tests[4].verdict')" '3: infra-error'
  like "$(about '.tests[4].got')" '*BUG: the name of a test that uses valgrind has "valgrind: " in it*'
}

@test "tests keep off the ports on which a server of this machine has every address" {
  a_course
  an_address
  local at these="* $PORT *" servers=("0.0.0.0:$PORT" "$ADDR:$((PORT + 1))")
  [[ ! -e /proc/net/tcp6 ]] || { these+="$((PORT + 2)) *" && servers+=("[::]:$((PORT + 2))"); }
  for at in "${servers[@]}"; do
    exec {ready}< <(
      exec "$BIN/peer" -e /dev/null 3>&- <<END
        listen $at 5
        print ready
        stay
END
    )
    STARTED+=($!)
    read -r -t 10 -u "$ready" _
  done
  # The same over UDP.
  exec {ready}< <(
    exec "$BIN/peer" -e /dev/null 3>&- <<END
      bind-datagram 0.0.0.0:$((PORT + 3))
      use-connection 1
      bind-datagram $ADDR:$((PORT + 4))
      print ready
      stay
END
  )
  STARTED+=($!)
  read -r -t 10 -u "$ready" _
  sed 's/  assert_output five/  fail_test "$KIT_SERVED" none/' "$BATS_TEST_DIRNAME/five/test.bats" | lab_file
  judge
  like " $(about '.tests[1].expected') " "$these"
  like " $(about '.tests[1].expected') " "* $((PORT + 3)) *"
  ! like " $(about '.tests[1].expected') " "* $((PORT + 1)) *" || false
  ! like " $(about '.tests[1].expected') " "* $((PORT + 4)) *" || false
}

@test "a program that was ended at its deadline three times is not run any more" {
  a_course
  {
    sed '/^@test "prints/,$d; /^# bats test_tags=points:30/d' "$BATS_TEST_DIRNAME/five/test.bats"
    for n in 1 2 3 4 5; do
      printf '# bats test_tags=points:10\n@test "takes its time %s" {\n  help a b\n  DEADLINE=1 start five again\n  assert_exit 0\n}\n' "$n"
    done
  } | lab_file
  five '#include <unistd.h>
int main(int argc, char **argv) { getppid(); while (argc > 1) (void)argv; return 0; }'
  judge --no-valgrind --calls
  same "$STATUS: $(verdicts)" '0: fail pass timeout timeout timeout not-run not-run'
  like "$(about '.tests[5].got')" 'not run: five was ended at its deadline 3 times already'
  # One more time for its calls.
  ! strace -qq -o /dev/null true 2>/dev/null || like "$(about '.tests[1] | has("calls")')" true
  nothing_left "$COURSE"
}

@test "a test that fails without words, and a lab that bats cannot read: infra-error" {
  a_course
  sed 's/  assert_output five/  false/' "$BATS_TEST_DIRNAME/five/test.bats" | lab_file
  judge
  same "$STATUS: $(verdicts)" '3: infra-error pass infra-error pass skip pass'
  same "$(<judge.err)" ''
  same "$(about .score)" 64
  sed 's/^programs five/&\nreturn 1/' "$BATS_TEST_DIRNAME/five/test.bats" | lab_file
  judge
  same "$STATUS: $(about .verdict)" '3: infra-error'
  printf '#!/usr/bin/env bats\nload ../../kit/kit\nprograms five\n' | lab_file
  judge
  same "$STATUS: $(about .verdict)" '3: infra-error'
  nothing_left "$COURSE"
}

@test "bats ended in the middle, or by an early exit: infra-error, whatever passed" {
  a_course
  sed 's/  assert_output five/  kill -9 "$PPID"/' "$BATS_TEST_DIRNAME/five/test.bats" | lab_file
  judge
  same "$STATUS: $(about .verdict)" '3: infra-error'
  sed 's/  assert_output five/  echo "ok 2 prints five" >\&3; kill -9 $$/' "$BATS_TEST_DIRNAME/five/test.bats" | lab_file
  judge
  same "$STATUS: $(about .verdict)" '3: infra-error'
  nothing_left "$COURSE"
}

@test "--test: these tests and what they need, with the numbers of a whole run" {
  a_course
  sed 's/  assert_output five/  fail_test "$SEED" "$PORT"/' "$BATS_TEST_DIRNAME/five/test.bats" | lab_file
  judge --seed 3
  seed=$(about '.tests[1].expected')
  judge --seed 3 --test 'PRINTS'
  same "$(about '.tests[] | .number, .verdict')" '1 pass 2 fail'
  same "$(about '.tests[1].expected')" "$seed"
  judge --test '(a+b|c)'
  same "$STATUS: $(about '.tests[] | .name')" '0: does the basic job refuses arguments (a+b|c)'
  judge --test 'no such words'
  same "$STATUS" 2
  like "$(<judge.err)" 'No test of lab 01-five has "no such words"*does the basic job*'
  nothing_left "$COURSE"
}

@test "a wrong command line: exit 2, nothing written" {
  a_course
  for words in '' '--lab five' '--lab 02 --out o --submission .' '--lab five --out o --submission none' \
    '--lab five --out o --submission . --seed x' '--lab five --out o --submission . --seed 2147483648' \
    '--lab five --out o --submission . --more' '--lab five --submission . --out' '--seed -1 --lab five --out o --submission .'; do
    # shellcheck disable=SC2086 # words they are
    run "$COURSE/tests/engine/judge" $words
    same "$words: $status" "$words: 2"
  done
  [ ! -e o ]
  nothing_left "$COURSE"
}

@test "no compiler of that name: exit 3" {
  a_course
  CC=no-such-cc judge
  same "$STATUS" 3
  like "$(<judge.err)" '*no compiler no-such-cc*'
  [ ! -e "$RECORD" ]
  CC=clang judge
  same "$STATUS: $(about .verdict)" '0: pass'
}

@test "nothing that a program prints reaches the record as it is: escapes, control bytes, invalid UTF-8" {
  a_course
  five '#include <stdio.h>
int main(void) {
    fputs("\033[31mred\a\r\b\177 \x9b \xff\xfe t\tab \xc3\xa9 \342\200\256\n", stderr);
    fputs("\033]0;title\a expected\tforged\nname\tprints five\n", stderr);
    printf("\033[2J\377"); return 0; }'
  judge
  same "$STATUS: $(about '.tests[1].verdict')" '0: fail'
  jq -e . "$RECORD" >/dev/null
  same "$(tr -d '\t\n -~\200-\377' <"$RECORD")" ''
  iconv -f UTF-8 -t UTF-8 "$RECORD" >/dev/null
  same "$(grep -c -e '\\u00[01]' -e '\\u007f' -e '\\u009' "$RECORD")" 0
  same "$(about '.tests[1].expected')" '"five\n" (5 bytes) on standard output'
  like "$(about '.tests[1].got')" '"\\x1b\[2J\\xff" (5 bytes)*'
}

@test "a megabyte on standard error, in three lines, is no burden" {
  a_course
  five '#include <stdio.h>
int main(void) { for (int i = 0; i < 1000000; i++) fputc(i % 333333 ? 65 : 10, stderr); return 3; }'
  judge
  same "$(about '.tests[0] | .verdict, .got')" 'fail exit status 3'
  (($(wc -c <"$RECORD") < 20000))
}

@test "several at once, also into the same folder: the same record for all" {
  a_course
  for n in 1 2 3 4 5 6; do
    "$COURSE/tests/engine/judge" --lab 1 --submission "$COURSE/solutions" --out "$T/o$((n % 2 * n))" 3>&- &
    STARTED+=($!)
  done
  for pid in "${STARTED[@]}"; do wait "$pid"; done
  for n in 0 1 3 5; do
    jq 'del(.tests[].ms)' "o$n/01-five.json" >"r$n"
    cmp r0 "r$n"
    same "$(find "o$n" | sed "s|^o$n||" | LC_ALL=C sort | head -n 4 | tr '\n' ' ')" ' /01-five /01-five.json /01-five/4 '
  done
  nothing_left "$COURSE"
}

@test "--last: what took long has a lane for itself; waiting for the compiler is no part of a test's time" {
  a_course
  # shellcheck disable=SC2016 # for the lab file
  sed 's/^  help /  add_evidence step "$BATS_OUT"\n&/' "$BATS_TEST_DIRNAME/five/test.bats" | lab_file
  lanes='[.tests[].steps[0] | capture("lane-(?<n>[0-9])").n // "alone"] | join(" ")'
  judge --runs 2 --last "$T/none"
  same "$STATUS: $(about "$lanes")" '0: alone 2 1 2 1'
  jq '.tests[1].ms = 9000' "$RECORD" >"$T/last"
  printf '#!/bin/sh\nsleep 0.7\nexec gcc "$@"\n' >"$T/slow"
  chmod +x "$T/slow"
  CC=$T/slow judge --runs 2 --last "$T/last"
  same "$STATUS: $(about "$lanes")" '0: alone 2 1 1 1'
  (($(about '[.tests[].ms] | max') < 700))
}

@test "ended from outside, by SIGTERM, SIGINT or SIGKILL: no record, nothing runs on" {
  a_course
  five '#include <unistd.h>
int main(void) { if (fork() == 0) setsid(); for (;;) pause(); }'
  for sig in TERM INT KILL; do
    # env, because a shell's background has SIGINT ignored.
    env --default-signal=INT "$COURSE/tests/engine/judge" --lab 1 --submission "$S" --out "$T/o" --runs 3 2>/dev/null 3>&- &
    its=$!
    STARTED+=("$its")
    until_it running
    kill -"$sig" "$its"
    until_it no_process "$COURSE"
    [ ! -e o/01-five.json ]
    [[ $sig == KILL ]] || same "$(find "$COURSE/.build" -maxdepth 1 -name 'run.*')" ''
  done
}

@test "hidden tests: run where their file is, reported by category alone, with the points they are given" {
  a_course
  cp "$BATS_TEST_DIRNAME/five/hidden.bats" "$COURSE/tests/labs/01-five/hidden.bats"
  judge
  same "$STATUS: $(verdicts)" '0: fail pass pass pass skip pass fail pass'
  judge --runs 3
  same "$STATUS: $(verdicts)" '0: fail pass pass pass skip pass fail pass'
  same "$(about '.score, .max, (.tests[5:][] | .number, .name, .points, .earned)')" \
    '99 99 6 hidden test 1: many arguments 0 0 7 hidden test 2: speed 5 5'
  same "$(grep -c -i -e secret -e nine -e quick -e '1 2 3' "$RECORD" || true)" 0
  # The instructor finds the rest in the evidence.
  grep -q 'nine arguments' "$T/an out/01-five/6/evidence"
  judge --test nine
  same "$(verdicts)" 'fail pass fail'
  rm "$COURSE/tests/labs/01-five/hidden.bats"
  judge
  same "$(about '.tests | length')" 5
}

# a_told_bats: bats says in $T/bats when it begins, and when it has ended by itself.
a_told_bats() {
  local real
  real=$(PATH=${PATH//"${BATS_LIBEXEC:-none}:"/} command -v bats)
  mkdir "$T/bin"
  printf '#!/bin/sh\necho begun >>"%s"\n"%s" "$@"\nstatus=$?\necho ended >>"%s"\nexit $status\n' \
    "$T/bats" "$real" "$T/bats" >"$T/bin/bats"
  chmod +x "$T/bin/bats"
  PATH=$T/bin:$PATH
}

@test "what was not handed in or did not compile needs no bats; a first test that fails needs one, and ends it" {
  a_course
  a_told_bats
  # Some more tests, which bats would skip one by one.
  { cat "$BATS_TEST_DIRNAME/five/test.bats" && for n in {1..40}; do
    printf '# bats test_tags=points:0\n@test "more %s" {\n  help "No \\"%s\\"." "none(%s)"\n  start five\n}\n' "$n" "$n" "$n"
  done; } | lab_file
  mkdir "$T/empty"
  S=$T/empty judge
  same "$STATUS: $(about '.verdict, .tests[:7][].verdict')" '0: missing missing not-run not-run not-run not-run not-run not-run'
  same "$(about '.tests[0] | .name, .hint, .man, .expected, .got')" 'does the basic job Does it print? puts(3) the file five.c there is none'
  same "$(about '.tests[6] | .name, .hint, .man, .points, .ran, .expected, .got')" 'more 2 No "2". none(2) 0   not run: needs "does the basic job"'
  same "$(about '.tests | length') $(<"$T/an out/01-five/1/evidence")" "$(printf '45 name\tdoes the basic job\nhint\tDoes it print?\nman\tputs(3)\nms\t0\nverdict\tmissing\nexpected\tthe file five.c\ngot\tthere is none')"
  [[ ! -e $T/bats ]]
  for text in 'int main(void) { return five; }' 'int main(void) { return 7; }'; do
    rm -f "$T/bats"
    five "$text"
    judge --runs 3
    like "$STATUS: $(about '.verdict, .tests[:6][].verdict')" '0: @(no-compile no-compile|fail fail) not-run not-run not-run not-run not-run'
    same "$(about '.tests | length')" 45
    [[ $text == *7* || ! -e $T/bats ]]
  done
  same "$(<"$T/bats")" begun
  like "$(about '.tests[0] | .ran, .expected, .got')" './five five ends with exit status 0 exit status 7'
  rm "$T/bats"
  five "$right"
  judge
  same "$(about .verdict)$(paste -sd ' ' "$T/bats")" 'passbegun ended'
  nothing_left "$COURSE"
}

@test "the record of a lab that was not handed in is made once, until a test changes" {
  local made
  a_course
  mkdir "$T/empty" "$T/bin"
  printf '#!/bin/sh\necho jq >>"%s"\nexec %s "$@"\n' "$T/asked" "$(command -v jq)" >"$T/bin/jq"
  chmod +x "$T/bin/jq"
  S=$T/empty PATH=$T/bin:$PATH judge --seed 3
  same "$STATUS: $(verdicts) $(about .seed) $(<"$T/asked")" '0: missing missing not-run not-run not-run not-run 3 jq'
  made=$(jq -c 'del(.seed)' "$T/an out/01-five.json")
  rm -r "$T/asked" "$T/an out"
  S=$T/empty PATH=$T/bin:$PATH judge --seed 4
  same "$STATUS: $(about .seed) $(jq -c 'del(.seed)' "$T/an out/01-five.json")" "0: 4 $made"
  like "$(<"$T/an out/01-five/1/evidence")" '*the file five.c*'
  [[ ! -e $T/asked ]]
  # Not for one test, not for a link, not after a change.
  S=$T/empty judge --test 'does the'
  same "$STATUS: $(verdicts)" '0: missing missing'
  ln -s nowhere "$T/empty/five.c"
  S=$T/empty judge
  same "$(about .verdict) $(<judge.err)" 'missing five.c is a link: not taken'
  rm "$T/empty/five.c"
  sed -i 's/does the basic job/does its job/' "$COURSE/tests/labs/01-five/test.bats"
  S=$T/empty judge
  like "$(about '.tests[0].name')" 'does its job'
  five "$right"
  judge
  same "$(about .verdict)" pass
  nothing_left "$COURSE"
}

@test "of two programs, the one that is there is judged as usual" {
  a_course
  { printf 'load ../../kit/kit\nprograms five six\n' && for program in five six; do
    printf '# bats test_tags=points:%s\n@test "%s: %s" {\n  help "Hint." "man(1)"\n  start %s\n  assert_exit 0\n}\n' \
      30 "$program" first "$program" 20 "$program" second "$program"
  done; } | lab_file
  five "$right"
  judge
  same "$STATUS: $(verdicts)" '0: fail pass pass missing not-run'
  same "$(about '.score, .max, .tests[3].got')" '50 100 not run: needs "six: first"'
  mv "$S/five.c" "$S/six.c"
  judge
  same "$STATUS: $(verdicts)" '0: fail missing not-run pass pass'
  echo 'int main(void) { return 7; }' >"$S/five.c"
  judge
  same "$STATUS: $(verdicts)" '0: fail fail not-run pass pass'
  echo 'int main(void) { return 7' >"$S/five.c"
  judge
  same "$STATUS: $(verdicts)" '0: no-compile no-compile not-run pass pass'
  judge --test 'five: second'
  same "$STATUS: $(verdicts)" '0: no-compile no-compile not-run'
}
