# attack: names with "..", absolute names, names with control characters
# row: C11
# would show: a file in the home folder, an escape byte on the screen
# unconfined: stopped: at intake
# defence: nothing is unpacked by its names: a named file is taken by its content
mkdir -p a/b
echo "int main(void) { return 1; }" >socket.c
cp socket.c $'a/\e]0;x\a.c'
cp socket.c "$HOME/$MARK.c"
(cd a/b && tar -czPf "$ARCHIVE" ../../socket.c "$HOME/$MARK.c" $'../\e]0;x\a.c')
rm "$HOME/$MARK.c"
