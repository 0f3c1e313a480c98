# shellcheck shell=bash
# Valgrind, once a program. A lab file defines, for each program, what is done with
# it there, and judges the report in three tests:
#
#   valgrind_run_of_listen() {       # - in a name becomes _
#     start_server listen 5
#     peer …
#     assert_exit 0
#   }
#   @test "valgrind: no heap block is left" {
#     help …
#     read_valgrind_report listen
#     assert_no_block_left
#   }
#
# The first of a program's three tests runs it; the others read its report.

# Children write to the report, too, and so does what a program becomes by execve(2).
# processes.awk tells them apart.
VALGRIND_OPTIONS=(--command-line-only=yes --log-fd=9 --leak-check=full
  --show-leak-kinds=all --track-fds=yes --num-callers=20 --trace-children=yes
  --child-silent-after-fork=no --vgdb=no --max-stackframe=8388608)

# _run_valgrind PROGRAM: runs it under valgrind, with a folder, an address and evidence
# of its own, in valgrind-PROGRAM; its report is there if all was as it must be.
# To be called plainly or with &: errexit must be on in it.
# shellcheck disable=SC2030,SC2031 # a test of its own, as it were
_run_valgrind() (
  dir=$KIT_RUN/valgrind-$1
  mkdir -p "$dir/run"
  TEST_DIR=$dir/run EVIDENCE=$dir/evidence
  : >"$EVIDENCE"
  new_address
  make_folder
  forget_programs
  trap '_report_so_far; end_all; remove_folder' EXIT
  # Without valgrind's headers births.so has no such text, and lists nothing.
  BIRTHS='' VALGRIND_OF=$1
  ! grep -q 'inherited %s' "$KIT_BIN/births.so" || BIRTHS=$SRANDOM
  UNDER=valgrind "valgrind_run_of_${1//-/_}"
  awk -v births="$BIRTHS" -v wrong="$dir/wrong" -v shared="$dir/shared" \
    -f "$KIT/processes.awk" "${DIRS[PROGRAM_NUMBER]}/report" >"$dir/whole"
  mv "$dir/whole" "$dir/report"
)

# _report_so_far: for leaks, where the run under valgrind failed: SIGTERM ends the program,
# and valgrind reports on what it had then, in valgrind-PROGRAM/so-far.
# shellcheck disable=SC2031 # a trap of that subshell
_report_so_far() {
  # A trap sees the local names of the function that failed: not one of these is used.
  local of=$KIT_RUN/valgrind-$VALGRIND_OF
  [[ -n ${KIT_LEAKS:-} && ! -e $of/report ]] || return 0
  has_ended "$PROGRAM_NUMBER" 0 || kill -TERM "${PIDS[PROGRAM_NUMBER]}" 2>/dev/null || true
  has_ended "$PROGRAM_NUMBER" 10 || true
  awk -v births="$BIRTHS" -v wrong=/dev/null -f "$KIT/processes.awk" "${DIRS[PROGRAM_NUMBER]}/report" >"$of/so-far" || true
}

# _run_leak_check PROGRAM: the same with the sanitizers' leak check, a second witness: it
# looks at another build, and a program that behaves when valgrind watches does not
# know it. What it says is in leaks-PROGRAM/said; where it cannot look (no ptrace(2),
# another compiler's libraries) it says nothing.
# shellcheck disable=SC2030,SC2031
_run_leak_check() (
  dir=$KIT_RUN/leaks-$1
  mkdir -p "$dir"
  TEST_DIR=$dir EVIDENCE=$dir/evidence
  new_address
  make_folder
  forget_programs
  trap 'end_all; remove_folder' EXIT
  LEAKS=1 "valgrind_run_of_${1//-/_}" || true
  cp "${DIRS[PROGRAM_NUMBER]}/err" "$dir/said"
)

# _valgrind_works: whether valgrind can run a program here at all; else the test is an
# infra-error, which says why.
_valgrind_works() {
  local said
  said=$(valgrind --command-line-only=yes -q true 2>&1 </dev/null) && return
  add_evidence verdict infra-error
  add_evidence got "valgrind runs no program here. Try: make setup check. It says: $said"
  return 1
}

# read_valgrind_report PROGRAM: takes the report of its run under valgrind, which the first
# of its tests makes. Not sooner: the run may depend on how an earlier test ended (lost).
# shellcheck disable=SC2031 # this EVIDENCE is the test's
read_valgrind_report() {
  local wrong run dir=$KIT_RUN/valgrind-$1
  requires valgrind
  # The judge goes by it, for VALGRIND=0.
  [[ $BATS_TEST_DESCRIPTION == *'valgrind: '* ]] || {
    echo 'BUG: the name of a test that uses valgrind has "valgrind: " in it'
    return 1
  }
  ! talks_to_valgrind "$1" || fail_test 'a program that leaves valgrind alone' \
    "$1.c makes requests to valgrind (valgrind.h)"
  if [[ ! -e $dir/evidence ]]; then
    _run_valgrind "$1" 3>&- 4>&- &
    run=$!
    _run_leak_check "$1" 3>&- 4>&- &
    wait "$!" || true
    wait "$run" || true
  fi
  if [[ ! -e $dir/report || -s $dir/wrong ]]; then
    _valgrind_works || return
  fi
  if [[ ! -e $dir/report ]]; then
    # The run itself failed: the first test tells why, the others were not run.
    [[ ! -e $dir/told ]] || skip 'not run: needs the run under valgrind'
    : >"$dir/told"
    cat "$dir/evidence" >>"$EVIDENCE"
    # What is wrong is what the program does, not its memory.
    add_evidence hint 'It did not do its work in the run under valgrind, so its memory was not looked at. Begin with the other tests; if all others pass: what is different when it is slow?'
    add_evidence man ''
    return 1
  fi
  grep -E '^(run|ran|with|step)' "$dir/evidence" >>"$EVIDENCE"
  REPORT=$dir/report REPORT_OF=$1
  wrong=$(<"$dir/wrong")
  if [[ $wrong == *'became another program'* ]]; then
    add_evidence hint 'Which line starts another program? By labs/README.md a program starts none.'
    add_evidence man 'system(3)'
  fi
  [[ -z $wrong ]] || fail_test 'a whole report of each process, written by valgrind alone' "$wrong"
}

# Each block of valgrind's report that begins with a line like REGEX, without the
# numbers in front and cut to the frames in the submission. Left out is what the program
# cannot free: what libnss-wrapper keeps until exit(3), which _exit(2) does not call, and what
# the loader keeps of the library that pthread_exit(3) opens.
_blocks() {
  awk -v like="$1" '
    function tell() { if (inside) print text; inside = 0 }
    !sub(/^==[0-9]+== ?/, "") { next }
    /^ *$/ { tell(); next }
    # A struct that is assigned to itself is no error, though a compiler may call memcpy for it.
    match($0, /overlap in [A-Za-z_]+\(0x[0-9A-Fa-f]+, 0x[0-9A-Fa-f]+,/) {
      split(substr($0, RSTART), at, /[(,] */)
      if (at[2] == at[3]) { tell(); next }
    }
    $0 ~ like { tell(); inside = 1; text = $0; next }
    /inherited from parent|: (_dl_open|nss_wrapper_hosts_enabled) / { inside = 0; next }
    # recv(fd, NULL, n, MSG_TRUNC) throws bytes away, tcp(7). Without the flag it fails.
    inside && text ~ /recvfrom\(buf\)/ && /^ *Address 0x0 is not/ { inside = 0; next }
    inside && /\.c:[0-9]+\)/ { text = text "\n  " $0 }
    END { tell() }' "$REPORT"
}

# _leaks_found PROGRAM: what the sanitizers' leak check found, a line each. It counts for a
# child what the child got from its parent by fork(2): where valgrind saw that, it is
# left out.
_leaks_found() {
  local shared=$KIT_RUN/valgrind-$1/shared
  [[ -e $shared ]] || shared=/dev/null
  awk -v shared="$shared" '
    BEGIN { while ((getline place < shared) > 0) excused[place] = 1 }
    function tell() { if (leak != "" && !(place in excused)) print leak (place ? ", in " place : ""); leak = place = "" }
    /^(Direct|Indirect) leak of / { tell(); leak = $0; sub(/ allocated from:.*/, "", leak); next }
    /^ *$/ { tell() }
    leak != "" && place == "" && match($0, /[A-Za-z0-9_-]+\.c:[0-9]+/) { place = substr($0, RSTART, RLENGTH) }
    END { tell() }' "$KIT_RUN/leaks-$1/said"
}

# assert_no_block_left: no heap block was left at exit, reachable ones included.
assert_no_block_left() {
  local found
  found=$(_blocks '(definitely|indirectly|possibly) lost in|still reachable in')
  [[ -n $found ]] || found=$(_leaks_found "$REPORT_OF")
  [[ -z $found ]] || fail_test 'every block is freed before the program ends' "$found"
}

# assert_no_descriptor_left: no descriptor that the program opened was open at exit.
assert_no_descriptor_left() {
  local found
  found=$(_blocks '^ *Open (file descriptor|AF_[A-Z0-9]+ socket|file) ?')
  [[ -z $found ]] || fail_test 'every descriptor is closed before the program ends' "$found"
}

# assert_no_invalid_access: no read or write outside, no use of bytes never set, no close
# of what is not open.
assert_no_invalid_access() {
  local found
  found=$(_blocks '^(Invalid|Conditional jump|Use of uninit|Syscall param|Source and dest|Mismatched|Argument|Jump to|File descriptor .* is already closed|Process terminating)')
  [[ -z $found ]] || fail_test 'no memory error' "$found"
}
