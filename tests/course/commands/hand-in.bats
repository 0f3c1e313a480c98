#!/usr/bin/env bats
# make hand-in: what it packs, what it says, and what it refuses. That make grade
# takes it is in grader.bats.

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
  top=$(mktemp -d)
  mine="$top/my labs"
  cp -R "$root/solutions" "$mine"
  mkdir "$top/here"
  cd "$top/here" || return
  unset LAB
  export SUBMISSION=$mine NAME=anna
}

teardown() { rm -rf "$top"; }

pack() { run "$root/tests/commands/hand-in"; }

@test "all programs and nothing else are in the archive, as they are" {
  echo x | tee "$mine/03-listen/a.out" "$mine/03-listen/notes.c" "$mine/secret" >/dev/null
  pack
  [ "$status" -eq 0 ]
  [[ ${lines[0]} == "In anna.tar.gz:" ]]
  [[ ${lines[-1]} == "Next: give anna.tar.gz to your instructor." ]]
  diff <(tar -tzf anna.tar.gz) <(cd "$root/solutions" && printf '%s\n' */*.c | LC_ALL=C sort)
  mkdir out && tar -xzf anna.tar.gz -C out
  diff -r out "$root/solutions"
  [ "$(ls -A)" = $'anna.tar.gz\nout' ]
}

@test "the same files give the same bytes, whenever, wherever and under any umask" {
  pack
  mv anna.tar.gz one
  find "$mine" -name '*.c' -exec touch -d '2001-02-03' {} + -exec chmod 600 {} +
  mkdir "$top/other" && mv "$mine" "$top/other/labs"
  umask 077
  SUBMISSION=$top/other TZ=Asia/Tokyo pack
  [ "$status" -eq 0 ]
  cmp one anna.tar.gz
  # Both were written within a second, perhaps.
  run grep -v ' 0/0 .* 2000-01-01 00:00 ' < <(TZ=UTC tar -tvzf anna.tar.gz)
  [ -z "$output" ]
}

@test "it says what is still as delivered and what is not there" {
  "$root/tests/commands/skeleton" "$root/solutions/05-send-recv/send-recv.c" >"$mine/05-send-recv/send-recv.c"
  rm "$mine/08-timeouts/timeout-client.c"
  pack
  [ "$status" -eq 0 ]
  [[ $output == *$'without points:\n  05-send-recv/send-recv.c\nNot there, so not in it:\n  08-timeouts/timeout-client.c\n'* ]]
}

@test "LAB chooses, and the three layouts are found" {
  mkdir -p "$top/bare" "$top/clone"
  cp "$mine"/*/*.c "$top/bare/"
  mv "$mine" "$top/clone/labs"
  for SUBMISSION in "$top/bare" "$top/clone" "$top/clone/labs"; do
    LAB=03 pack
    [ "$status" -eq 0 ]
    [ "$(tar -tzf anna.tar.gz)" = 03-listen/listen.c ]
  done
}

@test "a NAME that is none is one clear line, exit 2, and nothing is written" {
  for name in '' . .x -x a/b ../x 'a b' 'a;b' $'a\nb' ü "$(printf 'x%.0s' {1..65})"; do
    NAME=$name pack
    echo "NAME='$name': $status $output"
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == *NAME=* ]]
    [ -z "$(ls -A)" ]
  done
  for name in _ a 7 "$(printf 'x%.0s' {1..64})" s01-alder_2.b; do
    NAME=$name LAB=03 pack
    [ "$status" -eq 0 ]
    [ -s "$name.tar.gz" ]
  done
}

@test "an unknown LAB or SUBMISSION is one line and exit 2" {
  for wrong in LAB=77 SUBMISSION="$top/none"; do
    run env "$wrong" "$root/tests/commands/hand-in"
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
  done
  [ -z "$(ls -A)" ]
}

@test "a link is not packed, and the archive from before stays" {
  pack
  cp anna.tar.gz before
  ln -sf /etc/passwd "$mine/03-listen/listen.c"
  pack
  [ "$status" -eq 1 ]
  [[ $output == *"03-listen/listen.c is a link: nothing was packed" ]]
  cmp before anna.tar.gz
  rm -r "$mine" && mkdir "$mine"
  pack
  [ "$status" -eq 1 ]
  [[ $output == "No program of these labs in "* ]]
  cmp before anna.tar.gz
  [ "$(ls -A)" = $'anna.tar.gz\nbefore' ]
}
