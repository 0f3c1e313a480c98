#!/usr/bin/env bats
# What authors use: new-lab, mistake and make test LAB=nn, tried in a copy of the course.
# shellcheck disable=SC2016 # texts that must not be expanded here

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
  unset LAB SUBMISSION TEST VALGRIND SEED NAME FILE EDITOR VISUAL CC PART JOBS MAKEFLAGS
  top=$(mktemp -d)
  copy="$top/so cket"
  mkdir -p "$copy/.build"
  cp -a "$root"/{Makefile,README.md,labs,solutions,slides,tests,.clang-format} "$copy/"
  [[ ! -d $root/.build/tools ]] || cp -a "$root/.build/tools" "$copy/.build/"
  cp -a "$copy" "$top/before"
  cd "$copy" || return
}

teardown() { rm -rf "$top"; }

# changed: the files and folders that are not as they were, one a line.
changed() {
  diff -rq -x .build "$top/before" "$copy" |
    sed -e "s|^Only in $copy/\(.*\): |\1/|" -e "s|^Files $top/before/\(.*\) and .* differ$|\1|" | sort
}

# refused TEXT COMMAND…: COMMAND ends with status 2 and one line, which has TEXT, and
# nothing has changed.
refused() {
  run "${@:2}"
  [[ $status -eq 2 && ${#lines[@]} -eq 1 && $output == *"$1"* ]] || { echo "$status: $output" && return 1; }
  [ -z "$(changed)" ]
}

# mistake VAR=VALUE…: runs it with these in its environment.
mistake() { run env "$@" tests/course/authors/mistake </dev/null; }

@test "new-lab: four places that are judged, drawn and linted, and no other file to touch" {
  run make new-lab NAME=98-data-gram
  [ "$status" -eq 0 ]
  [[ ${lines[-1]} == 'Next: edit solutions/98-data-gram/data-gram.c, then: make check LAB=98 SUBMISSION=solutions' ]]
  # The three tables are generated.
  diff <(changed) - <<'END'
labs/98-data-gram
labs/README.md
slides/98-data-gram.md
slides/README.md
solutions/98-data-gram
tests/labs/98-data-gram
tests/labs/mistakes.md
END
  run tests/course/tables --check
  [ "$status" -eq 0 ]
  # Red for the reason that it should be, in its solution and its skeleton.
  run env LAB=98 SUBMISSION=solutions VALGRIND=0 tests/commands/check
  [ "$status" -eq 1 ]
  [[ $output == *'data-gram: part 1 of solutions/98-data-gram/data-gram.c is next'* ]]
  run env LAB="01 98" TEST='basic job' VALGRIND=0 tests/commands/check
  [ "$status" -eq 1 ]
  [[ $output == *'98-data-gram '*'not begun'* ]]
  run env LAB=98 tests/commands/check
  [[ ${lines[-1]} == 'Next: do TODO 1 in labs/98-data-gram/data-gram.c, then: make check LAB=98' ]]
  # With its part written it is green, and its mistake is caught.
  sed -i '0,/^    errx(.*/s//    printf("hello\\n");/' solutions/98-data-gram/data-gram.c
  run env LAB=data-gram SUBMISSION=solutions tests/commands/check
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'10.0 of 10.0 points: 6 passed'* ]]
  run env LAB=98 ONLY=e tests/course/triangle --case mistake 98-data-gram usage-is-1
  [ "$status" -eq 0 ]
  # How its files are written. What the skeleton says follows the solution.
  tests/commands/skeleton --all
  for check in clang-format shellcheck shfmt gcc; do LAB=98 tests/course/lint --one "$check"; done
  # The number and the step are taken now.
  run make new-lab NAME=98-other
  [[ $status -ne 0 && $output == *'There is a lab with that number or step: '* ]]
}

@test "new-lab: a wrong name is refused in one line, and nothing is laid" {
  local name
  for name in '' x 1-x 10- 10_x 00-x 010-x 10-X 10-x- '10-x y' ../10-x '$(touch A)'; do
    refused 'make new-lab NAME=14-multicast' env NAME="$name" tests/course/authors/new-lab
  done
  refused solutions/03-listen env NAME=03-other tests/course/authors/new-lab
  refused 03-listen env NAME=99-listen tests/course/authors/new-lab
}

@test "new-lab: all four places or none" {
  sed -i 's/<!-- decks: /<!-- no decks: /' slides/README.md "$top/before/slides/README.md"
  run env NAME=98-data-gram tests/course/authors/new-lab
  [[ $status -eq 1 && $output == *'slides/README.md needs the lines'* ]]
  [[ $(changed) != *98-data-gram* ]]
  rm tests/course/authors/stub/deck
  run env NAME=98-data-gram tests/course/authors/new-lab
  [ "$status" -ne 0 ]
  [[ $(changed) != *98-data-gram* ]]
  [ -z "$(find .build -name 'new-lab.*')" ]
}

@test "mistake: an edited file becomes a patch whose head is true" {
  sed 's/(int)backlog) == -1/5) == -1/' solutions/03-listen/listen.c >"$top/listen.c"
  mistake LAB=03 NAME=always-five FILE="$top/listen.c"
  [ "$status" -eq 0 ]
  [[ ${lines[-1]} == *'make skeletons pictures test LAB=03' ]]
  diff <(changed) - <<<tests/labs/03-listen/mistakes/always-five.patch
  diff <(sed '/^--- /q' tests/labs/03-listen/mistakes/always-five.patch) - <<'END'
mistake: always five
caught by: the kernel has exactly the backlog that was given
also: a backlog over the kernel's limit is capped there, and printed as given
says: a backlog of
--- 03-listen/listen.c
END
  FULL=1 tests/course/triangle --case mistake 03-listen always-five
  cmp "$top/listen.c" .build/mistakes/03-listen-always-five/03-listen/listen.c
}

@test "mistake: on a terminal the editor opens the copy; without one it is named, then taken" {
  command -v script >/dev/null || skip "script is not installed"
  printf '#!/bin/sh\nsed -i "s/\\"listening on\\"/\\"Listening on\\"/" "$@"\n' >"$top/editor"
  chmod +x "$top/editor"
  run env LAB=03 NAME=in-capitals EDITOR="$top/editor" script -qec tests/course/authors/mistake /dev/null
  [ "$status" -eq 0 ]
  grep -q '^caught by: prints the address' tests/labs/03-listen/mistakes/in-capitals.patch
  rm -r tests/labs/03-listen/mistakes/in-capitals.patch .build/mistakes/03-listen-in-capitals
  refused 'put the mistake into it, then: make mistake LAB=03 NAME=in-capitals' env LAB=03 NAME=in-capitals tests/course/authors/mistake </dev/null
  "$top/editor" .build/mistakes/03-listen-in-capitals/03-listen/listen.c
  mistake LAB=03 NAME=in-capitals
  [ "$status" -eq 0 ]
  grep -q '^says: ' tests/labs/03-listen/mistakes/in-capitals.patch
}

@test "mistake: what no test notices and what does not compile are no patch" {
  sed 's/ignored\[256\]/ignored[200]/' solutions/03-listen/listen.c >"$top/listen.c"
  mistake LAB=03 NAME=smaller FILE="$top/listen.c"
  [[ $status -eq 1 && ${lines[-1]} == 'No test of lab 03-listen notices this mistake.'* ]]
  sed -i '$d' "$top/listen.c"
  mistake LAB=03 NAME=smaller FILE="$top/listen.c"
  [[ $status -eq 1 && ${lines[-1]} == 'It does not compile'* ]]
  [ -z "$(changed)" ]
}

@test "mistake: a wrong command line is refused in one line" {
  local words
  refused 'LAB says which lab' tests/course/authors/mistake
  refused "no lab '17'" env LAB=17 NAME=x tests/course/authors/mistake
  refused 'one lab at a time' env LAB='3 4' NAME=x tests/course/authors/mistake
  for words in '' X 'a b' ../x x.patch; do refused 'small letters' env LAB=03 NAME="$words" tests/course/authors/mistake; done
  refused 'there already' env LAB=03 NAME=fixed-backlog tests/course/authors/mistake
  refused 'no such file' env LAB=03 NAME=x FILE=/nowhere tests/course/authors/mistake
  refused 'has no program bind.c, but listen.c' env LAB=03 NAME=x FILE=solutions/02-bind/bind.c tests/course/authors/mistake
}

@test "make test LAB=nn runs what concerns that lab" {
  refused "no lab '17'" env LAB=17 tests/course/run
  PART='pages/docs pages/by-hand' LAB=02 run tests/course/run
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'ok 1 labs/02-bind/README.md'$'\n''ok 2 slides/02-bind.md'* && $output != *03-listen* ]]
  # A skeleton of this lab that is not what is generated is seen; one of another lab is not.
  echo >>labs/02-bind/bind.c
  PART=pages/docs LAB=02 run tests/course/run
  [[ $status -eq 1 && ${lines[-2]} == *"again: make test PART=pages/docs LAB=\"02-bind\"" ]]
  PART=pages/docs LAB=03 run tests/course/run
  [ "$status" -eq 0 ]
}
