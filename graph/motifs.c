/* motifs.c: how often each kind of triad occurs, and how often in random graphs of the same degrees. */
#include "graph/internal.h"

#include <math.h>
#include <string.h>

enum { KINDS = 16, SWAPS_AN_EDGE = 10 };

/* igraph's order; the first three leave cells unconnected. */
static const struct {
    const char *name, *meaning;
    bool connected;
} kind[KINDS] = {
    {"003", "no connection", false},   {"012", "one connection", false}, {"102", "one mutual connection", false},
    {"021D", "A<-B->C", true},         {"021U", "A->B<-C", true},        {"021C", "A->B->C", true},
    {"111D", "A<->B<-C", true},        {"111U", "A<->B->C", true},       {"030T", "A->B<-C, A->C", true},
    {"030C", "A<-B<-C, A->C", true},   {"201", "A<->B<->C", true},       {"120D", "A<-B->C, A<->C", true},
    {"120U", "A->B<-C, A<->C", true},  {"120C", "A->B->C, A<->C", true}, {"210", "A->B<->C, A<->C", true},
    {"300", "A<->B<->C, A<->C", true},
};

/* Random graphs, each made from the one before by swaps: that makes them as independent as swaps from the original do.
 */
typedef struct {
    bool mutual;
    igraph_t graph;
    bool made;              /* `graph` exists */
    sna_rewiring *rewiring; /* where mutual connections are kept */
    sna_random random;
} null_model;

static int null_create(null_model *self, const igraph_t *graph, bool mutual, uint64_t seed)
{
    int status = 0;

    *self = (null_model){.mutual = mutual};
    if (mutual) {
        sna_random_start(&self->random, seed, sna_random_purpose("graph motifs, mutual"), 0, 0);
        return sna_rewiring_create(&self->rewiring, graph);
    }
    status = sna_igraph_status(igraph_copy(&self->graph, graph), "a random graph");
    self->made = status == 0;
    return status;
}

static int null_next(null_model *self, const igraph_t *original)
{
    int status = 0;
    const igraph_integer_t swaps = SWAPS_AN_EDGE * igraph_ecount(original);

    if (!self->mutual)
        return sna_igraph_status(igraph_rewire(&self->graph, swaps, IGRAPH_REWIRING_SIMPLE), "swapping edges");
    sna_rewiring_swap(self->rewiring, (uint64_t)swaps, &self->random);
    if (self->made)
        igraph_destroy(&self->graph);
    status = sna_rewiring_graph(self->rewiring, &self->graph);
    self->made = status == 0;
    return status;
}

static void null_free(null_model *self)
{
    if (self->made)
        igraph_destroy(&self->graph);
    sna_rewiring_free(self->rewiring);
}

/* Mean and sum of squared deviations of the counts of `random` graphs (Welford 1962). */
static int null_census(const igraph_t *graph, uint64_t random, bool mutual, uint64_t seed, double *mean,
                       double *squares)
{
    int status = 0;
    null_model null;
    sna_progress progress;

    status = null_create(&null, graph, mutual, seed);
    sna_progress_start(&progress, "random graphs", "graphs", random);
    for (uint64_t g = 0; g < random && status == 0; g++) {
        double found[KINDS];
        status = sna_check_cancelled();
        if (status == 0)
            status = null_next(&null, graph);
        if (status == 0)
            status = sna_triads_count(&null.graph, found);
        for (int k = 0; k < KINDS && status == 0; k++) {
            const double off = found[k] - mean[k];
            mean[k] += off / (double)(g + 1);
            squares[k] += off * (found[k] - mean[k]);
        }
        sna_progress_update(&progress, g + 1);
    }
    sna_progress_end(&progress);
    null_free(&null);
    return status;
}

static int make_table(const double *found, const double *mean, const double *squares, uint64_t random, bool mutual,
                      sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;

    status = sna_table_create(&table, "Triads", "triad");
    if (status == 0)
        status = sna_table_add_column(table, "connections", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(table, "count", NULL, SNA_REAL);
    if (status == 0 && random > 0)
        status = sna_table_add_column(table, "random_mean", NULL, SNA_REAL);
    if (status == 0 && random > 0)
        status = sna_table_add_column(table, "random_sd", NULL, SNA_REAL);
    if (status == 0 && random > 0)
        status = sna_table_add_column(table, "z", NULL, SNA_REAL);
    for (uint64_t k = 0; k < KINDS && status == 0; k++) {
        const double sd = random > 1 ? sqrt(squares[k] / (double)(random - 1)) : 0;
        status = sna_table_add_row(table, kind[k].name);
        if (status == 0)
            status = sna_table_set_text(table, k, 0, kind[k].meaning);
        if (status == 0 && !isnan(found[k]))
            status = sna_table_set_real(table, k, 1, found[k]);
        if (status == 0 && random > 0 && kind[k].connected)
            status = sna_table_set_real(table, k, 2, mean[k]);
        if (status == 0 && random > 1 && kind[k].connected)
            status = sna_table_set_real(table, k, 3, sd);
        if (status == 0 && sd > 0 && kind[k].connected)
            status = sna_table_set_real(table, k, 4, (found[k] - mean[k]) / sd);
    }
    if (status == 0 && random > 0)
        status = sna_table_add_note(table,
                                    mutual ? "Null: %llu random graphs in which every cell keeps its connections out, "
                                             "in and both ways, by number."
                                           : "Null: %llu random graphs with the in- and out-degree of every cell kept; "
                                             "reciprocity is not (--null mutual keeps it).",
                                    (unsigned long long)random);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

int sna_graph_motifs(const sna_graph *self, uint64_t random, const char *null, sna_table **out)
{
    int status = 0;
    igraph_t simple;
    sna_igraph_guard guard;
    const bool mutual = null != NULL && strcmp(null, "mutual") == 0;
    bool small = false;
    double found[KINDS], mean[KINDS] = {0}, squares[KINDS] = {0};
    bool made = false;

    *out = NULL;
    if (null != NULL && !mutual && strcmp(null, "degrees") != 0)
        return sna_error(SNA_EINVAL, "`%s` is no null to compare with; there is: degrees, mutual", null);
    status = sna_igraph_enter(&guard, self->seed, "graph motifs");
    if (status == 0) {
        status = sna_graph_simple(self, &simple);
        made = status == 0;
    }
    if (status == 0)
        status = sna_triads_count(&simple, found);
    /* Nothing can be swapped. */
    small = status == 0 && (igraph_vcount(&simple) < 4 || igraph_ecount(&simple) < 2);
    if (small)
        random = 0;
    if (status == 0 && random > 0)
        status = null_census(&simple, random, mutual, self->seed, mean, squares);
    if (made)
        igraph_destroy(&simple);
    sna_igraph_leave(&guard);
    if (status == 0)
        status = make_table(found, mean, squares, random, mutual, out);
    if (status == 0 && small)
        status = sna_table_add_note(*out, "The graph is too small to be compared with random ones.");
    return status;
}
