/* unidirectional.c: every ordered pair is connected with probability p, independently of all others. p may depend on
 * the distance: then only cells of a grid within reach are looked at, each with the largest p that two nodes in the two
 * cells can have, and a node that this picks is kept with the probability its own p is of that (thinning). */
#include <stdlib.h>

#include "connector.h"
#include "probability.h"
#include "sums.h"

typedef struct {
    sna_probability p;
    bool autapses;
    bool far; /* some pairs are too unlikely for their cells to be listed in `near` */
    sna_lattice lattice;
    sna_grid grid; /* of the sources */
    sna_near near;
} unidirectional;

static int create(void **state, const sna_fields *fields)
{
    unidirectional *self = NULL;
    const cJSON *p = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status == 0)
        status = sna_fields_require(fields, "p", &p);
    if (status == 0)
        status = sna_probability_read(&self->p, fields->json, p, false);
    if (status == 0)
        status = sna_fields_boolean(fields, "autapses", false, &self->autapses);
    return status;
}

static double bound(const void *context, const int64_t offset[3], bool *exact)
{
    const unidirectional *self = context;
    double low, high, most;

    sna_lattice_distances(&self->lattice, offset, self->p.axes, &low, &high);
    most = sna_probability_most(&self->p, low, high);
    *exact = sna_probability_least(&self->p, low, high) == most;
    return most;
}

static void values(const void *context, const double source[3], const double target[3], double *out)
{
    const unidirectional *self = context;
    const double p = sna_probability_at(&self->p, sna_distance(self->p.axes, source, target));

    out[0] = p > 0;
    out[1] = p;
    out[2] = p * (1 - p);
}

static int prepare_distance(unidirectional *self, const sna_ends *ends, sna_expectation *expected)
{
    /* Nodes too far for more than about two of them to be picked from the whole population are not looked for cell by
     * cell. */
    const double level = 2 / (double)ends->source.count;
    const double nothing = 1e-15; /* adds less than 1e-3 edges for 1e12 pairs */
    const double reach = sna_probability_reach(&self->p, nothing);
    double sum[3], error[3];
    sna_near all = {0};
    int status = 0;

    sna_near_choose(&self->lattice, self->p.axes, sna_probability_length(&self->p), &ends->source, &ends->target,
                    sna_probability_reach(&self->p, level), level, bound, self, NULL);
    status = sna_grid_create(&self->grid, &self->lattice, &ends->source);
    if (status == 0)
        status = sna_near_create(&self->near, &self->lattice, sna_probability_reach(&self->p, level), level, bound, self);
    if (status == 0)
        status = sna_near_create(&all, &self->lattice, reach, nothing, bound, self);
    if (status == 0)
        status = sna_sums_take(&(sna_sums){.ends = ends,
                                           .lattice = &self->lattice,
                                           .near = &all,
                                           .source = &self->grid,
                                           .skip_self = ends->one_population && !self->autapses,
                                           .values = values,
                                           .context = self,
                                           .sums = 3},
                               sum, error);
    if (status != 0)
        goto out;
    self->far = self->near.level > 0;
    expected->possible = sum[0];
    expected->edges = sum[1];
    expected->variance = sum[2];
    expected->error = error[1];
out:
    sna_near_free(&all);
    return status;
}

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    unidirectional *self = state;
    const double pairs = sna_ends_pairs(ends, self->autapses), p = self->p.peak;
    int status = 0;

    if (!sna_probability_is_constant(&self->p)) {
        status = sna_ends_need_positions(ends, fields, "p");
        if (status == 0)
            status = prepare_distance(self, ends, expected);
        goto out;
    }
    expected->possible = p > 0 ? pairs : 0;
    expected->edges = pairs * p;
    expected->variance = pairs * p * (1 - p);
out:
    return status;
}

/* One target and what its row needs. */
typedef struct {
    const sna_ends *ends;
    uint64_t id, self_at; /* self_at: position of the target itself among the sources, UINT64_MAX when it is not there */
    sna_random random;
} target;

/* The gaps between connected sources are geometric: a target costs as many random numbers as it has edges, plus one.
 * The target itself is drawn like any other source and left out afterwards. */
static int draw_constant(const unidirectional *self, target *at, sna_rows *out)
{
    const uint64_t count = at->ends->source.count;
    const double log_none = log1p(-self->p.peak);
    int status = 0;

    for (uint64_t next = 0; self->p.peak > 0 && status == 0; next++) {
        const uint64_t gap = sna_random_skip(&at->random, log_none);
        if (gap >= count - next)
            break;
        next += gap;
        if (next != at->self_at)
            status = sna_rows_add(out, next);
    }
    return status;
}

/* Is a source that was picked with probability `limit` to be kept? */
static bool keep(const unidirectional *self, target *at, const double *there, const double here[3], double limit)
{
    const double p = sna_probability_at(&self->p, sna_distance(self->p.axes, here, there));

    return sna_random_uniform(&at->random) * limit < p;
}

/* Sources in cells that are not listed: picked from all sources with the level that none of them reaches. */
static int draw_far(const unidirectional *self, target *at, const double *there, const int64_t from[3], sna_rows *out)
{
    const sna_members *sources = &at->ends->source;
    const uint64_t count = sources->count;
    const double log_none = log1p(-self->near.level);
    int status = 0;

    for (uint64_t next = 0; status == 0; next++) {
        const uint64_t gap = sna_random_skip(&at->random, log_none);
        int64_t cell[3];
        if (gap >= count - next)
            break;
        next += gap;
        sna_lattice_split(&self->lattice, self->grid.cell[next], cell);
        for (unsigned d = 0; d < 3; d++)
            cell[d] -= from[d];
        if (sna_near_find(&self->near, cell) == NULL && next != at->self_at &&
            keep(self, at, there, sources->position[sna_members_id(sources, next)], self->near.level))
            status = sna_rows_add(out, next);
    }
    return status;
}

static int draw_by_distance(const unidirectional *self, target *at, sna_rows *out)
{
    const double *there = at->ends->target.position[at->id];
    const uint64_t first = out->count;
    sna_near_picker picker;
    int64_t from[3];
    int status = 0;

    sna_near_start(&picker, &at->random);
    sna_lattice_split(&self->lattice, sna_lattice_cell(&self->lattice, there), from);
    for (uint64_t i = 0; i < self->near.count; i++) {
        const sna_near_cell *near = &self->near.cell[i];
        const int64_t cell[3] = {from[0] + near->offset[0], from[1] + near->offset[1], from[2] + near->offset[2]};
        uint64_t c, next, end;
        if (!sna_lattice_inside(&self->lattice, cell))
            continue;
        c = sna_lattice_join(&self->lattice, cell);
        end = self->grid.start[c + 1];
        for (next = self->grid.start[c]; next < end; next++) {
            const float *place;
            next += sna_near_pick(&picker, near->rate, end - next);
            if (next == end)
                break;
            place = self->grid.place[next];
            if (self->grid.member[next] != at->self_at &&
                (near->exact || keep(self, at, there, (const double[3]){place[0], place[1], place[2]}, near->bound)))
                status = sna_rows_add(out, self->grid.member[next]);
            if (status != 0)
                goto out;
        }
    }
    if (self->far)
        status = draw_far(self, at, there, from, out);
    if (status == 0)
        status = sna_rows_sort(out, first);
out:
    return status;
}

static int draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const unidirectional *self = state;
    const bool constant = sna_probability_is_constant(&self->p);
    int status = 0;

    (void)backward;
    for (uint64_t t = first; t < end && status == 0; t++) {
        target at = {.ends = ends, .id = sna_members_id(&ends->target, t), .self_at = UINT64_MAX};

        if (ends->one_population && !self->autapses)
            at.self_at = sna_members_find(&ends->source, at.id);
        sna_random_start(&at.random, ends->seed, ends->purpose, at.id, 0);
        status = constant ? draw_constant(self, &at, out) : draw_by_distance(self, &at, out);
        if (status == 0)
            status = sna_rows_end(out);
    }
    return status;
}

static void destroy(void *state)
{
    unidirectional *self = state;

    if (self == NULL)
        return;
    sna_probability_free(&self->p);
    sna_grid_free(&self->grid);
    sna_near_free(&self->near);
    free(self);
}

const sna_probability *sna_unidirectional_probability(const void *state)
{
    const unidirectional *self = state;

    return &self->p;
}

static const char *const keys[] = {"p", "n_syn", "autapses", NULL};

const sna_connector sna_unidirectional = {
    .type = "unidirectional", .keys = keys, .create = create, .prepare = prepare, .draw = draw, .free = destroy};
