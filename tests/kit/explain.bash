# shellcheck shell=bash
# Evidence: what a test tells the judge about itself, one "KEY<tab>TEXT" a line in
# $EVIDENCE. KEY is one of: name hint man ms verdict; ran (a command line), step
# (what was done), expected, got, died (how a program of the submission ended
# early). A key that comes again adds a line.

# evidence KEY TEXT: adds it; each line of TEXT becomes a line of its own. Of what
# a program wrote by the megabyte the beginning is enough.
evidence() {
  local line n=0
  while IFS= read -r line && ((n++ < 60)); do
    printf '%s\t%s\n' "$1" "$line"
  done <<<"${2:0:6000}" >>"$EVIDENCE"
}

# flunk EXPECTED GOT: the test has failed; says why, and returns 1.
flunk() {
  evidence expected "$1"
  evidence got "$2"
  flunked
}

# flunked: the test has failed, and expected and got are written. Adds how its
# programs died, and what the one that this is about said on standard error, or
# if it said nothing, the others; with which exit status that one ended, where it
# should have been there still. Returns 1.
flunked() {
  local i text status
  for ((i = 0; i < ${#PIDS[@]}; i++)); do
    has_ended "$i" 0.2 || continue
    text=$(report_of "${DIRS[i]}/err")
    case ${ENDS[i]} in
      killed\ *)
        evidence verdict crash
        evidence died "${NAMES[i]} was killed by signal $(signal_name "${ENDS[i]}")"
        ;;
      limit\ *)
        evidence verdict limit
        evidence died "${NAMES[i]} wrote more output than is kept (1 MiB) and was ended"
        ;;
      timeout\ *)
        evidence verdict timeout
        evidence died "${NAMES[i]} had not ended at its deadline and was ended"
        ;;
    esac
    if [[ -n $text ]]; then
      evidence verdict crash
      evidence died "$text"
      continue
    fi
    if [[ -s ${DIRS[i]}/err && ($i -eq $P || ! -s ${DIRS[P]}/err) ]]; then
      evidence said "$(tail -c 2000 "${DIRS[i]}/err" | tail -n 3)"
    fi
    if [[ $i -eq $P && ${ENDS[i]} == exited\ * && $(<"$EVIDENCE") == *' had ended'* ]]; then
      status=${ENDS[i]#exited }
      evidence got "${NAMES[i]} ended by itself, with exit status ${status%% *}"
    fi
  done
  return 1
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
