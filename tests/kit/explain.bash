# shellcheck shell=bash
# Evidence: what a test tells the judge about itself, one "KEY<tab>TEXT" a line in
# $EVIDENCE. A key that comes again adds a line. KEY is one of:
#   name hint man ms verdict
#   run         what follows is about the program with this index
#   ran, with   its command line, and what was done to it, in words (conditions.bash)
#   beside      the command line of another one, which still ran
#   step        what was done
#   expected, got
#   died        how a program of the submission ended early
#   printed     the end of its standard output
#   heard       bytes on its standard error when the peer gave up, and when that was
#   said, afterwards   the end of its standard error before that, and after it
#   call, seen, maybe, pointer, warned, failed   its last calls, what is remarkable in them,
#               what the compiler warned of, and when the test failed (calls.bash)
#   at          its address, port and path, for a picture

# add_evidence KEY TEXT: adds it; each line of TEXT becomes a line of its own. Of what
# a program wrote by the megabyte the beginning is enough.
add_evidence() {
  local line n=0
  while IFS= read -r line && ((n++ < 60)); do
    printf '%s\t%s\n' "$1" "$line"
  done <<<"${2:0:6000}" >>"$EVIDENCE"
}

# has_room FOLDER [BYTES]: whether so many bytes (64 KiB) can still be written there.
has_room() {
  { printf '%*s' "${2:-65536}" '' >"$1/room" && : >"$1/room"; } 2>/dev/null
}

# fail_test EXPECTED GOT: the test has failed; says why, and returns 1.
fail_test() {
  add_evidence expected "$1"
  add_evidence got "$2"
  fail_as_noted
}

# fail_as_noted: the test has failed, and expected and got are written. Adds how its
# programs died, and of the one that the test is about now: what it printed, with which
# exit status it ended where it should have been there still, and what a peer in the
# background has done so far. Returns 1.
fail_as_noted() {
  local i number text status
  for ((i = 0; i < ${#PIDS[@]}; i++)); do
    has_ended "$i" 0 || continue
    ! grep -qaE 'Sanitizer(:)? (failed|CHECK failed|has encountered)|ReserveShadowMemoryRange|Shadow memory range|error while loading shared' \
      "${DIRS[i]}/err" || machine_is_well || return
  done
  ((PROGRAM_NUMBER < 0)) || add_evidence run "$PROGRAM_NUMBER"
  if [[ -n ${KIT_CALLS:-} ]] && ((PROGRAM_NUMBER >= 0)); then
    note_calls
    return 1
  fi
  for number in "${!WATCHED[@]}"; do
    [[ ${WATCHED[number]} == "$PROGRAM_NUMBER" ]] || continue
    grep -a '^step' "$TEST_DIR/peer.$number" >>"$EVIDENCE" || true
  done
  for ((i = 0; i < ${#PIDS[@]}; i++)); do
    if ! has_ended "$i" 0.2 && [[ $i -ne $PROGRAM_NUMBER ]]; then
      add_evidence beside "${SHOWN[i]}"
      continue
    fi
    text=$(_sanitizer_report "${DIRS[i]}/err")
    case ${ENDS[i]} in
      killed\ *)
        # By SIGKILL the test ended an earlier run.
        if [[ ${ENDS[i]} != killed\ 9\ * || $i -eq $PROGRAM_NUMBER ]]; then
          add_evidence verdict crash
          add_evidence died "${NAMES[i]} was killed by signal $(_signal_name "${ENDS[i]}")$(_in_run "$i")"
        fi
        ;;
      limit\ *)
        add_evidence verdict limit
        add_evidence died "${NAMES[i]} wrote more output than is kept (1 MiB) and was ended$(_in_run "$i")"
        ;;
      timeout\ *)
        add_evidence verdict timeout
        add_evidence died "${NAMES[i]} had not ended at its deadline and was ended$(_in_run "$i")"
        ;;
    esac
    if [[ -n $text ]]; then
      add_evidence verdict crash
      add_evidence died "$text$(_in_run "$i")"
    elif [[ $i -eq $PROGRAM_NUMBER ]]; then
      _note_output
    elif [[ -s ${DIRS[i]}/err && ${NAMES[i]} != "${NAMES[PROGRAM_NUMBER]}" ]]; then
      add_evidence said "${NAMES[i]} said: $(tail -c 2000 "${DIRS[i]}/err" | tail -n 3)"
    fi
    if [[ $i -eq $PROGRAM_NUMBER && -z $text && ${ENDS[i]} == exited\ * && $(<"$EVIDENCE") == *' had ended'* ]]; then
      status=${ENDS[i]#exited }
      add_evidence got "${NAMES[i]} ended by itself, with exit status ${status%% *}"
    fi
  done
  return 1
}

# _in_run N: " (in run N)", where the test is about another one.
_in_run() { [[ $1 -eq $PROGRAM_NUMBER ]] || printf ' (in run %d)' $(($1 + 1)); }

# heard_until: prints what the peer noted when it gave up, if it did: "BYTES SECONDS".
heard_until() { sed -n 's/^heard\t//p' "$EVIDENCE" | tail -n 1; }

# _note_output: adds what the program of the test printed: the last lines of standard
# output, unless the test compared it (COMPARED=1) or it was cut off (limit), and of
# standard error those before and those after the moment in which the peer gave up, and
# closed its connections.
_note_output() {
  local heard text
  if [[ -z ${COMPARED:-} && ${ENDS[PROGRAM_NUMBER]} != limit* ]]; then
    text=$(tail -c 2000 "${DIRS[PROGRAM_NUMBER]}/out" | tail -n 3)
    [[ -z $text ]] || add_evidence printed "$text"
  fi
  [[ -s ${DIRS[PROGRAM_NUMBER]}/err ]] || return 0
  heard=$(heard_until)
  heard=${heard% *}
  text=$(head -c "${heard:-1048576}" "${DIRS[PROGRAM_NUMBER]}/err" | tail -c 2000 | tail -n 3)
  [[ -z $text ]] || add_evidence said "$text"
  [[ -n $heard ]] || return 0
  text=$(tail -c "+$((heard + 1))" "${DIRS[PROGRAM_NUMBER]}/err" | tail -c 2000 | tail -n 3)
  [[ -z $text ]] || add_evidence afterwards "$text"
}

# _sanitizer_report FILE: the report of a sanitizer in a program's standard error, in two
# lines: what it found, and the place in the submission. Nothing if there is none.
_sanitizer_report() {
  local what where
  what=$(grep -m 1 -aoE '(ERROR: [A-Za-z]+Sanitizer: [^(]*|[A-Za-z0-9_.-]+:[0-9]+:[0-9]+: runtime error: .*)' "$1") || return 0
  where=$(grep -m 1 -aoE '[A-Za-z0-9_-]+\.c:[0-9]+' "$1") || where=
  what=${what#ERROR: }
  printf '%s%s\n' "${what% on address *}" "${where:+, in $where}"
}

# _signal_name "killed N …": N with its name.
_signal_name() {
  local n=${1#killed }
  n=${n%% *}
  printf '%s (SIG%s)' "$n" "$(kill -l "$n")"
}
