# shellcheck shell=bash
# Building a submission's programs, once a lab: for most tests with the address
# and undefined-behaviour sanitizers, for valgrind and for many short runs plain.

STANDARD=(-std=gnu17 -g -O0)
WARNINGS=(-Wall -Wextra -Wpedantic -Wformat=2)
# --allow-shlib-undefined: ld(1) does not read all that the sanitizers' libraries need
# themselves, for two thirds of the time of linking.
SANITIZE=(-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all
  -fno-omit-frame-pointer '-Wl,--allow-shlib-undefined')

# build_programs: the judge builds PROGRAMS, once. For PROGRAM: KIT_SHARE/PROGRAM with
# sanitizers, KIT_SHARE/plain/PROGRAM without, KIT_RUN/PROGRAM.warnings from gcc;
# KIT_SHARE/text/PROGRAM and text/plain/PROGRAM, what the preprocessor made of the
# source for each. That is what is compiled, and what honest.bash looks at: a source
# could give the compiler other lines than those that are looked at.
build_programs() {
  local name jobs=()
  mkdir -p "$KIT_SHARE/plain" "$KIT_SHARE/text/plain"
  secret_names
  # From the folder of the sources, so that messages name the file alone.
  for name in "${PROGRAMS[@]}"; do
    [[ -e $KIT_SOURCE/$name.c ]] || continue
    build_one "$name" plain/ "${WARNINGS[@]}" 2>"$KIT_RUN/$name.warnings" &
    jobs+=($!)
    build_one "$name" '' "${SANITIZE[@]}" 2>"$KIT_RUN/$name.sanitized" &
    jobs+=($!)
  done
  wait "${jobs[@]}" || true
  ((${#jobs[@]} == 0)) || plain_names "$KIT_RUN"/*.{warnings,sanitized}
  rm "$SECRET"
  : >"$KIT_RUN/built"
}

# build_one NAME FOLDER OPTION…: one of these builds. Comments stay in the text:
# "fall through" in one is an answer to a warning. Line markers are made honest in it
# (secret_names in honest.bash).
build_one() {
  local text=$KIT_SHARE/text/$2$1 object='' words=("$KIT_CC" "${STANDARD[@]}" "${@:3}")
  [[ -n $2 ]] || object=$KIT_TOOLS/guard.o
  if [[ $KIT_CONFINED != none ]]; then
    build_boxed "$1" "$2" "$object" "${words[@]}"
  else
    compile "${words[@]}" "${HEADERS[@]}" -E -C "$SECRET$SOURCES/$1.c" -o "$text" &&
      sed -i "$HONEST" "$text" &&
      compile "${words[@]}" ${object:+"$object"} -x cpp-output "$text" -o "$KIT_SHARE/$2$1"
  fi || return
  [[ -n $2 ]] || unwatched "$1" >"$KIT_RUN/$1.unwatched"
}

# programs_built: waits until they are: the compilers hold a lock (flock(1)).
programs_built() {
  [[ -e $KIT_RUN/built ]] || flock "$KIT_RUN/building" true
}

# compile WORD…: a command line of the compiler's. Limits in time, size and memory (4
# GiB): a source can be written to keep a compiler busy for ever.
compile() {
  (
    cd "$KIT_SOURCE" || exit
    ulimit -t 20 -f 131072 -v 4194304
    LC_ALL=C exec timeout -k 1 40 "$@" </dev/null >/dev/null 3>&- 4>&-
  )
}

# is_built PROGRAM: it compiled, and the sanitizers watch it.
is_built() { [[ -x $KIT_SHARE/plain/$1 && -x $KIT_SHARE/$1 && ! -s $KIT_RUN/$1.unwatched ]]; }

# compiled PROGRAM: fails the test, with the compiler's first words, unless PROGRAM
# was there and compiled.
compiled() {
  if [[ ! -e $KIT_SOURCE/$1.c ]]; then
    evidence verdict missing
    flunk "the file $1.c" "there is none"
  elif [[ ! -x $KIT_SHARE/plain/$1 || ! -x $KIT_SHARE/$1 ]]; then
    # What the compiler or the linker says of a place or a name is the source's fault.
    if ! grep -qaE ':[0-9]+:[0-9]+: (fatal )?error: |undefined reference|multiple definition' "$KIT_RUN/$1".{warnings,sanitized} ||
      grep -qaiE 'no space left|quota|cannot (allocate|execute|fork)|out of memory|too many open|input/output error' "$KIT_RUN/$1".{warnings,sanitized}; then
      machine_is_well || return
    fi
    evidence verdict no-compile
    flunk "$1.c compiles as C17: ${KIT_CC##*/} -std=gnu17 $1.c -o $1" \
      "$(grep -m 4 -a -A 2 error "$KIT_RUN/$1.warnings" ||
        grep -m 4 -a -A 2 -e error -e multiple "$KIT_RUN/$1.sanitized" || tail -n 4 "$KIT_RUN/$1.warnings")"
  elif [[ -s $KIT_RUN/$1.unwatched ]]; then
    evidence verdict no-compile
    evidence ran "gcc -E -C $1.c | less"
    flunk "$1.c leaves the sanitizers on, and has no assembler" "it says: $(<"$KIT_RUN/$1.unwatched")"
  fi
}

# no_warnings PROGRAM: it compiles without a warning.
no_warnings() {
  local hidden said
  hidden=$(hidden_warnings "$1")
  if [[ -n $hidden ]]; then
    flunk "no warning from ${KIT_CC##*/}, and none that $1.c hides" "it says: $hidden"
    return
  fi
  # The compiler names line and column; what the linker, or a script round the compiler,
  # has to say is no warning of it.
  ! said=$(grep -a -A 2 -m 3 -E ':[0-9]+:[0-9]+: warning: ' "$KIT_RUN/$1.warnings") ||
    flunk "no warning from ${KIT_CC##*/} ${WARNINGS[*]} $1.c" "$said"
}

# machine_is_well: whether a program that is right compiles here, and begins under the
# sanitizers. Asked once a run, where one of a submission does neither; else the test is
# an infra-error, which names what is wrong.
machine_is_well() {
  local lock
  exec {lock}>"$KIT_RUN/control.lock"
  flock "$lock"
  # By rename: bats can be ended while it asks (not-run.bash), and the judge asks then.
  if [[ ! -e $KIT_RUN/machine ]]; then
    control >"$KIT_RUN/machine.new" || true
    mv "$KIT_RUN/machine.new" "$KIT_RUN/machine"
  fi
  exec {lock}>&-
  [[ -s $KIT_RUN/machine ]] || return 0
  evidence verdict infra-error
  evidence got "$(<"$KIT_RUN/machine")"
  return 1
}

# control: that program; prints nothing, or what the machine cannot do.
# shellcheck disable=SC2030,SC2031,SC2034 # as a test of its own
control() (
  PROGRAMS=(control) T=$KIT_RUN/control.run EVIDENCE=/dev/null QUIET=1
  P=-1 PIDS=() DIRS=() ENDS=() CONTROLS=() LAUNCHERS=() PEERS=() PARTS=() SHOWN=() NAMES=() PID_FILE=''
  # For answer_tests (not-run.bash), which has no more of the kit.
  # shellcheck source=tests/kit/conditions.bash
  source "${BASH_SOURCE[0]%/*}/../kit/conditions.bash"
  # shellcheck source=tests/kit/launch.bash
  source "${BASH_SOURCE[0]%/*}/../kit/launch.bash"
  mkdir -p "$T"
  # As large as a submission may get, so that it meets the end of a disk, too.
  printf 'const char room[1 << 20] = {1};\nint main(void) { return !room[0]; }\n' >"$KIT_SOURCE/control.c"
  [[ $KIT_CONFINED == none ]] || cp "$KIT_SOURCE/control.c" "$KIT_SHARE/src/"
  build_programs
  rm -f "$KIT_SOURCE/control.c"
  if [[ ! -x $KIT_SHARE/plain/control || ! -x $KIT_SHARE/control ]]; then
    echo "${KIT_CC##*/} compiles no program here, not even the smallest. Is there room left (df -h /tmp /dev/shm .)? It says:"
    cat "$KIT_RUN"/control.{warnings,sanitized} | head -n 3
  elif ! BUILD='' SHIM='' TRACE='' UNDER='' INJECT='' start control || ! has_ended "$P" 30 || [[ ${ENDS[P]} != 'exited 0 0 '* ]]; then
    echo "No program begins under gcc's sanitizers here, not even the smallest. Is memory limited (ulimit -v, vm.overcommit_memory)? It says:"
    head -n 3 "${DIRS[P]}/err"
  fi
  end_all
)
