# shellcheck shell=bash
# From the engine's records of one submission to its result.json.
# Sourced by grade and grade-one, with the GRADE_ variables of grade set.

# note FILE TEXT: one line about a submission, for its result and the screen.
note() {
  printf '%s\n' "$2" >>"$1"
}

# assemble ID: writes GRADE_OUT/<student>/result.json (by rename, so that it is
# whole or absent), the failing tests' evidence beside it, ID.summary (one line
# of JSON, from which the gradebook is made) and ID.line (for the screen).
assemble() {
  local id=$1 here=${BASH_SOURCE[0]%/*} sub=$GRADE_WORK/sub/$1 lab file dir
  local records=() refused=false
  [[ ! -e $sub.refused ]] || refused=true
  for lab in $GRADE_LABS; do
    file=$GRADE_WORK/out/$id/$lab.json
    [[ ! -s $file ]] || records+=("$file")
  done
  if ! make_result "$id" "$refused" "${records[@]}" 2>/dev/null; then
    # One of them is not JSON: leave that one out.
    for file in "${records[@]}"; do
      if ! jq -e 'type == "object"' -- "$file" >/dev/null 2>&1; then
        note "$sub.notes" "$(basename -- "$file" .json) could not be judged: the record is not JSON"
        rm -f -- "$file"
      fi
    done
    records=()
    for lab in $GRADE_LABS; do
      file=$GRADE_WORK/out/$id/$lab.json
      [[ ! -s $file ]] || records+=("$file")
    done
    make_result "$id" "$refused" "${records[@]}"
  fi
  dir=$GRADE_OUT/$(<"$sub.folder")
  mkdir -p -- "$dir"
  for lab in $GRADE_LABS; do
    keep_evidence "$GRADE_WORK/out/$id/$lab" "$dir/$lab"
  done
  # Lines of its output: screen, summary, and then the result.
  {
    IFS= read -r file && printf '%s\n' "$file" >"$sub.line"
    IFS= read -r file && printf '%s\n' "$file" >"$sub.summary"
    cat >"$sub.result"
  } <"$sub.made"
  mv -- "$sub.result" "$dir/result.json"
}

# make_result ID REFUSED RECORD...: result.jq's three outputs into ID.made.
make_result() {
  local sub=$GRADE_WORK/sub/$1 here=${BASH_SOURCE[0]%/*} refused=$2
  shift 2
  # Without a record jq would read standard input.
  jq -r -n -L "$here" --arg labs "$GRADE_LABS" --argjson seed "$GRADE_SEED" \
    --argjson refused "$refused" --rawfile name "$sub.name" \
    --rawfile folder "$sub.folder" --rawfile notes "$sub.notes" \
    -f "$here/result.jq" "$@" </dev/null >"$sub.made"
}

# keep_evidence FROM TO: what failing tests left, without the programs built.
keep_evidence() {
  [[ -d $1 ]] || return 0
  find "$1" -type f -perm -u+x -delete
  find "$1" -depth -type d -empty -delete
  [[ ! -d $1 ]] || mv -- "$1" "$2"
}
