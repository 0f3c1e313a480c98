# The last calls of a program as evidence, and what is remarkable in them.
#
# Input: lines of events.awk, in order of time. Variable: until, the moment in which
#   the peer gave up and closed its connections, or nothing: what came later is left out.
# Gives: "call<tab>TEXT" for each of the last 12 events, and "seen<tab>TEXT" for the first
#   remark that fits: a call on a descriptor that is no socket although a connection has
#   another one; a closed descriptor used; a wait for POLLIN while a connect is under way;
#   a program that takes the result of a comparison for the number that recv returned; one
#   that looks at errno where nothing has failed, or when another call has changed it.
#   If none fits, "pointer<tab>TEXT" where what was sent has the size of a pointer, and
#   "maybe<tab>TEXT", a question about the number that recv returned, where nothing
#   was done with what came.
# Needs no more than POSIX awk (mawk).
BEGIN {
  FS = "\t"
  MOST = 12
  COMPARED = "is what you use that number, or the result of a comparison"
  KEPT = "was that looked at, or errno, which a call that succeeds leaves as it was?"
  # Reasons as strerror(3) has them. ETIMEDOUT is not among them: programs set it themselves.
  split("EADDRINUSE:Address already in use|EAGAIN:Resource temporarily unavailable|EBADF:Bad file descriptor" \
    "|ECONNREFUSED:Connection refused|ECONNRESET:Connection reset by peer|EINVAL:Invalid argument" \
    "|ENOENT:No such file or directory|ENOTSOCK:Socket operation on non-socket|ENOTTY:Inappropriate ioctl for device" \
    "|ESPIPE:Illegal seek|none:Success", reason, "|")
}

# string(text): the characters of the first "…" in text, as strace escapes them.
function string(text) {
  return match(text, /"([^"\\]|\\.)*"/) ? substr(text, RSTART + 1, RLENGTH - 2) : ""
}
# first(text): the first character of it, whole where it is escaped.
function first(text) {
  return match(text, /^\\([0-7]+|.)/) ? substr(text, 1, RLENGTH) : substr(text, 1, 1)
}
function remark(text) { if (!seen) seen = text }
# has(list, word): whether word is one of the words in list.
function has(list, word) { return index(" " list " ", " " word " ") > 0 }

# check_reason(text): remarks on a line on standard error whose reason is not one with which
# the call failed that stands before it.
function check_reason(text,    i, part, words, n) {
  for (i in reason) {
    split(reason[i], part, ":")
    if (!(n = index(text, ": " part[2]))) continue
    n = split(substr(text, 1, n - 1), words, /: |"/)
    sub(/\(.*/, "", words[n])
    if ((words[n] in errors) && !has(errors[words[n]], part[1]) && errors[words[n]] !~ /EINPROGRESS|EINTR/)
      remark(words[n] " failed with" errors[words[n]] ", and the message has another reason, " part[1] \
        ": which call was the last before errno was read?")
  }
  if (late && text ~ /Operation now in progress/)
    remark("poll returned 0, since time was up; it leaves errno as it was: the reason in the message is an earlier call's")
}

{
  if (until && $1 > until + 0) next
  name = $5; args = $6; result = $7
  if (until && $2 > until + 0) result = ""
  fd = args
  sub(/,.*/, "", fd)
  # Nobody counts the characters of a long path.
  if (name ~ /^(bind|connect)$/ && length(string(args)) > 60)
    args = fd ", \"" substr(string(args), 1, 20) "\"... (" length(string(args)) " bytes)"
  if (name == "exit") text = "(it exits with status " args ")"
  else if (name == "killed") text = "(it is killed by " args ")"
  else if (name == "prints") text = "(it prints " args ")"
  else if (name == "again" && args ~ /^did not end/) next
  else if (name == "again") text = "(" args ")"
  else text = name "(" args ")" (result == "" ? "   it waits here" : " = " result)
  line[++n] = text
}

# Each call's errors, and what is said of them.
result ~ /^-1 E/ { errors[name] = errors[name] substr(result, 3) }
name == "poll" { late = result == "0" }
name == "prints" && args ~ /^on standard error/ { check_reason(args) }

# A success after an error, with which nothing is done. Of accept, UNUSED is what it returned, and
# GIVEN the same once accept is called again; but what epoll_ctl(2) does with it is not noted.
name == "epoll_wait" { epoll = 1 }
unused != "" && name == "accept" && fd != unused { given = unused }
unused != "" && (fd == unused || name ~ /^(poll|select)$/ && args ~ ("(^|[^0-9])" unused "([^0-9]|$)")) {
  unused = given = ""
}
unused == "" && name == "accept" && result ~ /^[0-9]/ && ("accept" in errors) { unused = result + 0 }
# Of connect it is seen when the socket is closed.
connected != "" && name == "close" && fd == connected {
  remark("connect returned 0, and nothing was done with the connection: " KEPT)
}
fd == connected { connected = "" }
name == "connect" && result == "0" && ("connect" in errors) { connected = fd }

name == "accept" && result ~ /^[0-9]/ { connection = result + 0; by = "accept"; open[connection] }
name == "socket" && result ~ /^[0-9]/ { if (by == "") connection = result + 0; open[result + 0] }
name ~ /^(recv|send|shutdown|close|write|setsockopt|poll)$/ && by == "accept" && fd ~ /^[012]$/ && !(fd in open) {
  if (name != "poll" || args ~ /POLLIN/)
    remark("the connection is descriptor " connection ", which accept returned; but " name " is called for " fd \
      ": " COMPARED ", as in (fd = accept(...) == -1)?")
}
by == "" && result ~ /ENOTSOCK/ && fd ~ /^[01]$/ && connection > 2 {
  remark("the socket is descriptor " connection "; but " name " is called for " fd ": " COMPARED ", as in (fd = socket(...) == -1)?")
}
name == "getsockopt" && result == "0" && args ~ /, 0x[0-9a-f]+$/ {
  remark("getsockopt had no room for the answer: what is in the length before the call?")
}
name ~ /^(recv|send|shutdown|close|accept|listen|bind|connect)$/ && result ~ /EBADF/ {
  if (fd ~ /^-/) remark(name "(" args "): an earlier call failed, and its result was used all the same")
  else if (fd in closed) remark(name "(" fd "): descriptor " fd " had been closed already")
  else remark(name "(" fd "): no descriptor " fd " is open")
}
name == "listen" && result == "0" { listener = fd }
name == "accept" && result ~ /EINVAL/ && listener != "" && fd != listener {
  remark("the socket that listens is descriptor " listener "; but accept is called for " fd)
}
name ~ /^(recv|send|read|write)$/ && result ~ /ENOTSOCK/ { remark(name "(" fd "): descriptor " fd " is no socket") }
name == "close" && result == "0" { closed[fd]; delete open[fd] }
name ~ /^(accept|socket)$/ && result ~ /^[0-9]/ { delete closed[result + 0] }

name == "socket" && result ~ /^[0-9]/ {
  if (args ~ /SOCK_DGRAM|SOCK_RAW/) datagram[result + 0]
  else delete datagram[result + 0]
}
name == "close" && result == "0" && number > 0 && fd == came_on && !went_on && !replied && !(fd in datagram) {
  remark(last_came ", and the program closed the connection as after its end: " COMPARED ", as in (n = recv(...) == -1)?")
}

name == "connect" && result ~ /EINPROGRESS/ { calling[fd] }
# It has waited as it should, or knows the result.
(fd in calling) && (name == "poll" && args ~ /POLLOUT/ || name ~ /^(getsockopt|send|recv|close)$/) { delete calling[fd] }
name == "poll" && (fd in calling) && args ~ /POLLIN/ && args !~ /POLLOUT/ {
  remark("poll waits for POLLIN while the connection is being made: what event does connect(2) name for its end, under EINPROGRESS?")
}

name == "poll" && args ~ /^no descriptor/ { remark("poll watches no descriptor: how many does its second argument name?") }
# A whole line of 8 bytes, as "1 bytes", has its length by itself.
name == "send" && args ~ /, 8(, MSG|$)/ && string(args) !~ /\\n$/ { eight = 1 }
name == "send" && (fd in datagram) { asked = 1 }

# What came, and whether only the first byte of it went on.
name ~ /^(recv|read)$/ && result ~ /^[1-9]/ && args !~ /^0$/ {
  came = string(result)
  number = result + 0
  pieces++
  bytes += number
  last_came = name "(" args ") = " number
  came_on = fd
  went_on = answered = 0
  next
}
name ~ /^(recv|read|send|write|poll|prints)$/ { went_on = 1 }
{ naps = result == "" && (name == "nanosleep" || name ~ /^(poll|select)$/ && args ~ /s$/) }
number > 1 && name ~ /^(send|write|prints)$/ {
  went = string(args)
  # The first that goes out after it: a later one may be the rest of one that was short.
  if (!answered && first(came) != came && (went == first(came) || went == "Echo=>" first(came)))
    remark(last_came ", but only the first byte of them went on: " COMPARED ", as in (n = recv(...) > 0)?")
  if (match(went, /^[0-9]+ bytes/) && went + 0 == pieces && pieces != bytes)
    remark("recv was called " pieces (pieces == 1 ? " time" : " times") " for " bytes " bytes, and the program counted " went + 0 \
      ": " COMPARED ", as in (n = recv(...) > 0)?")
}

name ~ /^(send|write|prints)$/ && string(args) != "Echo=>" {
  answered = 1
  # With the result of a comparison for a number no piece is answered.
  if (number > 1) replied = 1
}

END {
  from = n > MOST ? n - MOST + 1 : 1
  if (from > 1) print "call\t(" from - 1 " before)"
  for (i = from; i <= n; i++) print "call\t" line[i]
  if (!seen && given != "" && !epoll) remark("accept returned " given ", and nothing was done with it: " KEPT)
  if (!seen && eight) print "pointer\tsend was given 8 bytes, the size of a pointer: is that the size of what is to be sent?"
  if (seen) print "seen\t" seen
  # A datagram that came after a question may be none of its answers.
  else if (number > 1 && !answered && !replied && !naps && !((came_on in datagram) && asked)) print "maybe\t" last_came ", and nothing came of it: " COMPARED ", as in (n = recv(...) > 0)?"
}
