# attack: hands in static executables, which a preload does not reach
# row: D10
# would show: marks
# unconfined: stopped: at intake
# defence: only the source is taken; the grader compiles and links it
mkdir 01-socket
cc -static -o 01-socket/socket "$TREE/solutions/01-socket/socket.c" 2>/dev/null ||
  cc -o 01-socket/socket "$TREE/solutions/01-socket/socket.c"
cp 01-socket/socket socket
cp 01-socket/socket 01-socket/socket.o
printf 'CFLAGS = -static\n' >01-socket/Makefile
