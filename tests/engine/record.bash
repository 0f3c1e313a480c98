# shellcheck shell=bash
# shellcheck disable=SC2154 # run, tests, valgrind and the descriptors are the judge's
# Writes the record of a lab: sends what the tests found to record.jq.

# start_record LAB SEED: starts jq while the programs are built, because jq starts slowly.
# jq writes $run/record-output when all processes have closed the descriptor record_fd. The shell
# opens the FIFO for reading and writing first, so that neither end blocks in open, fifo(7).
start_record() {
  local read_write_fd
  mkfifo "$run/record-input"
  exec {read_write_fd}<>"$run/record-input"
  jq -R -r -n --arg lab "$1" --argjson seed "$2" -f "$root/tests/engine/record.jq" \
    <"$run/record-input" >"$run/record-output" {read_write_fd}>&- &
  record_pid=$!
  exec {record_fd}>"$run/record-input" {read_write_fd}>&-
}

# record_lines STATUS FILE…: prints the lines that record.jq reads, from files that their
# names tell apart: chosen, hidden, evidence; each other FILE is TAP from Bats. The first
# field of a line is T for a chosen test, O for a test that is left out, H for a hidden
# test, R for a line from Bats, E for evidence, S for STATUS (0 or 1). With valgrind=0 the
# valgrind tests are left out. Steps beyond 400 lines are left out, too.
record_lines() {
  awk -F '\t' -v OFS='\t' -v status="$1" -v valgrind="$valgrind" '
    FILENAME ~ /\/chosen$/ && $3 ~ /valgrind: / && !valgrind { print "O", $3, "valgrind was switched off (VALGRIND=0)" }
    FNR <= 400 || $1 != "step" || FILENAME !~ /\/evidence$/ { print (FILENAME ~ /\/chosen$/ ? "T" : FILENAME ~ /\/hidden$/ ? "H" : FILENAME ~ /\/evidence$/ ? "E" : "R"), $0 }
    END { print "S", status }
  ' "${@:2}" |
    LC_ALL=C.UTF-8 sed 's/[^[:print:]\t]/?/g'
}

# write_record STATUS: sends jq the lines of this run. Then $run/record is the record. Sets
# verdict, begin (the number of the failed test to begin with, or 0) and rest (the numbers of
# the tests that passed or were not run).
write_record() {
  local file inputs=("$run/chosen" "$run/hidden") rows
  : >"$run/hidden"
  ((${#tests[@]} == 1)) || categories_of "${tests[1]}" >"$run/hidden"
  for file in "$run"/bats/?/{out,err} "$run"/?/evidence "$run"/??/evidence; do
    [[ ! -e $file ]] || inputs+=("$file")
  done
  record_lines "$1" "${inputs[@]}" >&"$record_fd"
  exec {record_fd}>&-
  wait "$record_pid"
  mapfile rows <"$run/record-output"
  read -r verdict begin rest <<<"${rows[0]}"
  printf %s "${rows[@]:1}" >"$run/record"
}

# run_again NUMBER…: runs these tests once more, under strace (kit/calls.bash): what was noted
# of each is in $run/NUMBER.calls. Returns 1 if it cannot: hidden tests, or no strace here.
run_again() {
  tests_of "${tests[0]}" | awk -F "\t" -v numbers=" $* " 'index(numbers, " " $1 " ")' >"$run/bats/0.tests"
  [[ -s $run/bats/0.tests ]] || return
  strace -qq -o /dev/null true 2>/dev/null || return
  mkdir "$run/bats/0"
  (KIT_CALLS=1 run_bats "$run/bats/0.tests" "$run/bats/0") >/dev/null &
  wait "$!" || true
}

# keep_pictures DIR: what was noted in one more run of the failed test to begin with is DIR/NUMBER;
# if no test failed, that of all chosen tests.
keep_pictures() {
  local number numbers=("$begin")
  ((begin)) || mapfile -t numbers < <(cut -f 1 "$run/chosen")
  mkdir "$1"
  run_again "${numbers[@]}" || return 0
  for number in "${numbers[@]}"; do
    [[ ! -e $run/$number.calls ]] || mv "$run/$number.calls" "$1/$number"
  done
}

# add_calls NUMBER: runs test NUMBER again, under strace, and adds the calls of the program
# that failed to the record, and with picture=1 its picture. It leaves out tests that took 6 s
# or more. It adds nothing if the test fails at another place this time, which strace can cause:
# under strace the kernel does not show that a program is stopped (SIGSTOP).
add_calls() {
  local evidence=$run/$1.calls/evidence about
  about=$(jq -e --argjson n "$1" '.tests[]
    | select(.number == $n and .verdict != "no-compile" and .ran != "" and .ms < 6000) | .run - 1' "$run/record") || return 0
  run_again "$1" || return 0
  [[ -e $evidence ]] || return 0
  : >"$run/picture"
  ((!picture)) || "$root/tests/commands/draw/picture" "$lab" "${evidence%/*}" "$(cut -f 3 "$run/bats/0.tests")" "$about" >"$run/picture" || true
  jq --argjson n "$1" --rawfile evidence "$evidence" --rawfile picture "$run/picture" '
    [$evidence / "\n" | .[] | . / "\t" | {key: .[0], text: (.[1:] | join("\t"))}] as $lines
    | def of($key): [$lines[] | select(.key == $key) | .text];
    def without_numbers: gsub("[0-9]+"; "0");
    (.tests[] | select(.number == $n) |
      select((.expected | without_numbers) == (of("expected") | join("\n") | without_numbers)))
      |= (. + if $picture == "" then {} else {picture: ($picture | rtrimstr("\n"))} end + {calls: of("call"),
      seen: (of("seen") | join("\n")),
      warned: (of("warned") | join("\n")),
      maybe: (
        # n is how many bytes came before the first wrong byte.
        ((.got | capture("\\((?<n>[0-9]+) bytes?\\)\\n *\\^ byte").n) // "")
        | if . == "0" then of("maybe") elif . == "8" then of("pointer") else [] end | join("\n"))})' \
    "$run/record" >"$run/called" && mv "$run/called" "$run/record"
}
