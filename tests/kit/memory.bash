# shellcheck shell=bash
# Valgrind, once a program. A lab file defines, for each program, what is done with
# it there, and judges the report in three tests:
#
#   memory_of_listen() {       # - in a name becomes _
#     start listen "$ADDR" "$PORT" 5 …; talk …; ends 0
#   }
#   @test "valgrind: no heap block is left" { help …; memory listen; no_block_left; }
#
# The first of these tests runs it; the others read its report.

VALGRIND_OPTIONS=(--command-line-only=yes --log-fd=9 --leak-check=full
  --show-leak-kinds=all --track-fds=yes --num-callers=20 --trace-children=no
  --child-silent-after-fork=yes)

# memory PROGRAM: runs it under valgrind, or takes the report of the run before.
memory() {
  local name=$1 dir=$KIT_RUN/valgrind-$1
  requires valgrind
  if [[ ! -e $dir/report ]]; then
    [[ -e $dir/begun ]] && skip 'not run: needs the run under valgrind'
    mkdir -p "$dir"
    : >"$dir/begun"
    UNDER=valgrind "memory_of_${name//-/_}"
    cp "${DIRS[P]}/report" "$dir/report"
    grep '^ran' "$EVIDENCE" >"$dir/ran"
  else
    cat "$dir/ran" >>"$EVIDENCE"
  fi
  REPORT=$dir/report
  # Without its last line the report is not whole: somebody killed valgrind.
  grep -q 'ERROR SUMMARY' "$REPORT" || flunk 'a whole report from valgrind' \
    "it breaks off after: $(tail -n 1 "$REPORT")"
}

# Each block of valgrind's report that begins with a line like REGEX, without the
# numbers in front and cut to the frames in the submission.
blocks() {
  awk -v like="$1" '
    { sub(/^==[0-9]+== ?/, "") }
    /^ *$/ { inside = 0; next }
    $0 ~ like { inside = 1; held = $0; next }
    inside && /inherited from parent/ { inside = 0; held = ""; next }
    inside && held != "" { print held; held = "" }
    inside && /\.c:[0-9]+\)/ { print "  " $0 }
    END { if (held != "") print held }' "$REPORT"
}

# no_block_left: no heap block was left at exit, reachable ones included.
no_block_left() {
  local found
  found=$(blocks '(definitely|indirectly|possibly) lost in|still reachable in')
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
