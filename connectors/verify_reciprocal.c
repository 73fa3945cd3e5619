/* verify_reciprocal.c: pairs connected both ways, counted from files that hold one direction at a time. Every edge
 * becomes a number that names its pair, with the direction in the last bit; sorted, the two directions of a pair stand
 * side by side. Where that is more than may be held, pairs are divided by a hash and the files gone through for each
 * part. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "connector.h"
#include "found.h"
#include "verify.h"

typedef struct {
    const sna_network *network;
    const sna_entry *entry;
    uint64_t part, parts;
    uint64_t *key; /* [count] */
    uint64_t count, capacity;
} pairs;

static uint64_t part_of(uint64_t pair, uint64_t parts)
{
    return (pair * UINT64_C(0x9e3779b97f4a7c15) >> 32) % parts;
}

static int take(void *context, const sna_found_edge *edge)
{
    pairs *self = context;
    const sna_ends *ends = &self->entry->ends;
    const sna_projection *projection;
    uint64_t source, target, *grown, pair;
    bool backward;

    if (edge->projection == UINT64_MAX || edge->repeated)
        return 0;
    projection = &self->network->projection[edge->projection];
    if (projection->drawer != self->entry)
        return 0;
    source = sna_members_find(&ends->source, projection->backward ? edge->target : edge->source);
    target = sna_members_find(&ends->target, projection->backward ? edge->source : edge->target);
    if (source == UINT64_MAX || target == UINT64_MAX || (ends->same && source == target))
        return 0;
    backward = ends->same ? source > target : projection->backward;
    pair = ends->same && backward ? target * ends->target.count + source : source * ends->target.count + target;
    if (part_of(pair, self->parts) != self->part)
        return 0;
    grown = sna_grow(self->key, &self->capacity, self->count + 1, sizeof *self->key);
    if (grown == NULL)
        return SNA_ENOMEM;
    self->key = grown;
    self->key[self->count++] = pair << 1 | backward;
    return 0;
}

/* Goes through the files that hold the entry's edges, each once. */
static int take_all(pairs *self)
{
    int status = 0;

    for (uint64_t file = 0; file < self->network->files && status == 0; file++) {
        bool holds = false;
        for (uint64_t i = 0; i < self->network->file[file].projections && !holds; i++)
            holds = self->network->projection[self->network->file[file].projection[i]].drawer == self->entry;
        if (holds)
            status = sna_found_edges(self->network, file, take, self);
    }
    return status;
}

static int count_both(pairs *self, uint64_t *both)
{
    uint64_t *other = NULL;
    int status = 0;

    self->count = 0;
    status = take_all(self);
    if (status == 0)
        status = sna_allocate(&other, self->count, sizeof *other);
    if (status != 0)
        goto out;
    sna_ids_sort(self->key, other, self->count);
    for (uint64_t i = 1; i < self->count; i++)
        *both += self->key[i - 1] >> 1 == self->key[i] >> 1 && self->key[i - 1] != self->key[i];
out:
    free(other);
    return status;
}

int sna_verify_reciprocal(sna_network *self, uint64_t index)
{
    const sna_entry *entry = &self->entry[index];
    pairs at = {.network = self, .entry = entry, .parts = 1};
    uint64_t edges = 0, both = 0;
    int status = 0;

    if (!entry->connector->pairs)
        goto out;
    if ((double)entry->ends.source.count * (double)entry->ends.target.count > 0x1p62) {
        status = sna_error(SNA_EUNSUPPORTED, "%s: there are too many pairs to tell them apart", entry->label);
        goto out;
    }
    for (uint64_t i = 0; i < self->projections; i++)
        edges += self->projection[i].drawer == entry ? self->projection[i].made.edges : 0;
    /* A list that grows by doubling, and room for sorting it. */
    at.parts = 1 + edges * 3 * sizeof *at.key / self->options.memory;
    for (; at.part < at.parts && status == 0; at.part++)
        status = count_both(&at, &both);
    for (uint64_t i = 0; i < self->projections && status == 0; i++) {
        if (self->projection[i].drawer == entry && !self->projection[i].backward)
            self->projection[i].made.reciprocal = both;
    }
out:
    free(at.key);
    return status;
}
