# What valgrind said of each process of a program, out of one report.
#
# Usage: awk -v births=N -v wrong=FILE -v shared=FILE -f processes.awk REPORT
#   births   the number in the lines of births.c; empty where it cannot list anything
# Gives: the lines of the first process, then those of each child, without the heap
#   blocks and descriptors that the child got from its parent by fork(2): the parent
#   gives those back, and the contract asks for no more. Where nothing was listed
#   (births is empty), no block and no descriptor of a child is printed.
#   WRONG has the first line that fits no whole report, and is empty if all is well.
#   SHARED has the places ("listen.c:66") where such blocks were made.
# The program can write into the report. That gains nothing: each process has one
# summary, its last line; a child has one list, its first lines, and the program does
# not know the number in it; each process begins by fork(2), and not by execve(2).
# Lines without a number in front are not read at all: valgrind has some
# (### unhandled dwarf2 ...). Newer valgrinds say more; --command-line-only=yes.

!match($0, /^(==|--|\*\*)[0-9]+(==|--|\*\*)/) { next }
{
  pid = substr($0, 3, RLENGTH - 4)
  mark = substr($0, 1, 2)
  text = substr($0, RLENGTH + 1)
  sub(/^ /, "", text)
}
first == "" { first = pid }
!(pid in lines) { order[++processes] = pid; lines[pid] = 0 }
pid in ended { complain($0) }
text ~ /^Memcheck, a memory error detector/ && (pid != first || lines[pid]) {
  complain("process " pid " became another program by execve(2)")
}
mark == "**" {
  if (births != "" && text == "inherited " births && pid != first && !lines[pid]) listing[pid] = 1
  else if (births != "" && text == "own " births && listing[pid] == 1) listing[pid] = 2
}
{ line[pid, ++lines[pid]] = $0; listed[pid, lines[pid]] = listing[pid] == 1 }
text ~ /^ERROR SUMMARY/ { ended[pid] = 1 }

function complain(text) {
  if (complaint == "") complaint = substr(text, 1, 200)
}

# The lines of process WHO, a block or descriptor with its frames at a time.
function tell(who,    i, text, header, frames, held, count, list, kind) {
  for (i = 1; i <= lines[who] + 1; i++) {
    text = i > lines[who] ? "" : line[who, i]
    sub(/^(==|--|\*\*)[0-9]+(==|--|\*\*) ?/, "", text)
    if (header != "") {
      if (text !~ /^ *$/) {
        held = held "\n" line[who, i]
        sub(/0x[0-9A-Fa-f]+: /, "", text)
        frames = frames "\n" text
        continue
      }
      count = 1
      kind = header
      if (header ~ /^Open/) {
        sub(/:.*/, "", kind)
      } else {
        kind = "block"
        match(header, /in [0-9,]+ blocks/)
        count = substr(header, RSTART + 3, RLENGTH - 10)
        gsub(/,/, "", count)
      }
      if (list) given[who, kind, frames] += count
      else if (!excused(who, kind, frames, count)) print held
      header = ""
    }
    if (text ~ /^[0-9,]+ (\([^)]*\) )?bytes in [0-9,]+ blocks are |^ *Open (file descriptor|AF_[A-Z0-9]+ socket|file) ?[0-9]*:/) {
      header = text
      held = line[who, i]
      list = listed[who, i]
      frames = ""
    } else if (i <= lines[who] && !listed[who, i]) {
      # SIGTERM may end a process: so do programs end their children.
      if (who == first || text !~ /^Process terminating with default action of signal 15 /) print line[who, i]
    }
  }
}

# Whether COUNT more of what was made at FRAMES is none of WHO's own. What libc keeps
# of a thread it frees a moment after the thread's last words: main may be sooner.
function excused(who, kind, frames, count,    place) {
  if (frames ~ /_dl_allocate_tls/) return 1
  if (who == first) return 0
  if (births != "") {
    if ((given[who, kind, frames] -= count) < 0) return 0
  }
  while (match(frames, /\([^():]*\.c:[0-9]+\)/)) {
    place = substr(frames, RSTART + 1, RLENGTH - 2)
    if (shared != "") print place >shared
    frames = substr(frames, RSTART + RLENGTH)
  }
  return 1
}

END {
  for (i = 1; i <= processes; i++) {
    pid = order[i]
    if (!(pid in ended) || listing[pid] == 1)
      complain("process " pid " was ended before valgrind reported (by SIGKILL?), after: " line[pid, lines[pid]])
    tell(pid)
  }
  if (!processes) complain("nothing")
  printf "%s", complaint >wrong
}
