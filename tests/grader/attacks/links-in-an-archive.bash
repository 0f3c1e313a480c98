# attack: an archive with a link to the solution, by name and hard
# row: B6
# would show: full marks
# unconfined: stopped: at intake
# defence: only regular members of an archive are taken
mkdir 01-socket
ln -s "$TREE/solutions/01-socket/socket.c" socket.c
ln socket.c 01-socket/socket.c
tar -czPf "$ARCHIVE" socket.c 01-socket
