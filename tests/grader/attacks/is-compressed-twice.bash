# attack: 200 MB, compressed twice, so that the archive is 1 kB
# row: C11
# would show: time, a full disk, marks
# unconfined: stopped: at intake
# defence: limits on size and names, before and while it is unpacked, and on time
mkdir 01-socket
cp "$CLASS/a-neighbour/01-socket/socket.c" 01-socket/
truncate -s 200M zeros
tar -c 01-socket zeros | gzip -n | gzip -n >"$ARCHIVE"
