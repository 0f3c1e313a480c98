# attack: hands in a link to /dev/zero, and a source of 64 MiB
# row: C10
# would show: a grader that reads without end
# unconfined: stopped: at intake
# defence: only regular files of at most 256 KiB are taken
mkdir 01-socket
ln -s /dev/zero 01-socket/socket.c
truncate -s 64M socket.c
