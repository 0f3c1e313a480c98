# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of grade
# All labs of all submissions through GNU parallel. Sourced by tests/grader/grade.

# judge_all: judges what is left to do. A job that leaves nothing was killed, or
# its host was lost: all such are tried once again at the end, and then left open.
judge_all() {
  local id lab again
  for again in no yes; do
    jobs_left >"$work/jobs"
    [[ -s $work/jobs ]] || return 0
    [[ $again == no ]] || echo "Labs whose judging was ended by something else: once again."
    [[ ${#hosts[@]} -eq 0 ]] || prepare_hosts
    run_parallel
  done
  while IFS=/ read -r -d '' id lab; do
    note "$work/sub/$id.notes" "$lab could not be judged: something ended its judging, twice"
  done < <(jobs_left)
}

# jobs_left: NNNN/03-listen for every lab that is still to be judged, each with a
# NUL after it: GNU parallel sees only our own numbers and names.
jobs_left() {
  local id lab
  for id in "${ids[@]}"; do
    [[ -d $work/out/$id ]] || continue
    for lab in "${chosen[@]}"; do
      [[ -e $work/out/$id/$lab.done ]] || printf '%s/%s\0' "$id" "$lab"
    done
  done
}

# run_parallel: grade-one for each of WORK/jobs. In the background, so that a signal
# ends the wait at once; env gives it back the signals that bash takes from what
# it starts there, or every submission would ignore SIGINT. Should grade be killed
# with -9, the kernel ends parallel, and then its jobs. Should parallel itself be
# killed, what is missing is nobody's fault: exit 3.
run_parallel() {
  local status=0 command=(setpriv --pdeathsig KILL)
  local options=(-0 --will-cite --no-notice --tmpdir "$work/tmp" --termseq "TERM,5000,KILL")
  mkdir -p -- "$work/tmp" "$work/parallel"
  GRADE_PLAIN=1
  if [[ -t 2 ]]; then
    options+=(--bar)
    GRADE_PLAIN=
  fi
  export GRADE_PLAIN
  if ((${#hosts[@]} == 0)); then
    options+=(--jobs "$jobs")
    command+=(./grade-one)
  else
    options+=(--ssh "${command[*]} ./on-host" --sshloginfile "$work/hosts" --retries "$((${#hosts[@]} + 1))")
    command+=(".cache/socket-steps/$run_id/tests/grader/class/grade-one")
  fi
  PARALLEL_HOME=$work/parallel PARALLEL_SHELL=/bin/bash \
    setpriv --pdeathsig KILL env --default-signal -C "$here/class" \
    parallel "${options[@]}" "${command[@]}" \
    <"$work/jobs" 9>&- &
  parallel_pid=$!
  wait "$parallel_pid" || status=$?
  parallel_pid=
  if ((status > 101)); then
    echo "GNU parallel was ended by something else (status $status). $goes_on" >&2
    exit 3
  fi
}
