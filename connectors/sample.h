/* sample.h: exact numbers of things, drawn without repetition. */
#ifndef SNA_CONNECTORS_SAMPLE_H
#define SNA_CONNECTORS_SAMPLE_H

#include "connectors.h"

/* Room for sampling, used again for the next sample. Start from {0}. */
typedef struct {
    uint64_t *table;
    uint64_t capacity;
} sna_sampler;

/* Appends k different numbers below n (k <= n), all sets of k equally likely, ascending. With `without` below n, n - 1
 * numbers are to be had: all but that one. */
int sna_sample(sna_sampler *self, sna_random *random, uint64_t n, uint64_t k, uint64_t without,
               sna_rows *out) SNA_CHECK_RESULT;
/* The same with repetition: k independent numbers. */
int sna_sample_repeated(sna_random *random, uint64_t n, uint64_t k, uint64_t without, sna_rows *out) SNA_CHECK_RESULT;
void sna_sampler_free(sna_sampler *self);

/* How many of `draws` things, drawn from `marked` + `others` without repetition, are marked ones. */
uint64_t sna_hypergeometric(sna_random *random, uint64_t marked, uint64_t others, uint64_t draws);

#endif
