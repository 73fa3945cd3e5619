/* pairing.h: pairs of nodes whose two directions are drawn together, though each is asked for on its own: by blocks of
 * targets, and in two files where the ends are two populations.
 *
 * The nodes of both ends are cut into parts: those of one cell of the lattice and one block of ids. All pairs between
 * two parts are drawn from one stream of random numbers, so whoever needs one side of a pair of parts draws it again
 * and finds the same. That doubles the cost of drawing and needs no memory at all. Cells too far apart for more than a
 * few connections are not looked at one by one: their pairs are picked from all pairs of two blocks. */
#ifndef SNA_CONNECTORS_PAIRING_H
#define SNA_CONNECTORS_PAIRING_H

#include "near.h"

/* How a pair is connected, or-ed. */
enum { SNA_FORWARD = 1, SNA_BACKWARD = 2 };

typedef struct {
    sna_lattice lattice;
    sna_grid source, target;
    sna_near near; /* bounds of the probability that a pair is connected at all; a level above 0 needs positions */
    bool autapses; /* the ends are the same and a node may connect to itself */
    /* Is a pair of nodes (at `source` and `target`, NULL where nothing depends on distance) connected, given that it
     * was picked with probability `bound`? `value` is uniform below `bound`. A node and itself: SNA_FORWARD or 0. */
    unsigned (*decide)(const void *context, uint64_t source_id, uint64_t target_id, const double *source,
                       const double *target, double value);
    const void *context;
} sna_pairing;

/* Appends the rows of targets first .. end-1 (with `backward`: of sources), which must be whole blocks of ids. */
int sna_pairing_draw(const sna_pairing *self, const sna_ends *ends, bool backward, uint64_t first, uint64_t end,
                     sna_rows *out) SNA_CHECK_RESULT;
void sna_pairing_free(sna_pairing *self);

#endif
