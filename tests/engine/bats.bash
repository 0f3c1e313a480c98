# shellcheck shell=bash
# shellcheck disable=SC2154 # run, tests, runs and working are the judge's
# Running Bats on a lab's files.

# run_bats FILE FOLDER: Bats runs the tests whose names are in FILE, one a line. Its TAP
# goes to FOLDER/out, its standard error to FOLDER/err; prints how it ended, as launch does.
# To be called in a process of its own: it becomes launch.
run_bats() {
  local only=()
  cmp -s "$1" <(cut -f 3 "$run/tests") || only=(--filter "$(filter_of "$1")")
  export TMPDIR=$2
  fast_bats
  exec "$KIT_BIN/launch" -t 900 -c 16777216 -d "$2" -- \
    bats --tap "${only[@]}" "${tests[@]}"
}

# start_bats: starts the runs of Bats that have tests, in the background. How run I ended
# comes into $run/bats/I.ended, its TAP into $run/bats/I/out; working gets the processes.
start_bats() {
  local i
  for ((i = 1; i <= runs; i++)); do
    [[ -e $run/bats/$i.names ]] || continue
    mkdir "$run/bats/$i"
    run_bats "$run/bats/$i.names" "$run/bats/$i" >"$run/bats/$i.ended" {hearing}>&- &
    working+=($!)
  done
}

# bats_has_passed: whether all runs of Bats ended as they do when every test passed. Exits
# with 3 when one was stopped.
bats_has_passed() {
  local file ended status passed=0
  for file in "$run"/bats/*.ended; do
    [[ -e $file ]] || continue
    { read -r _ && read -r ended status _; } <"$file"
    [[ $ended != stopped ]] || exit 3
    [[ $ended == exited && $status == 0 ]] || passed=1
  done
  return "$passed"
}
