/* ready.c: the last step before edges can be drawn: entries that depend on the edges of others are given these,
 * whatever the order of the entries in the specification. */
#include "internal.h"

/* Only in the stack of those that wait for it can an entry be getting ready: it depends on itself then. */
static int make_ready(sna_network *self, uint64_t index)
{
    sna_entry *entry = &self->entry[index];
    const sna_connector *connector = entry->connector;
    const char *key = connector->needs != NULL ? connector->needs(entry->state) : NULL;
    const cJSON *item = key != NULL ? sna_fields_find(&entry->fields, key) : NULL;
    uint64_t other = 0;
    int status = 0;

    if (entry->stage == SNA_READY)
        goto out;
    if (entry->stage == SNA_GETTING_READY) {
        status = sna_json_error(self->json, entry->item, SNA_EFORMAT,
                                "depends, through the entries that it names, on itself");
        goto out;
    }
    entry->stage = SNA_GETTING_READY;
    if (item != NULL) {
        sna_entry *needed;
        status = sna_entry_find(self, item, &other);
        if (status != 0)
            goto out;
        /* The edges of a reverse are drawn, and depended on, with the entry that it reverses. */
        for (uint64_t i = 0; i < self->projections; i++) {
            if (self->projection[i].entry == &self->entry[other])
                other = (uint64_t)(self->projection[i].drawer - self->entry);
        }
        needed = &self->entry[other];
        if (needed->source.population != needed->target.population ||
            needed->source.population != entry->source.population || !entry->ends.one_population)
            status = sna_json_error(self->json, item, SNA_EFORMAT,
                                    "both entries must connect nodes within the same population");
        if (status == 0)
            status = make_ready(self, other);
        if (status == 0 && needed->adjacency == NULL)
            status = sna_adjacency_create(&needed->adjacency, self, other);
        if (status != 0)
            goto out;
        entry->ends.other = needed->adjacency;
    }
    if (connector->ready != NULL)
        status = connector->ready(entry->state, &entry->ends, &entry->fields, entry->expected);
    if (status == 0)
        entry->stage = SNA_READY;
out:
    return status;
}

int sna_network_make_ready(sna_network *self)
{
    int status = 0;

    for (uint64_t i = 0; i < self->entries && status == 0; i++)
        status = sna_network_collect(self, make_ready(self, i));
    for (uint64_t i = 0; i < self->projections && status == 0; i++) {
        sna_projection *projection = &self->projection[i];
        const sna_entry *drawer = projection->drawer;
        projection->expected = drawer->expected[projection->backward];
        if (drawer->connector->classes != NULL && !projection->backward)
            projection->classes = drawer->connector->classes(drawer->state);
    }
    return status;
}
