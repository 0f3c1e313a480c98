# attack: hands in an mtree(5) text as an archive; the text says that the content of a file is the solution
# row: B6
# would show: full marks
# unconfined: stopped: at intake
# defence: bsdtar opens no file that such a text names; its options never come from the environment
printf '#mtree\n./socket.c type=file mode=0644 contents=%s\n' "$TREE/solutions/01-socket/socket.c" >"$ARCHIVE"
