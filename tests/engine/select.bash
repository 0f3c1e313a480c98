# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # run, PROGRAMS, valgrind and runs are the judge's
# Chooses the tests to run, and shares them between several Bats processes.

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

# leave_out_lost: prints the chosen tests whose program was built. The other tests need no run
# (not-run.bash). Sets lost to the programs that were not handed in or did not compile.
leave_out_lost() {
  local program row
  lost=()
  for program in "${PROGRAMS[@]}"; do is_built "$program" || lost+=("$program"); done
  while IFS= read -r row; do
    set_program_of "${row##*$'\t'}"
    [[ " ${lost[*]} " == *" $PROGRAM "* ]] || printf '%s\n' "$row"
  done <"$run/chosen"
}

# share_tests RECORD: shares the tests of $run/left between the Bats processes: the names
# for process I are in $run/bats/I.names, in the order of the file. A test goes to the
# process that is free first, by the times in RECORD, an earlier record of this lab (or
# /dev/null). So tests start in the order of the file. A test that needs a test of another
# process waits for it (outcome_of in kit.bash). The failed test to begin with in RECORD runs
# as soon as the first test of its program has passed: no other test of its process stands
# before it. (With one process it keeps its place.) All valgrind tests stay in the last
# process, because the first of them starts valgrind. With --no-valgrind no process gets
# them.
share_tests() {
  awk -F '\t' -v runs="$runs" -v valgrind="$valgrind" -v to="$run/bats/" -v last="$1" '
    FILENAME == last {
      if (/^ +"number": [0-9]+,$/) number = substr($0, index($0, ":") + 2) + 0
      if (/^ +"begin": [0-9]+,?$/) begin = substr($0, index($0, ":") + 2) + 0
      if (/^ +"ms": [0-9]+$/) ms[number] = substr($0, index($0, ":") + 2) + 0
      next
    }
    $3 ~ /valgrind: / && !valgrind { next }
    { name[++n] = $3; number_of[n] = $1; if ($1 == begin) failed = n }
    $3 ~ /valgrind: / { load[runs] += 200; part[n] = runs }
    END {
      if (failed && !(failed in part)) part[failed] = 1
      for (i = 1; i <= n; i++) {
        if (!(i in part)) {
          for (k = 1; k <= runs; k++) {
            if (k == part[failed] && 1 < i && i < failed && runs > 1) continue
            if (!part[i] || load[k] < load[part[i]]) part[i] = k
          }
          load[part[i]] += 20 + (number_of[i] in ms ? ms[number_of[i]] : 50)
        }
        print name[i] >(to part[i] ".names")
      }
    }' "$1" "$run/left"
}

# filter_of FILE: prints a regular expression for bats --filter that matches exactly the
# names in FILE, one a line.
filter_of() {
  sed -e 's/[][\\.*^$+?(){}|]/\\&/g' "$1" | paste -sd '|' | sed -e 's/^/^(/' -e 's/$/)$/'
}
