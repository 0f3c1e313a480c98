# Calls and segments in one order of time: reads the lines of events.awk and of
# wire.awk (in this order), writes, tab-separated, for sort -n:
#   TIME LANE KIND ID NAME TEXT RESULT SLEPT PROCESS
# LANE C, S, or W for the wire. KIND is call, ret (after SLEPT seconds), note and seg:
# there NAME is its kind, TEXT its sender, RESULT its bytes, SLEPT its two ends, PROCESS
# the number of its connection. ID joins a call and its ret.
#
# strace knows when a call begins, but its end only to a tenth of a millisecond, and
# always too early. Segments have their own times. So an end is moved later, never
# past the next call of the same process, until it is after what must have been
# before it: what the call sent, and what it waited for. Needs POSIX awk (mawk).
BEGIN { OFS = "\t"; near = 0.005 }
$5 != "" && NF == 7 {
  n++
  start[n] = $1; end[n] = $2; lane[n] = $3; proc[n] = $4; name[n] = $5; args[n] = $6; result[n] = $7
  if ($4 in last) following[last[$4]] = $1
  last[$4] = n
  next
}
{ m++; at[m] = $1; side[m] = $2; kind[m] = $3; bytes[m] = $4; ends[m] = $5; number[m] = $6 }

# Whether call i ended after segment j.
function before_its_end(i, j,    own) {
  own = side[j] == lane[i]
  if (name[i] == "connect")
    return kind[j] ~ /SYN/ || (kind[j] == "ACK" && own) || (kind[j] == "RST" && !own)
  if (name[i] == "accept") return result[i] !~ /^-/ && (kind[j] ~ /SYN/ || (kind[j] == "ACK" && !own))
  if (name[i] ~ /^send/ || name[i] == "write") return own ? kind[j] ~ /DATA|request/ : kind[j] == "RST"
  if (name[i] == "close" || name[i] == "shutdown") return own && kind[j] ~ /FIN|RST/
  if (name[i] ~ /^recv/ || name[i] == "read" || name[i] == "poll" || name[i] == "select")
    return !own && kind[j] ~ /DATA|FIN|RST|UNREACHABLE|unreachable|reply|ICMP/
  return 0
}

END {
  for (i = 1; i <= n; i++) {
    if (name[i] ~ /^(exit|killed|prints|again|expected|got)$/) {
      printf "%.7f\t%s\tnote\t%d\t%s\t%s\t\t0\t%s\n", start[i], lane[i], i, name[i], args[i], proc[i]
      continue
    }
    stop = end[i]
    if (stop != "") {
      limit = stop + near
      if ((i in following) && following[i] < limit) limit = following[i]
      for (j = 1; j <= m; j++)
        if (at[j] >= stop && at[j] < limit && at[j] > start[i] && before_its_end(i, j))
          stop = at[j] + 0.0000005
    }
    printf "%.7f\t%s\tcall\t%d\t%s\t%s\t%s\t0\t%s\n", start[i], lane[i], i, name[i], args[i], result[i], proc[i]
    if (stop != "")
      printf "%.7f\t%s\tret\t%d\t%s\t%s\t%s\t%.6f\t%s\n", stop, lane[i], i, name[i], args[i], result[i], stop - start[i], proc[i]
  }
  for (j = 1; j <= m; j++)
    printf "%.7f\tW\tseg\t%d\t%s\t%s\t%s\t%s\t%s\n", at[j], j, kind[j], side[j], bytes[j], ends[j], number[j]
}
