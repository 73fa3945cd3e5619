/* grid.c: nodes sorted into the cells of a lattice, so that only nodes near one another are looked at. */
#include "grid.h"

#include <math.h>
#include <stdlib.h>

static void extend(const sna_members *members, double low[3], double high[3])
{
    for (uint64_t i = 0; i < members->count; i++) {
        const double *at = members->position[sna_members_id(members, i)];
        for (unsigned d = 0; d < 3; d++) {
            low[d] = fmin(low[d], at[d]);
            high[d] = fmax(high[d], at[d]);
        }
    }
}

/* Sets the number of cells along each axis; their product, as a double. */
static double count_cells(sna_lattice *self, const double high[3])
{
    double total = 1;

    for (unsigned d = 0; d < 3; d++) {
        const double along = self->axes >> d & 1 ? floor((high[d] - self->low[d]) / self->size) + 1 : 1;
        self->cells[d] = along < 0x1p40 ? (uint64_t)along : UINT64_C(1) << 40;
        total *= along;
    }
    self->total = self->cells[0] * self->cells[1] * self->cells[2];
    return total;
}

void sna_lattice_choose(sna_lattice *out, unsigned axes, double size, const sna_members *a, const sna_members *b)
{
    const double most = 16 * ((double)a->count + (double)b->count) + 64;
    double high[3] = {-INFINITY, -INFINITY, -INFINITY};

    *out = (sna_lattice){.axes = axes, .low = {INFINITY, INFINITY, INFINITY}, .size = size};
    extend(a, out->low, high);
    extend(b, out->low, high);
    for (unsigned d = 0; d < 3; d++) {
        if (!(size > 0 && isfinite(size)))
            out->size = fmax(isfinite(out->size) && out->size > 0 ? out->size : 1, high[d] - out->low[d]);
    }
    while (count_cells(out, high) > most)
        out->size *= 1.25;
}

uint64_t sna_lattice_cell(const sna_lattice *self, const double position[3])
{
    int64_t at[3] = {0, 0, 0};

    for (unsigned d = 0; d < 3; d++) {
        if (self->axes >> d & 1) {
            at[d] = (int64_t)((position[d] - self->low[d]) / self->size);
            if ((uint64_t)at[d] >= self->cells[d])
                at[d] = (int64_t)self->cells[d] - 1;
        }
    }
    return sna_lattice_join(self, at);
}

void sna_lattice_split(const sna_lattice *self, uint64_t cell, int64_t out[3])
{
    out[2] = (int64_t)(cell % self->cells[2]);
    cell /= self->cells[2];
    out[1] = (int64_t)(cell % self->cells[1]);
    out[0] = (int64_t)(cell / self->cells[1]);
}

void sna_lattice_distances(const sna_lattice *self, const int64_t offset[3], unsigned axes, double *low, double *high)
{
    /* A node may lie outside its cell by a rounding error. */
    const double slack = 1e-9;
    double least = 0, most = 0;

    for (unsigned d = 0; d < 3; d++) {
        const double steps = (double)(offset[d] < 0 ? -offset[d] : offset[d]);
        if (!(axes >> d & 1))
            continue;
        if (!(self->axes >> d & 1))
            most = INFINITY; /* the lattice does not say */
        least += steps > 1 ? (steps - 1) * (steps - 1) : 0;
        most += (steps + 1) * (steps + 1);
    }
    *low = sqrt(least) * self->size * (1 - slack);
    *high = sqrt(most) * self->size * (1 + slack);
}

int sna_grid_create(sna_grid *out, const sna_lattice *lattice, const sna_members *members)
{
    int status = 0;

    *out = (sna_grid){0};
    status = sna_allocate(&out->start, lattice->total + 1, sizeof *out->start);
    if (status == 0)
        status = sna_allocate(&out->member, members->count, sizeof *out->member);
    if (status == 0)
        status = sna_allocate(&out->place, members->count, sizeof *out->place);
    if (status == 0)
        status = sna_allocate(&out->cell, members->count, sizeof *out->cell);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < members->count; i++) {
        out->cell[i] = sna_lattice_cell(lattice, members->position[sna_members_id(members, i)]);
        out->start[out->cell[i] + 1]++;
    }
    for (uint64_t c = 0; c < lattice->total; c++)
        out->start[c + 1] += out->start[c];
    /* A counting sort that uses the starts as cursors and then shifts them back. */
    for (uint64_t i = 0; i < members->count; i++) {
        const double *at = members->position[sna_members_id(members, i)];
        const uint64_t k = out->start[out->cell[i]]++;
        out->member[k] = i;
        for (unsigned d = 0; d < 3; d++)
            out->place[k][d] = (float)at[d];
    }
    for (uint64_t c = lattice->total; c > 0; c--)
        out->start[c] = out->start[c - 1];
    out->start[0] = 0;
out:
    if (status != 0)
        sna_grid_free(out);
    return status;
}

int sna_grid_create_flat(sna_grid *out, const sna_members *members)
{
    int status = 0;

    *out = (sna_grid){0};
    status = sna_allocate(&out->start, 2, sizeof *out->start);
    if (status == 0)
        status = sna_allocate(&out->member, members->count, sizeof *out->member);
    if (status == 0)
        status = sna_allocate(&out->cell, members->count, sizeof *out->cell);
    for (uint64_t i = 0; i < members->count && status == 0; i++)
        out->member[i] = i;
    if (status == 0)
        out->start[1] = members->count;
    else
        sna_grid_free(out);
    return status;
}

void sna_grid_free(sna_grid *self)
{
    free(self->start);
    free(self->member);
    free(self->cell);
    free(self->place);
    *self = (sna_grid){0};
}
