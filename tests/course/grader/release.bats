#!/usr/bin/env bats
# make release: what is in the archive, that its commands work there, and that what
# must not be in it stops it. The course is a copy, in a folder with a blank.
# shellcheck disable=SC2154 # commands.bash sets root and top
load ../commands/commands

# release VAR=VALUE…: writes the archive into the folder of the test and unpacks it;
# THERE is where. It must have been written.
release() {
  rm -rf ./*.tar.gz "$top/a student"
  run env "$@" tests/grader/release
  exits 0
  ARCHIVE=$(echo ./*.tar.gz)
  mkdir "$top/a student"
  tar -xzf "$ARCHIVE" -C "$top/a student"
  THERE="$top/a student/${ARCHIVE%.tar.gz}"
}

# course: the rest of what make release needs.
course() {
  mkdir -p tests/grader
  cp -a "$root"/tests/grader/{release,classroom.yml} tests/grader/
  cp -a "$root"/{LICENSE,README.md,.gitattributes,.gitignore,.editorconfig,.clang-format,.devcontainer,.vscode} .
  unset LAB
  # make's shell drops what bats exports for itself: no part of this bats is there.
  PATH=$(tr : '\n' <<<"$PATH" | grep -v 'bats-core$' | paste -sd :)
}

@test "the archive of labs 02 and 03: no link leads out; its commands and its workflow work" {
  course
  right
  release LAB=02-03
  cd "$THERE"
  # The labs are skeletons though the instructor has worked in them.
  cmp labs/03-listen/listen.c "$root/labs/03-listen/listen.c"
  [ "$(ls labs)" = $'02-bind\n03-listen\nREADME.md\ncompile_flags.txt' ]
  run make
  [[ $output == *"make check"*"make hand-in"* && $output != *"make solution"* && $output != *"make grade"* ]]
  run make solution LAB=03
  [[ $status -ne 0 && ${#lines[@]} -eq 1 && $output == *"not in this copy"* ]]
  run make check LAB=05
  has "Labs are 02-bind to 03-listen"
  run make setup check
  has "nothing is missing"
  # The workflow's commands, one after the other: points, and what a student prints
  # is no command to the runner.
  export GITHUB_STEP_SUMMARY="$top/summary" VALGRIND=0
  # Each block of "run:", as the runner gives it to bash -e.
  awk '/^ *run: \|$/ { on = ++n; next } /^ *run: / { sub(/^ *run: /, ""); print > ("../step" ++n); next }
    on && /^          / { print substr($0, 11) > ("../step" on); next } { on = 0 }' .github/workflows/classroom.yml
  [ -s ../step3 ] && [ ! -e ../step4 ]
  for lab in 02-bind 03-listen; do cp "$root/solutions/$lab"/*.c "labs/$lab/"; done
  bash -e ../step1
  run bash -e ../step2
  exits 0
  [[ ${lines[0]} =~ ^::stop-commands::([0-9a-f]{32})$ ]]
  last "::${BASH_REMATCH[1]}::"
  run bash -e ../step3
  exits 0
  score=$(jq -s 'map(.score) | add / 10' .build/check/0[23]*.json)
  has "Autograding report::{\"totalPoints\":$score,\"maxPoints\":$score}"
  grep -q '03-listen ' "$top/summary"
  echo 'int main(void) { return 1; }' | tee labs/02-bind/bind.c >labs/03-listen/listen.c
  run bash -e ../step2
  exits 2
  run bash -e ../step3
  has '"totalPoints":0,'
  run make reset LAB=03
  exits 0
  cmp labs/03-listen/listen.c "$root/labs/03-listen/listen.c"
}

# unchecked: make check of this copy says what make release waits for, and judges nothing.
# For tests of what is in the archive, since it runs twice for each.
unchecked() { printf '#!/bin/sh\nprintf "\\n0.0 of 0.0 points\\n"\n' >tests/commands/check; }

@test "one commit is one archive, and another content has another name" {
  course
  unchecked
  git init -q . && git add -A && git -c user.name=x -c user.email=x@x commit -qm x
  release LAB=01
  [[ $ARCHIVE == ./socket-steps-student-"$(git rev-parse --short=12 HEAD)"-01.tar.gz ]]
  mv "$ARCHIVE" "$top/first"
  find . -name '*.md' -exec touch -d 2001-02-03 {} +
  (umask 077 && TZ=Asia/Tokyo LAB=01 tests/grader/release)
  cmp "$top/first" "$ARCHIVE"
  rm "$ARCHIVE"
  echo '# more' >>tests/labs/01-socket/hints
  LAB=01 tests/grader/release
  [[ $(echo ./*.tar.gz) == ./socket-steps-student-"$(git rev-parse --short=12 HEAD)"+*-01.tar.gz ]]
}

@test "a copy without git, in another repository, as a worktree, of another user: an archive" {
  course
  unchecked
  git init -q "$top" && echo '*' >"$top/.gitignore"
  release LAB=01
  [[ $ARCHIVE =~ student-[0-9a-f]{12}-01.tar.gz$ ]]
  [ -x "$THERE/tests/commands/check" ]
  mv "$ARCHIVE" "$top/first"
  # Without git, the same name and bytes.
  mkdir "$top/bin" && printf '#!/bin/sh\nexit 127\n' >"$top/bin/git" && chmod +x "$top/bin/git"
  PATH=$top/bin:$PATH release LAB=01
  cmp "$top/first" "$ARCHIVE"
  git init -q . && git add -A && git -c user.name=x -c user.email=x@x commit -qm x
  name=./socket-steps-student-$(git rev-parse --short=12 HEAD)-01.tar.gz
  GIT_TEST_ASSUME_DIFFERENT_OWNER=1 release LAB=01
  [[ $ARCHIVE == "$name" ]]
  git worktree add -q --detach "$top/work tree"
  cd "$top/work tree"
  GIT_DIR=$top/.git release LAB=01
  [[ $ARCHIVE == "$name" ]]
  # A repository that is gone, and one that knows no file yet.
  rm -rf "$copy/.git"
  release LAB=01
  has "git cannot read this copy"
  cmp "$top/first" "$ARCHIVE"
  rm -r "$top/work tree/.git"
  git init -q .
  release LAB=01
  cmp "$top/first" "$ARCHIVE"
}

# refused WHAT: no archive is written, and it says what is wrong.
refused() {
  run env LAB=03 tests/grader/release
  exits 1
  has "$1"
  has "no archive was written"
  [ -z "$(find . -maxdepth 1 \( -name '*.tar.gz' -o -name '.release*' \))" ]
}

@test "part of a solution, a stray file, a dead link stop it; a hidden test stays out" {
  course
  unchecked
  sed -n '/BEGIN 1/,/END 1/p' solutions/03-listen/listen.c | sed 's/^ */\t/' >tests/kit/given.bash
  refused "tests/kit/given.bash has a part of the solution of 03-listen"
  rm tests/kit/given.bash
  echo 'See [this](../../tests/nowhere.md).' >>labs/03-listen/README.md
  refused "leads to ../../tests/nowhere.md"
  sed -i '$d' labs/03-listen/README.md
  cp tests/labs/03-listen/test.bats tests/labs/03-listen/hidden.bats
  release LAB=03
  [ -z "$(find "$THERE" -name '*hidden*')" ]
}

@test "the skeletons of a release show nothing of their own lab's solution" {
  course
  # A marker that is lost: the part stands in the skeleton.
  sed -n '/^    if (listen(/,/^    }/p' solutions/03-listen/listen.c >"$top/part"
  [ "$(wc -l <"$top/part")" -eq 5 ]
  sed -i "/^    int listener/{
r $top/part
}" solutions/03-listen/listen.c
  refused "has a part of the solution of 03-listen"
}
