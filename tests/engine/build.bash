# shellcheck shell=bash
# Builds the programs of a submission, once a lab. Most tests run the build with the
# address and undefined-behaviour sanitizers. Valgrind and many short runs use the plain
# build.

STANDARD=(-std=gnu17 -g -O0)
WARNINGS=(-Wall -Wextra -Wpedantic -Wformat=2)
# With --allow-shlib-undefined ld(1) does not check the symbols that the sanitizers'
# libraries need. The check takes two thirds of the linking time.
SANITIZE=(-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all
  -fno-omit-frame-pointer '-Wl,--allow-shlib-undefined')

# set_program_of NAME: sets PROGRAM to the program that the test NAME is about, and PREFIX to
# the text before the names of its tests.
set_program_of() {
  local name
  PROGRAM=${PROGRAMS[0]} PREFIX=''
  for name in "${PROGRAMS[@]}"; do
    [[ $1 != "$name: "* ]] || PROGRAM=$name PREFIX="$name: "
  done
}

# build_programs: builds PROGRAMS. For each PROGRAM it makes KIT_SHARE/PROGRAM with
# sanitizers, KIT_SHARE/plain/PROGRAM without them, and KIT_RUN/PROGRAM.warnings and
# KIT_RUN/PROGRAM.sanitized, which gcc wrote for the plain and the sanitized build.
# KIT_SHARE/text/PROGRAM is the preprocessed source. The compiler compiles this text twice and
# honest.bash reads it. Otherwise a source could show other lines to one of them.
build_programs() {
  local name jobs=()
  mkdir -p "$KIT_SHARE/plain" "$KIT_SHARE/text"
  secret_names
  for name in "${PROGRAMS[@]}"; do
    [[ -e $KIT_SOURCE/$name.c ]] || continue
    : >"$KIT_RUN/$name.sanitized"
    build_one "$name" 2>"$KIT_RUN/$name.warnings" &
    jobs+=($!)
  done
  wait "${jobs[@]}" || true
  ((${#jobs[@]} == 0)) || restore_names "$KIT_RUN"/*.{warnings,sanitized}
  rm "$SECRET"
}

# build_one NAME: makes both builds of one program. -C keeps comments in the text, because
# the comment "fall through" answers a warning. sed removes false flags from line markers
# (secret_names in honest.bash).
build_one() {
  local text=$KIT_SHARE/text/$1
  local as_it_is=("$KIT_CC" "${STANDARD[@]}" "${WARNINGS[@]}")
  local sanitized=("$KIT_CC" "${STANDARD[@]}" "${SANITIZE[@]}" "$KIT_TOOLS/guard.o")
  if [[ $KIT_CONFINED != none ]]; then
    build_boxed "$1" "${as_it_is[*]}" "${sanitized[*]}"
  else
    compile "${as_it_is[@]}" "${HEADERS[@]}" -E -C "$SECRET$SOURCES/$1.c" -o "$text" &&
      sed -i "$MARKER_SED" "$text" || return
    compile "${sanitized[@]}" -x cpp-output "$text" -o "$KIT_SHARE/$1" 2>"$KIT_RUN/$1.sanitized" &
    compile "${as_it_is[@]}" -x cpp-output "$text" -o "$KIT_SHARE/plain/$1" || true
    wait "$!" || true
  fi
  find_sanitizer_switch "$1" >"$KIT_RUN/$1.unwatched"
}

# compile WORD…: runs the compiler with a limit on time, file size and memory (4 GiB),
# because a source can keep a compiler busy for ever. It runs in the folder of the sources,
# so that messages name the file without a path.
compile() {
  (
    cd "$KIT_SOURCE" || exit
    ulimit -t 20 -f 131072 -v 4194304
    LC_ALL=C exec timeout -k 1 40 "$@" </dev/null >/dev/null 3>&- 4>&-
  )
}

# is_built PROGRAM: succeeds if PROGRAM compiled and the sanitizers watch it.
is_built() { [[ -x $KIT_SHARE/plain/$1 && -x $KIT_SHARE/$1 && ! -s $KIT_RUN/$1.unwatched ]]; }

# assert_compiled PROGRAM: fails the test if the source of PROGRAM is missing or did not compile,
# and shows the compiler's first messages.
assert_compiled() {
  if [[ ! -e $KIT_SOURCE/$1.c ]]; then
    add_evidence verdict missing
    fail_test "the file $1.c" "there is none"
  elif [[ ! -x $KIT_SHARE/plain/$1 || ! -x $KIT_SHARE/$1 ]]; then
    # A message about a line or a symbol is a fault of the source. Other messages can come
    # from a fault of the machine.
    if ! grep -qaE ':[0-9]+:[0-9]+: (fatal )?error: |undefined reference|multiple definition' "$KIT_RUN/$1".{warnings,sanitized} ||
      grep -qaiE 'no space left|quota|cannot (allocate|execute|fork)|out of memory|too many open|input/output error' "$KIT_RUN/$1".{warnings,sanitized}; then
      machine_is_well || return
    fi
    add_evidence verdict no-compile
    fail_test "$1.c compiles as C17: ${KIT_CC##*/} -std=gnu17 $1.c -o $1" \
      "$(grep -m 4 -a -A 2 error "$KIT_RUN/$1.warnings" ||
        grep -m 4 -a -A 2 -e error -e multiple "$KIT_RUN/$1.sanitized" || tail -n 4 "$KIT_RUN/$1.warnings")"
  elif [[ -s $KIT_RUN/$1.unwatched ]]; then
    add_evidence verdict no-compile
    add_evidence ran "gcc -E -C $1.c | less"
    fail_test "$1.c leaves the sanitizers on, and has no assembler" "it says: $(<"$KIT_RUN/$1.unwatched")"
  fi
}

# assert_no_warnings PROGRAM: fails the test if PROGRAM compiles with a warning, or hides one.
assert_no_warnings() {
  local hidden warnings
  hidden=$(find_warning_switch "$1")
  if [[ -n $hidden ]]; then
    fail_test "no warning from ${KIT_CC##*/}, and none that $1.c hides" "it says: $hidden"
    return
  fi
  # A warning of the compiler names line and column. The linker, or a script that wraps the
  # compiler, can print other messages. They do not count.
  ! warnings=$(grep -a -A 2 -m 3 -E ':[0-9]+:[0-9]+: warning: ' "$KIT_RUN/$1.warnings") ||
    fail_test "no warning from ${KIT_CC##*/} ${WARNINGS[*]} $1.c" "$warnings"
}

# machine_is_well: succeeds if a correct program compiles here and starts under the
# sanitizers. It is asked only if a submission's program does not, and tries once a run. If
# the correct program fails, too, the test becomes an infra-error that says what is wrong.
machine_is_well() {
  local lock
  exec {lock}>"$KIT_RUN/control.lock"
  flock "$lock"
  # The atomic rename leaves no partial file if the judge ends Bats meanwhile
  # (not-run.bash). The judge itself asks again then.
  if [[ ! -e $KIT_RUN/machine ]]; then
    try_control_program >"$KIT_RUN/machine.new" || true
    mv "$KIT_RUN/machine.new" "$KIT_RUN/machine"
  fi
  exec {lock}>&-
  [[ -s $KIT_RUN/machine ]] || return 0
  add_evidence verdict infra-error
  add_evidence got "$(<"$KIT_RUN/machine")"
  return 1
}

# try_control_program: builds and runs this correct program. It prints what the machine
# cannot do, or nothing.
# shellcheck disable=SC2030,SC2031,SC2034 # as a test of its own
try_control_program() (
  PROGRAMS=(control) TEST_DIR=$KIT_RUN/control.run EVIDENCE=/dev/null QUIET=1
  # answer_tests (not-run.bash) has not sourced these parts of the kit.
  # shellcheck source=tests/kit/conditions.bash
  source "${BASH_SOURCE[0]%/*}/../kit/conditions.bash"
  # shellcheck source=tests/kit/launch.bash
  source "${BASH_SOURCE[0]%/*}/../kit/launch.bash"
  forget_programs
  mkdir -p "$TEST_DIR"
  # The program is as large as a submission may be, so that it meets a full disk, too.
  printf 'const char room[1 << 20] = {1};\nint main(void) { return !room[0]; }\n' >"$KIT_SOURCE/control.c"
  [[ $KIT_CONFINED == none ]] || cp "$KIT_SOURCE/control.c" "$KIT_SHARE/src/"
  build_programs
  rm -f "$KIT_SOURCE/control.c"
  if [[ ! -x $KIT_SHARE/plain/control || ! -x $KIT_SHARE/control ]]; then
    echo "${KIT_CC##*/} compiles no program here, not even the smallest. Is there room left (df -h /tmp /dev/shm .)? It says:"
    cat "$KIT_RUN"/control.{warnings,sanitized} | head -n 3
  elif ! BUILD='' SHIM='' TRACE='' UNDER='' INJECT='' KIT_DEBUG='' start control || ! has_ended "$PROGRAM_NUMBER" 30 || [[ ${ENDS[PROGRAM_NUMBER]} != 'exited 0 0 '* ]]; then
    echo "No program begins under gcc's sanitizers here, not even the smallest. Is memory limited (ulimit -v, vm.overcommit_memory)? It says:"
    head -n 3 "${DIRS[PROGRAM_NUMBER]}/err"
  fi
  end_all
)
