/*
 * attack: includes the solution
 * row: B3
 * would show: full marks
 * unconfined: works
 * defence: the compiler runs in the sandbox, too, and sees only this one file
 */
#include "@TREE@/solutions/01-socket/socket.c"
