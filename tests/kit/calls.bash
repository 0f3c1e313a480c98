# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # the names of those who source it
# What calls a program makes, by strace(1): for make trace, and for make check, which runs
# the failed test that is to be looked at first once more with KIT_CALLS=1 (judge --calls).

# The calls that are noted. "?": where a machine has no such call, never mind.
CALLS='socket,connect,bind,listen,accept,accept4,sendto,recvfrom,sendmsg,recvmsg,shutdown'
CALLS+=',setsockopt,getsockopt,getsockname,getpeername,socketpair,execve,read,write,readv,writev,close,fcntl'
CALLS+=',dup,dup2,dup3,poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,nanosleep,clock_nanosleep,pause'
CALLS="?${CALLS//,/,?}"

# watch_calls VAR=VALUE…: words is the command of start; changes it so that strace notes
# the calls in ${DIRS[P]}/calls.PID. As a grandchild (-D): the program keeps its parent and
# its id. The VARs are for the program alone.
watch_calls() {
  words=(strace -D -qq -ff -y -ttt -T -s 64 -e signal=none -e "trace=$CALLS" -o "${DIRS[P]}/calls" "${@/#/-E}" "${words[@]}")
}

# note_calls: ends the program, and adds to the evidence its last calls (call), what is
# remarkable in them (seen, maybe, pointer), and the compiler's first warning (warned).
note_calls() {
  local notes=("${DIRS[P]}"/calls.*) try until
  try=$(grep -a -A 2 -m 1 'warning:.*\[-W[^u]' "$KIT_RUN/${NAMES[P]}.warnings") || true
  [[ -z $try ]] || evidence warned "$try"
  [[ -e ${notes[0]} ]] || return 0
  until=$(heard)
  kill -9 "${PIDS[P]}" 2>/dev/null || true
  # strace writes the call in which the program was when that has ended.
  for ((try = 0; try < 100; try++)); do
    [[ $(tail -n 1 "${DIRS[P]}/calls.${PIDS[P]}") != *'+++'* ]] || break
    read -r -t 0.02 <>"$KIT_RUN/nothing" || true
  done
  for try in "${notes[@]}"; do
    awk -v lane=S -v process=program -v direct=1 -v stopped=1 -f "$KIT/events.awk" "$try"
  done | sort -s -t $'\t' -k 1,1n | awk -v until="${until#* }" -f "$KIT/calls.awk" >>"$EVIDENCE"
}

# add_calls NUMBER: for judge, whose names it uses: runs this test again, under strace, and
# adds the calls of the program that it failed about to the record. Not one that took
# long, nor a hidden one, nor where it failed at another place this time: under strace a
# program cannot be seen to stand (SIGSTOP).
add_calls() {
  local evidence=$run/$1.calls/evidence
  grep -sh "test_$1; }\$" "$run"/bats/[1-9].1.bats >"$run/bats/calls" || return 0
  jq -e --argjson n "$1" '.tests[] | select(.number == $n) | .verdict != "no-compile" and .ran != "" and .ms < 6000' \
    "$run/record" >/dev/null || return 0
  strace -qq -o /dev/null true 2>/dev/null || return 0
  # shellcheck disable=SC2016 # for bats
  { echo 'source "$KIT_RUN/bats/lab.1"' && cat "$run/bats/calls"; } >"$run/bats/0.1.bats"
  mkdir "$run/bats/0"
  (KIT_CALLS=1 run_bats 0) >/dev/null &
  wait "$!" || true
  [[ -e $evidence ]] || return 0
  jq --argjson n "$1" --rawfile said "$evidence" '
    [$said / "\n" | .[] | . / "\t" | {key: .[0], text: (.[1:] | join("\t"))}] as $lines
    | def of($key): [$lines[] | select(.key == $key) | .text];
    def without_numbers: gsub("[0-9]+"; "0");
    (.tests[] | select(.number == $n) |
      select((.expected | without_numbers) == (of("expected") | join("\n") | without_numbers)))
      |= (. + {calls: of("call"),
      seen: (of("seen") | join("\n")),
      warned: (of("warned") | join("\n")),
      maybe: (
        # So many bytes came, and are wrong from one on.
        ((.got | capture("\\((?<n>[0-9]+) bytes?\\)\\n *\\^ byte").n) // "")
        | if . == "0" then of("maybe") elif . == "8" then of("pointer") else [] end | join("\n"))})' \
    "$run/record" >"$run/called" && mv "$run/called" "$run/record"
}
