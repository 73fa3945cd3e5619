/* independent.h: the sources of a target, each picked with a probability of its own, independently of all others. */
#ifndef SNA_CONNECTORS_INDEPENDENT_H
#define SNA_CONNECTORS_INDEPENDENT_H

#include "connector.h"
#include "near.h"
#include "probability.h"

typedef struct sna_independent {
    sna_probability p; /* read by the owner */
    bool constant;
    sna_lattice lattice;
    sna_grid grid; /* of the sources */
    sna_near near;
} sna_independent;

/* Where p depends on the distance both ends must have positions. */
int sna_independent_prepare(sna_independent *self, const sna_ends *ends) SNA_CHECK_RESULT;
/* possible, edges, variance and error of `expected`; `unordered`: the ends are the same and each pair counts once. */
int sna_independent_expect(const sna_independent *self, const sna_ends *ends, bool autapses, bool unordered,
                           sna_expectation *expected) SNA_CHECK_RESULT;
/* Appends, ascending, those picked of the first `count` sources for the target with that id; the source at position
 * `without` (UINT64_MAX for none) is never picked. Does not end the row. */
int sna_independent_draw(const sna_independent *self, const sna_ends *ends, uint64_t id, uint64_t count,
                         uint64_t without, sna_rows *out) SNA_CHECK_RESULT;
void sna_independent_free(sna_independent *self);

#endif
