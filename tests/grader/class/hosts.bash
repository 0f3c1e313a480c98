# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of grade
# HOSTS: judges the labs on other machines, which ssh(1) reaches without a password.
# tests/grader/grade sources it.
#
# Each machine gets the tests and the submissions in ~/.cache/socket-steps/RUN, but no
# solution and no student's name. GNU parallel shares out the jobs with --sshlogin. It uses
# on-host as its ssh, and on-host fetches each result. If a host is lost, its job goes to
# another host. Marks must not depend on the machine, so a host whose tools differ from this
# machine's is left out.

# read_hosts FILE: fills hosts with the lines [N/][USER@]HOST. The host judges N labs at the
# same time; the default is its number of cores. It skips empty lines and lines that begin
# with #.
read_hosts() {
  local line
  hosts_file=$(visible "$1")
  [[ -f $1 && -r $1 ]] || die_usage "HOSTS=$hosts_file: there is no such file"
  while read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    [[ -n $line && $line != '#'* ]] || continue
    [[ $line =~ ^([1-9][0-9]{0,2}/)?([[:alnum:]_][[:alnum:]._-]*@)?[[:alnum:]][[:alnum:]._-]*$ ]] ||
      die_usage "HOSTS=$hosts_file: '$(visible "$line")' is not [N/][USER@]HOST"
    hosts+=("$line")
  done <"$1"
  ((${#hosts[@]} > 0)) || die_usage "HOSTS=$hosts_file: it names no host (one a line)"
}

# ssh_to LOGIN COMMAND…: runs ssh(1) without questions. A host that does not answer for 10 s
# (connecting) or 15 s (later) is lost.
ssh_to() {
  ssh -T -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3 "$@"
}

# prepare_hosts: sends the tests and submissions to every host and asks for its facts. Then
# WORK/hosts is GNU parallel's list of the hosts that can judge. Exits with 3 if there is
# none.
prepare_hosts() {
  local host id pids=() sent=() cores place=.cache/socket-steps/$run_id
  for id in "${ids[@]}"; do
    [[ ! -d $work/sub/$id ]] || sent+=("sub/$id")
  done
  {
    printf 'GRADE_SEED=%q\nexport CONFINE=%q\n' "$seed" "$CONFINE"
    [[ -z ${CC:-} ]] || printf 'export CC=%q\n' "$CC"
    [[ -z $judge_given ]] || printf 'JUDGE=%q\n' "$judge_given"
    [[ -z $launch_given ]] || printf 'LAUNCH=%q\n' "$launch_given"
  } >"$work/settings"
  tar -czf "$work/host.tar.gz" -C "$root" --exclude=mistakes --exclude=variants --exclude=equivalent \
    "${judging_rooms[@]/#/tests/}" tests/{grader,labs} -C "$work" settings "${sent[@]}"
  for host in "${!hosts[@]}"; do
    ssh_to "${hosts[host]#*/}" "umask 077; mkdir -p $place && cd $place/.. &&
      find . -mindepth 1 -maxdepth 1 -mtime +2 -exec rm -rf {} + && cd $run_id &&
      tar -xzf - && exec tests/grader/class/grade-one --ready ${chosen[*]}" \
      <"$work/host.tar.gz" >"$work/host.$host" 2>"$work/host.$host.err" 9>&- 8>&- &
    pids+=($!)
  done
  for host in "${pids[@]}"; do wait "$host" || true; done
  for host in "${!hosts[@]}"; do
    if unfit "$work/host.$host" >"$work/unfit"; then
      echo "Host ${hosts[host]#*/} is left out: $(visible "$(<"$work/unfit")")" >&2
      continue
    fi
    cores=$(jq .cores "$work/host.$host")
    [[ ${hosts[host]} != */* ]] || cores=${hosts[host]%%/*}
    printf '%s/%s\n' "$cores" "${hosts[host]#*/}"
  done >"$work/hosts"
  if [[ ! -s $work/hosts ]]; then
    echo "No host of HOSTS=$hosts_file can judge. $goes_on" >&2
    exit 3
  fi
}

# unfit FILE: prints why the host whose answer is in FILE cannot judge. Fails if it can.
unfit() {
  local why
  if ! jq -e .cores "$1" >/dev/null 2>&1; then
    why=$(tail -n 1 "$1.err")
    echo "${why:-it gave no answer}"
    return
  fi
  why=$(jq -r -n --slurpfile here "$work/facts" --slurpfile there "$1" '
    def flat: [paths(scalars) as $p | {key: ($p | join(".")), value: getpath($p)}] | from_entries;
    ($here[0] | del(.kernel) | flat) as $here | ($there[0] | del(.kernel, .cores, .missing) | flat) as $there
    | [($here + $there | keys[]) | select($here[.] != $there[.])
      | "\(.) is \($there[.]), here \($here[.])"] | first // empty')
  if [[ -z $why && ${SKIP:-} != allow ]]; then
    why=$(jq -r 'if .missing == "" then empty else "tests would be skipped there: \(.missing)" end' "$1")
  fi
  [[ -n $why ]] && echo "$why"
}

# leave_hosts: removes what prepare_hosts sent. If a host does not answer, the files stay
# until the next grading there, when they are more than two days old.
leave_hosts() {
  local host
  for host in "${hosts[@]}"; do
    timeout -k 1 10 ssh -T -o BatchMode=yes -o ConnectTimeout=5 "${host#*/}" \
      "rm -rf .cache/socket-steps/$run_id" </dev/null >/dev/null 2>&1 &
  done
  wait
}
