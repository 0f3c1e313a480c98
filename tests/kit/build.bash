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
  local hidden
  hidden=$(hidden_warnings "$1")
  if [[ -n $hidden ]]; then
    flunk "no warning from ${KIT_CC##*/}, and none that $1.c hides" "it says: $hidden"
    return
  fi
  [[ -s $KIT_RUN/$1.warnings ]] || return 0
  flunk "no warning from ${KIT_CC##*/} ${WARNINGS[*]} $1.c" \
    "$(grep -a -A 2 -m 3 'warning:' "$KIT_RUN/$1.warnings" || head -n 6 "$KIT_RUN/$1.warnings")"
}
