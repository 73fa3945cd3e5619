/* near.h: which cells of a lattice matter to a node, and how likely a connection between two cells can at most be. */
#ifndef SNA_CONNECTORS_NEAR_H
#define SNA_CONNECTORS_NEAR_H

#include "grid.h"

/* Cells that lie `offset` apart, in lexicographic order of offsets. */
typedef struct {
    int64_t offset[3];
    double bound; /* no pair of nodes in two such cells has a larger probability; above 0 */
    double least; /* and none a smaller one */
    double rate;  /* -log1p(-bound) */
} sna_near_cell;

typedef struct {
    sna_near_cell *cell; /* [count] */
    uint64_t count, capacity;
    double level; /* probabilities between cells that are not listed stay below; 0: they are 0 */
} sna_near;

/* Picks nodes of cell after cell, each independently with its cell's bound. A node stands for an interval as long as
 * its cell's rate, and is picked when the next point of a Poisson process of rate 1 falls into it: a cell without a
 * pick costs one subtraction, a pick one logarithm. */
typedef struct {
    sna_random *random;
    double left; /* to the next point */
} sna_near_picker;

static inline void sna_near_start(sna_near_picker *self, sna_random *random)
{
    *self = (sna_near_picker){random, sna_random_exponential(random)};
}

/* The next one picked of `count` nodes with that rate, `count` for none: the rest of the cell is behind us then. */
static inline uint64_t sna_near_pick(sna_near_picker *self, double rate, uint64_t count)
{
    uint64_t next;

    if (count == 0)
        return 0;
    if (self->left >= rate * (double)count) {
        self->left -= rate * (double)count;
        return count;
    }
    next = (uint64_t)(int64_t)(self->left / rate); /* below count */
    self->left = sna_random_exponential(self->random);
    return next < count ? next : count - 1;
}

/* The largest probability between two cells `offset` apart; *least is 0, or one that none is smaller than. */
typedef double (*sna_near_bound)(const void *context, const int64_t offset[3], double *least);

/* Chooses the cells that cost least for nodes that lie evenly in the box of both sets, given a `length` over which the
 * probability changes little; `reach`, `level` and `bound` as for sna_near_create. `lattice` is what the context's
 * bound looks at. `blocks`: how many blocks of ids the nodes of `a` and `b` are cut into, where pairs of parts are
 * drawn together (see pairing.h); NULL where single nodes are. */
void sna_near_choose(sna_lattice *lattice, unsigned axes, double length, const sna_members *a, const sna_members *b,
                     double reach, double level, sna_near_bound bound, const void *context, const double blocks[2]);

/* Lists the cells whose bound is at least `level` (0: above 0) for a probability that stays below `level` from the
 * distance `reach` on; `level` is 0 in the result when nothing is left out. */
int sna_near_create(sna_near *out, const sna_lattice *lattice, double reach, double level, sna_near_bound bound,
                    const void *context) SNA_CHECK_RESULT;
/* The bound of cells `offset` apart, 0 when they are not listed. */
const sna_near_cell *sna_near_find(const sna_near *self, const int64_t offset[3]);
void sna_near_free(sna_near *self);

#endif
