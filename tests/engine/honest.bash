# shellcheck shell=bash
# Finds a submission that switches off the compiler's warnings, the sanitizers or
# valgrind. It reads the source, so it cannot find a program that behaves well while it is
# watched. Against such a program two tools watch two builds (memory.bash).

# secret_names: makes forged line markers useless. A line marker (# 1 "stdio.h" 3) says
# that the next lines come from a system header. The compiler gives no warning there, and
# first_match does not look there. So the preprocessor reads every file through SECRET, a
# symbolic link to / with a random name. Only the preprocessor can write a marker that names
# a file below SECRET. Sets SECRET, SOURCES (the folder of the sources, as the compiler sees
# it) and HEADERS (the preprocessor's options). Rests on -nostdinc, -isystem and
# -fmacro-prefix-map (it keeps __FILE__ as usual) of gcc(1).
secret_names() {
  local folder version
  SECRET=$KIT_SHARE/root.$SRANDOM$SRANDOM SOURCES=$KIT_SOURCE
  [[ $KIT_CONFINED == none ]] || SOURCES=$KIT_SHARE/src
  ln -s / "$SECRET"
  HEADERS=(-nostdinc "-fmacro-prefix-map=$SECRET$SOURCES/=")
  version=$(LC_ALL=C "$KIT_CC" -E -v -x c /dev/null 2>&1) || true
  if [[ $version == *'clang version'* ]]; then
    # clang 16 and newer warn about line markers. Older versions do not know this warning.
    WARNINGS+=(-Wno-unknown-warning-option -Wno-gnu-line-marker)
  else
    # Without this option gcc resolves the link. clang does not know the option.
    HEADERS+=(-fno-canonical-system-headers)
  fi
  while read -r folder; do HEADERS+=(-isystem "$SECRET$folder"); done < <(
    sed -n '/^#include </,/^End/s/^ //p' <<<"$version" | xargs -r realpath --
  )
  # A marker loses the flags 3 and 4 (system header) if its file is not below SECRET, or if
  # its path holds "..". Then SECRET is removed from all names.
  # shellcheck disable=SC2034 # for build.bash and confine.bash
  MARKER_SED="/^# [0-9]* \"/!b
    \\%\"$SECRET\\($SOURCES/\\|[^\"]*/\\.\\./\\)%!{ s%\"$SECRET/%\"/%; t
    }
    s% 3\$%%; s% 3 4\$%%; s%\"$SECRET$SOURCES/%\"%; s%\"$SECRET%\"%"
}

# restore_names FILE…: removes SECRET from file names in these files of compiler messages.
restore_names() { sed -i -e "s|$SECRET$SOURCES/||g" -e "s|$SECRET||g" "$@"; }

# first_match NAME WORDS: prints the first line of the source of NAME that matches WORDS, a
# regular expression, outside comments and strings. It skips system headers, because they
# declare functions with asm. It allows the assembler that FD_ZERO becomes with glibc 2.32
# and older.
first_match() {
  local text=$KIT_SHARE/text/$1
  [[ -e $text ]] || return 1
  LC_ALL=C awk -v words="$2" '
    # Returns the line without comments and strings. Over the end of a line, "inside" says
    # that a comment is open, and "raw" holds the end of an open raw string.
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

# find_warning_switch NAME: prints the line of the source of NAME that switches warnings off,
# or nothing.
find_warning_switch() { first_match "$1" '^ *# *pragma +(GCC|clang) +(diagnostic +ignored|system_header)' || true; }

# find_sanitizer_switch NAME: prints the line of the source of NAME that switches the sanitizers off,
# or nothing. Assembler counts, because it can define a symbol of any name. build_one keeps
# the output in KIT_RUN/NAME.unwatched.
find_sanitizer_switch() {
  local name='no_sanitize(_(address|hwaddress|memory|thread|undefined|coverage|leak))?|no_address_safety_analysis|disable_sanitizer_instrumentation'
  first_match "$1" "(^|[^a-zA-Z0-9_])((__)?($name)(__)?|__[alu]b?san_[a-z0-9_]*|__sanitizer_[a-z0-9_]*|asm|__asm|__asm__)(\$|[^a-zA-Z0-9_])" || true
}

# talks_to_valgrind NAME: succeeds if the program NAME holds the bytes that begin a client
# request to valgrind: __SPECIAL_INSTRUCTION_PREAMBLE for amd64 and arm64 in valgrind.h.
talks_to_valgrind() {
  LC_ALL=C grep -qaF -e $'\x48\xc1\xc7\x03\x48\xc1\xc7\x0d\x48\xc1\xc7\x3d\x48\xc1\xc7\x33' \
    -e $'\x8c\x0d\xcc\x93\x8c\x35\xcc\x93\x8c\xcd\xcc\x93\x8c\xf5\xcc\x93' "$KIT_SHARE/plain/$1"
}
