#!/usr/bin/env bats
# Checks that facts in two places agree and that nothing is missing: skeletons, tables of
# tests, links, points, the files of each lab.
# shellcheck source=tests/common.bash

setup() {
  source "$BATS_TEST_DIRNAME/../../common.bash"
  cd "$root" || return
  # LAB chooses the labs that the tests with the tag "lab" look at.
  all_labs=("${labs[@]}")
  mapfile -t labs < <(lab_names "${LAB:-}")
  wrong=()
}

# none: the test fails with what is wrong, one a line.
none() {
  ((${#wrong[@]} == 0)) && return
  printf '%s\n' "${wrong[@]}"
  return 1
}

# bats test_tags=lab
@test "every lab has its files, and no other" {
  local lab path
  # The same labs in all four places.
  for path in labs/*/ solutions/*/ slides/[0-9]*.md tests/labs/*/; do
    path=${path%/} path=${path##*/} path=${path%.md}
    [[ " 00-overview ${all_labs[*]} " == *" $path "* ]] || wrong+=("$path has no tests/labs/$path/test.bats")
  done
  for lab in "${labs[@]}"; do
    local -a known=("labs/$lab/README.md" "slides/$lab.md" "tests/labs/$lab/"{test.bats,hints,scene,trace,right,mistakes,variants})
    while read -r path; do
      known+=("labs/$lab/$path.c" "solutions/$lab/$path.c")
    done < <(lab_programs "$lab")
    for path in "${known[@]}"; do
      [[ -s $path ]] || wrong+=("missing: $path")
    done
    for path in labs/"$lab"/* solutions/"$lab"/* tests/labs/"$lab"/*; do
      # Not every lab has these.
      [[ $path != */hidden.bats && $path != */equivalent ]] || continue
      [[ " ${known[*]} " == *" $path "* ]] || wrong+=("stray: $path")
    done
  done
  none
}

# bats test_tags=lab
@test "a known mistake loses points at every test" {
  local lab name named
  for lab in "${labs[@]}"; do
    named=$(sed -n 's/^caught by: //p; s/^also: //p' "tests/labs/$lab/mistakes"/*.patch)
    while IFS=$'\t' read -r _ _ name; do
      # The same in each lab, and a new one begins with them.
      [[ $name != *'compiles without a warning' && $name != *'valgrind: '* ]] || continue
      [[ $'\n'$named$'\n' == *$'\n'"$name"$'\n'* ]] || wrong+=("$lab: $name: which mistake is this test for?")
    done < <(tests_of "tests/labs/$lab/test.bats")
  done
  none
}

@test "no top-level file or folder but those of the design" {
  local path allowed=' LICENSE Makefile README.md labs solutions tests slides '
  allowed+='.ci .clang-format .clang-tidy .devcontainer .editorconfig .gitattributes .github .gitignore .vscode .build .git grades '
  while read -r path; do
    [[ $allowed == *" $path "* ]] || wrong+=("$path")
  done < <(ls -A)
  none
}

# bats test_tags=lab
@test "the skeletons are what make skeletons writes" {
  local lab solution
  for lab in "${labs[@]}"; do
    for solution in "solutions/$lab"/*.c; do
      diff <(tests/commands/skeleton "$solution") "labs/${solution#solutions/}" ||
        wrong+=("labs/${solution#solutions/}: run make skeletons")
    done
  done
  none
}

# bats test_tags=lab
@test "the TODOs of a skeleton have their numbers in its handout" {
  local lab skeleton n
  for lab in "${labs[@]}"; do
    for skeleton in labs/"$lab"/*.c; do
      while read -r n; do
        grep -qE "TODO ${n}\b" "labs/$lab/README.md" || wrong+=("$skeleton: TODO $n is not in its handout")
      done < <(grep -oE '/\* TODO [0-9]+' "$skeleton" | grep -oE '[0-9]+')
    done
  done
  none
}

# bats test_tags=lab
@test "the tables are what make skeletons writes" {
  tests/course/tables --check
}

@test "the heads of the attacks say all that they must" {
  while IFS= read -r line; do wrong+=("$line"); done < <(tests/course/tables --attacks | grep -E '\|  ?\|')
  (($(tests/course/tables --attacks | wc -l) >= 47))
  none
}

# bats test_tags=lab
@test "each lab has 100 tenths, each test its points, its help and a name of its own" {
  local lab file
  for lab in "${labs[@]}"; do
    file=tests/labs/$lab/test.bats
    [[ $(tests_of "$file" | awk -F '\t' '{ n += $2 } END { print n }') == 100 ]] || wrong+=("$file: not 100 tenths")
    [[ -z $(tests_of "$file" | cut -f 3 | sort | uniq -d) ]] || wrong+=("$file: a name comes twice")
    [[ -z $(tests_of "$file" | awk -F '\t' '$2 < 1 || $3 ~ /["#\\$`]/') ]] || wrong+=("$file: no points, or a character that TAP cannot carry")
    [[ $(grep -c '^@test ' "$file") == $(tests_of "$file" | wc -l) ]] || wrong+=("$file: a test is not seen by its table")
    [[ -z $(awk '/^@test / { getline line; if (line !~ /^  help "/) print line }' "$file") ]] || wrong+=("$file: help is not the first line of every test")
  done
  none
}

@test "the README's transcripts are what comes today" {
  tests/course/commands/transcripts --check
}

@test "links in Markdown resolve" {
  local page link target anchor
  while IFS= read -r page; do
    while IFS= read -r link; do
      case $link in http://* | https://* | mailto:*) continue ;; esac
      target=${link%%#*} anchor=${link#*#}
      [[ $link == *'#'* ]] || anchor=
      target=${target:+$(dirname "$page")/$target}
      target=${target:-$page}
      if [[ ! -e $target ]]; then
        wrong+=("$page: $link")
      elif [[ -n $anchor ]] && ! sed -n 's/^##* //p' "$target" | tr '[:upper:] ' '[:lower:]-' |
        tr -cd 'a-z0-9_\n-' | grep -qxF -- "$anchor"; then
        wrong+=("$page: $link: no such heading")
      fi
    done < <(awk '/^```/ { code = !code } !code' "$page" | grep -oE '\]\([^) ]+\)' | sed 's/^](//; s/)$//')
  done < <(find . -name '*.md' -not -path './.build/*' -not -path './grades/*' -not -path '*/node_modules/*')
  none
}

# shellcheck disable=SC2016 # awk's own $0
@test "no page is wider than 100 columns, but for tables, links and code" {
  while IFS= read -r line; do wrong+=("$line"); done < <(
    find . -name '*.md' -not -path './.build/*' -not -path './grades/*' -not -path '*/node_modules/*' -print0 |
      xargs -0 awk 'FNR == 1 { code = 0 } /^```/ { code = !code }
        !code && !/^ *\|/ && !/\]\(/ && length($0) > 100 { print FILENAME ":" FNR ": " length($0) " columns" }'
  )
  none
}
