/* near.c: which cells of a lattice matter to a node, and how likely a connection between two cells can at most be. */
#include "near.h"

#include <math.h>
#include <stdlib.h>

static int add_cell(sna_near *self, const int64_t offset[3], double bound, double least)
{
    sna_near_cell *grown = sna_grow(self->cell, &self->capacity, self->count + 1, sizeof *self->cell);

    if (grown == NULL)
        return SNA_ENOMEM;
    self->cell = grown;
    self->cell[self->count++] =
        (sna_near_cell){{offset[0], offset[1], offset[2]}, bound, least, -log1p(-fmin(bound, 1))};
    return 0;
}

/* How many cells along an axis the reach can span. */
static int64_t span(const sna_lattice *lattice, unsigned d, double reach)
{
    const double cells = ceil(reach / lattice->size) + 1;
    const int64_t most = (int64_t)lattice->cells[d] - 1;

    return cells < (double)most ? (int64_t)cells : most;
}

int sna_near_create(sna_near *out, const sna_lattice *lattice, double reach, double level, sna_near_bound bound,
                    const void *context)
{
    int status = 0;
    const int64_t most[3] = {span(lattice, 0, reach), span(lattice, 1, reach), span(lattice, 2, reach)};
    int64_t offset[3];
    bool left_out = false;

    *out = (sna_near){0};
    for (unsigned d = 0; d < 3; d++)
        left_out = left_out || most[d] < (int64_t)lattice->cells[d] - 1;
    for (offset[0] = -most[0]; offset[0] <= most[0]; offset[0]++) {
        for (offset[1] = -most[1]; offset[1] <= most[1]; offset[1]++) {
            for (offset[2] = -most[2]; offset[2] <= most[2]; offset[2]++) {
                double least = 0;
                const double p = bound(context, offset, &least);
                if (p > 0 && p >= level)
                    status = add_cell(out, offset, p, least);
                else
                    left_out = left_out || p > 0;
                if (status != 0)
                    goto out;
            }
        }
    }
    out->level = left_out ? level : 0;
out:
    if (status != 0)
        sna_near_free(out);
    return status;
}

/* What a node costs: a look at each near cell, or a stream for each pair of parts divided among the nodes of its own
 * part; and a draw for each node that is picked there. In units of one draw. */
static double cost(const sna_lattice *lattice, const sna_members *a, const sna_members *b, double reach, double level,
                   sna_near_bound bound, const void *context, const double blocks[2])
{
    const double here = (double)a->count / (double)lattice->total, there = (double)b->count / (double)lattice->total;
    const double look =
        blocks == NULL ? 0.15 : 0.15 + 1.5 * fmin(blocks[0], here) * fmin(blocks[1], there) / fmax(there, 1e-9);
    const int64_t most[3] = {span(lattice, 0, reach), span(lattice, 1, reach), span(lattice, 2, reach)};
    double sum = 0;
    int64_t offset[3];

    /* Bounds depend on the size of an offset only: one octant will do. */
    for (offset[0] = 0; offset[0] <= most[0]; offset[0]++) {
        for (offset[1] = 0; offset[1] <= most[1]; offset[1]++) {
            for (offset[2] = 0; offset[2] <= most[2]; offset[2]++) {
                double least = 0;
                const double p = bound(context, offset, &least);
                const double images = (double)(1 << ((offset[0] > 0) + (offset[1] > 0) + (offset[2] > 0)));
                if (p > 0 && p >= level)
                    sum += images * (look + p * here);
            }
        }
    }
    return sum;
}

void sna_near_choose(sna_lattice *lattice, unsigned axes, double length, const sna_members *a, const sna_members *b,
                     double reach, double level, sna_near_bound bound, const void *context, const double blocks[2])
{
    static const double part[] = {8, 4, 2, 1.4, 1, 0.7, 0.5, 0.35, 0.25, 0.18};
    double best = INFINITY, best_size = length;

    for (unsigned i = 0; i < sizeof part / sizeof *part && isfinite(length); i++) {
        double now;
        sna_lattice_choose(lattice, axes, length * part[i], a, b);
        now = cost(lattice, a, b, reach, level, bound, context, blocks);
        if (now >= best)
            continue;
        best = now;
        best_size = lattice->size;
    }
    sna_lattice_choose(lattice, axes, best_size, a, b);
}

const sna_near_cell *sna_near_find(const sna_near *self, const int64_t offset[3])
{
    uint64_t low = 0, high = self->count;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        const int64_t *at = self->cell[middle].offset;
        int order = 0;
        for (unsigned d = 0; d < 3 && order == 0; d++)
            order = (at[d] > offset[d]) - (at[d] < offset[d]);
        if (order == 0)
            return &self->cell[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

void sna_near_free(sna_near *self)
{
    free(self->cell);
    *self = (sna_near){0};
}
