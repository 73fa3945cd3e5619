/* one_to_one.c: node after node of a part goes with node after node of a whole. The part is the targets, or the sources
 * with `"partition": "source"`; several parts share one whole when each continues where another ends. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "connector.h"

typedef struct {
    bool by_source;
    bool has_previous, resolved;
    uint64_t offset; /* where in the whole the part begins */
} one_to_one;

static int create(void **state, const sna_fields *fields)
{
    one_to_one *self = NULL;
    const char *partition = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status == 0)
        status = sna_fields_text(fields, "partition", "target", &partition);
    if (status == 0 && strcmp(partition, "source") != 0 && strcmp(partition, "target") != 0)
        status = sna_fields_error(fields, "partition", "must be source or target, found %s", partition);
    if (status == 0)
        status = sna_fields_unsigned(fields, "offset", 0, &self->offset);
    if (status != 0)
        goto out;
    self->by_source = strcmp(partition, "source") == 0;
    self->has_previous = sna_fields_find(fields, "continue") != NULL;
    if (self->has_previous && sna_fields_find(fields, "offset") != NULL)
        status = sna_fields_error(fields, "offset", "follows from the entry that is continued, leave it out");
out:
    return status;
}

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    const one_to_one *self = state;

    (void)fields;
    expected->possible = expected->edges = (double)(self->by_source ? ends->source.count : ends->target.count);
    expected->variance = 0;
    return 0;
}

static const sna_members *part_of(const one_to_one *self, const sna_ends *ends)
{
    return self->by_source ? &ends->source : &ends->target;
}

static const sna_members *whole_of(const one_to_one *self, const sna_ends *ends)
{
    return self->by_source ? &ends->target : &ends->source;
}

static int find_offset(sna_network *network, sna_entry *entry, uint64_t depth)
{
    one_to_one *self = entry->state;
    const cJSON *item = sna_fields_find(&entry->fields, "continue");
    const sna_members *whole = whole_of(self, &entry->ends);
    const uint64_t part = part_of(self, &entry->ends)->count;
    int status = 0;

    if (self->resolved)
        goto out;
    if (self->has_previous) {
        uint64_t other = 0;
        one_to_one *previous;
        sna_entry *named;
        status = sna_entry_find(network, item, &other);
        if (status != 0)
            goto out;
        named = &network->entry[other];
        previous = named->state;
        if (named->connector != &sna_one_to_one || previous->by_source != self->by_source ||
            !sna_members_equal(whole_of(previous, &named->ends), whole) ||
            (self->by_source ? named->target.population != entry->target.population
                             : named->source.population != entry->source.population)) {
            status = sna_json_error(network->json, item, SNA_EFORMAT,
                                    "must name a one_to_one entry with the same %s and the same `partition`",
                                    self->by_source ? "targets" : "sources");
            goto out;
        }
        if (depth == 0) {
            status = sna_json_error(network->json, item, SNA_EFORMAT, "the entries continue each other in a circle");
            goto out;
        }
        status = find_offset(network, named, depth - 1);
        if (status != 0)
            goto out;
        self->offset = previous->offset + part_of(previous, &named->ends)->count;
    }
    if (self->offset > whole->count || part > whole->count - self->offset) {
        status = sna_fields_error(&entry->fields, NULL,
                                  "%" PRIu64 " %s need %" PRIu64 " %s from number %" PRIu64
                                  " on, but there are %" PRIu64 " in all",
                                  part, self->by_source ? "sources" : "targets", part,
                                  self->by_source ? "targets" : "sources", self->offset, whole->count);
        goto out;
    }
    self->resolved = true;
out:
    return status;
}

int sna_one_to_one_resolve(sna_network *network, uint64_t entry)
{
    return find_offset(network, &network->entry[entry], network->entries);
}

static int draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const one_to_one *self = state;
    int status = 0;

    (void)backward;
    for (uint64_t t = first; t < end && status == 0; t++) {
        if (!self->by_source)
            status = sna_rows_add(out, self->offset + t);
        else if (t >= self->offset && t - self->offset < ends->source.count)
            status = sna_rows_add(out, t - self->offset);
        if (status == 0)
            status = sna_rows_end(out);
    }
    return status;
}

static const char *const keys[] = {"offset", "partition", "continue", "n_syn", NULL};

const sna_connector sna_one_to_one = {
    .type = "one_to_one", .keys = keys, .create = create, .prepare = prepare, .draw = draw, .free = free};
