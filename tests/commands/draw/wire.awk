# What tcpdump(8) -tt -n wrote, as segments: one line each, tab-separated:
#   TIME SIDE KIND BYTES ENDS NUMBER
# SIDE is who sent it: C, who sent the first SYN of that connection or its first datagram,
# or S. KIND is SYN, SYN-ACK, ACK, DATA, FIN or RST; data with the last byte is DATA and FIN,
# two lines. A datagram (UDP) is DATA; UNREACHABLE is what a kernel says (ICMP) of one for
# a port that nobody has. Of other ICMP KIND is "request N", "reply N", "unreachable" or
# "ICMP"; C is who sent the first request. ENDS is "FROM > TO". NUMBER counts the connections
# from 1. Port 1 is record's mark of the end. Needs no more than POSIX awk (mawk).
# Left out is an RST that answers a bare ACK when both sides have sent their FIN: a
# kernel with several processors can send an ACK and a FIN in the wrong order, and what
# comes of that meets a connection that is over.
BEGIN { OFS = "\t" }
# UDP: "IP FROM > TO: UDP, length 5".
$2 ~ /^IP6?$/ && $6 == "UDP," {
  from = $3; to = $5
  sub(/:$/, "", to)
  # The kit's peer sends datagrams to itself.
  if (from == to) next
  if (!((to " " from) in asker)) asker[from " " to]
  print $1, (from " " to) in asker ? "C" : "S", "DATA", $8, from " > " to
  next
}
$2 ~ /^IP6?$/ && /udp port [0-9]+ unreachable/ {
  to = $5
  sub(/:$/, "", to)
  print $1, "S", "UNREACHABLE", 0, $3 " > " to
  next
}
$2 == "IP" && $6 == "ICMP" {
  from = $3; to = $5
  sub(/:$/, "", to)
  kind = "ICMP"
  if (/ICMP echo (request|reply)/ && match($0, /seq [0-9]+/)) kind = ($8 ~ /request/ ? "request " : "reply ") substr($0, RSTART + 4, RLENGTH - 4)
  else if (/unreachable/) kind = "unreachable"
  if (pinger == "" && kind ~ /request/) pinger = from
  print $1, from == pinger && kind !~ /reply/ ? "C" : "S", kind, 0, from " > " to
  next
}
$2 !~ /^IP6?$/ || $6 != "Flags" { next }
{
  from = $3; to = $5
  sub(/:$/, "", to)
  if (to ~ /\.1$/) next
  flags = $7
  bytes = match($0, /length [0-9]+/) ? substr($0, RSTART + 7, RLENGTH - 7) : 0
  if (flags ~ /S/ && flags !~ /\./) {
    if (!((from " " to) in client)) client[from " " to] = ++connections
    delete client[to " " from]
    delete fin[from " " to]
    delete fin[to " " from]
  }
  if ((from " " to) in client) { side = "C"; number = client[from " " to] }
  else if ((to " " from) in client) { side = "S"; number = client[to " " from] }
  else next
  kind = flags ~ /S/ ? (flags ~ /\./ ? "SYN-ACK" : "SYN") : flags ~ /R/ ? "RST" : bytes > 0 ? "DATA" : flags ~ /F/ ? "FIN" : "ACK"
  if (kind == "RST" && (from " " to) in fin && (to " " from) in fin && last[to " " from] == "ACK") next
  if (flags ~ /F/) fin[from " " to]
  last[from " " to] = kind
  print $1, side, kind, bytes, from " > " to, number
  if (kind == "DATA" && flags ~ /F/) print $1, side, "FIN", 0, from " > " to, number
}
