# attack: an mtree(5) text under the name of an archive, which says that a file's content is the solution
# row: B6
# would show: full marks
# unconfined: stopped: at intake
# defence: bsdtar opens no file that such a list names; its options are not taken from the environment
printf '#mtree\n./socket.c type=file mode=0644 contents=%s\n' "$TREE/solutions/01-socket/socket.c" >"$ARCHIVE"
