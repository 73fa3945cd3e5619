/* independent.c: the sources of a target, each picked with a probability of its own, independently of all others. The
 * probability may depend on the distance: then only cells of a grid within reach are looked at, each with the largest
 * probability that two nodes in the two cells can have, and a node that this picks is kept with the probability its own
 * is of that (thinning). */
#include "independent.h"

#include "sums.h"

static double bound(const void *context, const int64_t offset[3], double *least)
{
    const sna_independent *self = context;
    double low, high, most;

    sna_lattice_distances(&self->lattice, offset, self->p.axes, &low, &high);
    most = sna_probability_most(&self->p, low, high);
    *least = sna_probability_least(&self->p, low, high);
    return most;
}

static void values(const void *context, const double source[3], const double target[3], double *out)
{
    const sna_independent *self = context;
    const double p = sna_probability_at(&self->p, sna_distance(self->p.axes, source, target));

    out[0] = p > 0;
    out[1] = p;
    out[2] = p * (1 - p);
}

int sna_independent_prepare(sna_independent *self, const sna_ends *ends)
{
    /* Nodes too far for more than about two of them to be picked from the whole population are not looked for cell by
     * cell. */
    const double level = 2 / (double)ends->source.count;
    int status = 0;

    self->constant = sna_probability_is_constant(&self->p);
    if (self->constant)
        goto out;
    sna_near_choose(&self->lattice, self->p.axes, sna_probability_length(&self->p), &ends->source, &ends->target,
                    sna_probability_reach(&self->p, level), level, bound, self, NULL);
    status = sna_grid_create(&self->grid, &self->lattice, &ends->source);
    if (status == 0)
        status =
            sna_near_create(&self->near, &self->lattice, sna_probability_reach(&self->p, level), level, bound, self);
out:
    return status;
}

int sna_independent_expect(const sna_independent *self, const sna_ends *ends, bool autapses, bool unordered,
                           sna_expectation *expected)
{
    const double nothing = 1e-15; /* adds less than 1e-3 edges for 1e12 pairs */
    const double p = self->p.peak, pairs = sna_ends_pairs(ends, autapses) / (unordered ? 2 : 1);
    double sum[3] = {p > 0 ? pairs : 0, p * pairs, p * (1 - p) * pairs}, error[3] = {0};
    sna_near all = {0};
    int status = 0;

    if (!self->constant) {
        status = sna_near_create(&all, &self->lattice, sna_probability_reach(&self->p, nothing), nothing, bound, self);
        if (status == 0)
            status = sna_sums_take(&(sna_sums){.ends = ends,
                                               .lattice = &self->lattice,
                                               .near = &all,
                                               .source = &self->grid,
                                               .skip_self = ends->one_population && !autapses,
                                               .unordered = unordered,
                                               .values = values,
                                               .context = self,
                                               .sums = 3},
                                   sum, error);
    }
    if (status != 0)
        goto out;
    expected->possible = sum[0];
    expected->edges = sum[1];
    expected->variance = sum[2];
    expected->error = error[1];
    sna_probability_cut(&self->p, expected->cut);
out:
    sna_near_free(&all);
    return status;
}

/* One target and what its row needs. */
typedef struct {
    const sna_ends *ends;
    uint64_t id, count, self_at; /* count: sources to look at; self_at: one to leave out */
    sna_random random;
} target;

/* The gaps between connected sources are geometric: a target costs as many random numbers as it has edges, plus one.
 * The one that is left out is drawn like any other. */
static int draw_constant(const sna_independent *self, target *at, sna_rows *out)
{
    const uint64_t count = at->count;
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

/* Is a source that was picked with probability `limit` to be kept? Below `least` its own probability does not matter.
 */
static bool keep(const sna_independent *self, target *at, const double *there, const double here[3], double limit,
                 double least)
{
    const double level = sna_random_uniform(&at->random) * limit;

    return level < least || level < sna_probability_at(&self->p, sna_distance(self->p.axes, here, there));
}

/* Sources in cells that are not listed: picked from all sources with the level that none of them reaches. */
static int draw_far(const sna_independent *self, target *at, const double *there, const int64_t from[3], sna_rows *out)
{
    const sna_members *sources = &at->ends->source;
    const uint64_t count = at->count;
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
            keep(self, at, there, sources->position[sna_members_id(sources, next)], self->near.level, 0))
            status = sna_rows_add(out, next);
    }
    return status;
}

/* Nodes that were picked and not looked at yet: a pick asks for its node's place, and by the time that it is looked at,
 * that has come from memory. */
typedef struct {
    struct {
        uint64_t node; /* in the grid */
        const sna_near_cell *near;
    } pick[16];
    unsigned count;
} waiting;

static int judge(const sna_independent *self, target *at, const double *there, waiting *picks, sna_rows *out)
{
    int status = 0;

    for (unsigned i = 0; i < picks->count && status == 0; i++) {
        const uint64_t node = picks->pick[i].node, source = self->grid.member[node];
        const sna_near_cell *near = picks->pick[i].near;
        const float *place = self->grid.place[node];
        if (source != at->self_at && source < at->count &&
            (near->least == near->bound ||
             keep(self, at, there, (const double[3]){place[0], place[1], place[2]}, near->bound, near->least)))
            status = sna_rows_add(out, source);
    }
    picks->count = 0;
    return status;
}

static int draw_by_distance(const sna_independent *self, target *at, sna_rows *out)
{
    const double *there = at->ends->target.position[at->id];
    const uint64_t first = out->count;
    waiting picks = {.count = 0};
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
            next += sna_near_pick(&picker, near->rate, end - next);
            if (next == end)
                break;
            __builtin_prefetch(&self->grid.member[next]);
            __builtin_prefetch(&self->grid.place[next]);
            picks.pick[picks.count].node = next;
            picks.pick[picks.count++].near = near;
            if (picks.count == sizeof picks.pick / sizeof *picks.pick)
                status = judge(self, at, there, &picks, out);
            if (status != 0)
                goto out;
        }
    }
    status = judge(self, at, there, &picks, out);
    if (status == 0 && self->near.level > 0)
        status = draw_far(self, at, there, from, out);
    if (status == 0)
        status = sna_rows_sort(out, first);
out:
    return status;
}

int sna_independent_draw(const sna_independent *self, const sna_ends *ends, uint64_t id, uint64_t count,
                         uint64_t without, sna_rows *out)
{
    target at = {.ends = ends, .id = id, .count = count, .self_at = without};

    sna_random_start(&at.random, ends->seed, ends->purpose, id, 0);
    return self->constant ? draw_constant(self, &at, out) : draw_by_distance(self, &at, out);
}

void sna_independent_free(sna_independent *self)
{
    sna_probability_free(&self->p);
    sna_grid_free(&self->grid);
    sna_near_free(&self->near);
}
