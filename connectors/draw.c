/* draw.c: the edges of one projection for a range of its targets. */
#include <stdlib.h>

#include "internal.h"

void sna_edge_list_free(sna_edge_list *self)
{
    free(self->source);
    free(self->target);
    free(self->synapses);
    *self = SNA_EDGE_LIST;
}

static int reserve(sna_edge_list *self, uint64_t needed)
{
    uint64_t **column[] = {&self->source, &self->target, &self->synapses};

    if (needed <= self->capacity)
        return 0;
    sna_edge_list_free(self);
    for (unsigned i = 0; i < 3; i++) {
        const int status = sna_allocate(column[i], needed, sizeof **column[i]);
        if (status != 0) {
            sna_edge_list_free(self);
            return status;
        }
    }
    self->capacity = needed;
    return 0;
}

int sna_network_draw(const sna_network *self, uint64_t index, uint64_t first, uint64_t end, sna_edge_list *out)
{
    int status = 0;
    const sna_projection *projection = &self->projection[index];
    const sna_entry *drawer = projection->drawer;
    const uint64_t block = projection->block;
    uint64_t whole_first, whole_end, at;
    sna_rows rows = SNA_ROWS;

    out->count = 0;
    if (first > end || end > projection->target->count) {
        status = sna_error(SNA_ERANGE, "targets %llu to %llu of %llu", (unsigned long long)first,
                           (unsigned long long)end, (unsigned long long)projection->target->count);
        goto out;
    }
    if (first == end)
        goto out;
    /* Kinds of connectors draw whole blocks: what lies around the range is drawn too, and left out. */
    whole_first = sna_members_from(projection->target, sna_members_id(projection->target, first) / block * block);
    whole_end = sna_members_from(projection->target, (sna_members_id(projection->target, end - 1) / block + 1) * block);
    status = drawer->connector->draw(drawer->state, &drawer->ends, projection->backward, whole_first, whole_end, &rows);
    if (status != 0)
        goto out;
    at = first == whole_first ? 0 : rows.end[first - whole_first - 1];
    status = reserve(out, rows.end[end - whole_first - 1] - at);
    for (uint64_t t = first; t < end && status == 0; t++) {
        const uint64_t target = sna_members_id(projection->target, t);
        uint64_t copy = 0;
        for (const uint64_t start = at; at < rows.end[t - whole_first]; at++) {
            const uint64_t source = sna_members_id(projection->source, rows.source[at]);
            copy = at > start && rows.source[at] == rows.source[at - 1] ? copy + 1 : 0;
            out->source[out->count] = source;
            out->target[out->count] = target;
            out->synapses[out->count++] = rows.synapses != NULL
                                              ? rows.synapses[at]
                                              : sna_count_draw(projection->n_syn, self->seed, source, target, copy);
        }
    }
out:
    sna_rows_free(&rows);
    return status;
}
