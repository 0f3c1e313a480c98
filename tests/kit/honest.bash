# shellcheck shell=bash
# Seeing that a submission does not switch off what looks at it: the compiler's
# warnings, the sanitizers, valgrind. What a program does to find out that it is
# watched cannot be seen here: for that there are two witnesses (memory.bash).

# line_marker: the first line marker in a source of this lab, or #line: what is after
# it passes for another file, a header of the system's even; cpp(1). A line goes on
# after a \, also with blanks behind it, and a comment is a blank.
line_marker() {
  local blank='([[:space:]]|/\*([^*]|\*+[^*/])*\*+/)*'
  LC_ALL=C grep -an -m 1 -E "(^|\*/)$blank(#|%:)$blank(line[^a-z_]|[0-9]|/\*([^*]|\*+[^*/])*\**\$)" \
    < <(sed -s -e ':a' -e '/\\[[:space:]]*$/{N;s/\\[[:space:]]*\n//;ta' -e '}' "$KIT_SOURCE"/*.c)
}

# switches TEXT WORDS: the first line of a preprocessed source that has one of these
# (a regular expression) outside comments and strings. Nothing that a header of the
# system brought: glibc 2.32 and older make assembler of FD_ZERO.
switches() {
  local text=$KIT_SHARE/text/$1
  [[ -e $text ]] || return 1
  LC_ALL=C awk -v words="$2" '
    function bare(line,    out, c, i, n, quote) {
      if (!inside && line !~ /\/[*\/]|["\047]/) return line
      n = length(line)
      for (i = 1; i <= n; i++) {
        c = substr(line, i, 1)
        if (inside) {
          if (substr(line, i, 2) == "*/") { inside = 0; i++; out = out " " }
        } else if (quote != "") {
          if (c == "\\") i++
          else if (c == quote) quote = ""
        } else if (substr(line, i, 2) == "/*") { inside = 1; i++ }
        else if (substr(line, i, 2) == "//") break
        else { out = out c; if (c == "\"" || c == "\047") quote = c }
      }
      return out
    }
    !inside && /^# [0-9]+ "/ { ours = $3 !~ /^"(\/usr\/|<)/; next }
    ours {
      gsub(/__asm__ __volatile__ \("cld; rep; stos[lq]"/, "")
      line = bare($0)
      if (line !~ words) next
      sub(/^[ \t]+/, "")
      print substr($0, 1, 200)
      found = 1
      exit
    }
    END { exit !found }' "$text"
}

# hidden_warnings NAME: how the source of NAME, which is watched, switches warnings off,
# or nothing.
hidden_warnings() { switches "plain/$1" '^ *# *pragma +(GCC|clang) +(diagnostic|system_header)' || true; }

# unwatched NAME: how the source of NAME switches the sanitizers off, or nothing. By
# assembler one could do that under any name, and in what passes for a header unseen.
# build_one keeps the answer in KIT_RUN/NAME.unwatched.
unwatched() {
  line_marker || switches "$1" 'no_sanitize|no_address_safety|disable_sanitizer|__[alu]b?san_|__sanitizer_|(^|[^a-zA-Z0-9_])(asm|__asm|__asm__)($|[^a-zA-Z0-9_])' || true
}

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
