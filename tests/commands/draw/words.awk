# What the forms of a picture share, for awk -f before canon.awk, ladder.awk and mermaid.awk.
# Needs POSIX awk (mawk).

# in_words(kind, bytes): a segment of this kind (wire.awk) as people write it.
function in_words(kind, bytes) {
  return kind == "DATA" ? bytes (bytes == 1 ? " byte" : " bytes") : kind == "SYN-ACK" ? "SYN, ACK" : kind
}

# waits(name): whether a call of this name is one that waits for something.
function waits(name) { return name ~ /^(accept|connect|recv|recvfrom|recvmsg|read|poll|select|nanosleep|pause|epoll_wait|epoll_pwait)$/ }
