/* shortest.c: the fewest decimal digits that read back to a double.
 *
 * Giulietti 2022, "The Schubfach way to render doubles": a double v = c 2^q stands for all numbers between the middles
 * to its neighbours. With the largest 10^k that is no longer than that interval, one or two of four decimals around v,
 * two of 10^(k+1) and two of 10^k, lie in it. They are compared as four times their distance from 0 in units of 10^k,
 * in whole numbers that are rounded to odd where something is cut off. For this, 10^-k is needed to 126 bits. */
#include "base/shortest.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

/* ---- powers of ten ------------------------------------------------------------------------------------------ */

/* 10^k for the k that doubles need, as 128 bits of which the first is 1, rounded up. */
enum { LEAST = -292, MOST = 324 };
static wide power[MOST - LEAST + 1];
static pthread_once_t power_once = PTHREAD_ONCE_INIT;

/* A whole number of many bits, lowest word first. */
enum { WORDS = 36 };
typedef struct {
    uint32_t word[WORDS];
} large;

/* The first 128 bits of a number that has as many, rounded up where anything is left. */
static wide leading_bits(const large *self, bool exact)
{
    int top = WORDS - 1, shift;
    wide bits = 0;

    while (self->word[top] == 0)
        top--;
    shift = __builtin_clz(self->word[top]);
    for (int i = 0; i < 5; i++) {
        const uint32_t word = top - i >= 0 ? self->word[top - i] : 0;
        if (i < 4)
            bits = bits << 32 | word;
        else if (shift > 0)
            bits = bits << shift | word >> (32 - shift);
        if (i == 4 && (word << shift) != 0)
            exact = false;
    }
    for (int i = top - 5; i >= 0 && exact; i--)
        exact = self->word[i] == 0;
    return exact ? bits : bits + 1;
}

static void make_powers(void)
{
    large number;

    /* Up: each is the one before times ten. */
    memset(&number, 0, sizeof number);
    number.word[0] = 1;
    for (int k = 0; k <= MOST; k++) {
        uint64_t carry = 0;
        power[k - LEAST] = leading_bits(&number, true);
        for (int i = 0; i < WORDS; i++) {
            carry += (uint64_t)number.word[i] * 10;
            number.word[i] = (uint32_t)carry;
            carry >>= 32;
        }
    }
    /* Down: a power of two divided by ten again and again; what each division cuts off, one division would too. */
    memset(&number, 0, sizeof number);
    number.word[WORDS - 1] = 1;
    for (int k = -1; k >= LEAST; k--) {
        uint64_t rest = 0;
        for (int i = WORDS - 1; i >= 0; i--) {
            rest = rest << 32 | number.word[i];
            number.word[i] = (uint32_t)(rest / 10);
            rest %= 10;
        }
        power[k - LEAST] = leading_bits(&number, false);
    }
}

/* ---- one number --------------------------------------------------------------------------------------------- */

/* x / 2^bits, rounded down, for x of either sign. */
static int floor_shift(int x, int bits)
{
    return x >= 0 ? x >> bits : -((-x + (1 << bits) - 1) >> bits);
}

/* The bits of x times 10^k that are above 2^128, rounded to odd. */
static uint64_t times_power(wide power_of_ten, uint64_t x)
{
    const wide low = (wide)(uint64_t)power_of_ten * x, high = (power_of_ten >> 64) * x + (low >> 64);

    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

static int write_digits(char digit[SNA_SHORTEST_MOST], int *exponent, uint64_t decimal, int k)
{
    int count = 0;

    while (decimal % 10 == 0) {
        decimal /= 10;
        k++;
    }
    for (uint64_t rest = decimal; rest > 0; rest /= 10)
        count++;
    for (int i = count - 1; i >= 0; i--, decimal /= 10)
        digit[i] = (char)('0' + decimal % 10);
    *exponent = k + count;
    return count;
}

int sna_shortest(char digit[SNA_SHORTEST_MOST], int *exponent, double value)
{
    uint64_t bits, c, lower, upper, middle, s, decimal;
    int q, k, h;
    bool closer, even, low_in, high_in;

    (void)pthread_once(&power_once, make_powers);
    memcpy(&bits, &value, sizeof bits);
    c = bits & (((uint64_t)1 << 52) - 1);
    q = (int)(bits >> 52);
    /* The neighbour below a power of two is half as far away. */
    closer = c == 0 && q > 1;
    c |= q > 0 ? (uint64_t)1 << 52 : 0;
    q = (q > 0 ? q : 1) - 1075;
    even = c % 2 == 0; /* the ends of the interval read back to it too */

    /* floor(log10(2^q)), or of 3/4 of it; floor(log2(10^-k)). */
    k = floor_shift(q * 1262611 - (closer ? 524031 : 0), 22);
    h = q + floor_shift(-k * 1741647, 19) + 1;
    lower = times_power(power[-k - LEAST], (4 * c - 2 + closer) << h) + !even;
    middle = times_power(power[-k - LEAST], (4 * c) << h);
    upper = times_power(power[-k - LEAST], (4 * c + 2) << h) - !even;

    s = middle / 4;
    if (s >= 10) {
        const uint64_t tens = s / 10;
        low_in = lower <= 40 * tens;
        high_in = 40 * tens + 40 <= upper;
        if (low_in != high_in)
            return write_digits(digit, exponent, tens + high_in, k + 1);
    }
    low_in = lower <= 4 * s;
    high_in = 4 * s + 4 <= upper;
    if (low_in != high_in)
        decimal = s + high_in;
    else /* both or none: the one that is closer, the even one of two */
        decimal = s + (middle > 4 * s + 2 || (middle == 4 * s + 2 && s % 2 == 1));
    return write_digits(digit, exponent, decimal, k);
}
