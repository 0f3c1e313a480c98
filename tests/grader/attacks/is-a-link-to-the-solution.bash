# attack: hands in a link to the solution with the program's name
# row: B6
# would show: full marks
# unconfined: stopped: at intake
# defence: only regular files are taken; O_NOFOLLOW opens them
mkdir 01-socket
ln -s "$TREE/solutions/01-socket/socket.c" 01-socket/socket.c
