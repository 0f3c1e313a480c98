# shellcheck shell=bash
# shellcheck disable=SC2154 # build is common.bash's
# A trick: Bats starts processes that this course does not need, and reads each lab file
# twice, line by line, in bash: 0.2 to 0.3 s each time. Without this file all works, but
# slower. With it, judging lab 03 took 1.54 s of processor time instead of 1.77 s, one test of
# lab 09 then 1.26 instead of 1.58 s (medians of 7 and 5, alternating). Bats 1.11 does not use
# bats-preprocess from here. tests/kit/fast-bats.bash does the same for the kit.

# fast_bats: call it in the shell that becomes Bats. It replaces three commands of Bats'
# scripts. For each test Bats makes a folder and removes a file: neither is needed, because
# remove_run removes the whole folder of the run. bats-preprocess writes the lab file as
# plain bash. If bash-static is installed and works for this user, it runs Bats' many
# scripts, because it starts faster. (Where the users of a machine come from a service, it
# can crash: glibc loads the service's library into it, nsswitch.conf(5).)
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
  # bats-preprocess FILE: its first call only looks for the names of tests: it gets the lines
  # that have them. The second call gives what it gave before for the same file and the
  # same Bats; copies of both stand beside it, and the copy of the file is made last.
  bats-preprocess() {
    local folder=${1%/*} program kept
    if [[ -z ${CHECK_BATS_COMMENT_COMMANDS:-} ]]; then
      grep '^@test ' -- "$1" >"$KIT_RUN/bats/names.$$" || true
      command bats-preprocess "$KIT_RUN/bats/names.$$"
      return
    fi
    kept=$KIT_KEPT/${folder##*/}.${1##*/}
    program=$(type -P bats-preprocess)
    if ! cmp -s "$1" "$kept.source" || ! cmp -s "$program" "$kept.program"; then
      command bats-preprocess "$1" >"$kept.$$" || return
      command mv "$kept.$$" "$kept" && cp "$program" "$kept.program.$$" && command mv "$kept.program.$$" "$kept.program" &&
        cp "$1" "$kept.source.$$" && command mv "$kept.source.$$" "$kept.source"
    fi
    cat "$kept"
  }
  export -f mkdir rm bats-preprocess
  export KIT_KEPT=$build/bats
  [[ -d $KIT_KEPT ]] || command mkdir -p "$KIT_KEPT"
  if { "$KIT_BIN/bash/bash" -c :; } 2>/dev/null; then PATH=$KIT_BIN/bash:$PATH; fi
}
