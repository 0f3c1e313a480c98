#!/usr/bin/env bats
# Mutation (mutate, mutants.awk): which mutants are made, and a few of them judged.
# All of them: make mutate.

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  cd "$root" || return
  unset LAB N SEED JOBS
}

# changes LINE…: what the rules make of these lines as a student's part.
changes() {
  { echo '/* BEGIN 1: some */' && printf '    %s\n' "$@" && echo '/* END 1: */'; } |
    awk -v file=f.c -f tests/course/mutants.awk | cut -f 4,5 | sed 's/\t */: /'
}

# made CHANGE…: each of these is among the lines of $output.
made() {
  local change
  for change in "$@"; do
    grep -qxF -- "$change" <<<"$output" || { echo "not made: $change" && echo "$output" && return 1; }
  done
}

@test "each kind of change is made where it can be" {
  output=$(changes 'if (listen(fd, 5) == -1 || n < size)' '    return -1;')
  made 'negate: if (!(listen(fd, 5) == -1 || n < size)) return -1;' \
    'ignore: if ((listen(fd, 5) == -1 || n < size) && 0) return -1;' \
    'swap: if (listen(5, fd) == -1 || n < size) return -1;' \
    'number: if (listen(fd, 6) == -1 || n < size) return -1;' \
    'less: if (listen(fd, 5) == -1 || n <= size) return -1;' \
    'or: if (listen(fd, 5) == -1 && n < size) return -1;'
  output=$(changes 'int n = send(fd, data, 0, MSG_NOSIGNAL);' 'port = htons(port);' 'warn("send");')
  made 'no call: int n = 0;' 'flag: int n = send(fd, data, 0, 0);' 'zero: int n = send(fd, data, 1, MSG_NOSIGNAL);' \
    'swap: int n = send(fd, 0, data, MSG_NOSIGNAL);' 'order: port = (port);' 'text: warn("?end");' 'drop: ;'
  output=$(changes 'do' '    n = recv(fd, data, 5, 0);' 'while (n == -1 && errno == EINTR);' 'while (n > 0) {')
  made 'once: while (0);' 'errno: while (n == -1 && errno == EAGAIN);' 'once: if (n > 0) {' 'more: while (n >= 0) {'
}

@test "a few mutants, as a seed chooses them: each is caught, or listed" {
  local seed=$((RANDOM % 97))
  echo "again: N=97 SEED=$seed tests/course/mutate"
  N=97 SEED=$seed run tests/course/mutate
  echo "$output"
  [ "$status" -eq 0 ]
  grep -qE '^[0-9][0-9]-' <<<"$output"
}

@test "each line of a lab's file equivalent has a reason, and is a mutant" {
  local lab
  # Lines without a reason, or of a mutant that is not made (any more).
  for lab in tests/labs/*-*/; do
    [[ -e $lab/equivalent ]] || continue
    awk -v lab="$(basename "$lab")" 'NR == FNR { made[$0]; next }
      !/  # ./ { print lab ": no reason: " $0 }
      { sub(/  # .*/, "") } !($0 in made) { print lab ": no such mutant: " $0 }' \
      <(tests/course/mutate --list "$(basename "$lab")" |
        awk -F '\t' '{ sub(/^ +/, "", $5); sub(/^ +/, "", $6); sub(/.*\//, "", $1); print $1 ": " $6 " => " $5 }') \
      "$lab/equivalent"
  done >"$BATS_TEST_TMPDIR/wrong"
  [ ! -s "$BATS_TEST_TMPDIR/wrong" ] || { cat "$BATS_TEST_TMPDIR/wrong" && false; }
}
