# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of grade
# Who is in the class, what each handed in, and what of it is already judged.
# Sourced by tests/grader/grade, after common.bash, take.bash, intake.bash.

# student_of PATH: the name that a folder or archive is handed in under.
student_of() {
  local name=${1##*/}
  if [[ ! -d $1 ]]; then
    name=${name%.zip}
    name=${name%.tar.gz}
    name=${name%.tgz}
  fi
  printf %s "$name"
}

# folder_of STUDENT: the name of its folder in OUT: its own if that is harmless
# everywhere, else its harmless part and a hash of the whole.
folder_of() {
  local name=$1
  if [[ $name =~ ^[[:alnum:]_][[:alnum:]\ ._@+,-]{0,63}$ && $name != gradebook.csv && $name != index.html ]]; then
    printf %s "$name"
    return
  fi
  name=${name//[^[:alnum:]._@+,-]/_}
  name=${name:0:40}
  printf '_%s~%s' "$name" "$(printf %s "$1" | sha256sum | cut -c 1-8)"
}

# read_roster FILE: fills roster with its students: one a line, without blanks at
# the ends; empty lines and lines that begin with # are passed over.
read_roster() {
  local line
  local -A seen=()
  [[ -f $1 && -r $1 ]] || die_usage "ROSTER=$(visible "$1"): there is no such file"
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line#$'\ufeff'}
    line=${line%$'\r'}
    line=${line#"${line%%[![:space:]]*}"}
    line=${line%"${line##*[![:space:]]}"}
    [[ -n $line && $line != '#'* && -z ${seen[$line]:-} ]] || continue
    seen[$line]=1
    roster+=("$line")
  done <"$1"
  ((${#roster[@]} > 0)) || die_usage "ROSTER=$(visible "$1"): it names no student (one a line)"
}

# take_all: intake of every submission into WORK/sub/NNNN; ids[] are the numbers,
# names[] the students. Files beside each: NNNN.name, .folder, .files (sums),
# .notes, .replay, and .refused when it could not be taken. From here on no name
# from outside is in a path but OUT's.
take_all() {
  local path id name sub line
  local -A paths=() times=()
  while IFS= read -r -d '' path; do
    if [[ ! -d $path && $path != *.zip && $path != *.tar.gz && $path != *.tgz && ! -L $path ]]; then
      echo "Not a submission: $(visible "${path##*/}")"
      continue
    fi
    name=$(student_of "$path" && echo /) # the / keeps a newline at its end
    name=${name%/}
    [[ -n ${paths[$name]:-} ]] || names+=("$name")
    paths[$name]=$path
    times[$name]=$((${times[$name]:-0} + 1))
  done < <(find "$submissions/" -mindepth 1 -maxdepth 1 ! -name '.*' -print0 | sort -z)
  ((${#names[@]} > 0)) ||
    die_usage "SUBMISSIONS=$(visible "${SUBMISSIONS:-}") holds no submission (a folder, .zip or .tar.gz a student)"

  mkdir -- "$work/sub"
  for name in "${names[@]}"; do
    printf -v id %04d $((${#ids[@]} + 1))
    ids+=("$id")
    sub=$work/sub/$id
    printf %s "$name" >"$sub.name"
    folder_of "$name" >"$sub.folder"
    : >"$sub.files"
    : >"$sub.replay"
    if ((${times[$name]} > 1)); then
      note "$sub.notes" "could not be taken: handed in ${times[$name]} times (folder, .zip, .tar.gz)"
      : >"$sub.refused"
    elif ! intake "${paths[$name]}" "$sub" "${chosen[@]}"; then
      : >"$sub.refused"
    else
      printf 'make check SUBMISSION=%s%s SEED=%s' \
        "$(quoted "$out_shown/$(<"$sub.folder")/files")" "$replay_labs" "$seed" >"$sub.replay"
    fi
    while IFS= read -r line; do
      printf '%s: %s\n' "$(visible "$name")" "$line"
    done <"$sub.notes"
  done
  (cd "$work/sub" && find . -type f -name '*.c' -printf '%P\0' | sort -z | xargs -0r sha256sum --) |
    tee "$work/sums" | awk -v dir="$work/sub/" '{
      file = substr($2, 1, index($2, "/") - 1) ".files"
      if (file != last) close(dir last)
      print >(dir (last = file))
    }'
}

# drop_gone: removes from OUT what former runs left of students who are no longer
# in the class, with FRESH=1 of all, and nothing else. Until all of it is gone the folder is known by
# its result, under a name that nobody reads.
drop_gone() {
  local dir id
  local -A stays=()
  ((fresh)) || for id in "${ids[@]}"; do stays[$(<"$work/sub/$id.folder")]=1; done
  for dir in "$out"/*/; do
    dir=${dir%/}
    [[ -f $dir/result.json || -f $dir/.gone ]] || continue
    [[ -z ${stays[${dir##*/}]:-} ]] || continue
    [[ ! -f $dir/result.json ]] || mv -f -- "$dir/result.json" "$dir/.gone"
    rm -rf -- "${labs[@]/#/"$dir"/}" "$dir/files"
    rm -f -- "$dir"/{feedback.md,feedback.html,junit.xml,.gone}
    rmdir -- "$dir" 2>/dev/null || true
  done
}

# find_kept: for every lab of which OUT has a sound record that was made from the
# same files, tests, tools and seed, puts this record where the judge would, with
# LAB.kept and LAB.done beside it.
find_kept() {
  local id lab record results=() file
  for id in "${ids[@]}"; do
    [[ ! -e $work/sub/$id.refused ]] || continue
    mkdir -- "$work/out/$id"
    file=$out/$(<"$work/sub/$id.folder")/result.json
    [[ ! -f $file ]] || results+=("$file")
    printf '%s\t%s\n' "$id" "$(<"$work/sub/$id.folder")"
  done >"$work/folders"
  ((${#results[@]} > 0)) || return 0
  jq -R -n -L "$here" --rawfile sums "$work/sums" 'include "sound";
    ($sums | lines | group_by(.[66:] / "/" | .[0])
      | map({(.[0][66:] / "/" | .[0]): sums}) | add // {}) as $files
    | [inputs / "\t" | {(.[1]): {id: .[0], files: ($files[.[0]] // {})}}] | add' \
    <"$work/folders" >"$work/now.json"
  if ! sound_records; then
    # One of them is no JSON: nothing of it is used.
    for file in "${results[@]}"; do
      jq -e . -- "$file" >/dev/null 2>&1 || rm -f -- "$file"
    done
    sound_records
  fi
  while IFS=$'\t' read -r id lab record; do
    printf '%s\n' "$record" >"$work/out/$id/$lab.json"
    : >"$work/out/$id/$lab.kept"
    : >"$work/out/$id/$lab.done"
  done <"$work/kept"
}

# settle_kept: the results of submissions that need no judge, and how many they are.
settle_kept() {
  local id n=0
  for id in "${ids[@]}"; do
    if [[ -d $work/out/$id ]] && all_done "$id"; then
      assemble "$id"
      n=$((n + 1))
    fi
  done
  ((n == 0)) || echo "Unchanged since they were judged: $n; FRESH=1 judges all again."
}

# sound_records: kept.jq over what is there of the caller's results, into WORK/kept.
sound_records() {
  local file
  for file in "${results[@]}"; do
    [[ ! -f $file ]] || printf '%s\0' "$file"
  done | xargs -0r jq -n -r -L "$here" --arg labs "${chosen[*]}" --slurpfile class "$work/class.json" \
    --slurpfile now "$work/now.json" -f "$here/kept.jq" >"$work/kept" 2>/dev/null
}
