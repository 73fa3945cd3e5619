/* test_proximity.c: how far cells are from one another, against looking at every pair. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connectivity/internal.h"

/* ---- the nearest and the farthest --------------------------------------------------------------------------- */

static double distance(const sna_cloud *a, uint64_t i, const sna_cloud *b, uint64_t j)
{
    const double dx = a->x[i] - b->x[j], dy = a->y[i] - b->y[j], dz = a->z[i] - b->z[j];

    return sqrt(dx * dx + dy * dy + dz * dz);
}

static void check_extent(const sna_cloud *a, const sna_cloud *b)
{
    double nearest = NAN, farthest = NAN, low = INFINITY, high = -INFINITY;

    for (uint64_t i = 0; i < a->count; i++) {
        for (uint64_t j = 0; j < b->count; j++) {
            low = fmin(low, distance(a, i, b, j));
            high = fmax(high, distance(a, i, b, j));
        }
    }
    assert_done(sna_cloud_extent(&nearest, &farthest, a, b));
    assert_true(nearest == low);
    assert_true(farthest == high);
}

static void test_extent(void **state)
{
    enum { CELLS = 1000 };
    static double x[5][CELLS], y[5][CELLS], z[5][CELLS];
    sna_random random;
    sna_cloud cloud[5];

    (void)state;
    sna_random_start(&random, 7, 7, 7, 7);
    for (int i = 0; i < CELLS; i++) {
        const double angle = 6.283185307179586 * sna_random_uniform(&random), height = sna_random_normal(&random);
        x[0][i] = 1000 * sna_random_uniform(&random); /* a box */
        y[0][i] = 300 * sna_random_uniform(&random);
        z[0][i] = -50 * sna_random_uniform(&random);
        x[1][i] = 200 * cos(angle); /* a ring, where every cell has another opposite */
        y[1][i] = 200 * sin(angle);
        z[1][i] = 0;
        x[2][i] = y[2][i] = z[2][i] = 12.25; /* one place */
        x[3][i] = i % 10;                    /* a lattice: many pairs alike */
        y[3][i] = (double)(i / 10 % 10) - 4000;
        z[3][i] = (double)i / 100;
        x[4][i] = 1e7 + height * height * height; /* a few far away */
        y[4][i] = 0.1 * height;
        z[4][i] = 0;
    }
    for (int c = 0; c < 5; c++)
        cloud[c] = (sna_cloud){x[c], y[c], z[c], c == 3 ? 997 : CELLS};
    for (int a = 0; a < 5; a++) {
        for (int b = 0; b <= a; b++)
            check_extent(&cloud[a], &cloud[b]);
    }
    cloud[1].count = 1;
    check_extent(&cloud[1], &cloud[0]);
    check_extent(&cloud[0], &cloud[1]);
    check_extent(&cloud[1], &cloud[1]);
}

/* ---- numbers of pairs --------------------------------------------------------------------------------------- */

static const char small[] =
    "{\"sonatina\": 1, \"seed\": 5, \"populations\": {\"p\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], "
    "\"max\": [300, 200, 100]}}, \"nodes\": [\n"
    " {\"pop_name\": \"A\", \"layer\": \"one\", \"count\": 120, \"model_type\": \"virtual\"},\n"
    " {\"pop_name\": \"B\", \"layer\": \"one\", \"count\": 70, \"model_type\": \"virtual\"},\n"
    " {\"pop_name\": \"C\", \"layer\": \"two\", \"count\": 90, \"model_type\": \"virtual\"}]}},\n"
    " \"edges\": [{\"source\": {\"population\": \"p\"}, \"target\": {\"population\": \"p\"}, \"connector\": {\"type\": "
    "\"unidirectional\", \"p\": {\"gaussian\": {\"sd\": 60, \"pmax\": 0.3}}, \"autapses\": true}}]}\n";

static const char large[] =
    "{\"sonatina\": 1, \"seed\": 6, \"populations\": {\"p\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], "
    "\"max\": [300, 200, 100]}}, \"nodes\": [{\"pop_name\": \"A\", \"count\": 4000, \"model_type\": \"virtual\"}]}},\n"
    " \"edges\": [{\"source\": {\"population\": \"p\"}, \"target\": {\"population\": \"p\"}, \"connector\": {\"type\": "
    "\"unidirectional\", \"p\": {\"gaussian\": {\"sd\": 60, \"pmax\": 0.5}}}}]}\n";

typedef struct {
    char *folder;
    sna_circuit *circuit;
} network;

static network build(const char *spec)
{
    network self = {.folder = test_folder()};
    char *file = test_file(self.folder, "spec.json", spec), *config = NULL;
    run_result run;

    run_words(&run, "network", "build", file, "-o", self.folder, "--force", NULL);
    if (run.status != 0)
        fail_msg("%s", run.err);
    run_free(&run);
    assert_done(sna_path_join(&config, self.folder, "circuit_config.json"));
    assert_done(sna_circuit_open(&self.circuit, config));
    free(config);
    free(file);
    return self;
}

static void network_free(network *self)
{
    sna_circuit_close(self->circuit);
    test_folder_remove(self->folder);
}

static double cell(const sna_table *table, uint64_t row, const char *column)
{
    return sna_table_real(table, row, (uint64_t)sna_table_find_column(table, column));
}

static sna_table *probabilities(const network *self, const sna_survey_request *request)
{
    sna_survey *survey = NULL;
    sna_table *table = NULL;

    assert_done(sna_survey_run(&survey, self->circuit, request));
    assert_done(sna_survey_probability(survey, &table));
    sna_survey_free(survey);
    return table;
}

/* The group of each cell, by the value of a property. */
static void group_cells(sna_nodes *nodes, const char *property, const uint32_t **code, const sna_list **texts)
{
    assert_done(sna_nodes_labels(nodes, property, code, texts));
}

static bool in_bin(double d, double low, double high, bool last)
{
    return d >= low && (d < high || (last && d == high));
}

/* Every row of the table against all pairs; returns the pairs seen. */
static uint64_t check_rows(const network *self, const sna_table *table, const char *sources, const char *targets,
                           uint64_t bins)
{
    sna_nodes *nodes = NULL;
    const double(*position)[3] = NULL;
    const uint32_t *from = NULL, *to = NULL;
    const sna_list *from_text = NULL, *to_text = NULL;
    unsigned dimensions = 0;
    uint64_t seen = 0;

    assert_done(sna_circuit_nodes_at(self->circuit, 0, &nodes));
    assert_done(sna_nodes_positions(nodes, &position, &dimensions));
    group_cells(nodes, sources, &from, &from_text);
    group_cells(nodes, targets, &to, &to_text);
    for (uint64_t row = 0; row < sna_table_rows(table); row++) {
        const double low = cell(table, row, "low"), high = cell(table, row, "high");
        const bool last = row % bins == bins - 1;
        uint64_t pairs = 0;
        for (uint64_t i = 0; i < sna_nodes_count(nodes); i++) {
            if (strcmp(from_text->text[from[i]], sna_table_text(table, row, 0)) != 0)
                continue;
            for (uint64_t j = 0; j < sna_nodes_count(nodes); j++) {
                const double dx = position[i][0] - position[j][0], dy = position[i][1] - position[j][1],
                             dz = position[i][2] - position[j][2];
                if (i != j && strcmp(to_text->text[to[j]], sna_table_text(table, row, 1)) == 0)
                    pairs += in_bin(sqrt(dx * dx + dy * dy + dz * dz), low, high, last);
            }
        }
        assert_int_equal((uint64_t)cell(table, row, "pairs"), pairs);
        assert_true(cell(table, row, "pairs_error") == 0);
        seen += pairs;
    }
    return seen;
}

static void test_all_pairs(void **state)
{
    static const double edges[] = {0, 1.5, 40, 41, 130, 300};
    network it = build(small);
    sna_survey_request request = {.source_groups = "pop_name", .measure = SNA_MEASURE_PROBABILITY, .bare_labels = true};
    sna_table *table = probabilities(&it, &request);

    (void)state;
    /* The bins hold all pairs, mirrored blocks too. */
    assert_int_equal(sna_table_rows(table), 3 * 3 * 8);
    assert_int_equal(check_rows(&it, table, "pop_name", "pop_name", 8), 280 * 279);
    assert_contains(sna_table_note(table, 1), "distances of all pairs were computed");
    sna_table_free(table);
    /* Groups of sources and of targets that share some of their cells. */
    request.target_groups = "layer";
    table = probabilities(&it, &request);
    assert_int_equal(check_rows(&it, table, "pop_name", "layer", 8), 280 * 279);
    sna_table_free(table);
    request.bins = 5;
    request.bin_edges = edges;
    table = probabilities(&it, &request);
    (void)check_rows(&it, table, "pop_name", "layer", 5);
    sna_table_free(table);
    network_free(&it);
}

/* The table as text, made with so many threads. */
static char *table_text(const network *self, const sna_survey_request *request, unsigned threads)
{
    char *text = NULL;
    size_t size = 0;
    sna_table *table = NULL;
    FILE *stream = open_memstream(&text, &size);

    assert_non_null(stream);
    sna_threads_set(threads);
    table = probabilities(self, request);
    sna_threads_set(0);
    assert_done(sna_table_write(table, stream, SNA_FORMAT_JSON));
    assert_int_equal(fclose(stream), 0);
    sna_table_free(table);
    return text;
}

/* Estimates are as far from the truth as their errors say, and the interval holds them. */
static void test_samples(void **state)
{
    enum { BINS = 20 };
    network it = build(large);
    sna_survey_request request = {.measure = SNA_MEASURE_PROBABILITY, .bins = BINS};
    sna_table *all = probabilities(&it, &request), *some = NULL;
    double squares = 0;
    char *one, *other;

    (void)state;
    request.most_distances = 1000000;
    some = probabilities(&it, &request);
    assert_contains(sna_table_note(some, 1), "4194304 random pairs");
    assert_int_equal(sna_table_rows(some), BINS);
    for (uint64_t b = 0; b < BINS; b++) {
        const double found = cell(some, b, "pairs"), truth = cell(all, b, "pairs"),
                     error = cell(some, b, "pairs_error");
        assert_true(cell(some, b, "low") == cell(all, b, "low"));
        assert_true(cell(some, b, "high") == cell(all, b, "high"));
        assert_true(cell(some, b, "connected") == cell(all, b, "connected"));
        assert_true(cell(all, b, "pairs_error") == 0);
        assert_true(error > 0 && error < 0.1 * truth);
        /* Binomial: the share of the bin in 2^22 pairs. */
        assert_true(fabs(error / (16e6 * sqrt(truth / 16e6 * (1 - truth / 16e6) / 4194304)) - 1) < 0.05);
        squares += (found - truth) / error * ((found - truth) / error);
        if (cell(some, b, "connected") > 100)
            assert_true(cell(some, b, "interval_high") - cell(some, b, "interval_low") >
                        0.99 * (cell(all, b, "interval_high") - cell(all, b, "interval_low")));
    }
    /* Chi-squared with 20 degrees of freedom: 0.0005 of all lie on either side. */
    assert_true(squares > 5.4 && squares < 47.5);
    /* The first bin has 80,000 pairs or so: its interval is that of 0.6 of them. */
    assert_true(cell(some, 0, "interval_high") - cell(some, 0, "interval_low") >
                1.05 * (cell(all, 0, "interval_high") - cell(all, 0, "interval_low")));
    one = table_text(&it, &request, 1);
    other = table_text(&it, &request, 3);
    assert_string_equal(one, other);
    free(one);
    free(other);
    sna_table_free(all);
    sna_table_free(some);
    network_free(&it);
}

/* Values that differ by rounding only are alike, and get bins that ascend. */
static void test_narrow_bins(void **state)
{
    static const struct {
        double low, high;
        uint64_t bins;
        double first, last;
    } of[] = {{50, 50 + 3e-14, 2, 49.5, 50.5},
              {4.95e-05, 4.95e-05, 0, 2.475e-05, 7.425e-05},
              {0, 0, 3, -0.5, 0.5},
              {-7e6, -7e6, 10000, -7000000.5, -6999999.5},
              {1e6, 1e6 + 1e-4, 4, 1e6, 1e6 + 1e-4}};

    (void)state;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        uint64_t bins = of[i].bins;
        double *edge = NULL;
        assert_done(sna_bins_make(&edge, &bins, of[i].low, of[i].high, false, 10, of[i].low, of[i].high));
        assert_true(bins >= 1 && (of[i].bins == 0 || bins == of[i].bins));
        assert_true(fabs(edge[0] - of[i].first) <= 1e-9 * fabs(of[i].first));
        assert_true(fabs(edge[bins] - of[i].last) <= 1e-9 * fabs(of[i].last));
        for (uint64_t b = 0; b < bins; b++)
            assert_true(edge[b] < edge[b + 1]);
        assert_true(sna_bins_find(edge, bins, of[i].low) < bins && sna_bins_find(edge, bins, of[i].high) < bins);
        free(edge);
    }
}

static void test_bad_bins(void **state)
{
    static const double edges[][3] = {{0, 1, INFINITY}, {NAN, 1, 2}, {0, 5, 5}};
    network it = build(small);
    sna_survey *survey = NULL;

    (void)state;
    for (int i = 0; i < 3; i++) {
        const sna_survey_request request = {.measure = SNA_MEASURE_PROBABILITY, .bins = 2, .bin_edges = edges[i]};
        assert_int_equal(sna_survey_run(&survey, it.circuit, &request), SNA_EINVAL);
        assert_contains(sna_error_message(), "finite numbers that ascend");
    }
    network_free(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_extent),      cmocka_unit_test(test_all_pairs), cmocka_unit_test(test_samples),
        cmocka_unit_test(test_narrow_bins), cmocka_unit_test(test_bad_bins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
