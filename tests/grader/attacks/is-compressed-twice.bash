# attack: hands in 200 MB, compressed twice, in an archive of 1 kB
# row: C11
# would show: much time, a full disk, or marks
# unconfined: stopped: at intake
# defence: limits on size, names and time, before and during the unpacking
mkdir 01-socket
cp "$CLASS/a-neighbour/01-socket/socket.c" 01-socket/
truncate -s 200M zeros
tar -c 01-socket zeros | gzip -n | gzip -n >"$ARCHIVE"
