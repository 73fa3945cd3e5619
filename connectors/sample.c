/* sample.c: exact numbers of things, drawn without repetition. */
#include "sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- samples ------------------------------------------------------------------------------------------------ */

static int reserve(sna_sampler *self, uint64_t words)
{
    int status = 0;

    if (words > self->capacity) {
        free(self->table);
        self->capacity = 0;
        status = sna_allocate(&self->table, words, sizeof *self->table);
        if (status == 0)
            self->capacity = words;
    } else {
        memset(self->table, 0, words * sizeof *self->table);
    }
    return status;
}

void sna_sampler_free(sna_sampler *self)
{
    free(self->table);
    *self = (sna_sampler){NULL, 0};
}

static bool set_bit(uint64_t *bits, uint64_t at)
{
    const uint64_t bit = UINT64_C(1) << (at & 63);
    const bool was = (bits[at >> 6] & bit) != 0;

    bits[at >> 6] |= bit;
    return was;
}

/* An open table of values + 1; `mask` + 1 slots, a power of two. True when the value was there. */
static bool insert(uint64_t *table, uint64_t mask, uint64_t value)
{
    uint64_t at = value * UINT64_C(0x9E3779B97F4A7C15) >> 20 & mask;

    for (; table[at] != 0; at = (at + 1) & mask) {
        if (table[at] == value + 1)
            return true;
    }
    table[at] = value + 1;
    return false;
}

/* Numbers from `without` on stand for the next ones. */
static uint64_t shift(uint64_t value, uint64_t without)
{
    return value + (value >= without);
}

/* Floyd's algorithm (Bentley & Floyd 1987): number j of the last k joins, as itself or as one before it. */
static int sample_few(sna_sampler *self, sna_random *random, uint64_t n, uint64_t k, uint64_t without, sna_rows *out)
{
    const uint64_t first = out->count;
    uint64_t slots = 4;
    int status = 0;

    while (slots < 2 * k)
        slots *= 2;
    status = reserve(self, slots);
    for (uint64_t j = n - k; j < n && status == 0; j++) {
        uint64_t pick = sna_random_below(random, j + 1);
        if (insert(self->table, slots - 1, pick)) {
            pick = j;
            (void)insert(self->table, slots - 1, j);
        }
        status = sna_rows_add(out, shift(pick, without));
    }
    if (status == 0)
        status = sna_rows_sort(out, first);
    return status;
}

/* The same on a bitmap; of more than half it draws those that stay out. */
static int sample_many(sna_sampler *self, sna_random *random, uint64_t n, uint64_t k, uint64_t without, sna_rows *out)
{
    const bool complement = k > n / 2;
    const uint64_t picks = complement ? n - k : k, words = (n + 63) / 64;
    int status = reserve(self, words);

    for (uint64_t j = n - picks; j < n && status == 0; j++) {
        if (set_bit(self->table, sna_random_below(random, j + 1)))
            (void)set_bit(self->table, j);
    }
    for (uint64_t w = 0; w < words && status == 0; w++) {
        uint64_t bits = complement ? ~self->table[w] : self->table[w];
        if (w == words - 1 && (n & 63) != 0)
            bits &= (UINT64_C(1) << (n & 63)) - 1;
        for (; bits != 0 && status == 0; bits &= bits - 1)
            status = sna_rows_add(out, shift(w * 64 + (uint64_t)__builtin_ctzll(bits), without));
    }
    return status;
}

int sna_sample(sna_sampler *self, sna_random *random, uint64_t n, uint64_t k, uint64_t without, sna_rows *out)
{
    if (without < n)
        n--;
    else
        without = UINT64_MAX;
    if (k == 0)
        return 0;
    return k < n / 64 ? sample_few(self, random, n, k, without, out) : sample_many(self, random, n, k, without, out);
}

int sna_sample_repeated(sna_random *random, uint64_t n, uint64_t k, uint64_t without, sna_rows *out)
{
    const uint64_t first = out->count;
    int status = 0;

    if (without < n)
        n--;
    else
        without = UINT64_MAX;
    for (uint64_t i = 0; i < k && status == 0; i++)
        status = sna_rows_add(out, shift(sna_random_below(random, n), without));
    if (status == 0)
        status = sna_rows_sort(out, first);
    return status;
}

/* ---- hypergeometric numbers --------------------------------------------------------------------------------- */

/* log(n!) - log(sqrt(2 pi n) (n/e)^n), the error of Stirling's formula (Loader 2000, "Fast and accurate computation of
 * binomial probabilities"). */
static double stirling_error(double n)
{
    if (n < 16)
        return lgamma(n + 1) - (n + 0.5) * log(n) + n - 0.91893853320467274178;
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / (n * n)) / (n * n)) / (n * n)) / n;
}

/* x log(x / np) + np - x, without cancellation where x is close to np (Loader 2000). */
static double deviance(double x, double np)
{
    if (fabs(x - np) < 0.1 * (x + np)) {
        const double v = (x - np) / (x + np);
        double sum = (x - np) * v, term = 2 * x * v;
        for (unsigned j = 1; j < 1000; j++) {
            const double last = sum;
            term *= v * v;
            sum += term / (2 * j + 1);
            if (sum == last)
                break;
        }
        return sum;
    }
    return x * log(x / np) + np - x;
}

/* log of the binomial probability of x successes in n trials with p = 1 - q. */
static double log_binomial(double x, double n, double p, double q)
{
    if (x == 0)
        return n * log1p(-p);
    if (x == n)
        return n * log(p);
    return stirling_error(n) - stirling_error(x) - stirling_error(n - x) - deviance(x, n * p) - deviance(n - x, n * q) +
           0.5 * log(n / (6.28318530717958647693 * x * (n - x)));
}

/* By inversion from the mode outwards, which takes about as many steps as the standard deviation is. */
uint64_t sna_hypergeometric(sna_random *random, uint64_t marked, uint64_t others, uint64_t draws)
{
    const double r = (double)marked, b = (double)others, n = (double)draws, all = r + b;
    const uint64_t least = draws > others ? draws - others : 0, most = draws < marked ? draws : marked;
    const double p = n / all, q = (all - n) / all;
    uint64_t mode, low, high;
    double p_low, p_high, u;

    if (least == most)
        return least;
    mode = (uint64_t)floor((n + 1) * (r + 1) / (all + 2));
    mode = mode < least ? least : mode > most ? most : mode;
    low = high = mode;
    p_low =
        exp(log_binomial((double)mode, r, p, q) + log_binomial(n - (double)mode, b, p, q) - log_binomial(n, all, p, q));
    p_high = p_low;
    u = sna_random_uniform(random) - p_low;
    while (u >= 0 && (low > least || high < most)) {
        /* The next one down and the next one up, by the ratio of neighbouring probabilities. */
        if (low > least) {
            const double x = (double)low;
            p_low *= x * (b - n + x) / ((r - x + 1) * (n - x + 1));
            low--;
            u -= p_low;
            if (u < 0)
                return low;
        }
        if (high < most) {
            const double x = (double)high;
            p_high *= (r - x) * (n - x) / ((x + 1) * (b - n + x + 1));
            high++;
            u -= p_high;
            if (u < 0)
                return high;
        }
        if (p_low < 1e-300 && p_high < 1e-300)
            break; /* what is left of u is rounding */
    }
    return mode;
}
