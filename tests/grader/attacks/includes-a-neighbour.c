/*
 * attack: includes another student's source file
 * row: B3
 * would show: full marks
 * unconfined: works
 * defence: the compiler sees only this one file and no other submission
 */
#include "@CLASS@/a-neighbour/01-socket/socket.c"
