# Where a program goes another way than ours: awk -f differ.awk ROWS OURS, both as rows.awk
# writes them, ROWS with numbers. Gives "ROW OUR_ROW", the first that differ, counted from 1; a
# number that is one too high means after the last row. Nothing when all is the same, or ours was
# not kept any further: its last row is then "(N more)".
# What is compared is what another program can see, in three streams: the bytes that were sent,
# those that were printed, and what was made, ended and refused. Not how: sizes of buffers, how
# many calls, waits. What was received is the test's choice: a byte that both send on is the same.
# And what comes next, a byte in or a byte out, where as many of both went before. Only where
# none of these differs, the first wait with a limit: whether ours is more than twice as long, or
# less than half; and then the first text on standard error.
# Needs POSIX awk (mawk).

# Each character of the first string in TEXT, as strace escapes it; MOST bytes in all, of
# which strace may have written fewer.
function add_bytes(stream, text, most,    character, count) {
  if (!match(text, /"([^"\\]|\\.)*"/)) return
  text = substr(text, RSTART + 1, RLENGTH - 2)
  while (count++ < most) {
    character = ""
    if (text != "") {
      character = match(text, /^\\([0-7]+|.)/) ? substr(text, 1, RLENGTH) : substr(text, 1, 1)
      text = substr(text, length(character) + 1)
    } else if (count > 4096) { n[who, stream] += most - count + 1; break }
    add(stream, character)
  }
}
function add(stream, what,    i) {
  i = ++n[who, stream]
  atom[who, stream, i] = what
  row[who, stream, i] = FNR
}

# What the program does after so many bytes in and out; MOST more of them by it.
function act(what, most,    state) {
  state = came[who] + 0 "," went[who] + 0
  if (!((who, state) in action)) {
    action[who, state] = what
    action_row[who, state] = FNR
    if (who == 1) seen[++states] = state
  }
  if (what == "in") came[who] += most
  else went[who] += most
}

# The limit of a wait in seconds, -1 for none; "" where the row has none.
function limit(args,    n) {
  if (args ~ /, -1\)?$/) return -1
  if (!match(args, /[0-9.]+ m?s\)?$/)) return ""
  n = substr(args, RSTART) + 0
  return args ~ / ms\)?$/ ? n / 1000 : n
}

FNR == 1 { who++ }
{
  text = $0
  if (who == 1) sub(/^[0-9]+\t/, "", text)
  last[who] = FNR
}
who == 2 && text ~ /^\(/ { is_cut = 1 }
text !~ /^\t/ { next }
{
  text = substr(text, 2)
  name = text
  sub(/[( ,].*/, "", name)
  at = index(text, ") = ")
  while (at && match(substr(text, at + 4), /\) = /)) at += 3 + RSTART
  args = at ? substr(text, 1, at) : text
  result = at ? substr(text, at + 4) : ""
}
name ~ /^(poll|select|nanosleep)$/ && !(who in wait_row) {
  wait_limit[who] = limit(text ~ /  waits$/ ? substr(args, 1, length(args) - 7) : args)
  if (wait_limit[who] != "") wait_row[who] = FNR
}
name == "prints" && text ~ /standard error/ && !(who in error_row) { error_row[who] = FNR; error[who] = text }
result ~ /cut off/ { add("ends", name " cut off"); next }
text ~ /  waits$/ { waits[who] = FNR; if (name ~ /^recv/) act("in", 0); next }
result ~ /EAGAIN|EINTR|^\(/ { next }
name == "prints" && text ~ /standard error/ { add("ends", "an error is printed"); next }
name == "prints" { add_bytes("prints", text, 4096); next }
name ~ /^(exits|killed)$/ { add("ends", text); next }
name ~ /^recv/ && result ~ /^0 \(/ { act("in", 0); add("ends", "end of file"); next }
name ~ /^recv/ && result !~ /^-/ { act("in", result + 0); add_bytes("receives", substr(result, index(result, "\"")), result + 0); next }
name ~ /^(send|sendto|write)$/ && result !~ /^-/ { act("out", result + 0); add_bytes("sends", args, result + 0); next }
name == "connect" { sub(/^[0-9-]*[^E]*EINPROGRESS/, "0", result); add("ends", "connect " result); next }
name == "bind" { sub(/^bind\([0-9]+/, "", args); add("ends", "bind" args " " result); next }
name == "listen" && result == "0" { sub(/.*, /, "", args); add("ends", "listen " (who == 2 && args + 0 >= 4096 ? "any" : args)); next }
name ~ /^(socket|listen|accept|shutdown|close|unlink|rename)$/ || result ~ /^-/ { add("ends", name (result ~ /^-/ ? " " result : "")) }

# Whether the atoms number I of a stream are the same.
function same(stream, i,    mine, ours, k) {
  mine = atom[1, stream, i]; ours = atom[2, stream, i]
  # Where ours asks for the longest queue there is, any will do.
  if (mine == ours || ours == "listen any" && mine ~ /^listen [0-9]/) return 1
  if (stream == "ends") return 0
  if (mine == "" || ours == "") return 1
  for (k = 1; k <= n[1, "receives"] && k <= n[2, "receives"]; k++)
    if (atom[1, "receives", k] == mine && atom[2, "receives", k] == ours) return 1
  return 0
}

# Compares a stream; here and there become the rows that differ, if they are earlier.
function compare(stream,    i, a, b) {
  for (i = 1; i <= n[1, stream] && i <= n[2, stream]; i++)
    if (!same(stream, i)) break
  if (i > n[2, stream] && (is_cut || i > n[1, stream])) return
  # Where it waits instead of going on, that call is the one.
  a = i <= n[1, stream] ? row[1, stream, i] : 1 in waits ? waits[1] : last[1] + 1
  b = i <= n[2, stream] ? row[2, stream, i] : last[2] + 1
  if (!here || a < here || a == here && b < there) { here = a; there = b }
}
# Whether two limits are far from each other.
function apart(a, b) { return a < 0 || b < 0 ? a != b : a > 2 * b || b > 2 * a }

END {
  compare("sends")
  compare("prints")
  compare("ends")
  for (i = 1; i <= states; i++) {
    state = seen[i]
    if ((2, state) in action && action[1, state] != action[2, state]) {
      if (!here || action_row[1, state] < here) { here = action_row[1, state]; there = action_row[2, state] }
      break
    }
  }
  if (!here && 1 in wait_row && 2 in wait_row && apart(wait_limit[1], wait_limit[2])) { here = wait_row[1]; there = wait_row[2] }
  if (!here && 1 in error_row && 2 in error_row && error[1] != error[2]) { here = error_row[1]; there = error_row[2] }
  if (here) print here, there
}
