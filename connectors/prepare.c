/* prepare.c: from entries to projections and the edge files that hold them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connector.h"

/* Edges that one block of targets should hold: enough to make a block worth its overhead, few enough that every
 * thread can hold one. */
static const double block_edges = 262144;
enum { BLOCK_MOST_LOG2 = 20 };

double sna_ends_pairs(const sna_ends *ends, bool autapses)
{
    const double all = (double)ends->source.count * (double)ends->target.count;
    uint64_t common = 0;

    if (!ends->one_population || autapses)
        return all;
    if (ends->same)
        return all - (double)ends->source.count;
    for (uint64_t i = 0; i < ends->source.count; i++) {
        const uint64_t id = sna_members_id(&ends->source, i), at = sna_members_from(&ends->target, id);
        common += at < ends->target.count && sna_members_id(&ends->target, at) == id;
    }
    return all - (double)common;
}

static bool same_members(const sna_members *a, const sna_members *b)
{
    if (a->count != b->count || (a->id == NULL) != (b->id == NULL))
        return false;
    return a->id == NULL ? a->first == b->first : memcmp(a->id, b->id, a->count * sizeof *a->id) == 0;
}

/* The purpose of random numbers: "edges/NAME/what" says for which entry and what they are. */
static int purpose(uint64_t *out, const sna_entry *entry, const char *what)
{
    char *text = NULL;
    int status = sna_text_format(&text, "edges/%s%s%s", entry->label, what == NULL ? "" : "/", what == NULL ? "" : what);

    if (status == 0)
        *out = sna_random_purpose(text);
    free(text);
    return status;
}

static int prepare_entry(sna_network *self, sna_entry *entry, sna_expectation expected[2])
{
    static const char *const n_syn[] = {"n_syn", "n_syn/backward"};
    sna_ends *ends = &entry->ends;
    int status = 0;

    ends->name = entry->label;
    ends->seed = self->seed;
    ends->one_population = entry->source.population == entry->target.population;
    status = purpose(&ends->purpose, entry, NULL);
    for (unsigned d = 0; d < 2 && status == 0; d++)
        status = purpose(&entry->n_syn[d].purpose, entry, n_syn[d]);
    if (status == 0)
        status = sna_select(self, &entry->source, &ends->source);
    if (status == 0)
        status = sna_select(self, &entry->target, &ends->target);
    if (status != 0)
        goto out;
    ends->same = ends->one_population && same_members(&ends->source, &ends->target);
    for (unsigned d = 0; d < 2; d++)
        expected[d] = (sna_expectation){NAN, NAN, NAN, NAN, NAN, 0};
    status = entry->connector->prepare(entry->state, ends, &entry->fields, expected);
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
    projection->file = (uint64_t)(file - self->file);
    return status;
}

static int add_projection(sna_network *self, sna_entry *entry, bool backward, const sna_expectation *expected)
{
    const uint64_t index = self->projections++;
    sna_projection *projection = &self->projection[index];

    *projection = (sna_projection){.entry = entry,
                                   .drawer = entry,
                                   .backward = backward,
                                   .n_syn = &entry->n_syn[backward],
                                   .source = backward ? &entry->ends.target : &entry->ends.source,
                                   .target = backward ? &entry->ends.source : &entry->ends.target,
                                   .source_population = backward ? entry->target.population : entry->source.population,
                                   .target_population = backward ? entry->source.population : entry->target.population,
                                   .type_id = 100 + (int64_t)index,
                                   .expected = *expected};
    return find_file(self, projection, index);
}

/* Blocks of targets are as large as the edges they are expected to hold allow. Their size follows from the
 * specification alone: pairs that are drawn block by block depend on it. */
static void choose_block(const sna_network *self, sna_edge_file *file)
{
    double degree = 0;
    unsigned log2 = 0;

    for (uint64_t i = 0; i < file->projections; i++) {
        const sna_projection *projection = &self->projection[file->projection[i]];
        const double edges = projection->expected.edges;
        if (edges > 0)
            degree += edges * sna_count_mean(projection->n_syn) / (double)projection->target->count;
    }
    while (log2 < BLOCK_MOST_LOG2 && degree * (double)(UINT64_C(2) << log2) <= block_edges)
        log2++;
    file->block = UINT64_C(1) << log2;
}

int sna_network_prepare(sna_network *self)
{
    int status = 0;

    status = sna_allocate(&self->projection, 2 * self->entries, sizeof *self->projection);
    if (status == 0)
        status = sna_allocate(&self->file, 2 * self->entries, sizeof *self->file);
    for (uint64_t i = 0; i < self->entries && status == 0; i++) {
        sna_entry *entry = &self->entry[i];
        sna_expectation expected[2];
        status = prepare_entry(self, entry, expected);
        if (status == 0)
            status = add_projection(self, entry, false, &expected[0]);
        if (status == 0 && entry->connector->pairs && !entry->ends.same)
            status = add_projection(self, entry, true, &expected[1]);
    }
    for (uint64_t i = 0; i < self->files && status == 0; i++)
        choose_block(self, &self->file[i]);
    for (uint64_t i = 0; i < self->projections && status == 0; i++) {
        const sna_projection *projection = &self->projection[i];
        sna_ends *ends = &projection->drawer->ends;
        *(projection->backward ? &ends->source_block : &ends->target_block) = self->file[projection->file].block;
        if (!projection->drawer->connector->pairs || ends->same)
            ends->source_block = ends->target_block;
    }
    return status;
}
