/*
 * attack: forges a neighbour's result and the gradebook, plants a folder
 * row: A1
 * would show: a result changed, or 'worked:'
 * unconfined: works
 * defence: the folder of marks is not in the sandbox; results are written when
 *   no process is left
 */
#include "attack.h"

int main(void) {
    forge("@OUT@/a-neighbour/result.json");
    forge("@OUT@/gradebook.csv");
    if (mkdir("@OUT@/@MARK@", 0755) == 0)
        worked("a folder in OUT");
    return 0;
}
