/* prepare.c: from entries to projections and the edge files that hold them. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connector.h"
#include "generator.h"

/* Edges that one block of targets should hold: enough to make a block worth its overhead, few enough that every
 * thread can hold one. Those that one connector draws at once are fewer: blocks may be smaller than that where many
 * entries share a file, and then every thread holds one of each entry. */
static const double block_edges = 262144, pair_edges = 131072;
enum { BLOCK_MOST_LOG2 = 20 };

double sna_ends_pairs(const sna_ends *ends, bool autapses)
{
    const double all = (double)ends->source.count * (double)ends->target.count;
    uint64_t common = 0;

    if (!ends->one_population || autapses)
        return all;
    if (ends->same)
        return all - (double)ends->source.count;
    for (uint64_t i = 0; i < ends->source.count; i++)
        common += sna_members_find(&ends->target, sna_members_id(&ends->source, i)) != UINT64_MAX;
    return all - (double)common;
}

int sna_ends_need_positions(const sna_ends *ends, const sna_fields *fields, const char *key)
{
    const sna_members *end[2] = {&ends->source, &ends->target};
    static const char *const name[] = {"source", "target"};

    for (unsigned k = 0; k < 2; k++) {
        if (end[k]->position == NULL)
            return sna_fields_error(fields, key,
                                    "depends on the distance, but the population of the %s has no positions", name[k]);
        for (uint64_t i = 0; i < end[k]->count; i++) {
            const uint64_t id = sna_members_id(end[k], i);
            const double *at = end[k]->position[id];
            if (!(isfinite(at[0]) && isfinite(at[1]) && isfinite(at[2])))
                return sna_fields_error(fields, key,
                                        "depends on the distance, but node %" PRIu64 " of the %s has no position", id,
                                        name[k]);
        }
    }
    return 0;
}

bool sna_members_equal(const sna_members *a, const sna_members *b)
{
    if (a->count != b->count || (a->id == NULL) != (b->id == NULL))
        return false;
    return a->id == NULL ? a->first == b->first : memcmp(a->id, b->id, a->count * sizeof *a->id) == 0;
}

/* The purpose of random numbers: "edges/NAME/what" says for which entry and what they are. */
static int purpose(uint64_t *out, const sna_entry *entry, const char *what)
{
    char *text = NULL;
    int status =
        sna_text_format(&text, "edges/%s%s%s", entry->label, what == NULL ? "" : "/", what == NULL ? "" : what);

    if (status == 0)
        *out = sna_random_purpose(text);
    free(text);
    return status;
}

/* Each generator has random numbers of its own; those that need distances need positions. */
static int prepare_generators(const sna_network *self, sna_entry *entry)
{
    const sna_ends *ends = &entry->ends;
    int status = 0;

    for (uint64_t g = 0; g < entry->generators.count && status == 0; g++) {
        sna_generator *generator = &entry->generators.item[g];
        const sna_generators one = {.item = generator, .count = 1};
        status = purpose(&generator->purpose, entry, generator->item->string);
        if (status == 0 && sna_generators_need_distance(&one)) {
            const sna_fields fields = {.json = self->json, .own = generator->item};
            status = sna_ends_need_positions(ends, &fields, NULL);
        }
    }
    return status;
}

static int prepare_entry(sna_network *self, sna_entry *entry)
{
    static const char *const n_syn[] = {"n_syn", "n_syn/backward"};
    sna_ends *ends = &entry->ends;
    int status = 0;

    ends->name = entry->label;
    ends->seed = self->seed;
    ends->memory = self->options.memory;
    status = purpose(&ends->purpose, entry, NULL);
    for (unsigned d = 0; d < 2 && status == 0; d++) {
        entry->expected[d] = SNA_EXPECT_NOTHING;
        status = purpose(&entry->n_syn[d].purpose, entry, n_syn[d]);
    }
    if (status != 0)
        goto out;
    ends->one_population = entry->source.population == entry->target.population;
    ends->same = ends->one_population && sna_members_equal(&ends->source, &ends->target);
    if (entry->connector != &sna_reverse_of)
        status = prepare_generators(self, entry);
    if (status == 0)
        status = entry->connector->prepare(entry->state, ends, &entry->fields, entry->expected);
out:
    return status;
}

/* Gives the backward direction of the entry that a reverse names to the reverse. */
static int resolve_reverse(sna_network *self, sna_entry *entry)
{
    const uint64_t index = (uint64_t)(entry - self->entry);
    const cJSON *name = NULL;
    uint64_t other = 0;
    sna_entry *named;
    int status = sna_fields_require(&entry->fields, "name", &name);

    if (status == 0)
        status = sna_entry_find(self, name, &other);
    if (status != 0)
        goto out;
    named = &self->entry[other];
    if (!named->connector->pairs || named->ends.same) {
        status =
            sna_json_error(self->json, name, SNA_EFORMAT,
                           "%s has no backward direction: that is what a connector of pairs (reciprocal) between two "
                           "different sets of nodes has",
                           named->label);
    } else if (named->reverse != other) {
        status = sna_json_error(self->json, name, SNA_EFORMAT, "the backward direction of %s has an entry already: %s",
                                named->label, self->entry[named->reverse].label);
    } else if ((entry->source.item != NULL && (entry->source.population != named->target.population ||
                                               !sna_members_equal(&entry->ends.source, &named->ends.target))) ||
               (entry->target.item != NULL && (entry->target.population != named->source.population ||
                                               !sna_members_equal(&entry->ends.target, &named->ends.source)))) {
        status = sna_json_error(self->json, entry->item, SNA_EFORMAT,
                                "is the reverse of %s, so its source must be the target of that, and its target the "
                                "source (or leave both out)",
                                named->label);
    }
    if (status != 0)
        goto out;
    named->reverse = index;
    /* For the check of its generators; the ids stay the other's. */
    entry->ends.source.position = named->ends.target.position;
    entry->ends.target.position = named->ends.source.position;
    status = prepare_generators(self, entry);
    if (entry->source.item == NULL)
        entry->source = named->target;
    if (entry->target.item == NULL)
        entry->target = named->source;
out:
    return status;
}

/* The file of a pair of populations; a new one when it is the first projection between them. */
static int find_file(sna_network *self, sna_projection *projection, uint64_t index)
{
    int status = 0;
    sna_edge_file *file = NULL;

    for (uint64_t i = 0; i < self->files && file == NULL; i++) {
        if (self->file[i].source_population == projection->source_population &&
            self->file[i].target_population == projection->target_population)
            file = &self->file[i];
    }
    if (file == NULL) {
        file = &self->file[self->files++];
        file->source_population = projection->source_population;
        file->target_population = projection->target_population;
        status = sna_allocate(&file->projection, 2 * self->entries, sizeof *file->projection);
    }
    if (status == 0)
        file->projection[file->projections++] = index;
    file->has_gaps = file->has_gaps || projection->entry->connector == &sna_gap_junction;
    projection->file = (uint64_t)(file - self->file);
    return status;
}

/* `entry` has the properties, `drawer` the connector. */
static int add_projection(sna_network *self, sna_entry *entry, sna_entry *drawer, bool backward)
{
    const uint64_t index = self->projections++;
    sna_projection *projection = &self->projection[index];

    *projection =
        (sna_projection){.entry = entry,
                         .drawer = drawer,
                         .backward = backward,
                         .n_syn = entry != drawer && entry->has_n_syn ? &entry->n_syn[0] : &drawer->n_syn[backward],
                         .source = backward ? &drawer->ends.target : &drawer->ends.source,
                         .target = backward ? &drawer->ends.source : &drawer->ends.target,
                         .source_population = backward ? drawer->target.population : drawer->source.population,
                         .target_population = backward ? drawer->source.population : drawer->target.population,
                         .type_id = SNA_FIRST_TYPE_ID + (int64_t)index,
                         .expected = drawer->expected[backward]};
    return find_file(self, projection, index);
}

static int add_projections(sna_network *self, uint64_t index)
{
    sna_entry *entry = &self->entry[index];
    int status = 0;

    if (entry->connector == &sna_reverse_of) {
        for (uint64_t i = 0; i < self->entries && status == 0; i++) {
            if (i != index && self->entry[i].reverse == index)
                status = add_projection(self, entry, &self->entry[i], true);
        }
        goto out;
    }
    status = add_projection(self, entry, entry, false);
    if (status == 0 && entry->connector->pairs && !entry->ends.same && entry->reverse == index)
        status = add_projection(self, entry, entry, true);
out:
    return status;
}

/* Generated values take a row a synapse. */
static double rows_per_edge(const sna_projection *projection)
{
    return projection->entry->generators.count > 0 ? sna_count_mean(projection->n_syn) : 1;
}

/* The largest power of two with so many edges at most, given how many a target has. */
static uint64_t block_of(double degree, double edges)
{
    unsigned log2 = 0;

    while (log2 < BLOCK_MOST_LOG2 && degree * (double)(UINT64_C(2) << log2) <= edges)
        log2++;
    return UINT64_C(1) << log2;
}

/* Blocks of targets are as large as the edges they are expected to hold allow. */
static void choose_block(const sna_network *self, sna_edge_file *file)
{
    double degree = 0;

    for (uint64_t i = 0; i < file->projections; i++) {
        const sna_projection *projection = &self->projection[file->projection[i]];
        const double edges = projection->expected.edges;
        if (edges > 0)
            degree += edges * rows_per_edge(projection) / (double)projection->target->count;
    }
    file->block = block_of(degree, block_edges);
}

/* The blocks of pairs that are drawn together follow from the entry alone: those of the files, which all entries of a
 * file share, must not change what is drawn. */
static void choose_pair_blocks(sna_entry *entry)
{
    sna_ends *ends = &entry->ends;
    const double forward = entry->expected[0].edges / (double)ends->target.count,
                 backward = entry->expected[1].edges / (double)ends->source.count;

    ends->target_block = ends->source_block = 1;
    if (!entry->connector->pairs)
        return;
    ends->target_block = block_of(forward > 0 ? forward : 0, pair_edges);
    ends->source_block = ends->same ? ends->target_block : block_of(backward > 0 ? backward : 0, pair_edges);
}

/* Finds the nodes of both ends of the entries from `first` on. Of the entries that all entries of a core stand for,
 * those go whose sources the shell has none of. */
static int select_members(sna_network *self, uint64_t first)
{
    uint64_t kept = first;
    int status = 0;

    for (uint64_t i = first; i < self->entries; i++) {
        sna_entry *entry = &self->entry[i];
        bool none = false;
        if (status == 0 && entry->source.item != NULL)
            status = sna_select(self, &entry->source, entry->optional ? &none : NULL, &entry->ends.source);
        if (status == 0 && entry->target.item != NULL && !none)
            status = sna_select(self, &entry->target, NULL, &entry->ends.target);
        if (status != 0 && entry->shell != NULL)
            status = sna_error_in(status, "%s", entry->label);
        status = sna_network_collect(self, status);
        if (none && status == 0)
            status = sna_network_note(self, "%s: left out, %s has no such nodes", entry->label,
                                      self->population[entry->source.population].name);
        if (none)
            sna_entry_free(entry);
        else
            self->entry[kept++] = *entry;
    }
    self->entries = kept;
    return status;
}

int sna_network_prepare(sna_network *self)
{
    uint64_t own;
    int status = 0;

    status = select_members(self, 0);
    own = self->entries;
    if (status == 0)
        status = sna_spec_read_shells(self);
    if (status == 0)
        status = select_members(self, own);
    if (status == 0)
        status = sna_network_check_faults(self);
    if (status == 0)
        status = sna_allocate(&self->projection, 2 * self->entries, sizeof *self->projection);
    if (status == 0)
        status = sna_allocate(&self->file, 2 * self->entries, sizeof *self->file);
    for (uint64_t i = 0; i < self->entries && status == 0; i++) {
        self->entry[i].reverse = i;
        status = sna_network_collect(self, prepare_entry(self, &self->entry[i]));
    }
    if (status == 0)
        status = sna_network_check_faults(self);
    for (uint64_t i = 0; i < self->entries && status == 0; i++) {
        if (self->entry[i].connector == &sna_reverse_of)
            status = sna_network_collect(self, resolve_reverse(self, &self->entry[i]));
        else if (self->entry[i].connector == &sna_one_to_one)
            status = sna_network_collect(self, sna_one_to_one_resolve(self, i));
    }
    if (status == 0)
        status = sna_network_check_faults(self);
    for (uint64_t i = 0; i < self->entries && status == 0; i++)
        status = add_projections(self, i);
    for (uint64_t i = 0; i < self->files && status == 0; i++)
        choose_block(self, &self->file[i]);
    for (uint64_t i = 0; i < self->entries && status == 0; i++)
        choose_pair_blocks(&self->entry[i]);
    for (uint64_t i = 0; i < self->projections && status == 0; i++) {
        sna_projection *projection = &self->projection[i];
        const sna_ends *ends = &projection->drawer->ends;
        projection->block = projection->backward ? ends->source_block : ends->target_block;
    }
    if (status == 0)
        status = sna_network_make_ready(self);
    return status;
}
