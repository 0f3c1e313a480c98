# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of grade
# Judges all labs of all submissions with GNU parallel. tests/grader/grade sources it.

# judge_all: judges all labs that have no record yet. If a job leaves no record, it was
# killed or its host was lost. Such jobs run once more at the end. Labs that then have no
# record stay without a mark.
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

# jobs_left: prints NNNN/03-listen and a NUL for every lab that is not judged yet. GNU
# parallel sees only our own numbers and names, no text from a submission.
jobs_left() {
  local id lab
  for id in "${ids[@]}"; do
    [[ -d $work/out/$id ]] || continue
    for lab in "${chosen[@]}"; do
      [[ -e $work/out/$id/$lab.done ]] || printf '%s/%s\0' "$id" "$lab"
    done
  done
}

# run_parallel: runs grade-one for each job in WORK/jobs. parallel runs in the background,
# so that a signal ends the wait at once. bash makes background processes ignore SIGINT.
# env restores the default, or every submission would ignore SIGINT, too. If kill -9 ends
# grade, the kernel kills parallel and then its jobs (PR_SET_PDEATHSIG). If parallel itself
# is killed, exit 3: no submission is to blame. It inherits no lock: while it counts how many
# processes may run, it has children that sleep for hours if it is killed just then.
run_parallel() {
  local status=0 command=(setpriv --pdeathsig KILL)
  local options=(-0 --will-cite --no-notice --tmpdir "$work/tmp" --termseq "TERM,5000,KILL")
  mkdir -p -- "$work/tmp" "$build/parallel"
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
  # There it keeps how long a command may be, which takes a hundred processes to find out.
  PARALLEL_HOME=$build/parallel PARALLEL_SHELL=/bin/bash \
    setpriv --pdeathsig KILL env --default-signal -C "$here/class" \
    parallel "${options[@]}" "${command[@]}" \
    <"$work/jobs" 9>&- 8>&- &
  parallel_pid=$!
  wait "$parallel_pid" || status=$?
  parallel_pid=
  if ((status > 101)); then
    echo "GNU parallel was ended by something else (status $status). $goes_on" >&2
    exit 3
  fi
}
