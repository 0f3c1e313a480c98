# What the forms of a picture share, for awk -f before each of them.
# Needs POSIX awk (mawk).

# in_words(kind, bytes): a segment of this kind (wire.awk) as people write it.
function in_words(kind, bytes) {
  return kind == "DATA" ? bytes (bytes == 1 ? " byte" : " bytes") : kind == "SYN-ACK" ? "SYN, ACK" : kind
}

# steady_words(name, text): the text of a call of this name without what the kernel chose: who
# somebody is, and how long something took.
function steady_words(name, text) {
  if (name == "getsockopt") sub(/\{pid=[0-9]+, uid=[0-9]+, gid=[0-9]+\}/, "{pid=PID, uid=UID, gid=GID}", text)
  if (name == "prints") sub(/uid [0-9]+ pid [0-9]+/, "uid UID pid PID", text)
  if (name == "prints") gsub(/ time=[0-9.]+ ms/, " time=M ms", text)
  return text
}

# cut_strings(text, most): text with strings no longer than most characters: "Hello net"..
function cut_strings(text, most,    before, string, out) {
  out = ""
  while (match(text, /"([^"\\]|\\.)*"(\.\.\.)?/)) {
    before = substr(text, 1, RSTART - 1)
    string = substr(text, RSTART, RLENGTH)
    text = substr(text, RSTART + RLENGTH)
    if (length(string) > most + 2) {
      string = substr(string, 1, most - 1)
      if (string ~ /\\[0-7]*$/) sub(/\\[0-7]*$/, "", string)
      string = string "\".."
    }
    out = out before string
  }
  return out text
}

# wrap(text, w, piece): a text of ASCII as lines of at most w in piece[1…], and how many: broken
# before what came, else before "= ", else at a blank.
function wrap(text, w, piece,    n, cut, k) {
  n = 0
  while (length(text) > w) {
    cut = 0
    for (k = w; k > w / 3 && !cut; k--) if (substr(text, k - 1, 2) == "  ") cut = k
    for (k = w; k > w / 3 && !cut; k--) if (substr(text, k, 1) == " " && substr(text, k - 1, 1) != "=") cut = k
    if (!cut) cut = w
    piece[++n] = substr(text, 1, cut)
    sub(/ +$/, "", piece[n])
    text = "  " substr(text, cut + 1)
    sub(/^   +/, "  ", text)
  }
  piece[++n] = text
  return n
}

# waits(name): whether a call, or a statement of the peer, of this name waits for something.
function waits(name) { return name ~ /^(expect-.*|expect|wait-.*|exchange|accept|connect|recv|recvfrom|recvmsg|read|poll|select|nanosleep|pause|epoll_wait|epoll_pwait)$/ }
