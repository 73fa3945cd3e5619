/* draws.h: networks that are drawn over and over, and the chi-square distribution to hold them against. */
#ifndef SNA_TESTS_DRAWS_H
#define SNA_TESTS_DRAWS_H

/* Before A and B mean something. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "connectors/connectors.h"
#include "support.h"

enum { SEEDS = 200 };

#define A "{\"population\": \"n\", \"pop_name\": \"A\"}"
#define B "{\"population\": \"n\", \"pop_name\": \"B\"}"
#define ENTRY(name, from, to, connector) \
    "{\"name\": \"" name "\", \"source\": " from ", \"target\": " to ", \"connector\": " connector "}"

/* A network of one population "n" of A (nodes 0 .. a-1) and B nodes, in a box of 400 um. */
sna_network *make(unsigned a, unsigned b, uint64_t seed, const char *edges);
/* Edges of a projection as a matrix [from][to] of nodes 0 .. nodes-1, each 0 or 1; checks order and uniqueness. */
void matrix(const sna_network *network, uint64_t projection, unsigned nodes, uint8_t *out);
/* Between two positions, along the axes that are or-ed: x 1, y 2, z 4. */
double distance(const double a[3], const double b[3], unsigned axes);

/* Sums of squares of standard normal numbers, to be looked up in the chi-square distribution. */
typedef struct {
    double sum, count;
} chi_square;

void add_normal(chi_square *self, double value, double mean, double variance);
/* Counts of classes against their probabilities; classes expected fewer than 8 times go together. */
void add_classes(chi_square *self, const double *seen, const double *p, unsigned classes, double total);
/* Seeds are fixed, so this always gives the same answer; what is right is above the 1e-4 quantile. */
void check(const chi_square *self, const char *what);

#endif
