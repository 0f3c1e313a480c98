# The mutants of a solution: of each statement between BEGIN and END marks, the
# changes below, one at a time. Prints FILE<tab>LINE<tab>COUNT<tab>RULE<tab>TEXT
# <tab>ORIGINAL: the COUNT lines from LINE on become TEXT. Needs -v file=FILE.

# A statement may stand on several lines: it is joined to one.
/\/\* BEGIN [0-9]+:/ { inside = 1; comment = 1 }
/\/\* END [0-9]+/ { inside = 0; held = "" }
inside {
  line = $0
  if (comment || line ~ /^ *\/\*/) { # comments are no statements
    comment = line !~ /\*\//
    next
  }
  if (held == "") { first = NR; held = line } else { sub(/^ +/, " ", line); held = held line }
  if (line !~ /[;{}:]$/) next
  mutate(held, first, NR - first + 1)
  held = ""
}

function emit(rule, text) {
  if (text != original) print file "\t" at "\t" lines "\t" rule "\t" text "\t" original
}

# Replaces the Nth match of FROM by TO, for every N.
function each(rule, from, to,    rest, done, text) {
  rest = original
  done = ""
  while (match(rest, from)) {
    text = done substr(rest, 1, RSTART - 1) to substr(rest, RSTART + RLENGTH)
    emit(rule, text)
    done = done substr(rest, 1, RSTART + RLENGTH - 1)
    rest = substr(rest, RSTART + RLENGTH)
  }
}

# Where the parenthesis that stands open at OPEN is closed.
function closing(text, open,    depth, c) {
  for (depth = 1; depth && open < length(text);) {
    c = substr(text, ++open, 1)
    depth += (c == "(") - (c == ")")
  }
  return open
}

function mutate(text, from, count,    indent, inner) {
  original = text
  at = from
  lines = count
  indent = text
  sub(/[^ ].*/, "", indent)
  # Drop a statement; a declaration would only fail to compile.
  if (text ~ /;$/ && text !~ /^ *(int|long|char|size_t|ssize_t|struct|const|socklen_t|uint64_t|unsigned) /)
    emit("drop", indent ";")
  # Negate a condition.
  if (match(text, /^ *(\} )?(else )?(if|while) \(/) || match(text, /^ *\} while \(/)) {
    inner = closing(text, RLENGTH)
    emit("negate", substr(text, 1, RLENGTH) "!(" substr(text, RLENGTH + 1, inner - RLENGTH - 1) ")" substr(text, inner))
  }
  # Leave a loop after one turn.
  if (text ~ /^ *while \(/) { inner = text; sub(/while/, "if", inner); emit("once", inner) }
  each("equal", "==", "!=")
  each("unequal", "!=", "==")
  each("less", " < ", " <= ")
  each("at most", " <= ", " < ")
  each("more", " > ", " >= ")
  each("at least", " >= ", " > ")
  each("and", "&&", "||")
  each("or", "[|][|]", "\\&\\&")
  each("minus one", "== -1", "== -2")
  each("plus", " [+] ", " - ")
  each("minus", " - ", " + ")
  each("add", " [+]= ", " -= ")
  each("zero", " 0;", " 1;")
  each("zero", " 0,", " 1,")
  each("zero", " 0[)]", " 1)")
  each("flag", "MSG_NOSIGNAL", "0")
  each("shut both", "SHUT_WR", "SHUT_RDWR")
  each("shut reading", "SHUT_WR", "SHUT_RD")
  each("type", "SOCK_STREAM", "SOCK_DGRAM")
  each("errno", "EINTR", "EAGAIN")
  each("errno", "ECONNABORTED", "EAGAIN")
  each("errno", "EINPROGRESS", "EAGAIN")
  each("order", "htons|htonl|ntohs|ntohl", "")
  each("size", "sizeof ", "1 + sizeof ")
  each("status", "return 1", "return 0")
  each("failure", "return -1", "return 0")
  each("continue", "continue", "break")
  each("break", "break", "continue")
  each("poll", "POLLIN", "POLLOUT")
  each("poll", "POLLOUT", "POLLIN")
}
