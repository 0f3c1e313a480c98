# What the peer noted of its statements (peer.c, -l), in the form of calls (events.awk):
#   START END LANE PROCESS statement TEXT STATUS
# END and STATUS (0: as it must be, 1: not) are empty where it had not ended. Of peers that
# had ended before the program began nothing is told, nor what a statement does to the script
# alone. Variables: lane; from, the moment in which the program began, in seconds. Needs POSIX
# awk (mawk).
BEGIN { FS = OFS = "\t" }
$3 == "begin" && $4 !~ /^(print|print-address|print-magic-words|make-random|hide-steps|show-steps|use-connection|stay)( |$)/ {
  n++
  start[n] = $1; peer[n] = $2; text[n] = $4
  now[$2] = n
}
$3 == "begin" { open[$2] }
$3 == "end" { delete open[$2]; last[$2] = $1 }
$3 == "end" && ($2 in now) { end[now[$2]] = $1; status[now[$2]] = $4; delete now[$2] }
END {
  for (i = 1; i <= n; i++)
    if ((peer[i] in open) || last[peer[i]] >= from) print start[i], end[i], lane, "peer " peer[i], "statement", text[i], status[i]
}
