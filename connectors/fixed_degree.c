/* fixed_degree.c: exactly k sources for each target, or exactly k targets for each source. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "connector.h"
#include "sample.h"

typedef struct {
    uint64_t k;
    bool outward, allow_multiple, autapses;
    /* Out-degrees: the edges by target, drawn once, 4 bytes each. */
    uint64_t *start;  /* [targets + 1] */
    uint32_t *source; /* positions */
} fixed_degree;

static int create(void **state, const sna_fields *fields, bool outward)
{
    fixed_degree *self = NULL;
    const cJSON *k = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status != 0)
        goto out;
    self->outward = outward;
    status = sna_fields_require(fields, "k", &k);
    if (status == 0)
        status = sna_json_unsigned(fields->json, k, &self->k);
    if (status == 0)
        status = sna_fields_boolean(fields, "allow_multiple", false, &self->allow_multiple);
    if (status == 0)
        status = sna_fields_boolean(fields, "autapses", false, &self->autapses);
out:
    return status;
}

static int create_in(void **state, const sna_fields *fields)
{
    return create(state, fields, false);
}

static int create_out(void **state, const sna_fields *fields)
{
    return create(state, fields, true);
}

/* Position of a node among the members it draws from, where it may not draw itself. */
static uint64_t self_at(const fixed_degree *self, const sna_ends *ends, const sna_members *from, uint64_t id)
{
    return ends->one_population && !self->autapses ? sna_members_find(from, id) : UINT64_MAX;
}

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    fixed_degree *self = state;
    const sna_members *each = self->outward ? &ends->source : &ends->target;
    const sna_members *from = self->outward ? &ends->target : &ends->source;
    const double edges = (double)self->k * (double)each->count;
    uint64_t available = from->count;
    int status = 0;

    for (uint64_t i = 0; i < each->count && available == from->count; i++)
        available -= self_at(self, ends, from, sna_members_id(each, i)) != UINT64_MAX;
    if (self->allow_multiple ? available == 0 && self->k > 0 : self->k > available)
        status = sna_fields_error(fields, "k", "asks for %" PRIu64 " different %s, but there are %" PRIu64, self->k,
                                  self->outward ? "targets" : "sources", available);
    else if (edges > 0x1p60)
        status = sna_fields_error(fields, "k", "makes more edges than can be counted");
    expected->possible = sna_ends_pairs(ends, self->autapses);
    expected->edges = edges;
    expected->variance = 0;
    return status;
}

static int draw_row(const fixed_degree *self, const sna_ends *ends, const sna_members *from, uint64_t id,
                    sna_sampler *sampler, sna_rows *out)
{
    const uint64_t without = self_at(self, ends, from, id);
    sna_random random;

    sna_random_start(&random, ends->seed, ends->purpose, id, 0);
    return self->allow_multiple ? sna_sample_repeated(&random, from->count, self->k, without, out)
                                : sna_sample(sampler, &random, from->count, self->k, without, out);
}

/* Waking threads for fewer edges than this costs more than they save. */
static unsigned threads_for(const fixed_degree *self, const sna_ends *ends)
{
    return (double)self->k * (double)ends->source.count < 1e5 ? 1 : sna_threads();
}

/* Draws the targets of all sources and counts them, or puts them in their places. */
static int spread_targets(fixed_degree *self, const sna_ends *ends, bool place)
{
    const int64_t sources = (int64_t)ends->source.count;
    int failed = 0;

#pragma omp parallel num_threads(threads_for(self, ends)) reduction(min : failed)
    {
        sna_sampler sampler = {NULL, 0};
        sna_rows row = SNA_ROWS;
        int code = 0;

#pragma omp for schedule(dynamic, 64)
        for (int64_t s = 0; s < sources; s++) {
            sna_rows_clear(&row);
            if (code == 0)
                code = draw_row(self, ends, &ends->target, sna_members_id(&ends->source, (uint64_t)s), &sampler, &row);
            if (code == 0)
                code = sna_check_cancelled();
            for (uint64_t i = 0; i < row.count && code == 0; i++) {
                uint64_t at;
#pragma omp atomic capture
                at = self->start[row.source[i] + !place]++;
                if (place)
                    self->source[at] = (uint32_t)s;
            }
        }
        failed = code;
        sna_sampler_free(&sampler);
        sna_rows_free(&row);
    }
    if (failed == SNA_ECANCELLED)
        return sna_check_cancelled();
    return failed == 0 ? 0 : sna_error(SNA_ENOMEM, "out of memory while drawing the targets of %s", ends->name);
}

static int compare(const void *a, const void *b)
{
    const uint32_t va = *(const uint32_t *)a, vb = *(const uint32_t *)b;

    return (va > vb) - (va < vb);
}

/* Targets are what edges are asked for by, so the edges of all sources are drawn first, twice: once to count, once to
 * place. Threads place in any order; sorting makes it one again. */
static int ready_out(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    fixed_degree *self = state;
    const uint64_t targets = ends->target.count;
    int status = 0;

    if (expected->edges * 4 + (double)targets * 8 > (double)ends->memory || ends->source.count > UINT32_MAX) {
        status = sna_fields_error(fields, "k",
                                  "the %.0f edges are held in memory, 4 bytes each: more than may be used (--memory)",
                                  expected->edges);
        goto out;
    }
    status = sna_allocate(&self->start, targets + 2, sizeof *self->start);
    if (status == 0)
        status = sna_allocate(&self->source, (uint64_t)expected->edges, sizeof *self->source);
    if (status == 0)
        status = spread_targets(self, ends, false);
    if (status != 0)
        goto out;
    for (uint64_t t = 0; t < targets; t++)
        self->start[t + 1] += self->start[t];
    status = spread_targets(self, ends, true);
    if (status != 0)
        goto out;
    for (uint64_t t = targets; t > 0; t--)
        self->start[t] = self->start[t - 1];
    self->start[0] = 0;
#pragma omp parallel for schedule(dynamic, 64) num_threads(threads_for(self, ends))
    for (int64_t t = 0; t < (int64_t)targets; t++)
        qsort(self->source + self->start[t], self->start[t + 1] - self->start[t], sizeof *self->source, compare);
out:
    return status;
}

static int draw_in(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const fixed_degree *self = state;
    sna_sampler sampler = {NULL, 0};
    int status = 0;

    (void)backward;
    for (uint64_t t = first; t < end && status == 0; t++) {
        status = draw_row(self, ends, &ends->source, sna_members_id(&ends->target, t), &sampler, out);
        if (status == 0)
            status = sna_rows_end(out);
    }
    sna_sampler_free(&sampler);
    return status;
}

static int draw_out(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const fixed_degree *self = state;
    int status = 0;

    (void)ends;
    (void)backward;
    for (uint64_t t = first; t < end && status == 0; t++) {
        for (uint64_t i = self->start[t]; i < self->start[t + 1] && status == 0; i++)
            status = sna_rows_add(out, self->source[i]);
        if (status == 0)
            status = sna_rows_end(out);
    }
    return status;
}

static void destroy(void *state)
{
    fixed_degree *self = state;

    if (self == NULL)
        return;
    free(self->start);
    free(self->source);
    free(self);
}

static const char *const keys[] = {"k", "allow_multiple", "autapses", "n_syn", NULL};

const sna_connector sna_fixed_indegree = {
    .type = "fixed_indegree", .keys = keys, .create = create_in, .prepare = prepare, .draw = draw_in, .free = destroy};

const sna_connector sna_fixed_outdegree = {.type = "fixed_outdegree",
                                           .keys = keys,
                                           .create = create_out,
                                           .prepare = prepare,
                                           .ready = ready_out,
                                           .draw = draw_out,
                                           .free = destroy};
