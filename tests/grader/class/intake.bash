# shellcheck shell=bash
# Intake: turns a submission into a clean folder of source files with the names of the
# contract. tests/grader/grade and similar source it, after common.bash, take.bash and
# archive.bash.

# intake PATH DEST LAB...: takes the programs of these labs from PATH, a folder or an
# archive, into DEST/LAB/PROGRAM.c, and writes remarks to DEST.notes. If it is unclear which
# file is the program of a lab, the lab goes to DEST.refused, one a line. Returns 0 if PATH
# was read, even if it holds no program. Returns 1 if PATH could not be taken; the last
# remark says why.
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

# intake_folder DIR DEST LAB...: takes the programs from DIR. The caller's wanted holds the
# words with which find(1) finds them. If DIR holds no program but one archive, it takes
# them from the archive. Sets the caller's why if DIR holds no file, or several archives.
intake_folder() {
  local dir=$1 dest=$2 lab program all=() other=() hidden=(\( -name '.*' -o -name __MACOSX \) -prune)
  shift 2
  # Skip hidden folders and the files that file managers add (._listen.c, __MACOSX).
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

# intake_program DIR DEST LAB PROGRAM: takes one program, if it is there. The caller's all
# lists the files. If several have the program's name, it tries the contract's places below
# the folder that holds all of them. Then it tries the only file in a folder with the lab's
# name, or one of several equal files. If it finds none, the lab is refused.
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

# intake_alike DIR FILE FILE…: succeeds if these files have the same bytes.
intake_alike() {
  local file
  for file in "${@:3}"; do cmp -s -- "$1/$2" "$1/$file" || return; done
}

# intake_refuse DEST LAB WHY: refuses the lab, so that it has no mark, and notes WHY.
intake_refuse() {
  note "$1.notes" "$2 could not be taken: $3"
  printf '%s\n' "$2" >>"$1.refused"
}

# intake_oddities DIR DEST: notes how many names in DIR the intake never reads.
intake_oddities() {
  local odd control
  odd=$(find "$1/" -mindepth 1 ! -type f ! -type d -printf x 2>/dev/null | wc -c)
  control=$(LC_ALL=C find "$1/" -mindepth 1 -name $'*[\001-\037\177]*' -printf x 2>/dev/null | wc -c)
  intake_left_out "$2" 0 "$odd" "$control" 0
}

# intake_left_out DEST OUTSIDE ODD CONTROL UNREADABLE: notes how many names were left out,
# for each reason.
intake_left_out() {
  (($2 == 0)) || note "$1.notes" "$2 of its names begin with / or hold .. and were left out"
  (($3 == 0)) || note "$1.notes" "$3 of its names are links, pipes or devices and were left out"
  (($4 == 0)) || note "$1.notes" "$4 of its names hold control characters and were left out"
  (($5 == 0)) || note "$1.notes" "$5 of its names are in no known character set and were left out"
}
