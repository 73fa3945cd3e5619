/* summary.c: a graph in numbers. */
#include "graph/internal.h"

#include <math.h>
#include <stdlib.h>

enum { DEFAULT_SAMPLES = 100, FEW_VERTICES = 1000 };

/* ---- degrees ------------------------------------------------------------------------------------------------ */

/* Mean, sd, skewness (third standardised moment), extremes. */
static int add_degrees(sna_record *record, const char *name, const char *label, const igraph_vector_int_t *degree)
{
    int status = 0;
    const igraph_integer_t n = igraph_vector_int_size(degree);
    sna_record *child = NULL;
    double mean = 0, second = 0, third = 0;
    igraph_integer_t least = n > 0 ? VECTOR(*degree)[0] : 0, most = least;

    for (igraph_integer_t i = 0; i < n; i++) {
        const igraph_integer_t k = VECTOR(*degree)[i];
        mean += (double)k / (double)n;
        least = k < least ? k : least;
        most = k > most ? k : most;
    }
    for (igraph_integer_t i = 0; i < n; i++) {
        const double off = (double)VECTOR(*degree)[i] - mean;
        second += off * off;
        third += off * off * off;
    }
    status = sna_record_create(&child, NULL);
    if (status == 0)
        status = sna_record_real(child, "mean", "Mean", NULL, n > 0 ? mean : NAN);
    if (status == 0)
        status = sna_record_real(child, "sd", "Standard deviation", NULL, n > 1 ? sqrt(second / (double)(n - 1)) : NAN);
    if (status == 0)
        status = sna_record_real(child, "skewness", "Skewness", NULL,
                                 second > 0 ? (third / (double)n) / pow(second / (double)n, 1.5) : NAN);
    if (status == 0 && n > 0)
        status = sna_record_integer(child, "min", "Smallest", NULL, least);
    if (status == 0 && n > 0)
        status = sna_record_integer(child, "max", "Largest", NULL, most);
    if (status == 0) {
        status = sna_record_record(record, name, label, child);
        child = NULL;
    }
    sna_record_free(child);
    return status;
}

/* Pearson's correlation; NaN where one does not vary. */
static double correlate(const igraph_vector_int_t *x, const igraph_vector_int_t *y)
{
    const igraph_integer_t n = igraph_vector_int_size(x);
    double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;

    for (igraph_integer_t i = 0; i < n; i++) {
        mean_x += (double)VECTOR(*x)[i] / (double)n;
        mean_y += (double)VECTOR(*y)[i] / (double)n;
    }
    for (igraph_integer_t i = 0; i < n; i++) {
        const double dx = (double)VECTOR(*x)[i] - mean_x, dy = (double)VECTOR(*y)[i] - mean_y;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

static int degrees(const sna_graph *self, bool more, sna_record *record)
{
    int status = 0;
    igraph_vector_int_t in, out;
    const igraph_vs_t all = igraph_vss_all();

    status = sna_igraph_status(igraph_vector_int_init(&in, 0), "degrees");
    if (status != 0)
        return status;
    status = sna_igraph_status(igraph_vector_int_init(&out, 0), "degrees");
    if (status != 0) {
        igraph_vector_int_destroy(&in);
        return status;
    }
    status = sna_igraph_status(igraph_degree(&self->directed, &in, all, IGRAPH_IN, IGRAPH_LOOPS), "degrees");
    if (status == 0)
        status = sna_igraph_status(igraph_degree(&self->directed, &out, all, IGRAPH_OUT, IGRAPH_LOOPS), "degrees");
    if (status == 0)
        status = add_degrees(record, "in_degree", "In-degree", &in);
    if (status == 0)
        status = add_degrees(record, "out_degree", "Out-degree", &out);
    if (status == 0 && more)
        status = sna_record_real(record, "degree_correlation", "Correlation of in- and out-degree over cells", NULL,
                                 correlate(&in, &out));
    igraph_vector_int_destroy(&in);
    igraph_vector_int_destroy(&out);
    return status;
}

/* ---- components --------------------------------------------------------------------------------------------- */

static int components(const sna_graph *self, igraph_connectedness_t mode, const char *name, const char *label,
                      sna_record *record)
{
    int status = 0;
    igraph_vector_int_t size;
    igraph_integer_t count = 0;
    sna_record *child = NULL;

    status = sna_igraph_status(igraph_vector_int_init(&size, 0), "components");
    if (status != 0)
        return status;
    status = sna_igraph_status(igraph_connected_components(&self->directed, NULL, &size, &count, mode), "components");
    if (status == 0)
        status = sna_record_create(&child, NULL);
    if (status == 0)
        status = sna_record_integer(child, "count", "Number", NULL, count);
    if (status == 0)
        status = sna_record_integer(child, "largest", "Cells in the largest", NULL,
                                    count > 0 ? igraph_vector_int_max(&size) : 0);
    if (status == 0) {
        status = sna_record_record(record, name, label, child);
        child = NULL;
    }
    sna_record_free(child);
    igraph_vector_int_destroy(&size);
    return status;
}

/* ---- paths -------------------------------------------------------------------------------------------------- */

typedef struct {
    double mean; /* over pairs that are connected; NaN for none */
    double longest;
    double reachable; /* share of pairs that are connected */
} path_lengths;

/* From `sources` to every other vertex, a few sources at a time. */
static int measure_paths(const igraph_t *graph, igraph_neimode_t mode, const igraph_vector_int_t *sources,
                         path_lengths *out)
{
    enum { AT_ONCE = 64 };
    int status = 0;
    igraph_matrix_t distance;
    const igraph_integer_t n = igraph_vcount(graph), count = igraph_vector_int_size(sources);
    double sum = 0, pairs = 0;

    *out = (path_lengths){NAN, NAN, NAN};
    status = sna_igraph_status(igraph_matrix_init(&distance, 0, 0), "path lengths");
    if (status != 0)
        return status;
    for (igraph_integer_t done = 0; done < count && status == 0; done += AT_ONCE) {
        igraph_vector_int_t few;
        const igraph_integer_t now = count - done < AT_ONCE ? count - done : AT_ONCE;
        igraph_vector_int_view(&few, VECTOR(*sources) + done, now);
        status = sna_check_cancelled();
        if (status == 0)
            status = sna_igraph_status(
                igraph_distances(graph, &distance, igraph_vss_vector(&few), igraph_vss_all(), mode), "path lengths");
        for (igraph_integer_t t = 0; t < n && status == 0; t++) {
            for (igraph_integer_t s = 0; s < now; s++) {
                const double d = MATRIX(distance, s, t);
                if (d > 0 && isfinite(d)) {
                    sum += d;
                    pairs++;
                    out->longest = fmax(out->longest, d);
                }
            }
        }
    }
    igraph_matrix_destroy(&distance);
    if (pairs > 0)
        out->mean = sum / pairs;
    if (n > 1 && count > 0)
        out->reachable = pairs / ((double)count * (double)(n - 1));
    return status;
}

static int add_paths(sna_record *record, const path_lengths *paths, uint64_t sampled, uint64_t vertices)
{
    int status = 0;
    sna_record *child = NULL;

    status = sna_record_create(&child, NULL);
    if (status == 0)
        status = sna_record_real(child, "mean", "Mean, over connected pairs", "edges", paths->mean);
    if (status == 0)
        status = sna_record_real(child, "longest", "Longest found", "edges", paths->longest);
    if (status == 0)
        status = sna_record_real(child, "reachable", "Pairs that are connected", "%", 100 * paths->reachable);
    if (status == 0 && sampled < vertices)
        status = sna_record_add_note(child, "Paths start at %llu random cells of %llu.", (unsigned long long)sampled,
                                     (unsigned long long)vertices);
    if (status == 0) {
        status = sna_record_record(record, "path_length", "Path length", child);
        child = NULL;
    }
    sna_record_free(child);
    return status;
}

/* ---- small worlds ------------------------------------------------------------------------------------------- */

static int clustering_and_paths(const sna_graph *self, const igraph_t *undirected, uint64_t samples,
                                const char *purpose, double *clustering, double *path)
{
    int status = 0;
    igraph_vector_int_t sources;
    path_lengths lengths;

    *clustering = *path = NAN;
    status = sna_igraph_status(igraph_vector_int_init(&sources, 0), "path lengths");
    if (status != 0)
        return status;
    status = sna_igraph_status(igraph_transitivity_undirected(undirected, clustering, IGRAPH_TRANSITIVITY_NAN),
                               "clustering");
    if (status == 0)
        status = sna_graph_sample(self, purpose, (uint64_t)igraph_vcount(undirected), samples, &sources);
    if (status == 0)
        status = measure_paths(undirected, IGRAPH_ALL, &sources, &lengths);
    if (status == 0)
        *path = lengths.mean;
    igraph_vector_int_destroy(&sources);
    return status;
}

static int small_world(const sna_graph *self, const igraph_t *undirected, uint64_t samples, sna_record *record)
{
    int status = 0;
    const igraph_integer_t n = igraph_vcount(undirected), m = igraph_ecount(undirected);
    /* Large random graphs hardly differ from one another. */
    const int graphs = n <= FEW_VERTICES ? 20 : 1;
    double clustering = NAN, path = NAN, random_clustering = 0, random_path = 0;
    sna_record *child = NULL;

    status = clustering_and_paths(self, undirected, samples, "small world", &clustering, &path);
    for (int g = 0; g < graphs && status == 0; g++) {
        igraph_t random;
        double c = NAN, l = NAN;
        status =
            sna_igraph_status(igraph_erdos_renyi_game_gnm(&random, n, m, IGRAPH_UNDIRECTED, false), "a random graph");
        if (status != 0)
            break;
        status = clustering_and_paths(self, &random, samples, "small world, random", &c, &l);
        igraph_destroy(&random);
        random_clustering += c / graphs;
        random_path += l / graphs;
    }
    if (status == 0)
        status = sna_record_create(&child, NULL);
    if (status == 0)
        status = sna_record_real(child, "sigma", "Index", NULL,
                                 random_clustering > 0 ? (clustering / random_clustering) / (path / random_path) : NAN);
    if (status == 0)
        status = sna_record_real(child, "clustering", "Clustering", NULL, clustering);
    if (status == 0)
        status = sna_record_real(child, "clustering_random", "Clustering of random graphs", NULL, random_clustering);
    if (status == 0)
        status = sna_record_real(child, "path_length", "Mean path length", "edges", path);
    if (status == 0)
        status =
            sna_record_real(child, "path_length_random", "Mean path length of random graphs", "edges", random_path);
    if (status == 0)
        status = sna_record_integer(child, "random_graphs", "Random graphs", NULL, graphs);
    if (status == 0) {
        status = sna_record_record(record, "small_world", "Small world (without directions)", child);
        child = NULL;
    }
    sna_record_free(child);
    return status;
}

/* ---- public ------------------------------------------------------------------------------------------------- */

static int add_more(const sna_graph *self, uint64_t samples, sna_record *record)
{
    int status = 0;
    igraph_t undirected;
    igraph_vector_int_t sources;
    double assortativity = NAN, local = NAN, global = NAN;
    path_lengths paths;
    const uint64_t vertices = sna_graph_vertices(self);

    status = sna_graph_undirected(self, &undirected);
    if (status != 0)
        return status;
    status = sna_igraph_status(igraph_vector_int_init(&sources, 0), "path lengths");
    if (status != 0) {
        igraph_destroy(&undirected);
        return status;
    }
    status = sna_igraph_status(igraph_assortativity_degree(&self->directed, &assortativity, true), "assortativity");
    if (status == 0)
        status = sna_record_real(record, "assortativity", "Assortativity (out-degree of sources, in-degree of targets)",
                                 NULL, assortativity);
    if (status == 0)
        status = sna_igraph_status(igraph_transitivity_undirected(&undirected, &global, IGRAPH_TRANSITIVITY_NAN),
                                   "clustering");
    if (status == 0)
        status = sna_igraph_status(
            igraph_transitivity_avglocal_undirected(&undirected, &local, IGRAPH_TRANSITIVITY_NAN), "clustering");
    if (status == 0)
        status = sna_record_real(record, "clustering", "Clustering (closed triples of all, without directions)", NULL,
                                 global);
    if (status == 0)
        status = sna_record_real(record, "clustering_local", "Clustering (mean over cells)", NULL, local);
    if (status == 0)
        status = sna_graph_sample(self, "path lengths", vertices, samples, &sources);
    if (status == 0)
        status = measure_paths(&self->directed, IGRAPH_OUT, &sources, &paths);
    if (status == 0)
        status = add_paths(record, &paths, (uint64_t)igraph_vector_int_size(&sources), vertices);
    if (status == 0)
        status = small_world(self, &undirected, samples, record);
    igraph_vector_int_destroy(&sources);
    igraph_destroy(&undirected);
    return status;
}

static int add_counts(const sna_graph *self, sna_record *record)
{
    int status = 0;
    const uint64_t vertices = sna_graph_vertices(self), edges = sna_graph_edges(self);
    const double possible = (double)vertices * ((double)vertices - 1);
    uint64_t rows = 0, gaps = 0;
    double reciprocity = NAN;

    for (uint64_t i = 0; i < self->arcs.count; i++) {
        rows += self->arcs.arc[i].rows;
        gaps += self->arcs.arc[i].gap ? self->arcs.arc[i].rows : 0;
    }
    status = sna_record_integer(record, "vertices", "Vertices (cells)", NULL, (int64_t)vertices);
    if (status == 0)
        status = sna_record_integer(record, "edges", "Edges (connected pairs)", NULL, (int64_t)edges);
    if (status == 0)
        status = sna_record_integer(record, "rows", "Rows of the edges files", NULL, (int64_t)rows);
    if (status == 0 && gaps > 0)
        status = sna_record_integer(record, "gap_junctions", "of them gap junctions", NULL, (int64_t)gaps);
    if (status == 0)
        status =
            sna_record_integer(record, "self_connections", "Self connections", NULL, (int64_t)self->self_connections);
    if (status == 0)
        status = sna_record_real(record, "density", "Density", NULL,
                                 possible > 0 ? (double)(edges - self->self_connections) / possible : NAN);
    if (status == 0 && edges > self->self_connections)
        status = sna_igraph_status(igraph_reciprocity(&self->directed, &reciprocity, true, IGRAPH_RECIPROCITY_DEFAULT),
                                   "reciprocity");
    if (status == 0)
        status = sna_record_real(record, "reciprocity", "Reciprocity", NULL, reciprocity);
    return status;
}

int sna_graph_summary(const sna_graph *self, bool more, uint64_t samples, sna_record **out)
{
    int status = 0;
    sna_record *record = NULL;
    sna_igraph_guard guard;

    *out = NULL;
    status = sna_igraph_enter(&guard, self->seed, "graph summary");
    if (status == 0)
        status = sna_record_create(&record, NULL);
    if (status == 0)
        status = add_counts(self, record);
    if (status == 0)
        status = components(self, IGRAPH_WEAK, "weak_components", "Weakly connected components", record);
    if (status == 0)
        status = components(self, IGRAPH_STRONG, "strong_components", "Strongly connected components", record);
    if (status == 0)
        status = degrees(self, more, record);
    if (status == 0 && more)
        status = add_more(self, samples > 0 ? samples : DEFAULT_SAMPLES, record);
    sna_igraph_leave(&guard);
    if (status != 0)
        goto out;
    *out = record;
    record = NULL;
out:
    sna_record_free(record);
    return status;
}
