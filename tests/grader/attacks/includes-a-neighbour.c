/*
 * attack: includes the work of somebody else in the class
 * row: B3
 * would show: full marks
 * unconfined: works
 * defence: the compiler sees this one file and no other submission
 */
#include "@CLASS@/a-neighbour/01-socket/socket.c"
