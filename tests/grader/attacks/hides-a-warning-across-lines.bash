# attack: splits the pragma with a backslash, a carriage return and a newline
# row: D2
# loses: compiles without a warning
# would show: the point for no warning
# unconfined: stopped: the judge reads the text that the compiler compiles
# defence: the judge reads the preprocessed text of each build, and this text is compiled
mkdir 01-socket
{
  printf '#pra\\\r\ngma GCC diagnostic ignored "-Wunused-variable"\n'
  cat "$TOP/solution.h"
  printf 'int main(int argc, char *argv[]) {\n    int unused;\n    return solution_main(argc, argv);\n}\n'
} >01-socket/socket.c
