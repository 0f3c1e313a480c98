# attack: 200 MB in an archive of 200 kB
# row: C11
# would show: time, a full disk
# unconfined: stopped: at intake
# defence: limits on size and names, before and while it is unpacked
mkdir 01-socket
truncate -s 200M 01-socket/socket.c
tar -czf "$ARCHIVE" 01-socket
