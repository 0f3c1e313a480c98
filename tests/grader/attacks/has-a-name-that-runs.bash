# attack: a submission and files with names that are commands, options and lists of options
# row: C12
# would show: a file stray in the home folder
# unconfined: stopped: at intake
# defence: a submission is known by a number, a source by the lab's name
mkdir 01-socket
echo "int main(void) { return 1; }" >01-socket/socket.c
echo "-o $HOME/stray" >01-socket/@socket.c
cp 01-socket/socket.c "01-socket/-o$MARK.c"
cp 01-socket/socket.c "01-socket/; touch stray;.c"
mkdir "$CLASS/\$(touch \$HOME\${x}stray)"
