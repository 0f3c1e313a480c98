# attack: hands in its own tests, Makefile and kit
# row: A12
# would show: marks
# unconfined: stopped: at intake
# defence: tests, Makefile and headers come from the grader's own tree
mkdir -p labs/01-socket tests/labs/01-socket tests/engine
echo 'int main(void) { return 1; }' >labs/01-socket/socket.c
printf '@test "does the basic job" {\n  true\n}\n' >tests/labs/01-socket/test.bats
printf '#!/bin/sh\nexit 0\n' >tests/engine/judge
printf 'all:\n\ttouch %s/stray\n' "$HOME" >Makefile
printf '#include <stdlib.h>\n#define main other\n' >labs/01-socket/stdio.h
