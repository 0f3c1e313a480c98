# A test's picture in few words, from order.awk's lines sorted by time: one line for each
# statement of the test, and, behind a tab, one for each call of the program that has ended,
# and for what it printed and how it ended. No times, no segments.
#
# Variables: lane, the program's; ids=1 puts the number of the event, and a tab, in front.
# With words.awk before it. Needs POSIX awk (mawk).
BEGIN { FS = "\t" }

# What the test and the kernel chose for clients: their addresses and ports.
function steady(text) {
  gsub(/127\.[0-9]+\.[0-9]+\.[0-9]+:[0-9]+/, "CLIENT", text)
  gsub(/from ADDR:[0-9]+/, "from CLIENT", text)
  gsub(/, to ADDR:[0-9]+/, ", to CLIENT", text)
  gsub(/127\.[1-9][0-9]*\.[0-9]+\.[0-9]+/, "CLIENT", text)
  return text
}
function put(id, text) { print (ids ? id "\t" : "") steady(text) }

$3 == "call" && $5 == "statement" { put($4, $6); next }
$2 != lane { next }
$3 == "call" { waiting[$9] = $4; waits_in[$9] = $5 "(" $6 ")" }
$3 == "ret" { delete waiting[$9]; put($4, "\t" $5 "(" $6 ") = " steady_words($5, $7)) }
$3 == "note" && $5 == "prints" { put($4, "\tprints " steady_words($5, $6)) }
$3 == "note" && $5 == "exit" { delete waiting[$9]; put($4, "\texits, status " $6) }
$3 == "note" && $5 == "killed" { delete waiting[$9]; put($4, "\tkilled by " $6) }
END { for (process in waiting) put(waiting[process], "\t" waits_in[process] "  waits") }
