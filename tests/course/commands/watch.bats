#!/usr/bin/env bats
# make watch, driven through a terminal of tmux's in a copy of the course: save, red,
# save, green, Ctrl-C; and without a terminal.
# shellcheck disable=SC2119,SC2154 # commands.bash sets them
load commands

@test "watch: save, red, save, green; Ctrl-C leaves the terminal as it was" {
  command -v entr >/dev/null || skip "no entr here"
  right 01-socket
  open_terminal
  keys 'stty -g >before; make watch LAB=3 VALGRIND=0' Enter
  screen 'do TODO 1 in labs/03-listen/listen.c'
  screen 'checked. Save labs/03-listen'
  mistake 's/"listening on"/"Listening on"/'
  screen 'Listening on 127'
  screen 'Next: edit labs/03-listen/listen.c'
  screen 'total '
  # As editors do it: a new file takes the place of the old one.
  cp solutions/03-listen/listen.c "$file.new"
  mv "$file.new" "$file"
  screen '9.0 of 9.0 points'
  screen '03-listen      [####################]  9.0 of 9.0  done'
  screen 'Ctrl-C ends.'
  keys C-c
  screen 'at the prompt'
  keys 'stty -g >after; echo and again' Enter
  screen 'and again'
  cmp before after
  close_terminal
}

@test "watch: of several labs the one is checked whose file was saved; no terminal" {
  command -v entr >/dev/null || skip "no entr here"
  local from=$SECONDS watching
  right 01-socket
  LAB='1 3' VALGRIND=0 TEST='compiles without' setsid tests/commands/watch </dev/null >"$top/out" 2>&1 3>&- 4>&- &
  watching=$!
  until grep -q 'Ctrl-C ends' "$top/out"; do ((SECONDS - from < 60)); done
  grep -q '^01-socket ' "$top/out"
  right
  until grep -q 'labs/03-listen to check again' "$top/out"; do ((SECONDS - from < 90)); done
  ! grep -q $'\e' "$top/out" || false
  kill -TERM -- "-$watching"
  wait "$watching" || true
  for lab in 17 3x; do
    run_in LAB="$lab" watch
    exits 2
  done
}
