# What the peer noted of its statements (peer.c, -l), in the form of calls (events.awk):
#   START END LANE PROCESS statement TEXT STATUS
# END and STATUS (0: as it must be, 1: not) are empty where it had not ended. Nothing is told of
# what a statement does to the script alone. Variable: lane. Needs POSIX awk (mawk).
BEGIN { FS = OFS = "\t" }
$3 == "begin" && $4 !~ /^(print|print-address|print-magic-words|make-random|hide-steps|show-steps|use-connection|stay)( |$)/ {
  n++
  start[n] = $1; peer[n] = $2; text[n] = $4
  now[$2] = n
}
$3 == "end" && ($2 in now) { end[now[$2]] = $1; status[now[$2]] = $4; delete now[$2] }
END { for (i = 1; i <= n; i++) print start[i], end[i], lane, "peer " peer[i], "statement", text[i], status[i] }
