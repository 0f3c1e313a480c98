# shellcheck shell=bash
# Starting a submission's programs under the launcher, and seeing how they end.
#
# start PROGRAM ARG…: starts a program and returns at once. README.md lists the settings
# that may stand before it, as in STDIN=open start bind "$ADDR" "$PORT".
# The program that was started last is the one that everything else is about; it
# has the index PROGRAM_NUMBER; use_program goes back to another one.

# forget_programs: as if no program and no peer had been started.
forget_programs() {
  PROGRAM_NUMBER=-1 PIDS=() DIRS=() ENDS=() CONTROLS=() LAUNCHERS=() PEERS=() WATCHED=() QUEUED=()
  PARTS=() SHOWN=() NAMES=() PID_FILE='' DEBUGGED='' DEBUG_SECONDS=''
}

start() {
  [[ -z ${KIT_DEBUG:-} ]] || begin_debugging
  local name=$1 program=$KIT_SHARE/$1 shown=./$1 words line quoted kind=sanitized raw='' held=()
  local deadline=${DEADLINE:-20} options=(-i "${STDIN:-null}") own=() preload=${PRELOAD:-} vars=()
  local san=exitcode=99:detect_leaks=${LEAKS:-0}:verify_asan_link_order=0:detect_stack_use_after_return=1
  # In the sandbox another strace: a program could reach its tracer's descriptors; see
  # fill_share in sandbox/confine.
  local strace=strace
  [[ $KIT_CONFINED == none ]] || strace=$KIT_TOOLS/strace
  shift
  PROGRAM_NUMBER=${#PIDS[@]}
  DIRS[PROGRAM_NUMBER]=$TEST_DIR/$PROGRAM_NUMBER-$name NAMES[PROGRAM_NUMBER]=$name ENDS[PROGRAM_NUMBER]='' PARTS[PROGRAM_NUMBER]=''
  add_evidence run "$PROGRAM_NUMBER"
  [[ ${BUILD:-} == plain || -n ${UNDER:-}${TRACE:-}${INJECT:-}${KIT_CALLS:-} ]] && program=$KIT_SHARE/plain/$name kind=plain
  # The sanitizers reserve addresses, which must not be taken: the same in every run.
  [[ $program == */plain/* ]] || own+=(-a)
  words=("$program" "$@")
  for line in "$@"; do
    if ((${#line} > 100)); then
      line="(${#line} bytes)"
    else
      printf -v quoted '%q' "$line"
      # A blank at the end of "5\ " would not be seen.
      [[ $quoted != *\\* || $quoted == \$* ]] || quoted=${line@Q}
      line=$quoted
    fi
    shown+=" $line"
  done
  [[ -z $DEBUGGED ]] || words=("$KIT_BIN/hold" -d "${words[@]}")
  if [[ -n ${INJECT:-} ]]; then
    [[ -n ${KIT_CALLS:-} ]] ||
      words=("$strace" -f -qq -o /dev/null -e "trace=${INJECT%%:*}" -e "inject=$INJECT" "$program" "$@")
    shown="strace -qq -e trace=${INJECT%%:*} -e inject=$INJECT $shown"
  fi
  case ${UNDER:-} in
    unprivileged)
      # An ordinary user has none to lose, and may not shrink the bounding set.
      if ((EUID == 0)) && [[ $KIT_CONFINED == none ]]; then
        words=(setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "${words[@]}")
        shown="setpriv --bounding-set=-all --inh-caps=-all --no-new-privs $shown"
      fi
      ;;
    privileged)
      raw=raw
      if [[ $KIT_CONFINED != full && ! -e $KIT_RUN/raw-sockets ]]; then
        words=(unshare -rn "${words[@]}")
        shown="unshare -rn $shown"
      fi
      ;;
    valgrind)
      words=(valgrind "${VALGRIND_OPTIONS[@]}" "${words[@]}")
      # For valgrind's own files: /tmp may be full.
      [[ $KIT_CONFINED != none ]] || own+=(-e "TMPDIR=$TEST_DIR")
      options+=(-r)
      deadline=${DEADLINE:-60}
      shown="valgrind --leak-check=full --show-leak-kinds=all --track-fds=yes $shown"
      ;;
  esac
  [[ -z ${TRACE:-} || -n ${KIT_CALLS:-} ]] || shown="strace -e trace=$TRACE $shown"
  [[ -n ${HOLD:-} ]] && options+=(-p "$HOLD")
  # In the sandbox bwrap(1) changes to it.
  [[ -z $FOLDER || $KIT_CONFINED == full ]] || options+=(-C "$FOLDER")
  if [[ -n ${SHIM:-} ]]; then
    preload+=" $KIT_TOOLS/shim.so"
    vars+=("SHIM=$SHIM")
    shown="SHIM='$SHIM' $shown"
  fi
  if [[ -n ${CLOCK:-} ]]; then
    preload+=" $KIT_TOOLS/clock.so"
    vars+=("CLOCK=$CLOCK")
    shown="CLOCK='$CLOCK' $shown"
  fi
  for line in ${VARS:-}; do
    vars+=("$line")
    shown="$line $shown"
  done
  if [[ -n $preload ]]; then
    preload=${preload# }
    vars+=("LD_PRELOAD=$preload")
    shown="LD_PRELOAD='${preload//$KIT_TOOLS\//}' $shown"
  fi
  if [[ -n ${KIT_CALLS:-} && ${UNDER:-} != valgrind ]]; then
    watch_calls "${vars[@]}"
    vars=()
  elif [[ -n ${TRACE:-} ]]; then
    report_calls "${vars[@]}" -- -f -qq -e signal=none -e "trace=$TRACE"
    vars=()
  fi
  # No fault, so it is not shown.
  [[ ${UNDER:-} != valgrind || -z ${BIRTHS:-} ]] ||
    vars+=("BIRTHS=$BIRTHS" "LD_PRELOAD=${preload:+$preload }$KIT_TOOLS/births.so")
  if [[ ${NETWORK:-} == own ]]; then
    # In the sandbox its network is made already; bwrap(1), --unshare-net.
    raw=raw
    held=("$KIT_BIN/hold" -n)
    [[ $KIT_CONFINED != full ]] || held=("$KIT_TOOLS/hold")
    shown="unshare -rn sh -c 'ip link set lo up && exec env \"\$@\"' sh $shown"
  fi
  # Outermost: no assignment can stand before a subshell.
  [[ -n ${NOFILE:-} ]] && own+=(-l "nofile=$NOFILE") && shown="(ulimit -n $NOFILE; $shown)"
  case ${STDIN:-} in
    closed) shown+=' <&-' ;;
    open) shown="sleep 60 | $shown" ;;
    much) shown="(yes 'a line' | head -c 1114113; sleep 60) | $shown" ;;
    line) shown="(for word in quit exit q . ''; do echo \"\$word\"; sleep 0.1; done; printf 'a line\377\nquit\nexit\nq\n.\n\n\4\n\0b\n'; sleep 60) | $shown" ;;
  esac
  SHOWN[PROGRAM_NUMBER]=$shown
  add_evidence ran "$shown"
  # A picture says ADDR, PORT and SOCKET for them.
  [[ -z ${KIT_CALLS:-} ]] || add_evidence at "$ADDR $PORT ${FOLDER:+$SOCKET}"
  note_conditions "$@"
  [[ -z $DEBUG_SECONDS ]] || deadline=$DEBUG_SECONDS
  # An empty environment; a launcher that reads nothing from this shell.
  box "$kind" "$deadline" "$raw"
  # A program before it, as setpriv(1), would load what is preloaded, and forget it (preload.h).
  if ((${#AS[@]})); then
    AS+=(env "${vars[@]}")
  else
    own+=("${vars[@]/#/-e}")
  fi
  # The sandbox has a limit on processes and threads, which is too low for a few tests.
  [[ -z ${PROCESSES:-} ]] || LIMITS=("${LIMITS[@]/#nproc=*/nproc=$PROCESSES}")
  exec {CONTROL}< <(exec -c "$KIT_BIN/launch" "${options[@]}" -t "$deadline" -d "${DIRS[PROGRAM_NUMBER]}" \
    "${BOX[@]}" -e "PATH=/usr/local/bin:/usr/bin:/bin" -e LC_ALL=C -e "ASAN_OPTIONS=$san$ASAN" \
    -e UBSAN_OPTIONS=exitcode=99 "${LIMITS[@]}" "${own[@]}" -- "${held[@]}" "${AS[@]}" "${words[@]}" \
    </dev/null 3>&- 4>&-)
  LAUNCHERS[PROGRAM_NUMBER]=$!
  CONTROLS[PROGRAM_NUMBER]=$CONTROL
  read -r -t 30 -u "$CONTROL" line || line='failed'
  if [[ $line != 'started '* ]]; then
    PIDS[PROGRAM_NUMBER]=0 ENDS[PROGRAM_NUMBER]=$line
    return 1
  fi
  PIDS[PROGRAM_NUMBER]=${line#started }
  [[ -z $DEBUGGED ]] || hand_to_debugger "$program"
  # For a peer in the background, which watches this program.
  if [[ -n ${PID_FILE:-} ]]; then
    printf '%s\n' "${PIDS[PROGRAM_NUMBER]}" "${DIRS[PROGRAM_NUMBER]}/err" >"$PID_FILE"
    WATCHED[PEER_NUMBER]=$PROGRAM_NUMBER
    [[ -z ${KIT_CALLS:-} ]] || ln -s "../statements.$PEER_NUMBER" "${DIRS[PROGRAM_NUMBER]}/statements.peer"
  fi
  PID_FILE=
}

# use_program N: what follows is about program N again.
use_program() {
  PROGRAM_NUMBER=$1
  add_evidence run "$PROGRAM_NUMBER"
}

# has_ended N SECONDS: whether program N ended, within SECONDS; then ENDS[N] is
# what the launcher said of it.
has_ended() {
  local line status=0
  [[ -n ${ENDS[$1]} ]] && return
  # Time can be up in the middle of the line: what was read of it is kept.
  read -r -t "$2" -u "${CONTROLS[$1]}" line || status=$?
  PARTS[$1]+=$line
  ((status == 0)) || return "$status"
  ENDS[$1]=${PARTS[$1]}
}

# end_input: the program reads the end of its standard input (STDIN=open).
end_input() { signal_tool "${LAUNCHERS[PROGRAM_NUMBER]}" launch USR1; }

# assert_input_untouched: the program has ended, and had read no byte of its input (STDIN=line).
assert_input_untouched() {
  local bytes all
  read -r bytes all <"${DIRS[PROGRAM_NUMBER]}/input"
  ((bytes == 0)) || fail_test 'the program does not read its standard input' "it had read $bytes of the $all bytes there"
}

# assert_exit STATUS: the program ends by itself with this exit status, and leaves no
# process behind.
assert_exit() {
  local what status left
  if ! has_ended "$PROGRAM_NUMBER" 1; then
    # Not yet: the peer knows when it is time to give up waiting.
    if ! _run_peer "$EVIDENCE" wait-ended; then
      add_evidence verdict timeout
      signal_tool "${LAUNCHERS[PROGRAM_NUMBER]}" launch
      fail_as_noted
      return
    fi
  fi
  _read_end
  case $what in
    exited)
      if [[ $status != "$1" ]]; then
        case $status in
          255) status='255, which is what -1 becomes: see exit(3)' ;;
          0) [[ -s ${DIRS[PROGRAM_NUMBER]}/err ]] || status='0, and nothing on standard error' ;;
        esac
        fail_test "${NAMES[PROGRAM_NUMBER]} ends with exit status $1" "exit status $status"
      else
        _assert_nothing_left "$left"
      fi
      ;;
    *) fail_test "${NAMES[PROGRAM_NUMBER]} ends with exit status $1" "it was ended otherwise: $what" ;;
  esac
}

# assert_ended_by SIGNAL: the program ends because of this signal: with exit status 0, or
# killed by it, and it leaves no process behind.
assert_ended_by() {
  local what status left
  has_ended "$PROGRAM_NUMBER" 1 || peer wait-ended
  _read_end
  if [[ "$what $status" != 'exited 0' && "$what $status" != "killed $(kill -l "$1")" ]]; then
    fail_test "${NAMES[PROGRAM_NUMBER]} ends with exit status 0, or by SIG$1" "$what $status"
  else
    _assert_nothing_left "$left"
  fi
}

# _read_end: what, status and left of the caller are what the launcher said of the end of a
# program that has ended.
_read_end() {
  has_ended "$PROGRAM_NUMBER" 10 || ENDS[PROGRAM_NUMBER]='lost 0 0'
  read -r what status left _ <<<"${ENDS[PROGRAM_NUMBER]}"
}

# _assert_nothing_left N: the program has left no process behind, of N that were counted.
_assert_nothing_left() {
  ((${1:-0} == 0)) && return
  add_evidence hint 'Which child process still runs when the program ends, and where does the program wait for it?'
  add_evidence man 'wait(2)'
  fail_test "nothing of the program is left when it has ended" "processes that it started still ran: $1"
}

# end_all: ends what still runs: programs by their launchers, peers by their id. Each
# run that had to be ended at its deadline is noted, for help in kit.bash.
end_all() {
  local i pid fd
  for pid in "${PEERS[@]}"; do
    signal_tool "$pid" peer
  done
  for ((i = 0; i < ${#PIDS[@]}; i++)); do
    [[ -n ${ENDS[i]} ]] || signal_tool "${LAUNCHERS[i]}" launch
  done
  for ((i = 0; i < ${#PIDS[@]}; i++)); do
    has_ended "$i" 10 || true
    [[ ${ENDS[i]} != timeout* ]] || echo >>"$KIT_RUN/${NAMES[i]}.late"
    fd=${CONTROLS[i]}
    exec {fd}<&-
  done
}
