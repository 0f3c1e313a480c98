#!/usr/bin/env bats
# make similar: a copy with other names is at the head of the list, what the skeleton
# gives is like nobody's, and its words say no more than that two are alike.
# shellcheck disable=SC2016 # a name that looks like code

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
  top=$(mktemp -d)
  class="$top/the class"
  unset LAB N
  export SUBMISSIONS=$class
  for variant in nonblocking-poll stdio-in-write-out whole-lines-iovec; do
    mkdir -p "$class/$variant/05-send-recv"
    cp "$root/tests/labs/05-send-recv/variants/$variant/send-recv.c" "$class/$variant/05-send-recv/"
  done
}

teardown() { rm -rf "$top"; }

similar() {
  command -v sim_c >/dev/null || skip "no sim_c here (similarity-tester)"
  run "$root/tests/grader/similar"
  [[ $status -eq 0 ]] || { echo "$output" && return 1; }
}

@test "a copy with other names, comments and blanks comes first, far from the rest" {
  mkdir -p "$class/friend/labs/05-send-recv"
  sed -E 's/\b(pos|len|left|line|used|got)\b/my_\1/g; s/^ +/\t/; s|;$|; /* mine */|' \
    "$class/nonblocking-poll/05-send-recv/send-recv.c" >"$class/friend/labs/05-send-recv/send-recv.c"
  (cd "$class/friend" && tar -czf "$class/friend.tar.gz" labs && rm -r "$class/friend")
  LAB=05 similar
  [[ ${lines[1]} =~ ^\ *([0-9]+)%\ \ friend,\ nonblocking-poll$ ]]
  first=${BASH_REMATCH[1]}
  [[ ${lines[3]} =~ ^\ *([0-9]+)% ]]
  echo "$output"
  ((first >= 85 && BASH_REMATCH[1] <= 50))
  [[ $output == *"6 pairs; half of them"*"does not say why"* ]]
  run grep -i -E 'cheat|plagiar|copied|suspect|guilty' <<<"$output"
  [ "$status" -eq 1 ]
}

@test "skeletons as delivered are like nobody's; nothing to compare is no error" {
  rm -r "${class:?}"/*
  for name in one two; do cp -r "$root/labs" "$class/$name"; done
  similar
  [[ $output == *"no two submissions to compare"* ]]
}

@test "names that are commands, and wrong command lines" {
  mv "$class/nonblocking-poll" "$class/"$'\e[2J$(touch x)'
  LAB=05 similar
  [[ $output != *$'\e'* && $output == *'$(touch x)'* ]]
  for wrong in SUBMISSIONS= SUBMISSIONS=/nowhere N=0 LAB=77; do
    run env "$wrong" "$root/tests/grader/similar"
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
  done
}

@test "where there is no sim_c it is named, with its package" {
  mkdir "$top/bin"
  ln -s /usr/bin/* "$top/bin/"
  rm -f "$top/bin/sim_c"
  PATH=$top/bin run "$root/tests/grader/similar"
  [ "$status" -eq 3 ]
  [ "${#lines[@]}" -eq 1 ]
  [[ $output == *sim_c*similarity-tester*"make setup similar"* ]]
}
