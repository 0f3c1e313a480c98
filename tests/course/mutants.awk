# The mutants of a solution: of each statement between BEGIN and END marks, the
# changes below, one at a time. Prints FILE<tab>LINE<tab>COUNT<tab>RULE<tab>TEXT
# <tab>ORIGINAL: the COUNT lines from LINE on become TEXT. Needs -v file=FILE.

# A statement may stand on several lines: it is joined to one.
/\/\* BEGIN [0-9]+:/ { inside = 1; comment = 1 }
/\/\* END [0-9]+/ { inside = 0; held = previous = "" }
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

# The commas between the arguments of a call, or of a list in parentheses: those
# between the parenthesis at OPEN and the one that closes it, into COMMA, counted.
function commas(text, open,    i, depth, c, n, quoted) {
  for (i = open + 1; i < closing(text, open); i++) {
    c = substr(text, i, 1)
    if (c == "\"" && substr(text, i - 1, 1) != "\\") quoted = !quoted
    depth += (c ~ /[({]/) - (c ~ /[)}]/)
    if (c == "," && !depth && !quoted) comma[++n] = i
  }
  return n
}

# Two neighbours among the arguments of a call in each other's place.
function swap(    at_open, rest, gone, n, i, first, second, last) {
  gone = 0
  rest = original
  while (match(rest, /[a-z_]+[(]/)) {
    at_open = gone + RSTART + RLENGTH - 1
    if (substr(rest, RSTART, RLENGTH) !~ /^(if|while|for|sizeof)[(]/) {
      n = commas(original, at_open)
      comma[0] = at_open
      comma[n + 1] = closing(original, at_open)
      for (i = 1; i <= n; i++) {
        first = substr(original, comma[i - 1] + 1, comma[i] - comma[i - 1] - 1)
        second = substr(original, comma[i] + 1, comma[i + 1] - comma[i] - 1)
        sub(/^ /, "", first)
        sub(/^ /, "", second)
        last = i == 1 ? "" : " "
        emit("swap", substr(original, 1, comma[i - 1]) last second ", " first substr(original, comma[i + 1]))
      }
    }
    gone = at_open
    rest = substr(original, gone + 1)
  }
}

# Each number that is not 0 becomes the next one, below and above.
function numbers(    rest, done, value, before) {
  rest = original
  done = ""
  while (match(rest, /[0-9]+/)) {
    value = substr(rest, RSTART, RLENGTH)
    before = substr(done substr(rest, 1, RSTART - 1), length(done) + RSTART - 1, 1)
    if (before !~ /[A-Za-z_0-9.\\%]/ && value + 0 > 0) {
      emit("number", done substr(rest, 1, RSTART - 1) (value + 1) substr(rest, RSTART + RLENGTH))
      if (value + 0 > 1) emit("number", done substr(rest, 1, RSTART - 1) (value - 1) substr(rest, RSTART + RLENGTH))
    }
    done = done substr(rest, 1, RSTART + RLENGTH - 1)
    rest = substr(rest, RSTART + RLENGTH)
  }
}

# The first character of each string becomes another.
function strings(    part, n, i, k, line) {
  n = split(original, part, "\"")
  for (i = 2; i < n; i += 2) {
    line = part[1]
    for (k = 2; k <= n; k++) line = line "\"" (k == i ? "?" substr(part[k], 2) : part[k])
    emit("text", line)
  }
}

function mutate(text, from, count,    indent, inner, head) {
  original = text
  at = from
  lines = count
  indent = text
  sub(/[^ ].*/, "", indent)
  # Drop a statement; a declaration would only fail to compile.
  if (text ~ /;$/ && text !~ /^ *(int|long|char|size_t|ssize_t|struct|const|socklen_t|uint64_t|unsigned) /)
    emit("drop", indent ";")
  # What a call returns is not asked for, and the call not made.
  if (text ~ /^ *([a-z_]+ )*[a-z_]+ = [a-z_]+[(].*;$/ && match(text, / = /)) emit("no call", substr(text, 1, RSTART) "= 0;")
  # Negate a condition, or do what it asks and take no notice.
  if (match(text, /^ *(\} )?(else )?(if|while) \(/) || match(text, /^ *\} while \(/)) {
    inner = closing(text, RLENGTH)
    head = substr(text, RLENGTH + 1, inner - RLENGTH - 1)
    emit("negate", substr(text, 1, RLENGTH) "!(" head ")" substr(text, inner))
    if (head ~ /[a-z_][(]/) emit("ignore", substr(text, 1, RLENGTH) "(" head ") && 0" substr(text, inner))
  }
  # Leave a loop after one turn; that of a do stands in a line of its own.
  if (text ~ /^ *while \(/) {
    inner = text
    if (text ~ /\);$/ && previous ~ /^ *(do|\}) ?/) inner = indent "while (0);"
    else sub(/while/, "if", inner)
    emit("once", inner)
  }
  if (match(text, /return [^;]*;$/) && text !~ /return (-1|0|1);$/) {
    emit("return", substr(text, 1, RSTART - 1) "return 0;")
    emit("return", substr(text, 1, RSTART - 1) "return -1;")
  }
  swap()
  numbers()
  strings()
  each("equal", "==", "!=")
  each("unequal", "!=", "==")
  each("less", " < ", " <= ")
  each("at most", " <= ", " < ")
  each("more", " > ", " >= ")
  each("at least", " >= ", " > ")
  each("and", "&&", "||")
  each("or", "[|][|]", "&&")
  each("plus", " [+] ", " - ")
  each("minus", " - ", " + ")
  each("add", " [+]= ", " -= ")
  each("add", " [+]= ", " = ")
  each("add", " -= ", " += ")
  each("zero", " 0;", " 1;")
  each("zero", " 0,", " 1,")
  each("zero", " 0[)]", " 1)")
  each("flag", "MSG_NOSIGNAL", "0")
  each("flag", "AI_PASSIVE", "0")
  each("option", "SO_REUSEADDR", "SO_REUSEPORT")
  each("option", "SO_DOMAIN", "SO_TYPE")
  each("option", "SO_TYPE", "SO_PROTOCOL")
  each("option", "SO_PROTOCOL", "SO_DOMAIN")
  each("option", "SO_ERROR", "SO_TYPE")
  each("shut both", "SHUT_WR", "SHUT_RDWR")
  each("shut reading", "SHUT_WR", "SHUT_RD")
  each("type", "SOCK_STREAM", "SOCK_DGRAM")
  each("errno", "EINTR", "EAGAIN")
  each("errno", "ECONNABORTED", "EAGAIN")
  each("errno", "EINPROGRESS", "EAGAIN")
  each("errno", "ETIMEDOUT", "ECONNREFUSED")
  each("order", "htons|htonl|ntohs|ntohl", "")
  each("size", "sizeof ", "1 + sizeof ")
  each("status", "return 1", "return 0")
  each("continue", "continue", "break")
  each("break", "break", "continue")
  each("poll", "POLLIN", "POLLOUT")
  each("poll", "POLLOUT", "POLLIN")
  previous = text
}
