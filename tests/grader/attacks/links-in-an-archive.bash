# attack: hands in an archive with a symbolic and a hard link to the solution
# row: B6
# would show: full marks
# unconfined: stopped: at intake
# defence: only regular members of an archive are taken
mkdir 01-socket
ln -s "$TREE/solutions/01-socket/socket.c" socket.c
ln socket.c 01-socket/socket.c
tar -czPf "$ARCHIVE" socket.c 01-socket
