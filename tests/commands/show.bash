# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what it sets and uses is common.bash's
# What the student's commands share. To be sourced after common.bash, take.bash.
#
# Results: a check of the student's own labs, of all tests, is kept under
# .build/check: NN-step.json (the record), NN-step.sum (sha256 of the sources that
# were judged), NN-step/ (programs and evidence). They change together, under the
# lock of .build/check/.lock.

results=$build/check

# Commands read no input; one that was closed would be taken for something else.
exec </dev/null

# lab_of LAB: its number, as it is written in LAB=03.
lab_of() { printf '%s' "${1%%-*}"; }

# shown_path PATH: PATH as it is typed in the repository's folder.
shown_path() { visible "${1#"$root"/}"; }

# source_of LAB PROGRAM: its file in $submission, as shown; where it should be if
# there is none.
source_of() {
  local at
  for at in $(layouts "$1" "$2"); do
    [[ -e $submission/$at ]] && shown_path "$submission/$at" && return
  done
  shown_path "$submission/$1/$2.c"
}

# in_points TENTHS: 85 is 8.5.
in_points() { printf '%d.%d' $(($1 / 10)) $(($1 % 10)); }

# tell TEXT…: prints TEXT, broken at blanks to the width of the terminal.
tell() { printf '%s\n' "$*" | fold -s -w "$columns" | sed 's/ *$//'; }

# next TEXT: the last line of a command: what to do now. Each " | " in TEXT is a
# place where it may be broken.
next() {
  local line="Next:" part parts
  parts=${1// | /$'\n'}
  while IFS= read -r part; do
    if ((${#line} + ${#part} + 1 > columns)); then
      printf '%s\n' "$line"
      line="     "
    fi
    line+=" $part"
  done <<<"$parts"
  printf '%s\n' "$line"
}

# sums FILE…: sha256 and name of each, in an order that does not depend on theirs.
sums() {
  local file
  for file in "$@"; do
    [[ -e $file ]] || continue
    printf '%s %s\n' "$(sha256sum <"$file")" "${file##*/}"
  done | sort
}

# hints_read LAB PROGRAM: how many of its three hints make hint has given.
hints_read() {
  local number=0 state=$build/hints/$1.$2
  if [[ -e $state ]]; then number=$(<"$state"); fi
  [[ $number =~ ^[0-3]$ ]] || number=0
  printf '%s' "$number"
}

# unchanged LAB: the student's programs are those of the last result.
unchanged() {
  local program files=()
  for program in $(lab_programs "$1"); do files+=("$root/labs/$1/$program.c"); done
  [[ -e $results/$1.sum && $(sums "${files[@]}") == "$(<"$results/$1.sum")" ]]
}

# last_seed LAB: the seed of its last check, or 1.
last_seed() {
  local record
  record=$(find "$build"/check*/"$1.json" -printf '%T@ %p\n' 2>/dev/null | sort -rn | head -n 1 | cut -d ' ' -f 2-)
  jq .seed "${record:-/dev/null}" 2>/dev/null | grep . || echo 1
}

# with_lock COMMAND…: runs it while no other command changes the results.
with_lock() {
  local lock
  [[ -d $results ]] || mkdir -p "$results"
  exec {lock}>"$results/.lock"
  flock "$lock"
  "$@"
  exec {lock}>&-
}
