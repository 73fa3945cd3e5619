/* unidirectional.c: every ordered pair is connected with probability p, independently of all others. */
#include <stdlib.h>
#include <string.h>

#include "independent.h"

typedef struct {
    sna_independent pick;
    bool autapses;
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
        status = sna_probability_read(&self->pick.p, fields->json, p, false);
    if (status == 0)
        status = sna_fields_boolean(fields, "autapses", false, &self->autapses);
    return status;
}

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    unidirectional *self = state;
    int status = 0;

    if (!sna_probability_is_constant(&self->pick.p))
        status = sna_ends_need_positions(ends, fields, "p");
    if (status == 0)
        status = sna_independent_prepare(&self->pick, ends);
    if (status == 0)
        status = sna_independent_expect(&self->pick, ends, self->autapses, false, expected);
    return status;
}

static int draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const unidirectional *self = state;
    int status = 0;

    (void)backward;
    for (uint64_t t = first; t < end && status == 0; t++) {
        const uint64_t id = sna_members_id(&ends->target, t);
        const uint64_t self_at =
            ends->one_population && !self->autapses ? sna_members_find(&ends->source, id) : UINT64_MAX;
        status = sna_independent_draw(&self->pick, ends, id, ends->source.count, self_at, out);
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
    sna_independent_free(&self->pick);
    free(self);
}

const sna_probability *sna_unidirectional_probability(const void *state)
{
    const unidirectional *self = state;

    return &self->pick.p;
}

int sna_unidirectional_create_like(void **state, const sna_probability *p)
{
    unidirectional *self = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status != 0)
        goto out;
    self->pick.p = *p;
    self->pick.p.point = NULL;
    status = sna_allocate(&self->pick.p.point, p->points, sizeof *p->point);
    if (status == 0 && p->points > 0)
        memcpy(self->pick.p.point, p->point, p->points * sizeof *p->point);
out:
    return status;
}

static const char *const keys[] = {"p", "n_syn", "autapses", NULL};

const sna_connector sna_unidirectional = {
    .type = "unidirectional", .keys = keys, .create = create, .prepare = prepare, .draw = draw, .free = destroy};
