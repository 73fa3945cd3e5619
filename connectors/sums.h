/* sums.h: sums over all pairs of nodes, of anything that depends on where the two are. */
#ifndef SNA_CONNECTORS_SUMS_H
#define SNA_CONNECTORS_SUMS_H

#include "near.h"

enum { SNA_SUMS_MOST = 11 };

/* What a pair adds to each sum; called for pairs in reach only. */
typedef void (*sna_pair_values)(const void *context, const double source[3], const double target[3], double *out);

typedef struct {
    const sna_ends *ends;
    const sna_lattice *lattice;
    const sna_near *near; /* cells outside add nothing */
    const sna_grid *source;
    bool skip_self; /* a node and itself are no pair */
    bool unordered; /* ends are the same: only pairs whose source comes before the target */
    sna_pair_values values;
    const void *context;
    unsigned sums;
} sna_sums;

/* The sums, and their standard errors: 0 where every pair was looked at. Where that is many times more pairs
 * than edges, a sample of them is taken for each target instead (the same for the same seed), by the bounds of `near`.
 */
int sna_sums_take(const sna_sums *self, double *sum, double *error) SNA_CHECK_RESULT;

#endif
