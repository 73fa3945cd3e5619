/* network.c: what a network consists of: its populations, and the kinds of cells in them. */
#include "connectivity/internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- populations -------------------------------------------------------------------------------------------- */

/* The names of a population's attributes, for a cell of a table. */
static int join_attributes(const sna_nodes *nodes, const sna_edges *edges, sna_string *out)
{
    int status = 0;
    sna_list names = SNA_LIST;
    const uint64_t count = nodes != NULL ? sna_nodes_attributes(nodes) : sna_edges_attributes(edges);

    for (uint64_t i = 0; i < count && status == 0; i++)
        status = sna_list_add(&names, nodes != NULL ? sna_nodes_attribute(nodes, i)->name
                                                    : sna_edges_attribute(edges, i)->name);
    if (status == 0)
        status = sna_list_join(&names, 40, out);
    sna_list_free(&names);
    return status;
}

static int add_columns(sna_table *table, const char *const *name, const sna_type *type, uint64_t count)
{
    int status = 0;

    for (uint64_t i = 0; i < count && status == 0; i++)
        status = sna_table_add_column(table, name[i], NULL, type[i]);
    return status;
}

static int add_nodes(sna_circuit *circuit, uint64_t index, sna_table *table)
{
    int status = 0;
    const uint64_t row = sna_table_rows(table);
    const char *kind = sna_circuit_node_property(circuit, index, "type");
    sna_nodes *nodes = NULL;
    sna_string attributes = SNA_STRING;

    status = sna_circuit_nodes_at(circuit, index, &nodes);
    if (status == 0)
        status = join_attributes(nodes, NULL, &attributes);
    if (status == 0)
        status = sna_table_add_row(table, sna_nodes_name(nodes));
    if (status == 0)
        status = sna_table_set_integer(table, row, 0, (int64_t)sna_nodes_count(nodes));
    if (status == 0 && sna_nodes_types(nodes) != NULL)
        status = sna_table_set_integer(table, row, 1, (int64_t)sna_types_count(sna_nodes_types(nodes)));
    if (status == 0 && kind != NULL)
        status = sna_table_set_text(table, row, 2, kind);
    if (status == 0)
        status = sna_table_set_text(table, row, 3, sna_nodes_file(nodes));
    if (status == 0)
        status = sna_table_set_text(table, row, 4, sna_string_text(&attributes));
    sna_string_free(&attributes);
    return status;
}

int sna_circuit_node_table(sna_circuit *circuit, sna_table **out)
{
    static const char *const name[] = {"nodes", "types", "type", "file", "attributes"};
    static const sna_type type[] = {SNA_INTEGER, SNA_INTEGER, SNA_TEXT, SNA_TEXT, SNA_TEXT};
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    status = sna_table_create(&table, "Node populations", "population");
    if (status == 0)
        status = add_columns(table, name, type, sizeof name / sizeof *name);
    for (uint64_t i = 0; i < sna_circuit_node_populations(circuit) && status == 0; i++)
        status = add_nodes(circuit, i, table);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

static int add_edges(sna_circuit *circuit, uint64_t index, sna_table *table)
{
    int status = 0;
    const uint64_t row = sna_table_rows(table);
    const char *kind = sna_circuit_edge_property(circuit, index, "type");
    sna_edges *edges = NULL;
    sna_string attributes = SNA_STRING;

    status = sna_circuit_edges_at(circuit, index, &edges);
    if (status == 0)
        status = join_attributes(NULL, edges, &attributes);
    if (status == 0)
        status = sna_table_add_row(table, sna_edges_name(edges));
    if (status == 0 && sna_edges_source_population(edges) != NULL)
        status = sna_table_set_text(table, row, 0, sna_edges_source_population(edges));
    if (status == 0 && sna_edges_target_population(edges) != NULL)
        status = sna_table_set_text(table, row, 1, sna_edges_target_population(edges));
    if (status == 0)
        status = sna_table_set_integer(table, row, 2, (int64_t)sna_edges_count(edges));
    if (status == 0 && sna_edges_types(edges) != NULL)
        status = sna_table_set_integer(table, row, 3, (int64_t)sna_types_count(sna_edges_types(edges)));
    if (status == 0 && kind != NULL)
        status = sna_table_set_text(table, row, 4, kind);
    if (status == 0)
        status = sna_table_set_boolean(
            table, row, 5, sna_edges_has_index(edges, SNA_AFFERENT) && sna_edges_has_index(edges, SNA_EFFERENT));
    if (status == 0)
        status = sna_table_set_text(table, row, 6, sna_edges_file(edges));
    if (status == 0)
        status = sna_table_set_text(table, row, 7, sna_string_text(&attributes));
    sna_string_free(&attributes);
    return status;
}

int sna_circuit_edge_table(sna_circuit *circuit, sna_table **out)
{
    static const char *const name[] = {"source", "target", "edges", "types", "type", "indexed", "file", "attributes"};
    static const sna_type type[] = {SNA_TEXT, SNA_TEXT,    SNA_INTEGER, SNA_INTEGER,
                                    SNA_TEXT, SNA_BOOLEAN, SNA_TEXT,    SNA_TEXT};
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    status = sna_table_create(&table, "Edge populations", "population");
    if (status == 0)
        status = add_columns(table, name, type, sizeof name / sizeof *name);
    for (uint64_t i = 0; i < sna_circuit_edge_populations(circuit) && status == 0; i++)
        status = add_edges(circuit, i, table);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

/* ---- kinds of cells ----------------------------------------------------------------------------------------- */

enum { CELL_COLUMNS = 5 };
static const char *const cell_column[CELL_COLUMNS] = {"node_type_id", "pop_name", "model_type", "model_template",
                                                      "morphology"};

/* The labels of one population. */
typedef struct {
    const uint32_t *code[CELL_COLUMNS]; /* [nodes], NULL where the population lacks the column */
    const sna_list *texts[CELL_COLUMNS];
} cell_labels;

/* Neighbouring nodes of one kind; later all nodes of a kind, `first` being the first of them. */
typedef struct {
    const cell_labels *labels;
    uint64_t first, count;
} cell_kind;

static int compare_kinds(const void *a, const void *b)
{
    const cell_kind *x = a, *y = b;

    for (int c = 0; c < CELL_COLUMNS; c++) {
        if (x->labels->code[c] != NULL) {
            const uint32_t left = x->labels->code[c][x->first], right = x->labels->code[c][y->first];
            if (left != right)
                return left < right ? -1 : 1;
        }
    }
    return 0;
}

static int compare_kinds_and_places(const void *a, const void *b)
{
    const uint64_t x = ((const cell_kind *)a)->first, y = ((const cell_kind *)b)->first;
    const int order = compare_kinds(a, b);

    return order != 0 ? order : (x > y) - (x < y);
}

static int compare_places(const void *a, const void *b)
{
    const uint64_t x = ((const cell_kind *)a)->first, y = ((const cell_kind *)b)->first;

    return (x > y) - (x < y);
}

static int list_kinds(const cell_labels *labels, uint64_t nodes, cell_kind **out, uint64_t *count)
{
    int status = 0;
    cell_kind *kind = NULL;
    uint64_t kinds = 0, capacity = 0;

    for (uint64_t i = 0; i < nodes; i++) {
        const cell_kind here = {labels, i, 1};
        if (kinds > 0 && compare_kinds(&kind[kinds - 1], &here) == 0) {
            kind[kinds - 1].count++;
        } else {
            cell_kind *grown = sna_grow(kind, &capacity, kinds + 1, sizeof *grown);
            if (grown == NULL) {
                status = SNA_ENOMEM;
                goto out;
            }
            kind = grown;
            kind[kinds++] = here;
        }
    }
    if (kinds > 0) {
        uint64_t last = 0;
        qsort(kind, kinds, sizeof *kind, compare_kinds_and_places);
        for (uint64_t k = 1; k < kinds; k++) {
            if (compare_kinds(&kind[last], &kind[k]) == 0)
                kind[last].count += kind[k].count;
            else
                kind[++last] = kind[k];
        }
        kinds = last + 1;
        qsort(kind, kinds, sizeof *kind, compare_places);
    }
    *out = kind;
    *count = kinds;
    kind = NULL;
out:
    free(kind);
    return status;
}

static int add_kinds(sna_nodes *nodes, const int64_t *column, sna_table *table)
{
    int status = 0;
    cell_labels labels = {{NULL}, {NULL}};
    cell_kind *kind = NULL;
    uint64_t kinds = 0;

    for (int c = 0; c < CELL_COLUMNS && status == 0; c++) {
        if (column[c] >= 0 && (c == 0 || sna_nodes_find_attribute(nodes, cell_column[c]) != NULL))
            status = sna_nodes_labels(nodes, cell_column[c], &labels.code[c], &labels.texts[c]);
    }
    if (status == 0)
        status = list_kinds(&labels, sna_nodes_count(nodes), &kind, &kinds);
    for (uint64_t k = 0; k < kinds && status == 0; k++) {
        const uint64_t row = sna_table_rows(table);
        status = sna_table_add_row(table, sna_nodes_name(nodes));
        for (int c = 0; c < CELL_COLUMNS && status == 0; c++) {
            const char *text = labels.code[c] != NULL ? labels.texts[c]->text[labels.code[c][kind[k].first]] : "";
            if (text[0] != '\0')
                status = sna_table_set_text(table, row, (uint64_t)column[c], text);
        }
        if (status == 0)
            status = sna_table_set_integer(table, row, sna_table_columns(table) - 1, (int64_t)kind[k].count);
    }
    free(kind);
    return status;
}

int sna_circuit_cell_table(sna_circuit *circuit, sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;
    int64_t column[CELL_COLUMNS];
    const uint64_t populations = sna_circuit_node_populations(circuit);

    *out = NULL;
    status = sna_table_create(&table, "Cells", "population");
    for (int c = 0; c < CELL_COLUMNS && status == 0; c++) {
        bool any = c == 0;
        for (uint64_t i = 0; i < populations && status == 0 && !any; i++) {
            sna_nodes *nodes = NULL;
            status = sna_circuit_nodes_at(circuit, i, &nodes);
            any = status == 0 && sna_nodes_find_attribute(nodes, cell_column[c]) != NULL;
        }
        column[c] = any ? (int64_t)sna_table_columns(table) : -1;
        if (status == 0 && any)
            status = sna_table_add_column(table, cell_column[c], NULL, SNA_TEXT);
    }
    if (status == 0)
        status = sna_table_add_column(table, "cells", NULL, SNA_INTEGER);
    for (uint64_t i = 0; i < populations && status == 0; i++) {
        sna_nodes *nodes = NULL;
        status = sna_circuit_nodes_at(circuit, i, &nodes);
        if (status == 0)
            status = add_kinds(nodes, column, table);
    }
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}
