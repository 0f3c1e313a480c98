#!/usr/bin/env bats
# make debug, driven through a terminal of tmux's in a copy of the course, and what editors
# read: .vscode and labs/compile_flags.txt.
# shellcheck disable=SC2016,SC2119,SC2154 # a variable of the editor; commands.bash sets them
load commands

# backlog_of_5: the student's listen.c has a fixed backlog.
backlog_of_5() { mistake 's/listen\(listener, \(int\)backlog\)/listen(listener, 5)/'; }

# nothing_left: no process of this copy runs any more.
nothing_left() {
  local from=$SECONDS
  while pgrep -f "$copy/.build" >left; do ((SECONDS - from < 20)) || { cat left && return 1; }; done
}

# comes REGEX FILE: waits until FILE has such a line; at most a minute.
comes() {
  local from=$SECONDS
  until grep -q -- "$1" "$2"; do ((SECONDS - from < 60)) || { cat "$2" && return 1; }; done
}

# matches LINE: "NUMBER FILE LINE" of the problem matchers of .vscode/tasks.json that take LINE.
matches() {
  jq -r --arg line "$1" '[.tasks[].problemMatcher[]?.pattern] | unique | to_entries[]
    | .key as $key | .value as $p
    | [$line | match($p.regexp).captures[].string] | select(. != [])
    | "\(.[$p.file - 1]) \(.[$p.line - 1])"' "$root/.vscode/tasks.json"
}

@test "debug: break, step, continue, verdict; the terminal is as it was" {
  command -v gdb >/dev/null || skip "no gdb here"
  backlog_of_5
  open_terminal
  keys 'stty -g >before; clear; make debug LAB=3 TEST="exactly the backlog" SEED=7' Enter
  screen 'the kernel has exactly the backlog that was given'
  screen 'main (argc=4'
  keys 'break bind_to' Enter
  screen 'Breakpoint '
  keys 'continue' Enter
  screen 'bind_to (host='
  keys 'next' Enter
  keys 'finish' Enter
  screen 'Value returned'
  keys 'next' Enter
  keys 'print backlog + 1000' Enter
  screen ' = 1000'
  keys 'clear bind_to' Enter
  keys 'continue' Enter
  screen 'The test is over'
  screen 'got       a backlog of 5'
  screen 'Next: edit labs/03-listen/listen.c'
  keys 'stty -g >after; echo and again' Enter
  screen 'and again'
  cmp before after
  nothing_left
  close_terminal
}

@test "debug: the test waits as long as it takes; Ctrl-C shows where; quit ends all" {
  command -v gdb >/dev/null || skip "no gdb here"
  # The program waits for more, and the peer for an answer.
  right 05-send-recv
  patch -s -p0 -d labs <tests/labs/05-send-recv/mistakes/full-buffer-waits.patch
  open_terminal
  keys 'clear; make debug LAB=5 SEED=7' Enter
  screen 'answers at once, while the client keeps its side open'
  screen 'main (argc=4'
  keys 'continue' Enter
  screen 'Continuing.'
  # Without a debugger the peer gives up after 2 s in which the program sleeps.
  sleep 4
  keys C-c
  screen 'received signal SIGINT'
  keys 'bt' Enter
  screen 'serve (client='
  keys 'quit' Enter
  screen 'The test was not finished'
  screen 'So far:'
  screen 'Next:'
  screen 'at the prompt'
  nothing_left
  close_terminal
}

@test "debug: no terminal, no gdb, no single test, and tests in which gdb cannot be" {
  local words tool
  command -v gdb >/dev/null || skip "no gdb here"
  right
  run_in LAB=03 debug
  exits 2
  has 'needs a terminal'
  run_in LAB=3x debug
  exits 2
  open_terminal
  for words in 'listen itself fails|runs the program under strace itself' 'valgrind: no heap|Next: make leaks LAB=03' \
    'compiles without|runs no program' 'port|None of these tests fails. Choose one:' 'no such test|No test of lab'; do
    keys "clear; make debug LAB=3 TEST='${words%|*}'" Enter
    screen "${words#*|}"
    screen 'Error'
  done
  mkdir "$top/bin"
  for tool in /usr/bin/*; do [[ $tool == */gdb ]] || ln -s "$tool" "$top/bin/"; done
  keys "clear; PATH=$top/bin make debug LAB=3" Enter
  screen 'Missing here: gdb. Run: make setup debug'
  close_terminal
}

@test "debug --editor: gdb as the editor runs it stops in main; the verdict comes at the end" {
  command -v gdb >/dev/null || skip "no gdb here"
  local debugging gdb to text
  backlog_of_5
  LAB=3 TEST='exactly the backlog' tests/commands/debug --editor >out 2>&1 3>&- 4>&- &
  debugging=$!
  comes "waits for the editor's debugger" out
  [[ -x .build/debug/program ]]
  mkfifo commands
  timeout 100 gdb -nx -q --interpreter=mi2 <commands >mi 2>&1 3>&- 4>&- &
  gdb=$!
  exec {to}>commands
  # What Microsoft's MIEngine sends, and between it what launch.json says.
  text=$(jq -r '.configurations[0].customLaunchSetupCommands[0].text' "$root/.vscode/launch.json")
  printf '%s\n' '-gdb-set mi-async on' '-gdb-set stop-on-solib-events 1' \
    "-interpreter-exec console \"${text/'${workspaceFolder}'/$copy}\"" >&"$to"
  comes 'reason="breakpoint-hit",.*func="main",.*fullname="[^"]*/labs/03-listen/listen.c",line="[0-9]*"' mi
  printf '%s\n' '-break-insert bind_to' '-exec-continue' >&"$to"
  comes 'reason="breakpoint-hit",.*func="bind_to"' mi
  printf '%s\n' '-exec-continue' >&"$to"
  wait "$debugging" || true
  exec {to}>&-
  wait "$gdb" || true
  grep -q 'got       a backlog of 5' out || { cat out mi && return 1; }
  nothing_left
}

@test "the tasks of the editor: each command is there, and failures are found at their lines" {
  local golden=$root/tests/course/commands/golden
  cd "$root"
  jq -e . .vscode/*.json >/dev/null
  same() { [[ $1 == "$2" ]] || { printf 'got:  %s\nwant: %s\n' "$1" "$2" && return 1; }; }
  while read -r command goal; do
    case $command in
      make) make | grep -q "^  make $goal " ;;
      *) [[ -x $command && $goal == --editor ]] ;;
    esac
  done < <(jq -r '.tasks[] | "\(.command) \(.args[0])"' .vscode/tasks.json)
  same "$(jq -r '.configurations[].preLaunchTask' .vscode/launch.json)" "$(jq -r '.tasks[] | select(.args[0] == "--editor").label' .vscode/tasks.json)"
  # What check says of a compiler's error and of a sanitizer's, and valgrind.
  same "$(matches "$(grep 'error: ' "$golden/no-compile.txt" | sed 's/:N/:7/g')")" 'listen.c 7'
  same "$(matches "$(grep 'runtime error: ' "$golden/crash.txt" | sed 's/:N/:7/g')")" 'listen.c 7'
  same "$(matches "$(grep -m 1 'by 0xN: ' "$golden/descriptor.txt" | sed 's/:N/:7/; s/0xN/0x1F/')")" 'listen.c 7'
  same "$(matches '    got       AddressSanitizer: heap-buffer-overflow, in listen.c:7')" 'listen.c 7'
  same "$(matches '    expected  a backlog of 0')" ''
}

@test "labs/compile_flags.txt has the options of the judge's compiler" {
  # shellcheck source=/dev/null
  diff <(source "$root/tests/engine/build.bash" && printf '%s\n' "${STANDARD[@]}" "${WARNINGS[@]}") "$root/labs/compile_flags.txt"
}
