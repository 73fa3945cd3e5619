/* spec_shell.c: `edges_from_shell`: entries from a shell to the targets of other entries, with their probabilities. */
#include <stdlib.h>
#include <string.h>

#include "connector.h"
#include "spec.h"

/* Only a probability of its own for every pair carries over to other sources. */
static bool has_probability(const sna_entry *entry)
{
    return entry->connector == &sna_unidirectional || entry->connector == &sna_reciprocal;
}

/* One direction of `drawer`, with the properties of `like` (the same entry, or the reverse of it). */
static int add_entry(sna_network *self, const cJSON *item, uint64_t shell, uint64_t like_at, uint64_t drawer_at,
                     bool backward, bool required)
{
    sna_entry *grown, *entry, *drawer, *like;
    int status = 0;

    grown = sna_grow(self->entry, &self->entry_capacity, self->entries + 1, sizeof *self->entry);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->entry = grown;
    like = &self->entry[like_at];
    drawer = &self->entry[drawer_at];
    entry = &self->entry[self->entries++];
    *entry = (sna_entry){.item = like->item,
                         .rule = like->rule,
                         .source = {(backward ? drawer->target : drawer->source).item, shell},
                         .target = backward ? drawer->source : drawer->target,
                         .fields = drawer->fields,
                         .connector = &sna_unidirectional,
                         .shell = item,
                         .optional = !required};
    status = sna_text_format(&entry->label, "%s%s from %s", like->label,
                             like == drawer && backward ? " (backward)" : "", self->population[shell].name);
    if (status == 0)
        status =
            sna_unidirectional_create_like(&entry->state, drawer->connector == &sna_unidirectional
                                                              ? sna_unidirectional_probability(drawer->state)
                                                              : sna_reciprocal_probability(drawer->state, backward));
    if (status == 0)
        status = sna_spec_read_counts(self, entry, like != drawer && like->has_n_syn ? &like->fields : &drawer->fields,
                                      backward && like == drawer);
    if (status == 0)
        status = sna_spec_read_properties(self, entry);
out:
    return status;
}

/* Is there an entry that has the backward direction of this one? */
static bool is_reversed(const sna_network *self, const sna_entry *entry, uint64_t entries)
{
    for (uint64_t i = 0; i < entries; i++) {
        const cJSON *name =
            self->entry[i].connector == &sna_reverse_of ? sna_fields_find(&self->entry[i].fields, "name") : NULL;
        if (cJSON_IsString(name) && entry->name != NULL && strcmp(name->valuestring, entry->name) == 0)
            return true;
    }
    return false;
}

/* Every direction of one entry whose targets are in the core. `item` is where messages point. */
static int add_entries(sna_network *self, const cJSON *item, uint64_t shell, uint64_t core, uint64_t index,
                       uint64_t entries, bool required)
{
    const sna_entry *entry = &self->entry[index];
    uint64_t drawer = index;
    int status = 0;

    if (entry->connector == &sna_reverse_of) {
        const cJSON *name = NULL;
        status = sna_fields_require(&entry->fields, "name", &name);
        if (status == 0)
            status = sna_entry_find(self, name, &drawer);
        if (status == 0 &&
            (self->entry[drawer].connector != &sna_reciprocal || self->entry[drawer].target.population != core ||
             self->entry[drawer].source.population != core)) {
            if (required)
                status = sna_json_error(self->json, item, SNA_EFORMAT, "%s does not connect nodes within %s",
                                        entry->label, self->population[core].name);
            goto out;
        }
        if (status == 0)
            status = add_entry(self, item, shell, index, drawer, true, required);
        goto out;
    }
    if (entry->source.population != core || entry->target.population != core) {
        if (required)
            status = sna_json_error(self->json, item, SNA_EFORMAT, "%s does not connect nodes within %s", entry->label,
                                    self->population[core].name);
        goto out;
    }
    if (!has_probability(entry)) {
        if (required)
            status =
                sna_json_error(self->json, item, SNA_EFORMAT,
                               "%s is %s: only unidirectional and reciprocal entries say how likely an edge from the "
                               "shell is",
                               entry->label, entry->connector->type);
        else
            status = sna_network_note(self, "%s has no part in the edges from %s: it is %s", entry->label,
                                      self->population[shell].name, entry->connector->type);
        goto out;
    }
    status = add_entry(self, item, shell, index, index, false, required);
    entry = &self->entry[index];
    if (status == 0 && entry->connector == &sna_reciprocal &&
        !sna_members_equal(&entry->ends.source, &entry->ends.target) && !is_reversed(self, entry, entries))
        status = add_entry(self, item, shell, index, index, true, required);
out:
    return status;
}

static int read_shell(sna_network *self, const cJSON *item, uint64_t entries)
{
    static const char *const keys[] = {"edges_from_shell", "of", NULL};
    const cJSON *name = NULL, *of = NULL;
    uint64_t shell = 0, core = 0, index = 0;
    int status = sna_json_check_keys(self->json, item, keys);

    if (status == 0)
        status = sna_json_require(self->json, item, "edges_from_shell", &name);
    if (status == 0)
        status = sna_json_require(self->json, item, "of", &of);
    if (status == 0)
        status = sna_spec_find_population(self, name, &shell);
    if (status == 0 && !sna_population_is_shell(&self->population[shell], &core))
        status = sna_json_error(self->json, name, SNA_EFORMAT,
                                "%s is no shell: its positions are not `around` another "
                                "population",
                                self->population[shell].name);
    if (status != 0)
        goto out;
    if (cJSON_IsString(of) && strcmp(of->valuestring, "all") == 0) {
        for (uint64_t i = 0; i < entries && status == 0; i++)
            status = add_entries(self, of, shell, core, i, entries, false);
        goto out;
    }
    if (!cJSON_IsArray(of) || of->child == NULL) {
        status = sna_json_error(self->json, of, SNA_EFORMAT, "must be \"all\" or a list of names of edge entries");
        goto out;
    }
    for (const cJSON *each = of->child; each != NULL && status == 0; each = each->next) {
        status = sna_entry_find(self, each, &index);
        if (status == 0)
            status = add_entries(self, each, shell, core, index, entries, true);
    }
out:
    return status;
}

int sna_spec_read_shells(sna_network *self)
{
    const cJSON *list = sna_json_member(sna_json_root(self->json), "edges");
    const uint64_t entries = self->entries;
    int status = 0;

    for (const cJSON *item = list == NULL ? NULL : list->child; item != NULL && status == 0; item = item->next) {
        if (sna_json_member(item, "edges_from_shell") != NULL)
            status = sna_network_collect(self, read_shell(self, item, entries));
    }
    return status;
}
