# shellcheck shell=bash
# shellcheck disable=SC2154 # bats sets output, lines and status
# What the tests of the student's commands are written with (check.bats,
# commands.bats). Each test has a copy of the course of its own, in a folder with a
# blank in its name, where the labs may be changed.

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
  # For a test with the tag "lab".
  chosen=${LAB:-}
  unset LAB SUBMISSION TEST VALGRIND SEED NAME N FORMAT CC MAKEFLAGS
  top=$(mktemp -d)
  copy="$top/so cket"
  mkdir -p "$copy/.build" "$copy/tests"
  cp -a "$root/Makefile" "$root/labs" "$root/solutions" "$copy/"
  # shellcheck source=/dev/null
  (source "$root/tests/common.bash" && copy_rooms "$copy/tests")
  cp -a "$root/tests/labs" "$copy/tests/"
  [[ ! -d $root/.build/tools ]] || cp -a "$root/.build/tools" "$copy/.build/"
  cd "$copy" || return
  file=labs/03-listen/listen.c
}

teardown() {
  [[ ! -e $top/tmux ]] || tmux -S "$top/tmux" kill-server 2>/dev/null || true
  rm -rf "$top"
}

# open_terminal: a terminal of tmux's, with a shell in the copy. keys KEY…: types there.
# close_terminal: its shell ends.
open_terminal() {
  command -v tmux >/dev/null || skip "no tmux here"
  # Nothing of this bats may reach the one in there, its own PATH neither.
  env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME="$top" TERM=xterm LC_ALL=C.UTF-8 \
    tmux -S "$top/tmux" -f /dev/null new-session -d -x 80 -y 40 -s w "env PS1='at the prompt ' HISTFILE= bash --norc" 3>&- 4>&-
}
keys() { tmux -S "$top/tmux" send-keys -t w "$@"; }
close_terminal() {
  keys exit Enter
  while tmux -S "$top/tmux" has-session 2>/dev/null; do :; done
}

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

# right [LAB]: the student's files are our solutions.
right() { cp solutions/"${1:-03-listen}"/*.c "labs/${1:-03-listen}/"; }

# mistake SED-SCRIPT: the student's listen.c is our solution with this change.
mistake() {
  sed -E "$1" solutions/03-listen/listen.c >"$file"
  ! cmp -s solutions/03-listen/listen.c "$file"
}

# run_in VAR=VALUE… COMMAND: run, with these in the environment.
run_in() { run env "${@:1:$#-1}" "tests/commands/${*: -1}"; }

# has TEXT: the output has it. last TEXT: its last line begins so.
has() { [[ $output == *"$1"* ]] || { echo "no '$1' in:" && echo "$output" && return 1; }; }
lacks() { [[ $output != *"$1"* ]] || { echo "'$1' in:" && echo "$output" && return 1; }; }
last() { [[ ${lines[-1]} == "$1"* ]] || { echo "last line: ${lines[-1]}" && return 1; }; }
exits() { [[ $status -eq $1 ]] || { echo "exit status $status, not $1" && echo "$output" && return 1; }; }

# narrow: no line is over 80 columns, and nothing speaks to a terminal.
narrow() {
  never '.\{81\}'
  never '[^ -~]'
}

# never REGEX: no line of the output, taken as bytes, is like it.
never() {
  if LC_ALL=C grep -n "$1" <<<"$output"; then return 1; fi
}

# joined: standard input with the commands that were broken into lines in one again.
joined() { sed -E -e ':a' -e '/ \\$/{N;s/ \\\n +/ /;ta' -e '}'; }
