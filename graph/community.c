/* community.c: groups of cells that connect more among themselves. */
#include "graph/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- methods ------------------------------------------------------------------------------------------------ */

static int louvain(const igraph_t *graph, igraph_vector_int_t *membership)
{
    return sna_igraph_status(igraph_community_multilevel(graph, NULL, 1, membership, NULL, NULL), "communities");
}

/* Modularity is Leiden's quality with the degrees as weights of vertices and the resolution 1 / 2m. */
static int leiden(const igraph_t *graph, igraph_vector_int_t *membership)
{
    int status = 0;
    igraph_vector_t weight;
    const double edges = (double)igraph_ecount(graph);
    igraph_integer_t count = 0;
    igraph_real_t quality = 0;

    status = sna_igraph_status(igraph_vector_init(&weight, 0), "communities");
    if (status != 0)
        return status;
    status = sna_igraph_status(igraph_strength(graph, &weight, igraph_vss_all(), IGRAPH_ALL, IGRAPH_LOOPS, NULL),
                               "communities");
    if (status == 0)
        status = sna_igraph_status(igraph_community_leiden(graph, NULL, &weight, edges > 0 ? 1 / (2 * edges) : 0, 0.01,
                                                           false, -1, membership, &count, &quality),
                                   "communities");
    igraph_vector_destroy(&weight);
    return status;
}

static int infomap(const igraph_t *graph, igraph_vector_int_t *membership)
{
    enum { TRIALS = 10 };
    igraph_real_t length = 0;

    return sna_igraph_status(igraph_community_infomap(graph, NULL, NULL, TRIALS, membership, &length), "communities");
}

/* ---- tables ------------------------------------------------------------------------------------------------- */

/* Numbers communities 0, 1, ... from the largest on, equal ones by their first cell. */
typedef struct {
    uint64_t old, size, first;
} community;

static int compare_communities(const void *a, const void *b)
{
    const community *x = a, *y = b;

    return x->size != y->size ? (x->size < y->size ? 1 : -1) : (x->first > y->first) - (x->first < y->first);
}

static int number_by_size(uint64_t *member, uint64_t cells, uint64_t *communities)
{
    int status = 0;
    uint64_t most = 0, *fresh = NULL;
    community *list = NULL;

    for (uint64_t v = 0; v < cells; v++)
        most = member[v] + 1 > most ? member[v] + 1 : most;
    status = sna_allocate(&list, most, sizeof *list);
    if (status == 0)
        status = sna_allocate(&fresh, most, sizeof *fresh);
    if (status != 0)
        goto out;
    for (uint64_t v = cells; v-- > 0;) {
        list[member[v]].size++;
        list[member[v]].first = v;
    }
    for (uint64_t c = 0; c < most; c++)
        list[c].old = c;
    if (most > 0)
        qsort(list, most, sizeof *list, compare_communities);
    *communities = 0;
    for (uint64_t c = 0; c < most; c++) {
        fresh[list[c].old] = c;
        *communities += list[c].size > 0;
    }
    for (uint64_t v = 0; v < cells; v++)
        member[v] = fresh[member[v]];
out:
    free(list);
    free(fresh);
    return status;
}

static int make_table(const sna_graph *self, const uint64_t *member, uint64_t communities, const char *method,
                      double modularity, sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;
    const uint64_t cells = sna_graph_vertices(self), labels = self->labels.count, width = labels + 3;
    uint64_t *count = NULL; /* [communities][size, within, leaving, labels...] */
    char name[SNA_NUMBER_SIZE];

    *out = NULL;
    status = sna_allocate(&count, communities * width, sizeof *count);
    if (status != 0)
        goto out;
    for (uint64_t v = 0; v < cells; v++) {
        count[member[v] * width]++;
        count[member[v] * width + 3 + self->label[v]]++;
    }
    for (uint64_t i = 0; i < self->arcs.count; i++) {
        const sna_arc *arc = &self->arcs.arc[i];
        const bool again = i > 0 && arc[-1].source == arc->source && arc[-1].target == arc->target;
        if (!again)
            count[member[arc->source] * width + (member[arc->source] == member[arc->target] ? 1 : 2)]++;
    }
    status = sna_table_create(&table, "Communities", "community");
    if (status == 0)
        status = sna_table_add_column(table, "cells", NULL, SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(table, "edges_within", NULL, SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(table, "edges_leaving", NULL, SNA_INTEGER);
    for (uint64_t l = 0; l < labels && status == 0; l++)
        status = sna_table_add_column(table, self->labels.text[l], NULL, SNA_INTEGER);
    for (uint64_t c = 0; c < communities && status == 0; c++) {
        (void)snprintf(name, sizeof name, "%llu", (unsigned long long)c);
        status = sna_table_add_row(table, name);
        for (uint64_t k = 0; k < width && status == 0; k++)
            status = sna_table_set_integer(table, c, k, (int64_t)count[c * width + k]);
    }
    if (status == 0)
        status =
            sna_table_add_note(table, "Found by %s; modularity %s.", method, sna_number_round(name, modularity, 6));
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    free(count);
    return status;
}

static int make_members(const sna_graph *self, const uint64_t *member, sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    status = sna_table_create(&table, "Communities of cells", NULL);
    if (status == 0)
        status = sna_table_add_column(table, "population", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(table, "node_id", NULL, SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(table, "label", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(table, "community", NULL, SNA_INTEGER);
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
            if (status == 0)
                status = sna_table_set_integer(table, v, 3, (int64_t)member[v]);
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

/* ---- public ------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool directed;
    int (*find)(const igraph_t *graph, igraph_vector_int_t *membership);
} methods[] = {{"louvain", false, louvain}, {"leiden", false, leiden}, {"infomap", true, infomap}};

/* Finds the communities; *member [cells] is the caller's to free. */
static int find_communities(const sna_graph *self, size_t method, uint64_t *member, double *modularity)
{
    int status = 0;
    igraph_t graph;
    igraph_vector_int_t membership;
    const bool directed = methods[method].directed;

    *modularity = NAN;
    status = directed ? sna_graph_simple(self, &graph) : sna_graph_undirected(self, &graph);
    if (status != 0)
        return status;
    status = sna_igraph_status(igraph_vector_int_init(&membership, 0), "communities");
    if (status != 0) {
        igraph_destroy(&graph);
        return status;
    }
    status = methods[method].find(&graph, &membership);
    if (status == 0 && igraph_ecount(&graph) > 0)
        status = sna_igraph_status(igraph_modularity(&graph, &membership, NULL, 1, directed, modularity), "modularity");
    for (uint64_t v = 0; status == 0 && v < sna_graph_vertices(self); v++)
        member[v] = (uint64_t)VECTOR(membership)[v];
    igraph_vector_int_destroy(&membership);
    igraph_destroy(&graph);
    return status;
}

int sna_graph_communities(const sna_graph *self, const char *method, sna_table **out, sna_table **members)
{
    int status = 0;
    size_t chosen = 0;
    uint64_t *member = NULL, communities = 0;
    double modularity = NAN;
    sna_igraph_guard guard;
    sna_table *table = NULL;

    *out = NULL;
    if (members != NULL)
        *members = NULL;
    while (chosen < sizeof methods / sizeof *methods && strcmp(method, methods[chosen].name) != 0)
        chosen++;
    if (chosen == sizeof methods / sizeof *methods) {
        status = sna_error(SNA_EINVAL, "`%s` finds no communities; there is: louvain, leiden, infomap", method);
        goto out;
    }
    status = sna_allocate(&member, sna_graph_vertices(self), sizeof *member);
    if (status != 0)
        goto out;
    status = sna_igraph_enter(&guard, self->seed, "graph communities");
    if (status == 0)
        status = find_communities(self, chosen, member, &modularity);
    sna_igraph_leave(&guard);
    if (status == 0)
        status = number_by_size(member, sna_graph_vertices(self), &communities);
    if (status == 0)
        status = make_table(self, member, communities, method, modularity, &table);
    if (status == 0 && members != NULL)
        status = make_members(self, member, members);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    free(member);
    return status;
}
