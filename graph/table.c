/* table.c: what connects to each cell, and how much, as tables. */
#include "graph/internal.h"

#include <stdlib.h>

/* A table with a row for each cell: population, id and label. */
static int create(const sna_graph *self, const char *title, const char *label_column, sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    status = sna_table_create(&table, title, NULL);
    if (status == 0)
        status = sna_table_add_column(table, "population", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(table, "node_id", NULL, SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(table, label_column, NULL, SNA_TEXT);
    for (uint64_t p = 0; p < self->arcs.populations; p++) {
        sna_nodes *nodes = self->arcs.nodes[p];
        for (uint64_t v = self->arcs.first[p]; v < self->arcs.first[p + 1] && status == 0; v++) {
            status = sna_table_add_row(table, NULL);
            if (status == 0)
                status = sna_table_set_text(table, v, 0, sna_nodes_name(nodes));
            if (status == 0)
                status = sna_table_set_integer(table, v, 1, (int64_t)sna_nodes_id(nodes, v - self->arcs.first[p]));
            if (status == 0)
                status = sna_table_set_text(table, v, 2, self->labels.text[self->label[v]]);
        }
    }
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

/* Is the arc the first between its two cells? A gap junction may stand beside a connection. */
static bool is_new(const sna_graph *self, uint64_t arc)
{
    const sna_arc *own = &self->arcs.arc[arc];

    return arc == 0 || own[-1].source != own->source || own[-1].target != own->target;
}

int sna_graph_table(const sna_graph *self, sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;
    sna_string name = SNA_STRING;
    uint64_t *incoming = NULL; /* [cells][labels] */
    const uint64_t cells = sna_graph_vertices(self), labels = self->labels.count;
    uint64_t size = 0;

    *out = NULL;
    if (__builtin_mul_overflow(cells, labels, &size))
        status = sna_error(SNA_ENOMEM, "no memory for %llu cells by %llu labels", (unsigned long long)cells,
                           (unsigned long long)labels);
    if (status == 0)
        status = sna_allocate(&incoming, size, sizeof *incoming);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->arcs.count; i++) {
        const sna_arc *arc = &self->arcs.arc[i];
        if (is_new(self, i))
            incoming[arc->target * labels + self->label[arc->source]]++;
    }
    status = create(self, "Cells and what connects to them", "Node Label", &table);
    for (uint64_t l = 0; l < labels && status == 0; l++) {
        name.length = 0;
        status = sna_string_format(&name, "%s incoming Connections", self->labels.text[l]);
        if (status == 0)
            status = sna_table_add_column(table, sna_string_text(&name), NULL, SNA_INTEGER);
    }
    for (uint64_t v = 0; v < cells && status == 0; v++) {
        for (uint64_t l = 0; l < labels && status == 0; l++)
            status = sna_table_set_integer(table, v, 3 + l, (int64_t)incoming[v * labels + l]);
    }
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    sna_string_free(&name);
    free(incoming);
    return status;
}

int sna_graph_degrees(const sna_graph *self, sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;
    uint64_t *degree = NULL; /* [2][cells]: in, out */
    const uint64_t cells = sna_graph_vertices(self);

    *out = NULL;
    status = sna_allocate(&degree, cells, 2 * sizeof *degree);
    for (uint64_t i = 0; i < self->arcs.count && status == 0; i++) {
        if (is_new(self, i)) {
            degree[self->arcs.arc[i].target]++;
            degree[cells + self->arcs.arc[i].source]++;
        }
    }
    if (status == 0)
        status = create(self, "Degrees of cells", "label", &table);
    if (status == 0)
        status = sna_table_add_column(table, "in_degree", NULL, SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(table, "out_degree", NULL, SNA_INTEGER);
    for (uint64_t v = 0; v < cells && status == 0; v++) {
        status = sna_table_set_integer(table, v, 3, (int64_t)degree[v]);
        if (status == 0)
            status = sna_table_set_integer(table, v, 4, (int64_t)degree[cells + v]);
    }
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    free(degree);
    return status;
}
