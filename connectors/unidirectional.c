/* unidirectional.c: every ordered pair is connected with probability p, independently of all others. */
#include <math.h>
#include <stdlib.h>

#include "connector.h"

typedef struct {
    double p;
    bool autapses;
} unidirectional;

static int create(void **state, const sna_fields *fields)
{
    unidirectional *self = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status == 0)
        status = sna_fields_probability(fields, "p", &self->p);
    if (status == 0)
        status = sna_fields_boolean(fields, "autapses", false, &self->autapses);
    return status;
}

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    const unidirectional *self = state;
    const double pairs = sna_ends_pairs(ends, self->autapses);

    (void)fields;
    expected->possible = self->p > 0 ? pairs : 0;
    expected->edges = pairs * self->p;
    expected->variance = pairs * self->p * (1 - self->p);
    return 0;
}

/* The gaps between connected sources are geometric: a target costs as many random numbers as it has edges, plus one.
 * A target's own number among the sources is drawn like any other and left out afterwards. */
static int draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const unidirectional *self = state;
    const uint64_t count = ends->source.count;
    const double log_none = log1p(-self->p);
    const bool skip_self = ends->one_population && !self->autapses;
    int status = 0;

    (void)backward;
    for (uint64_t t = first; t < end && status == 0; t++) {
        const uint64_t id = sna_members_id(&ends->target, t);
        uint64_t self_at = UINT64_MAX, at = 0;
        sna_random random;

        if (skip_self) {
            self_at = sna_members_from(&ends->source, id);
            if (self_at < count && sna_members_id(&ends->source, self_at) != id)
                self_at = UINT64_MAX;
        }
        sna_random_start(&random, ends->seed, ends->purpose, id, 0);
        while (self->p > 0) {
            const uint64_t gap = sna_random_skip(&random, log_none);
            if (gap >= count - at)
                break;
            at += gap;
            if (at != self_at) {
                status = sna_rows_add(out, at);
                if (status != 0)
                    goto out;
            }
            at++;
        }
        status = sna_rows_end(out);
    }
out:
    return status;
}

static const char *const keys[] = {"p", "n_syn", "autapses", NULL};

const sna_connector sna_unidirectional = {
    .type = "unidirectional", .keys = keys, .create = create, .prepare = prepare, .draw = draw, .free = free};
