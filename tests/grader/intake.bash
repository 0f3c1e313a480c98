# shellcheck shell=bash
# shellcheck disable=SC2154 # root comes from common.bash
# Intake: what somebody handed in -> a clean folder of source files.
# Sourced by tests/grader/grade, after tests/kit/common.bash and take.bash.
#
# Nothing of an archive is ever unpacked to the disk by its own names: the list
# of names is read (zipinfo, tar --list), and the few files that we know by name
# are written to standard output by unzip -p or tar -O and capped there. So
# links, devices, "..", absolute names and a million empty files have no effect.
# Sizes claimed by the archive are checked first and then not believed.

INTAKE_ARCHIVE_MAX=$((16 << 20))  # bytes as handed in
INTAKE_UNPACKED_MAX=$((64 << 20)) # bytes when unpacked, all files together
INTAKE_ENTRIES_MAX=10000          # names in an archive: a whole clone fits
INTAKE_LIST_MAX=$((4 << 20))      # bytes of the list of names, each of at most 1000

# intake PATH DEST LAB...: takes the programs of the labs named from PATH (a
# folder, or an archive .zip .tar.gz .tgz) into DEST/LAB/PROGRAM.c and writes
# remarks to DEST.notes. Returns 0 taken, be it nothing at all; 1 could not be
# taken, and the last remark says why.
intake() {
  local path=$1 dest=$2 status=0
  shift 2
  mkdir -p -- "${@/#/"$dest"/}"
  : >"$dest.notes"
  if [[ -L $path ]]; then
    note "$dest.notes" "could not be taken: it is a link"
    return 1
  elif [[ -d $path ]]; then
    if [[ ! -r $path || ! -x $path ]]; then
      note "$dest.notes" "could not be taken: the folder cannot be read"
      return 1
    fi
    intake_folder "$path" "$dest" "$@"
  else
    intake_archive "$path" "$dest" "$@" || status=1
  fi
  ((status == 0)) || return 1
  if [[ -z $(find "$dest" -name '*.c' -print -quit) ]]; then
    note "$dest.notes" "holds no source file of these labs"
  fi
}

# intake_folder DIR DEST LAB...: from a folder; if all it holds is one other
# folder (an archive that somebody unpacked), from that one.
intake_folder() {
  local dir=$1 dest=$2 lab program rel found inside=()
  shift 2
  mapfile -d '' -t inside < <(find "$dir/" -mindepth 1 -maxdepth 1 \
    ! -name '.*' ! -name __MACOSX -print0)
  if ((${#inside[@]} == 1)) && [[ -d ${inside[0]} && ! -L ${inside[0]} ]] &&
    [[ ${inside[0]##*/} != labs && ! -e $root/tests/labs/${inside[0]##*/}.bats ]]; then
    dir=${inside[0]}
  fi
  for lab in "$@"; do
    for program in $(lab_programs "$lab"); do
      found=
      while read -r rel; do
        if [[ -n $found ]]; then
          [[ ! -e $dir/$rel && ! -L $dir/$rel ]] ||
            note "$dest.notes" "$rel was left out: $found was taken"
          continue
        fi
        if take_file "$dir" "$rel" "$dest/$lab/$program.c"; then
          found=$rel
        elif [[ -n $TAKE_WHY ]]; then
          note "$dest.notes" "$rel was not taken: it $TAKE_WHY"
        fi
      done < <(layouts "$lab" "$program")
    done
  done
  intake_oddities "$dir" "$dest"
}

# intake_oddities DIR DEST: notes what in a folder is never looked at.
intake_oddities() {
  local odd control
  odd=$(find "$1/" -mindepth 1 ! -type f ! -type d -printf x 2>/dev/null | wc -c)
  control=$(LC_ALL=C find "$1/" -mindepth 1 -name $'*[\001-\037\177]*' -printf x 2>/dev/null | wc -c)
  intake_left_out "$2" 0 "$odd" "$control"
}

# intake_left_out DEST OUTSIDE ODD CONTROL: notes how many names were left out, by
# reason.
intake_left_out() {
  (($2 == 0)) || note "$1.notes" "$2 of its names begin with / or hold .. and were left out"
  (($3 == 0)) || note "$1.notes" "$3 of its names are links, pipes or devices and were left out"
  (($4 == 0)) || note "$1.notes" "$4 of its names hold control characters and were left out"
}

# intake_archive FILE DEST LAB...: from an archive. Returns as intake does.
intake_archive() {
  local file=$1 dest=$2 work=$2.unpack why=
  shift 2
  local -A type=() size=() raw=() twice=()
  local names=0 total=0 outside=0 odd=0 control=0 top=
  mkdir -p -- "$work"
  why=$(intake_unsuitable "$file")
  if [[ -z $why ]]; then
    case $file in
      *.zip) intake_list_zip "$file" "$work" || why="not a zip archive, or damaged" ;;
      *) intake_list_tar "$file" "$work" || why=$INTAKE_WHY ;;
    esac
  fi
  if [[ -z $why ]] && ((names > INTAKE_ENTRIES_MAX)); then
    why="it holds more than $INTAKE_ENTRIES_MAX names"
  elif [[ -z $why ]] && ((total > INTAKE_UNPACKED_MAX)); then
    why="it unpacks to more than $((INTAKE_UNPACKED_MAX >> 20)) MiB"
  fi
  if [[ -z $why ]]; then
    intake_left_out "$dest" "$outside" "$odd" "$control"
    intake_members "$file" "$dest" "$work" "$@" || why="it is damaged"
  fi
  rm -rf -- "$work"
  if [[ -n $why ]]; then
    find "$dest" -name '*.c' -delete
    note "$dest.notes" "could not be taken: $why"
    return 1
  fi
}

# intake_unsuitable FILE: prints why FILE is not even to be opened, or nothing.
intake_unsuitable() {
  if [[ ! -f $1 ]]; then
    echo "not a regular file"
  elif [[ ! -r $1 ]]; then
    echo "the file cannot be read"
  elif (($(stat -c %s -- "$1") > INTAKE_ARCHIVE_MAX)); then
    echo "the archive is larger than $((INTAKE_ARCHIVE_MAX >> 20)) MiB"
  fi
}

# intake_list_zip FILE WORK: fills type, size, raw, twice, names, total, top of
# the caller from zipinfo(1), whose lines are
#   -rw-r--r--  3.0 unx        12 tx stor 24-Jan-01 00:00 03-listen/listen.c
# Returns non-zero when zipinfo cannot read it. (1 is only a warning.)
intake_list_zip() {
  local status=0 line
  timeout -k 1 20 unzip -Z -s -- "$1" </dev/null >"$2/list" 2>/dev/null ||
    status=$?
  ((status <= 1)) || return 1
  while IFS= read -r line; do
    ((${#line} <= 1000)) || return 1
    [[ $line =~ ^([-?a-z])[^\ ]*\ +[0-9.]+\ +[^\ ]+\ +([0-9]+)\ +[^\ ]+\ +[^\ ]+\ +[^\ ]+\ [^\ ]+\ (.*)$ ]] ||
      continue
    intake_entry "${BASH_REMATCH[1]/\?/-}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
  done < <(head -n $((INTAKE_ENTRIES_MAX + 9)) "$2/list")
}

# intake_list_tar FILE WORK: the same from GNU tar(1), whose lines are
#   -rw-r--r-- 0/0          12 2024-01-01 00:00 03-listen/listen.c
# after unpacking the gzip layer to WORK/tar, with a cap. Returns non-zero and
# INTAKE_WHY when it is no such archive.
intake_list_tar() {
  local line status=(0 0)
  INTAKE_WHY=
  timeout -k 1 60 gzip -dc <"$1" 2>/dev/null |
    head -c $((INTAKE_UNPACKED_MAX + 1)) >"$2/tar" || status=("${PIPESTATUS[@]}")
  if (($(stat -c %s -- "$2/tar") > INTAKE_UNPACKED_MAX)); then
    INTAKE_WHY="it unpacks to more than $((INTAKE_UNPACKED_MAX >> 20)) MiB"
    return 1
  elif ((status[0] != 0)); then
    INTAKE_WHY="not a tar.gz archive, or damaged"
    return 1
  fi
  # By a pipe: of a file tar would find out whether it is compressed once more.
  status=(0 0 0)
  # shellcheck disable=SC2002 # a pipe
  cat -- "$2/tar" | timeout -k 1 20 tar --list --verbose --numeric-owner \
    --quoting-style=escape -f - 2>/dev/null |
    head -c $((INTAKE_LIST_MAX + 1)) >"$2/list" || status=("${PIPESTATUS[@]}")
  if (($(stat -c %s -- "$2/list") > INTAKE_LIST_MAX)); then
    INTAKE_WHY="its list of names is longer than $((INTAKE_LIST_MAX >> 20)) MiB"
    return 1
  elif ((status[1] != 0)); then
    INTAKE_WHY="not a tar.gz archive, or damaged"
    return 1
  fi
  while IFS= read -r line; do
    if ((${#line} > 1000)); then
      INTAKE_WHY="a name in it is longer than 1000 bytes"
      return 1
    fi
    [[ $line =~ ^(.)[^\ ]*\ +[0-9]+/[0-9]+\ +([0-9]+)\ [^\ ]+\ [^\ ]+\ (.*)$ ]] ||
      continue
    line=${BASH_REMATCH[3]}
    case ${BASH_REMATCH[1]} in
      l) line=${line%% -> *} ;;
      h) line=${line%% link to *} ;;
    esac
    intake_entry "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "$line"
  done < <(head -n $((INTAKE_ENTRIES_MAX + 9)) "$2/list")
}

# intake_entry TYPE SIZE NAME: one name of an archive, into the caller's tables.
# top becomes the one folder that everything is in, or "-" when there is none.
intake_entry() {
  local name=$3 first
  ((++names))
  ((${#2} < 16)) || { total=$((INTAKE_UNPACKED_MAX + 1)) && return 0; }
  ((total += 10#$2)) || true
  while [[ $name == ./* ]]; do name=${name#./}; done
  [[ -n $name && $name != . ]] || return 0
  if [[ $name == /* || /$name/ == */../* ]]; then
    ((++outside))
    return 0
  fi
  # tar writes a control character as \ooo or \n and \ as \\, unzip as ^X.
  if [[ ${name//\\\\/} == *\\* || $name == *^[@-_?]* ]]; then
    ((++control))
    return 0
  fi
  [[ $1 == [-d] ]] || ((++odd))
  case $name in .* | __MACOSX*) return 0 ;; esac
  first=${name%%/*}
  if [[ $name != */* && $1 != d ]]; then
    top=-
  elif [[ -z $top ]]; then
    top=$first
  elif [[ $top != "$first" ]]; then
    top=-
  fi
  [[ -z ${type[$name]:-} ]] || twice[$name]=1
  type[$name]=$1
  size[$name]=$2
  raw[$name]=$3
}

# intake_members FILE DEST WORK LAB...: writes the files that are to be taken.
# Returns 1 when the archive turns out to be damaged.
intake_members() {
  local file=$1 dest=$2 work=$3 lab program rel name found under=
  shift 3
  # Everything in one folder, as file managers make them: look inside. Only a
  # plain name, because unzip(1) takes names as patterns.
  if [[ $top =~ ^[[:alnum:]][[:alnum:]\ ._+@-]*$ && $top != labs ]] &&
    [[ ! -e $root/tests/labs/$top.bats ]]; then
    under=$top/
  fi
  for lab in "$@"; do
    for program in $(lab_programs "$lab"); do
      found=
      while read -r rel; do
        name=$under$rel
        [[ -n ${type[$name]:-} ]] || continue
        if [[ -n $found ]]; then
          note "$dest.notes" "$rel was left out: $found was taken"
        elif [[ -n ${twice[$name]:-} ]]; then
          note "$dest.notes" "$rel was not taken: it is in the archive twice"
        elif [[ ${type[$name]} != - ]]; then
          note "$dest.notes" "$rel was not taken: it is not a regular file"
        elif ((10#${size[$name]} > TAKE_MAX)); then
          note "$dest.notes" "$rel was not taken: it is larger than $((TAKE_MAX / 1024)) KiB"
        else
          intake_member "$file" "${raw[$name]}" "$work" \
            >"$dest/$lab/$program.c" || return 1
          found=$rel
        fi
      done < <(layouts "$lab" "$program")
    done
  done
}

# intake_member FILE NAME WORK: the bytes of one member on standard output.
# Returns non-zero when it cannot be read, or has more bytes than it claimed.
intake_member() {
  local size
  # shellcheck disable=SC2002 # a pipe, as above
  case $1 in
    # -P: without it an encrypted member asks for a password on the terminal.
    *.zip) timeout -k 1 20 unzip -p -P x -- "$1" "$2" </dev/null 2>/dev/null ;;
    *) cat -- "$3/tar" | timeout -k 1 20 tar --extract --to-stdout --no-wildcards \
      --no-unquote -f - -- "$2" 2>/dev/null ;;
  esac | head -c $((TAKE_MAX + 1)) >"$3/member" || return 1
  size=$(stat -c %s -- "$3/member")
  ((size <= TAKE_MAX)) || return 1
  cat "$3/member"
}
