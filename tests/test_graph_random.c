/* test_graph_random.c: random networks as graphs: our numbers against igraph's own, and what random graphs keep. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/internal.h"

/* ---- summary against igraph --------------------------------------------------------------------------------- */

/* The pairs that the exported list of edges names, as igraph reads them: numbers of cells; population p before q. */
static void read_pairs(const char *path, igraph_integer_t first_of_q, igraph_vector_int_t *ends, double *rows)
{
    sna_csv *csv = NULL;

    *rows = 0;
    assert_int_equal(igraph_vector_int_init(ends, 0), IGRAPH_SUCCESS);
    assert_done(sna_csv_read(&csv, path, ','));
    for (uint64_t r = 1; r < sna_csv_rows(csv); r++) {
        for (uint64_t end = 0; end < 2; end++) {
            int64_t id = 0;
            assert_done(sna_integer_parse(&id, sna_csv_field(csv, r, 2 * end + 1)));
            id += strcmp(sna_csv_field(csv, r, 2 * end), "q") == 0 ? first_of_q : 0;
            assert_int_equal(igraph_vector_int_push_back(ends, (igraph_integer_t)id), IGRAPH_SUCCESS);
        }
        *rows += strtod(sna_csv_field(csv, r, 4), NULL);
    }
    sna_csv_free(csv);
}

static void same(const sna_record *record, const char *part, const char *name, double expected)
{
    const double found = sna_record_get_real(part != NULL ? sna_record_get_record(record, part) : record, name);

    if (isnan(expected) ? !isnan(found) : !(fabs(found - expected) <= 1e-9 * fmax(1, fabs(expected))))
        fail_msg("%s %s is %.17g, igraph says %.17g", part != NULL ? part : "", name, found, expected);
}

static void compare_degrees(const sna_record *record, const char *part, const igraph_t *graph, igraph_neimode_t mode)
{
    igraph_vector_int_t degree;
    double mean = 0, squares = 0;
    const igraph_integer_t n = igraph_vcount(graph);

    assert_int_equal(igraph_vector_int_init(&degree, 0), IGRAPH_SUCCESS);
    assert_int_equal(igraph_degree(graph, &degree, igraph_vss_all(), mode, IGRAPH_LOOPS), IGRAPH_SUCCESS);
    for (igraph_integer_t i = 0; i < n; i++)
        mean += (double)VECTOR(degree)[i] / (double)n;
    for (igraph_integer_t i = 0; i < n; i++)
        squares += ((double)VECTOR(degree)[i] - mean) * ((double)VECTOR(degree)[i] - mean);
    same(record, part, "mean", mean);
    same(record, part, "sd", sqrt(squares / (double)(n - 1)));
    same(record, part, "max", (double)igraph_vector_int_max(&degree));
    same(record, part, "min", (double)igraph_vector_int_min(&degree));
    igraph_vector_int_destroy(&degree);
}

static void compare_components(const sna_record *record, const char *part, const igraph_t *graph,
                               igraph_connectedness_t mode)
{
    igraph_vector_int_t size;
    igraph_integer_t count = 0;

    assert_int_equal(igraph_vector_int_init(&size, 0), IGRAPH_SUCCESS);
    assert_int_equal(igraph_connected_components(graph, NULL, &size, &count, mode), IGRAPH_SUCCESS);
    same(record, part, "count", (double)count);
    same(record, part, "largest", (double)igraph_vector_int_max(&size));
    igraph_vector_int_destroy(&size);
}

static void compare(const sna_record *record, igraph_vector_int_t *ends, igraph_integer_t cells)
{
    igraph_t graph;
    igraph_bool_t loops = false;
    igraph_real_t number = 0, unconnected = 0;
    const char *const assortativity = "assortativity";

    assert_int_equal(igraph_create(&graph, ends, cells, IGRAPH_DIRECTED), IGRAPH_SUCCESS);
    /* A pair may be in the list twice: as a synapse and as a gap junction. */
    assert_int_equal(igraph_simplify(&graph, true, false, NULL), IGRAPH_SUCCESS);
    same(record, NULL, "vertices", (double)igraph_vcount(&graph));
    same(record, NULL, "edges", (double)igraph_ecount(&graph));
    compare_degrees(record, "in_degree", &graph, IGRAPH_IN);
    compare_degrees(record, "out_degree", &graph, IGRAPH_OUT);
    assert_int_equal(igraph_reciprocity(&graph, &number, true, IGRAPH_RECIPROCITY_DEFAULT), IGRAPH_SUCCESS);
    same(record, NULL, "reciprocity", number);
    assert_int_equal(igraph_assortativity_degree(&graph, &number, true), IGRAPH_SUCCESS);
    same(record, NULL, assortativity, number);
    assert_int_equal(igraph_has_loop(&graph, &loops), IGRAPH_SUCCESS);
    assert_true(loops);
    assert_int_equal(igraph_simplify(&graph, true, true, NULL), IGRAPH_SUCCESS);
    assert_int_equal(igraph_density(&graph, &number, false), IGRAPH_SUCCESS);
    same(record, NULL, "density", number);
    compare_components(record, "weak_components", &graph, IGRAPH_WEAK);
    compare_components(record, "strong_components", &graph, IGRAPH_STRONG);
    assert_int_equal(igraph_average_path_length(&graph, &number, &unconnected, true, true), IGRAPH_SUCCESS);
    same(record, "path_length", "mean", number);
    same(record, "path_length", "reachable", 100 * (1 - unconnected / ((double)cells * (double)(cells - 1))));
    assert_int_equal(igraph_diameter(&graph, &number, NULL, NULL, NULL, NULL, true, true), IGRAPH_SUCCESS);
    same(record, "path_length", "longest", number);
    assert_int_equal(igraph_to_undirected(&graph, IGRAPH_TO_UNDIRECTED_COLLAPSE, NULL), IGRAPH_SUCCESS);
    assert_int_equal(igraph_transitivity_undirected(&graph, &number, IGRAPH_TRANSITIVITY_NAN), IGRAPH_SUCCESS);
    same(record, NULL, "clustering", number);
    assert_int_equal(igraph_transitivity_avglocal_undirected(&graph, &number, IGRAPH_TRANSITIVITY_NAN), IGRAPH_SUCCESS);
    same(record, NULL, "clustering_local", number);
    assert_int_equal(igraph_average_path_length(&graph, &number, NULL, false, true), IGRAPH_SUCCESS);
    same(record, "small_world", "path_length", number);
    igraph_destroy(&graph);
}

/* Two populations, connections of all kinds, self connections and gap junctions among them. */
static char *build_random(const char *folder, unsigned seed)
{
    char *spec = NULL, *path = NULL, *config = NULL;
    run_result run;

    assert_done(sna_text_format(
        &spec,
        "{\"sonatina\": 1, \"seed\": %u, \"populations\": {\n"
        "  \"p\": {\"nodes\": [{\"pop_name\": \"P\", \"count\": 70, \"model_type\": \"biophysical\"}]},\n"
        "  \"q\": {\"nodes\": [{\"pop_name\": \"Q\", \"count\": 40, \"model_type\": \"biophysical\"}]}},\n"
        " \"edges\": [\n"
        "  {\"source\": {\"population\": \"p\"}, \"target\": {\"population\": \"p\"}, \"connector\": {\"type\": "
        "\"unidirectional\", \"p\": 0.03, \"autapses\": true}},\n"
        "  {\"source\": {\"population\": \"p\"}, \"target\": {\"population\": \"p\"}, \"connector\": {\"type\": "
        "\"gap_junction\", \"p\": 0.01}},\n"
        "  {\"source\": {\"population\": \"q\"}, \"target\": {\"population\": \"q\"}, \"connector\": {\"type\": "
        "\"reciprocal\", \"p0\": 0.05, \"pr\": 0.03, \"n_syn0\": 3}},\n"
        "  {\"source\": {\"population\": \"q\"}, \"target\": {\"population\": \"p\"}, \"connector\": {\"type\": "
        "\"unidirectional\", \"p\": 0.02}}]}\n",
        seed));
    path = test_file(folder, "spec.json", spec);
    run_words(&run, "network", "build", path, "-o", folder, "--force", NULL);
    if (run.status != 0)
        fail_msg("%s", run.err);
    run_free(&run);
    assert_done(sna_path_join(&config, folder, "circuit_config.json"));
    free(path);
    free(spec);
    return config;
}

static void test_igraph(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 8; seed++) {
        char *folder = test_folder(), *config = build_random(folder, seed), *list = NULL;
        const sna_graph_request request = {.seed = seed};
        sna_circuit *circuit = NULL;
        sna_graph *graph = NULL;
        sna_record *record = NULL;
        igraph_vector_int_t ends;
        double rows = 0;

        assert_done(sna_circuit_open(&circuit, config));
        assert_done(sna_graph_create(&graph, circuit, &request));
        assert_done(sna_graph_summary(graph, true, 1000, &record));
        assert_done(sna_path_join(&list, folder, "edges.csv"));
        assert_done(sna_graph_export(graph, list));
        read_pairs(list, 70, &ends, &rows);
        same(record, NULL, "rows", rows);
        compare(record, &ends, 110);
        igraph_vector_int_destroy(&ends);
        sna_record_free(record);
        sna_graph_free(graph);
        sna_circuit_close(circuit);
        free(list);
        free(config);
        test_folder_remove(folder);
    }
}

/* ---- triads against igraph ----------------------------------------------------------------------------------- */

static void compare_triads(const igraph_t *graph)
{
    double found[16];
    igraph_vector_t count;

    assert_int_equal(igraph_vector_init(&count, 0), IGRAPH_SUCCESS);
    assert_int_equal(igraph_triad_census(graph, &count), IGRAPH_SUCCESS);
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        sna_threads_set(threads);
        assert_done(sna_triads_count(graph, found));
        for (int k = 0; k < 16; k++) {
            if (!(found[k] == VECTOR(count)[k]))
                fail_msg("kind %d: %.0f, igraph says %.0f", k, found[k], VECTOR(count)[k]);
        }
    }
    sna_threads_set(0);
    igraph_vector_destroy(&count);
}

static void test_triads(void **state)
{
    static const double p[] = {0.02, 0.2, 0.6, 1};
    static const igraph_integer_t n[] = {3, 4, 40, 150};

    (void)state;
    assert_int_equal(igraph_rng_seed(igraph_rng_default(), 12), IGRAPH_SUCCESS);
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < 4; k++) {
            igraph_t graph;
            assert_int_equal(igraph_erdos_renyi_game_gnp(&graph, n[i], p[k], IGRAPH_DIRECTED, false), IGRAPH_SUCCESS);
            compare_triads(&graph);
            igraph_destroy(&graph);
        }
    }
    /* Every triad that there is, alone: all 64 ways to connect three vertices. */
    for (unsigned code = 0; code < 64; code++) {
        static const igraph_integer_t ends[6][2] = {{0, 1}, {1, 0}, {0, 2}, {2, 0}, {1, 2}, {2, 1}};
        igraph_t graph;
        assert_int_equal(igraph_empty(&graph, 3, IGRAPH_DIRECTED), IGRAPH_SUCCESS);
        for (int e = 0; e < 6; e++) {
            if ((code >> e & 1) != 0)
                assert_int_equal(igraph_add_edge(&graph, ends[e][0], ends[e][1]), IGRAPH_SUCCESS);
        }
        compare_triads(&graph);
        igraph_destroy(&graph);
    }
}

/* ---- random graphs that keep mutual connections -------------------------------------------------------------- */

enum { MOST = 300 };

/* Of each vertex: out only, in only, both ways. */
static void count_kinds(const igraph_t *graph, int kinds[MOST][3])
{
    static bool connected[MOST][MOST];

    memset(connected, 0, sizeof connected);
    memset(kinds, 0, MOST * sizeof *kinds);
    for (igraph_integer_t e = 0; e < igraph_ecount(graph); e++) {
        const igraph_integer_t u = IGRAPH_FROM(graph, e), v = IGRAPH_TO(graph, e);
        assert_true(u != v);
        assert_false(connected[u][v]); /* once */
        connected[u][v] = true;
    }
    for (igraph_integer_t u = 0; u < igraph_vcount(graph); u++) {
        for (igraph_integer_t v = 0; v < igraph_vcount(graph); v++) {
            kinds[u][0] += connected[u][v] && !connected[v][u];
            kinds[u][1] += !connected[u][v] && connected[v][u];
            kinds[u][2] += connected[u][v] && connected[v][u];
        }
    }
}

static void test_rewire_keeps(void **state)
{
    static int before[MOST][3], after[MOST][3];
    igraph_t graph, shuffled;
    sna_rewiring *rewiring = NULL;
    sna_random random;
    igraph_vector_int_t ends;
    igraph_integer_t moved = 0;

    (void)state;
    sna_random_start(&random, 3, 1, 4, 1);
    assert_int_equal(igraph_vector_int_init(&ends, 0), IGRAPH_SUCCESS);
    for (igraph_integer_t u = 0; u < MOST; u++) {
        for (igraph_integer_t v = 0; v < u; v++) {
            const double p = sna_random_uniform(&random);
            const bool forward = p < 0.06, backward = p >= 0.04 && p < 0.09;
            if (forward && (igraph_vector_int_push_back(&ends, u) || igraph_vector_int_push_back(&ends, v)))
                fail();
            if (backward && (igraph_vector_int_push_back(&ends, v) || igraph_vector_int_push_back(&ends, u)))
                fail();
        }
    }
    assert_int_equal(igraph_create(&graph, &ends, MOST, IGRAPH_DIRECTED), IGRAPH_SUCCESS);
    count_kinds(&graph, before);
    assert_done(sna_rewiring_create(&rewiring, &graph));
    sna_rewiring_swap(rewiring, 10 * (uint64_t)igraph_ecount(&graph), &random);
    assert_done(sna_rewiring_graph(rewiring, &shuffled));
    assert_int_equal(igraph_ecount(&graph), igraph_ecount(&shuffled));
    count_kinds(&shuffled, after);
    assert_memory_equal(before, after, sizeof before);
    for (igraph_integer_t e = 0; e < igraph_ecount(&graph); e++) {
        igraph_integer_t there = -1;
        assert_int_equal(igraph_get_eid(&shuffled, &there, IGRAPH_FROM(&graph, e), IGRAPH_TO(&graph, e), true, false),
                         IGRAPH_SUCCESS);
        moved += there < 0;
    }
    /* As many stay by chance as there are: about one in ten. */
    assert_true(moved > igraph_ecount(&graph) * 8 / 10);
    sna_rewiring_free(rewiring);
    igraph_destroy(&graph);
    igraph_destroy(&shuffled);
    igraph_vector_int_destroy(&ends);
}

/* A graph of five vertices as a number of 20 bits: one for each ordered pair. */
static unsigned code_of(const igraph_t *graph)
{
    unsigned code = 0;

    for (igraph_integer_t e = 0; e < igraph_ecount(graph); e++) {
        const unsigned u = (unsigned)IGRAPH_FROM(graph, e), v = (unsigned)IGRAPH_TO(graph, e);
        code |= 1u << (4 * u + v - (v > u));
    }
    return code;
}

static void kinds_of(unsigned code, int kinds[5][3])
{
    memset(kinds, 0, 5 * sizeof *kinds);
    for (unsigned u = 0; u < 5; u++) {
        for (unsigned v = 0; v < 5; v++) {
            const bool out = u != v && (code >> (4 * u + v - (v > u)) & 1) != 0,
                       in = u != v && (code >> (4 * v + u - (u > v)) & 1) != 0;
            kinds[u][0] += out && !in;
            kinds[u][1] += in && !out;
            kinds[u][2] += in && out;
        }
    }
}

/* Every graph with the same kinds of connections at each vertex comes up, and equally often. */
static void test_rewire_uniform(void **state)
{
    enum { SAMPLES = 40000, CODES = 1 << 20 };
    static unsigned found[CODES];
    /* 0 <-> 1, 2 <-> 3; 0 -> 2, 1 -> 4, 3 -> 4 */
    static const igraph_integer_t list[] = {0, 1, 1, 0, 2, 3, 3, 2, 0, 2, 1, 4, 3, 4};
    igraph_t graph;
    igraph_vector_int_t ends;
    sna_rewiring *rewiring = NULL;
    sna_random random;
    int wanted[5][3], kinds[5][3];
    unsigned alike = 0;
    double squares = 0;

    (void)state;
    sna_random_start(&random, 2, 7, 1, 8);
    igraph_vector_int_view(&ends, list, sizeof list / sizeof *list);
    assert_int_equal(igraph_create(&graph, &ends, 5, IGRAPH_DIRECTED), IGRAPH_SUCCESS);
    kinds_of(code_of(&graph), wanted);
    assert_done(sna_rewiring_create(&rewiring, &graph));
    for (int s = 0; s < SAMPLES; s++) {
        igraph_t now;
        sna_rewiring_swap(rewiring, 200, &random);
        assert_done(sna_rewiring_graph(rewiring, &now));
        found[code_of(&now)]++;
        igraph_destroy(&now);
    }
    for (unsigned code = 0; code < CODES; code++) {
        kinds_of(code, kinds);
        if (memcmp(kinds, wanted, sizeof kinds) == 0)
            alike++;
        else
            assert_int_equal(found[code], 0);
    }
    assert_true(alike >= 4);
    for (unsigned code = 0; code < CODES; code++) {
        const double expected = (double)SAMPLES / alike;
        kinds_of(code, kinds);
        if (memcmp(kinds, wanted, sizeof kinds) == 0)
            squares += ((double)found[code] - expected) * ((double)found[code] - expected) / expected;
    }
    /* Chi-squared with alike - 1 degrees of freedom: mean alike - 1, variance 2 (alike - 1). */
    print_message("%u graphs, chi-squared %.1f\n", alike, squares);
    assert_true(squares < (alike - 1) + 5 * sqrt(2.0 * (alike - 1)));
    sna_rewiring_free(rewiring);
    igraph_destroy(&graph);
}

/* What the two nulls say of a network whose pairs are connected both ways far more often than by chance. */
static void test_nulls(void **state)
{
    static const char spec[] =
        "{\"sonatina\": 1, \"seed\": 4, \"populations\": {\"p\": {\"nodes\": [{\"pop_name\": \"P\", \"count\": 200, "
        "\"model_type\": \"virtual\"}]}}, \"edges\": [{\"source\": {\"population\": \"p\"}, \"target\": "
        "{\"population\": "
        "\"p\"}, \"connector\": {\"type\": \"reciprocal\", \"p0\": 0.05, \"pr\": 0.03}}]}\n";
    char *folder = test_folder(), *path = test_file(folder, "spec.json", spec), *config = NULL;
    const sna_graph_request request = {.seed = 1};
    sna_circuit *circuit = NULL;
    sna_graph *graph = NULL;
    sna_table *degrees = NULL, *mutual = NULL, *again = NULL;
    run_result run;

    (void)state;
    run_words(&run, "network", "build", path, "-o", folder, "--force", NULL);
    assert_int_equal(run.status, 0);
    run_free(&run);
    assert_done(sna_path_join(&config, folder, "circuit_config.json"));
    assert_done(sna_circuit_open(&circuit, config));
    assert_done(sna_graph_create(&graph, circuit, &request));
    assert_done(sna_graph_motifs(graph, 50, "degrees", &degrees));
    assert_done(sna_graph_motifs(graph, 50, "mutual", &mutual));
    assert_done(sna_graph_motifs(graph, 50, "mutual", &again));
    /* Triads with mutual connections: 111D 111U 201. By degrees alone they are a wonder, with as many mutual
     * connections they are what one expects. */
    for (uint64_t k = 6; k <= 10; k += k == 7 ? 3 : 1) {
        assert_true(sna_table_real(degrees, k, 4) > 10);
        assert_true(fabs(sna_table_real(mutual, k, 4)) < 4);
        assert_true(sna_table_real(mutual, k, 2) == sna_table_real(again, k, 2));
    }
    assert_contains(sna_table_note(mutual, 0), "both ways, by number");
    sna_table_free(again);
    assert_int_equal(sna_graph_motifs(graph, 1, "none", &again), SNA_EINVAL);
    assert_null(again);
    sna_table_free(degrees);
    sna_table_free(mutual);
    sna_graph_free(graph);
    sna_circuit_close(circuit);
    run_words(&run, "graph", "motifs", config, "--null", "mutual", "--random", "2", NULL);
    assert_int_equal(run.status, 0);
    assert_contains(run.out, "both ways, by number");
    run_free(&run);
    run_words(&run, "graph", "motifs", config, "--null", "lattice", NULL);
    assert_int_equal(run.status, 2);
    assert_contains(run.err, "degrees, mutual");
    run_free(&run);
    free(config);
    free(path);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_igraph),         cmocka_unit_test(test_triads), cmocka_unit_test(test_rewire_keeps),
        cmocka_unit_test(test_rewire_uniform), cmocka_unit_test(test_nulls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
