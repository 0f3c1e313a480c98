#!/usr/bin/env bats
# A lab file that Bats runs as it stands, without the judge.
# shellcheck disable=SC2016,SC2030,SC2035,SC2031,SC2153,SC2154 # C; tests are subshells
load ../tools/tools
load judge

# in_bats WORD…: Bats runs the lab of a_course; sets status and output.
in_bats() { SUBMISSION=${S:-$COURSE/solutions} run bats --tap "$@" "$COURSE/tests/labs/01-five/test.bats" 3>&-; }

@test "bats runs a lab file as it stands, and leaves nothing" {
  a_course
  in_bats
  same "$status" 0
  like "$output" $'1..5\nok 1 does the basic job*ok 4 *# skip there is no such thing here*'
  nothing_left "$COURSE"
  in_bats --filter 'prints five' --jobs 1
  same "$output" $'1..1\nok 1 prints five'
  in_bats --filter-tags points:40
  like "$output" $'1..1\nok 1 does the basic job*'
}

@test "a test that fails prints what was run, expected and got; what needs the first is skipped" {
  a_course
  five 'int main(void) { return 3; }'
  in_bats
  same "$status" 1
  like "$output" *'not ok 1 does the basic job'*'# ran       ./five'*'# expected '*'# got '*'# skip not run: needs "does the basic job'*
  nothing_left "$COURSE"
}

@test "a folder that is not there, a wrong seed: one line, nothing is run" {
  a_course
  S=$T/nowhere in_bats
  like "$output" *"not ok 1 setup_file failed"*"SUBMISSION=$T/nowhere: there is no such folder"*
  SEED=x in_bats
  like "$output" *"SEED is a number from 0 to 2147483647, not 'x'"*
  nothing_left "$COURSE"
}
