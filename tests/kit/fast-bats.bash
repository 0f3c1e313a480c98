# shellcheck shell=bash
# shellcheck disable=SC2317,SC2329 # Bats calls these functions
# A trick: Bats notes every command by a DEBUG trap, for the stack trace of a failure, asks
# date(1) about every test, and starts a new bash for each, which reads the lab file and the
# kit again. What the kit says of a failure needs none of it. Bats also runs one test at a time,
# or needs GNU parallel and a process for each. Without this file everything works.
# KIT_TRACE=1 brings the stack traces back, for those who write tests.

if [[ -z ${KIT_TRACE:-} ]]; then
  bats_debug_trap() { :; }
  date() { printf '%s000\n' "${EPOCHREALTIME/[.,]/}"; }

  # In the process of bats-exec-file, which has read the lab file: a test runs in a fork of it
  # that reads only the rest of bats-exec-test. Newer versions of Bats learn from the lab file
  # itself which test is meant, and read that again, too. Bats calls this function before "||",
  # where "set -e" means nothing to bash, not even in a subshell: only a trap on EXIT begins
  # anew.
  if declare -F bats_run_test_with_retries >/dev/null; then
    bats_run_test_with_retries() {
      (
        load() { :; }
        source() {
          [[ $1 == */bats-core/*.bash ]] || { [[ $1 == "$BATS_TEST_SOURCE" ]] && declare -F bats_test_begin >/dev/null; } ||
            builtin source "$@"
        }
        trap '(builtin source "$BATS_LIBEXEC/bats-exec-test" "$@" 1)' EXIT
        exit
      )
    }

    # KIT_LANES is a folder whose files hold the numbers of tests, as Bats counts them, one a line
    # (share_tests in engine/select.bash). The tests of one file, a lane, run one after another, the
    # lanes run at the same time. The first test runs alone: if it fails, often no other is needed.
    # tests_to_run, flags, filename and the other names are those of bats-exec-file.
    # shellcheck disable=SC2154
    if [[ -n ${KIT_LANES:-} ]]; then
      bats_run_tests() {
        local lane pid pids=()
        bats_exec_file_status=0
        _run_test 1
        for lane in "$KIT_LANES"/*; do
          _run_lane "$lane" &
          pids+=("$!")
        done
        for pid in "${pids[@]}"; do wait "$pid" || bats_exec_file_status=1; done
      }

      # _run_lane FILE: the tests of this lane. Bats takes the name of a file for their output from
      # the process, which all lanes share.
      _run_lane() {
        local number numbers
        mapfile -t numbers <"$1"
        BATS_OUT=$BATS_RUN_TMPDIR/bats.lane-${1##*/}.out
        for number in "${numbers[@]}"; do
          number=$((number - BATS_FILE_FIRST_TEST_NUMBER_IN_SUITE))
          ((number <= 1 || number > ${#tests_to_run[@]})) || _run_test "$number"
        done
        exit "$bats_exec_file_status"
      }

      # _run_test N: the Nth test of this file.
      _run_test() {
        bats_run_test_with_retries "${flags[@]}" "$filename" "${tests_to_run[$1 - 1]}" \
          "$((BATS_FILE_FIRST_TEST_NUMBER_IN_SUITE + $1))" "$1" || bats_exec_file_status=1
      }
    fi
  fi
fi
