/*
 * attack: uses nested macros that expand to 4 to the power of 16 words
 * row: C10
 * would show: more time than the compiler's deadline
 * unconfined: stopped: the compiler has limits
 * defence: limits on the compiler's time and memory
 */
#define A(x) x x x x
#define B(x) A(A(A(A(x))))
#define C(x) B(B(B(B(x))))

int main(void) {
    int n = 0;
    C(n++;)
    return n;
}
