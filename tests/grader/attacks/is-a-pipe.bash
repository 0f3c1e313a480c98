# attack: hands in a FIFO with the program's name
# row: C10
# would show: a grader that waits for ever
# unconfined: stopped: at intake
# defence: only regular files are taken; the open does not block
mkdir 01-socket
mkfifo 01-socket/socket.c
