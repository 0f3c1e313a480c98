# shellcheck shell=bash
# shellcheck disable=SC2034 # what box sets is for launch.bash
# Makes the command line that confines one program of a submission. confine sets these
# variables in the environment: KIT_CONFINED is full or weaker. KIT_SHARE is the only folder
# of the judge that the programs see, under the same name inside and outside. KIT_USER is
# the UID of the programs; if it is empty, they run under the judge's UID. Rests on
# bwrap(1), setrlimit(2), init.c.

# The limits of a program, in bytes unless the name says otherwise; setrlimit(2).
# The sanitizers reserve terabytes of addresses, so RLIMIT_AS cannot limit them. They limit
# the memory in use themselves.
BOX_MEMORY=1073741824
BOX_SANITIZED_MB=512
BOX_COMPILER_MEMORY=4294967296
BOX_PROCESSES=64
BOX_FILE=8388608
BOX_TMP=16777216
BOX_COMPILER_TMP=268435456
BOX_DESCRIPTORS=1024
BOX_STACK=8388608

# Not that of the environment.
FOLDER=

# box KIND SECONDS [raw]: prepares the start of a program of this KIND (plain, sanitized,
# compiler) with a deadline of SECONDS. With "raw" the program gets a network of its own and
# may make raw sockets there. It sets four variables: BOX (words for launch that start the
# sandbox), LIMITS (options of launch or init), AS (words before the program's name) and
# ASAN (options for the sanitizers). If FOLDER is set, the program of a submission can write
# in this folder below KIT_SHARE, too, and starts there.
box() {
  local memory=$BOX_MEMORY file=$BOX_FILE tmp=$BOX_TMP dir folder=$FOLDER
  BOX=() LIMITS=() AS=() ASAN=
  [[ ${KIT_CONFINED:-none} != none ]] || return 0
  [[ $1 != compiler ]] || memory=$BOX_COMPILER_MEMORY file=$BOX_COMPILER_TMP tmp=$BOX_COMPILER_TMP folder=
  # The limit on processor time is one second longer, so that the deadline comes first.
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
    [[ -z ${3:-} ]] || BOX=() AS=(setpriv --reuid "$KIT_USER" --regid "$KIT_USER" --clear-groups
      --no-new-privs '--bounding-set=-all,+net_raw' '--inh-caps=-all,+net_raw' '--ambient-caps=-all,+net_raw')
    return
  fi
  BOX+=(-s -- bwrap --unshare-user --unshare-pid --unshare-ipc --unshare-uts
    --unshare-cgroup-try --die-with-parent --as-pid-1 --cap-drop ALL
    --hostname lab)
  # With UID 0 bwrap makes only one user namespace. The network namespace belongs to it, so
  # CAP_NET_RAW counts there.
  if [[ -n ${3:-} ]]; then
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
    --perms 0700 --size "$tmp" --tmpfs /tmp ${folder:+--bind "$folder" "$folder"}
    --chdir "${folder:-/tmp}" --remount-ro / "$KIT_SHARE/init")
}

# build_boxed NAME PLAIN SANITIZED: does what build_one does, but in a sandbox. PLAIN and
# SANITIZED are the compiler's command lines, in words that hold no blank. The sandbox writes
# to standard output four sizes, a line each, and then as many bytes: of the preprocessed
# text, of both programs, and of what gcc said of the sanitized one. What it said of the plain
# one goes to standard error. No program of a submission runs there.
build_boxed() {
  local name=$1 dir=$KIT_RUN/compiler-$1 n sizes files
  local deadline=${COMPILER_DEADLINE:-40}
  box compiler "$deadline"
  # shellcheck disable=SC2016 # the inner shell expands these variables
  (exec -c "$KIT_BIN/launch" -t "$deadline" -c "$BOX_COMPILER_TMP" -d "$dir" "${BOX[@]}" "${LIMITS[@]}" \
    -e "PATH=/usr/local/bin:/usr/bin:/bin" -e LC_ALL=C -- \
    sh -c 'cd "$1" && source=$2 headers=$3 marker_sed=$4 plain=$5 sanitized=$6 to=${TMPDIR:-/tmp}/made.$$
      $plain $headers -E -C "$source" -o "$to.text" >&2 && sed -i "$marker_sed" "$to.text" || exit
      $plain -x cpp-output "$to.text" -o "$to.plain" >&2
      $sanitized -x cpp-output "$to.text" -o "$to.sanitized" >"$to.said" 2>&1
      cd "${to%/*}"
      set -- "${to##*/}.text" "${to##*/}.plain" "${to##*/}.sanitized" "${to##*/}.said"
      for file do : >>"$file"; wc -c <"$file"; done
      exec cat "$@"' \
    sh "$KIT_SHARE/src" "$SECRET$SOURCES/$name.c" "${HEADERS[*]}" "$MARKER_SED" "$2" "$3" </dev/null 3>&- 4>&-) >"$dir.end" || true
  [[ ! -s $dir/err ]] || cat "$dir/err" >&2
  [[ $(<"$dir.end") == *'exited 0 '* ]] || return
  files=("$KIT_SHARE/text/$name" "$KIT_SHARE/plain/$name" "$KIT_SHARE/$name" "$KIT_RUN/$name.sanitized")
  {
    for n in 0 1 2 3; do read -r "sizes[n]"; done
    for n in 0 1 2 3; do
      ((sizes[n] == 0)) || head -c "${sizes[n]}" >"${files[n]}"
    done
  } <"$dir/out"
  for n in 1 2; do [[ ! -e ${files[n]} ]] || chmod 755 "${files[n]}"; done
}
