# attack: has a submission and files whose names are commands, options and lists of options
# row: C12
# would show: a file named stray in the home folder
# unconfined: stopped: at intake
# defence: the grader calls a submission by a number and a source by the lab's name
mkdir 01-socket
echo "int main(void) { return 1; }" >01-socket/socket.c
echo "-o $HOME/stray" >01-socket/@socket.c
cp 01-socket/socket.c "01-socket/-o$MARK.c"
cp 01-socket/socket.c "01-socket/; touch stray;.c"
mkdir "$CLASS/\$(touch \$HOME\${x}stray)"
