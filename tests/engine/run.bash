# shellcheck shell=bash
# shellcheck disable=SC2034,SC2153,SC2154 # root, build and labs are common.bash's; others use what is set
# The folder of a run: what the kit needs to judge one lab of one submission. The judge
# makes one, and so does a lab file that Bats runs by itself (tests/kit/plain.bash).
#
# In it: src/ the sources that were taken, tests (tests_of in common.bash) and chosen (those
# that are run), outcomes of the tests that have ended, N/ the evidence of test N, and the
# programs once they are built (build.bash).

# make_run LAB SEED [FOLDER]: makes the folder, below FOLDER if given; sets run, tests (the
# files of the lab's tests), PROGRAMS, and in the environment what kit.bash lists. remove_run
# removes it again.
make_run() {
  local scratch=${3:-}
  tests=("$root/tests/labs/$1/test.bats")
  # Hidden tests, which only the grader has, come after those that all can read.
  [[ ! -e $root/tests/labs/$1/hidden.bats ]] || tests+=("$root/tests/labs/$1/hidden.bats")
  mapfile -t PROGRAMS < <(lab_programs "$1")
  KIT_CC=$(command -v "${CC:-gcc}") || {
    echo "there is no compiler ${CC:-gcc}" >&2
    exit 3
  }
  [[ $KIT_CONFINED != none ]] || KIT_BIN=$(source "$root/tests/tools/build")
  # LD_PRELOAD cannot name a file with a blank or a colon in its path, nor can the
  # words of VARS (launch.bash): where there is one, all goes by a link without.
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
  # The compilers' files, too: /tmp may be full.
  export TMPDIR=$run/bats
  served_everywhere
  tests_of "${tests[@]}" >"$run/tests"
  cp "$run/tests" "$run/chosen"
  : >"$run/outcomes"
  # Nobody writes to "nothing": to read from it for a while is to sleep without a process.
  mkfifo "$run/nothing" "$run/news"
  local numbers folders
  mapfile numbers <"$run/tests"
  numbers=("${numbers[@]%%$'\t'*}")
  folders=("$run/src" "$run/bats" "${numbers[@]/#/$run/}")
  mkdir "${folders[@]}"
  [[ $KIT_CONFINED == none ]] || mkdir "${folders[@]/#"$run"/$KIT_SHARE}"
}

# remove_run: removes the folder.
remove_run() { rm -rf "${run:-}" "${link:-}"; }

# take_programs LAB SUBMISSION: the sources of the lab's programs, into the run.
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
