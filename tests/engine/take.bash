# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the sourcing script reads TAKE_WHY and sets root
# Takes the named source files from a submission. Source it after common.bash. Under the
# name of a source a submission can hold a link to /etc/shadow, a FIFO that never ends or
# 2 GB of zeros. So it takes only regular files, follows no link on the path, and takes at
# most TAKE_MAX bytes (a solution has about 5,000).

TAKE_MAX=262144

# quoted VALUE: prints VALUE quoted for a make command line, after NAME=.
quoted() {
  local value=$1
  [[ $value =~ ^[A-Za-z0-9._/,-]*$ ]] || value=${value@Q}
  visible "${value//\$/\$\$}"
}

# pristine LAB PROGRAM: prints the skeleton as it is handed out. A release holds the
# skeletons. The course makes them from the solutions. Fails if there is none.
pristine() {
  local kept=$root/tests/commands/skeletons
  if [[ -d $kept ]]; then
    cat -- "$kept/$1/$2.c" 2>/dev/null
  else
    "$root/tests/commands/skeleton" "$root/solutions/$1/$2.c" 2>/dev/null
  fi
}

# as_delivered LAB PROGRAM FILE: succeeds if FILE is the program's unchanged skeleton.
as_delivered() {
  [[ -f $3 ]] && pristine "$1" "$2" | cmp -s - "$3"
}

# layouts LAB PROGRAM: prints the three places where a submission may hold the source file,
# one a line. The first place that exists counts.
layouts() {
  printf '%s\n' "$1/$2.c" "labs/$1/$2.c" "$2.c"
}

# take_file DIR REL TO: copies the regular file DIR/REL to TO.
# Returns 0 if it is copied, 1 if there is no such file, 2 if it is refused: TAKE_WHY says
# why.
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
  # nofollow and nonblock close a race: the name may now be a link or a FIFO.
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

# packed DIR NAME…: writes a tar.gz of these names in DIR, with all files below them, to
# standard output. Order, times, owner and modes are fixed, so the same files give the same
# bytes (https://reproducible-builds.org/docs/archives/).
packed() {
  local dir=$1
  shift
  (cd -- "$dir" && find "$@" ! -type d -print0) | LC_ALL=C sort -z |
    tar --create --directory "$dir" --null --no-recursion --files-from - \
      --format=ustar --mtime='2000-01-01 00:00:00Z' --owner=0 --group=0 \
      --numeric-owner --mode=u=rwX,go=rX | gzip -n -9
}
