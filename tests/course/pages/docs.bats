#!/usr/bin/env bats
# What is written in two places is the same in both, and nothing is missing:
# skeletons, tables of tests, links, points, the files of each lab.
# shellcheck source=tests/common.bash

setup() {
  source "$BATS_TEST_DIRNAME/../../common.bash"
  cd "$root" || return
  wrong=()
}

# none: the test fails with what is wrong, one a line.
none() {
  ((${#wrong[@]} == 0)) && return
  printf '%s\n' "${wrong[@]}"
  return 1
}

@test "every lab has its files, and no other" {
  local lab path
  ((${#labs[@]} == 9))
  for lab in "${labs[@]}"; do
    local -a known=("labs/$lab/README.md" "tests/labs/$lab/"{test.bats,hints,scene,trace,mistakes,variants})
    while read -r path; do
      known+=("labs/$lab/$path.c" "solutions/$lab/$path.c")
    done < <(lab_programs "$lab")
    for path in "${known[@]}"; do
      [[ -s $path ]] || wrong+=("missing: $path")
    done
    for path in labs/"$lab"/* solutions/"$lab"/* tests/labs/"$lab"/*; do
      [[ $path != */hidden.bats ]] || continue
      [[ " ${known[*]} " == *" $path "* ]] || wrong+=("stray: $path")
    done
  done
  none
}

@test "the catalogue of mistakes has every mistake, under the row that its head names" {
  local patch row
  for patch in tests/labs/*/mistakes/*.patch; do
    row=$(sed -n -e '/^--- /q' -e 's/^mistake: .*(catalogue \(.*\))$/\1/p' "$patch")
    patch=${patch#tests/labs/} patch=${patch%.patch}
    patch=${patch%%-*}/${patch##*/}
    for row in ${row:-${patch%%/*}}; do printf '%s %s\n' "${row%,}" "$patch"; done
  done | sort >"$BATS_TMPDIR/heads.$$"
  diff "$BATS_TMPDIR/heads.$$" <(awk -F ' [|] |^[|] | [|]$' '/^[|] [A-Z0-9]+ [|]/ {
    n = split($NF == "" ? $(NF - 1) : $NF, names, ", ")
    if (names[1] !~ /^–/) for (i = 1; i <= n; i++) print $2, names[i] }' tests/labs/mistakes.md | sort) ||
    wrong+=("tests/labs/mistakes.md and the heads differ: < a head, > the table")
  rm "$BATS_TMPDIR/heads.$$"
  none
}

@test "no top-level file or folder but those of the design" {
  local path allowed=' LICENSE Makefile README.md labs solutions tests slides '
  allowed+='.ci .clang-format .clang-tidy .devcontainer .editorconfig .gitattributes .github .gitignore .build .git grades '
  while read -r path; do
    [[ $allowed == *" $path "* ]] || wrong+=("$path")
  done < <(ls -A)
  none
}

@test "the skeletons are what make skeletons writes" {
  local solution
  for solution in solutions/*/*.c; do
    diff <(tests/commands/skeleton "$solution") "labs/${solution#solutions/}" ||
      wrong+=("labs/${solution#solutions/}: run make skeletons")
  done
  none
}

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

@test "each handout's table of tests equals the tests" {
  local lab
  for lab in "${labs[@]}"; do
    diff <(tests/course/test-table "$lab") \
      <(sed -n '/^<!-- tests: /,/^<!-- \/tests/p' "labs/$lab/README.md" | sed '1d;$d') ||
      wrong+=("labs/$lab/README.md: run make skeletons")
  done
  none
}

@test "the table of attacks equals their heads, which say all that they must" {
  local page=tests/grader/attacks/README.md
  diff <(tests/course/test-table --attacks) \
    <(sed -n '/^<!-- attacks: /,/^<!-- \/attacks/p' "$page" | sed '1d;$d') || wrong+=("$page: run make skeletons")
  while IFS= read -r line; do wrong+=("$line"); done < <(tests/course/test-table --attacks | grep -E '\|  ?\|')
  (($(tests/course/test-table --attacks | wc -l) >= 47))
  none
}

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
        !code && !/^\|/ && !/\]\(/ && length($0) > 100 { print FILENAME ":" FNR ": " length($0) " columns" }'
  )
  none
}
