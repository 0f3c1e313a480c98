# attack: hands in 200 MB in an archive of 200 kB
# row: C11
# would show: much time, or a full disk
# unconfined: stopped: at intake
# defence: limits on size and names, before and during the unpacking
mkdir 01-socket
truncate -s 200M 01-socket/socket.c
tar -czf "$ARCHIVE" 01-socket
