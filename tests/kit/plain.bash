# shellcheck shell=bash
# shellcheck disable=SC2154 # Bats and engine/run.bash set the names
# A lab file that Bats runs by itself, without the judge:
#
#   bats tests/labs/03-listen/test.bats
#   SUBMISSION=solutions bats --filter 'backlog' tests/labs/03-listen/test.bats
#
# SUBMISSION is the folder with the programs (default: labs), SEED the seed (default: 1), CC
# the compiler. Tests run one after the other. A failed test prints what the judge would
# read of it. Programs are not confined.

# setup_file: makes and removes, with teardown_file, what the judge makes otherwise. bats(1)
setup_file() {
  [[ -z ${KIT_RUN:-} ]] || return 0
  local part folder=${BATS_TEST_FILENAME%/*} submission seed
  # shellcheck source=tests/common.bash
  source "$KIT/../common.bash"
  for part in take machine run; do
    # shellcheck source=/dev/null
    source "$KIT/../engine/$part.bash"
  done
  submission=$(known_submission) || exit
  seed=$(known_seed "${SEED:-1}") || exit
  need check
  mkdir -p "$build"
  export KIT_PLAIN=1 KIT_CONFINED=none BATS_NO_PARALLELIZE_WITHIN_FILE=true
  make_run "${folder##*/}" "$seed"
  make_folders
  take_programs "${folder##*/}" "$submission"
  build_programs
}

teardown_file() {
  [[ -z ${KIT_PLAIN:-} ]] || remove_run
}

# show_evidence: prints what the test said of itself, one "KEY  TEXT" a line; Bats shows it
# of a test that failed.
show_evidence() {
  local key text
  while IFS=$'\t' read -r key text; do
    case $key in
      ran | with | step | expected | got | died | printed | said | hint | man) printf '%-9s %s\n' "$key" "$text" ;;
    esac
  done <"$EVIDENCE"
}
