# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # PROGRAMS, run, working and valgrind are the judge's
# Tests that need no run: all of a program that was not handed in, that did not compile,
# or whose first test failed. bats would take 0.05 to 0.1 s for each of them, to skip it.
# Sourced by tests/engine/judge, after build.bash and explain.bash.

# named_by NAME: PROGRAM is the program that the test NAME is about, and PREFIX what
# stands before the names of its tests; as help in kit.bash has it.
named_by() {
  local name
  PROGRAM=${PROGRAMS[0]} PREFIX=''
  for name in "${PROGRAMS[@]}"; do
    [[ $1 != "$name: "* ]] || PROGRAM=$name PREFIX="$name: "
  done
}

# is_lost PROGRAM: it cannot be tested: it is not there, was not built, or its first
# test has failed, and said what it expected.
is_lost() {
  local n name outcome told
  [[ -e $KIT_SOURCE/$1.c ]] || return 0
  [[ ! -e $run/built ]] || is_built "$1" || return 0
  while IFS=$'\t' read -r n _ name; do
    named_by "$name"
    [[ $PROGRAM != "$1" ]] || break
  done <"$run/tests"
  while IFS=$'\t' read -r outcome told; do
    [[ $told != "$name" || $outcome != fail ]] || ! grep -q '^expected' "$run/$n/evidence" || return 0
  done <"$run/outcomes"
  return 1
}

# are_lost: whether all programs of the lab are. For make leaks (KIT_LEAKS) none is: it
# looks at a program that fails its first test, too.
are_lost() {
  local program
  [[ -z ${KIT_LEAKS:-} ]] || return
  for program in "${PROGRAMS[@]}"; do is_lost "$program" || return; done
}

# end_bats_if_lost: ends bats when all programs of the lab are lost.
end_bats_if_lost() { ! are_lost || kill -TERM "${working[@]:1}" 2>/dev/null || true; }

# watch_tests: in the background, reads the news of the tests, a line each, until the judge
# has closed its end of them: "lost", a first test has failed, and "room", there is no room
# left to write. It is no trap of the judge's: bash can forget a child that ends while a
# trap interrupts wait, and then waits for it for ever.
watch_tests() {
  local news
  while read -r news; do
    case $news in
      lost) end_bats_if_lost ;;
      room) kill -TERM "${working[@]:1}" 2>/dev/null || true ;;
    esac
  done
}

# answer_tests PROGRAM…: writes what Bats would find of the chosen tests of these
# programs, which are lost: the first fails, the others are not run. Its lines go to
# run/bats/n/out; a first test that was run keeps its evidence. What a test says of itself
# is the first line of it in the lab file, help.
# shellcheck disable=SC2317,SC2329 # the lab file's lines call help
answer_tests() (
  declare -A first=() failed=()
  lines=()
  help() {
    evidence hint "$1"
    evidence man "$2"
  }
  mapfile -t help_of < <(awk '/^@test "/ { getline; print }' "${tests[@]}")
  while IFS=$'\t' read -r outcome name; do
    [[ $outcome != fail ]] || failed[$name]=1
  done <"$run/outcomes"
  chosen=$(<"$run/chosen")
  while IFS=$'\t' read -r n points name; do
    named_by "$name"
    [[ -n ${first[$PROGRAM$PREFIX]:-} ]] || first[$PROGRAM$PREFIX]=$name
    [[ " $* " == *" $PROGRAM "* && $'\n'$chosen$'\n' == *$'\n'$n$'\t'$points$'\t'$name$'\n'* ]] || continue
    [[ $name != *'valgrind: '* || $valgrind -eq 1 ]] || continue
    EVIDENCE=$run/$n/evidence P=-1 PIDS=() WATCHED=()
    if [[ -z ${failed[$name]:-} ]]; then
      printf 'name\t%s\n' "$name" >"$EVIDENCE"
      [[ ${help_of[n - 1]} != '  help '* ]] || eval "${help_of[n - 1]}"
      evidence ms 0
    fi
    if [[ $name == "${first[$PROGRAM$PREFIX]}" ]]; then
      [[ -n ${failed[$name]:-} ]] || compiled "$PROGRAM" || printf 'fail\t%s\n' "$name" >>"$run/outcomes"
      lines+=("not ok $n $name")
    else
      printf 'skip\t%s\n' "$name" >>"$run/outcomes"
      lines+=("ok $n $name # skip not run: needs \"${first[$PROGRAM$PREFIX]}\"")
    fi
  done <"$run/tests"
  mkdir -p "$run/bats/n"
  printf '%s\n' "1..${#lines[@]}" "${lines[@]}" >"$run/bats/n/out"
)
