# Where a program goes another way than ours: awk -f differ.awk ROWS OURS, both as rows.awk
# writes them, ROWS with numbers. Gives "ROW OUR_ROW", the first that differ, counted from 1; a
# number that is one too high means after the last row. Nothing when all is the same, or ours was
# not kept any further: its last row is then "(N more)".
# What is compared is what another program can see: bytes that were received, sent and
# printed, one by one, and what was made, ended and refused. Not how: sizes of buffers, how many
# calls, waits. Needs POSIX awk (mawk).

function add(what) { n[who]++; atom[who, n[who]] = what; row[who, n[who]] = FNR }

# Each character of the first string in TEXT, as strace escapes it: at most MOST of them.
function add_string(kind, text, most,    character, count) {
  if (!match(text, /"([^"\\]|\\.)*"/)) return
  text = substr(text, RSTART + 1, RLENGTH - 2)
  while (text != "" && count++ < most) {
    character = match(text, /^\\([0-7]+|.)/) ? substr(text, 1, RLENGTH) : substr(text, 1, 1)
    text = substr(text, length(character) + 1)
    add(kind " " character)
  }
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
text ~ /  waits$/ { waits[who] = FNR; next }
result ~ /EAGAIN|EINTR/ { next }
name == "prints" && text ~ /standard error/ { add("prints an error"); next }
name == "prints" { add_string("prints", text, 100); next }
name ~ /^(exits|killed)$/ { add(text); next }
name ~ /^recv/ && result ~ /^0 \(/ { add("end of file"); next }
name ~ /^recv/ && result !~ /^-/ { add_string("receives", substr(result, index(result, "\"")), result + 0); next }
name ~ /^(send|sendto|write)$/ && result !~ /^-/ { add_string("sends", args, result + 0); next }
name == "connect" { sub(/^[0-9-]*[^E]*EINPROGRESS/, "0", result); add("connect " result); next }
name == "bind" { sub(/^bind\([0-9]+/, "", args); add("bind" args " " result); next }
name == "listen" && result == "0" { sub(/.*, /, "", args); add("listen " (who == 2 && args + 0 >= 4096 ? "any" : args)); next }
name ~ /^(socket|listen|accept|shutdown|close|unlink|rename)$/ { add(name (result ~ /^-/ ? " " result : "")) }
# Where ours asks for the longest queue there is, any will do.
function same(mine, ours) { return mine == ours || ours == "listen any" && mine ~ /^listen [0-9]/ }
END {
  for (i = 1; i <= n[1] && i <= n[2]; i++)
    if (!same(atom[1, i], atom[2, i])) break
  if (i > n[2] && (is_cut || i > n[1])) exit
  # Where it waits instead of going on, that call is the one.
  print (i <= n[1] ? row[1, i] : 1 in waits ? waits[1] : last[1] + 1), (i > n[2] ? last[2] + 1 : row[2, i])
}
