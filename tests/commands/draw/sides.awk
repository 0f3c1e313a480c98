# The rows of a run (rows.awk), as those of our program stand in the file right of a lab, with the
# test on the left and the program on the right.
#
# Variables: width columns; indent, how far the program's side begins to the right (half of it);
#   first, the row from which the two differ (0: none); all=1 for all rows, else those about that
#   one, or the last; red and plain, the terminal's codes; anchors=1 puts the number of the last
#   statement that has begun, and a tab, in front of each line.
# With words.awk before it. Needs POSIX awk (mawk).
{ row[NR] = $0 }

function line(text) { sub(/ +$/, "", text); print (anchors ? statements "\t" : "") text }

END {
  half = int((width - 3) / 2)
  if (!indent) indent = half
  room[0] = indent < half ? width - 3 : half - 1
  room[1] = width - 3 - indent
  from = 1; to = NR
  if (!all && NR > 24) {
    from = first > 12 ? first - 12 : first ? 1 : NR - 20
    to = from + 20 < NR ? from + 20 : NR
  }
  statements = 0
  for (i = 1; i < from; i++) if (row[i] !~ /^[\t(]/) statements++
  if (from > 1) line("  (" from - 1 " before)")
  for (i = from; i <= to; i++) {
    mine = row[i] ~ /^\t/
    if (row[i] !~ /^[\t(]/) statements++
    n = wrap(mine ? cut_strings(substr(row[i], 2), row[i] ~ /^\tprints/ ? 60 : 24) : row[i], room[mine], piece)
    for (k = 1; k <= n; k++)
      line((i == first && k == 1 ? red "!" plain " " : "  ") (mine ? sprintf("%" indent "s", "") : "") piece[k])
  }
  if (to < NR) line("  (" NR - to " more)")
}
