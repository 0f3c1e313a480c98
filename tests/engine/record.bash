# shellcheck shell=bash
# shellcheck disable=SC2154 # run, tests, valgrind and the descriptors are the judge's
# The record of a lab: what the tests say goes to record.jq, which writes it.

# start_record LAB SEED: jq takes a while to begin, so it does while the programs are built.
# It writes to $run/judged when the descriptor hearing is closed everywhere. With both ends
# open nobody waits for the other to open this fifo(7).
start_record() {
  local both
  mkfifo "$run/heard"
  exec {both}<>"$run/heard"
  jq -R -r -n --arg lab "$1" --argjson seed "$2" -f "$root/tests/engine/record.jq" \
    <"$run/heard" >"$run/judged" {both}>&- &
  recording=$!
  exec {hearing}>"$run/heard" {both}>&-
}

# write_record STATUS: one stream for jq: T the tests, O those left out, H the hidden ones,
# R bats' lines, E the evidence, S how bats ended (0 or 1). Then $run/record is the record;
# sets verdict, begin (the number of the failed test to begin with, or 0) and passed, the
# numbers of those that passed.
write_record() {
  local file heard=("$run/chosen" "$run/hidden") rows
  : >"$run/hidden"
  ((${#tests[@]} == 1)) || categories_of "${tests[1]}" >"$run/hidden"
  for file in "$run"/bats/?/{out,err} "$run"/?/evidence "$run"/??/evidence; do
    [[ ! -e $file ]] || heard+=("$file")
  done
  awk -F '\t' -v OFS='\t' -v status="$1" -v valgrind="$valgrind" '
    FILENAME ~ /\/chosen$/ && $3 ~ /valgrind: / && !valgrind { print "O", $3, "valgrind was switched off (VALGRIND=0)" }
    FNR <= 400 || FILENAME !~ /\/evidence$/ { print (FILENAME ~ /\/chosen$/ ? "T" : FILENAME ~ /\/hidden$/ ? "H" : FILENAME ~ /\/evidence$/ ? "E" : "R"), $0 }
    END { print "S", status }
  ' "${heard[@]}" |
    LC_ALL=C.UTF-8 sed 's/[^[:print:]\t]/?/g' >&"$hearing"
  exec {hearing}>&-
  wait "$recording"
  mapfile rows <"$run/judged"
  read -r verdict begin passed <<<"${rows[0]}"
  printf %s "${rows[@]:1}" >"$run/record"
}

# add_calls NUMBER: runs this test again, under strace, and
# adds the calls of the program that it failed about to the record. Not one that took
# long, nor a hidden one, nor where it failed at another place this time: under strace a
# program cannot be seen to stand (SIGSTOP).
add_calls() {
  local evidence=$run/$1.calls/evidence
  tests_of "${tests[0]}" | awk -F "\t" -v n="$1" '$1 == n { print $3 }' >"$run/bats/0.names"
  [[ -s $run/bats/0.names ]] || return 0
  jq -e --argjson n "$1" '.tests[] | select(.number == $n) | .verdict != "no-compile" and .ran != "" and .ms < 6000' \
    "$run/record" >/dev/null || return 0
  strace -qq -o /dev/null true 2>/dev/null || return 0
  mkdir "$run/bats/0"
  (KIT_CALLS=1 run_bats "$run/bats/0.names" "$run/bats/0") >/dev/null &
  wait "$!" || true
  [[ -e $evidence ]] || return 0
  jq --argjson n "$1" --rawfile said "$evidence" '
    [$said / "\n" | .[] | . / "\t" | {key: .[0], text: (.[1:] | join("\t"))}] as $lines
    | def of($key): [$lines[] | select(.key == $key) | .text];
    def without_numbers: gsub("[0-9]+"; "0");
    (.tests[] | select(.number == $n) |
      select((.expected | without_numbers) == (of("expected") | join("\n") | without_numbers)))
      |= (. + {calls: of("call"),
      seen: (of("seen") | join("\n")),
      warned: (of("warned") | join("\n")),
      maybe: (
        # So many bytes came, and are wrong from one on.
        ((.got | capture("\\((?<n>[0-9]+) bytes?\\)\\n *\\^ byte").n) // "")
        | if . == "0" then of("maybe") elif . == "8" then of("pointer") else [] end | join("\n"))})' \
    "$run/record" >"$run/called" && mv "$run/called" "$run/record"
}
