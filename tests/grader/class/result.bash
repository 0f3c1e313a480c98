# shellcheck shell=bash
# Makes a submission's result.json from the engine's records.
# grade and grade-one source it and set the GRADE_ variables.

# hold_out: keeps this job's share of the lock on GRADE_OUT until it and its processes have
# ended. Fails if grade has ended and another one begins to write there: see claim_out.
hold_out() {
  exec 8<"$GRADE_OUT"
  flock -n -s 8
}

# note FILE TEXT: adds one line about a submission to FILE, for its result and the screen.
note() {
  printf '%s\n' "$2" >>"$1"
}

# all_done ID: succeeds if no lab of the submission is left to judge.
all_done() {
  local lab
  for lab in $GRADE_LABS; do
    [[ -e $GRADE_WORK/out/$1/$lab.done ]] || return
  done
}

# assemble ID: writes GRADE_OUT/<student>/result.json by atomic rename, so it is never
# partial. Beside it go the files that were taken and the evidence of failed tests. ID.line
# gets the line for the screen. ID.settled comes last. If a call was interrupted, it can be
# called again.
assemble() {
  local id=$1 here=${BASH_SOURCE[0]%/*} sub=$GRADE_WORK/sub/$1 out=$GRADE_WORK/out/$1 lab file dir
  local records=() refused=''
  [[ ! -e $sub.refused ]] || refused=$(<"$sub.refused")
  for lab in $GRADE_LABS; do
    file=$out/$lab.json
    [[ ! -s $file ]] || records+=("$file")
  done
  if ! make_result "$id" "$refused" "${records[@]}" 2>/dev/null; then
    # A record is not JSON. Leave it out.
    for file in "${records[@]}"; do
      if ! jq -e 'type == "object"' -- "$file" >/dev/null 2>&1; then
        note "$sub.notes" "$(basename -- "$file" .json) could not be judged: the record is not JSON"
        rm -f -- "$file"
      fi
    done
    records=()
    for lab in $GRADE_LABS; do
      file=$out/$lab.json
      [[ ! -s $file ]] || records+=("$file")
    done
    make_result "$id" "$refused" "${records[@]}"
  fi
  dir=$GRADE_OUT/$(<"$sub.folder")
  [[ -d $dir ]] || mkdir -- "$dir"
  [[ ! -d $out ]] || trim_evidence "$out"
  for lab in $GRADE_ALL_LABS; do
    [[ ! -e $out/$lab.kept ]] || continue
    [[ ! -e $dir/$lab ]] || rm -rf -- "${dir:?}/$lab"
    [[ ! -d $out/$lab ]] || mv -- "$out/$lab" "$dir/$lab"
    [[ ! -d $out ]] || : >"$out/$lab.kept"
  done
  if [[ -d $sub ]]; then
    [[ ! -e $dir/files ]] || rm -rf -- "$dir/files"
    find "$sub" -mindepth 1 -type d -empty -delete
    mv -- "$sub" "$dir/files"
  fi
  # The first line is for the screen, the rest is the result.
  {
    IFS= read -r file && printf '%s\n' "$file" >"$sub.line"
    cat >"$sub.result"
  } <"$sub.made"
  mv -- "$sub.result" "$dir/result.json"
  : >"$sub.settled"
}

# make_result ID REFUSED RECORD...: writes the two outputs of result.jq into ID.made.
make_result() {
  local sub=$GRADE_WORK/sub/$1 here=${BASH_SOURCE[0]%/*} refused=$2 on
  on=$(cat -- "$GRADE_WORK/out/$1"/*.on 2>/dev/null) || true
  cat -- "$sub.notes" "$GRADE_WORK/out/$1"/*.note >"$sub.all-notes" 2>/dev/null || true
  # If there is no record, jq would read standard input.
  jq -r -n --arg labs "$GRADE_LABS" --slurpfile class "$GRADE_WORK/class.json" \
    --arg refused "$refused" --rawfile name "$sub.name" --rawfile files "$sub.files" \
    --rawfile replay "$sub.replay" --arg on "$on" --rawfile notes "$sub.all-notes" \
    -f "$here/result.jq" "${@:3}" </dev/null >"$sub.made"
}

# trim_evidence DIR: removes from DIR/LAB the built programs and the files that are kept
# elsewhere: the sources and the table of tests. It cuts each file to 64 KiB, because the
# output of a whole class would fill the disk.
trim_evidence() {
  find "$1" -type f -size +64k -exec chmod u+w {} + -exec truncate -s 64K {} +
  (cd -- "$1" && find . -mindepth 2 -depth \( -type f -perm -u+x -o -regex '\./[^/]*/src/.*' \
    -o -regex '\./[^/]*/tests' -o -type d -empty \) -delete)
  find "$1" -mindepth 1 -maxdepth 1 -type d -empty -delete
}

# settle ID LAB: marks this lab as done. If it was the last lab, writes the submission's
# result and prints its line.
settle() {
  : >"$GRADE_WORK/out/$1/$2.done"
  all_done "$1" || return 0
  # Two jobs can see at the same time that all is done. noclobber lets only one continue.
  (set -C && : >"$GRADE_WORK/out/$1/settling") 2>/dev/null || return 0
  assemble "$1"
  [[ -z $GRADE_PLAIN ]] || printf '%s\n' "$(<"$GRADE_WORK/sub/$1.line")"
}
