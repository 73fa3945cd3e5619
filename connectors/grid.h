/* grid.h: nodes sorted into the cells of a lattice, so that only nodes near one another are looked at. */
#ifndef SNA_CONNECTORS_GRID_H
#define SNA_CONNECTORS_GRID_H

#include "internal.h"

/* Cubic cells along the axes in use, one cell along the others. Two sets of nodes share a lattice. */
typedef struct {
    unsigned axes;
    double low[3], size;
    uint64_t cells[3], total;
} sna_lattice;
/* A lattice of one cell, for nodes without positions. */
#define SNA_LATTICE_FLAT ((sna_lattice){.axes = 0, .size = 1, .cells = {1, 1, 1}, .total = 1})

/* Members of a set by cell: those of cell c are member[start[c]] .. member[start[c + 1] - 1], ascending. */
typedef struct {
    uint64_t *start;   /* [total + 1] */
    uint64_t *member;  /* positions in the set */
    float (*place)[3]; /* where they are, in the same order; positions are 32-bit floats already */
    uint64_t *cell;    /* [count] of each member */
} sna_grid;

/* A lattice over both sets with cells of about `size` um; larger where that would be more than 16 cells a node. */
void sna_lattice_choose(sna_lattice *out, unsigned axes, double size, const sna_members *a, const sna_members *b);
uint64_t sna_lattice_cell(const sna_lattice *self, const double position[3]);
/* The coordinates of a cell, and the cell at coordinates. */
void sna_lattice_split(const sna_lattice *self, uint64_t cell, int64_t out[3]);
static inline uint64_t sna_lattice_join(const sna_lattice *self, const int64_t at[3])
{
    return ((uint64_t)at[0] * self->cells[1] + (uint64_t)at[1]) * self->cells[2] + (uint64_t)at[2];
}
static inline bool sna_lattice_inside(const sna_lattice *self, const int64_t at[3])
{
    return at[0] >= 0 && at[1] >= 0 && at[2] >= 0 && (uint64_t)at[0] < self->cells[0] &&
           (uint64_t)at[1] < self->cells[1] && (uint64_t)at[2] < self->cells[2];
}
/* Between which distances, measured along `axes`, the nodes of two cells that lie `offset` apart are. */
void sna_lattice_distances(const sna_lattice *self, const int64_t offset[3], unsigned axes, double *low, double *high);

int sna_grid_create(sna_grid *out, const sna_lattice *lattice, const sna_members *members) SNA_CHECK_RESULT;
/* The same for a single cell, where nothing depends on positions: `place` is NULL. */
int sna_grid_create_flat(sna_grid *out, const sna_members *members) SNA_CHECK_RESULT;
void sna_grid_free(sna_grid *self);

#endif
