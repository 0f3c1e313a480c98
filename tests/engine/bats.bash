# shellcheck shell=bash
# shellcheck disable=SC2154 # run, tests, runs and the descriptors are the judge's
# Runs Bats on the files of a lab.

# run_bats FILE FOLDER: Bats runs the tests in FILE, lines as tests_of prints them. Its TAP goes
# to FOLDER/out, its standard error to FOLDER/err. It prints how Bats ended, as launch does.
# Call it in a new process: it execs launch.
run_bats() {
  local only=() deadline=900
  cmp -s "$1" "$run/tests" || only=(--filter "$(filter_of "$1")")
  export TMPDIR=$2
  fast_bats
  # A person who debugs (kit/debug.bash) has eleven days.
  [[ -z ${KIT_DEBUG:-} ]] || deadline=1000000
  exec "$KIT_BIN/launch" -t "$deadline" -c 16777216 -d "$2" -- \
    bats --tap "${only[@]}" "${tests[@]}"
}

# start_bats: starts Bats in the background on the tests in $run/left, in lanes if there are any
# (share_tests). $run/bats/1.ended gets how it ended, $run/bats/1/out its TAP. Sets bats_pid.
start_bats() {
  mkdir "$run/bats/1"
  {
    ((runs == 1)) || export KIT_LANES=$run/lanes
    run_bats "$run/left" "$run/bats/1"
  } >"$run/bats/1.ended" {record_fd}>&- {news}>&- &
  bats_pid=$!
}

# bats_has_passed: succeeds if Bats exited with 0. Exits with 3 if it was stopped.
bats_has_passed() {
  local ended='' status=''
  # Nothing stands there if the launcher could not begin.
  { read -r _ && read -r ended status _; } <"$run/bats/1.ended" || true
  [[ $ended != stopped ]] || exit 3
  [[ $ended == exited && $status == 0 ]]
}
