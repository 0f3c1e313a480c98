#!/usr/bin/env bats
# The sample class: what make grade does without SUBMISSIONS, with the real engine.

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
  list=$root/tests/grader/sample-class/class.tsv
  top=$(mktemp -d)
  unset SUBMISSIONS LAB JOBS SEED SKIP FRESH ROSTER HOSTS CONFINE
  export OUT="$top/the marks"
}

teardown() { rm -rf "$top"; }

# words FIELD: that column of the list, a line each; from 3 on all the labs' words.
words() { grep -v '^#' "$list" | cut -f "$1" | tr '\t' '\n'; }

@test "the list has eight submissions or more, every form, right and wrong ones" {
  [ "$(words 1 | sort -u | wc -l)" -ge 8 ]
  [ "$(words 1 | sort -u | wc -l)" -eq "$(words 1 | wc -l)" ]
  for form in folder labs bare zip tar.gz; do words 2 | grep -qx "$form"; done
  for word in solution skeleton missing no-compile 'mistake:.*'; do words 3- | grep -qx "$word"; done
}

@test "a word, a form or a name that does not exist in the list is an error" {
  # One word less than there are labs.
  labs=$(find "$root/tests/labs" -name test.bats | sed '1d; s/.*/solution/' | paste -s)
  for line in "x	zip" "x	zip	$labs	what" "x	zip	$labs	mistake:no-such" "x	odd	$labs	solution" \
    "x	zip	$labs	variant:no-such"; do
    echo "$line" >"$top/list"
    run "$root/tests/grader/sample-class/make" "$top/class" "$top/list"
    [ "$status" -eq 1 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == "sample-class: x: "* ]]
    rm -rf "$top/class"
  done
}

# marks_of FILE: the gradebook FILE, of the labs in LAB, with the total of these.
marks_of() {
  awk -F, -v OFS=, -v labs=" $LAB " '
    NR == 1 { for (i = 2; i < NF; i++) chosen[i] = index(labs, " " $i " ") }
    { line = $1; sum = 0 }
    { for (i = 2; i < NF; i++) if (chosen[i]) { line = line OFS $i; sum += $i } }
    { print line, (NR == 1 ? $NF : sprintf("%.1f", sum)) }' "$1"
}

@test "the sample class has exactly its expected gradebook, and valid results" {
  cd "$root"
  # As far as this machine can: what becomes of it where it cannot, see confine.bats.
  for CONFINE in full weaker none; do
    export CONFINE
    ! tests/sandbox/confine prove >/dev/null 2>&1 || break
  done
  # The labs that the sample class has handed in, or those whose turn it is.
  LAB=$(head -n 1 tests/grader/sample-class/expected.csv | tr ',' '\n' | grep '^[0-9]' |
    bash -c 'source tests/common.bash && in_turn' | paste -sd ' ')
  export LAB
  run tests/grader/grade
  echo "$output"
  [ "$status" -eq 0 ]
  diff <(marks_of tests/grader/sample-class/expected.csv) "$OUT/gradebook.csv"
  tests/course/grader/valid-json tests/grader/class/result.schema.json "$OUT"/*/result.json
  run grep '.\{81\}' <<<"${output%%Gradebook:*}"
  [ "$status" -eq 1 ]
}
