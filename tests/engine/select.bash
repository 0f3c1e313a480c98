# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # run, PROGRAMS, valgrind and runs are the judge's
# Which tests are run, and in which of several runs of Bats.

# choose_tests WORDS: $run/chosen is the tests that are meant, and those that they need:
# the first test of the same program ("PROGRAM: " in front), or the first of all. WORDS of
# several lines are the whole names of tests, one a line. Without WORDS it is all tests.
choose_tests() {
  [[ -n $1 ]] || return 0
  awk -F '\t' -v words="${1//\\/\\\\}" -v programs=" ${PROGRAMS[*]} " '
    function meant(name) {
      if (words ~ /\n/) return index("\n" words "\n", "\n" name "\n")
      return index(tolower(name), tolower(words))
    }
    function program(name,    p) {
      p = substr(name, 1, index(name, ": ") - 1)
      return index(programs, " " p " ") ? p : ""
    }
    { p = program($3); if (!(p in first)) first[p] = $3; name[NR] = $3; line[NR] = $0 }
    meant($3) { mean[$3]; mean[first[p]] }
    END { for (i = 1; i <= NR; i++) if (name[i] in mean) print line[i] }' "$run/tests" >"$run/chosen"
}

# leave_out_missing: prints those of the chosen tests whose program was handed in: the
# others need no run (not-run.bash). Sets absent, the programs that were not.
leave_out_missing() {
  local program row
  absent=()
  for program in "${PROGRAMS[@]}"; do [[ -e $run/src/$program.c ]] || absent+=("$program"); done
  while IFS= read -r row; do
    named_by "${row##*$'\t'}"
    [[ " ${absent[*]} " == *" $PROGRAM "* ]] || printf '%s\n' "$row"
  done <"$run/chosen"
}

# share_tests RECORD: shares the tests of $run/left between the runs of Bats: the names of
# run I are in $run/bats/I.names, in the order of the file. Each goes to the run that is
# free first, by the times in RECORD, an earlier record of this lab (else /dev/null); so
# none begins before those that stand before it, and one that needs a test of another run
# waits for it (outcome_of in kit.bash). Those with valgrind stay together in the last run,
# because the first of them starts valgrind; without valgrind Bats does not get them.
share_tests() {
  awk -F '\t' -v runs="$runs" -v valgrind="$valgrind" -v to="$run/bats/" -v last="$1" '
    FILENAME == last {
      if (/^ +"number": [0-9]+,$/) number = substr($0, index($0, ":") + 2) + 0
      if (/^ +"ms": [0-9]+$/) ms[number] = substr($0, index($0, ":") + 2) + 0
      next
    }
    $3 ~ /valgrind: / && !valgrind { next }
    { name[++n] = $3; number_of[n] = $1 }
    $3 ~ /valgrind: / { load[runs] += 200; part[n] = runs }
    END {
      for (i = 1; i <= n; i++) {
        if (!(i in part)) {
          part[i] = runs
          for (k = 1; k < runs; k++) if (load[k] < load[part[i]]) part[i] = k
          load[part[i]] += 20 + (number_of[i] in ms ? ms[number_of[i]] : 50)
        }
        print name[i] >(to part[i] ".names")
      }
    }' "$1" "$run/left"
}

# filter_of FILE: the names in FILE, one a line, as the regular expression for
# bats --filter that these names match, and no other.
filter_of() {
  sed -e 's/[][\\.*^$+?(){}|]/\\&/g' "$1" | paste -sd '|' | sed -e 's/^/^(/' -e 's/$/)$/'
}
