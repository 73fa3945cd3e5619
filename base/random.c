/* random.c: counter-based random numbers on Random123's Philox4x64-10. */
#include "base.h"

#include <math.h>
#include <string.h>

#include <Random123/philox.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

uint64_t sna_random_purpose(const char *name)
{
    uint64_t hash = 14695981039346656037U; /* FNV-1a's offset basis and prime */

    for (const unsigned char *byte = (const unsigned char *)name; *byte != '\0'; byte++)
        hash = (hash ^ *byte) * 1099511628211U;
    return hash;
}

void sna_random_start(sna_random *self, uint64_t seed, uint64_t purpose, uint64_t id0, uint64_t id1)
{
    *self = (sna_random){.key = {seed, purpose}, .counter = {0, id0, id1, 0}, .used = 4};
}

void sna_random_fill(sna_random *self)
{
    philox4x64_ctr_t counter;
    philox4x64_key_t key;

    memcpy(counter.v, self->counter, sizeof self->counter);
    memcpy(key.v, self->key, sizeof self->key);
    counter = philox4x64(counter, key);
    memcpy(self->block, counter.v, sizeof self->block);
    self->counter[0]++;
    self->used = 0;
}

double sna_random_open(sna_random *self)
{
    return (double)((sna_random_bits(self) >> 11) + 1) * 0x1p-53;
}

uint64_t sna_random_below(sna_random *self, uint64_t n)
{
    __extension__ typedef unsigned __int128 wide;
    wide product;
    uint64_t low;

    if (n == 0)
        return 0;
    product = (wide)sna_random_bits(self) * n;
    low = (uint64_t)product;
    if (low < n) {
        const uint64_t threshold = (0 - n) % n;
        while (low < threshold) {
            product = (wide)sna_random_bits(self) * n;
            low = (uint64_t)product;
        }
    }
    return (uint64_t)(product >> 64);
}

double sna_random_normal(sna_random *self)
{
    const double radius = sqrt(-2 * log(sna_random_open(self)));

    return radius * cos(2 * 3.14159265358979323846 * sna_random_uniform(self));
}

double sna_random_exponential(sna_random *self)
{
    return -log(sna_random_open(self));
}

uint64_t sna_random_skip(sna_random *self, double log1p_minus_p)
{
    const double skip = floor(log(sna_random_open(self)) / log1p_minus_p);

    /* p = 0 divides by -0 and gives inf, or NaN for u = 1: both mean "never". */
    return skip < 0x1p64 ? (uint64_t)skip : UINT64_MAX;
}

/* GSL's distributions draw from one of its generators: this one passes on to the stream in its state. */

typedef struct {
    sna_random *stream;
} adapter_state;

static void adapter_set(void *state, unsigned long seed)
{
    (void)state;
    (void)seed;
}

static unsigned long adapter_get(void *state)
{
    return (unsigned long)(sna_random_bits(((adapter_state *)state)->stream) >> 32);
}

static double adapter_get_double(void *state)
{
    return sna_random_uniform(((adapter_state *)state)->stream);
}

static const gsl_rng_type adapter_type = {"philox4x64", UINT32_MAX,        0, sizeof(adapter_state), adapter_set,
                                          adapter_get,  adapter_get_double};

uint64_t sna_random_binomial(sna_random *self, uint64_t n, double p)
{
    const uint64_t piece_most = UINT64_C(1) << 31; /* GSL counts trials in an unsigned int */
    adapter_state state = {self};
    const gsl_rng adapter = {&adapter_type, &state};
    uint64_t successes = 0;

    if (!(p > 0))
        return 0;
    if (p >= 1)
        return n;
    while (n > 0) {
        const uint64_t piece = n < piece_most ? n : piece_most;
        successes += gsl_ran_binomial(&adapter, p, (unsigned)piece);
        n -= piece;
    }
    return successes;
}

uint64_t sna_random_poisson(sna_random *self, double mean)
{
    adapter_state state = {self};
    const gsl_rng adapter = {&adapter_type, &state};

    return mean > 0 ? gsl_ran_poisson(&adapter, mean) : 0;
}
