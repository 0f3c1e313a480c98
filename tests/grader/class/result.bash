# shellcheck shell=bash
# From the engine's records of one submission to its result.json.
# Sourced by grade and grade-one, with the GRADE_ variables of grade set.

# note FILE TEXT: one line about a submission, for its result and the screen.
note() {
  printf '%s\n' "$2" >>"$1"
}

# all_done ID: every lab of it has been judged, or could not be.
all_done() {
  local lab
  for lab in $GRADE_LABS; do
    [[ -e $GRADE_WORK/out/$1/$lab.done ]] || return
  done
}

# assemble ID: writes GRADE_OUT/<student>/result.json (by rename, so that it is
# whole or absent), beside it the files that were taken and the failing tests'
# evidence, and ID.line (for the screen); last of all ID.settled. May be called
# again when it was ended in the middle.
assemble() {
  local id=$1 here=${BASH_SOURCE[0]%/*} sub=$GRADE_WORK/sub/$1 out=$GRADE_WORK/out/$1 lab file dir
  local records=() refused=''
  [[ ! -e $sub.refused ]] || refused=$(<"$sub.refused")
  for lab in $GRADE_LABS; do
    file=$out/$lab.json
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
  # Its first line is for the screen, the rest is the result.
  {
    IFS= read -r file && printf '%s\n' "$file" >"$sub.line"
    cat >"$sub.result"
  } <"$sub.made"
  mv -- "$sub.result" "$dir/result.json"
  : >"$sub.settled"
}

# make_result ID REFUSED RECORD...: result.jq's two outputs into ID.made.
make_result() {
  local sub=$GRADE_WORK/sub/$1 here=${BASH_SOURCE[0]%/*} refused=$2 on
  on=$(cat -- "$GRADE_WORK/out/$1"/*.on 2>/dev/null) || true
  cat -- "$sub.notes" "$GRADE_WORK/out/$1"/*.note >"$sub.all-notes" 2>/dev/null || true
  # Without a record jq would read standard input.
  jq -r -n --arg labs "$GRADE_LABS" --slurpfile class "$GRADE_WORK/class.json" \
    --arg refused "$refused" --rawfile name "$sub.name" --rawfile files "$sub.files" \
    --rawfile replay "$sub.replay" --arg on "$on" --rawfile notes "$sub.all-notes" \
    -f "$here/result.jq" "${@:3}" </dev/null >"$sub.made"
}

# trim_evidence DIR: of what the judge left in DIR/LAB, takes away the programs built,
# and what is elsewhere: the sources in files, the table of tests in the course. What
# a program wrote is cut to 64 KiB a file: a class of them would fill the disk.
trim_evidence() {
  find "$1" -type f -size +64k -exec chmod u+w {} + -exec truncate -s 64K {} +
  (cd -- "$1" && find . -mindepth 2 -depth \( -type f -perm -u+x -o -regex '\./[^/]*/src/.*' \
    -o -regex '\./[^/]*/tests' -o -type d -empty \) -delete)
  find "$1" -mindepth 1 -maxdepth 1 -type d -empty -delete
}

# settle ID LAB: this lab is done; when it was the last, the submission's result is
# written and told.
settle() {
  : >"$GRADE_WORK/out/$1/$2.done"
  all_done "$1" || return 0
  # Two may see that all is done: noclobber lets one of them be the first.
  (set -C && : >"$GRADE_WORK/out/$1/settling") 2>/dev/null || return 0
  assemble "$1"
  [[ -z $GRADE_PLAIN ]] || printf '%s\n' "$(<"$GRADE_WORK/sub/$1.line")"
}
