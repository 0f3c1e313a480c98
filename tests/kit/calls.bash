# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # the names of those who source it
# What calls a program makes, by strace(1): for make trace, and for make check, which runs
# the failed test that is to be looked at first once more with KIT_CALLS=1 (judge --calls;
# engine/record.bash).

# The calls that are noted. "?": where a machine has no such call, never mind.
CALLS='socket,connect,bind,listen,accept,accept4,sendto,recvfrom,sendmsg,recvmsg,shutdown'
CALLS+=',setsockopt,getsockopt,getsockname,getpeername,socketpair,execve,read,write,readv,writev,close,fcntl'
CALLS+=',dup,dup2,dup3,poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,nanosleep,clock_nanosleep,pause'
CALLS+=',umask,chmod,fchmod,fchmodat,rename,renameat,renameat2,link,linkat,unlink,unlinkat'
CALLS="?${CALLS//,/,?}"

# watch_calls VAR=VALUE…: words is the command of start; changes it so that strace notes
# the calls in ${DIRS[PROGRAM_NUMBER]}/calls.PID. As a grandchild (-D): the program keeps its parent and
# its id. The VARs are for the program alone.
watch_calls() {
  words=(strace -D -qq -ff -y -ttt -T -s 64 -e signal=none -e "trace=$CALLS" -o "${DIRS[PROGRAM_NUMBER]}/calls" "${@/#/-E}" "${words[@]}")
}

# note_calls: ends the program, and adds to the evidence its last calls (call), what is
# remarkable in them (seen, maybe, pointer), and the compiler's first warning (warned).
note_calls() {
  local notes=("${DIRS[PROGRAM_NUMBER]}"/calls.*) try until
  try=$(grep -a -A 2 -m 1 'warning:.*\[-W[^u]' "$KIT_RUN/${NAMES[PROGRAM_NUMBER]}.warnings") || true
  [[ -z $try ]] || add_evidence warned "$try"
  [[ -e ${notes[0]} ]] || return 0
  until=$(heard_until)
  kill -9 "${PIDS[PROGRAM_NUMBER]}" 2>/dev/null || true
  # strace writes the call in which the program was when that has ended.
  for ((try = 0; try < 100; try++)); do
    [[ $(tail -n 1 "${DIRS[PROGRAM_NUMBER]}/calls.${PIDS[PROGRAM_NUMBER]}") != *'+++'* ]] || break
    read -r -t 0.02 <>"$KIT_RUN/nothing" || true
  done
  for try in "${notes[@]}"; do
    awk -v lane=S -v process=program -v direct=1 -v stopped=1 -f "$KIT/events.awk" "$try"
  done | sort -s -t $'\t' -k 1,1n | awk -v until="${until#* }" -f "$KIT/calls.awk" >>"$EVIDENCE"
}
