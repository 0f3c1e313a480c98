# shellcheck shell=bash
# shellcheck disable=SC2034 # what box sets is for launch.bash
# What confines the programs of a submission, each of them; see confine, which sets
# in the environment: KIT_CONFINED, full or weaker; KIT_SHARE, the one folder of ours
# that the programs can see, by the same name inside and outside; KIT_USER, the
# user that they are, or nothing: us. Rests on bwrap(1), setrlimit(2), init.c.

# What a program may use, in bytes and seconds; see limits in setrlimit(2).
# The sanitizers reserve terabytes of addresses: they watch the memory in use.
BOX_MEMORY=1073741824
BOX_SANITIZED_MB=512
BOX_COMPILER_MEMORY=4294967296
BOX_PROCESSES=64
BOX_FILE=8388608
BOX_TMP=16777216
BOX_COMPILER_TMP=268435456
BOX_DESCRIPTORS=1024
BOX_STACK=8388608

# box KIND SECONDS: what a program of this KIND (plain, sanitized, compiler, raw) is
# started with, whose deadline is in so many SECONDS. Sets BOX, words for launch
# before the program's own options; LIMITS, such options; AS, words before the
# program's own; ASAN, options of the sanitizers.
box() {
  local memory=$BOX_MEMORY file=$BOX_FILE tmp=$BOX_TMP dir
  BOX=() LIMITS=() AS=() ASAN=
  [[ ${KIT_CONFINED:-none} != none ]] || return 0
  [[ $1 != compiler ]] || memory=$BOX_COMPILER_MEMORY file=$BOX_COMPILER_TMP tmp=$BOX_COMPILER_TMP
  # One second more than the deadline: that must come first.
  LIMITS=(-l "cpu=$(($2 + 1))" -l "fsize=$file" -l "nproc=$BOX_PROCESSES"
    -l "stack=$BOX_STACK" -l "nofile=$BOX_DESCRIPTORS")
  if [[ $1 == sanitized ]]; then
    ASAN=:hard_rss_limit_mb=$BOX_SANITIZED_MB
  else
    LIMITS+=(-l "as=$memory")
  fi
  [[ -z ${KIT_USER:-} ]] || BOX=(-u "$KIT_USER")
  if [[ $KIT_CONFINED == weaker ]]; then
    LIMITS+=(-e "TMPDIR=$KIT_SHARE/tmp")
    [[ $1 != raw ]] || BOX=() AS=(setpriv --reuid "$KIT_USER" --regid "$KIT_USER" --clear-groups
      --no-new-privs '--bounding-set=-all,+net_raw' '--inh-caps=-all,+net_raw' '--ambient-caps=-all,+net_raw')
    return
  fi
  BOX+=(-s -- bwrap --unshare-user --unshare-pid --unshare-ipc --unshare-uts
    --unshare-cgroup-try --die-with-parent --as-pid-1 --cap-drop ALL
    --hostname lab)
  # As 0, a user of the sandbox's, bwrap makes only one user namespace: that which
  # the network belongs to, so that the capability counts there.
  if [[ $1 == raw ]]; then
    BOX+=(--unshare-net --cap-add CAP_NET_RAW --uid 0 --gid 0)
  else
    BOX+=(--disable-userns --uid 1000 --gid 1000)
  fi
  BOX+=(--ro-bind /usr /usr)
  for dir in bin sbin lib lib32 lib64 libx32; do
    if [[ -L /$dir ]]; then
      BOX+=(--symlink "usr/$dir" "/$dir")
    elif [[ -d /$dir ]]; then
      BOX+=(--ro-bind "/$dir" "/$dir")
    fi
  done
  BOX+=(--ro-bind "$KIT_SHARE/etc" /etc --ro-bind "$KIT_SHARE" "$KIT_SHARE"
    --proc /proc --dev /dev --size 1048576 --tmpfs /dev/shm --remount-ro /dev
    --perms 0700 --size "$tmp" --tmpfs /tmp --chdir /tmp --remount-ro /
    "$KIT_SHARE/init")
}

# build_boxed NAME FOLDER OBJECT WORD…: build_one where submissions run: the compiler's
# command line WORD… for the text of NAME.c, and again, with OBJECT if it is not empty,
# for the program. In one sandbox, out of which come the length of the text, the text
# and the program: nothing but the compiler runs there.
build_boxed() {
  local name=$1 folder=$2 dir=$KIT_RUN/compiler-${2//\//-}$1 size
  local deadline=${COMPILER_DEADLINE:-40}
  box compiler "$deadline"
  # shellcheck disable=SC2016 # for the shell that is started
  (exec -c "$KIT_BIN/launch" -t "$deadline" -c "$BOX_COMPILER_TMP" -d "$dir" "${BOX[@]}" "${LIMITS[@]}" \
    -e "PATH=/usr/local/bin:/usr/bin:/bin" -e LC_ALL=C -- \
    sh -c 'cd "$1" && source=$2 object=$3 headers=$4 marker_sed=$5 to=${TMPDIR:-/tmp}/made.$$ && shift 5 &&
      "$@" $headers -E -C "$source" -o "$to.text" >&2 && sed -i "$marker_sed" "$to.text" &&
      "$@" ${object:+"$object"} -x cpp-output "$to.text" -o "$to" >&2 &&
      wc -c <"$to.text" && exec cat "$to.text" "$to"' \
    sh "$KIT_SHARE/src" "$SECRET$SOURCES/$name.c" "$3" "${HEADERS[*]}" "$MARKER_SED" "${@:4}" </dev/null 3>&- 4>&-) >"$dir.end" || true
  [[ ! -s $dir/err ]] || cat "$dir/err" >&2
  [[ $(<"$dir.end") == *'exited 0 '* ]] || return
  {
    read -r size
    head -c "$size" >"$KIT_SHARE/text/$folder$name"
    cat >"$KIT_SHARE/$folder$name"
  } <"$dir/out"
  chmod 755 "$KIT_SHARE/$folder$name"
}
