# Two pictures beside each other, so that each statement of the test begins on the same line in
# both: awk -f beside.awk LEFT RIGHT. A line of them begins with the number of the last statement
# that has begun, and a tab. Variable: width, the columns of the left one. Needs POSIX awk
# (mawk).
BEGIN { FS = "\t" }
FNR == 1 { side++ }
{
  number = $1 + 0
  if (number > last) last = number
  line[side, number, ++count[side, number]] = substr($0, length($1) + 2)
}
# Columns that text takes on a terminal: without its codes, and a character of UTF-8 as one.
function columns(text) {
  gsub(/\033\[[0-9;]*m/, "", text)
  gsub(/[\200-\277]/, "", text)
  return length(text)
}
END {
  for (number = 0; number <= last; number++)
    for (k = 1; k <= count[1, number] || k <= count[2, number]; k++) {
      left = line[1, number, k]
      text = left sprintf("%" width - columns(left) "s", "") "  " line[2, number, k]
      sub(/ +$/, "", text)
      print text
    }
}
