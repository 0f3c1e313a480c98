# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # the names of those who source it
# What calls a program makes, by strace(1): for make trace, and for make check, which runs
# the failed test that is to be looked at first once more with KIT_CALLS=1 (judge --calls and
# --pictures; engine/record.bash). Then the peer's statements are noted, too (peer.bash).

# The calls that are noted. "?": where a machine has no such call, never mind.
CALLS='socket,connect,bind,listen,accept,accept4,sendto,recvfrom,sendmsg,recvmsg,shutdown'
CALLS+=',setsockopt,getsockopt,getsockname,getpeername,socketpair,execve,read,write,readv,writev,close,fcntl'
CALLS+=',dup,dup2,dup3,poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,nanosleep,clock_nanosleep,pause'
CALLS+=',umask,chmod,fchmod,fchmodat,rename,renameat,renameat2,link,linkat,unlink,unlinkat'
CALLS="?${CALLS//,/,?}"

# report_calls VAR=VALUE… -- OPTION…: words is the command of start; changes it so that strace
# with these OPTIONs runs it, and reports to ${DIRS[PROGRAM_NUMBER]}/report, by the launcher.
# strace writes to its standard error: that becomes descriptor 9, and the program gets the real
# one back. It never has the report's. The VARs are for the program alone: a shell that loaded
# a preload library would take what it is told as its own, and it would be gone (preload.h).
report_calls() {
  local vars=()
  while [[ $1 != -- ]]; do
    vars+=("$1")
    shift
  done
  shift
  # shellcheck disable=SC2016 # for the shells that are started
  words=(sh -c 'exec 8>&2 2>&9 9>&-; exec "$@"' sh "$strace" "$@"
    sh -c 'until [ "$1" = -- ]; do export "$1"; shift; done; shift; exec "$@" 2>&8 8>&-' sh
    "${vars[@]}" -- "${words[@]}")
  options+=(-r)
}

# watch_calls VAR=VALUE…: words is the command of start; changes it so that strace notes
# the calls in ${DIRS[PROGRAM_NUMBER]}/calls.PID, and makes some fail if the test wants that
# (INJECT). As a grandchild (-D): the program keeps its parent and its id. The VARs are for
# the program alone. In the sandbox strace can write no file: there it reports the calls of the
# program's first process.
watch_calls() {
  local noted=(-q -y -ttt -T -s 64 -e "trace=$CALLS${INJECT:+,${INJECT%%:*}}"
    ${INJECT:+-e "inject=$INJECT"})
  if [[ $KIT_CONFINED == none ]]; then
    words=(strace -D -ff -o "${DIRS[PROGRAM_NUMBER]}/calls" "${noted[@]}" "${@/#/-E}" "${words[@]}")
    options+=(-w 2)
  else
    report_calls "$@" -- "${noted[@]}"
  fi
}

# note_calls: ends the program, and adds to the evidence its last calls (call), what is
# remarkable in them (seen, maybe, pointer), the compiler's first warning (warned), and when
# the test failed (failed).
note_calls() {
  local dir=${DIRS[PROGRAM_NUMBER]} notes try until direct=1
  add_evidence failed "$EPOCHREALTIME"
  try=$(grep -a -A 2 -m 1 'warning:.*\[-W[^u]' "$KIT_RUN/${NAMES[PROGRAM_NUMBER]}.warnings") || true
  [[ -z $try ]] || add_evidence warned "$try"
  notes=("$dir"/calls.*)
  [[ -e ${notes[0]} ]] || notes=("$dir/report") direct=0
  # What flood.c gives a program is not what strace sees it receive.
  [[ -s ${notes[0]} && ${UNDER:-} != valgrind && ${SHOWN[PROGRAM_NUMBER]} != *flood=* ]] || return 0
  until=$(heard_until)
  has_ended "$PROGRAM_NUMBER" 0 || kill -9 "${PIDS[PROGRAM_NUMBER]}" 2>/dev/null || true
  # strace writes the call in which the program was when that has ended.
  for ((try = 0; direct && try < 100; try++)); do
    [[ $(tail -n 1 "$dir/calls.${PIDS[PROGRAM_NUMBER]}") != *'+++'* ]] || break
    read -r -t 0.02 <>"$KIT_RUN/nothing" || true
  done
  for try in "${notes[@]}"; do
    RAN=${SHOWN[PROGRAM_NUMBER]} awk -v lane=S -v process=program -v direct=$direct -v stopped=1 -f "$KIT/events.awk" "$try"
  done | sort -s -t $'\t' -k 1,1n | awk -v until="${until#* }" -f "$KIT/calls.awk" >>"$EVIDENCE"
}
