# shellcheck shell=bash
# shellcheck disable=SC2154 # root, build and me are set by confine
# Checks that submissions are confined on this machine. confine sources this file and
# defines the other functions and variables. A probe (probe.c) starts like a submission's
# program and tries to break out. If the machine was too slow to finish a check, the message
# says so: a slow check does not prove that the confinement is broken.

# prove PATH…: returns 0 if all protections of CONFINE hold on this machine. Otherwise it
# prints what failed and the cures, and exits with 3.
prove() {
  local tool lacking=() found port ready
  [[ $CONFINE != none ]] || return 0
  [[ $CONFINE != weaker ]] || really_root ||
    cannot 'Weaker confinement takes root: the programs run as another user.'
  for tool in unshare setpriv ip bwrap; do
    [[ $CONFINE != full ]] && continue
    command -v "$tool" >/dev/null || lacking+=("$tool")
  done
  ((${#lacking[@]} == 0)) ||
    cannot "Missing here, to confine submissions: ${lacking[*]}. Run: make setup grade" "$(print_cures)"
  [[ $CONFINE != full || $(bwrap --help) == *--disable-userns* ]] ||
    cannot 'bubblewrap is too old here: 0.8 is the first that will do' "$(print_cures)"
  KIT_BIN=$("$root/tests/tools/build")
  # Starts a server on this machine, which the probe tries to reach.
  for ((port = 20000 + SRANDOM % 8000; ; port++)); do
    exec {ready}< <(
      exec "$KIT_BIN/peer" -e /dev/null 2>/dev/null <<END
        listen 127.0.0.1:$port 5
        print ready
        stay
END
    )
    read -r -u "$ready" _ && break
    exec {ready}<&-
  done
  found=$(SOCKET_STEPS_SECRET=1 "$me" enter "$me" probe "$port" $$ "$@" 2>&1) || true
  kill $!
  case $found in
    proved) return 0 ;;
    *proved)
      # A line that begins with "? " means a slow machine, any other line a broken
      # protection.
      [[ $'\n'${found%proved} == *$'\n'[!?$'\n']* ]] ||
        cannot 'It could not be found out whether submissions are confined here: this machine is too slow now.' \
          "$(sort -u <<<"${found%proved}" | sed '/^$/d; s/^? /  /')" \
          'Nothing was judged. Try again when it has less to do.'
      cannot 'Submissions are not confined here. Inside, a program' \
        "$(sort -u <<<"${found%proved}" | sed '/^$/d; /^?/d; s/^/  /')" \
        'Take from other users what they need not read (chmod 700 on a folder above it); for the rest see tests/sandbox/confine.'
      ;;
    *) cannot 'Submissions cannot be confined here:' "$(tail -n 5 <<<"$found" | sed 's/^/  /')" "$(print_cures)" ;;
  esac
}

# probe PORT PID PATH…: runs outside the sandbox. It builds probe.c like a submission's
# program and starts it in each way that the kit starts programs. It prints what the probe
# could do, one thing a line, with "? " before what the probe could not finish. The last
# line is "proved".
# shellcheck disable=SC2034 # the files that it sources use these variables
probe() {
  local ways=() nests=() path mib=$((BOX_FILE / 1048576 + 1)) port=$1 pid=$2
  shift 2
  KIT_RUN=$(mktemp -d "$build/run.XXXXXX")
  trap 'rm -rf "$KIT_RUN"' EXIT
  KIT_SOURCE=$KIT_SHARE/src KIT_TOOLS=$KIT_SHARE KIT_CC=$(command -v "${CC:-gcc}")
  TEST_DIR=$KIT_RUN EVIDENCE=$KIT_RUN/evidence
  for path in kit/conditions kit/explain kit/signal engine/honest engine/build kit/launch; do
    # shellcheck source=/dev/null
    source "$root/tests/$path.bash"
  done
  forget_programs
  mkdir "$KIT_SOURCE"
  cp "$root/tests/sandbox/probe.c" "$KIT_SOURCE/"
  PROGRAMS=(probe)
  # Seconds of real time. finish_probe gives up sooner if the probe makes no progress.
  DEADLINE=900 COMPILER_DEADLINE=900
  build_programs
  for path in "$root" "$root"/{tests,solutions} "$KIT_RUN" /etc/shadow /root "$@"; do
    ways+=(reads "$path" writes "$path")
  done
  ways+=(knows SOCKET_STEPS_SECRET inherits 0 opens "$BOX_DESCRIPTORS" spins 0
    forks "$BOX_PROCESSES" fills "$mib" writes / writes /usr writes "$KIT_SHARE" sees "$pid" traces "$pid")
  [[ $CONFINE != full ]] || nests=(nests 0) ways+=(sees 0 traces 1 reaches "$port" writes /dev spills $((BOX_TMP / 1048576 + 1)))
  try_ways plain "${ways[@]}" is 0 capable 0 mounts /tmp "${nests[@]}" allocates $((BOX_MEMORY / 1048576))
  try_ways '' "${ways[@]}" is 0 capable 0 mounts /tmp "${nests[@]}"
  if [[ -n $KIT_USER ]]; then
    STDIN=open start probe waits 0
    "$KIT_BIN/peer" -p "${DIRS[PROGRAM_NUMBER]}/pid" -e /dev/null wait-asleep
    [[ $(stat -c %u "/proc/${PIDS[PROGRAM_NUMBER]}") == "$KIT_USER" ]] || echo "runs as another user than number $KIT_USER"
    end_input
  fi
  start probe allocates $((3 * BOX_SANITIZED_MB))
  finish_probe && [[ ${ENDS[PROGRAM_NUMBER]} == 'exited 0 '* ]] && findings_only <"${DIRS[PROGRAM_NUMBER]}/out"
  BUILD=plain start probe floods 8
  finish_probe && [[ ${ENDS[PROGRAM_NUMBER]} != 'limit '* ]] && echo 'can print without end'
  [[ $CONFINE != full ]] || UNDER=privileged try_ways '' "${ways[@]}"
  end_all
  echo proved
}

# try_ways BUILD WAY…: starts the probe with these ways and prints what it could do.
try_ways() {
  if ! BUILD=$1 start probe "${@:2}"; then
    echo "? could not be started: ${ENDS[PROGRAM_NUMBER]} $(cat "${DIRS[PROGRAM_NUMBER]}/err" "$KIT_RUN/probe.warnings" 2>/dev/null | head -n 3)"
    return
  fi
  finish_probe || return 0
  findings_only <"${DIRS[PROGRAM_NUMBER]}/out"
  [[ ${ENDS[PROGRAM_NUMBER]} == 'exited 0 0 '* && $(tail -n 1 "${DIRS[PROGRAM_NUMBER]}/out") == tried ]] ||
    echo "ended early: ${ENDS[PROGRAM_NUMBER]}: $(tail -n 3 "${DIRS[PROGRAM_NUMBER]}/err")"
}

# findings_only: copies standard input without the lines that show the probe's progress.
findings_only() { grep -vxE 'trying [a-z]+|tried' || true; }

# finish_probe: waits until the probe has ended. The probe makes progress while it prints
# the name of each way or uses the processor. Fails, with a message, if it has done neither
# for PROVE_QUIET seconds (60), or was ended at its deadline.
finish_probe() {
  local before='' now quiet=0
  until has_ended "$PROGRAM_NUMBER" 1; do
    now=$({ stat -c %s "${DIRS[PROGRAM_NUMBER]}/out" && cut -d ' ' -f 1 "/proc/${PIDS[PROGRAM_NUMBER]}/schedstat"; } 2>/dev/null) || now=
    [[ $now == "$before" ]] && quiet=$((quiet + 1)) || quiet=0
    before=$now
    if ((quiet > ${PROVE_QUIET:-60})); then
      signal_tool "${LAUNCHERS[PROGRAM_NUMBER]}" launch
      has_ended "$PROGRAM_NUMBER" 30 || true
      echo "? nothing happened for $quiet s, after: $(tail -n 1 "${DIRS[PROGRAM_NUMBER]}/out")"
      return 1
    fi
  done
  [[ ${ENDS[PROGRAM_NUMBER]} != timeout* ]] && return
  echo "? not done after $DEADLINE s: $(tail -n 1 "${DIRS[PROGRAM_NUMBER]}/out")"
  return 1
}
