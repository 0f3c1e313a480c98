# attack: an archive with a pipe (and, where root makes it, a device)
# row: C11
# would show: such a file, or a grader that waits
# unconfined: stopped: at intake
# defence: nothing is unpacked by its names: a named file is taken by its content
mkdir 01-socket
mkfifo 01-socket/socket.c
mknod zero c 1 5 2>/dev/null || true
tar -czf "$ARCHIVE" ./*
