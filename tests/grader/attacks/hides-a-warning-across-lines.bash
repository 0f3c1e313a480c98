# attack: cuts the pragma in two by a backslash, a carriage return and the end of the line
# row: D2
# loses: compiles without a warning
# would show: the point for no warning
# unconfined: stopped: what is looked at is what is compiled
# defence: each build's preprocessed text is looked at, and compiled from
mkdir 01-socket
{
  printf '#pra\\\r\ngma GCC diagnostic ignored "-Wunused-variable"\n'
  cat "$TOP/solution.h"
  printf 'int main(int argc, char *argv[]) {\n    int unused;\n    return solution_main(argc, argv);\n}\n'
} >01-socket/socket.c
