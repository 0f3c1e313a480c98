# attack: an archive that is compressed once more inside, past the limit on its size
# row: C11
# would show: marks for what is inside
# unconfined: stopped: at intake
# defence: tar reads from a pipe, where it does not look for compression
mkdir 01-socket
cp "$CLASS/a-neighbour/01-socket/socket.c" 01-socket/
tar -c 01-socket | gzip -n | gzip -n >"$ARCHIVE"
