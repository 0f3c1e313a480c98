# attack: a named pipe under the name that is looked for, which never ends
# row: C10
# would show: a grader that waits
# unconfined: stopped: at intake
# defence: only regular files are taken, without waiting
mkdir 01-socket
mkfifo 01-socket/socket.c
