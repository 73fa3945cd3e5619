/* found.c: what the files of a network that was built hold, read without the builder's help. */
#include "found.h"

#include <inttypes.h>
#include <stdlib.h>

#include "node_values.h"

/* ---- nodes -------------------------------------------------------------------------------------------------- */

/* "FILE: population: sentence". */
static int contradiction(const sna_nodes *nodes, const char *format, ...) SNA_PRINTF(2, 3);

static int contradiction(const sna_nodes *nodes, const char *format, ...)
{
    char *text = NULL;
    int status;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    status = sna_error(SNA_EFORMAT, "%s: %s: %s", sna_nodes_file(nodes), sna_nodes_name(nodes),
                       text == NULL ? "is not what the specification says" : text);
    free(text);
    return status;
}

static int check_types(const sna_population *population, sna_nodes *nodes)
{
    const int64_t *type_id = NULL;
    int status = 0;

    if (sna_nodes_count(nodes) != population->count) {
        status = contradiction(nodes, "has %" PRIu64 " nodes, the specification says %" PRIu64, sna_nodes_count(nodes),
                               population->count);
        goto out;
    }
    if (!sna_nodes_ids_are_rows(nodes)) {
        status = contradiction(nodes, "its node ids are not 0, 1, 2..., which those of a build are");
        goto out;
    }
    status = sna_nodes_type_ids(nodes, &type_id);
    for (uint64_t t = 0; t < population->types && status == 0; t++) {
        const sna_node_type *type = &population->type[t];
        const int64_t expected = SNA_FIRST_TYPE_ID + (int64_t)t;
        for (uint64_t id = type->first; id < type->end && status == 0; id++) {
            if (type_id[id] != expected)
                status = contradiction(
                    nodes, "node %" PRIu64 " is of type %" PRId64 ", the specification makes it one of %" PRId64, id,
                    type_id[id], expected);
        }
    }
out:
    return status;
}

static int take_positions(sna_population *population, sna_nodes *nodes)
{
    const double(*position)[3] = NULL;
    unsigned dimensions = 0;
    int status = sna_nodes_positions(nodes, &position, &dimensions);

    for (uint64_t t = 0; t < population->types && status == 0; t++) {
        const sna_node_type *type = &population->type[t];
        if (type->place == NULL && population->place == NULL)
            continue;
        if (population->position == NULL) {
            status = sna_allocate(&population->position, population->count, sizeof *population->position);
            for (uint64_t id = 0; id < population->count && status == 0; id++)
                population->position[id][0] = population->position[id][1] = population->position[id][2] = NAN;
        }
        for (uint64_t id = type->first; id < type->end && status == 0; id++) {
            for (unsigned d = 0; d < 3 && status == 0; d++) {
                population->position[id][d] = position[id][d];
                if (dimensions < 3 || !isfinite(position[id][d]))
                    status = contradiction(nodes, "node %" PRIu64 " has no %c, which the specification gives it", id,
                                           "xyz"[d]);
            }
        }
    }
    return status;
}

/* What the specification would have drawn is there already: a number that was stored with fewer digits stays exact. */
static int take_column(sna_population *population, sna_node_column *column, sna_nodes *nodes)
{
    const sna_column *found = NULL;
    int status = 0;

    if (sna_nodes_find_attribute(nodes, column->name) == NULL)
        status = contradiction(nodes, "has no `%s`, which the specification gives its nodes", column->name);
    if (status == 0)
        status = sna_nodes_column(nodes, column->name, &found);
    if (status == 0 && (found->type == SNA_TEXT) != (column->type == SNA_TEXT))
        status = contradiction(nodes, "`%s` holds %s, the specification says otherwise", column->name,
                               found->type == SNA_TEXT ? "texts" : "numbers");
    for (uint64_t t = 0; t < population->types && status == 0; t++) {
        const sna_node_type *type = &population->type[t];
        if (!sna_node_type_generates(type, column->name))
            continue;
        for (uint64_t id = type->first; id < type->end; id++) {
            if (column->integer != NULL)
                column->integer[id] = sna_column_integer(found, id);
            else if (column->text != NULL)
                column->text[id] = sna_column_text(found, id);
            else if ((float)column->real[id] != (float)sna_column_real(found, id))
                column->real[id] = sna_column_real(found, id);
        }
    }
    return status;
}

int sna_found_nodes(const sna_network *self, sna_population *population)
{
    sna_nodes *nodes = NULL;
    int status = sna_circuit_nodes(self->circuit, population->name, &nodes);

    if (status != 0) {
        status = sna_error_in(status == SNA_ENOTFOUND ? SNA_EFORMAT : status, "%s", sna_circuit_path(self->circuit));
        goto out;
    }
    status = check_types(population, nodes);
    if (status == 0)
        status = take_positions(population, nodes);
    for (uint64_t c = 0; c < population->columns && status == 0; c++)
        status = take_column(population, &population->column[c], nodes);
out:
    return status;
}

/* ---- edges -------------------------------------------------------------------------------------------------- */

static int find_edges(const sna_network *self, uint64_t file, sna_edges **out)
{
    const char *source = self->population[self->file[file].source_population].name,
               *target = self->population[self->file[file].target_population].name;
    char *name = NULL;
    int status = sna_text_format(&name, "%s_to_%s", source, target);

    if (status == 0)
        status = sna_circuit_edges(self->circuit, name, out);
    if (status == SNA_ENOTFOUND)
        status = SNA_EFORMAT;
    free(name);
    return sna_error_in(status, "%s", sna_circuit_path(self->circuit));
}

uint64_t sna_found_rows(const sna_network *self)
{
    sna_edges *edges = NULL;
    uint64_t rows = 0;

    for (uint64_t file = 0; file < self->files; file++)
        rows += find_edges(self, file, &edges) == 0 ? sna_edges_count(edges) : 0;
    return rows;
}

/* The projection of an edge type in this file. */
static uint64_t projection_of(const sna_network *self, uint64_t file, int64_t type_id)
{
    const uint64_t index = (uint64_t)type_id - SNA_FIRST_TYPE_ID;

    return type_id >= SNA_FIRST_TYPE_ID && index < self->projections && self->projection[index].file == file
               ? index
               : UINT64_MAX;
}

/* Joins rows to edges. */
typedef struct {
    const sna_network *network;
    sna_found_edge_taker take;
    void *context;
    sna_found_edge edge; /* being put together; rows = 0: none */
} joiner;

static int give(joiner *self)
{
    return self->edge.rows == 0 ? 0 : self->take(self->context, &self->edge);
}

static int add_row(joiner *self, const sna_found_edge *row, bool per_synapse)
{
    sna_found_edge *edge = &self->edge;
    const bool same =
        edge->rows > 0 && edge->source == row->source && edge->target == row->target && edge->type_id == row->type_id;
    sna_found_edge next = *row;
    int status = 0;

    if (same && per_synapse) {
        edge->rows++;
        edge->synapses += row->synapses;
        return 0;
    }
    next.repeated = same;
    next.ordered =
        edge->rows == 0 || row->target > edge->target || (row->target == edge->target && row->source >= edge->source);
    status = give(self);
    self->edge = next;
    return status;
}

int sna_found_edges(const sna_network *self, uint64_t file, sna_found_edge_taker take, void *context)
{
    static const char *const nsyns[] = {"nsyns"};
    joiner join = {.network = self, .take = take, .context = context};
    sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET | SNA_EDGE_TYPE};
    sna_edge_block block = {0};
    sna_edge_stream *stream = NULL;
    sna_edges *edges = NULL;
    int status = find_edges(self, file, &edges);

    if (status != 0)
        goto out;
    if (sna_edges_find_attribute(edges, "nsyns") != NULL) {
        request.attribute = nsyns;
        request.attribute_count = 1;
    }
    status = sna_edge_stream_open(&stream, edges, &request);
    while (status == 0 && (status = sna_edge_stream_next(stream, &block)) == 0 && block.count > 0) {
        status = sna_check_cancelled();
        for (uint64_t i = 0; i < block.count && status == 0; i++) {
            sna_found_edge row = {.row = block.first + i,
                                  .rows = 1,
                                  .projection = projection_of(self, file, block.type[i]),
                                  .source = block.source[i],
                                  .target = block.target[i],
                                  .synapses = 1,
                                  .type_id = block.type[i]};
            const bool per_synapse =
                row.projection != UINT64_MAX && self->projection[row.projection].entry->generators.count > 0;
            if (request.attribute_count > 0 && !sna_column_is_missing(&block.column[0], i)) {
                const int64_t synapses = sna_column_integer(&block.column[0], i);
                row.synapses = synapses > 0 ? (uint64_t)synapses : 0;
            }
            status = add_row(&join, &row, per_synapse);
        }
    }
    if (status == 0)
        status = give(&join);
out:
    sna_edge_stream_close(stream);
    return status;
}
