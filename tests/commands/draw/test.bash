# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what it sets and uses is trace's
# One test of a lab for make trace: what the peer did, the wire, the program's calls, and what
# was expected and did not come.

# prepare_test: judging is what the judge is called with, NAME the test to be drawn.
prepare_test() {
  local seed
  seed=$(known_seed "${SEED:-$(last_seed "$lab")}") || exit
  export CONFINE=none
  judging=(--lab "$lab" --submission "$submission" --out "$work/judged" --seed "$seed")
  choose_test "$TEST"
}

# choose_test WORDS: NAME is the test with WORDS in its name. Of several the one that fails:
# they are judged first. Exit 2 when there is none, or when it is not clear which is meant.
choose_test() {
  local words=${1,,} name names=() failing=()
  while IFS=$'\t' read -r _ _ name; do
    if [[ $name == "$1" ]]; then
      NAME=$name
      return
    fi
    [[ ${name,,} != *"$words"* ]] || names+=("$name")
  done < <(tests_of "$root/tests/labs/$lab/test.bats")
  ((${#names[@]})) || die_usage "No test of lab $lab has \"$(visible "$1")\" in its name. Its tests: make check LAB=$(lab_of "$lab")"
  if ((${#names[@]} > 1)); then
    "$root/tests/engine/judge" "${judging[@]}" --test "$(printf '%s\n' "${names[@]}")" >"$work/said" 2>&1 || cannot_judge
    mapfile -t failing < <(jq -r '.tests[] | select(.verdict | IN("pass", "skip", "not-run") | not).name' "$work/judged/$lab.json")
    case ${#failing[@]} in
      0) die_usage "Which one shall be drawn? All these tests pass:" "${names[@]/#/  }" ;;
      1) names=("${failing[0]}") ;;
      *) die_usage "Which one shall be drawn? These tests fail:" "${failing[@]/#/  }" ;;
    esac
  fi
  NAME=${names[0]}
}

# cannot_judge: exit 3, with what the judge said.
cannot_judge() {
  tell "The test could not be judged: $(visible "$(head -c 300 "$work/said")")" >&2
  exit 3
}

# play_test: runs the test NAME, and once more under strace, with what is seen in $work/scene.
# Returns 4 when the capture did not begin.
play_test() {
  local drop=() code=0
  # The namespace's privileges are for the capture, not for the programs.
  [[ $net == shared || $EUID -eq 0 ]] || drop=(setpriv --ambient-caps=-all --inh-caps=-all)
  watched 300 '' "${drop[@]}" "$root/tests/engine/judge" "${judging[@]}" --test "$NAME"$'\n' --pictures "$seen/tests" || code=$?
  ((code != 4)) || return 4
  cat "$work/all/err" "$work/all/out" >"$work/said"
  ((code == 0)) || cannot_judge
}

# of_test KEY: that of the test which is drawn, from the record: the one that failed, if there
# is one.
of_test() {
  jq -r --arg key "$1" --arg name "$NAME" '
    .begin as $begin | .tests[] | select(if $begin == 0 then .name == $name else .number == $begin end)[$key]
  ' "$work/judged/$lab.json"
}

# read_test: sets what is to be known of the test before it is drawn. Exit 1, after saying so,
# when there is nothing to draw.
read_test() {
  local name
  cast=/dev/null
  [[ $calls == yes ]] || return 0
  noted=$seen/tests/$(of_test number)
  name=$(of_test name) verdict=$(of_test verdict)
  case $verdict in
    skip | missing | no-compile) nothing_to_draw "$(of_test got)" ;;
    not-run) nothing_to_draw "It was $(of_test got)" ;;
  esac
  [[ $name == "$NAME" ]] || notes+=("\"$NAME\" needs this test.")
  NAME=$name
  find_run $(($(of_test run) - 1)) || nothing_to_draw "It runs no program of this lab by itself, but looks at what other tests left."
  ((${#files[@]})) || notes+=("The calls are missing: the test runs the program under valgrind.")
  cast=$seen/cast
  printf '%s\t%s\n' "$lane" "$program" >"$cast"
  [[ ! -s $work/stated ]] || printf '%s\tthe test\n' "$other" >>"$cast"
  if [[ $lane == C ]]; then client=$program server='the test'; else client='the test' server=$program; fi
  if [[ $(of_test ran) == *"ip link set lo up"* && $capture == yes ]]; then
    capture=no
    notes+=("The wire is missing: the program has a network of its own in this test.")
  fi
}

# nothing_to_draw WHY: says so, and exits.
nothing_to_draw() {
  tell "Nothing to draw of \"$NAME\": $(visible "$1")" >&2
  next "make check LAB=$(lab_of "$lab")$whose TEST=$(quoted "$NAME")" >&2
  exit 1
}

# test_calls: what happened, up to what was expected and did not come.
test_calls() {
  run_calls
  cat "$work/run"
  missed "${failed:-$(tail -n 1 "$work/run" | cut -f 1)}"
}

# missed TIME: lines of the picture that say what was expected and did not come, by then.
missed() {
  local key text addr port
  [[ $verdict != pass ]] || return 0
  read -r addr port < <(of_test ran | sed -nE 's/.* (127(\.[0-9]+){3}) ([0-9]*).*/\1 \3/p') || true
  for key in expected got; do
    of_test "$key" | sed -E "s/$addr:$port\>/ADDR:PORT/g; s/${addr:-^$}/ADDR/g; s/server-[0-9]+\.sock/server.sock/g" | while IFS= read -r text; do
      printf '%s\t%s\tW\t-\t%s\t%s\t\n' "$1" "$1" "$key" "$text"
    done
  done
}

# test_wire: the segments to and from PORT, from the first call or statement on to the moment in
# which the test failed; those that only say that bytes have come are left out, and those of other
# programs that the test runs at the same time, at the same port of other addresses.
test_wire() {
  local addr port others
  read -r addr port _ < <(of_run at) || true
  others=$(awk -F '\t' -v ours="$addr" '$1 == "at" && split($2, at, " ") > 1 && at[1] != ours { print " " at[1] "." at[2] " "; print " " at[1] "." at[2] ":" }' "$noted/evidence")
  awk -v from="$(head -n 1 "$work/calls" | cut -f 1)" -v failed="${failed:-9e9}" '$1 >= from && $1 <= failed + 0' "$seen/wire" |
    awk -v end="[.]${port}[: ]" '!/: Flags|: UDP/ || $0 ~ end' | grep -vF -e "${others:-nobody}" | awk -f "$draw/wire.awk" | grep -v $'\tACK\t' || true
}

# test_head: above the picture, what was run, and of how many runs it is.
test_head() {
  local text
  tell "$NAME"
  { of_run ran && of_run with; } | while IFS= read -r text; do tell "  $(visible "$text")"; done
  (($(of_test runs) == 1)) || tell "  (run $(of_test run) of $(of_test runs) in this test)"
}

# leave_out: of a long picture the beginning, what is about the mark, and the end are enough.
leave_out() {
  awk -F '\t' -v OFS='\t' -v mark="$mark" '
    { line[NR] = $0; at[NR] = $1 }
    mark != "" && $4 == mark && !marked { marked = NR }
    function stays(i) { return i <= 25 || i > NR - 25 || marked && i > marked - 20 && i < marked + 25 }
    END {
      for (i = 1; i <= NR; i++) {
        if (NR < 90 || stays(i)) { print line[i]; continue }
        for (k = i; !stays(i + 1); i++) ;
        if (i - k < 5) { for (; k <= i; k++) print line[k]; continue }
        print at[k], "W", "note", 0, "left out", i - k + 1 " events are left out", "", 0
      }
    }' "$work/events" >"$work/short"
  mv "$work/short" "$work/events"
}

# ours COLUMNS [ALL]: how it goes right, about the row that differs; with ALL whole, and with the
# numbers that beside.awk reads.
ours() {
  awk -v width="$1" -v first="$our_row" -v red="$red" -v plain="$plain" -v all="${2:-}" -v anchors="${2:-}" \
    -f "$draw/words.awk" -f "$draw/sides.awk" "$work/ours"
}

# draw_test: the picture, and beside it, or on a narrow terminal below it, how it goes right.
draw_test() {
  local wide=0 room terminal
  exec {terminal}>&1
  find_ours
  # After the last row, the mark is at what was expected.
  ((my_row == 0)) || mark=$(sed -n "${my_row}s/\t.*//p" "$work/rows" | grep . || echo end)
  leave_out
  # common.bash never takes more than 100 columns.
  if [[ -t 1 ]]; then read -r _ wide < <(stty size <&"$terminal"); fi
  room=$((wide - 103))
  if [[ $verdict == pass || ! -s $work/ours ]]; then
    ladder
  elif ((room >= 50)); then
    awk -v width=100 -f "$draw/beside.awk" <(ladder 1) <(ours "$room" 1)
  else
    ladder
    printf '\n%sThe same test with a right program:%s\n' "$bold" "$plain"
    ours "$columns"
    ((our_row)) || notes+=("No ! stands there: as far as another program can notice, the calls are those of a right program, or the difference comes too late for what is kept. Compare numbers, times and texts.")
  fi
}

# test_notes: below the picture, what was expected and did not come.
test_notes() {
  local hint
  if [[ $verdict == pass ]]; then
    notes+=("The test passes.")
    return
  fi
  [[ -n $failed ]] || notes+=("In one more run, under strace, which is the one that is drawn, the test passed: look for what depends on time.")
  hint=$(of_test hint)
  [[ -z $hint ]] || notes+=("Hint: $(visible "$hint")")
}
