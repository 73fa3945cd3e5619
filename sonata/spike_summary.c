/* spike_summary.c: what spikes are like: how many, of which nodes, from when to when, in what order. */
#include "sonata/sonata.h"

#include <math.h>
#include <stdlib.h>

enum { BLOCK = 65536 };

/* Spikes of each node, by open addressing. */
typedef struct {
    uint64_t node, count; /* count 0: an empty slot */
} node_count;

typedef struct {
    node_count *slot; /* [slots], a power of two */
    uint64_t slots, used;
} node_counts;

static node_count *find(const node_counts *self, uint64_t node)
{
    uint64_t at = (node * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (self->slots - 1);

    while (self->slot[at].count != 0 && self->slot[at].node != node)
        at = (at + 1) & (self->slots - 1);
    return &self->slot[at];
}

static int enlarge(node_counts *self)
{
    int status = 0;
    const node_counts old = *self;

    self->slots = old.slots == 0 ? 1024 : old.slots * 2;
    status = sna_allocate(&self->slot, self->slots, sizeof *self->slot);
    if (status != 0) {
        *self = old;
        goto out;
    }
    for (uint64_t i = 0; i < old.slots; i++)
        if (old.slot[i].count != 0)
            *find(self, old.slot[i].node) = old.slot[i];
    free(old.slot);
out:
    return status;
}

static int count_node(node_counts *self, uint64_t node)
{
    int status = 0;
    node_count *slot = NULL;

    if (2 * (self->used + 1) > self->slots)
        status = enlarge(self);
    if (status == 0) {
        slot = find(self, node);
        self->used += slot->count == 0;
        slot->node = node;
        slot->count++;
    }
    return status;
}

/* Takes a block in; `before` is the spike in front of it where there is one. */
static int take(const sna_spike_list *block, node_counts *counts, uint64_t *node_before, double *time_before,
                sna_spike_summary *out)
{
    int status = 0;

    for (uint64_t i = 0; i < block->count && status == 0; i++) {
        const uint64_t node = block->node[i];
        const double time = block->time[i];
        if (out->count > 0) {
            out->by_id = out->by_id && node >= *node_before;
            out->by_time = out->by_time && time >= *time_before;
        }
        out->least = out->count == 0 || node < out->least ? node : out->least;
        out->most = out->count == 0 || node > out->most ? node : out->most;
        out->first = out->count == 0 || time < out->first ? time : out->first;
        out->last = out->count == 0 || time > out->last ? time : out->last;
        out->count++;
        *node_before = node;
        *time_before = time;
        status = count_node(counts, node);
    }
    return status;
}

int sna_spikes_summarise(sna_spikes *self, uint64_t population, sna_spike_summary *out)
{
    int status = 0;
    uint64_t node_before = 0;
    double time_before = 0;
    node_counts counts = {NULL, 0, 0};
    const uint64_t total = sna_spikes_count(self, population);

    *out = (sna_spike_summary){.by_id = true, .by_time = true, .first = (double)NAN, .last = (double)NAN};
    for (uint64_t first = 0; first < total && status == 0; first += BLOCK) {
        sna_spike_list block = {0};
        status = sna_spikes_block(self, population, first, BLOCK, &block);
        if (status == 0)
            status = take(&block, &counts, &node_before, &time_before, out);
        sna_spike_list_free(&block);
        if (status == 0)
            status = sna_check_cancelled();
    }
    out->nodes = counts.used;
    for (uint64_t i = 0; i < counts.slots; i++) {
        const node_count *slot = &counts.slot[i];
        if (slot->count > out->busiest_count ||
            (slot->count == out->busiest_count && slot->count > 0 && slot->node < out->busiest)) {
            out->busiest = slot->node;
            out->busiest_count = slot->count;
        }
    }
    free(counts.slot);
    return status;
}
