# attack: hands in an archive with names that hold "..", absolute names, and names with control characters
# row: C11
# would show: a file in the home folder, or an escape byte on the screen
# unconfined: stopped: at intake
# defence: no file is created under a name from an archive; only the content of a program is taken
mkdir -p a/b
echo "int main(void) { return 1; }" >socket.c
cp socket.c $'a/\e]0;x\a.c'
cp socket.c "$HOME/$MARK.c"
(cd a/b && tar -czPf "$ARCHIVE" ../../socket.c "$HOME/$MARK.c" $'../\e]0;x\a.c')
rm "$HOME/$MARK.c"
