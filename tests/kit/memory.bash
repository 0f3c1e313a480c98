# shellcheck shell=bash
# Valgrind, once a program. A lab file defines, for each program, what is done with
# it there, and judges the report in three tests:
#
#   memory_of_listen() {       # - in a name becomes _
#     start listen "$ADDR" "$PORT" 5 …; talk …; ends 0
#   }
#   @test "valgrind: no heap block is left" { help …; memory listen; no_block_left; }
#
# The first of a program's three tests runs it; the others read its report.

# Children write to the report, too, and so does what a program becomes by execve(2).
# processes.awk tells them apart.
VALGRIND_OPTIONS=(--command-line-only=yes --log-fd=9 --leak-check=full
  --show-leak-kinds=all --track-fds=yes --num-callers=20 --trace-children=yes
  --child-silent-after-fork=no)

# valgrind_run PROGRAM: runs it under valgrind, with a folder, an address and evidence
# of its own, in valgrind-PROGRAM; its report is there if all was as it must be.
# To be called plainly or with &: errexit must be on in it.
# shellcheck disable=SC2030,SC2031 # a test of its own, as it were
valgrind_run() (
  dir=$KIT_RUN/valgrind-$1
  mkdir -p "$dir/run"
  T=$dir/run EVIDENCE=$dir/evidence
  : >"$EVIDENCE"
  own_address
  ADDR=$REPLY
  P=-1 PIDS=() DIRS=() ENDS=() CONTROLS=() LAUNCHERS=() PEERS=() WATCHED=() TRIED=()
  trap 'report_so_far; end_all' EXIT
  # Without valgrind's headers births.so has no such text, and lists nothing.
  BIRTHS='' VALGRIND_OF=$1
  ! grep -q 'inherited %s' "$KIT_BIN/births.so" || BIRTHS=$SRANDOM
  UNDER=valgrind "memory_of_${1//-/_}"
  awk -v births="$BIRTHS" -v wrong="$dir/wrong" -v shared="$dir/shared" \
    -f "$KIT/processes.awk" "${DIRS[P]}/report" >"$dir/whole"
  mv "$dir/whole" "$dir/report"
)

# report_so_far: for leaks, where the run under valgrind failed: SIGTERM ends the program,
# and valgrind reports on what it had then, in valgrind-PROGRAM/so-far.
# shellcheck disable=SC2031 # a trap of that subshell
report_so_far() {
  # A trap sees the local names of the function that failed: not one of these is used.
  local of=$KIT_RUN/valgrind-$VALGRIND_OF
  [[ -n ${KIT_LEAKS:-} && ! -e $of/report ]] || return 0
  kill -TERM "${PIDS[P]}" 2>/dev/null || true
  has_ended "$P" 10 || true
  awk -v births="$BIRTHS" -v wrong=/dev/null -f "$KIT/processes.awk" "${DIRS[P]}/report" >"$of/so-far" || true
}

# leaks_run PROGRAM: the same with the sanitizers' leak check, a second witness: it
# looks at another build, and a program that behaves when valgrind watches does not
# know it. What it says is in leaks-PROGRAM/said; where it cannot look (no ptrace(2),
# another compiler's libraries) it says nothing.
# shellcheck disable=SC2030,SC2031
leaks_run() (
  dir=$KIT_RUN/leaks-$1
  mkdir -p "$dir"
  T=$dir EVIDENCE=$dir/evidence
  own_address
  ADDR=$REPLY
  P=-1 PIDS=() DIRS=() ENDS=() CONTROLS=() LAUNCHERS=() PEERS=() WATCHED=() TRIED=()
  trap end_all EXIT
  LEAKS=1 "memory_of_${1//-/_}" || true
  cp "${DIRS[P]}/err" "$dir/said"
)

# valgrind_begins: whether valgrind can run a program here at all; else the test is an
# infra-error, which says why.
valgrind_begins() {
  local said
  said=$(valgrind --command-line-only=yes -q true 2>&1 </dev/null) && return
  evidence verdict infra-error
  evidence got "valgrind runs no program here. Try: make setup check. It says: $said"
  return 1
}

# memory PROGRAM: takes the report of its run under valgrind, which the first of its
# tests makes. Not sooner: the run may depend on how an earlier test ended (lost).
# shellcheck disable=SC2031 # this EVIDENCE is the test's
memory() {
  local wrong run dir=$KIT_RUN/valgrind-$1
  requires valgrind
  # The judge goes by it, for VALGRIND=0.
  [[ $BATS_TEST_DESCRIPTION == *'valgrind: '* ]] || {
    echo 'BUG: the name of a test that uses valgrind has "valgrind: " in it'
    return 1
  }
  ! talks_to_valgrind "$1" || flunk 'a program that leaves valgrind alone' \
    "$1.c makes requests to valgrind (valgrind.h)"
  if [[ ! -e $dir/evidence ]]; then
    valgrind_run "$1" 3>&- 4>&- &
    run=$!
    leaks_run "$1" 3>&- 4>&- &
    wait "$!" || true
    wait "$run" || true
  fi
  if [[ ! -e $dir/report || -s $dir/wrong ]]; then
    valgrind_begins || return
  fi
  if [[ ! -e $dir/report ]]; then
    # The run itself failed: the first test tells why, the others were not run.
    [[ ! -e $dir/told ]] || skip 'not run: needs the run under valgrind'
    : >"$dir/told"
    cat "$dir/evidence" >>"$EVIDENCE"
    # What is wrong is what the program does, not its memory.
    evidence hint 'It did not do its work in the run under valgrind, so its memory was not looked at. Begin with the other tests; if all others pass: what is different when it is slow?'
    evidence man ''
    return 1
  fi
  grep -E '^(run|ran|with|step)' "$dir/evidence" >>"$EVIDENCE"
  REPORT=$dir/report REPORT_OF=$1
  wrong=$(<"$dir/wrong")
  [[ -z $wrong ]] || flunk 'a whole report of each process, written by valgrind alone' "$wrong"
}

# Each block of valgrind's report that begins with a line like REGEX, without the
# numbers in front and cut to the frames in the submission.
blocks() {
  awk -v like="$1" '
    !sub(/^==[0-9]+== ?/, "") { next }
    /^ *$/ { inside = 0; next }
    $0 ~ like { inside = 1; held = $0; next }
    inside && /inherited from parent/ { inside = 0; held = ""; next }
    inside && held != "" { print held; held = "" }
    inside && /\.c:[0-9]+\)/ { print "  " $0 }
    END { if (held != "") print held }' "$REPORT"
}

# leaks_said PROGRAM: what the sanitizers' leak check found, a line each. It counts for a
# child what the child got from its parent by fork(2): where valgrind saw that, it is
# left out.
leaks_said() {
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

# no_block_left: no heap block was left at exit, reachable ones included.
no_block_left() {
  local found
  found=$(blocks '(definitely|indirectly|possibly) lost in|still reachable in')
  [[ -n $found ]] || found=$(leaks_said "$REPORT_OF")
  [[ -z $found ]] || flunk 'every block is freed before the program ends' "$found"
}

# no_descriptor_left: no descriptor that the program opened was open at exit.
no_descriptor_left() {
  local found
  found=$(blocks '^ *Open (file descriptor|AF_[A-Z0-9]+ socket|file) ?')
  [[ -z $found ]] || flunk 'every descriptor is closed before the program ends' "$found"
}

# no_invalid_access: no read or write outside, no use of bytes never set, no close
# of what is not open.
no_invalid_access() {
  local found
  found=$(blocks '^(Invalid|Conditional jump|Use of uninit|Syscall param|Source and dest|Mismatched|Argument|Jump to|File descriptor .* is already closed|Process terminating)')
  [[ -z $found ]] || flunk 'no memory error' "$found"
}
