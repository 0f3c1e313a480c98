# shellcheck shell=bash
# shellcheck disable=SC2154 # run, tests, runs, working_pids and the descriptors are the judge's
# Runs Bats on the files of a lab.

# run_bats FILE FOLDER: Bats runs the tests that FILE names, one a line. Its TAP goes to
# FOLDER/out, its standard error to FOLDER/err. It prints how Bats ended, as launch does.
# Call it in a new process: it execs launch.
run_bats() {
  local only=() deadline=900
  cmp -s "$1" <(cut -f 3 "$run/tests") || only=(--filter "$(filter_of "$1")")
  export TMPDIR=$2
  fast_bats
  # A person who debugs (kit/debug.bash) has eleven days.
  [[ -z ${KIT_DEBUG:-} ]] || deadline=1000000
  exec "$KIT_BIN/launch" -t "$deadline" -c 16777216 -d "$2" -- \
    bats --tap "${only[@]}" "${tests[@]}"
}

# start_bats: starts every Bats process that has tests, in the background. $run/bats/I.ended
# gets how process I ended, $run/bats/I/out gets its TAP. The PIDs are added to working_pids.
# The first process begins at once. The others wait for the answer of open_gate (not-run.bash):
# if the first test fails, they are not needed. If the judge is gone, nobody holds the other
# end of the FIFO and they end.
start_bats() {
  local i begin
  for ((i = 1; i <= runs; i++)); do
    [[ -e $run/bats/$i.names ]] || continue
    mkdir "$run/bats/$i"
    {
      ((i == 1)) || { read -r -n 1 begin <"$run/gate" && ((begin)); } || exit 0
      run_bats "$run/bats/$i.names" "$run/bats/$i"
    } >"$run/bats/$i.ended" {record_fd}>&- {news}>&- {gate}>&- &
    working_pids+=($!)
  done
}

# bats_has_passed: succeeds if every Bats process exited with 0. Exits with 3 if one of them
# was stopped.
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
