#!/usr/bin/env bats
# Every executable script of the tree: what it does with a word that it does not know.

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  top=$(mktemp -d)
  copy="$top/so cket"
  mkdir "$copy" "$top/home"
  tar -c -C "$root" --exclude=./.git --exclude=./.build --exclude=./grades --exclude=node_modules . | tar -x -C "$copy"
  cd "$copy" || return
}

teardown() { rm -rf "$top"; }

# files: all of the copy and of the home folder, with size and time.
files() { find "$top" -printf '%p %s %T@ %y\n' | sort; }

# said WORD SCRIPT: runs SCRIPT with WORD; sets status and lines.
said() { run env -i PATH="$PATH" HOME="$top/home" TMPDIR="$top/home" timeout 60 "$2" "$1" </dev/null; }

@test "a script prints its head for --help, refuses an unknown word in one line, and does nothing" {
  local script head wrong=() before count=0
  before=$(files)
  while read -r script; do
    IFS= read -r head <"$script"
    [[ $head == '#!'*bash ]] || { wrong+=("$script: begins with $head") && continue; }
    head=$(sed -n '2s/^# //p' "$script")
    said --help "$script"
    [[ $status -eq 0 && ${lines[0]} == "$head" && $output != *shellcheck* ]] || wrong+=("$script --help: $status ${lines[0]-}")
    said --nonsense "$script"
    [[ $status -eq 2 && ${#lines[@]} -eq 1 && ${lines[0]} == *--nonsense* ]] || wrong+=("$script --nonsense: $status $output")
    count=$((count + 1))
  done < <(find . -type f -perm -u+x ! -name '*.bats')
  printf '%s\n' "${wrong[@]}"
  diff <(echo "$before") <(files)
  ((${#wrong[@]} == 0 && count > 50))
}

@test "the cases of the triangle take turns, and each commit judges solutions, variants and skeletons" {
  local turn always=$'^skeleton\t|^variant\t|^solution\t[^\t]*\tgcc$'
  ONE_IN=1 tests/course/triangle --list | sort >"$top/all"
  mkdir "$top/bin"
  for turn in 0 1 2; do
    printf '#!/bin/sh\necho 000000%s\n' "$turn" >"$top/bin/git"
    chmod +x "$top/bin/git"
    ONE_IN=3 PATH=$top/bin:$PATH tests/course/triangle --list >"$top/third.$turn"
    diff <(grep -E "$always" "$top/third.$turn" | sort) <(grep -E "$always" "$top/all")
  done
  diff <(grep -hEv "$always" "$top"/third.? | sort) <(grep -Ev "$always" "$top/all")
}
