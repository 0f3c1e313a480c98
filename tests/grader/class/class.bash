# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of grade
# Finds the students of the class, their submissions, and the labs that are already judged.
# tests/grader/grade sources it, after common.bash, take.bash and intake.bash.

# student_of PATH NAME: sets STUDENT to the student who handed in PATH. NAME is the last
# part of PATH, as normal_form prints it. The ending of an archive is removed, in upper or
# lower case. Another ending is removed if the rest is in the caller's known. Blanks at the
# ends are removed. Fails if PATH is not a submission.
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

# normal_form: reads names that end with a NUL and prints them in Unicode's form NFC,
# because macOS writes names decomposed. A name that is not UTF-8 stays as it is. (GNU
# parallel depends on perl, so perl is installed.)
normal_form() {
  perl -0 -MEncode -MUnicode::Normalize -ne '
    my $name = $_;
    eval { $name = encode("UTF-8", NFC(decode("UTF-8", $_, Encode::FB_CROAK | Encode::LEAVE_SRC))) };
    print $name'
}

# folder_of STUDENT: prints the name of the student's folder in OUT. It is the student's
# name if all its characters are safe, else the safe characters and a hash of the name.
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

# read_roster FILE: fills roster with the students in FILE, one a line, without blanks at
# the ends. It skips empty lines and lines that begin with #. Lines may end as on Unix,
# Windows or an old Macintosh.
read_roster() {
  local line
  local -A seen=()
  [[ -f $1 && -r $1 ]] || die_usage "ROSTER=$(visible "$1"): there is no such file"
  # ASCII text in UTF-16 is valid UTF-8 with NULs, so look for NULs.
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

# take_all: takes every submission into WORK/sub/NNNN. Fills ids[] with the numbers and
# names[] with the students. Files beside each folder: NNNN.name, .folder, .files (sums),
# .notes, .replay, and .refused (the labs that could not be taken, one a line). From here
# on, paths hold our numbers, and names from outside only below OUT.
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

# drop_gone: removes the results of students who are no longer in the class from OUT; with
# FRESH=1 the results of all students. It removes nothing else. First it renames result.json
# to .gone, so that a run that is interrupted here still finds the folder and finishes.
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

# find_kept: reuses the valid records in OUT that come from the same files, tests, tools and
# seed. It writes such a record where the judge would write it, with LAB.kept and LAB.done
# beside it.
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
    # A result is not JSON. Remove it and read the others.
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

# refuse_labs ID: makes the submission's folder in WORK/out and marks the labs that could
# not be taken as done. If no lab could be taken, it fails and makes no folder.
refuse_labs() {
  local lab refused=()
  [[ ! -e $work/sub/$1.refused ]] || mapfile -t refused <"$work/sub/$1.refused"
  ((${#refused[@]} < ${#chosen[@]})) || return
  mkdir -- "$work/out/$1"
  for lab in "${refused[@]}"; do : >"$work/out/$1/$lab.done"; done
}

# settle_kept: writes the results of submissions whose labs are all done, and prints how
# many there are.
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

# sound_records: runs kept.jq over the caller's results that still exist, into WORK/kept.
sound_records() {
  local file
  for file in "${results[@]}"; do
    [[ ! -f $file ]] || printf '%s\0' "$file"
  done | xargs -0r jq -n -r --arg labs "${chosen[*]}" --slurpfile class "$work/class.json" \
    --slurpfile now "$work/now.json" -f "$root/tests/grader/class/kept.jq" >"$work/kept" 2>/dev/null
}
