/* extent.c: the nearest and the farthest cells of two groups, without looking at every pair. */
#include "connectivity/internal.h"

#include <math.h>
#include <stdlib.h>

/* Cells to a box, about, and boxes along an axis at most. */
enum { BOX_CELLS = 8, MOST_BOXES = 16 };

/* Like fmin and fmax, for numbers only: no calls. */
static inline double smaller(double a, double b)
{
    return a < b ? a : b;
}

static inline double larger(double a, double b)
{
    return a > b ? a : b;
}

typedef struct {
    double low[3], high[3]; /* of the cells in it, not of its part of the grid */
    uint64_t first, end;    /* of `order` */
} box;

/* The cells of a cloud by the boxes of a grid that they lie in. */
typedef struct {
    const sna_cloud *cloud;
    box *box; /* [boxes] that hold any cell */
    uint64_t boxes;
    uint64_t *order; /* [cloud->count] cells, box by box */
} grid;

static void free_grid(grid *self)
{
    free(self->box);
    free(self->order);
}

static void bounds(const double *value, uint64_t count, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (uint64_t i = 0; i < count; i++) {
        *low = smaller(*low, value[i]);
        *high = larger(*high, value[i]);
    }
}

static void fit_box(const grid *self, box *out)
{
    const double *const axis[3] = {self->cloud->x, self->cloud->y, self->cloud->z};

    for (int k = 0; k < 3; k++) {
        out->low[k] = INFINITY;
        out->high[k] = -INFINITY;
        for (uint64_t o = out->first; o < out->end; o++) {
            const double value = axis[k][self->order[o]];
            out->low[k] = smaller(out->low[k], value);
            out->high[k] = larger(out->high[k], value);
        }
    }
}

/* Sorts the cells by the boxes of a grid of `side`^3. */
static int make_grid(grid *self, const sna_cloud *cloud)
{
    int status = 0;
    const double *const axis[3] = {cloud->x, cloud->y, cloud->z};
    const double wanted = cbrt((double)cloud->count / BOX_CELLS);
    const uint64_t side = wanted < 1 ? 1 : wanted > MOST_BOXES ? MOST_BOXES : (uint64_t)wanted;
    double low[3], high[3];
    uint64_t *start = NULL, *place = NULL;

    *self = (grid){.cloud = cloud};
    status = sna_allocate(&start, side * side * side + 1, sizeof *start);
    if (status == 0)
        status = sna_allocate(&place, cloud->count, sizeof *place);
    if (status == 0)
        status = sna_allocate(&self->order, cloud->count, sizeof *self->order);
    if (status == 0)
        status = sna_allocate(&self->box, side * side * side, sizeof *self->box);
    if (status != 0)
        goto out;
    for (int k = 0; k < 3; k++)
        bounds(axis[k], cloud->count, &low[k], &high[k]);
    for (uint64_t i = 0; i < cloud->count; i++) {
        for (int k = 0; k < 3; k++) {
            const double share = high[k] > low[k] ? (axis[k][i] - low[k]) / (high[k] - low[k]) : 0;
            const uint64_t step = (uint64_t)(share * (double)side);
            place[i] = place[i] * side + (step < side ? step : side - 1);
        }
        start[place[i] + 1]++;
    }
    for (uint64_t b = 0; b < side * side * side; b++) {
        if (start[b + 1] > 0)
            self->box[self->boxes++] = (box){.first = start[b], .end = start[b] + start[b + 1]};
        start[b + 1] += start[b];
    }
    for (uint64_t i = 0; i < cloud->count; i++)
        self->order[start[place[i]]++] = i;
    for (uint64_t b = 0; b < self->boxes; b++)
        fit_box(self, &self->box[b]);
out:
    free(start);
    free(place);
    return status;
}

/* Squared distances that no pair of cells of the two boxes is below and above. Rounding cannot break this: differences,
 * squares and sums of larger numbers are never rounded to smaller ones. */
static void bound_pairs(const box *a, const box *b, double *least, double *most)
{
    *least = *most = 0;
    for (int k = 0; k < 3; k++) {
        const double gap = larger(0, larger(a->low[k] - b->high[k], b->low[k] - a->high[k]));
        const double reach = larger(a->high[k] - b->low[k], b->high[k] - a->low[k]);
        *least += gap * gap;
        *most += reach * reach;
    }
}

static void look_at_pairs(const grid *a, const box *in_a, const grid *b, const box *in_b, double *nearest,
                          double *farthest)
{
    for (uint64_t p = in_a->first; p < in_a->end; p++) {
        for (uint64_t q = in_b->first; q < in_b->end; q++) {
            const uint64_t i = a->order[p], j = b->order[q];
            const double dx = a->cloud->x[i] - b->cloud->x[j], dy = a->cloud->y[i] - b->cloud->y[j],
                         dz = a->cloud->z[i] - b->cloud->z[j];
            const double square = dx * dx + dy * dy + dz * dz;
            *nearest = square < *nearest ? square : *nearest;
            *farthest = square > *farthest ? square : *farthest;
        }
    }
}

int sna_cloud_extent(double *nearest, double *farthest, const sna_cloud *a, const sna_cloud *b)
{
    int status = 0;
    grid grid_a = {NULL, NULL, 0, NULL}, grid_b = {NULL, NULL, 0, NULL};
    double least, most, near = INFINITY, far = -INFINITY, not_below = -INFINITY, not_above = INFINITY;

    status = make_grid(&grid_a, a);
    if (status == 0)
        status = make_grid(&grid_b, b);
    if (status != 0)
        goto out;
    /* What some pair certainly reaches rules most boxes out. */
    for (uint64_t i = 0; i < grid_a.boxes; i++) {
        for (uint64_t j = 0; j < grid_b.boxes; j++) {
            bound_pairs(&grid_a.box[i], &grid_b.box[j], &least, &most);
            not_below = larger(not_below, least);
            not_above = smaller(not_above, most);
        }
    }
    for (uint64_t i = 0; i < grid_a.boxes; i++) {
        for (uint64_t j = 0; j < grid_b.boxes; j++) {
            bound_pairs(&grid_a.box[i], &grid_b.box[j], &least, &most);
            if ((least <= not_above && least < near) || (most >= not_below && most > far))
                look_at_pairs(&grid_a, &grid_a.box[i], &grid_b, &grid_b.box[j], &near, &far);
        }
    }
    *nearest = sqrt(near);
    *farthest = sqrt(far);
out:
    free_grid(&grid_a);
    free_grid(&grid_b);
    return status;
}
