/* validate_index.c: the edge index: opening it, and comparing every range of it with the edges. */
#include "sonata/validate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- digests ------------------------------------------------------------------------------------------------ */

__extension__ typedef unsigned __int128 wide;

/* A number for a pair of numbers: two multiplications to 128 bits, folded (the mixing of Wang Yi's wyhash). */
static uint64_t mix(uint64_t a, uint64_t b)
{
    const uint64_t p = UINT64_C(0xa0761d6478bd642f), q = UINT64_C(0xe7037ed1a0b428db);
    const wide once = (wide)(a ^ p) * (b ^ q);
    const wide twice = (wide)((uint64_t)once ^ p) * ((uint64_t)(once >> 64) ^ q);

    return (uint64_t)twice ^ (uint64_t)(twice >> 64);
}

static uint64_t mix_run(uint64_t first, uint64_t count, uint64_t node)
{
    return mix(first * UINT64_C(0x9e3779b97f4a7c15) + count, node);
}

static void close_run(sna_run_digest *self, uint64_t end)
{
    if (end > self->first)
        self->sum += mix_run(self->first, end - self->first, self->node);
}

void sna_run_digest_add(sna_run_digest *self, uint64_t first_edge, const uint64_t *node, uint64_t count)
{
    sna_run_digest run = *self;

    for (uint64_t i = 0; i < count; i++) {
        if (node[i] == run.node)
            continue;
        close_run(&run, first_edge + i);
        run.first = first_edge + i;
        run.node = node[i];
    }
    *self = run;
}

/* The edges first .. end-1 of one node, joined to the range before where they continue it. */
static void add_range(void *data, uint64_t node, uint64_t first, uint64_t end)
{
    sna_run_digest *self = data;

    if (first == end)
        return;
    if (node != self->node || first != self->end) {
        close_run(self, self->end);
        self->first = first;
        self->node = node;
    }
    self->end = end;
}

/* The same edge by edge, kept apart for stretches of edges: to find where two sets differ. */
enum { PARTS = 4096 };
typedef struct {
    uint64_t *sum;  /* [PARTS] */
    unsigned shift; /* edge >> shift is the part */
} edge_digest;

static int create_digest(edge_digest *self, uint64_t edges)
{
    self->shift = 0;
    while ((edges >> self->shift) >= PARTS)
        self->shift++;
    return sna_allocate(&self->sum, PARTS, sizeof *self->sum);
}

static void add_edges(void *data, uint64_t node, uint64_t first, uint64_t end)
{
    edge_digest *self = data;

    for (uint64_t edge = first; edge < end; edge++)
        self->sum[edge >> self->shift] += mix(edge, node);
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

static bool exists(const sna_checked_file *file, hid_t parent, const char *name)
{
    bool foreign = false;

    return sna_checked_kind(file, parent, name, &foreign) != SNA_H5_NONE;
}

static bool is_same_object(hid_t group, const char *a, const char *b)
{
    H5O_info_t x, y;

    return H5Oget_info_by_name2(group, a, &x, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 &&
           H5Oget_info_by_name2(group, b, &y, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 && x.addr == y.addr;
}

/* Opens the table under the name that is there. */
static int open_table(sna_validator *self, const sna_checked_file *file, hid_t group, const char *place,
                      const char *name, sna_dataset **out)
{
    char *full = NULL;
    int status = sna_text_format(&full, "%s/%s", place, name);

    if (status == 0)
        status = sna_check_column(self, file, group, name, full,
                                  SNA_COLUMN_REQUIRED | SNA_COLUMN_INTEGER | SNA_COLUMN_DENSE, 2, SNA_ANY_ROWS, out);
    free(full);
    return status;
}

static int check_spelling(sna_validator *self, const sna_checked_file *file, hid_t group, const char *place,
                          const char **first, const char **second)
{
    int status = 0;
    const sna_place where = {file->path, place, 0};
    const bool has_ranges = exists(file, group, "node_id_to_ranges"),
               has_range = exists(file, group, "node_id_to_range");

    *first = has_ranges || !has_range ? "node_id_to_ranges" : "node_id_to_range";
    *second = exists(file, group, "range_to_edge_id") || !exists(file, group, "range_id_edge_id") ? "range_to_edge_id"
                                                                                                  : "range_id_edge_id";
    if (!has_ranges && has_range)
        status = sna_find(self, "index.spelling", where, NULL, "the first table is called node_id_to_range");
    else if (has_ranges && !has_range)
        status = sna_find(self, "index.spelling-bmtk", where, NULL, "the first table is called node_id_to_ranges");
    else if (has_ranges && has_range && !is_same_object(group, "node_id_to_ranges", "node_id_to_range"))
        status = sna_find(self, "index.leftover", where, NULL,
                          "node_id_to_range and node_id_to_ranges are two tables; the second one was looked at");
    if (status == 0 && strcmp(*second, "range_id_edge_id") == 0)
        status = sna_find(self, "index.spelling", where, NULL, "the second table is called range_id_edge_id");
    return status;
}

static int open_side(sna_validator *self, const sna_checked_file *file, hid_t indices, const char *indices_place,
                     const char *name, sna_checked_index *index)
{
    int status = 0;
    hid_t group = H5I_INVALID_HID;
    const char *first = NULL, *second = NULL;

    status = sna_text_format(&index->place, "%s/%s", indices_place, name);
    if (status == 0)
        status = sna_check_group(self, file, indices, name, index->place, false, &group);
    if (status != 0 || group < 0)
        goto out;
    status = check_spelling(self, file, group, index->place, &first, &second);
    if (status == 0)
        status = open_table(self, file, group, index->place, first, &index->nodes);
    if (status == 0)
        status = open_table(self, file, group, index->place, second, &index->ranges);
    index->usable = index->nodes != NULL && index->ranges != NULL;
out:
    sna_h5_close_group(&group);
    return status;
}

static int check_leftovers(sna_validator *self, const sna_checked_file *file, hid_t indices, const char *place)
{
    sna_list names = SNA_LIST;
    int status = sna_h5_children(&names, file->h5, indices, place);

    if (status == SNA_EFORMAT)
        status = 0;
    for (uint64_t i = 0; i < names.count && status == 0; i++)
        if (strcmp(names.text[i], "source_to_target") != 0 && strcmp(names.text[i], "target_to_source") != 0 &&
            strcmp(names.text[i], "edge_type_to_index") != 0)
            status = sna_find(self, "index.leftover", (sna_place){file->path, place, 0}, NULL,
                              "`%s` is no part of an index", names.text[i]);
    sna_list_free(&names);
    return status;
}

int sna_check_index_open(sna_validator *self, const sna_checked_population *population, hid_t id, const char *place,
                         uint64_t edges, sna_checked_index index[2])
{
    static const char *const spellings[] = {"indices", "indicies", "incidies"};
    int status = 0;
    char *indices_place = NULL;
    hid_t indices = H5I_INVALID_HID;
    const char *name = NULL;
    const sna_checked_file *file = population->file;

    for (unsigned k = 0; k < 2; k++)
        index[k] = (sna_checked_index){.end = k == 0 ? "source" : "target"};
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings && name == NULL; i++)
        if (exists(file, id, spellings[i]))
            name = spellings[i];
    if (name == NULL) {
        if (edges > 0)
            status = sna_find(self, "index.missing", (sna_place){file->path, place, 0}, NULL, "there is no index");
        goto out;
    }
    status = sna_text_format(&indices_place, "%s/%s", place, name);
    if (status == 0 && name != spellings[0])
        status = sna_find(self, "index.spelling", (sna_place){file->path, indices_place, 0}, NULL,
                          "the group is called `%s`", name);
    if (status == 0)
        status = sna_check_group(self, file, id, name, indices_place, true, &indices);
    if (status != 0 || indices < 0)
        goto out;
    status = check_leftovers(self, file, indices, indices_place);
    if (status == 0)
        status = open_side(self, file, indices, indices_place, "source_to_target", &index[0]);
    if (status == 0)
        status = open_side(self, file, indices, indices_place, "target_to_source", &index[1]);
    if (status == 0 && exists(file, indices, "source_to_target") != exists(file, indices, "target_to_source"))
        status = sna_find(self, "index.one-side", (sna_place){file->path, indices_place, 0}, NULL, "there is no %s",
                          exists(file, indices, "source_to_target") ? "target_to_source" : "source_to_target");
out:
    sna_h5_close_group(&indices);
    free(indices_place);
    return status;
}

void sna_checked_index_free(sna_checked_index *self)
{
    sna_dataset_close(self->nodes);
    sna_dataset_close(self->ranges);
    free(self->place);
    *self = (sna_checked_index){0};
}

/* ---- walking through it ------------------------------------------------------------------------------------- */

/* Goes through all ranges, node by node, in memory of two blocks. */
typedef struct {
    sna_validator *validator;
    sna_checked_index *index;
    uint64_t edges;
    bool readable;
    uint64_t *slice;                   /* [2 * SNA_CHECK_ROWS] of the first table */
    uint64_t *range;                   /* [2 * SNA_CHECK_ROWS] of the second */
    uint64_t range_first, range_count; /* which of its rows those are */
    uint64_t rows_used, edges_used;    /* ranges and edges so far */
    sna_tally bad_slice, bad_range;
    bool silent; /* what is wrong was counted before */
} index_walk;

/* Is given every range that makes sense, with its node. */
typedef void range_function(void *data, uint64_t node, uint64_t first, uint64_t end);

static bool is_negative(uint64_t value)
{
    return value > INT64_MAX;
}

static int load_ranges(index_walk *walk, uint64_t row)
{
    int status = 0;
    const uint64_t left = walk->index->ranges->rows - row, count = left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS;

    status = sna_check_ids(walk->validator, walk->index->ranges, row, count, walk->range, &walk->readable);
    walk->range_first = row;
    walk->range_count = walk->readable ? count : 0;
    return status;
}

static int walk_slice(index_walk *walk, uint64_t node, uint64_t start, uint64_t end, range_function *take, void *data)
{
    int status = 0;

    for (uint64_t row = start; row < end && status == 0 && walk->readable;) {
        if (row < walk->range_first || row >= walk->range_first + walk->range_count) {
            status = load_ranges(walk, row);
            if (status != 0 || !walk->readable)
                break;
        }
        for (; row < end && row < walk->range_first + walk->range_count; row++) {
            const uint64_t *pair = walk->range + 2 * (row - walk->range_first);
            if (is_negative(pair[0]) || is_negative(pair[1]) || pair[0] > pair[1] || pair[1] > walk->edges) {
                if (!walk->silent)
                    sna_tally_add(&walk->bad_range, "range %" PRIu64 " (node %" PRIu64 "): %" PRId64 " to %" PRId64,
                                  row, node, (int64_t)pair[0], (int64_t)pair[1]);
                continue;
            }
            walk->edges_used += pair[1] - pair[0];
            /* An index that hands edges out again and again must not keep us for ever. */
            if (walk->edges_used > 2 * walk->edges)
                return 0;
            take(data, node, pair[0], pair[1]);
        }
    }
    return status;
}

static int walk_block(index_walk *walk, uint64_t first, uint64_t count, range_function *take, void *data)
{
    int status = 0;
    const uint64_t rows = walk->index->ranges->rows;

    for (uint64_t i = 0; i < count && status == 0 && walk->readable; i++) {
        const uint64_t start = walk->slice[2 * i], end = walk->slice[2 * i + 1];
        if (is_negative(start) || start == end)
            continue; /* no edges */
        if (is_negative(end) || start > end || end > rows) {
            if (!walk->silent)
                sna_tally_add(&walk->bad_slice, "node %" PRIu64 ": %" PRId64 " to %" PRId64, first + i, (int64_t)start,
                              (int64_t)end);
            continue;
        }
        walk->rows_used += end - start;
        if (walk->rows_used > 2 * rows)
            break;
        status = walk_slice(walk, first + i, start, end, take, data);
    }
    return status;
}

static int walk_index(index_walk *walk, range_function *take, void *data)
{
    int status = 0;

    walk->rows_used = walk->edges_used = walk->range_count = 0;
    for (uint64_t first = 0; first < walk->index->nodes->rows && status == 0 && walk->readable;
         first += SNA_CHECK_ROWS) {
        const uint64_t left = walk->index->nodes->rows - first, count = left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS;
        status = sna_check_ids(walk->validator, walk->index->nodes, first, count, walk->slice, &walk->readable);
        if (status == 0 && walk->readable)
            status = walk_block(walk, first, count, take, data);
        if (status == 0)
            status = sna_check_cancelled();
    }
    return status;
}

/* ---- finding what differs ----------------------------------------------------------------------------------- */

/* A stretch of edges, and the nodes that the index gives them. */
enum { WINDOW_EDGES = 1 << 22, MOST_WINDOWS = 16 };
typedef struct {
    uint64_t first, count;
    uint64_t *node; /* [count] SNA_NO_ID for none so far */
    sna_tally twice;
} edge_window;

static void put_into_window(void *data, uint64_t node, uint64_t first, uint64_t end)
{
    edge_window *window = data;

    if (first < window->first)
        first = window->first;
    if (end > window->first + window->count)
        end = window->first + window->count;
    for (uint64_t edge = first; edge < end; edge++) {
        uint64_t *place = &window->node[edge - window->first];
        if (*place != SNA_NO_ID)
            sna_tally_add(&window->twice, "edge %" PRIu64 " (nodes %" PRIu64 " and %" PRIu64 ")", edge, *place, node);
        else
            *place = node;
    }
}

typedef struct {
    sna_tally uncovered, wrong, past;
} index_faults;

/* Compares the nodes that the index gives a window with those that the edges have. */
static int compare_window(index_walk *walk, sna_dataset *ids, const edge_window *window, index_faults *faults)
{
    int status = 0;
    uint64_t *actual = walk->slice; /* free between walks */
    const uint64_t rows = walk->index->nodes->rows;

    for (uint64_t done = 0; done < window->count && status == 0 && walk->readable; done += SNA_CHECK_ROWS) {
        const uint64_t left = window->count - done, count = left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS;
        status = sna_check_ids(walk->validator, ids, window->first + done, count, actual, &walk->readable);
        for (uint64_t i = 0; i < count && status == 0 && walk->readable; i++) {
            const uint64_t edge = window->first + done + i, node = window->node[done + i];
            if (is_negative(actual[i]))
                continue; /* no node, which was found with the ids */
            if (node == SNA_NO_ID && actual[i] >= rows)
                sna_tally_add(&faults->past, "edge %" PRIu64 " (node %" PRId64 ")", edge, (int64_t)actual[i]);
            else if (node == SNA_NO_ID)
                sna_tally_add(&faults->uncovered, "edge %" PRIu64 " (node %" PRId64 ")", edge, (int64_t)actual[i]);
            else if (node != actual[i])
                sna_tally_add(&faults->wrong, "edge %" PRIu64 ": node %" PRId64 ", not %" PRIu64, edge,
                              (int64_t)actual[i], node);
        }
    }
    return status;
}

/* The next stretch that holds a part whose digests differ. */
static bool next_window(const edge_digest *actual, const edge_digest *said, uint64_t edges, uint64_t from,
                        edge_window *window)
{
    const uint64_t size = (uint64_t)1 << actual->shift;

    for (uint64_t part = from >> actual->shift; part < PARTS && part << actual->shift < edges; part++)
        if (actual->sum[part] != said->sum[part]) {
            const uint64_t most = size > WINDOW_EDGES ? size : WINDOW_EDGES;
            window->first = part << actual->shift;
            window->count = edges - window->first < most ? edges - window->first : most;
            return true;
        }
    return false;
}

static int report_faults(index_walk *walk, const sna_checked_population *population, const index_faults *faults,
                         const sna_tally *twice, const char *more)
{
    int status = 0;
    sna_validator *self = walk->validator;
    const sna_checked_index *index = walk->index;
    const sna_place where = {population->file->path, index->place, 0};

    status =
        sna_find(self, "index.rows-short", (sna_place){population->file->path, index->nodes->place, 0}, &faults->past,
                 "the table ends at node %" PRIu64 ", but %" PRIu64 " %s of later nodes (up to %" PRIu64 ")%s",
                 index->nodes->rows, faults->past.count, sna_plural(faults->past.count, "edge is", "edges are"),
                 index->largest_id, more);
    if (status == 0)
        status = sna_find(self, "index.uncovered", where, &faults->uncovered, "%" PRIu64 " %s in no range%s",
                          faults->uncovered.count, sna_plural(faults->uncovered.count, "edge is", "edges are"), more);
    if (status == 0)
        status = sna_find(self, "index.twice", where, twice, "%" PRIu64 " %s in more than one range%s", twice->count,
                          sna_plural(twice->count, "edge is", "edges are"), more);
    if (status == 0)
        status = sna_find(self, "index.wrong-node", where, &faults->wrong,
                          "%" PRIu64 " %s in a range of another node than their %s%s", faults->wrong.count,
                          sna_plural(faults->wrong.count, "edge is", "edges are"), index->end, more);
    return status;
}

/* Digests of what the edges are and of what the index says, edge by edge. */
static int digest_edges(index_walk *walk, sna_dataset *ids, edge_digest *actual, edge_digest *said)
{
    int status = create_digest(actual, walk->edges);
    uint64_t *id = walk->slice; /* free between walks */

    if (status == 0)
        status = create_digest(said, walk->edges);
    for (uint64_t first = 0; first < walk->edges && status == 0 && walk->readable; first += SNA_CHECK_ROWS) {
        const uint64_t left = walk->edges - first, count = left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS;
        status = sna_check_ids(walk->validator, ids, first, count, id, &walk->readable);
        for (uint64_t i = 0; i < count && status == 0 && walk->readable; i++)
            actual->sum[(first + i) >> actual->shift] += mix(first + i, id[i]);
    }
    if (status == 0 && walk->readable)
        status = walk_index(walk, add_edges, said);
    return status;
}

/* The index and the edges seem to differ: goes through the stretches where they do. There are none where the index only
 * cuts the edges of a node into more ranges than it must. */
static int find_faults(index_walk *walk, const sna_checked_population *population, sna_dataset *ids)
{
    int status = 0;
    uint64_t from = 0, windows = 0, size = 0;
    bool all = true;
    index_faults *faults = NULL;
    edge_window window = {0};
    edge_digest actual = {NULL, 0}, said = {NULL, 0};

    walk->silent = true;
    status = digest_edges(walk, ids, &actual, &said);
    if (status == 0)
        status = sna_allocate(&faults, 1, sizeof *faults);
    size = (uint64_t)1 << actual.shift;
    if (status == 0)
        status = sna_allocate(&window.node, size > WINDOW_EDGES ? size : WINDOW_EDGES, sizeof *window.node);
    while (status == 0 && walk->readable && next_window(&actual, &said, walk->edges, from, &window)) {
        if (windows++ == MOST_WINDOWS) {
            all = false;
            break;
        }
        for (uint64_t i = 0; i < window.count; i++)
            window.node[i] = SNA_NO_ID;
        status = walk_index(walk, put_into_window, &window);
        if (status == 0 && walk->readable)
            status = compare_window(walk, ids, &window, faults);
        from = window.first + window.count;
    }
    if (status == 0 && walk->readable && windows > 0)
        status = report_faults(walk, population, faults, &window.twice, all ? "" : ", and there is more behind that");
    free(actual.sum);
    free(said.sum);
    free(window.node);
    free(faults);
    return status;
}

/* ---- one direction ------------------------------------------------------------------------------------------ */

static int report_tables(index_walk *walk, const sna_checked_population *population, uint64_t node_count)
{
    int status = 0;
    sna_validator *self = walk->validator;
    const sna_checked_index *index = walk->index;
    const char *file = population->file->path;
    const uint64_t rows = index->ranges->rows;

    status = sna_find(self, "index.slice", (sna_place){file, index->nodes->place, 0}, &walk->bad_slice,
                      "%" PRIu64 " %s a slice that the table of %" PRIu64 " ranges does not have",
                      walk->bad_slice.count, sna_plural(walk->bad_slice.count, "node has", "nodes have"), rows);
    if (status == 0 && walk->rows_used > rows)
        status =
            sna_find(self, "index.slice", (sna_place){file, index->nodes->place, 0}, NULL,
                     "nodes share slices: together they have more than the %" PRIu64 " ranges that there are", rows);
    if (status == 0)
        status = sna_find(self, "index.range", (sna_place){file, index->ranges->place, 0}, &walk->bad_range,
                          "%" PRIu64 " %s not edges of the population, which has %" PRIu64, walk->bad_range.count,
                          sna_plural(walk->bad_range.count, "range is", "ranges are"), walk->edges);
    if (status == 0 && node_count != SNA_ANY_ROWS && index->nodes->rows != node_count)
        status = sna_find(self, "index.row-count", (sna_place){file, index->nodes->place, 0}, NULL,
                          "the table has %" PRIu64 " rows for %" PRIu64 " nodes", index->nodes->rows, node_count);
    if (status == 0 && walk->edges >= 1000 && rows > walk->edges / 2)
        status = sna_find(self, "index.fragmented", (sna_place){file, index->ranges->place, 0}, NULL,
                          "%" PRIu64 " ranges for %" PRIu64 " edges", rows, walk->edges);
    return status;
}

int sna_check_index(sna_validator *self, const sna_checked_population *population, sna_checked_index *index,
                    sna_dataset *ids, uint64_t edges, uint64_t node_count)
{
    int status = 0;
    index_walk *walk = NULL;
    sna_run_digest said = SNA_RUN_DIGEST;

    status = sna_allocate(&walk, 1, sizeof *walk);
    if (status != 0)
        goto out;
    walk->validator = self;
    walk->index = index;
    walk->edges = edges;
    walk->readable = true;
    status = sna_allocate(&walk->slice, 2 * SNA_CHECK_ROWS, sizeof *walk->slice);
    if (status == 0)
        status = sna_allocate(&walk->range, 2 * SNA_CHECK_ROWS, sizeof *walk->range);
    if (status == 0)
        status = walk_index(walk, add_range, &said);
    if (status == 0 && walk->readable)
        status = report_tables(walk, population, node_count);
    close_run(&said, said.end);
    close_run(&index->actual, edges);
    if (status == 0 && said.sum != index->actual.sum && walk->readable)
        status = find_faults(walk, population, ids);
out:
    if (walk != NULL) {
        free(walk->slice);
        free(walk->range);
    }
    free(walk);
    return status;
}
