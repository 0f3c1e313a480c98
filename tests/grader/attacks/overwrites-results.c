/*
 * attack: overwrites a neighbour's result and the gradebook, and makes a
 *   folder in OUT
 * row: A1
 * would show: a changed result, or 'worked:'
 * unconfined: works
 * defence: the folder of marks is not in the sandbox; results are written
 *   after all processes have ended
 */
#include "attack.h"

int main(void) {
    forge("@OUT@/a-neighbour/result.json");
    forge("@OUT@/gradebook.csv");
    if (mkdir("@OUT@/@MARK@", 0755) == 0)
        worked("a folder in OUT");
    return 0;
}
