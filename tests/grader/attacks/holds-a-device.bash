# attack: hands in an archive with a FIFO and, if root makes it, a device
# row: C11
# would show: such a file, or a grader that waits
# unconfined: stopped: at intake
# defence: no file is created under a name from an archive; only the content of a program is taken
mkdir 01-socket
mkfifo 01-socket/socket.c
mknod zero c 1 5 2>/dev/null || true
tar -czf "$ARCHIVE" ./*
