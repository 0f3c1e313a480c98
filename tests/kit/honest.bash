# shellcheck shell=bash
# Seeing that a submission does not switch off what looks at it: the compiler's
# warnings, the sanitizers, valgrind. What a program does to find out that it is
# watched cannot be seen here: for that there are two witnesses (memory.bash).

# joined_lines FILE: a source, with lines that end in \ joined to the next.
joined_lines() { LC_ALL=C sed -e ':a' -e '/\\$/{N;s/\\\n//;ta' -e '}' "$1"; }

# look_closer NAME: whether the source of NAME has anything by which it could; most
# have not, and need not be preprocessed for this. (No grep -q: sed would die of its
# early end, and pipefail would take that for a no.)
look_closer() {
  joined_lines "$KIT_SOURCE/$1.c" | LC_ALL=C grep -aiE 'pragma|sanit|[al]san_|##|%:%:' >/dev/null
}

# line_marker NAME: the first line marker in the source of NAME, or #line: what is
# after it passes for another file, a header of the system's even; cpp(1).
line_marker() {
  local blank='([[:space:]]|/\*[^*]*\*/)*'
  joined_lines "$KIT_SOURCE/$1.c" | LC_ALL=C grep -an -E "(^|\*/)$blank(#|%:)$blank(line[^a-z_]|[0-9])" | sed -n 1p | grep .
}

# switches NAME WORDS: the first line of NAME.c, preprocessed, that has one of these
# (a regular expression). Nothing that a header brought.
switches() {
  local text=$KIT_SHARE/text/$1
  [[ -e $text ]] || return 1
  LC_ALL=C awk -v words="$2" -v file="\"$1.c\"" '
    /^# [0-9]+ "/ { ours = $3 == file; next }
    ours && $0 ~ words { sub(/^[ \t]+/, ""); print substr($0, 1, 200); found = 1; exit }
    END { exit !found }' "$text"
}

# hidden_warnings NAME: how the source of NAME switches warnings off, or nothing.
hidden_warnings() { line_marker "$1" || switches "$1" '^#pragma (GCC|clang) (diagnostic|system_header)' || true; }

# unwatched NAME: how the source of NAME switches the sanitizers off, or nothing.
unwatched() { switches "$1" 'no_sanitize|no_address_safety|disable_sanitizer|__[alu]b?san_|__sanitizer_' || true; }

# talks_to_valgrind NAME: whether the program NAME has the bytes that begin a request
# of a program to valgrind; valgrind.h, __SPECIAL_INSTRUCTION_PREAMBLE for amd64
# and arm64.
talks_to_valgrind() {
  LC_ALL=C grep -qaF -e $'\x48\xc1\xc7\x03\x48\xc1\xc7\x0d\x48\xc1\xc7\x3d\x48\xc1\xc7\x33' \
    -e $'\x8c\x0d\xcc\x93\x8c\x35\xcc\x93\x8c\xcd\xcc\x93\x8c\xf5\xcc\x93' "$KIT_SHARE/plain/$1"
}

# only_valgrind REPORT: nothing when a report is whole, with one summary that ends it,
# and by one process; else the first line that does not fit. Lines without a number
# in front are not read at all: valgrind has some (### unhandled dwarf2 …).
only_valgrind() {
  awk '
    !match($0, /^(==|--)[0-9]+(==|--)/) { next }
    { who = substr($0, 3, RLENGTH - 4) }
    (pid != "" && who != pid) || summaries { print substr($0, 1, 200); bad = 1; exit }
    { pid = who; last = $0 }
    /ERROR SUMMARY/ { summaries++ }
    END { if (!bad && !summaries) print "it breaks off after: " substr(last, 1, 200) }' "$1"
}
