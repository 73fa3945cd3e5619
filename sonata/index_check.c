/* index_check.c: is the index in a file right? One pass over the ids and one over the tables, in bounded memory.
 *
 * An index says pairs (edge, node); so do the ids. The two sets are compared by the sum over their pairs of a 128-bit
 * hash of each: sums are equal when the sets are, whatever the order, and differ otherwise but for one chance in 2^128
 * or so. */
#include "sonata/edges.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 32768 };

typedef struct {
    uint64_t low, high, count;
} pair_sum;

/* The finaliser of SplitMix64 (Steele, Lea & Flood 2014): a bijection that spreads every bit. */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static void add_pair(pair_sum *sum, uint64_t edge, uint64_t node)
{
    const uint64_t a = mix(edge + UINT64_C(0x9e3779b97f4a7c15)), b = mix(node ^ UINT64_C(0xd1b54a32d192ed03));

    sum->low += mix(a ^ (b << 32 | b >> 32));
    sum->high += mix(a + b);
    sum->count++;
}

static int sum_ids(sna_edges *edges, sna_direction direction, pair_sum *sum)
{
    int status = 0;
    const sna_edge_request request = {.parts = direction == SNA_AFFERENT ? SNA_EDGE_TARGET : SNA_EDGE_SOURCE};
    sna_edge_stream *stream = NULL;
    sna_edge_block block = {0};

    status = sna_edge_stream_open(&stream, edges, &request);
    while (status == 0) {
        const uint64_t *id = NULL;
        status = sna_edge_stream_next(stream, &block);
        if (status != 0 || block.count == 0)
            break;
        id = direction == SNA_AFFERENT ? block.target : block.source;
        for (uint64_t i = 0; i < block.count; i++)
            add_pair(sum, block.first + i, id[i]);
        status = sna_check_cancelled();
    }
    sna_edge_stream_close(stream);
    return status;
}

/* ---- the tables of the file --------------------------------------------------------------------------------- */

/* A table of pairs, read through a window. */
typedef struct {
    sna_dataset *dataset;
    int64_t *pair; /* [BLOCK][2] rows first .. first + count - 1 */
    uint64_t first, count;
} table_window;

static int read_pair(table_window *self, uint64_t row, const int64_t **out)
{
    int status = 0;

    if (row < self->first || row >= self->first + self->count) {
        sna_range run = {row, row};
        self->first = row;
        self->count = self->dataset->rows - row < BLOCK ? self->dataset->rows - row : BLOCK;
        run.end = row + self->count;
        /* Some writers put -1 into unsigned columns. */
        status = self->dataset->storage == SNA_U64
                     ? sna_dataset_id_runs(self->dataset, &run, 1, (uint64_t *)self->pair)
                     : sna_dataset_runs(self->dataset, &run, 1, SNA_INTEGER, NULL, self->pair);
        if (status != 0)
            self->count = 0;
    }
    *out = self->pair + 2 * (row - self->first);
    return status;
}

/* The edges of one range of one node. */
static int sum_range(const sna_edges *edges, const int64_t *pair, uint64_t node, pair_sum *sum, char **reason)
{
    int status = 0;

    if (pair[0] < 0 || pair[0] >= pair[1])
        goto out;
    if ((uint64_t)pair[1] > edges->population.count) {
        status = sna_text_format(reason, "node %" PRIu64 " has edges up to %" PRId64 ", but there are %" PRIu64, node,
                                 pair[1] - 1, edges->population.count);
        goto out;
    }
    if ((uint64_t)(pair[1] - pair[0]) > edges->population.count - sum->count) {
        status = sna_text_format(reason, "edges are listed more than once, at node %" PRIu64 " at the latest", node);
        goto out;
    }
    for (int64_t edge = pair[0]; edge < pair[1]; edge++)
        add_pair(sum, (uint64_t)edge, node);
out:
    return status;
}

static int sum_node(const sna_edges *edges, table_window *ranges, const int64_t *slice, uint64_t node,
                    uint64_t *followed, pair_sum *sum, char **reason)
{
    int status = 0;
    const int64_t *pair = NULL;

    if (slice[0] < 0 || slice[0] >= slice[1])
        goto out;
    if ((uint64_t)slice[1] > ranges->dataset->rows) {
        status = sna_text_format(reason, "node %" PRIu64 " has ranges up to %" PRId64 ", but there are %" PRIu64, node,
                                 slice[1] - 1, ranges->dataset->rows);
        goto out;
    }
    /* Nodes that share ranges could keep this busy for ever. */
    *followed += (uint64_t)(slice[1] - slice[0]);
    if (*followed > ranges->dataset->rows) {
        status = sna_text_format(reason, "ranges are listed more than once, at node %" PRIu64 " at the latest", node);
        goto out;
    }
    for (int64_t row = slice[0]; row < slice[1] && status == 0 && *reason == NULL; row++) {
        status = read_pair(ranges, (uint64_t)row, &pair);
        if (status == 0)
            status = sum_range(edges, pair, node, sum, reason);
    }
out:
    return status;
}

static int sum_tables(const sna_edges *edges, const sna_edge_index *index, pair_sum *sum, char **reason)
{
    int status = 0;
    uint64_t followed = 0;
    table_window nodes = {.dataset = index->nodes}, ranges = {.dataset = index->ranges};

    status = sna_allocate(&nodes.pair, BLOCK, 2 * sizeof *nodes.pair);
    if (status == 0)
        status = sna_allocate(&ranges.pair, BLOCK, 2 * sizeof *ranges.pair);
    for (uint64_t node = 0; node < index->nodes->rows && status == 0 && *reason == NULL; node++) {
        const int64_t *slice = NULL;
        status = read_pair(&nodes, node, &slice);
        if (status == 0)
            status = sum_node(edges, &ranges, slice, node, &followed, sum, reason);
        if (status == 0 && node % BLOCK == 0)
            status = sna_check_cancelled();
    }
    free(nodes.pair);
    free(ranges.pair);
    return status;
}

/* ---- the verdict -------------------------------------------------------------------------------------------- */

/* Are both tables there under the names that both families look for? */
static bool has_all_names(const sna_edges *edges, sna_direction direction)
{
    static const char *const names[] = {"node_id_to_ranges", "node_id_to_range", "range_to_edge_id"};
    bool has = true;
    char relative[96];

    for (size_t i = 0; i < sizeof names / sizeof *names && has; i++) {
        (void)snprintf(relative, sizeof relative, "indices/%s",
                       direction == SNA_AFFERENT ? "target_to_source" : "source_to_target");
        has = sna_h5_kind_of(edges->population.id, "indices") == SNA_H5_GROUP &&
              sna_h5_kind_of(edges->population.id, relative) == SNA_H5_GROUP;
        (void)snprintf(relative, sizeof relative, "indices/%s/%s",
                       direction == SNA_AFFERENT ? "target_to_source" : "source_to_target", names[i]);
        has = has && sna_h5_kind_of(edges->population.id, relative) == SNA_H5_DATASET;
    }
    return has;
}

/* Compares what the tables say with what the ids say. */
static int compare(sna_edges *edges, sna_direction direction, sna_index_state *state, char **reason)
{
    int status = 0;
    pair_sum wanted = {0}, found = {0};
    const sna_edge_index *index = &edges->index[direction];

    status = sum_tables(edges, index, &found, reason);
    if (status == SNA_EFORMAT || status == SNA_ERANGE || status == SNA_EUNSUPPORTED)
        status = sna_text_copy(reason, sna_error_message());
    if (status == 0 && *reason == NULL && found.count < edges->population.count)
        status = sna_text_format(reason, "it lists %" PRIu64 " of the %" PRIu64 " edges", found.count,
                                 edges->population.count);
    if (status == 0 && *reason == NULL)
        status = sum_ids(edges, direction, &wanted);
    if (status == 0 && *reason == NULL && (wanted.low != found.low || wanted.high != found.high))
        status = sna_text_copy(reason, "it lists edges under nodes that are not theirs");
    if (status != 0)
        goto out;
    if (*reason != NULL) {
        *state = SNA_INDEX_WRONG;
    } else if (!has_all_names(edges, direction)) {
        *state = SNA_INDEX_NAMED;
        status = sna_text_copy(reason, "it is right, but under names that not all readers know");
    } else {
        *state = SNA_INDEX_RIGHT;
    }
out:
    return status;
}

int sna_index_check(sna_edges *edges, sna_direction direction, sna_index_state *state, char **reason)
{
    int status = 0;
    const sna_edge_index *index = &edges->index[direction];
    const bool has = sna_edges_has_index(edges, direction);

    *reason = NULL;
    *state = SNA_INDEX_ABSENT;
    status = sna_edge_index_find(edges, direction);
    if (status != 0)
        goto out;
    if (index->nodes != NULL) {
        status = compare(edges, direction, state, reason);
    } else if (index->pointers != NULL) {
        *state = SNA_INDEX_NAMED;
        status = sna_text_copy(reason, "it is in the layout of 2018, which few readers know");
    } else if (has) {
        *state = SNA_INDEX_WRONG;
        status = sna_text_copy(reason, "its tables cannot be read");
    } else {
        status = sna_text_copy(reason, "there is none");
    }
out:
    if (status != 0) {
        free(*reason);
        *reason = NULL;
    }
    return status;
}
