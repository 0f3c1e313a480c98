# shellcheck shell=bash
# shellcheck disable=SC2317,SC2329 # Bats calls these functions
# A trick: Bats notes every command by a DEBUG trap, for the stack trace of a failure, asks
# date(1) about every test, and starts a new bash for each, which reads the lab file and the
# kit again. What the kit says of a failure needs none of it. Without this file everything
# works. KIT_TRACE=1 brings the stack traces back, for those who write tests.

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
  fi
fi
