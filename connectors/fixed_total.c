/* fixed_total.c: exactly n edges, all sets of n pairs equally likely. The numbers of edges of the targets are drawn
 * first, one after another from what is left (hypergeometric), then each target's sources. */
#include <inttypes.h>
#include <stdlib.h>

#include "connector.h"
#include "sample.h"

typedef struct {
    uint64_t n;
    bool autapses;
    uint64_t *degree; /* [targets] */
} fixed_total;

static int create(void **state, const sna_fields *fields)
{
    fixed_total *self = NULL;
    const cJSON *n = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status == 0)
        status = sna_fields_require(fields, "n", &n);
    if (status == 0)
        status = sna_json_unsigned(fields->json, n, &self->n);
    if (status == 0)
        status = sna_fields_boolean(fields, "autapses", false, &self->autapses);
    return status;
}

static uint64_t self_at(const fixed_total *self, const sna_ends *ends, uint64_t target)
{
    return ends->one_population && !self->autapses
               ? sna_members_find(&ends->source, sna_members_id(&ends->target, target))
               : UINT64_MAX;
}

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    fixed_total *self = state;
    const double pairs = sna_ends_pairs(ends, self->autapses);
    uint64_t pairs_left, left = self->n;
    sna_random random;
    int status = 0;

    if (pairs > 0x1p62)
        status = sna_fields_error(fields, "n", "there are too many pairs to draw from");
    else if ((double)self->n > pairs)
        status = sna_fields_error(fields, "n", "asks for %" PRIu64 " edges, but there are %.0f pairs", self->n, pairs);
    if (status == 0)
        status = sna_allocate(&self->degree, ends->target.count, sizeof *self->degree);
    if (status != 0)
        goto out;
    sna_random_start(&random, ends->seed, ends->purpose ^ sna_random_purpose("degree"), 0, 0);
    pairs_left = (uint64_t)pairs;
    for (uint64_t t = 0; t < ends->target.count; t++) {
        const uint64_t here = ends->source.count - (self_at(self, ends, t) != UINT64_MAX);
        pairs_left -= here;
        self->degree[t] = sna_hypergeometric(&random, here, pairs_left, left);
        left -= self->degree[t];
    }
    expected->possible = pairs;
    expected->edges = (double)self->n;
    expected->variance = 0;
out:
    return status;
}

static int draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const fixed_total *self = state;
    sna_sampler sampler = {NULL, 0};
    int status = 0;

    (void)backward;
    for (uint64_t t = first; t < end && status == 0; t++) {
        sna_random random;
        sna_random_start(&random, ends->seed, ends->purpose, sna_members_id(&ends->target, t), 0);
        status = sna_sample(&sampler, &random, ends->source.count, self->degree[t], self_at(self, ends, t), out);
        if (status == 0)
            status = sna_rows_end(out);
    }
    sna_sampler_free(&sampler);
    return status;
}

static void destroy(void *state)
{
    fixed_total *self = state;

    if (self == NULL)
        return;
    free(self->degree);
    free(self);
}

static const char *const keys[] = {"n", "autapses", "n_syn", NULL};

const sna_connector sna_fixed_total = {
    .type = "fixed_total", .keys = keys, .create = create, .prepare = prepare, .draw = draw, .free = destroy};
