# A sequence diagram with four lifelines for Mermaid, from order.awk's lines sorted by
# time: the two programs and their kernels; a bar for exactly the time that a call
# waits. Variables: lanes CS, S or C; client, server: titles; connections, their number;
# one_kernel=1 where there is no wire: then both sides have the same kernel. Needs POSIX awk
# (mawk).
BEGIN {
  FS = "\t"
  print "sequenceDiagram"
  if (lanes ~ /C/) print "    participant C as " client "\n    participant " kernel("C") " as " (one_kernel ? "the" : "its") " kernel"
  if (one_kernel && lanes == "CS") print "    participant S as " server
  else if (lanes ~ /S/) print "    participant SK as " (lanes == "CS" ? "the server's kernel" : "its kernel") "\n    participant S as " server
}
function kernel(side) { return one_kernel && lanes == "CS" ? "K" : side "K" }
# "#" and ";" mean something to Mermaid, and "<" to those who show it.
function safe(text) {
  gsub(/#/, "#35;", text)
  gsub(/</, "#lt;", text)
  gsub(/;/, "#59;", text)
  gsub(/#35#59;/, "#35;", text)
  gsub(/#lt#59;/, "#lt;", text)
  return text
}
function flush_call() {
  if (!held) return
  held = 0
  print "    " held_lane "->>" kernel(held_lane) ": " held_text
  if (waits(held_name)) { print "    activate " held_lane; bars[held_id] = held_lane }
}
$3 == "call" {
  flush_call()
  held = 1; held_id = $4; held_lane = $2; held_name = $5; held_text = safe($5 "(" $6 ")")
  next
}
$3 == "ret" {
  if (held && held_id == $4) { held = 0; print "    " $2 "->>" kernel($2) ": " held_text }
  flush_call()
  print "    " kernel($2) "-->>" $2 ": " safe($7)
  if ($4 in bars) { delete bars[$4]; print "    deactivate " $2 }
  next
}
{ flush_call() }
$3 == "seg" {
  if ($5 == "ACK" && !($6 == "C" && answered)) next
  answered = $5 == "SYN-ACK"
  print "    " ($6 == "C" ? "CK->>SK: " : "SK->>CK: ") (connections > 1 ? "client " $9 ", " : "") in_words($5, $7)
}
$3 == "note" {
  print "    Note over " $2 ": " safe($5 == "exit" ? "exits, status " $6 : $5 == "killed" ? "killed by " $6 : $5 == "prints" ? "prints " $6 : $6)
}
END {
  flush_call()
  for (id in bars) print "    deactivate " bars[id]
}
