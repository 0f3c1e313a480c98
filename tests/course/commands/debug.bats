#!/usr/bin/env bats
# make debug, driven through a terminal of tmux's in a copy of the course.
# shellcheck disable=SC2016,SC2119,SC2154 # a variable of the editor; commands.bash sets them
load commands

# backlog_of_5: the student's listen.c has a fixed backlog.
backlog_of_5() { mistake 's/listen\(listener, \(int\)backlog\)/listen(listener, 5)/'; }

# nothing_left: no process of this copy runs any more.
nothing_left() {
  local from=$SECONDS
  while pgrep -f "$copy/.build" >left; do ((SECONDS - from < 20)) || { cat left && return 1; }; done
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
