# shellcheck shell=bash
# shellcheck disable=SC2034,SC2153,SC2154 # root, build and labs are common.bash's; others use what is set
# The folder of a run holds what the kit needs to judge one lab of one submission. The
# judge makes such a folder. A lab file that Bats runs without the judge makes one, too
# (tests/kit/plain.bash).
#
# The folder holds src/ (the sources that were taken), tests (as tests_of in common.bash
# prints them), chosen (the tests to run), outcomes (of the tests that have ended), N/ (the
# evidence of test N) and the programs after the build (build.bash).

# make_run LAB SEED [FOLDER]: makes the folder, below FOLDER if given. Sets run, tests (the
# lab's test files), PROGRAMS and the environment that kit.bash lists. remove_run removes
# the folder.
make_run() {
  local scratch=${3:-}
  tests=("$root/tests/labs/$1/test.bats")
  # Hidden tests come last. Only the grader has them.
  [[ ! -e $root/tests/labs/$1/hidden.bats ]] || tests+=("$root/tests/labs/$1/hidden.bats")
  mapfile -t PROGRAMS < <(lab_programs "$1")
  KIT_CC=$(command -v "${CC:-gcc}") || {
    echo "there is no compiler ${CC:-gcc}" >&2
    exit 3
  }
  [[ $KIT_CONFINED != none ]] || KIT_BIN=$(source "$root/tests/tools/build")
  # LD_PRELOAD and VARS (launch.bash) split at blanks and colons. If the path holds such a
  # character, a symbolic link replaces the path.
  if [[ $KIT_CONFINED == none && $build == *[!A-Za-z0-9._/+-]* ]]; then
    link=$(mktemp -d /tmp/socket-steps.XXXXXX)
    ln -s "$build" "$link/build"
    KIT_BIN=$link/build/${KIT_BIN#"$build"/}
    scratch=${scratch:-$link/build}
  fi
  run=$(mktemp -d "${scratch:-$build}/run.XXXXXX")
  [[ $KIT_CONFINED != none ]] || KIT_SHARE=$run
  KIT_TOOLS=$KIT_BIN
  [[ $KIT_CONFINED == none ]] || KIT_TOOLS=$KIT_SHARE
  export KIT_BIN KIT_CC KIT_RUN=$run KIT_SOURCE=$run/src KIT_SEED=$2
  export KIT_CONFINED KIT_SHARE KIT_TOOLS
  # The compilers' temporary files go there, too, because /tmp may be full.
  export TMPDIR=$run/bats
  served_everywhere
  tests_of "${tests[@]}" >"$run/tests"
  cp "$run/tests" "$run/chosen"
  : >"$run/outcomes"
  # The kit sleeps without a fork: read -t on "nothing", a FIFO that gets no data.
  mkfifo "$run/nothing" "$run/news"
  mkdir "$run/src" "$run/bats"
  [[ $KIT_CONFINED == none ]] || mkdir "$KIT_SHARE/src"
}

# make_folders: makes the folders of the chosen tests.
make_folders() {
  local numbers
  [[ -s $run/chosen ]] || return 0
  mapfile numbers <"$run/chosen"
  numbers=("${numbers[@]%%$'\t'*}")
  mkdir "${numbers[@]/#/$run/}"
  [[ $KIT_CONFINED == none ]] || mkdir "${numbers[@]/#/$KIT_SHARE/}"
}

# remove_run: removes the folder, and the link to it.
remove_run() { rm -rf "${run:-}" "${link:-}"; }

# take_programs LAB SUBMISSION: copies the sources of the lab's programs into the run.
take_programs() {
  local program place taken
  for program in "${PROGRAMS[@]}"; do
    for place in $(layouts "$1" "$program"); do
      taken=0
      take_file "$2" "$place" "$run/src/$program.c" || taken=$?
      ((taken == 1)) && continue
      ((taken == 2)) && echo "$place $TAKE_WHY: not taken" >&2
      break
    done
  done
  [[ $KIT_CONFINED == none ]] || find "$run/src" -name '*.c' -exec cp -t "$KIT_SHARE/src" {} +
}
