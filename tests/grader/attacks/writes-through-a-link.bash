# attack: hands in an archive with a link to the home folder, and then a file below that link
# row: C11
# would show: a file in the home folder
# unconfined: stopped: at intake
# defence: no file is created under a name from an archive; only the content of a program is taken
tar=${ARCHIVE%.gz}
ln -s "$HOME" 01-socket
tar -cf "$tar" 01-socket
rm 01-socket
mkdir 01-socket
echo "int main(void) { return 1; }" >01-socket/socket.c
echo stray >"01-socket/$MARK"
tar -rf "$tar" "01-socket/$MARK" 01-socket/socket.c
gzip "$tar"
