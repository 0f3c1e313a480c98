# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # PROGRAMS, run, bats_pid and valgrind are the judge's
# Answers tests without running them. A program is lost if it was not handed in, did not
# compile or failed its first test. No other test of a lost program is run: Bats would take
# 0.05 to 0.1 s to skip each. tests/engine/judge sources this file, after build.bash and
# explain.bash.

# is_lost PROGRAM: succeeds if PROGRAM is missing, was not built, or has failed its first
# test with a message that says what the test expected.
is_lost() {
  local n name outcome outcome_name
  is_built "$1" || return 0
  while IFS=$'\t' read -r n _ name; do
    set_program_of "$name"
    [[ $PROGRAM != "$1" ]] || break
  done <"$run/tests"
  while IFS=$'\t' read -r outcome outcome_name; do
    [[ $outcome_name != "$name" || $outcome != fail ]] || ! grep -q '^expected' "$run/$n/evidence" || return 0
  done <"$run/outcomes"
  return 1
}

# all_lost: succeeds if all programs of the lab are lost. With KIT_LEAKS it always fails:
# make leaks also examines a program that fails its first test.
all_lost() {
  local program
  [[ -z ${KIT_LEAKS:-} ]] || return
  for program in "${PROGRAMS[@]}"; do is_lost "$program" || return; done
}

# end_bats: ends Bats, if it still runs.
end_bats() { signal_tool "$bats_pid" launch; }

# watch_tests: ends Bats if all programs are lost, or if the disk is full: reads from the tests how
# the first test of a program ended, or "room"; in the background, until the judge closes the FIFO.
# Why not a trap in the judge: if a trap interrupts wait, bash can miss a child that ends at that
# moment, and then waits for ever.
watch_tests() {
  local news
  while read -r news; do
    if [[ $news == room ]] || all_lost; then end_bats; fi
  done
}

# answer_tests PROGRAM…: writes the TAP that Bats would write for the chosen tests of these
# lost programs: the first test fails, the others are not run. The TAP goes to
# run/bats/n/out. If Bats ran the first test, its evidence is kept. The hint and the manual
# page come from the first line of each test in the lab file, help.
# shellcheck disable=SC2317,SC2329 # the lab file's lines call help
answer_tests() (
  declare -A first=() failed=()
  lines=()
  help() {
    add_evidence hint "$1"
    add_evidence man "$2"
  }
  mapfile -t help_of < <(awk '/^@test "/ { getline; print }' "${tests[@]}")
  while IFS=$'\t' read -r outcome name; do
    [[ $outcome != fail ]] || failed[$name]=1
  done <"$run/outcomes"
  chosen=$(<"$run/chosen")
  while IFS=$'\t' read -r n points name; do
    set_program_of "$name"
    [[ -n ${first[$PROGRAM$PREFIX]:-} ]] || first[$PROGRAM$PREFIX]=$name
    [[ " $* " == *" $PROGRAM "* && $'\n'$chosen$'\n' == *$'\n'$n$'\t'$points$'\t'$name$'\n'* ]] || continue
    [[ $name != *'valgrind: '* || $valgrind -eq 1 ]] || continue
    EVIDENCE=$run/$n/evidence PROGRAM_NUMBER=-1 PIDS=() WATCHED=()
    if [[ -z ${failed[$name]:-} ]]; then
      printf 'name\t%s\n' "$name" >"$EVIDENCE"
      [[ ${help_of[n - 1]} != '  help '* ]] || eval "${help_of[n - 1]}"
      add_evidence ms 0
    fi
    if [[ $name == "${first[$PROGRAM$PREFIX]}" ]]; then
      [[ -n ${failed[$name]:-} ]] || assert_compiled "$PROGRAM" || printf 'fail\t%s\n' "$name" >>"$run/outcomes"
      lines+=("not ok $n $name")
    else
      printf 'skip\t%s\n' "$name" >>"$run/outcomes"
      lines+=("ok $n $name # skip not run: needs \"${first[$PROGRAM$PREFIX]}\"")
    fi
  done <"$run/tests"
  mkdir -p "$run/bats/n"
  printf '%s\n' "1..${#lines[@]}" "${lines[@]}" >"$run/bats/n/out"
)
