#!/usr/bin/env bats
# make watch, driven through a terminal of tmux's in a copy of the course: save, red,
# save, green, Ctrl-C; and without a terminal.
# shellcheck disable=SC2119,SC2154 # commands.bash sets them
load commands

# screen TEXT: waits until the terminal shows TEXT; at most a minute, for a busy machine.
screen() {
  local from=$SECONDS
  until tmux -S "$top/tmux" capture-pane -p -t w | grep -qF -- "$1"; do
    ((SECONDS - from < 60)) || {
      echo "no '$1' in:"
      tmux -S "$top/tmux" capture-pane -p -t w
      return 1
    }
  done
}

teardown() {
  tmux -S "$top/tmux" kill-server 2>/dev/null || true
  rm -rf "$top"
}

keys() { tmux -S "$top/tmux" send-keys -t w "$@"; }

@test "watch: save, red, save, green; Ctrl-C leaves the terminal as it was" {
  command -v tmux >/dev/null || skip "no tmux here"
  command -v entr >/dev/null || skip "no entr here"
  right 01-socket
  # Nothing of this bats may reach the one in there, its own PATH neither.
  env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME="$top" TERM=xterm LC_ALL=C.UTF-8 tmux -S "$top/tmux" -f /dev/null new-session -d -x 80 -y 40 -s w "env PS1='at the prompt ' HISTFILE= bash --norc" 3>&- 4>&-
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
  keys exit Enter
  while tmux -S "$top/tmux" has-session 2>/dev/null; do :; done
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
