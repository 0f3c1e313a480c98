# shellcheck shell=bash
# Evidence: what a test tells the judge about itself, one "KEY<tab>TEXT" a line in
# $EVIDENCE. A key that comes again adds a line. KEY is one of:
#   name hint man ms verdict
#   run         what follows is about the program with this index (P)
#   ran, with   its command line, and what was done to it, in words (conditions.bash)
#   beside      the command line of another one, which still ran
#   step        what was done
#   expected, got
#   died        how a program of the submission ended early
#   printed     the end of its standard output
#   heard       bytes on its standard error when the peer gave up, and when that was
#   said, afterwards   the end of its standard error before that, and after it
#   call, seen, maybe, pointer, warned   its last calls, what is remarkable in them, and
#               what the compiler warned of (calls.bash)

# evidence KEY TEXT: adds it; each line of TEXT becomes a line of its own. Of what
# a program wrote by the megabyte the beginning is enough.
evidence() {
  local line n=0
  while IFS= read -r line && ((n++ < 60)); do
    printf '%s\t%s\n' "$1" "$line"
  done <<<"${2:0:6000}" >>"$EVIDENCE"
}

# has_room FOLDER: whether something can be written there still: 64 KiB.
has_room() {
  { printf '%65536s' '' >"$1/room" && : >"$1/room"; } 2>/dev/null
}

# flunk EXPECTED GOT: the test has failed; says why, and returns 1.
flunk() {
  evidence expected "$1"
  evidence got "$2"
  flunked
}

# flunked: the test has failed, and expected and got are written. Adds how its
# programs died, and of the one that the test is about now: what it printed, with which
# exit status it ended where it should have been there still, and what a peer behind the
# test has done so far. Returns 1.
flunked() {
  local i q text status
  for ((i = 0; i < ${#PIDS[@]}; i++)); do
    has_ended "$i" 0 || continue
    ! grep -qaE 'Sanitizer(:)? (failed|CHECK failed|has encountered)|ReserveShadowMemoryRange|Shadow memory range|error while loading shared' \
      "${DIRS[i]}/err" || machine_is_well || return
  done
  ((P < 0)) || evidence run "$P"
  if [[ -n ${KIT_CALLS:-} ]] && ((P >= 0)); then
    note_calls
    return 1
  fi
  for q in "${!WATCHED[@]}"; do
    [[ ${WATCHED[q]} == "$P" ]] || continue
    grep -a '^step' "$T/peer.$q" >>"$EVIDENCE" || true
  done
  for ((i = 0; i < ${#PIDS[@]}; i++)); do
    if ! has_ended "$i" 0.2 && [[ $i -ne $P ]]; then
      evidence beside "${SHOWN[i]}"
      continue
    fi
    text=$(report_of "${DIRS[i]}/err")
    case ${ENDS[i]} in
      killed\ *)
        evidence verdict crash
        evidence died "${NAMES[i]} was killed by signal $(signal_name "${ENDS[i]}")$(in_run "$i")"
        ;;
      limit\ *)
        evidence verdict limit
        evidence died "${NAMES[i]} wrote more output than is kept (1 MiB) and was ended$(in_run "$i")"
        ;;
      timeout\ *)
        evidence verdict timeout
        evidence died "${NAMES[i]} had not ended at its deadline and was ended$(in_run "$i")"
        ;;
    esac
    if [[ -n $text ]]; then
      evidence verdict crash
      evidence died "$text$(in_run "$i")"
    elif [[ $i -eq $P ]]; then
      printed_so_far
    elif [[ -s ${DIRS[i]}/err && ${NAMES[i]} != "${NAMES[P]}" ]]; then
      evidence said "${NAMES[i]} said: $(tail -c 2000 "${DIRS[i]}/err" | tail -n 3)"
    fi
    if [[ $i -eq $P && -z $text && ${ENDS[i]} == exited\ * && $(<"$EVIDENCE") == *' had ended'* ]]; then
      status=${ENDS[i]#exited }
      evidence got "${NAMES[i]} ended by itself, with exit status ${status%% *}"
    fi
  done
  return 1
}

# in_run N: " (in run N)", where the test is about another one.
in_run() { [[ $1 -eq $P ]] || printf ' (in run %d)' $(($1 + 1)); }

# heard: prints what the peer noted when it gave up, if it did: "BYTES SECONDS".
heard() { sed -n 's/^heard\t//p' "$EVIDENCE" | tail -n 1; }

# printed_so_far: adds what the program of the test printed: the last lines of standard
# output, unless the test compared it (COMPARED=1) or it was cut off (limit), and of
# standard error those before and those after the moment in which the peer gave up, and
# closed its connections.
printed_so_far() {
  local heard text
  if [[ -z ${COMPARED:-} && ${ENDS[P]} != limit* ]]; then
    text=$(tail -c 2000 "${DIRS[P]}/out" | tail -n 3)
    [[ -z $text ]] || evidence printed "$text"
  fi
  [[ -s ${DIRS[P]}/err ]] || return 0
  heard=$(heard)
  heard=${heard% *}
  text=$(head -c "${heard:-1048576}" "${DIRS[P]}/err" | tail -c 2000 | tail -n 3)
  [[ -z $text ]] || evidence said "$text"
  [[ -n $heard ]] || return 0
  text=$(tail -c "+$((heard + 1))" "${DIRS[P]}/err" | tail -c 2000 | tail -n 3)
  [[ -z $text ]] || evidence afterwards "$text"
}

# report_of FILE: the report of a sanitizer in a program's standard error, in two
# lines: what it found, and the place in the submission. Nothing if there is none.
report_of() {
  local what where
  what=$(grep -m 1 -aoE '(ERROR: [A-Za-z]+Sanitizer: [^(]*|[A-Za-z0-9_.-]+:[0-9]+:[0-9]+: runtime error: .*)' "$1") || return 0
  where=$(grep -m 1 -aoE '[A-Za-z0-9_-]+\.c:[0-9]+' "$1") || where=
  what=${what#ERROR: }
  printf '%s%s\n' "${what% on address *}" "${where:+, in $where}"
}

# signal_name "killed N …": N with its name.
signal_name() {
  local n=${1#killed }
  n=${n%% *}
  printf '%s (SIG%s)' "$n" "$(kill -l "$n")"
}
