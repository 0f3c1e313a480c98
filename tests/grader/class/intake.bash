# shellcheck shell=bash
# Intake: what somebody handed in -> a clean folder of source files, each with the
# name that the contract gives it. Sourced by tests/grader/grade and similar, after
# common.bash, take.bash and archive.bash.

# intake PATH DEST LAB...: takes the programs of the labs named from PATH (a folder or
# an archive) into DEST/LAB/PROGRAM.c and writes remarks to DEST.notes. A lab of which
# it cannot be said which file is meant goes to DEST.refused, a line each. Returns 0
# taken, be it nothing at all; 1 could not be taken, and the last remark says why.
intake() {
  local path=$1 dest=$2 lab program why='' from=$1 unpacked=$2.unpack wanted=()
  shift 2
  mkdir -p -- "${@/#/"$dest"/}" "$unpacked"
  : >"$dest.notes"
  for lab in "$@"; do
    for program in $(lab_programs "$lab"); do wanted+=(-o -iname "$program.c"); done
  done
  wanted=("${wanted[@]:1}")
  if [[ -L $path ]]; then
    why="it is a link"
  elif [[ -d $path && (! -r $path || ! -x $path) ]]; then
    why="the folder cannot be read"
  elif [[ -d $path ]]; then
    intake_oddities "$path" "$dest"
  else
    read_archive "$path" "$dest" "$unpacked"
    from=$unpacked
  fi
  [[ -n $why ]] || intake_folder "$from" "$dest" "$@"
  rm -rf -- "$unpacked"
  [[ -n $why ]] || return 0
  find "$dest" -name '*.c' -delete
  note "$dest.notes" "could not be taken: $why"
  return 1
}

# intake_folder DIR DEST LAB...: takes them from DIR, where the caller's wanted finds
# them. If there is none, but one archive, then from that. Sets why of the caller when
# DIR holds no file, or an archive that is not looked into.
intake_folder() {
  local dir=$1 dest=$2 lab program all=() other=() hidden=(\( -name '.*' -o -name __MACOSX \) -prune)
  shift 2
  # What file managers add (._listen.c, __MACOSX) and hidden folders are not looked at.
  mapfile -d '' -t all < <(find "$dir/" -mindepth 1 "${hidden[@]}" \
    -o -type f \( "${wanted[@]}" \) -printf '%P\0' 2>"$dest.err" | sort -z)
  if [[ -s $dest.err ]]; then
    why="some of it cannot be read"
    return
  fi
  if ((${#all[@]} == 0)) && [[ $dir != "$dest.unpack" ]]; then
    mapfile -d '' -t other < <(LC_ALL=C find "$dir/" -mindepth 1 -regextype posix-extended "${hidden[@]}" \
      -o -type f -iregex ".*$ARCHIVE_ENDINGS" -printf '%P\0')
    if ((${#other[@]} == 1)); then
      note "$dest.notes" "what it holds is an archive, ${other[0]}"
      read_archive "$dir/${other[0]}" "$dest" "$dest.unpack"
      [[ -n $why ]] || intake_folder "$dest.unpack" "$dest" "$@"
      return
    elif ((${#other[@]} > 1)); then
      why="it holds no source file of these labs, but ${#other[@]} archives"
    elif [[ -z $(find "$dir/" -mindepth 1 ! -type d -print -quit) ]]; then
      why="it holds no file"
    fi
    [[ -z $why ]] || return 0
  fi
  for lab in "$@"; do
    for program in $(lab_programs "$lab"); do
      intake_program "$dir" "$dest" "$lab" "$program"
    done
  done
  [[ -n $(find "$dest" -name '*.c' -print -quit) || -e $dest.refused ]] ||
    note "$dest.notes" "holds no source file of these labs"
}

# intake_program DIR DEST LAB PROGRAM: takes one, if it is there. Of several files with
# its name (the caller's all) the contract's places count, seen from the folder that
# all of them are in; then the only one in a folder called like the lab. Where neither
# says which is meant, the lab is refused.
intake_program() {
  local dir=$1 dest=$2 lab=$3 program=$4 path rel base='' found=() near=() places=() taken=''
  for path in "${all[@]}"; do
    [[ ${path##*/} != "$program.c" ]] || found+=("$path")
  done
  # Windows and macOS do not tell Listen.c from listen.c.
  ((${#found[@]} > 0)) || for path in "${all[@]}"; do
    rel=${path##*/}
    [[ ${rel,,} != "$program.c" ]] || found+=("$path")
  done
  for path in "${found[@]}"; do
    [[ $path != "$lab/"* && $path != *"/$lab/"* ]] || near+=("$path")
  done
  [[ ${#found[@]} -eq 0 || ${found[0]} != */* ]] || base=${found[0]%/*}/
  for path in "${found[@]}"; do
    while [[ $path != "$base"* ]]; do
      base=${base%/}
      [[ $base == */* ]] && base=${base%/*}/ || base=
    done
  done
  if ((${#found[@]} == 1)); then
    places=("${found[0]}")
  else
    mapfile -t places < <(layouts "$lab" "$program")
    places=("${places[@]/#/"$base"}")
  fi
  if ((${#near[@]} == 1)); then
    places+=("${near[0]}")
  elif ((${#found[@]} > 1)) && intake_alike "$dir" "${found[@]}"; then
    places+=("${found[0]}")
  fi
  for rel in "${places[@]}"; do
    if [[ -n $taken ]]; then
      [[ ! -e $dir/$rel || $rel == "$taken" ]] || note "$dest.notes" "$rel was left out: $taken was taken"
    elif take_file "$dir" "$rel" "$dest/$lab/$program.c"; then
      taken=$rel
      [[ /$rel == */"$lab/$program.c" || $rel == "$program.c" ]] ||
        note "$dest.notes" "$rel was taken for $lab/$program.c"
    elif [[ $TAKE_WHY == "cannot be read" ]]; then
      intake_refuse "$dest" "$lab" "$rel $TAKE_WHY"
    elif [[ -n $TAKE_WHY ]]; then
      note "$dest.notes" "$rel was not taken: it $TAKE_WHY"
    fi
  done
  if [[ -z $taken && ${#found[@]} -gt 1 && ! -e $dest.refused ]]; then
    printf -v path ', %s' "${found[@]:0:5}"
    intake_refuse "$dest" "$lab" "which $program.c is meant? There are ${#found[@]}: ${path:2}"
  fi
}

# intake_alike DIR FILE FILE…: these files have the same bytes.
intake_alike() {
  local file
  for file in "${@:3}"; do cmp -s -- "$1/$2" "$1/$file" || return; done
}

# intake_refuse DEST LAB WHY: this lab has no mark, and WHY is told.
intake_refuse() {
  note "$1.notes" "$2 could not be taken: $3"
  printf '%s\n' "$2" >>"$1.refused"
}

# intake_oddities DIR DEST: notes what in a folder is never looked at.
intake_oddities() {
  local odd control
  odd=$(find "$1/" -mindepth 1 ! -type f ! -type d -printf x 2>/dev/null | wc -c)
  control=$(LC_ALL=C find "$1/" -mindepth 1 -name $'*[\001-\037\177]*' -printf x 2>/dev/null | wc -c)
  intake_left_out "$2" 0 "$odd" "$control" 0
}

# intake_left_out DEST OUTSIDE ODD CONTROL UNREADABLE: notes how many names were left
# out, by reason.
intake_left_out() {
  (($2 == 0)) || note "$1.notes" "$2 of its names begin with / or hold .. and were left out"
  (($3 == 0)) || note "$1.notes" "$3 of its names are links, pipes or devices and were left out"
  (($4 == 0)) || note "$1.notes" "$4 of its names hold control characters and were left out"
  (($5 == 0)) || note "$1.notes" "$5 of its names are in no known character set and were left out"
}
