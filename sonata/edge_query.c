/* edge_query.c: which edges end on, start at or connect given nodes. */
#include "sonata/edges.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { RANGES_AT_ONCE = 65536 };

/* ---- sets of ids -------------------------------------------------------------------------------------------- */

static int compare_ids(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* A sorted copy without repetition. */
static int sort_ids(const uint64_t *id, uint64_t count, uint64_t **out, uint64_t *unique)
{
    int status = sna_allocate(out, count, sizeof **out);

    *unique = 0;
    if (status != 0 || count == 0)
        return status;
    memcpy(*out, id, (size_t)count * sizeof **out);
    qsort(*out, count, sizeof **out, compare_ids);
    for (uint64_t i = 0; i < count; i++)
        if (i == 0 || (*out)[i] != (*out)[i - 1])
            (*out)[(*unique)++] = (*out)[i];
    return status;
}

static bool has_id(const uint64_t *sorted, uint64_t count, uint64_t id)
{
    uint64_t low = 0, high = count;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (sorted[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && sorted[low] == id;
}

/* ---- an index in memory ------------------------------------------------------------------------------------- */

static int ask_memory(const sna_edge_index *index, const uint64_t *id, uint64_t count, sna_selection *out)
{
    int status = 0;

    for (uint64_t i = 0; i < count && status == 0; i++) {
        if (id[i] >= index->node_count)
            break; /* ids ascend */
        if (index->range == NULL && index->edge == NULL)
            status = sna_selection_add(out, index->start[id[i]], index->start[id[i] + 1]);
        for (uint64_t k = index->start[id[i]]; k < index->start[id[i] + 1] && status == 0; k++) {
            if (index->range != NULL)
                status = sna_selection_add(out, index->range[k].first, index->range[k].end);
            else if (index->edge != NULL)
                status = sna_selection_add(out, index->edge[k], index->edge[k] + 1);
            else
                break;
        }
    }
    return status;
}

/* ---- the index of the file ---------------------------------------------------------------------------------- */

static int read_table(sna_dataset *dataset, const sna_range *run, uint64_t runs, int64_t *out)
{
    return dataset->storage == SNA_U64 ? sna_dataset_id_runs(dataset, run, runs, (uint64_t *)out)
                                       : sna_dataset_runs(dataset, run, runs, SNA_INTEGER, NULL, out);
}

/* Reads the ranges at `run` and adds the edges they say. */
static int add_ranges(const sna_edges *self, sna_edge_index *index, const sna_range *run, uint64_t runs, uint64_t rows,
                      int64_t *pair, sna_selection *out)
{
    int status = read_table(index->ranges, run, runs, pair);
    bool cut = false;

    for (uint64_t i = 0; i < rows && status == 0; i++) {
        int64_t first = pair[2 * i], end = pair[2 * i + 1];
        if (first < 0 || first >= end)
            continue;
        if ((uint64_t)end > self->population.count) {
            cut = true;
            end = (int64_t)self->population.count;
        }
        if (first < end)
            status = sna_selection_add(out, (uint64_t)first, (uint64_t)end);
    }
    if (cut && status == 0)
        status = sna_notes_add(self->population.notes, "index.out-of-range", self->population.file->path,
                               index->ranges->place, "entries reach past the last edge; they were cut");
    return status;
}

/* The slices of the second table, in pieces of bounded size. */
static int follow_slices(const sna_edges *self, sna_edge_index *index, const int64_t *slice, uint64_t count,
                         sna_selection *out)
{
    int status = 0;
    uint64_t rows = 0;
    int64_t *pair = NULL;
    sna_selection runs = SNA_SELECTION;

    status = sna_allocate(&pair, RANGES_AT_ONCE, 2 * sizeof *pair);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        uint64_t first = 0, end = 0;
        if (slice[2 * i] < 0 || slice[2 * i] >= slice[2 * i + 1])
            continue;
        first = (uint64_t)slice[2 * i];
        end = (uint64_t)slice[2 * i + 1];
        if (end > index->ranges->rows) {
            end = index->ranges->rows;
            status = sna_notes_add(self->population.notes, "index.out-of-range", self->population.file->path,
                                   index->nodes->place, "entries reach past the end of the other table; they were cut");
        }
        while (first < end && status == 0) {
            const uint64_t room = RANGES_AT_ONCE - rows, now = end - first < room ? end - first : room;
            status = sna_selection_add(&runs, first, first + now);
            first += now;
            rows += now;
            if (status == 0 && rows == RANGES_AT_ONCE) {
                status = add_ranges(self, index, runs.range, runs.count, rows, pair, out);
                runs.count = rows = 0;
            }
        }
    }
    if (status == 0 && rows > 0)
        status = add_ranges(self, index, runs.range, runs.count, rows, pair, out);
    sna_selection_free(&runs);
    free(pair);
    return status;
}

static int ask_file(const sna_edges *self, sna_edge_index *index, const uint64_t *id, uint64_t count,
                    sna_selection *out)
{
    int status = 0;
    int64_t *slice = NULL;
    sna_selection rows = SNA_SELECTION;

    while (count > 0 && id[count - 1] >= index->nodes->rows)
        count--; /* nodes past the table have no edges */
    if (count == 0)
        goto out;
    status = sna_selection_add_rows(&rows, id, count);
    if (status == 0)
        status = sna_allocate(&slice, count, 2 * sizeof *slice);
    if (status == 0)
        status = read_table(index->nodes, rows.range, rows.count, slice);
    if (status == 0)
        status = follow_slices(self, index, slice, count, out);
out:
    sna_selection_free(&rows);
    free(slice);
    return status;
}

/* ---- no index ----------------------------------------------------------------------------------------------- */

/* Adds the edges of `within` (NULL: all) whose other end, or end, is one of the sorted ids. */
static int scan(sna_edges *self, sna_direction direction, const sna_selection *within, const uint64_t *id,
                uint64_t count, sna_selection *out)
{
    int status = 0;
    const sna_edge_request request = {.parts = direction == SNA_AFFERENT ? SNA_EDGE_TARGET : SNA_EDGE_SOURCE,
                                      .selection = within};
    sna_edge_stream *stream = NULL;
    sna_edge_block block = {0};

    status = sna_edge_stream_open(&stream, self, &request);
    while (status == 0) {
        const uint64_t *end = NULL;
        status = sna_edge_stream_next(stream, &block);
        if (status != 0 || block.count == 0)
            break;
        end = direction == SNA_AFFERENT ? block.target : block.source;
        for (uint64_t i = 0; i < block.count && status == 0; i++)
            if (has_id(id, count, end[i])) {
                const uint64_t row = block.row != NULL ? block.row[i] : block.first + i;
                status = sna_selection_add(out, row, row + 1);
            }
    }
    sna_edge_stream_close(stream);
    return status;
}

/* ---- the public functions ----------------------------------------------------------------------------------- */

static int query(sna_edges *self, sna_direction direction, const uint64_t *node, uint64_t count, sna_selection *out)
{
    int status = 0;
    uint64_t *id = NULL, ids = 0;
    sna_edge_index *index = &self->index[direction];
    sna_selection found = SNA_SELECTION;

    status = sna_edge_index_find(self, direction);
    if (status == 0)
        status = sort_ids(node, count, &id, &ids);
    if (status == 0 && index->source < SNA_INDEX_LOADED && index->nodes != NULL) {
        index->source = SNA_INDEX_FILE;
        status = ask_file(self, index, id, ids, &found);
        if (status == SNA_EFORMAT || status == SNA_ERANGE || status == SNA_EUNSUPPORTED) {
            /* What the file says makes no sense: loading it notes that, and makes one. */
            found.count = 0;
            index->source = SNA_INDEX_NONE;
            status = sna_edges_load_index(self, direction);
        }
    } else if (status == 0) {
        status = sna_edges_load_index(self, direction);
    }
    if (status != 0)
        goto out;
    if (index->scan)
        status = scan(self, direction, NULL, id, ids, &found);
    else if (index->source >= SNA_INDEX_LOADED)
        status = ask_memory(index, id, ids, &found);
    if (status == 0)
        status = sna_selection_sort(&found);
    for (uint64_t i = 0; i < found.count && status == 0; i++)
        status = sna_selection_add(out, found.range[i].first, found.range[i].end);
out:
    sna_selection_free(&found);
    free(id);
    return status;
}

int sna_edges_afferent(sna_edges *self, const uint64_t *target, uint64_t count, sna_selection *out)
{
    return query(self, SNA_AFFERENT, target, count, out);
}

int sna_edges_efferent(sna_edges *self, const uint64_t *source, uint64_t count, sna_selection *out)
{
    return query(self, SNA_EFFERENT, source, count, out);
}

int sna_edges_connecting(sna_edges *self, const uint64_t *source, uint64_t source_count, const uint64_t *target,
                         uint64_t target_count, sna_selection *out)
{
    int status = 0;
    uint64_t *id = NULL, ids = 0;
    /* The index is asked for the side with fewer nodes; of its edges, the other end is looked at. */
    const bool by_source = source_count < target_count;
    sna_selection edges = SNA_SELECTION;

    status = by_source ? query(self, SNA_EFFERENT, source, source_count, &edges)
                       : query(self, SNA_AFFERENT, target, target_count, &edges);
    if (status == 0)
        status = by_source ? sort_ids(target, target_count, &id, &ids) : sort_ids(source, source_count, &id, &ids);
    if (status == 0 && ids > 0 && edges.count > 0)
        status = scan(self, by_source ? SNA_AFFERENT : SNA_EFFERENT, &edges, id, ids, out);
    sna_selection_free(&edges);
    free(id);
    return status;
}
