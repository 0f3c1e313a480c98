# attack: a link to the solution under the name that is looked for
# row: B6
# would show: full marks
# unconfined: stopped: at intake
# defence: only regular files are taken, opened with O_NOFOLLOW
mkdir 01-socket
ln -s "$TREE/solutions/01-socket/socket.c" 01-socket/socket.c
