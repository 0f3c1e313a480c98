#!/usr/bin/env bats
# The Makefile, setup and what all scripts share, tried in a copy of their own:
# a folder with a blank in its name, and scripts that only tell what they got.
# shellcheck disable=SC2016 # texts of scripts, not to be expanded here

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
  top=$(mktemp -d)
  copy="$top/so cket"
  mkdir -p "$copy"/tests/{commands,engine,grader,course,labs/{01-socket,02-bind,09-echo-loop}}
  touch "$copy"/tests/labs/{01-socket,02-bind,09-echo-loop}/test.bats
  cp "$root/Makefile" "$copy/"
  cp "$root/tests/common.bash" "$copy/tests/"
  cp "$root/tests/engine/machine.bash" "$copy/tests/engine/"
  cp "$root"/tests/commands/{help,setup} "$copy/tests/commands/"
  cd "$copy" || return
  unset LAB SUBMISSION TEST VALGRIND SEED NAME SUBMISSIONS OUT JOBS PART N FORMAT CC MAKEFLAGS
}

teardown() { rm -rf "$top"; }

# script PATH TEXT: make a script of the copy.
script() {
  printf '#!/usr/bin/env bash\n%s\n' "$2" >"$copy/$1"
  chmod +x "$copy/$1"
}

# only TOOL…: a folder with nothing but these commands, to be used as PATH.
only() {
  local tool
  mkdir -p "$top/bin"
  for tool in "$@"; do ln -s "$(command -v "$tool")" "$top/bin/$tool"; done
}

@test "make alone lists every command in 80 columns without colour" {
  cd "$root"
  run make
  [ "$status" -eq 0 ]
  for goal in setup check watch trace debug claim hint leaks progress solution reset hand-in grade skeletons lint test; do
    [[ $output == *$'\n'"  make $goal "* ]]
  done
  [[ $output == *Student*Instructor*Maintainer* ]]
  [[ $output != *$'\e'* ]]
  run grep '.\{81\}' <<<"$output"
  [ "$status" -eq 1 ]
}

@test "every script that the Makefile names is there" {
  names=$(sed -n 's|^[a-z-]*: \([a-z]*/[^ ]*\).*|\1|p' "$root/Makefile")
  [ "$(wc -l <<<"$names")" -ge 13 ]
  for name in $names; do
    [ -x "$root/$name" ] || {
      echo "missing: $name"
      false
    }
  done
}

@test "commands and variables are the same wherever they are listed" {
  cd "$root"
  # commands: those with a help text, and those that make takes for goals.
  diff <(sed -n 's/^\([a-z-]*\): .*## .*/\1/p' Makefile | sort) \
    <(sed -n '/^COMMANDS :=/,/[^\\]$/p' Makefile | grep -o '[a-z-]*' | grep -vx help | sort)
  # variables: those that are handed over, that a help text names, and that a script keeps.
  local handed
  handed=$(sed -n 's/^override export \([A-Z]*\) := .*(value \1).*/\1/p' Makefile | sort)
  [ "$(grep -c '^override' Makefile)" -eq "$(wc -l <<<"$handed")" ]
  diff <(echo "$handed") <(sed -n 's/.*## //p' Makefile | grep -oE '\b[A-Z]+=' | tr -d = | cat - <(echo CC) | sort -u)
  diff <(echo "$handed") <(sed -n '/^ *LAB=\*/,/;;/p' tests/common.bash |
    grep -oE '[A-Z]+=' | tr -d = | grep -vx GOALS | sort)
}

@test "a value reaches the script as it was typed and is never run" {
  nasty='$(shell touch A) $(touch B) `touch C` ; touch D | "x" '\'' $HOME # \ end'
  script tests/commands/hand-in 'printf "%s" "$NAME"'
  script tests/commands/check 'printf "%s" "$TEST"'
  [ "$(make hand-in NAME="$nasty")" = "$nasty" ]
  [ "$(TEST="$nasty" make check)" = "$nasty" ]
  run make "x;touch E"
  [ "$status" -ne 0 ]
  [ -z "$(find . -name '[A-E]')" ]
}

@test "when a script fails only make's own line comes after its last, and the status is not 0" {
  script tests/commands/check 'echo "Next: edit listen.c"; exit 1'
  for flags in "" -s -j4 -r; do
    # shellcheck disable=SC2086
    run make $flags check
    [ "$status" -ne 0 ]
    [ "${#lines[@]}" -eq 2 ]
    [ "${lines[0]}" = "Next: edit listen.c" ]
    [[ ${lines[1]} == 'make: *** [Makefile:'*': check] Error 1' ]]
  done
}

@test "a script that is killed or missing is a failure" {
  script tests/commands/check 'kill -9 $$'
  run make check
  [ "$status" -ne 0 ]
  run make hint
  [ "$status" -ne 0 ]
}

@test "goals run in order, setup first, and nothing after a failure" {
  script tests/commands/setup 'echo "setup for $GOALS"'
  script tests/grader/grade 'echo grade'
  script tests/commands/progress 'echo progress'
  run make -j4 grade setup progress
  [ "$status" -eq 0 ]
  [ "$output" = $'setup for grade setup progress\ngrade\nprogress' ]
  script tests/commands/setup 'echo no; exit 1'
  run make -j4 grade setup
  [ "$status" -ne 0 ]
  [ "${lines[0]}" = no ]
  [[ ${#lines[@]} -eq 2 && ${lines[1]} == 'make: ***'* ]]
  script tests/grader/grade 'echo grade; exit 3'
  run make grade progress
  [ "$status" -ne 0 ]
  [ "${lines[0]}" = grade ]
  [[ ${#lines[@]} -eq 2 && ${lines[1]} == 'make: ***'* ]]
}

@test "make -n shows and runs nothing" {
  script tests/commands/reset 'touch ran'
  run make -n reset LAB=03
  [ "$status" -eq 0 ]
  [[ $output == *tests/commands/reset* ]]
  [ ! -e ran ]
}

@test "of a word that make does not know it says what was meant, and what the reader has" {
  cd "$root"
  # Those of check, and no others.
  run make check TESTS=x
  [[ $output == *'no variable TESTS: did you mean TEST? make check knows: LAB TEST SEED VALGRIND SUBMISSION. '* ]]
  run make setup check NAEM=x
  [[ $output == *'no variable NAEM. make setup check knows: LAB TEST'* && $output != *ROSTER* ]]
  # A folder is no goal, a lab is what check takes.
  run make labs
  [ "$status" -eq 2 ]
  [[ $output == *'no command "labs"'* ]]
  run make check 05
  [[ $output == *'did you mean make check LAB=05?'* ]]
  run make '$(shell touch ran)' "'; touch ran; '"
  [ "$status" -eq 2 ]
  [ ! -e ran ]
}

@test "where only the student's scripts are, only the student's commands and variables are told" {
  local goal
  while IFS= read -r goal; do
    [[ $goal == help ]] || script "tests/commands/$goal" true
  done < <(sed -n 's/^\([a-z-]*\): tests.commands.*/\1/p' Makefile)
  run make NO=1
  [[ $output == *'Those of all commands: LAB'*NAME* && $output != *ROSTER* ]]
  run make gradee
  [[ $output == *'no command "gradee".'* ]]
}

@test "a misspelt variable or command is named" {
  script tests/commands/check true
  run make check lab=03
  [ "$status" -eq 2 ]
  [[ $output == *"no variable lab: did you mean LAB?"* ]]
  run make chekc
  [ "$status" -eq 2 ]
  [[ $output == *'no command "chekc": did you mean make check?'* ]]
}

@test "a command that is not in this copy is not listed, and says so in one line" {
  script tests/commands/check 'echo check'
  run make
  [[ $output == *"make check "*"make setup "* || $output == *"make setup "*"make check "* ]]
  [[ $output != *"make grade"* && $output != *Instructor* ]]
  run make grade
  [ "$status" -ne 0 ]
  [ "${#lines[@]}" -eq 1 ]
  [[ $output == *'tests/grader/grade is not in this copy of the course'* ]]
}

@test "a script sees nothing of make: another make in it is its own" {
  script tests/commands/check '. tests/common.bash; env | grep "^MAKE\|^MFLAGS" && exit 1; printf "all: ; @echo inner\n" | make -f -'
  run make check LAB=01
  [ "$status" -eq 0 ]
  [ "$output" = inner ]
}

@test "labs are known by number, name and folder" {
  script tests/commands/check '. tests/common.bash
chosen=$(lab_names "${LAB:-}") || exit
echo $chosen'
  for lab in 2 02 02-bind bind labs/02-bind/; do
    [ "$(LAB=$lab tests/commands/check)" = 02-bind ]
  done
  [ "$(LAB='9, 01' tests/commands/check)" = "09-echo-loop 01-socket" ]
  [ "$(LAB=01-2 tests/commands/check)" = "01-socket 02-bind" ]
  [ "$(tests/commands/check)" = "01-socket 02-bind 09-echo-loop" ]
  for lab in 10 0 x 01-03 2-1 '*' '$(touch A)' 002; do
    run env LAB="$lab" tests/commands/check
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == *"no lab"* ]]
  done
}

@test "setup says in one line that nothing is missing" {
  run tests/commands/setup --missing test
  [ "$output" = "" ] || skip "missing here: $output"
  run make setup test
  [ "${lines[0]}" = "setup: nothing is missing" ]
}

@test "setup knows packages for every kind of need: one without is no way to be complete" {
  sed -i "/^similar /d" tests/commands/setup
  run bash tests/commands/setup --missing similar
  [ "$status" -eq 3 ]
  [[ $output == *"no package is for 'similar'" ]]
}

@test "setup names what is missing where there is no apt-get, and changes nothing" {
  only bash env make gcc sed
  run env PATH="$top/bin" tests/commands/setup check
  [ "$status" -eq 1 ]
  [[ $output == *"no apt-get"*" bats "* ]]
  [[ $output != *" gcc"* ]]
}

@test "setup without a way to be root prints the line to run" {
  only bash env make sed apt-cache apt-get dpkg-query
  cat >"$top/bin/sudo" <<<$'#!/usr/bin/env bash\nexit 1'
  chmod +x "$top/bin/sudo"
  # root only has to look like someone else: EUID is bash's, so become nobody
  become=()
  if [ "$EUID" -eq 0 ]; then
    chmod -R a+rX "$top"
    become=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  fi
  run "${become[@]}" "$(command -v env)" PATH="$top/bin" "$BASH" tests/commands/setup check </dev/null
  [ "$status" -eq 1 ]
  [[ $output == *"apt-get install -y --no-install-recommends"*" bats "* ]]
}

@test "setup refuses a goal that it does not know" {
  run tests/commands/setup chekc
  [ "$status" -eq 2 ]
}

@test "the dev container is JSON, and each of its commands is there" {
  cd "$root"
  commands=$(jq -er '.onCreateCommand, .postAttachCommand' .devcontainer/devcontainer.json)
  [ "$(wc -l <<<"$commands")" -eq 2 ]
  while read -r command; do
    case $command in
      "apt-get "*) ;;
      "tests/commands/setup "*) GOALS=${command#* } tests/commands/setup --missing >/dev/null ;;
      "make "*) make | grep -q "^  $command " ;;
      *) echo "unknown: $command" && false ;;
    esac
  done <<<"${commands// && /$'\n'}"
}
