# What strace(1) wrote of one process, as calls: one line each, tab-separated:
#   START END LANE PROCESS CALL ARGUMENTS RESULT
# START and END are seconds since 1970 (END empty: the call never returned); CALL
# is recv, send, accept … as a programmer writes them (recvfrom and sendto only where they
# name the other end of a datagram); a result is as strace gives
# it, with what came in behind it. The calls "exit", "killed" and "prints" are no
# calls of the kernel's: they say how the process ended and what it printed; ARGUMENTS
# of "prints" begin with "on standard error" where that was the place.
#
# Variables: lane C or S; process, a word for it; scripted=1 for the kit's peer,
#   which waits in poll(2) for everything: then the wait and the call that it waits
#   for are one, and what the peer asks for itself is left out; stopped=1 for a
#   program that record had to end; direct=1 for one that no shell has started. In the
#   environment: RAN, the command line, with CLOCK='fast=20' in it where time was changed
#   (tools/clock.c): then the times that the program waits are its own.
# Input: strace -ff -y -ttt -T; see strace(1). END is START and the time spent, so it
#   may be a little early: order.awk puts that right.
# What is no call of the program's own is left out: the shim's (tools/shim.c), what it asks of
#   a socket, in 5 bytes, with the fcntl(2) behind it; the loader's (ld.so(8)), where a library
#   is descriptor 0; the resolver's, which makes a socket to learn which address is nearer
#   (getaddrinfo(3)). A call that the shim let fail is the text that it wrote to descriptor -1.
# Needs no more than POSIX awk (mawk).
BEGIN {
  OFS = "\t"
  speed = 1
  if (match(ENVIRON["RAN"], /CLOCK='fast=[0-9]+/)) speed = substr(ENVIRON["RAN"], RSTART + 12) + 0
  if (match(ENVIRON["RAN"], /CLOCK='slow=[0-9]+/)) speed = 1 / (substr(ENVIRON["RAN"], RSTART + 12) + 0)
  renamed["recvfrom"] = "recv"; renamed["sendto"] = "send"; renamed["accept4"] = "accept"
  renamed["clock_nanosleep"] = "nanosleep"; renamed["recvmsg"] = "recv"; renamed["sendmsg"] = "send"
  renamed["readv"] = "read"; renamed["writev"] = "write"
  for (i = 32; i < 127; i++) ord[sprintf("%c", i)] = i
  renamed["pselect6"] = "select"; renamed["ppoll"] = "poll"
  # Where a machine has only the calls that take a folder, its libc makes the others of these.
  renamed["unlinkat"] = "unlink"; renamed["renameat"] = renamed["renameat2"] = "rename"
  renamed["linkat"] = "link"; renamed["fchmodat"] = "chmod"
}

# put(…): a line of what happened. The resolver's own socket is held back until it is known to
# be that: nothing but connect and getsockname, and then close, is done with it.
function put(start, end, name, args, result) {
  if (name == "socket" && args ~ /SOCK_DGRAM\|SOCK_CLOEXEC, 0$/ && result ~ /^[0-9]/) {
    release()
    held_fd = result + 0
  } else if (held_fd != "" && args + 0 == held_fd && name == "close") {
    held = 0
    held_fd = ""
    return
  } else if (held_fd != "" && !(args + 0 == held_fd && name ~ /^(connect|getsockname)$/)) release()
  if (held_fd == "") { put_now(start, end, name, args, result); return }
  holding[++held] = start "\t" end "\t" name "\t" args "\t" result
}
function release(    i, part) {
  held_fd = ""
  for (i = 1; i <= held; i++) {
    split(holding[i], part, "\t")
    put_now(part[1], part[2], part[3], part[4], part[5])
  }
  held = 0
}

# A call again and again with the same result: twice, then how often. What is printed
# piece by piece at one place is one text; RESULT says where.
function put_now(start, end, name, args, result) {
  if (name == "prints") {
    if (printed == "" || printed_where != result) { again(); printed_at = start }
    printed_where = result
    gsub(/^"|"(\.\.\.)?$/, "", args)
    printed = printed args
    return
  }
  if (printed == "" && name == last_name && args == last_args && result == last_result) {
    if (++same > 2) { last_end = end == "" ? start : end; return }
  } else {
    again()
    same = 1
  }
  last_name = name; last_args = args; last_result = result; last_end = end == "" ? start : end
  print start, end, lane, process, name, args, result
}
function again() {
  sub(/(\\n)+$/, "", printed)
  if (printed != "") print printed_at, printed_at, lane, process, "prints", printed_where "\"" printed "\"", ""
  printed = ""
  if (same > 2)
    print last_end, last_end, lane, process, "again", "the same " (same == 3 ? "once" : same - 2 " times") " more", ""
  same = 0
}

# The last place of ") = " in a line: a string may hold one too.
function result_at(text,    at, from) {
  at = 0
  from = 1
  while (match(substr(text, from), /\) += /)) {
    at = from + RSTART - 1
    from = at + 1
  }
  return at
}

# ADDR:PORT of the first address in text; the path of a Unix socket, if it has one; of one
# that is of another family, that.
function address(text,    host, port) {
  if (text ~ /sa_family=AF_UNIX/)
    return match(text, /sun_path=@?"([^"\\]|\\.)*"/) ? substr(text, RSTART + 9, RLENGTH - 9) : ""
  if (!match(text, /port=htons\([0-9]+\)/))
    return match(text, /sa_family=[A-Za-z0-9_]+/) ? substr(text, RSTART, RLENGTH) : ""
  port = substr(text, RSTART + 11, RLENGTH - 12)
  if (match(text, /inet_addr\("[^"]*"/)) host = substr(text, RSTART + 11, RLENGTH - 12)
  if (match(text, /inet_pton\(AF_INET6, "[^"]*"/)) host = "[" substr(text, RSTART + 21, RLENGTH - 22) "]"
  return host ":" port
}

# What strace notes of an address that did not fit: "[16 => 28]".
function cut_off(text,    room) {
  if (!match(text, /\[[0-9]+ => [0-9]+\]/)) return ""
  split(substr(text, RSTART + 1, RLENGTH - 2), room, " => ")
  if (room[2] + 0 <= room[1] + 0) return ""
  return "  (cut off: it has " room[2] " bytes, and the length said " room[1] ")"
}

# The string in text, with its quotes (and dots, where it was cut).
function quoted(text) {
  return match(text, /"([^"\\]|\\.)*"(\.\.\.)?/) ? substr(text, RSTART, RLENGTH) : ""
}

# The first bytes of a string as strace writes it, in byte[0…]; returns how many.
function decode(text,    i, n, c, k, next_one) {
  n = 0
  for (i = 2; i <= length(text) && n < 100; i++) {
    c = substr(text, i, 1)
    if (c == "\"") break
    if (c != "\\") { byte[n++] = ord[c]; continue }
    next_one = substr(text, ++i, 1)
    if (next_one ~ /[0-7]/) {
      c = next_one + 0
      for (k = 0; k < 2 && substr(text, i + 1, 1) ~ /[0-7]/; k++) c = c * 8 + substr(text, ++i, 1)
      byte[n++] = c
    } else if (index("abtnvfr", next_one)) byte[n++] = 6 + index("abtnvfr", next_one)
    else byte[n++] = ord[next_one]
  }
  return n
}

# The string of a raw socket in words. What comes begins with an IP header (version 4).
# That of another socket as it is.
function seen(fd, text,    n, at) {
  if (!(fd in raw)) return text
  n = decode(text)
  at = n && int(byte[0] / 16) == 4 ? (byte[0] % 16) * 4 : 0
  if (n < at + 8) return text
  if (byte[at] == 8) return "echo request " byte[at + 6] * 256 + byte[at + 7]
  if (byte[at] == 0) return "echo reply " byte[at + 6] * 256 + byte[at + 7]
  if (byte[at] == 3) return "unreachable, code " byte[at + 1]
  return "ICMP type " byte[at]
}

function flags_of(text,    word) {
  word = ""
  if (match(text, /MSG_[A-Z_|]*[A-Z]/)) word = ", " substr(text, RSTART, RLENGTH)
  return word
}

# The first time in text, {tv_sec=1, tv_nsec=500000000}, as "1.5 s".
function seconds(text,    n) {
  match(text, /tv_sec=[0-9]+/)
  n = substr(text, RSTART + 7, RLENGTH - 7)
  match(text, /tv_nsec=[0-9]+/)
  return lasting(n + substr(text, RSTART + 8, RLENGTH - 8) / 1e9)
}

# N seconds in words. Of a time that was made shorter or longer two digits are sure.
function lasting(n,    unit) {
  if (speed == 1) return sprintf("%.4g s", n)
  n *= speed
  for (unit = 1; n / unit >= 99.5; unit *= 10) ;
  return n < 10 ? sprintf("%.2g s", n) : sprintf("%d s", int(n / unit + 0.5) * unit)
}

# How long a poll or ppoll waits at most, from its arguments; -1 is for ever.
function patience(args) {
  sub(/.*\], [0-9]+, /, "", args)
  if (args ~ /^\{tv_sec=/) return seconds(args)
  if (args ~ /^NULL/) return "-1"
  if (args !~ /^[0-9]+$/) return args
  return speed == 1 ? args " ms" : lasting(args / 1000)
}

# The other end of a datagram, behind WORD, where the call named one.
function far(word) { return there == "" ? "" : word there }

# The descriptors in a list of poll(2), each with its events; -1 is left out.
function watched(list,    out, item) {
  gsub(/<[^>]*>/, "", list)
  out = ""
  while (match(list, /fd=-?[0-9]+, r?events=[A-Z|0]+/)) {
    item = substr(list, RSTART + 3, RLENGTH - 3)
    list = substr(list, RSTART + RLENGTH)
    sub(/, r?events=/, " ", item)
    if (item !~ /^-/) out = out (out ? ", " : "") item
  }
  return out
}

# Arguments of CALL in few words, from ARGS as strace has them without notes on
# descriptors; result words are added to RESULT.
function shorten(name, args, fd,    n) {
  if (name == "bind" || name == "connect") return fd ", " address(args)
  if (name == "accept") {
    if (result !~ /^-/ && address(args) != "") result = result "  " address(args) cut_off(args)
    return fd
  }
  if (name == "getsockname" || name == "getpeername") {
    if (result == "0") result = "0  " address(args) cut_off(args)
    return fd
  }
  if (args ~ /iov_base=/) {
    n = ""
    sub(/msg_name=\{[^}]*\}/, "", args)
    while (quoted(args) != "") {
      n = n (n == "" ? "" : " ") quoted(args)
      args = substr(args, index(args, quoted(args)) + length(quoted(args)))
    }
    if (n != "") n = seen(fd, n)
    if (name ~ /^send|^write/) return fd ", " n far(", to ")
    if (result !~ /^-|^$|^0$/ || (fd in datagram) && result == "0") result = result "  " n far(" from ")
    else if (result == "0") result = "0 (end of file)"
    return fd
  }
  if (name ~ /^recv/ || name == "read") {
    if ((fd in datagram) && result !~ /^-|^$/) result = result "  " seen(fd, quoted(args)) far(" from ")
    else if (result == "0") result = "0 (end of file)"
    else if (result !~ /^-|^$/) result = result "  " seen(fd, quoted(args))
    n = args
    if (n == fd) return fd
    if (name == "read") { sub(/.*, /, "", n); return fd == 0 ? fd : fd ", " n }
    sub(/^-?[0-9]+, ("([^"\\]|\\.)*"(\.\.\.)?|[^,]*), /, "", n)
    sub(/,.*/, "", n)
    return fd ", " n flags_of(args)
  }
  if (name ~ /^send/ || name == "write") {
    n = args
    sub(/^-?[0-9]+, ("([^"\\]|\\.)*"(\.\.\.)?|[^,]*), /, "", n)
    sub(/,.*/, "", n)
    return fd ", " seen(fd, quoted(args)) ", " n (scripted ? "" : flags_of(args)) far(", to ")
  }
  if (name == "socket") {
    if (scripted) gsub(/\|SOCK_(CLOEXEC|NONBLOCK)/, "", args)
    sub(/IPPROTO_IP$/, "0", args)
    return args
  }
  if (name == "setsockopt" || name == "getsockopt") {
    n = args
    sub(/^[0-9]+, /, "", n)
    sub(/, \[?[0-9]+\]?$/, "", n)
    if (name == "getsockopt" && result == "0" && match(n, /, \{.*\}$/)) {
      result = "0  " substr(n, RSTART + 2)
      n = substr(n, 1, RSTART - 1)
    }
    if (name == "getsockopt" && result == "0" && match(n, /, \[.*$/)) {
      result = "0  " substr(n, RSTART + 3, RLENGTH - 4)
      n = substr(n, 1, RSTART - 1)
    }
    return fd ", " n
  }
  # The folder in front, and the flags behind: unlinkat(AT_FDCWD, "x", 0).
  if (name ~ /^(unlink|rename|link|chmod)$/) {
    gsub(/AT_FDCWD(<[^>]*>)?, /, "", args)
    sub(/", (0|RENAME_NOREPLACE)$/, "\"", args)
    return args
  }
  if (name == "poll" && args ~ /\}, \{/) {
    # Of several descriptors each with what is waited for, and what came.
    fd = watched(result)
    if (fd != "") { sub(/ .*/, "", result); result = result "  " fd }
    return watched(args) ", " patience(args)
  }
  if (name == "poll") {
    if (match(result, /revents=[A-Z|]+/)) {
      n = substr(result, RSTART + 8, RLENGTH - 8)
      sub(/ .*/, "", result)
      result = result "  " n
    }
    if (!match(args, /fd=-?[0-9]+/)) return "no descriptor, " patience(args)
    fd = substr(args, RSTART + 3, RLENGTH - 3)
    match(args, /events=[A-Z|]+/)
    return fd ", " substr(args, RSTART + 7, RLENGTH - 7) ", " patience(args)
  }
  if (name ~ /^epoll_p?wait$/) {
    if (match(args, /events=[A-Z|]+/)) result = result "  " substr(args, RSTART + 7, RLENGTH - 7)
    return fd
  }
  if (name == "nanosleep") return (args ~ /TIMER_ABSTIME/ ? "until " : "") seconds(args)
  if (name == "select") {
    if (match(result, /(in|out) \[[0-9 ]+\]/)) result = result + 0 "  " substr(result, RSTART, RLENGTH)
    else sub(/ .*/, "", result)
    n = args
    sub(/, \{tv_sec.*/, "", n)
    return args ~ /tv_sec/ ? n ", " seconds(args) : n
  }
  return args
}

# Which calls are drawn: those on sockets, waits, and standard input and output.
function drawn(name, args) {
  if (name == "execve" || args ~ /^[0-9]+<\/[^>]*\.so[.0-9]*(cache)?>/) return 0
  if (name ~ /^(poll|ppoll|select|pselect6|nanosleep|clock_nanosleep|pause|epoll_wait|epoll_pwait)$/) return 1
  if (name == "socket") return args !~ /AF_NETLINK/ && args !~ /AF_UNIX.*SOCK_CLOEXEC/
  if (name ~ /^readv?$/) return args ~ /^0</ || args ~ /^[0-9]+<(socket|TCP)/
  if (name ~ /^writev?$/) return args ~ /^[12]</ || args ~ /^[0-9]+<(socket|TCP)/
  # Of what is open, only sockets; but of 0, 1 and 2 each: that is a mistake to be seen.
  if (name == "close" && (args ~ /^[0-9]+$/ || !scripted && args ~ /^[012]</)) return 1
  if (name ~ /^(close|fcntl|dup|dup2|dup3|ioctl)$/) return args ~ /^[0-9]+<(socket|TCP|UNIX|RAW|UDP)/
  return 1
}

{
  start = $1
  text = substr($0, length($1) + 2)
}
# A program is started by a shell, which has calls of its own.
text ~ /^execve\(.*= 0/ { executed++; next }
executed < (scripted || direct ? 1 : 2) { next }
text ~ /^\+\+\+ exited with/ {
  release()
  again()
  match(text, /[0-9]+/)
  print start, start, lane, process, "exit", substr(text, RSTART, RLENGTH), ""
  next
}
text ~ /^\+\+\+ killed by/ {
  release()
  again()
  match(text, /SIG[A-Z0-9]+/)
  text = substr(text, RSTART, RLENGTH)
  if (stopped && text == "SIGKILL") print start, start, lane, process, "again", "did not end: ended here", ""
  else print start, start, lane, process, "killed", text, ""
  next
}
# What stops a call is seen with it: SIGUSR2.
text ~ /^--- SIG/ {
  match(text, /SIG[A-Z0-9]+/)
  text = substr(text, RSTART, RLENGTH)
  if (!scripted && text !~ /^SIG(CHLD|PIPE|SEGV|ABRT|SYS)$/) {
    release()
    again()
    last_name = ""
    print start, start, lane, process, "again", text " comes", ""
  }
  next
}
text !~ /^[a-z_0-9]+\(/ { next }
{
  name = substr(text, 1, index(text, "(") - 1)
  at = result_at(text)
  spent = 0
  if (at) {
    args = substr(text, length(name) + 2, at - length(name) - 2)
    result = substr(text, at)
    sub(/^\) += /, "", result)
    if (match(result, / <[0-9.]+>$/)) {
      spent = substr(result, RSTART + 2, RLENGTH - 3)
      result = substr(result, 1, RSTART - 1)
    }
    end = sprintf("%.6f", start + spent)
  } else {
    args = substr(text, length(name) + 2)
    result = ""
  }
  sub(/,? *(<unfinished \.\.\.>)?$/, "", args)
  if (result ~ /^\? ERESTART/) result = "(interrupted by a signal)"
  else if (result ~ /^\?/ || !at) { end = ""; result = "" }
  if (asked && name == "fcntl" && args ~ /F_GETFL$/) next
  asked = name == "getsockopt" && args ~ /\[5( => 4)?\]$/
  if (asked) next
  if (name == "write" && args ~ /^-1, "[a-z0-9_]+\(.*\) = -1 E[A-Z]+", /) {
    text = quoted(args)
    name = substr(text, 2, index(text, "(") - 2)
    at = result_at(text)
    args = substr(text, length(name) + 3, at - length(name) - 3)
    result = substr(text, at + 4, length(text) - at - 4)
    put(start, end, name in renamed ? renamed[name] : name, args, result)
    next
  }
  if (!drawn(name, args)) {
    if (name == "socket") ignored[result + 0]
    next
  }
  if (match(args, /^-?[0-9]+/)) {
    fd = substr(args, 1, RLENGTH)
    if (fd in ignored) {
      if (name == "close") delete ignored[fd]
      next
    }
  } else fd = ""
  on_socket = args ~ /^[0-9]+<(socket|TCP|UDP|RAW|UNIX)/
  if (name == "socket") sub(/<.*/, "", result)
  sub(/<(socket|TCP|UDP|RAW|UNIX)[^>]*>$/, "", result)
  if (fd != "") sub(/^[0-9]+<[^>]*>/, fd, args)
  gsub(/<(socket|TCP|UDP|RAW|UNIX)[^>]*>/, "", args)
  sub(/ \([A-Z][^)]*\)$/, "", result)
  if (result ~ /\(flags /) {
    sub(/^.*\(flags /, "", result)
    sub(/\)$/, "", result)
  }
  if (name == "socket" && result ~ /^[0-9]/) {
    if (args ~ /SOCK_(DGRAM|RAW)/) datagram[result + 0]
    else delete datagram[result + 0]
    if (args ~ /SOCK_RAW/) raw[result + 0]
    else delete raw[result + 0]
  }
  there = (fd in datagram) && name ~ /^(recvfrom|recvmsg|sendto|sendmsg)$/ ? address(args) : ""
  if (fd in raw) sub(/:0$/, "", there)
  # A call that has not returned has told strace nothing but its descriptor.
  if (there != "") with_address[fd]
  if ((name in renamed) && there == "" && !(args == fd && (fd in with_address))) name = renamed[name]
  if (name == "write" && fd ~ /^[12]$/ && !on_socket) {
    if (!scripted) put(start, end, "prints", quoted(args), fd == 2 ? "on standard error " : "")
    next
  }
  if (name == "read" && scripted) next
}
scripted {
  # What the peer does is called connect, accept, send, recv, shutdown and close.
  if (name == "poll") {
    if (!match(args, /fd=[0-9]+/)) next
    fd = substr(args, RSTART + 3, RLENGTH - 3)
    if (args ~ /POLLIN/ && !(fd in since)) since[fd] = start
    if (result > 0 && (fd in calling)) came[fd] = end
    next
  }
  if (name == "getsockopt" && args ~ /SO_ERROR/ && (fd in calling)) {
    match(args, /\[[A-Z0-9a-z ]+\]/)
    result = substr(args, RSTART + 1, RLENGTH - 2)
    if (result != "0") result = "-1 " result
    put(calling[fd], (fd in came) ? came[fd] : end, "connect", called[fd], result)
    delete calling[fd]
    delete since[fd]
    next
  }
  if (name ~ /^(setsockopt|getsockopt|getsockname|getpeername|ioctl|fcntl|select|nanosleep)$/) next
  if (result ~ /EAGAIN/) next
  args = shorten(name, args, fd)
  if (result ~ /EINPROGRESS/) { calling[fd] = start; called[fd] = args; next }
  if ((name == "recv" || name == "accept") && (fd in since)) start = since[fd]
  delete since[fd]
  put(start, end, name, args, result)
  next
}
{
  args = shorten(name, args, fd)
  put(start, end, name, args, result)
}
END {
  release()
  again()
}
