/* edge_scan.c: edges that satisfy a condition, with attributes of the nodes at their ends, block by block. */
#include "sonata/edges.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SOURCE_END, TARGET_END, OWN };

/* Where a name's values come from. */
typedef struct {
    int from; /* SOURCE_END, TARGET_END: all rows of `column`; OWN: column `index` of the stream */
    uint64_t index;
    const sna_column *column;
} origin;

/* Ids to be among: a bit each where that is small, else ranges. */
typedef struct {
    const sna_selection *ids; /* NULL: any */
    uint64_t *bit;
} id_set;
enum { MOST_BITS = 1 << 28 };

struct sna_edge_scan {
    sna_edges *edges;
    sna_nodes *nodes[2]; /* by end */
    id_set among[2];
    bool needs_row[2];
    sna_filter *filter; /* NULL: no condition */
    origin *name;       /* [sna_filter_names] */
    origin *column;     /* [columns] */
    uint64_t columns;
    sna_view *test, *view;
    const char **read; /* [reads] attributes of the edges */
    uint64_t reads, read_capacity;
    sna_edge_stream *stream;
    sna_selection rows;                 /* by index */
    uint64_t *position, *edge, *row[2]; /* [room] of the edges kept */
    uint8_t *keep;
    uint64_t room;
};

/* ---- opening ------------------------------------------------------------------------------------------------ */

static int read_own(sna_edge_scan *self, const char *name, origin *out)
{
    const char **grown = NULL;

    out->from = OWN;
    for (out->index = 0; out->index < self->reads; out->index++)
        if (strcmp(self->read[out->index], name) == 0)
            return 0;
    grown = sna_grow(self->read, &self->read_capacity, self->reads + 1, sizeof *grown);
    if (grown == NULL)
        return SNA_ENOMEM;
    self->read = grown;
    self->read[self->reads++] = name;
    return 0;
}

/* An attribute of the edges wins over one of the nodes, should it be called source.x itself. */
static int find_origin(sna_edge_scan *self, const char *name, origin *out)
{
    static const char *const prefix[] = {"source.", "target."};
    int status = 0;

    *out = (origin){.from = OWN};
    for (int end = SOURCE_END; end <= TARGET_END; end++) {
        if (strncmp(name, prefix[end], strlen(prefix[end])) != 0 || sna_edges_find_attribute(self->edges, name) != NULL)
            continue;
        out->from = end;
        if (self->nodes[end] == NULL)
            status = sna_error(SNA_EINVAL,
                               "`%s` asks for the nodes at the %s of %s, but they are not there: give a "
                               "circuit config that has them",
                               name, end == SOURCE_END ? "start" : "end", sna_edges_name(self->edges));
        else
            status = sna_nodes_column(self->nodes[end], name + strlen(prefix[end]), &out->column);
        self->needs_row[end] = true;
    }
    if (status == 0 && out->from == OWN)
        status = read_own(self, name, out);
    return status;
}

/* Settles the condition before anything is read. */
static int bind(sna_edge_scan *self)
{
    int status = 0;
    sna_type *type = NULL;
    uint32_t *width = NULL;
    const uint64_t names = sna_filter_names(self->filter);

    status = sna_allocate(&type, names, sizeof *type);
    if (status == 0)
        status = sna_allocate(&width, names, sizeof *width);
    for (uint64_t i = 0; i < names && status == 0; i++) {
        const origin *name = &self->name[i];
        if (name->from == OWN) {
            sna_attribute_reader *reader = NULL;
            status = sna_attribute_reader_open(&reader, &self->edges->population, self->read[name->index], false);
            if (status == 0) {
                type[i] = sna_attribute_reader_column(reader)->type;
                width[i] = sna_attribute_reader_column(reader)->width;
            }
            sna_attribute_reader_close(reader);
        } else {
            type[i] = name->column->type;
            width[i] = name->column->width;
        }
    }
    if (status == 0)
        status = sna_filter_bind(self->filter, type, width);
    free(type);
    free(width);
    return status;
}

static int open_set(id_set *self, const sna_selection *ids)
{
    int status = 0;
    const uint64_t end = ids == NULL || ids->count == 0 ? 0 : ids->range[ids->count - 1].end;

    self->ids = ids;
    if (ids == NULL || ids->count <= 1 || end > MOST_BITS)
        goto out;
    status = sna_allocate(&self->bit, (end + 63) / 64, sizeof *self->bit);
    for (uint64_t i = 0; i < ids->count && status == 0; i++)
        for (uint64_t id = ids->range[i].first; id < ids->range[i].end; id++)
            self->bit[id / 64] |= UINT64_C(1) << id % 64;
out:
    return status;
}

static bool has(const id_set *self, uint64_t id)
{
    if (self->ids->count == 0 || id >= self->ids->range[self->ids->count - 1].end)
        return false;
    return self->bit != NULL ? (self->bit[id / 64] >> id % 64 & 1) != 0 : sna_selection_has(self->ids, id);
}

/* Looks few nodes of many edges up in the file's index; nothing is done where going through all is as quick. */
static int use_index(sna_edge_scan *self, bool *used)
{
    int status = 0;
    enum { FEW_NODES = 1000, MANY_EDGES = 1000000 };
    uint64_t count = 0, *id = NULL;
    int side = -1;

    *used = false;
    for (int end = SOURCE_END; end <= TARGET_END && sna_edges_count(self->edges) >= MANY_EDGES; end++)
        if (self->among[end].ids != NULL && sna_selection_rows(self->among[end].ids) <= FEW_NODES &&
            sna_edges_has_index(self->edges, end == SOURCE_END ? SNA_EFFERENT : SNA_AFFERENT))
            side = end; /* edges to a node stand together, mostly: the target's index is the better one */
    if (side < 0)
        goto out;
    status = sna_allocate(&id, sna_selection_rows(self->among[side].ids), sizeof *id);
    for (uint64_t i = 0; status == 0 && i < self->among[side].ids->count; i++)
        for (uint64_t at = self->among[side].ids->range[i].first; at < self->among[side].ids->range[i].end; at++)
            id[count++] = at;
    if (status == 0)
        status = side == SOURCE_END ? sna_edges_efferent(self->edges, id, count, &self->rows)
                                    : sna_edges_afferent(self->edges, id, count, &self->rows);
    *used = status == 0;
out:
    free(id);
    return status;
}

static int open_stream(sna_edge_scan *self)
{
    bool indexed = false;
    sna_edge_request request = {.attribute = self->read, .attribute_count = self->reads};
    int status = use_index(self, &indexed);

    if (status != 0)
        return status;
    if (indexed)
        request.selection = &self->rows;

    if (self->among[SOURCE_END].ids != NULL || self->needs_row[SOURCE_END])
        request.parts |= SNA_EDGE_SOURCE;
    if (self->among[TARGET_END].ids != NULL || self->needs_row[TARGET_END])
        request.parts |= SNA_EDGE_TARGET;
    return sna_edge_stream_open(&self->stream, self->edges, &request);
}

int sna_edge_scan_open(sna_edge_scan **out, sna_edges *edges, sna_nodes *source, sna_nodes *target,
                       const sna_edge_scan_request *request)
{
    int status = 0;
    sna_edge_scan *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->edges = edges;
    self->nodes[SOURCE_END] = source;
    self->nodes[TARGET_END] = target;
    self->columns = request->column_count;
    status = sna_allocate(&self->column, self->columns, sizeof *self->column);
    if (status == 0)
        status = sna_allocate(&self->view, self->columns, sizeof *self->view);
    for (uint64_t i = 0; i < self->columns && status == 0; i++)
        status = find_origin(self, request->column[i], &self->column[i]);
    if (status == 0 && request->where != NULL) {
        status = sna_filter_parse(&self->filter, request->where);
        if (status == 0)
            status = sna_allocate(&self->name, sna_filter_names(self->filter), sizeof *self->name);
        if (status == 0)
            status = sna_allocate(&self->test, sna_filter_names(self->filter), sizeof *self->test);
        for (uint64_t i = 0; status == 0 && i < sna_filter_names(self->filter); i++)
            status = find_origin(self, sna_filter_name(self->filter, i), &self->name[i]);
        if (status == 0)
            status = bind(self);
    }
    if (status == 0)
        status = open_set(&self->among[SOURCE_END], request->source);
    if (status == 0)
        status = open_set(&self->among[TARGET_END], request->target);
    if (status == 0)
        status = open_stream(self);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_edge_scan_close(self);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

static int make_room(sna_edge_scan *self, uint64_t count)
{
    int status = 0;
    uint64_t **const list[] = {&self->position, &self->edge, &self->row[SOURCE_END], &self->row[TARGET_END]};

    if (count <= self->room)
        goto out;
    self->room = 0;
    free(self->keep);
    self->keep = NULL;
    status = sna_allocate(&self->keep, count, sizeof *self->keep);
    for (size_t i = 0; i < sizeof list / sizeof *list && status == 0; i++) {
        free(*list[i]);
        *list[i] = NULL;
        status = sna_allocate(list[i], count, sizeof **list[i]);
    }
    if (status == 0)
        self->room = count;
out:
    return status;
}

static uint64_t edge_at(const sna_edge_block *block, uint64_t i)
{
    return block->row != NULL ? block->row[i] : block->first + i;
}

/* Rows of the nodes at one end of the edges kept so far. */
static int find_rows(sna_edge_scan *self, int end, const sna_edge_block *block, uint64_t count)
{
    int status = 0;
    const uint64_t *id = end == SOURCE_END ? block->source : block->target;
    const sna_nodes *nodes = self->nodes[end];

    for (uint64_t i = 0; i < count; i++) {
        const uint64_t at = self->position[i];
        const int64_t row = sna_nodes_row(nodes, id[at]);
        if (row < 0) {
            status = sna_error(SNA_EFORMAT,
                               "%s: edge %" PRIu64 " of %s has the %s node %" PRIu64
                               ", but population %s has no such node (it has %" PRIu64 ")",
                               sna_edges_file(self->edges), edge_at(block, at), sna_edges_name(self->edges),
                               end == SOURCE_END ? "source" : "target", id[at], sna_nodes_name(nodes),
                               sna_nodes_count(nodes));
            break;
        }
        self->row[end][i] = (uint64_t)row;
    }
    return status;
}

static sna_view view_of(const sna_edge_scan *self, const origin *from, const sna_edge_block *block)
{
    return from->from == OWN ? (sna_view){&block->column[from->index], self->position}
                             : (sna_view){from->column, self->row[from->from]};
}

/* Positions in the block of the edges between the nodes asked for. */
static uint64_t pick(const sna_edge_scan *self, const sna_edge_block *block)
{
    uint64_t count = 0;

    for (uint64_t i = 0; i < block->count; i++)
        if ((self->among[SOURCE_END].ids == NULL || has(&self->among[SOURCE_END], block->source[i])) &&
            (self->among[TARGET_END].ids == NULL || has(&self->among[TARGET_END], block->target[i])))
            self->position[count++] = i;
    return count;
}

static int test(sna_edge_scan *self, const sna_edge_block *block, uint64_t *count)
{
    int status = 0;
    uint64_t kept = 0;

    for (uint64_t i = 0; i < sna_filter_names(self->filter); i++)
        self->test[i] = view_of(self, &self->name[i], block);
    status = sna_filter_run(self->filter, self->test, *count, self->keep);
    for (uint64_t i = 0; i < *count && status == 0; i++) {
        if (!self->keep[i])
            continue;
        self->position[kept] = self->position[i];
        for (int end = SOURCE_END; end <= TARGET_END; end++)
            if (self->needs_row[end])
                self->row[end][kept] = self->row[end][i];
        kept++;
    }
    *count = kept;
    return status;
}

int sna_edge_scan_next(sna_edge_scan *self, sna_edge_scan_block *out)
{
    int status = 0;
    sna_edge_block block;

    *out = (sna_edge_scan_block){0};
    while (status == 0 && out->count == 0) {
        status = sna_check_cancelled();
        if (status == 0)
            status = sna_edge_stream_next(self->stream, &block);
        if (status != 0 || block.count == 0)
            break;
        status = make_room(self, block.count);
        if (status != 0)
            break;
        out->count = pick(self, &block);
        for (int end = SOURCE_END; end <= TARGET_END && status == 0; end++)
            if (self->needs_row[end])
                status = find_rows(self, end, &block, out->count);
        if (status == 0 && self->filter != NULL)
            status = test(self, &block, &out->count);
    }
    if (status != 0) {
        *out = (sna_edge_scan_block){0};
        goto out;
    }
    for (uint64_t i = 0; i < out->count; i++)
        self->edge[i] = edge_at(&block, self->position[i]);
    for (uint64_t i = 0; i < self->columns && out->count > 0; i++)
        self->view[i] = view_of(self, &self->column[i], &block);
    out->edge = self->edge;
    out->view = self->view;
out:
    return status;
}

void sna_edge_scan_close(sna_edge_scan *self)
{
    if (self == NULL)
        return;
    sna_edge_stream_close(self->stream);
    sna_filter_free(self->filter);
    sna_selection_free(&self->rows);
    for (int end = SOURCE_END; end <= TARGET_END; end++) {
        free(self->among[end].bit);
        free(self->row[end]);
    }
    free(self->name);
    free(self->column);
    free(self->test);
    free(self->view);
    free(self->read);
    free(self->position);
    free(self->edge);
    free(self->keep);
    free(self);
}
