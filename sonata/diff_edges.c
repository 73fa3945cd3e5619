/* diff_edges.c: what differs between two edge populations: in step where their order is the same, else as sets. */
#include "sonata/diff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGED_AT_ONCE = 16384 };

/* An edge of each side that stand for each other. */
typedef struct {
    uint64_t a, b;
} edge_pair;

typedef struct {
    sna_edges *edges[2];
    sna_list names[2]; /* attributes of each */
    sna_attribute_pairs pairs;
    uint64_t only[2], first_only[2]; /* how many, and the lowest row */
    uint64_t changed;
    edge_pair *waiting; /* [CHANGED_AT_ONCE] changed edges whose values are yet to be compared */
    uint64_t waits;
} comparison;

static int list_attributes(const sna_edges *edges, sna_list *names, sna_differences *out)
{
    int status = sna_list_add(names, "edge_type_id");

    for (uint64_t i = 0; i < sna_edges_attributes(edges) && status == 0; i++) {
        const sna_attribute *attribute = sna_edges_attribute(edges, i);
        if (attribute->storage == SNA_NOT_SUPPORTED)
            status = sna_differences_note(out, "`%s` of %s is of a type that cannot be read: it was not compared",
                                          attribute->name, sna_edges_name(edges));
        else
            status = sna_list_add(names, attribute->name);
    }
    return status;
}

static int open_stream(const comparison *self, int side, const sna_selection *selection, sna_edge_stream **out)
{
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET,
                                      .attribute = (const char *const *)self->names[side].text,
                                      .attribute_count = self->names[side].count,
                                      .selection = selection};

    return sna_edge_stream_open(out, self->edges[side], &request);
}

static uint64_t row_at(const sna_edge_block *block, uint64_t i)
{
    return block->row != NULL ? block->row[i] : block->first + i;
}

/* ---- values ------------------------------------------------------------------------------------------------- */

static int make_example(sna_attribute_pair *pair, const sna_edge_block *a, const sna_edge_block *b, uint64_t i,
                        const sna_column *x, const sna_column *y)
{
    int status = 0;
    sna_string text = SNA_STRING;

    status = sna_string_format(&text, "one of them: edge %" PRIu64 " (%" PRIu64 " -> %" PRIu64 ") has ", row_at(a, i),
                               a->source[i], a->target[i]);
    if (status == 0)
        status = sna_value_print(x, i, &text);
    if (status == 0)
        status = row_at(a, i) == row_at(b, i) ? sna_string_append(&text, " in A, ")
                                              : sna_string_format(&text, " in A, edge %" PRIu64 " has ", row_at(b, i));
    if (status == 0)
        status = sna_value_print(y, i, &text);
    if (status == 0)
        status = sna_string_append(&text, " in B");
    if (status == 0)
        status = sna_text_copy(&pair->example, sna_string_text(&text));
    sna_string_free(&text);
    return status;
}

/* Compares the values of edges that stand for each other; row i of one block is row i of the other. */
static int compare_values(comparison *self, const sna_edge_block *a, const sna_edge_block *b, bool *differs)
{
    int status = 0;

    for (uint64_t k = 0; k < self->pairs.count && status == 0; k++) {
        sna_attribute_pair *pair = &self->pairs.pair[k];
        const sna_column *x = pair->in[0] < 0 ? NULL : &a->column[pair->in[0]],
                         *y = pair->in[1] < 0 ? NULL : &b->column[pair->in[1]];
        for (uint64_t i = 0; i < a->count && status == 0; i++) {
            if (sna_value_is_equal(x, i, y, i))
                continue;
            *differs = true;
            if (pair->differs++ == 0)
                status = make_example(pair, a, b, i, x, y);
        }
    }
    return status;
}

/* ---- in step ------------------------------------------------------------------------------------------------ */

/* *same stays true when every edge of one file is the edge of the other at the same row. *order says whether at least
 * their nodes are. */
static int compare_in_step(comparison *self, bool *same, bool *order)
{
    int status = 0;
    bool differs = false;
    sna_edge_stream *stream[2] = {NULL, NULL};
    sna_edge_block a = {0}, b = {0};

    *order = sna_edges_count(self->edges[0]) == sna_edges_count(self->edges[1]);
    for (int side = 0; side < 2 && status == 0 && *order; side++)
        status = open_stream(self, side, NULL, &stream[side]);
    while (status == 0 && *order && !differs) {
        status = sna_edge_stream_next(stream[0], &a);
        if (status == 0)
            status = sna_edge_stream_next(stream[1], &b);
        if (status != 0 || a.count == 0)
            break;
        *order = a.count == b.count && memcmp(a.source, b.source, (size_t)a.count * sizeof *a.source) == 0 &&
                 memcmp(a.target, b.target, (size_t)a.count * sizeof *a.target) == 0;
        if (*order)
            status = compare_values(self, &a, &b, &differs);
        if (status == 0)
            status = sna_check_cancelled();
    }
    *same = *order && !differs;
    sna_edge_stream_close(stream[0]);
    sna_edge_stream_close(stream[1]);
    return status;
}

/* ---- as sets ------------------------------------------------------------------------------------------------ */

static int compare_pairs(const void *a, const void *b)
{
    const edge_pair *x = a, *y = b;

    return x->a < y->a ? -1 : x->a > y->a;
}

/* Reads the changed edges that wait, and compares their values. */
static int flush(comparison *self)
{
    int status = 0;
    bool ignored = false;
    sna_selection rows[2] = {SNA_SELECTION, SNA_SELECTION};
    sna_edge_stream *stream[2] = {NULL, NULL};
    sna_edge_block a = {0}, b = {0};

    qsort(self->waiting, self->waits, sizeof *self->waiting, compare_pairs);
    for (uint64_t i = 0; i < self->waits && status == 0; i++) {
        status = sna_selection_add_rows(&rows[0], &self->waiting[i].a, 1);
        if (status == 0)
            status = sna_selection_add_rows(&rows[1], &self->waiting[i].b, 1);
    }
    self->waits = 0;
    for (int side = 0; side < 2 && status == 0; side++)
        status = open_stream(self, side, &rows[side], &stream[side]);
    while (status == 0) {
        status = sna_edge_stream_next(stream[0], &a);
        if (status == 0)
            status = sna_edge_stream_next(stream[1], &b);
        if (status == 0 && a.count != b.count)
            status = sna_error(SNA_EIO, "%s or %s changes while it is read", sna_edges_file(self->edges[0]),
                               sna_edges_file(self->edges[1]));
        if (status != 0 || a.count == 0)
            break;
        status = compare_values(self, &a, &b, &ignored);
    }
    sna_edge_stream_close(stream[0]);
    sna_edge_stream_close(stream[1]);
    sna_selection_free(&rows[0]);
    sna_selection_free(&rows[1]);
    return status;
}

static int on_changed(void *context, uint64_t row_a, uint64_t row_b)
{
    comparison *self = context;

    self->changed++;
    self->waiting[self->waits++] = (edge_pair){row_a, row_b};
    return self->waits == CHANGED_AT_ONCE ? flush(self) : 0;
}

static int on_only(void *context, int side, uint64_t row)
{
    comparison *self = context;

    if (self->only[side]++ == 0 || row < self->first_only[side])
        self->first_only[side] = row;
    return 0;
}

static int compare_as_sets(comparison *self, uint64_t memory)
{
    int status = 0;
    const sna_edge_set_watcher watcher = {on_changed, on_only, self};

    /* What the comparison in step saw was against the wrong edges, maybe. */
    for (uint64_t k = 0; k < self->pairs.count; k++) {
        free(self->pairs.pair[k].example);
        self->pairs.pair[k].example = NULL;
        self->pairs.pair[k].differs = 0;
    }
    status = sna_allocate(&self->waiting, CHANGED_AT_ONCE, sizeof *self->waiting);
    if (status == 0)
        status = sna_edge_sets_compare(self->edges, self->names, &self->pairs, memory, &watcher);
    if (status == 0)
        status = flush(self);
    return status;
}

/* ---- sentences ---------------------------------------------------------------------------------------------- */

/* Edges that only one side has, with the first of them. */
static int report_only(const comparison *self, int side, sna_differences *out)
{
    int status = 0;
    const sna_range row = {self->first_only[side], self->first_only[side] + 1};
    sna_range copy = row;
    const sna_selection one = {&copy, 1, 1};
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET, .selection = &one};
    sna_edge_stream *stream = NULL;
    sna_edge_block block = {0};

    if (self->only[side] == 0)
        goto out;
    status = sna_edge_stream_open(&stream, self->edges[side], &request);
    if (status == 0)
        status = sna_edge_stream_next(stream, &block);
    if (status == 0 && block.count == 1)
        status = sna_differences_add(out, "edge", sna_edges_name(self->edges[0]), self->only[side],
                                     "%" PRIu64 " %s only in %s; the first: edge %" PRIu64 ", %" PRIu64 " -> %" PRIu64,
                                     self->only[side], sna_one_or_many(self->only[side], "edge is", "edges are"),
                                     side == 0 ? "A" : "B", row.first, block.source[0], block.target[0]);
out:
    sna_edge_stream_close(stream);
    return status;
}

static int compare_ends(const comparison *self, sna_differences *out)
{
    int status = 0;
    const char *a[2] = {sna_edges_source_population(self->edges[0]), sna_edges_target_population(self->edges[0])};
    const char *b[2] = {sna_edges_source_population(self->edges[1]), sna_edges_target_population(self->edges[1])};
    static const char *const ends[] = {"source", "target"};

    for (int end = 0; end < 2 && status == 0; end++)
        if ((a[end] == NULL) != (b[end] == NULL) || (a[end] != NULL && strcmp(a[end], b[end]) != 0))
            status = sna_differences_add(out, "population", sna_edges_name(self->edges[0]), 1,
                                         "the %s nodes are of population `%s` in A, of `%s` in B", ends[end],
                                         a[end] == NULL ? "(unknown)" : a[end], b[end] == NULL ? "(unknown)" : b[end]);
    return status;
}

int sna_diff_edges(sna_edges *a, sna_edges *b, uint64_t memory, sna_differences *out)
{
    int status = 0;
    bool same = false, order = false;
    comparison self = {.edges = {a, b}, .names = {SNA_LIST, SNA_LIST}};

    status = compare_ends(&self, out);
    if (status == 0 && sna_edges_count(a) != sna_edges_count(b))
        status = sna_differences_add(out, "count", sna_edges_name(a), 1, "A has %" PRIu64 " edges, B has %" PRIu64,
                                     sna_edges_count(a), sna_edges_count(b));
    if (status == 0)
        status = list_attributes(a, &self.names[0], out);
    if (status == 0)
        status = list_attributes(b, &self.names[1], out);
    if (status == 0)
        status = sna_attribute_pairs_make(&self.pairs, &self.names[0], &self.names[1]);
    if (status == 0)
        status = compare_in_step(&self, &same, &order);
    if (status != 0 || same)
        goto out;
    status = compare_as_sets(&self, memory);
    for (int side = 0; side < 2 && status == 0; side++)
        status = report_only(&self, side, out);
    if (status == 0)
        status = sna_attribute_pairs_report(&self.pairs, out, sna_edges_name(a), "edge");
    if (status == 0 && !order && self.only[0] == 0 && self.only[1] == 0)
        status = sna_differences_note(out, "The edges of %s are the same%s, in another order.", sna_edges_name(a),
                                      self.changed > 0 ? " but for attributes" : "");
out:
    sna_attribute_pairs_free(&self.pairs);
    sna_list_free(&self.names[0]);
    sna_list_free(&self.names[1]);
    free(self.waiting);
    return status;
}
