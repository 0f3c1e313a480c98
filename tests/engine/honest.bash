# shellcheck shell=bash
# Seeing that a submission does not switch off what looks at it: the compiler's
# warnings, the sanitizers, valgrind. What a program does to find out that it is
# watched cannot be seen here: for that there are two witnesses (memory.bash).

# secret_names: a line marker of a submission gains nothing. A marker (# 1 "stdio.h" 3)
# says that the next lines are a system header's: there the compiler gives no warning,
# and switches looks at nothing. So the preprocessor reads every file by way of SECRET, a
# link to / with a random name: a marker that names a file below SECRET is the
# preprocessor's own. Sets SECRET, SOURCES, the folder of the sources where the compiler
# runs, and HEADERS, the preprocessor's options. Rests on -nostdinc, -isystem and
# -fmacro-prefix-map (__FILE__ is as usual) of gcc(1).
secret_names() {
  local folder said
  SECRET=$KIT_SHARE/root.$SRANDOM$SRANDOM SOURCES=$KIT_SOURCE
  [[ $KIT_CONFINED == none ]] || SOURCES=$KIT_SHARE/src
  ln -s / "$SECRET"
  HEADERS=(-nostdinc "-fmacro-prefix-map=$SECRET$SOURCES/=")
  said=$(LC_ALL=C "$KIT_CC" -E -v -x c /dev/null 2>&1) || true
  if [[ $said == *'clang version'* ]]; then
    # clang 16 and newer call a line marker an extension. Older ones do not know this
    # warning.
    WARNINGS+=(-Wno-unknown-warning-option -Wno-gnu-line-marker)
  else
    # gcc would look through the link; clang does not know this option.
    HEADERS+=(-fno-canonical-system-headers)
  fi
  while read -r folder; do HEADERS+=(-isystem "$SECRET$folder"); done < <(
    sed -n '/^#include </,/^End/s/^ //p' <<<"$said" | xargs -r realpath --
  )
  # Of a marker that names another file, or one that was reached through "..", the flags
  # 3 and 4 (a system header's) go. The sources are named as they are from their folder.
  # shellcheck disable=SC2034 # for build.bash and confine.bash
  HONEST="/^# [0-9]* \"/!b
    \\%\"$SECRET\\($SOURCES/\\|[^\"]*/\\.\\./\\)%!{ s%\"$SECRET/%\"/%; t
    }
    s% 3\$%%; s% 3 4\$%%; s%\"$SECRET$SOURCES/%\"%; s%\"$SECRET%\"%"
}

# plain_names FILE…: in these files, the compiler's words, files have their own names.
plain_names() { sed -i -e "s|$SECRET$SOURCES/||g" -e "s|$SECRET||g" "$@"; }

# switches TEXT WORDS: the first line of a preprocessed source that has one of these
# (a regular expression) outside comments and strings. System headers are left out:
# they declare functions with asm. glibc 2.32 and older make assembler of FD_ZERO.
switches() {
  local text=$KIT_SHARE/text/$1
  [[ -e $text ]] || return 1
  LC_ALL=C awk -v words="$2" '
    # The line without comments and strings. One that is not at its end yet is kept in
    # "inside" (a comment) or "raw" (how a raw string will end).
    function bare(line,    out, c, i, n, quote) {
      if (!inside && raw == "" && line !~ /\/[*\/]|["\047]/) return line
      n = length(line)
      for (i = 1; i <= n; i++) {
        c = substr(line, i, 1)
        if (inside) {
          if (substr(line, i, 2) == "*/") { inside = 0; i++; out = out " " }
        } else if (raw != "") {
          if (substr(line, i, length(raw)) == raw) { i += length(raw) - 1; raw = "" }
        } else if (quote != "") {
          if (c == "\\") i++
          else if (c == quote) quote = ""
        } else if (substr(line, i, 2) == "/*") { inside = 1; i++ }
        else if (substr(line, i, 2) == "//") break
        else if (c == "\"" && line !~ /^ *#/ && out ~ /(^|[^A-Za-z0-9_$\200-\377])(u8|[uUL])?R$/ && match(substr(line, i), /^"[^()\\ ]*\(/)) {
          raw = ")" substr(line, i + 1, RLENGTH - 2) "\""
          i += RLENGTH - 1
        } else { out = out c; if (c == "\"" || c == "\047") quote = c }
      }
      return out
    }
    !inside && raw == "" && /^# [0-9]+ "/ { ours = !/ 3( 4)?$/; next }
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
hidden_warnings() { switches "plain/$1" '^ *# *pragma +(GCC|clang) +(diagnostic)' || true; }

# unwatched NAME: how the source of NAME switches the sanitizers off, or nothing. By
# assembler one could do that under any name. build_one keeps the answer in
# KIT_RUN/NAME.unwatched.
unwatched() {
  local name='no_sanitize(_(address|hwaddress|memory|thread|undefined|coverage|leak))?|no_address_safety_analysis|disable_sanitizer_instrumentation'
  switches "$1" "(^|[^a-zA-Z0-9_])((__)?($name)(__)?|__[alu]b?san_[a-z0-9_]*|__sanitizer_[a-z0-9_]*|asm|__asm|__asm__)(\$|[^a-zA-Z0-9_])" || true
}

# talks_to_valgrind NAME: whether the program NAME has the bytes that begin a request
# of a program to valgrind; valgrind.h, __SPECIAL_INSTRUCTION_PREAMBLE for amd64
# and arm64.
talks_to_valgrind() {
  LC_ALL=C grep -qaF -e $'\x48\xc1\xc7\x03\x48\xc1\xc7\x0d\x48\xc1\xc7\x3d\x48\xc1\xc7\x33' \
    -e $'\x8c\x0d\xcc\x93\x8c\x35\xcc\x93\x8c\xcd\xcc\x93\x8c\xf5\xcc\x93' "$KIT_SHARE/plain/$1"
}
