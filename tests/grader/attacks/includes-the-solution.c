/*
 * attack: includes the solution, and is one
 * row: B3
 * would show: full marks
 * unconfined: works
 * defence: the compiler runs in the sandbox, too, and sees this one file
 */
#include "@TREE@/solutions/01-socket/socket.c"
