#!/usr/bin/env bats
# The launcher (tests/tools/launch.c) on its own: how a program ends, what it is
# given, and that nothing of it survives.
# shellcheck disable=SC2016,SC2030,SC2031,SC2094 # texts of scripts, not to be expanded here
load tools

# launch WORD…: runs the launcher; SAID is what it said of the end.
launch() {
  local code=0
  "$BIN/launch" -d "$T/d" "$@" >"$T/said" 2>"$T/err" || code=$?
  SAID=$(sed -n '$p' "$T/said")
  return "$code"
}

# in_back WORD…: starts it and waits until the program runs. LAUNCHER is its id.
in_back() {
  # What an earlier launcher said is not what this one says.
  rm -f "$T/said"
  "$BIN/launch" -d "$T/d" "$@" >"$T/said" 3>&- &
  LAUNCHER=$!
  STARTED+=("$LAUNCHER")
  until_it grep -qs started "$T/said"
}

# its_end: waits for the launcher; SAID as above.
its_end() {
  wait "$LAUNCHER"
  SAID=$(sed -n '$p' "$T/said")
}

@test "an exit status is told" {
  launch -- sh -c 'exit 7'
  like "$SAID" 'exited 7 0 [0-9]*'
  launch -- true
  like "$SAID" 'exited 0 0 [0-9]*'
}

@test "the first line is the program's id, which its folder keeps, too" {
  launch -- sh -c 'echo $$'
  same "$(sed -n 1p said)" "started $(<d/out)"
  same "$(<d/pid)" "$(<d/out)"
}

@test "a signal is told" {
  launch -- sh -c 'kill -SEGV $$'
  like "$SAID" 'killed 11 0 *'
}

@test "at its deadline a program is ended, also one that ignores SIGTERM" {
  launch -t 1 -- sh -c 'trap "" TERM HUP INT; while :; do sleep 5; done'
  like "$SAID" 'timeout [01] [1-9][0-9][0-9][0-9]*'
}

@test "a program that stands (SIGSTOP) is ended at its deadline" {
  launch -t 1 -- sh -c 'kill -STOP $$'
  like "$SAID" 'timeout 0 [1-9][0-9][0-9][0-9]*'
}

@test "a child that ignores SIGTERM does not survive, and is counted" {
  launch -- sh -c '(trap "" TERM; exec sleep 100) & echo $!'
  like "$SAID" 'exited 0 1 *'
  dead "$(<d/out)"
}

@test "a daemon in a session of its own does not survive" {
  launch -- sh -c 'setsid sh -c "echo \$\$ >pids; exec sleep 100" & until [ -s pids ]; do :; done'
  like "$SAID" 'exited 0 1 *'
  dead "$(<pids)"
}

@test "a double fork does not survive, nor what was orphaned long before" {
  launch -- sh -c '(setsid sh -c "sleep 100 & echo \$! >one" &); (sleep 100 & echo $! >two); until [ -s one ] && [ -s two ]; do :; done'
  like "$SAID" 'exited 0 [23] *'
  dead "$(<one)"
  dead "$(<two)"
}

@test "a child that had ended, though nobody waited for it, is not left behind" {
  launch -- sh -c ': & exec sleep 1'
  like "$SAID" 'exited 0 0 *'
}

@test "the output is kept byte for byte" {
  head -c 300000 /dev/urandom >bytes
  launch -- cat bytes
  cmp bytes d/out
  same "$(wc -c <d/err)" 0
}

@test "both outputs at once, each in its own file" {
  launch -- sh -c 'head -c 300000 /dev/zero & head -c 200000 /dev/zero >&2; wait'
  same "$(wc -c <d/out) $(wc -c <d/err)" '300000 200000'
  like "$SAID" 'exited 0 0 *'
}

@test "what a program wrote last is kept, and then the files are read-only" {
  launch -- sh -c 'echo out; echo err >&2; kill -9 $$'
  same "$(<d/out) $(<d/err)" 'out err'
  same "$(stat -c %a d/out d/err | tr '\n' ' ')" '444 444 '
}

@test "1 GB of output is cut and ends the program, on each output" {
  launch -t 10 -- sh -c 'exec head -c 1G /dev/zero'
  like "$SAID" 'limit 0 *'
  same "$(wc -c <d/out)" 1048576
  launch -t 10 -c 1000 -- sh -c 'exec head -c 1G /dev/zero >&2'
  like "$SAID" 'limit 0 *'
  same "$(wc -c <d/err)" 1000
}

@test "as many bytes as may be kept are no offence, one more is" {
  launch -c 100000 -- head -c 100000 /dev/zero
  like "$SAID" 'exited 0 0 *'
  launch -c 100000 -- head -c 100001 /dev/zero
  like "$SAID" 'limit 0 *'
  same "$(wc -c <d/out)" 100000
}

@test "standard input: /dev/null, closed, or open until SIGUSR1" {
  launch -- readlink /proc/self/fd/0
  same "$(<d/out)" /dev/null
  launch -i closed -- sh -c '[ ! -e /proc/self/fd/0 ] && echo closed'
  same "$(<d/out)" closed
  in_back -i open -- sh -c 'cat; echo end'
  read -r -t 0.2 <> <(:) || true
  same "$(<d/out)" ''
  kill -USR1 "$LAUNCHER"
  its_end
  same "$(<d/out)" end
  # One read gets one word, however long it could be.
  in_back -i line -- sh -c 'dd bs=99 count=1 status=none; echo first; cat; echo end'
  kill -USR1 "$LAUNCHER"
  its_end
  same "$(<d/out)" $'quit\nfirst\nexit\nq\n.\n\n\4\n\377\na line\377\nquit\nexit\nq\n.\n\n\4\nb\nend'
  like "$SAID" 'exited 0 0 *'
  same "$(<d/input)" '47 47'
  # The end comes after the last byte, also where it is asked for at the beginning.
  in_back -i much -- sh -c 'sleep 0.1; cat >all; echo end'
  kill -USR1 "$LAUNCHER"
  its_end
  same "$(<d/out) $(<d/input)" 'end 1114113 1114113'
  cmp all <(yes 'a line' | head -c 1114113)
}

@test "input that a program leaves is counted, and is in nobody's way" {
  launch -i much -- sh -c 'dd bs=4096 count=1 iflag=fullblock status=none | wc -c; exec <&-; sleep 0.2; exit 3'
  same "$(<d/out) $(<d/input)" '4096 4096 1114113'
  like "$SAID" 'exited 3 0 *'
  launch -i much -- true
  same "$(<d/input)" '0 1114113'
  launch -i line -- true
  like "$(<d/input)" '0 [1-9]*'
  launch -i open -d e -- true
  [ ! -e e/input ]
}

@test "SIGUSR1 twice, or without an open input, changes nothing" {
  in_back -- sh -c 'read -r x </dev/zero & sleep 0.3; kill $!; exit 4'
  kill -USR1 "$LAUNCHER"
  kill -USR1 "$LAUNCHER"
  its_end
  like "$SAID" 'exited 4 0 *'
}

@test "no descriptor above 2 is passed on, also with a full house" {
  exec 7<"$0" 19<"$0" 50<"$0"
  launch -- ls /proc/self/fd
  same "$(tr '\n' ' ' <d/out)" '0 1 2 3 '
  launch -i closed -- sh -c 'exec ls /proc/self/fd'
  same "$(tr '\n' ' ' <d/out)" '0 1 2 '
}

@test "a program with its input closed gets 0 as its first descriptor" {
  launch -i closed -- bash -c 'exec {fd}</dev/null 2>/dev/null; exec <"/dev/zero"; readlink /proc/self/fd/0'
  same "$(<d/out)" /dev/zero
}

@test "signals have their default meaning, SIGPIPE too, and none is blocked" {
  (
    trap '' PIPE HUP USR1
    launch -- cat /proc/self/status
  )
  same "$(awk '/^Sig(Blk|Ign|Cgt)/ { print $1 $2 }' d/out | tr '\n' ' ')" \
    'SigBlk:0000000000000000 SigIgn:0000000000000000 SigCgt:0000000000000000 '
}

@test "a session of its own, no core file" {
  ulimit -S -c "$(ulimit -H -c)"
  launch -- sh -c 'ulimit -c; cut -d " " -f 1,6 /proc/$$/stat | tr " " "\n" | uniq | wc -l'
  same "$(tr '\n' ' ' <d/out)" '0 1 '
}

@test "the limit on descriptors" {
  launch -l nofile=12 -- sh -c 'ulimit -n; ulimit -Hn'
  same "$(tr '\n' ' ' <d/out)" '12 12 '
}

@test "environment: what is there, and what -e adds" {
  KIT_X=1 launch -e 'A=b c' -e D= -- sh -c 'echo "$KIT_X|$A|${D-none}"'
  same "$(<d/out)" '1|b c|'
}

@test "-r keeps what is written to descriptor 9, without it that is closed" {
  launch -r -- sh -c 'echo report >&9; echo out'
  same "$(<d/report) $(<d/out)" 'report out'
  launch -- sh -c 'echo report >&9 || echo closed' 2>/dev/null
  same "$(<d/out)" closed
}

@test "a port is held while the program runs, though it does not use it" {
  an_address
  in_back -p "$PORT" -i open -- cat
  "$BIN/launch" -d "$T/e" -p "$PORT" -- true >second
  same "$(<second)" taken
  [ ! -e e/out ]
  kill -USR1 "$LAUNCHER"
  its_end
  "$BIN/launch" -d "$T/e" -p "$PORT" -- true >second
  like "$(sed -n 2p second)" 'exited 0 *'
}

@test "a port that somebody uses is taken" {
  an_address
  "$BIN/peer" <<END >ready 3>&- &
    listen $AT 1
    print ready
    stay
END
  STARTED+=($!)
  until_it grep -qs ready ready
  launch -p "$PORT" -- true
  same "$SAID" taken
}

@test "SIGTERM to the launcher ends the program and all that it started" {
  in_back -- sh -c 'trap "" TERM; setsid sleep 100 & echo $! $$; sleep 100'
  until_it grep -qs ' ' d/out
  read -r child main <d/out
  kill "$LAUNCHER"
  its_end
  like "$SAID" 'stopped [12] *'
  dead "$child"
  dead "$main"
}

@test "the launcher killed with -9: the program dies with it" {
  in_back -- sleep 100
  pid=$(<d/pid)
  kill -9 "$LAUNCHER"
  until_it dead "$pid"
}

@test "a launcher under a launcher killed with -9: nothing survives at all" {
  printf 'setsid sleep 100 &\necho $! >daemon; kill -9 $PPID; sleep 100\n' >attack
  launch -- bash -c '"$1"/launch -d inner -- sh attack; exit 5' - "$BIN"
  like "$SAID" 'exited 5 [1-9] *'
  [ -s daemon ]
  dead "$(<daemon)"
}

@test "who waits for the launcher goes away: so does the program" {
  bash -c '"$1"/launch -d "$2/d" -- sleep 100 >"$2/said" & echo $! >"$2/launcher"; exec sleep 100' - "$BIN" "$T" 3>&- &
  waiter=$!
  STARTED+=("$waiter")
  until_it grep -qs started said
  until_it test -s launcher
  kill -9 "$waiter"
  until_it dead "$(<d/pid)"
  until_it dead "$(<launcher)"
}

@test "a program that cannot be executed: exit 3, with the reason" {
  : >plain.txt
  run launch -- ./plain.txt
  same "$status" 3
  like "$(<err)" '*./plain.txt: Permission denied'
  run launch -- ./none
  same "$status" 3
  like "$(<err)" '*./none: No such file or directory'
  [ ! -s said ]
}

@test "a wrong command line: exit 2, and nothing runs" {
  for words in '' '-d d' '-d d --' '-t 1 -- touch ran' '-d d -t x -- touch ran' '-d d -t -1 -- touch ran' \
    '-d d -i -- touch ran' '-d d -i nul -- touch ran' '-d d -q -- touch ran' '-d d -l nofile=5x -- touch ran' '-d d -l none=5 -- touch ran'; do
    # shellcheck disable=SC2086 # words they are
    run "$BIN/launch" $words
    same "$words: $status" "$words: 2"
  done
  [ ! -e ran ]
}

@test "a folder that cannot be made: exit 3" {
  run "$BIN/launch" -d "$T/no/such" -- touch ran
  same "$status" 3
  [ ! -e ran ]
}
