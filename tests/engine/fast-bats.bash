# shellcheck shell=bash
# A trick: Bats starts some processes a test that this course does not need. Without this
# file everything works; with it, judging lab 03 without valgrind took 1.54 instead of
# 1.77 s of processor time (medians of 7, alternating; 28 November 2026). The kit's part of
# the same kind, and what it saves, is in tests/kit/fast-bats.bash.

# fast_bats: in the shell that becomes Bats. Bats makes a folder for each test, and removes
# a file, which goes with the run; where bash-static is installed Bats' many scripts are
# read by it, which begins sooner.
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
