# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # TAKE_WHY and root belong to who sources this
# Taking source files from a submission: only the named ones, by content.
# Sourced after common.bash by the scripts that do so. A submission may
# hold a link to /etc/shadow, a FIFO that never ends or 2 GB of zeros under the
# name that we look for, so: regular files only, no link anywhere on the way,
# at most TAKE_MAX bytes (a solution has about 5,000).

TAKE_MAX=262144

# visible TEXT: TEXT as a terminal may have it: every control character, every sign
# that turns the direction of writing, and what is no UTF-8 made a "?" or left out,
# as "safe" in words.jq does it.
visible() {
  local -x LC_ALL=C
  if [[ $1 == *[!\ -~]* ]]; then
    printf %s "$1" | { iconv -c -f UTF-8 -t UTF-8 || true; } | sed -z -e 's/[\x01-\x1f\x7f]/?/g' -e 's/\xc2[\x80-\x9f]/?/g' \
      -e 's/\xe2\x80[\x8e\x8f\xa8-\xae]/?/g' -e 's/\xe2\x81[\xa6-\xa9]/?/g' -e 's/\xd8\x9c\|\xef\xbb\xbf/?/g'
  else
    printf %s "$1"
  fi
}

# quoted VALUE: VALUE as it is typed after NAME= for make.
quoted() {
  local value=$1
  [[ $value =~ ^[A-Za-z0-9._/,-]*$ ]] || value=${value@Q}
  visible "${value//\$/\$\$}"
}

# pristine LAB PROGRAM: the skeleton as it is handed out. A release carries it, the
# course makes it from the solution. Non-zero when there is none.
pristine() {
  local kept=$root/tests/commands/skeletons
  if [[ -d $kept ]]; then
    cat -- "$kept/$1/$2.c" 2>/dev/null
  else
    "$root/tests/commands/skeleton" "$root/solutions/$1/$2.c" 2>/dev/null
  fi
}

# as_delivered LAB PROGRAM FILE: FILE is the program's skeleton, untouched.
as_delivered() {
  [[ -f $3 ]] && pristine "$1" "$2" | cmp -s - "$3"
}

# layouts LAB PROGRAM: the three places where a submission may hold a source
# file, one a line, the first that exists is taken.
layouts() {
  printf '%s\n' "$1/$2.c" "labs/$1/$2.c" "$2.c"
}

# take_file DIR REL TO: copies the regular file DIR/REL to TO.
# Returns 0 taken; 1 there is no such file; 2 it is refused, TAKE_WHY says why.
take_file() {
  local dir=$1 rel=$2 to=$3 part=$1 rest=$2 size
  TAKE_WHY=
  while :; do
    part+=/${rest%%/*}
    if [[ -L $part ]]; then
      TAKE_WHY="is a link"
      return 2
    fi
    [[ $rest == */* ]] || break
    rest=${rest#*/}
  done
  [[ -e $dir/$rel ]] || return 1
  if [[ ! -f $dir/$rel ]]; then
    TAKE_WHY="is not a regular file"
    return 2
  fi
  # nofollow and nonblock: the name may have changed since it was looked at.
  if ! dd if="$dir/$rel" of="$to" bs=64K iflag=nofollow,nonblock,count_bytes \
    count=$((TAKE_MAX + 1)) status=none 2>/dev/null; then
    rm -f -- "$to"
    TAKE_WHY="cannot be read"
    return 2
  fi
  size=$(stat -c %s -- "$to")
  if ((size > TAKE_MAX)); then
    rm -f -- "$to"
    TAKE_WHY="is larger than $((TAKE_MAX / 1024)) KiB"
    return 2
  fi
}

# packed DIR NAME…: a tar.gz of these names in DIR and all below them, on standard
# output. Order, times, owner and modes are fixed: the same files give the same
# bytes (https://reproducible-builds.org/docs/archives/).
packed() {
  local dir=$1
  shift
  (cd -- "$dir" && find "$@" ! -type d -print0) | LC_ALL=C sort -z |
    tar --create --directory "$dir" --null --no-recursion --files-from - \
      --format=ustar --mtime='2000-01-01 00:00:00Z' --owner=0 --group=0 \
      --numeric-owner --mode=u=rwX,go=rX | gzip -n -9
}
