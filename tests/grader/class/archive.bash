# shellcheck shell=bash
# shellcheck disable=SC2154 # wanted and work are the callers'
# Reads the source files from an archive with bsdtar(1). grade and similar source this
# file, for intake.bash.
#
# bsdtar reads every kind of archive (zip, tar in any compression, 7z, rar) and recognises
# it by its content. Here it never unpacks to the disk. First it lists the names. Then it
# writes the files with the name of a program to standard output, and the sizes in the list
# tell where each file ends. So links, devices, "..", absolute names and a million empty
# files have no effect. The claimed sizes are checked before, and the bytes are counted
# after. bsdtar also takes an mtree(5) text for an archive. Such a text can name files of
# this machine, but only with the option checkfs. Only the environment could set this
# option, and run_bsdtar clears the environment.

ARCHIVE_MAX=$((16 << 20))          # bytes of the archive
ARCHIVE_UNPACKED_MAX=$((64 << 20)) # bytes of all its files together
ARCHIVE_NAMES_MAX=10000            # names in an archive: a whole clone fits
ARCHIVE_LIST_MAX=$((4 << 20))      # bytes of the list of names, at most 1000 a name
ARCHIVE_SOURCES_MAX=200            # files in an archive with the name of a program
# The endings of archive names, in upper or lower case.
ARCHIVE_ENDINGS='\.(zip|7z|rar|tar|tgz|txz|tbz2?|(tar\.)?(gz|xz|bz2|zst))$'

# read_archive FILE DEST UNPACKED: writes the files that the caller's wanted names from an
# archive into UNPACKED, under relative names without "..". Sets the caller's why if FILE
# cannot be read.
read_archive() {
  local file=$1 dest=$2 to=$3 work=$2.work
  local -A kind=() size=() member=() link=() twice=()
  local order=() names=0 total=0 outside=0 odd=0 control=0 unread=0
  mkdir -p -- "$work"
  why=$(archive_unsuitable "$file")
  [[ -n $why ]] || list_archive "$file" "$work"
  if [[ -z $why ]]; then
    unread=$(grep -c 'unreadable filename' "$work/err") || true
    intake_left_out "$dest" "$outside" "$odd" "$control" "$unread"
    write_members "$file" "$dest" "$work" "$to"
  fi
  rm -rf -- "$work"
}

# archive_unsuitable FILE: prints why FILE must not be opened, or nothing.
archive_unsuitable() {
  if [[ ! -f $1 ]]; then
    echo "not a regular file"
  elif [[ ! -r $1 ]]; then
    echo "the file cannot be read"
  elif (($(stat -c %s -- "$1") > ARCHIVE_MAX)); then
    echo "the archive is larger than $((ARCHIVE_MAX >> 20)) MiB"
  fi
}

# looks_handed_in FILE: succeeds if FILE begins like an archive or a program, whatever its
# name, and holds a C file or is damaged. (Office documents are archives, too.)
looks_handed_in() {
  local LC_ALL=C begin
  [[ -f $1 && -r $1 ]] || return
  begin=$(head -c 262 -- "$1" | tr -d '\0')
  case $begin in
    PK* | Rar!* | 7z$'\xbc\xaf'* | MZ* | *ustar | BZh* | $'\x1f\x8b'* | $'\xfd7zXZ'* | $'\x28\xb5\x2f\xfd'*) ;;
    *) return 1 ;;
  esac
  [[ -z $(archive_unsuitable "$1") ]] || return 0
  mkdir -p -- "$work/look"
  run_bsdtar "$1" "$work/look" -t >"$work/look/names" || return 0
  grep -qi '\.[ch]$' "$work/look/names"
}

# run_bsdtar FILE WORK WORD...: runs bsdtar(1) on FILE with these words, with at most 20 s
# of processor time and 1 GiB of memory. Its standard error goes to WORK/err.
run_bsdtar() {
  (
    ulimit -t 20 -v 1048576
    exec env -i PATH="$PATH" LC_ALL=C.UTF-8 timeout -k 1 300 \
      bsdtar --passphrase x --numeric-owner -f - "${@:3}" <"$1" 2>"$2/err"
  )
}

# archive_damage WORK STATUS: prints what bsdtar could not read, in its words. It prints
# nothing if bsdtar only failed to read some names.
archive_damage() {
  local line
  line=$(grep -vE 'Pathname can.*converted|unreadable filename|Error exit delayed' "$1/err" | head -n 1) || true
  if (($2 > 1)); then
    echo "to unpack it takes too much time or memory"
  elif [[ $line == *assphrase* || $line == *ncrypt* ]]; then
    echo "it has a password"
  elif (($2 == 1)) && [[ -n $line ]]; then
    echo "not an archive that can be read, or damaged ($(visible "${line#bsdtar: }"))"
  fi
}

# list_archive FILE WORK: fills the caller's kind, size, member, link, twice, order, names
# and total from bsdtar's list. A line of the list is
#   -rw-r--r--  0 0      0          12 Jan  1  2024 03-listen/listen.c
# Sets the caller's why if FILE cannot be read, or holds too much.
list_archive() {
  local line status=(0 0 0)
  run_bsdtar "$1" "$2" -tv | awk -v max="$ARCHIVE_UNPACKED_MAX" '
    { print; total += $5 }
    total > max || length > 1200 { exit }' |
    head -c $((ARCHIVE_LIST_MAX + 1)) >"$2/list" || status=("${PIPESTATUS[@]}")
  while IFS= read -r line; do
    [[ $line =~ ^([-a-z])[^\ ]*\ +[0-9]+\ +[0-9]+\ +[0-9]+\ +([0-9,]+)\ [^\ ]+\ +[^\ ]+\ +[^\ ]+\ (.*)$ ]] || continue
    note_member "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
    if ((${#BASH_REMATCH[3]} > 1000)); then
      why="a name in it is longer than 1000 bytes"
      return
    fi
  done < <(head -n $((ARCHIVE_NAMES_MAX + 1)) "$2/list")
  if ((total > ARCHIVE_UNPACKED_MAX)); then
    why="it unpacks to more than $((ARCHIVE_UNPACKED_MAX >> 20)) MiB"
  elif ((names > ARCHIVE_NAMES_MAX)); then
    why="it holds more than $ARCHIVE_NAMES_MAX names"
  elif (($(stat -c %s -- "$2/list") > ARCHIVE_LIST_MAX)); then
    why="its list of names is longer than $((ARCHIVE_LIST_MAX >> 20)) MiB"
  else
    why=$(archive_damage "$2" "${status[0]}")
  fi
}

# note_member KIND SIZE NAME: adds one name of an archive to the caller's tables. The key is
# the name as plain_name writes it.
note_member() {
  local name=$3 target='' raw
  ((++names))
  [[ $2 == *,* || ${#2} -ge 16 ]] || ((total += 10#$2)) || true
  ((${#2} < 16)) || total=$((ARCHIVE_UNPACKED_MAX + 1))
  case $1 in
    l) name=${name%% -> *} ;;
    h) target=${name#* link to } name=${name%% link to *} ;;
  esac
  # bsdtar writes a backslash as \\. It writes control characters and bytes that are not
  # UTF-8 as \n or \ooo.
  if [[ ${name//\\\\/} == *\\[!23]* ]]; then
    ((++control))
    return 0
  fi
  printf -v raw %b "$name"
  plain_name "$target" && target=$PLAIN
  plain_name "$name" && name=$PLAIN
  if [[ $name == /* || /$name/ == */../* ]]; then
    ((++outside))
    return 0
  fi
  [[ $1 == [-dh] ]] || ((++odd))
  [[ -n $name && $name != */ && $name != . && $1 != d ]] || return 0
  if [[ -z ${kind[$name]:-} ]]; then order+=("$name"); else twice[$name]=1; fi
  kind[$name]=$1 size[$name]=$2 member[$name]=$raw link[$name]=${target:-/}
}

# plain_name WRITTEN: sets PLAIN to the name that bsdtar wrote as WRITTEN, with / between
# folders, without ./ and //. Archives from Windows have backslashes between folders. In GBK
# a backslash can be the second byte of a letter, so one in the last part stays.
plain_name() {
  printf -v PLAIN %b "$1"
  [[ ${PLAIN##*/} != *\\* ]] || PLAIN=${PLAIN//\\//}
  while [[ $PLAIN == *//* ]]; do PLAIN=${PLAIN//\/\//\/}; done
  while [[ $PLAIN == ./* ]]; do PLAIN=${PLAIN#./}; done
  PLAIN=${PLAIN//\/.\//\/}
}

# write_members FILE DEST WORK TO: writes the files that the caller's wanted names into the
# folder TO. A hard link becomes a copy of its target if the archive holds the target. Sets
# the caller's why if there is no file, or if a file is damaged.
write_members() {
  local file=$1 dest=$2 work=$3 to=$4 name from sum=0 at=0 status=(0 0) patterns=() nested=''
  local -A goes_to=()
  for name in "${order[@]}"; do
    [[ ! /$name =~ /(\.|__MACOSX/) ]] || continue
    [[ ! ${name,,} =~ $ARCHIVE_ENDINGS ]] || nested=$name
    from=${name##*/}
    [[ " ${wanted[*],,} " == *" ${from,,} "* ]] || continue
    from=$name
    [[ ${kind[$name]} != h || ${kind[${link[$name]}]:-} != - ]] || from=${link[$name]}
    if [[ -n ${twice[$name]:-}${twice[$from]:-} ]]; then
      why="it holds $name twice"
    elif [[ ${kind[$from]} != - ]]; then
      note "$dest.notes" "$name was not taken: it is not a regular file"
    elif ((10#${size[$from]} > TAKE_MAX)); then
      note "$dest.notes" "$name was not taken: it is larger than $((TAKE_MAX / 1024)) KiB"
    elif ! { mkdir -p -- "$to/${name%"${name##*/}"}" && : >"$to/$name"; } 2>/dev/null; then
      why="this system cannot have a file of the name $name"
    else
      goes_to[$from]+=$name$'\n'
    fi
  done
  if [[ -n $why ]]; then
    return
  elif ((${#goes_to[@]} == 0 && unread > 0 || ${#order[@]} == 0 && outside + control > 0)); then
    why="what it holds was left out"
  elif ((${#order[@]} == 0)); then
    why="it holds no file"
  elif ((${#goes_to[@]} == 0)) && [[ -n $nested ]]; then
    why="it holds no source file of these labs, but an archive: $nested"
  elif ((${#goes_to[@]} > ARCHIVE_SOURCES_MAX)); then
    why="it holds more than $ARCHIVE_SOURCES_MAX files that are called like a program"
  fi
  [[ -z $why && ${#goes_to[@]} -gt 0 ]] || return 0
  for from in "${order[@]}"; do
    [[ -n ${goes_to[$from]:-} ]] || continue
    # bsdtar reads its arguments as patterns, so escape the special characters.
    patterns+=("$(printf %s "${member[$from]}" | LC_ALL=C sed 's/[][*?\\]/\\&/g')")
    ((sum += 10#${size[$from]})) || true
  done
  run_bsdtar "$file" "$work" -xO -- "${patterns[@]}" | head -c $((sum + 1)) >"$work/members" || status=("${PIPESTATUS[@]}")
  why=$(archive_damage "$work" "${status[0]}")
  [[ -n $why || $(stat -c %s -- "$work/members") -eq $sum ]] ||
    why="its files are longer or shorter than it says"
  [[ -z $why ]] || return 0
  for from in "${order[@]}"; do
    [[ -n ${goes_to[$from]:-} ]] || continue
    while IFS= read -r name; do
      tail -c +$((at + 1)) -- "$work/members" | head -c "${size[$from]}" >"$to/$name" || true
    done <<<"${goes_to[$from]%$'\n'}"
    ((at += 10#${size[$from]})) || true
  done
}
