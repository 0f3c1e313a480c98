# shellcheck shell=bash
# A trick: for each test Bats starts some processes that this course does not need. Without
# this file all works, but slower. With it, judging lab 03 without valgrind took 1.54 s of
# processor time instead of 1.77 s (medians of 7, alternating; 28 November 2026).
# tests/kit/fast-bats.bash does the same for the kit and says what it saves.

# fast_bats: call it in the shell that becomes Bats. For each test Bats makes a folder and
# removes a file. Neither is needed, because remove_run removes the whole folder of the run.
# If bash-static is installed, it runs Bats' many scripts, because it starts faster.
# shellcheck disable=SC2317,SC2329 # bats calls them
fast_bats() {
  mkdir() {
    case ${!#} in
      */bats-run-*/test/[0-9]*) ;;
      */bats-run-*/test) [[ -d ${!#} ]] || command mkdir "$@" ;;
      *) command mkdir "$@" ;;
    esac
  }
  rm() { [[ $* == '-f '*/bats-run-*/bats.*.out ]] || command rm "$@"; }
  export -f mkdir rm
  PATH=$KIT_BIN/bash:$PATH
}
