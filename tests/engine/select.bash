# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # run, PROGRAMS, valgrind and runs are the judge's
# Chooses the tests to run, and shares them between lanes that run at the same time.

# choose_tests WORDS: writes the tests that match WORDS to $run/chosen, and the tests that
# they need: the first test of the same program ("PROGRAM: " in front), or of the lab. If
# WORDS has several lines, each line is the whole name of a test. Empty WORDS leaves all
# tests chosen.
choose_tests() {
  [[ -n $1 ]] || return 0
  awk -F '\t' -v words="${1//\\/\\\\}" -v programs=" ${PROGRAMS[*]} " '
    function matches(name) {
      if (words ~ /\n/) return index("\n" words "\n", "\n" name "\n")
      return index(tolower(name), tolower(words))
    }
    function program(name,    p) {
      p = substr(name, 1, index(name, ": ") - 1)
      return index(programs, " " p " ") ? p : ""
    }
    { p = program($3); if (!(p in first)) first[p] = $3; name[NR] = $3; line[NR] = $0 }
    matches($3) { chosen[$3]; chosen[first[p]] }
    END { for (i = 1; i <= NR; i++) if (name[i] in chosen) print line[i] }' "$run/tests" >"$run/chosen"
}

# leave_out_lost: prints the chosen tests that Bats runs: those whose program was built (the others
# need no run, not-run.bash), with --no-valgrind only those that need no valgrind. Sets lost to the
# programs that were not handed in or did not compile.
leave_out_lost() {
  local program row
  lost=()
  for program in "${PROGRAMS[@]}"; do is_built "$program" || lost+=("$program"); done
  while IFS= read -r row; do
    [[ $row != *'valgrind: '* || $valgrind -eq 1 ]] || continue
    set_program_of "${row##*$'\t'}"
    [[ " ${lost[*]} " == *" $PROGRAM "* ]] || printf '%s\n' "$row"
  done <"$run/chosen"
}

# share_tests RECORD: shares the tests of $run/left between lanes (kit/fast-bats.bash): the file
# $run/lanes/I has the lines of lane I, counted from 1, in the order of the lab file. A test goes
# to the lane that is free first, by the times in RECORD, an earlier record of this lab (or
# /dev/null). So tests start in the order of the file. A test that needs a test of another lane
# waits for it (_wait_for_outcome in kit.bash). The failed test to begin with in RECORD runs as
# soon as the first test of its program has passed: no other test of its lane stands before it.
# All valgrind tests stay in the last lane, because the first of them starts valgrind.
share_tests() {
  mkdir "$run/lanes"
  awk -F '\t' -v runs="$runs" -v to="$run/lanes/" -v last="$1" '
    FILENAME == last {
      if (/^ +"number": [0-9]+,$/) number = substr($0, index($0, ":") + 2) + 0
      if (/^ +"begin": [0-9]+,?$/) begin = substr($0, index($0, ":") + 2) + 0
      if (/^ +"ms": [0-9]+$/) ms[number] = substr($0, index($0, ":") + 2) + 0
      next
    }
    { number_of[++n] = $1; if ($1 == begin) failed = n }
    $3 ~ /valgrind: / { load[runs] += 200; part[n] = runs }
    END {
      if (failed && !(failed in part)) part[failed] = 1
      for (i = 1; i <= n; i++) {
        if (!(i in part)) {
          for (k = 1; k <= runs; k++) {
            if (k == part[failed] && 1 < i && i < failed) continue
            if (!part[i] || load[k] < load[part[i]]) part[i] = k
          }
          load[part[i]] += 20 + (number_of[i] in ms ? ms[number_of[i]] : 50)
        }
        print i >(to part[i])
      }
    }' "$1" "$run/left"
}

# filter_of FILE: prints a regular expression for bats --filter that matches exactly the
# tests in FILE, lines as tests_of prints them.
filter_of() {
  awk -F '\t' '{ gsub(/[][\\.*^$+?(){}|]/, "\\\\&", $3); printf "%s%s", NR == 1 ? "^(" : "|", $3 } END { print ")$" }' "$1"
}
