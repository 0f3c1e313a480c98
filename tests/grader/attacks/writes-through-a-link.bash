# attack: a link to the home folder, and then a file in it
# row: C11
# would show: a file in the home folder
# unconfined: stopped: at intake
# defence: nothing is unpacked by its names: a named file is taken by its content
tar=${ARCHIVE%.gz}
ln -s "$HOME" 01-socket
tar -cf "$tar" 01-socket
rm 01-socket
mkdir 01-socket
echo "int main(void) { return 1; }" >01-socket/socket.c
echo stray >"01-socket/$MARK"
tar -rf "$tar" "01-socket/$MARK" 01-socket/socket.c
gzip "$tar"
