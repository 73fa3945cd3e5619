/* all_to_all.c: every pair. */
#include <stdlib.h>

#include "connector.h"

typedef struct {
    bool autapses;
} all_to_all;

static int create(void **state, const sna_fields *fields)
{
    all_to_all *self = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status == 0)
        status = sna_fields_boolean(fields, "autapses", false, &self->autapses);
    return status;
}

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    const all_to_all *self = state;

    (void)fields;
    expected->possible = expected->edges = sna_ends_pairs(ends, self->autapses);
    expected->variance = 0;
    return 0;
}

static int draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const all_to_all *self = state;
    int status = 0;

    (void)backward;
    for (uint64_t t = first; t < end && status == 0; t++) {
        const uint64_t self_at = ends->one_population && !self->autapses
                                     ? sna_members_find(&ends->source, sna_members_id(&ends->target, t))
                                     : UINT64_MAX;
        for (uint64_t s = 0; s < ends->source.count && status == 0; s++) {
            if (s != self_at)
                status = sna_rows_add(out, s);
        }
        if (status == 0)
            status = sna_rows_end(out);
    }
    return status;
}

static const char *const keys[] = {"n_syn", "autapses", NULL};

const sna_connector sna_all_to_all = {
    .type = "all_to_all", .keys = keys, .create = create, .prepare = prepare, .draw = draw, .free = free};
