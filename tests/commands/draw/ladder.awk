# The picture for a terminal, from order.awk's lines sorted by time.
#
# Variables: client and server, what they are called; connections, their number; width columns;
#   lanes CS, or S for a program without another side;
#   mark, the number of the event from which a program differs from ours; anchors=1 puts the
#   number of statements that have begun, and a tab, in front of each line;
#   wired=1 when there are segments; utf8=1 for lines instead of | and -; the terminal's
#   codes or nothing: red green yellow cyan faint plain.
# Every row is a time in milliseconds, the client, the wire, the server. A bar stands
# for a call that has not returned: thick for one that waits. A legend at the end explains
# the bars that were drawn. Needs POSIX awk (mawk).
BEGIN {
  FS = "\t"
  if (utf8) {
    thick = "\342\224\203"; thin = "\342\224\206"; line = "\342\224\200"
    right = "\342\226\266"; left = "\342\227\200"
  } else {
    thick = "|"; thin = ":"; line = "-"; right = ">"; left = "<"
  }
  two = lanes == "CS"
  time = 7
  middle = two && wired ? 18 : 0
  cell = two ? int((width - time - middle - (middle ? 2 : 1)) / 2) : width - time
}

function pad(text, w) { return sprintf("%-" w "s", text) }

# What is in a lane that has nothing new: a bar while a call is open.
function bar(lane) {
  if (!(lane in open)) return " "
  drawn[waits(open[lane])]
  return waits(open[lane]) ? thick : thin
}

function stamp(t,    mark_here) {
  mark_here = marked ? red "!" plain faint : " "
  if (marked) signed = 1
  marked = 0
  return sprintf("%6.1f%s", (t - zero) * 1000, mark_here)
}

# put(t, lane, text, colour): one row, or several where text is long.
function put(t, lane, text, colour,    n, piece, i, mine, other, gap, when) {
  n = wrap(text, cell, piece)
  when = stamp(t)
  gap = middle ? pad("", middle + 2) : " "
  for (i = 1; i <= n; i++) {
    mine = piece[i]
    mine = colour pad(mine, cell) (colour ? plain : "")
    if (!two) row(faint when plain mine)
    else if (lane == "C") row(faint when plain mine gap bar("S"))
    else row(faint when plain bar("C") pad("", cell - 1) gap mine)
    when = pad("", time)
  }
}
function row(text) { sub(/ +$/, "", text); print (anchors ? statements + 0 "\t" : "") text }

function colour_of(result) { return result ~ /^-1/ ? red : "" }

function flush_call() {
  if (!held) return
  held = 0
  if (held_id == mark) marked = 1
  if (held_stated) statements++
  put(held_at, held_lane, held_text, "")
  open[held_lane] = held_name
}

function arrow(side, kind, bytes, number,    text, n, dashes, i, colour) {
  text = in_words(kind, bytes)
  if (connections > 1) text = number ": " text
  colour = kind ~ /RST|UNREACHABLE|unreachable/ ? red : kind == "FIN" ? yellow : kind ~ /SYN/ ? green : kind ~ /DATA|request|reply/ ? cyan : faint
  n = middle - length(text) - 5
  dashes = ""
  for (i = 0; i < n; i++) dashes = dashes line
  if (side == "C") return colour line line " " text " " dashes right (colour ? plain : "")
  return colour left line " " text " " dashes line (colour ? plain : "")
}

NR == 1 {
  zero = $1
  if (two) {
    row(pad("    ms ", time) pad(client, cell) (middle ? pad("  the wire", middle + 2) : " ") server)
  } else row(pad("    ms ", time) "the program")
}

$3 == "call" {
  flush_call()
  held = 1; held_id = $4; held_lane = $2; held_name = $5; held_at = $1
  held_stated = $5 == "statement"
  if (held_stated) {
    held_text = length($6) > 60 ? substr($6, 1, 57) "..." : $6
    sub(/ .*/, "", $6)
    held_name = $6
    next
  }
  held_text = cut_strings($5 "(" $6 ")", two ? 14 : 40)
  sub(/SOL_SOCKET, /, "", held_text)
  if (two) sub(/, (MSG_[A-Z_|]*[A-Z]|\[[0-9]+\])\)$/, ")", held_text)
  next
}
$3 == "ret" {
  # 'after': how long it waited, where that is to be seen.
  slept = waits($5) && $8 >= 0.01 ? sprintf("  after %.0f ms", $8 * 1000) : ""
  if ($5 == "statement") {
    colour = $7 == "0" ? "" : red
    if (held && held_id == $4) {
      held = 0
      statements++
      put(held_at, $2, held_text ($7 == "0" ? "" : "  fails"), colour)
      next
    }
    flush_call()
    delete open[$2]
    put($1, $2, $7 == "0" ? "done" : "fails", colour)
    next
  }
  text = "= " cut_strings($7, two ? 12 : 40) slept
  if (held && held_id == $4) {
    held = 0
    if ($4 == mark) marked = 1
    put(held_at, $2, held_text " " text, colour_of($7))
    next
  }
  flush_call()
  delete open[$2]
  put($1, $2, text, colour_of($7))
  next
}
{ flush_call() }
$3 == "seg" {
  if (middle)
    row(faint stamp($1) plain bar("C") pad("", cell) arrow($6, $5, $7, $9) " " bar("S"))
  next
}
$3 == "note" {
  if ($4 == mark) marked = 1
  if ($5 == "exit") { text = "exits, status " $6; colour = $6 == 0 ? "" : yellow }
  else if ($5 == "killed") { text = "killed by " $6; colour = red }
  else if ($5 == "prints") { text = cut_strings("prints " $6, 90); colour = faint }
  else if ($5 == "left out") {
    row(pad("", time) bar("C") pad("", cell - 1) faint "(" $6 ")" plain)
    next
  }
  else if ($5 == "expected" || $5 == "got") {
    # Over the whole width: a line of "got" that points into the one above it stays below it.
    if (mark == "end" && told == "") marked = 1
    n = wrap($6, width - time - 10, piece)
    for (i = 1; i <= n; i++)
      row(faint (i > 1 || told == $5 ? pad("", time) : stamp($1)) plain red pad(i > 1 || told == $5 ? "" : $5, 10) piece[i] plain)
    told = $5
    next
  }
  else { text = "(" $6 ")"; colour = "" }
  if ($5 == "exit" || $5 == "killed") delete open[$2]
  put($1, $2, text, colour)
}
END {
  flush_call()
  if (1 in drawn) legend = thick " the call above it waits"
  if (0 in drawn) legend = legend (legend ? "; " : "") thin " the call above it has not returned yet"
  if (connections > 1) legend = legend (legend ? "; " : "") "1: the first connection, 2: the second"
  if (legend) { row(""); row(pad("", time) faint legend plain) }
  if (signed) { if (!legend) row(""); row(pad("", time) faint "! here it goes another way than a right program" plain) }
}
