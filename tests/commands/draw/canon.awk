# The canonical form of a run, from order.awk's lines sorted by time: what is the same
# in every run of the same programs. No times, no acknowledgements; each process by
# itself, and the segments of each side by themselves, for how they interleave differs.
#
# Variables: addr, which becomes 127.0.0.1; port, the server's: others become PORT
#   where the kernel chose them; cast, the file that names the processes; one_kernel=1
#   where there is no wire.
# Gives: "# LANE: COMMAND" and its calls "CALL(ARGUMENTS) = RESULT", for each process;
#   "# the wire, from the client" and from the server, for each client if there were several
#   at once, with SYN, 5 bytes, FIN …. Needs POSIX awk (mawk).
BEGIN { FS = "\t" }

# What the kernel chose: ports of clients, who they are, and how long poll has left.
function steady(text, name,    out, where) {
  while (addr != "127.0.0.1" && (where = index(text, addr)))
    text = substr(text, 1, where - 1) "127.0.0.1" substr(text, where + length(addr))
  out = ""
  while (match(text, /127\.0\.0\.1:[0-9]+/)) {
    where = substr(text, RSTART + 10, RLENGTH - 10)
    out = out substr(text, 1, RSTART + 9) (where == port || name == "bind" || name == "connect" ? where : "PORT")
    text = substr(text, RSTART + RLENGTH)
  }
  text = out text
  if (name == "poll") sub(/, [0-9]+ ms$/, ", MS", text)
  return steady_words(name, text)
}

FILENAME == cast { lane[$2] = $1 == "C" ? "client" : "server"; title[$2] = steady($3, "connect"); order[++n] = $2; next }
$3 == "call" { text[$4] = steady($6, $5); ids[$9, ++count[$9]] = $4; name[$4] = $5; next }
$3 == "ret" { result[$4] = steady($7, $5); next }
$3 == "note" { text[$4] = steady($6, $5); ids[$9, ++count[$9]] = $4; name[$4] = $5; next }
$3 == "seg" && $5 != "ACK" {
  # Datagrams have no connection.
  number = $9 ? $9 : 1
  if (number > connections) connections = number
  # A connection is over when both ends have sent a FIN, or one a RST.
  if ($5 == "SYN") { if (alive > 0) at_once = 1; alive++; fins[number] = 0 }
  if ($5 == "RST" && fins[number] < 2 || $5 == "FIN" && ++fins[number] == 2) { alive--; fins[number] = 2 }
  all[$6] = all[$6] in_words($5, $7) "\n"
  wire[$6, number] = wire[$6, number] in_words($5, $7) "\n"
}
END {
  for (i = 1; i <= n; i++) {
    print "# " lane[order[i]] ": " title[order[i]]
    for (j = 1; j <= count[order[i]]; j++) {
      id = ids[order[i], j]
      if (name[id] == "exit") print "exits " text[id]
      else if (name[id] == "killed") print "killed by " text[id]
      else if (name[id] == "prints") print "prints " text[id]
      else if (name[id] == "again") print "(" text[id] ")"
      else print name[id] "(" text[id] ")" (id in result ? " = " result[id] : "")
    }
    print ""
  }
  # Of several clients at once each by itself.
  if (!one_kernel && !at_once)
    printf "# the wire, from the client\n%s\n# the wire, from the server\n%s", all["C"], all["S"]
  for (i = 1; at_once && i <= connections; i++)
    printf "%s# the wire, from client %d\n%s\n# the wire, from the server to client %d\n%s", (i > 1 ? "\n" : ""), i, wire["C", i], i, wire["S", i]
}
