# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of grade
# Who is in the class, what each handed in, and what of it is already judged.
# Sourced by tests/grader/grade, after common.bash, take.bash, intake.bash.

# student_of PATH NAME: STUDENT is who handed in PATH, which is called NAME in the normal
# form: NAME without the ending of an archive, in any case; without another ending if
# that leaves a name of the caller's known; without blanks at its ends. False if PATH is
# not a submission.
student_of() {
  STUDENT=$2
  if [[ -L $1 || -d $1 ]]; then
    [[ $2 != __MACOSX ]] || return
  elif [[ ${2,,} =~ .$ARCHIVE_ENDINGS ]]; then
    STUDENT=${2:0:${#2}-${#BASH_REMATCH[1]}-1}
  elif [[ -n ${known[${2%.*}]:-} ]]; then
    STUDENT=${2%.*}
  else
    [[ -n ${known[$2]:-} ]] || looks_handed_in "$1" || return
  fi
  [[ $STUDENT == *[!\ ]* ]] || return 0
  STUDENT=${STUDENT#"${STUDENT%%[! ]*}"}
  STUDENT=${STUDENT%"${STUDENT##*[! ]}"}
}

# normal_form: names, each with a NUL after it, in Unicode's form NFC: macOS writes
# them decomposed. What is no UTF-8 stays as it is. (GNU parallel has perl installed.)
normal_form() {
  perl -0 -MEncode -MUnicode::Normalize -ne '
    my $name = $_;
    eval { $name = encode("UTF-8", NFC(decode("UTF-8", $_, Encode::FB_CROAK | Encode::LEAVE_SRC))) };
    print $name'
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
# the ends; empty lines and lines that begin with # are passed over. A line ends as on
# Unix, Windows or an old Macintosh.
read_roster() {
  local line
  local -A seen=()
  [[ -f $1 && -r $1 ]] || die_usage "ROSTER=$(visible "$1"): there is no such file"
  # UTF-16 of plain letters is UTF-8, with NULs.
  if (($(tr -d '\0' <"$1" | wc -c) < $(stat -L -c %s -- "$1"))) || ! iconv -f UTF-8 -t UTF-8 <"$1" >/dev/null 2>&1; then
    die_usage "ROSTER=$(visible "$1") is not in UTF-8: save it as a text in UTF-8, or convert it with iconv(1)"
  fi
  while IFS= read -r -d '' line; do
    line=${line#$'\ufeff'}
    line=${line#"${line%%[![:space:]]*}"}
    line=${line%"${line##*[![:space:]]}"}
    [[ -n $line && $line != '#'* && -z ${seen[$line]:-} ]] || continue
    seen[$line]=1
    roster+=("$line")
  done < <({ cat -- "$1" && echo; } | tr '\r\n' '\0\0' | normal_form)
  ((${#roster[@]} > 0)) || die_usage "ROSTER=$(visible "$1"): it names no student (one a line)"
}

# take_all: intake of every submission into WORK/sub/NNNN; ids[] are the numbers,
# names[] the students. Files beside each: NNNN.name, .folder, .files (sums),
# .notes, .replay, and .refused: the labs that could not be taken, a line each. From
# here on no name from outside is in a path but OUT's.
take_all() {
  local path id name sub line found=() called=() i
  local -A paths=() times=() known=()
  for name in ${roster[@]+"${roster[@]}"}; do known[$name]=1; done
  mapfile -d '' -t found < <(find "$submissions/" -mindepth 1 -maxdepth 1 ! -name '.*' -print0 | sort -z)
  ((${#found[@]} == 0)) || mapfile -d '' -t called < <(printf '%s\0' "${found[@]##*/}" | normal_form)
  for i in "${!found[@]}"; do
    path=${found[i]}
    if ! student_of "$path" "${called[i]}"; then
      echo "Not a submission: $(visible "${path##*/}")"
      continue
    fi
    [[ -n ${paths[$STUDENT]:-} ]] || names+=("$STUDENT")
    paths[$STUDENT]=$path
    times[$STUDENT]+=", ${path##*/}"
  done
  ((${#names[@]} > 0)) ||
    die_usage "SUBMISSIONS=$(visible "${SUBMISSIONS:-}") holds no submission (a folder or an archive a student)"

  mkdir -- "$work/sub"
  for name in "${names[@]}"; do
    printf -v id %04d $((${#ids[@]} + 1))
    ids+=("$id")
    sub=$work/sub/$id
    printf %s "$name" >"$sub.name"
    folder_of "$name" >"$sub.folder"
    : >"$sub.files"
    : >"$sub.replay"
    if [[ ${times[$name]} != ", ${paths[$name]##*/}" ]]; then
      note "$sub.notes" "could not be taken: handed in more than once: ${times[$name]#, }"
      printf '%s\n' "${chosen[@]}" >"$sub.refused"
    elif ! intake "${paths[$name]}" "$sub" "${chosen[@]}"; then
      printf '%s\n' "${chosen[@]}" >"$sub.refused"
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
    refuse_labs "$id" || continue
    file=$out/$(<"$work/sub/$id.folder")/result.json
    [[ ! -f $file ]] || results+=("$file")
    printf '%s\t%s\n' "$id" "$(<"$work/sub/$id.folder")"
  done >"$work/folders"
  ((${#results[@]} > 0)) || return 0
  jq -R -n -L "$root/tests/grader/reports" --rawfile sums "$work/sums" 'include "sound";
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

# refuse_labs ID: makes its folder in WORK/out, where the labs that could not be taken
# are done. False, and there is no folder, if that is all of them.
refuse_labs() {
  local lab refused=()
  [[ ! -e $work/sub/$1.refused ]] || mapfile -t refused <"$work/sub/$1.refused"
  ((${#refused[@]} < ${#chosen[@]})) || return
  mkdir -- "$work/out/$1"
  for lab in "${refused[@]}"; do : >"$work/out/$1/$lab.done"; done
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
  done | xargs -0r jq -n -r --arg labs "${chosen[*]}" --slurpfile class "$work/class.json" \
    --slurpfile now "$work/now.json" -f "$root/tests/grader/class/kept.jq" >"$work/kept" 2>/dev/null
}
