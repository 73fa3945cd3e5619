/* edge_index.c: the index of a file: finding its tables, and loading them. edge_index_make.c makes one where there is
 * none; edge_query.c asks it. */
#include "sonata/edges.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int open_table(sna_edges *self, hid_t group, const char *place, const char *const *names, sna_dataset **out)
{
    int status = 0;
    char *full = NULL;
    size_t i = 0;

    *out = NULL;
    while (names[i] != NULL && sna_h5_kind_of(group, names[i]) != SNA_H5_DATASET)
        i++;
    if (names[i] == NULL)
        goto out;
    status = sna_text_format(&full, "%s/%s", place, names[i]);
    if (status == 0)
        status = sna_dataset_open(out, self->population.file, group, names[i], full);
    if (status == 0)
        status = sna_dataset_expect_integers(*out, 2);
    if (status == 0 && (*out)->width != 2)
        status = sna_error(SNA_EFORMAT, "%s: %s: two columns are expected, but it has %" PRIu32,
                           self->population.file->path, full, (*out)->width);
    if (status == 0 && i > 0)
        status = sna_notes_add(self->population.notes, "index.spelling", self->population.file->path, full,
                               "the guide calls this table `%s`", names[0]);
out:
    free(full);
    return status;
}

static int open_tables(sna_edges *self, hid_t group, const char *place, sna_edge_index *index)
{
    static const char *const nodes[] = {"node_id_to_ranges", "node_id_to_range", NULL};
    static const char *const ranges[] = {"range_to_edge_id", "range_id_edge_id", NULL};
    int status = open_table(self, group, place, nodes, &index->nodes);

    if (status == 0)
        status = open_table(self, group, place, ranges, &index->ranges);
    if (status == 0 && (index->nodes == NULL) != (index->ranges == NULL))
        status = sna_error(SNA_EFORMAT, "%s: %s has only one of its two tables", self->population.file->path, place);
    return status;
}

/* The table of 2018 files: pointers by target node. */
static int open_pointers(sna_edges *self, sna_edge_index *index)
{
    sna_population *population = &self->population;
    int status = sna_population_dataset(population, "index_pointer", false, UINT64_MAX, &index->pointers);

    if (status == 0 && index->pointers != NULL)
        status = sna_notes_add(population->notes, "index.pointer", population->file->path, index->pointers->place,
                               "the index by target is in the layout of 2018");
    return status;
}

static void drop_tables(sna_edge_index *index)
{
    sna_dataset_close(index->nodes);
    sna_dataset_close(index->ranges);
    sna_dataset_close(index->pointers);
    index->nodes = index->ranges = index->pointers = NULL;
}

int sna_edge_index_find(sna_edges *self, sna_direction direction)
{
    static const char *const spellings[] = {"indices", "indicies", "incidies"};
    int status = 0;
    char *place = NULL;
    hid_t group = H5I_INVALID_HID;
    const char *name = direction == SNA_AFFERENT ? "target_to_source" : "source_to_target";
    sna_population *population = &self->population;
    sna_edge_index *index = &self->index[direction];

    if (index->looked_for)
        return 0;
    sna_h5_quiet();
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings && index->nodes == NULL && status == 0; i++) {
        char relative[64];
        snprintf(relative, sizeof relative, "%s/%s", spellings[i], name);
        if (sna_h5_kind_of(population->id, spellings[i]) != SNA_H5_GROUP ||
            sna_h5_kind_of(population->id, relative) != SNA_H5_GROUP)
            continue;
        free(place);
        place = NULL;
        status = sna_text_format(&place, "%s/%s", population->place, relative);
        if (status == 0)
            status = sna_h5_open_group(&group, population->file, population->id, relative, place);
        if (status == 0)
            status = open_tables(self, group, place, index);
        sna_h5_close_group(&group);
        if (status == 0 && i > 0)
            status = sna_notes_add(population->notes, "index.spelling", population->file->path, place,
                                   "the guide calls the group `indices`");
    }
    if (status == 0 && index->nodes == NULL && direction == SNA_AFFERENT)
        status = open_pointers(self, index);
    if (status != 0 && status != SNA_ENOMEM) {
        status = sna_notes_add(population->notes, "index.invalid", population->file->path, name,
                               "the index of the file is not used: %s", sna_error_message());
        drop_tables(index);
    }
    index->looked_for = status == 0;
    free(place);
    return status;
}

/* ---- loading ------------------------------------------------------------------------------------------------ */

/* Rows of a table as signed numbers: some writers put -1 into unsigned columns. */
static int read_pairs(sna_dataset *dataset, uint64_t first, uint64_t count, int64_t *out)
{
    const sna_range run = {first, first + count};
    int status = 0;

    if (count > 0)
        status = dataset->storage == SNA_U64 ? sna_dataset_id_runs(dataset, &run, 1, (uint64_t *)out)
                                             : sna_dataset_runs(dataset, &run, 1, SNA_INTEGER, NULL, out);
    return status;
}

/* Cuts [first, end) to [0, limit); false when nothing is left, with *cut set when something was cut off. */
static bool clamp(int64_t first, int64_t end, uint64_t limit, sna_range *out, bool *cut)
{
    if (first < 0 || first >= end)
        return false;
    if ((uint64_t)end > limit) {
        *cut = true;
        end = (int64_t)limit;
    }
    *out = (sna_range){(uint64_t)first, (uint64_t)end};
    return first < end;
}

static int note_cut(const sna_edges *self, const sna_dataset *dataset)
{
    return sna_notes_add(self->population.notes, "index.out-of-range", self->population.file->path, dataset->place,
                         "entries reach past the end of what they point into; they were cut");
}

/* Do the slices follow each other from 0 on, as every writer makes them? Then start[] says all. */
static bool are_consecutive(const int64_t *node, uint64_t nodes, uint64_t ranges, uint64_t *start)
{
    uint64_t at = 0;

    for (uint64_t n = 0; n < nodes; n++) {
        const bool is_empty = node[2 * n] < 0 || node[2 * n] >= node[2 * n + 1];
        start[n] = at;
        if (is_empty)
            continue;
        if ((uint64_t)node[2 * n] != at || (uint64_t)node[2 * n + 1] > ranges)
            return false;
        at = (uint64_t)node[2 * n + 1];
    }
    start[nodes] = at;
    return true;
}

/* The second table as it stands; what cannot be is made empty. */
static int load_ranges(sna_edges *self, sna_edge_index *index, bool *cut)
{
    int status = 0;
    const uint64_t ranges = index->ranges->rows;

    status = sna_allocate(&index->range, ranges, sizeof *index->range);
    if (status == 0)
        status = read_pairs(index->ranges, 0, ranges, (int64_t *)(void *)index->range);
    for (uint64_t r = 0; r < ranges && status == 0; r++) {
        sna_range edges = {0, 0};
        if (!clamp((int64_t)index->range[r].first, (int64_t)index->range[r].end, self->population.count, &edges, cut))
            edges = (sna_range){0, 0};
        index->range[r] = edges;
    }
    return status;
}

/* Slices in any order are copied one behind the other. */
static int copy_slices(sna_edges *self, sna_edge_index *index, const int64_t *node, bool *cut)
{
    int status = 0;
    uint64_t total = 0, at = 0;
    sna_range *range = NULL;
    const uint64_t nodes = index->nodes->rows, ranges = index->ranges->rows;

    for (uint64_t n = 0; n < nodes && status == 0; n++) {
        sna_range slice;
        if (clamp(node[2 * n], node[2 * n + 1], ranges, &slice, cut))
            total += slice.end - slice.first;
        /* Slices that overlap could add up to anything. */
        if (total > ranges + nodes)
            status =
                sna_error(SNA_EFORMAT, "%s: %s: nodes share ranges", self->population.file->path, index->nodes->place);
    }
    if (status == 0)
        status = sna_allocate(&range, total, sizeof *range);
    for (uint64_t n = 0; n < nodes && status == 0; n++) {
        sna_range slice = {0, 0};
        index->start[n] = at;
        if (!clamp(node[2 * n], node[2 * n + 1], ranges, &slice, cut))
            continue;
        for (uint64_t r = slice.first; r < slice.end; r++)
            range[at++] = index->range[r];
    }
    if (status == 0) {
        index->start[nodes] = at;
        free(index->range);
        index->range = range;
    }
    return status;
}

static int load_tables(sna_edges *self, sna_edge_index *index)
{
    int status = 0;
    bool cut_nodes = false, cut_ranges = false;
    int64_t *node = NULL;
    const uint64_t nodes = index->nodes->rows;

    status = sna_allocate(&node, nodes, 2 * sizeof *node);
    if (status == 0)
        status = sna_allocate(&index->start, nodes + 1, sizeof *index->start);
    if (status == 0)
        status = read_pairs(index->nodes, 0, nodes, node);
    if (status == 0)
        status = load_ranges(self, index, &cut_ranges);
    if (status == 0 && !are_consecutive(node, nodes, index->ranges->rows, index->start))
        status = copy_slices(self, index, node, &cut_nodes);
    if (status == 0) {
        index->node_count = nodes;
        if (cut_nodes)
            status = note_cut(self, index->nodes);
        if (cut_ranges && status == 0)
            status = note_cut(self, index->ranges);
    }
    free(node);
    return status;
}

static int load_pointers(sna_edges *self, sna_edge_index *index)
{
    int status = 0;
    int64_t *pointer = NULL;
    const uint64_t rows = index->pointers->rows, nodes = rows > 0 ? rows - 1 : 0;

    status = sna_allocate(&pointer, rows, sizeof *pointer);
    if (status == 0)
        status = sna_allocate(&index->start, nodes + 1, sizeof *index->start);
    if (status == 0)
        status = sna_dataset_integers(index->pointers, 0, rows, pointer);
    for (uint64_t n = 0; n < rows && status == 0; n++) {
        if (pointer[n] < 0 || (uint64_t)pointer[n] > self->population.count || (n > 0 && pointer[n] < pointer[n - 1]))
            status = sna_error(SNA_EFORMAT, "%s: %s: pointer %" PRIu64 " is %" PRId64 ", out of order",
                               self->population.file->path, index->pointers->place, n, pointer[n]);
        else
            index->start[n] = (uint64_t)pointer[n];
    }
    if (status == 0)
        index->node_count = nodes;
    free(pointer);
    return status;
}

int sna_edges_load_index(sna_edges *self, sna_direction direction)
{
    sna_edge_index *index = &self->index[direction];
    int status = 0;

    if (index->source == SNA_INDEX_LOADED || index->source == SNA_INDEX_BUILT)
        goto out;
    status = sna_edge_index_find(self, direction);
    if (status != 0)
        goto out;
    if (index->nodes != NULL || index->pointers != NULL) {
        status = index->nodes != NULL ? load_tables(self, index) : load_pointers(self, index);
        if (status == 0) {
            index->source = SNA_INDEX_LOADED;
            goto out;
        }
        if (status == SNA_ENOMEM || status == SNA_EIO)
            goto out;
        status = sna_notes_add(self->population.notes, "index.invalid", self->population.file->path,
                               direction == SNA_AFFERENT ? "target_to_source" : "source_to_target",
                               "the index of the file is not used: %s", sna_error_message());
        drop_tables(index);
        free(index->start);
        free(index->range);
        index->start = NULL;
        index->range = NULL;
        if (status != 0)
            goto out;
    }
    status = sna_edge_index_make(self, direction);
out:
    return status;
}

bool sna_edges_has_index(const sna_edges *self, sna_direction direction)
{
    static const char *const spellings[] = {"indices", "indicies", "incidies"};
    bool has = false;
    char relative[64];
    const sna_edge_index *index = &self->index[direction];

    if (index->looked_for)
        return index->nodes != NULL || index->pointers != NULL;
    sna_h5_quiet();
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings && !has; i++) {
        snprintf(relative, sizeof relative, "%s/%s", spellings[i],
                 direction == SNA_AFFERENT ? "target_to_source" : "source_to_target");
        has = sna_h5_kind_of(self->population.id, spellings[i]) == SNA_H5_GROUP &&
              sna_h5_kind_of(self->population.id, relative) == SNA_H5_GROUP;
    }
    return has || (direction == SNA_AFFERENT && sna_h5_kind_of(self->population.id, "index_pointer") == SNA_H5_DATASET);
}

sna_index_source sna_edges_index_source(const sna_edges *self, sna_direction direction)
{
    return self->index[direction].source;
}

void sna_edge_index_free(sna_edge_index *self)
{
    drop_tables(self);
    free(self->start);
    free(self->range);
    free(self->edge);
    *self = (sna_edge_index){0};
}
