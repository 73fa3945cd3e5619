/* apart.c: nodes that keep a distance from one another. */
#include "apart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MISSES_MOST = 400, LEVELS_MOST = 24 };

/* Cells at least as large as the distance, each with a chain of the nodes in it. */
typedef struct {
    const sna_region *region;
    double distance, low[3], size;
    uint64_t cells[3];
    unsigned axes, dimensions;
    uint64_t *head; /* [cells] 1 + index of the first node, 0 for none */
    uint64_t *next; /* [nodes] the same of the next one in the cell */
    double (*node)[3];
    uint64_t count;
} field;

static int64_t cell_along(const field *self, unsigned d, double at)
{
    const double cell = floor((at - self->low[d]) / self->size);
    const double last = (double)self->cells[d] - 1;

    return (int64_t)fmin(fmax(cell, 0), last);
}

static uint64_t cell_of(const field *self, const double at[3])
{
    uint64_t cell = 0;

    for (unsigned d = 0; d < 3; d++)
        cell = cell * self->cells[d] + (uint64_t)cell_along(self, d, at[d]);
    return cell;
}

static void insert(field *self, const double at[3])
{
    const uint64_t cell = cell_of(self, at);

    memcpy(self->node[self->count], at, sizeof *self->node);
    self->next[self->count] = self->head[cell];
    self->head[cell] = ++self->count;
}

static double square_distance(const double a[3], const double b[3])
{
    return (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]);
}

/* Does any node meet the condition, of those that can be closer than the distance to the box around `at`? */
static bool any_near(const field *self, const double at[3], double margin,
                     bool (*meets)(const field *, const double node[3], const double at[3], double margin))
{
    int64_t from[3], to[3];

    for (unsigned d = 0; d < 3; d++) {
        from[d] = cell_along(self, d, at[d] - margin - self->distance);
        to[d] = cell_along(self, d, at[d] + margin + self->distance);
    }
    for (int64_t x = from[0]; x <= to[0]; x++) {
        for (int64_t y = from[1]; y <= to[1]; y++) {
            for (int64_t z = from[2]; z <= to[2]; z++) {
                const uint64_t cell = ((uint64_t)x * self->cells[1] + (uint64_t)y) * self->cells[2] + (uint64_t)z;
                for (uint64_t n = self->head[cell]; n != 0; n = self->next[n - 1]) {
                    if (meets(self, self->node[n - 1], at, margin))
                        return true;
                }
            }
        }
    }
    return false;
}

static bool is_close(const field *self, const double node[3], const double at[3], double margin)
{
    (void)margin;
    return square_distance(node, at) < self->distance * self->distance;
}

/* Is all of the cube of half side `margin` around `at` too close to the node? */
static bool covers(const field *self, const double node[3], const double at[3], double margin)
{
    double sum = 0;

    for (unsigned d = 0; d < 3; d++) {
        const double far = fabs(at[d] - node[d]) + (self->axes >> d & 1 ? margin : 0);
        sum += far * far;
    }
    return sum < self->distance * self->distance;
}

/* Positions are kept as 32-bit floats, and have to be apart as such. */
static void round_place(double at[3])
{
    for (unsigned d = 0; d < 3; d++)
        at[d] = sna_stored(at[d]);
}

static bool try_insert(field *self, double at[3])
{
    round_place(at);
    if (any_near(self, at, 0, is_close))
        return false;
    insert(self, at);
    return true;
}

/* ---- cells that still have room ----------------------------------------------------------------------------- */

typedef struct {
    double (*center)[3];
    uint64_t count, capacity;
} voids;

static int add_void(voids *self, const double center[3])
{
    double(*grown)[3] = self->center;

    if (self->count == self->capacity) {
        grown = sna_grow(self->center, &self->capacity, self->count + 1, sizeof *self->center);
        if (grown == NULL)
            return SNA_ENOMEM;
        self->center = grown;
    }
    memcpy(self->center[self->count++], center, sizeof *self->center);
    return 0;
}

/* A cube that is outside the region, with all that is in it: judged by a ball around it, so some stay that could go. */
static bool is_outside(const field *self, const double center[3], double half)
{
    const sna_solid *outer = &self->region->outer, *inner = &self->region->inner;
    const double corner = half * sqrt((double)self->dimensions);
    sna_solid grown = *outer;

    for (unsigned d = 0; d < 3; d++)
        grown.half[d] += outer->half[d] > 0 ? corner : 0;
    grown.hole = 0;
    if (!sna_solid_contains(&grown, center))
        return true;
    if (!self->region->has_inner)
        return false;
    grown = *inner;
    for (unsigned d = 0; d < 3; d++) {
        if (inner->half[d] > 0 && inner->half[d] <= corner)
            return false;
        grown.half[d] -= inner->half[d] > 0 ? corner : 0;
    }
    return sna_solid_contains(&grown, center);
}

/* The cubes of half side `half` that may have room, from those of twice the size; all at first (`from` NULL). */
static int refine(const field *self, const voids *from, double half, voids *out)
{
    int status = 0;

    out->count = 0;
    if (from == NULL) {
        double at[3];
        for (uint64_t x = 0; x < self->cells[0]; x++) {
            for (uint64_t y = 0; y < self->cells[1]; y++) {
                for (uint64_t z = 0; z < self->cells[2] && status == 0; z++) {
                    const uint64_t index[3] = {x, y, z};
                    for (unsigned d = 0; d < 3; d++)
                        at[d] = self->axes >> d & 1 ? self->low[d] + ((double)index[d] + 0.5) * self->size
                                                    : self->region->outer.center[d];
                    if (!is_outside(self, at, half) && !any_near(self, at, half, covers))
                        status = add_void(out, at);
                }
            }
        }
        return status;
    }
    for (uint64_t i = 0; i < from->count && status == 0; i++) {
        for (unsigned corner = 0; corner < 8 && status == 0; corner++) {
            double at[3];
            bool real = true;
            for (unsigned d = 0; d < 3; d++) {
                const bool up = (corner >> d & 1) != 0;
                if (self->axes >> d & 1) {
                    at[d] = from->center[i][d] + (up ? half : -half);
                } else {
                    at[d] = from->center[i][d];
                    real = real && !up;
                }
            }
            if (real && !is_outside(self, at, half) && !any_near(self, at, half, covers))
                status = add_void(out, at);
        }
    }
    return status;
}

/* Fills what room is left, until there are `count` nodes or there is none. */
static int fill_voids(field *self, sna_random *random, uint64_t count)
{
    voids now = {NULL, 0, 0}, finer = {NULL, 0, 0};
    double half = self->size / 2;
    int status = refine(self, NULL, half, &now);

    for (unsigned level = 0; level < LEVELS_MOST && status == 0 && now.count > 0 && self->count < count; level++) {
        const uint64_t tries = 2 * now.count + 100;
        voids swap;
        for (uint64_t i = 0; i < tries && self->count < count; i++) {
            const double *center = now.center[sna_random_below(random, now.count)];
            double at[3];
            for (unsigned d = 0; d < 3; d++)
                at[d] = self->axes >> d & 1 ? center[d] + half * (2 * sna_random_uniform(random) - 1) : center[d];
            round_place(at);
            if (sna_region_contains(self->region, at))
                (void)try_insert(self, at);
        }
        status = sna_check_cancelled();
        half /= 2;
        if (status == 0)
            status = refine(self, &now, half, &finer);
        swap = now;
        now = finer;
        finer = swap;
    }
    free(now.center);
    free(finer.center);
    return status;
}

/* ---- all together ------------------------------------------------------------------------------------------- */

static int field_create(field *out, const sna_region *region, double distance, uint64_t count, uint64_t others)
{
    const sna_solid *outer = &region->outer;
    const double spacing = sna_solid_measure(outer, sna_solid_axes(outer)) / (double)(count + others);
    uint64_t total = 1;
    int status = 0;

    *out = (field){.region = region, .distance = distance, .axes = sna_solid_axes(outer)};
    for (unsigned d = 0; d < 3; d++)
        out->dimensions += out->axes >> d & 1;
    /* About one node a cell at most. */
    out->size = out->dimensions > 0 ? fmax(distance, pow(spacing, 1.0 / out->dimensions)) : distance;
    for (unsigned d = 0; d < 3; d++) {
        out->low[d] = outer->center[d] - outer->half[d];
        out->cells[d] = (uint64_t)(2 * outer->half[d] / out->size) + 1;
        total *= out->cells[d];
    }
    status = sna_allocate(&out->head, total, sizeof *out->head);
    if (status == 0)
        status = sna_allocate(&out->next, count + others, sizeof *out->next);
    if (status == 0)
        status = sna_allocate(&out->node, count + others, sizeof *out->node);
    return status;
}

static void field_free(field *self)
{
    free(self->head);
    free(self->next);
    free(self->node);
}

/* Nodes that came late fill gaps between others; no group of nodes is to be all late ones. */
static void shuffle(double (*node)[3], uint64_t count, sna_random *random)
{
    for (uint64_t i = count; i > 1; i--) {
        const uint64_t k = sna_random_below(random, i);
        double kept[3];
        memcpy(kept, node[i - 1], sizeof kept);
        memcpy(node[i - 1], node[k], sizeof kept);
        memcpy(node[k], kept, sizeof kept);
    }
}

int sna_place_apart(const sna_region *region, double distance, uint64_t count, const double (*others)[3],
                    uint64_t other_count, sna_random *random, double (*out)[3], uint64_t *placed)
{
    field self;
    uint64_t misses = 0;
    int status = field_create(&self, region, distance, count, other_count);

    *placed = 0;
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < other_count; i++)
        insert(&self, others[i]);
    while (self.count < count + other_count && misses < MISSES_MOST && status == 0) {
        double at[3];
        sna_region_draw(region, random, at);
        misses = try_insert(&self, at) ? 0 : misses + 1;
        status = sna_check_cancelled();
    }
    if (status == 0 && self.count < count + other_count)
        status = fill_voids(&self, random, count + other_count);
    if (status != 0)
        goto out;
    *placed = self.count - other_count;
    shuffle(self.node + other_count, *placed, random);
    memcpy(out, self.node + other_count, *placed * sizeof *out);
out:
    field_free(&self);
    return status;
}

int sna_count_close(const sna_region *region, double distance, const double (*node)[3], uint64_t count, uint64_t *close)
{
    field self;
    int status = field_create(&self, region, distance, count, 0);

    *close = 0;
    for (uint64_t i = 0; i < count && status == 0; i++) {
        *close += any_near(&self, node[i], 0, is_close);
        insert(&self, node[i]);
    }
    field_free(&self);
    return status;
}
