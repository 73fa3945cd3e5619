/* centrality.c: how central each cell is. */
#include "graph/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sources of paths: at most and at least, and edges to follow from all of them together. */
enum { MOST_SAMPLES = 2000, LEAST_SAMPLES = 100, AT_ONCE = 64, MEASURES = 6 };
static const uint64_t most_steps = 200000000;

static const char *const measure_name[MEASURES] = {"in_degree",   "out_degree", "pagerank",
                                                   "betweenness", "closeness",  "core"};

/* ---- measures, each [cells] --------------------------------------------------------------------------------- */

static int degrees(const igraph_t *graph, igraph_neimode_t mode, double *out)
{
    int status = 0;
    igraph_vector_int_t degree;

    status = sna_igraph_status(igraph_vector_int_init(&degree, 0), "degrees");
    if (status != 0)
        return status;
    status = sna_igraph_status(igraph_degree(graph, &degree, igraph_vss_all(), mode, IGRAPH_LOOPS), "degrees");
    for (igraph_integer_t v = 0; status == 0 && v < igraph_vcount(graph); v++)
        out[v] = (double)VECTOR(degree)[v];
    igraph_vector_int_destroy(&degree);
    return status;
}

static int pagerank(const igraph_t *graph, double *out)
{
    int status = 0;
    igraph_vector_t rank;
    igraph_real_t value = 0;

    status = sna_igraph_status(igraph_vector_init(&rank, 0), "PageRank");
    if (status != 0)
        return status;
    status = sna_igraph_status(
        igraph_pagerank(graph, IGRAPH_PAGERANK_ALGO_PRPACK, &rank, &value, igraph_vss_all(), true, 0.85, NULL, NULL),
        "PageRank");
    for (igraph_integer_t v = 0; status == 0 && v < igraph_vcount(graph); v++)
        out[v] = VECTOR(rank)[v];
    igraph_vector_destroy(&rank);
    return status;
}

/* Some of the sources, and how often each cell is on the way of their shortest paths. */
static int add_betweenness(const igraph_t *graph, const igraph_vector_int_t *few, igraph_vector_t *between, double *out)
{
    const int status = sna_igraph_status(igraph_betweenness_subset(graph, between, igraph_vss_all(), true,
                                                                   igraph_vss_vector(few), igraph_vss_all(), NULL),
                                         "betweenness");

    for (igraph_integer_t v = 0; status == 0 && v < igraph_vcount(graph); v++)
        out[v] += VECTOR(*between)[v];
    return status;
}

/* The sum of 1 / distance from them, and how many of them are other cells. */
static int add_closeness(const igraph_t *graph, const igraph_vector_int_t *few, igraph_matrix_t *distance, double *out,
                         double *others)
{
    const int status = sna_igraph_status(
        igraph_distances(graph, distance, igraph_vss_vector(few), igraph_vss_all(), IGRAPH_OUT), "closeness");

    for (igraph_integer_t v = 0; status == 0 && v < igraph_vcount(graph); v++) {
        for (igraph_integer_t s = 0; s < igraph_vector_int_size(few); s++) {
            const double d = MATRIX(*distance, s, v);
            others[v] += VECTOR(*few)[s] != v;
            out[v] += d > 0 && isfinite(d) ? 1 / d : 0;
        }
    }
    return status;
}

/* Betweenness and closeness by shortest paths from `sources`; of betweenness, all (n - 1)(n - 2) ordered pairs of
 * others would be the whole. */
static int follow_paths(const igraph_t *graph, const igraph_vector_int_t *sources, double *between, double *close)
{
    int status = 0;
    igraph_matrix_t distance;
    igraph_vector_t passing;
    const igraph_integer_t n = igraph_vcount(graph), count = igraph_vector_int_size(sources);
    const double all = ((double)n - 1) * ((double)n - 2), share = (double)n / (double)count;
    double *others = NULL;
    sna_progress progress;

    status = sna_igraph_status(igraph_matrix_init(&distance, 0, 0), "closeness");
    if (status != 0)
        return status;
    status = sna_igraph_status(igraph_vector_init(&passing, 0), "betweenness");
    if (status != 0) {
        igraph_matrix_destroy(&distance);
        return status;
    }
    status = sna_allocate(&others, (uint64_t)n, sizeof *others);
    sna_progress_start(&progress, "following paths", "cells", (uint64_t)count);
    for (igraph_integer_t done = 0; done < count && status == 0; done += AT_ONCE) {
        igraph_vector_int_t few;
        igraph_vector_int_view(&few, VECTOR(*sources) + done, count - done < AT_ONCE ? count - done : AT_ONCE);
        status = sna_check_cancelled();
        if (status == 0)
            status = add_betweenness(graph, &few, &passing, between);
        if (status == 0)
            status = add_closeness(graph, &few, &distance, close, others);
        sna_progress_update(&progress, (uint64_t)(done + igraph_vector_int_size(&few)));
    }
    sna_progress_end(&progress);
    for (igraph_integer_t v = 0; v < n && status == 0; v++) {
        between[v] = n > 2 ? between[v] * share / all : NAN;
        close[v] = others[v] > 0 ? close[v] / others[v] : NAN;
    }
    free(others);
    igraph_vector_destroy(&passing);
    igraph_matrix_destroy(&distance);
    return status;
}

static int cores(const igraph_t *graph, double *out)
{
    int status = 0;
    igraph_vector_int_t core;

    status = sna_igraph_status(igraph_vector_int_init(&core, 0), "core numbers");
    if (status != 0)
        return status;
    status = sna_igraph_status(igraph_coreness(graph, &core, IGRAPH_ALL), "core numbers");
    for (igraph_integer_t v = 0; status == 0 && v < igraph_vcount(graph); v++)
        out[v] = (double)VECTOR(core)[v];
    igraph_vector_int_destroy(&core);
    return status;
}

/* value[m][v]; *sampled is how many sources paths were taken from. */
static int measure(const sna_graph *self, uint64_t samples, double *const value[MEASURES], uint64_t *sampled)
{
    int status = 0;
    igraph_t simple;
    igraph_vector_int_t sources;

    status = sna_graph_simple(self, &simple);
    if (status != 0)
        return status;
    status = sna_igraph_status(igraph_vector_int_init(&sources, 0), "sampling");
    if (status != 0) {
        igraph_destroy(&simple);
        return status;
    }
    status = sna_graph_sample(self, "graph centrality, sources", sna_graph_vertices(self), samples, &sources);
    *sampled = (uint64_t)igraph_vector_int_size(&sources);
    if (status == 0)
        status = degrees(&self->directed, IGRAPH_IN, value[0]);
    if (status == 0)
        status = degrees(&self->directed, IGRAPH_OUT, value[1]);
    if (status == 0)
        status = pagerank(&self->directed, value[2]);
    if (status == 0 && *sampled > 0)
        status = follow_paths(&simple, &sources, value[3], value[4]);
    if (status == 0)
        status = cores(&simple, value[5]);
    igraph_vector_int_destroy(&sources);
    igraph_destroy(&simple);
    return status;
}

/* ---- the table ---------------------------------------------------------------------------------------------- */

typedef struct {
    double value;
    uint64_t cell;
} rank;

/* Largest first, NaN last; equal ones by cell. */
static int compare_ranks(const void *a, const void *b)
{
    const rank *x = a, *y = b;
    const double left = isnan(x->value) ? -INFINITY : x->value, right = isnan(y->value) ? -INFINITY : y->value;

    return left != right ? (left < right ? 1 : -1) : (x->cell > y->cell) - (x->cell < y->cell);
}

static int add_cell(const sna_graph *self, sna_table *table, uint64_t cell, double *const value[MEASURES])
{
    int status = 0;
    const uint64_t row = sna_table_rows(table), p = sna_arcs_population(&self->arcs, cell);

    status = sna_table_add_row(table, NULL);
    if (status == 0)
        status = sna_table_set_text(table, row, 0, sna_nodes_name(self->arcs.nodes[p]));
    if (status == 0)
        status = sna_table_set_integer(table, row, 1,
                                       (int64_t)sna_nodes_id(self->arcs.nodes[p], cell - self->arcs.first[p]));
    if (status == 0)
        status = sna_table_set_text(table, row, 2, self->labels.text[self->label[cell]]);
    for (uint64_t m = 0; m < MEASURES && status == 0; m++) {
        if (!isnan(value[m][cell]))
            status = sna_table_set_real(table, row, 3 + m, value[m][cell]);
    }
    return status;
}

static int make_table(const sna_graph *self, double *const value[MEASURES], int sort, uint64_t most, uint64_t sampled,
                      sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;
    rank *order = NULL;
    const uint64_t cells = sna_graph_vertices(self);

    status = sna_allocate(&order, cells, sizeof *order);
    if (status != 0)
        goto out;
    for (uint64_t v = 0; v < cells; v++)
        order[v] = (rank){sort >= 0 ? value[sort][v] : 0, v};
    if (sort >= 0 && cells > 0)
        qsort(order, cells, sizeof *order, compare_ranks);
    status = sna_table_create(&table, "Centrality", NULL);
    if (status == 0)
        status = sna_table_add_column(table, "population", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(table, "node_id", NULL, SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(table, "label", NULL, SNA_TEXT);
    for (int m = 0; m < MEASURES && status == 0; m++)
        status = sna_table_add_column(table, measure_name[m], NULL, SNA_REAL);
    for (uint64_t i = 0; i < cells && (most == 0 || i < most) && status == 0; i++)
        status = add_cell(self, table, order[i].cell, value);
    if (status == 0 && sampled < cells)
        status = sna_table_add_note(table,
                                    "Betweenness and closeness are estimated from paths that start at %llu random "
                                    "cells of %llu.",
                                    (unsigned long long)sampled, (unsigned long long)cells);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    free(order);
    return status;
}

/* Sources where none are asked for: as many as can be followed in a bearable time. */
static uint64_t default_samples(const sna_graph *self)
{
    const uint64_t bearable = most_steps / (sna_graph_edges(self) + sna_graph_vertices(self) + 1);

    return bearable > MOST_SAMPLES ? MOST_SAMPLES : bearable < LEAST_SAMPLES ? LEAST_SAMPLES : bearable;
}

int sna_graph_centrality(const sna_graph *self, uint64_t samples, const char *sort, uint64_t most, sna_table **out)
{
    int status = 0, column = -1;
    double *value[MEASURES] = {NULL};
    uint64_t sampled = 0;
    sna_igraph_guard guard;

    *out = NULL;
    for (int m = 0; m < MEASURES && sort != NULL; m++) {
        if (strcmp(sort, measure_name[m]) == 0)
            column = m;
    }
    if (sort != NULL && column < 0) {
        status = sna_error(SNA_EINVAL,
                           "`%s` is no measure to sort by; there is: in_degree, out_degree, pagerank, "
                           "betweenness, closeness, core",
                           sort);
        goto out;
    }
    for (int m = 0; m < MEASURES && status == 0; m++)
        status = sna_allocate(&value[m], sna_graph_vertices(self), sizeof **value);
    if (status != 0)
        goto out;
    status = sna_igraph_enter(&guard, self->seed, "graph centrality");
    if (status == 0)
        status = measure(self, samples > 0 ? samples : default_samples(self), value, &sampled);
    sna_igraph_leave(&guard);
    if (status == 0)
        status = make_table(self, value, column, most, sampled, out);
out:
    for (int m = 0; m < MEASURES; m++)
        free(value[m]);
    return status;
}
