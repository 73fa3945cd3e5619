/* test_distribution.c: values of connections, probability by distance, fits, and that neither threads nor memory change
 * a result. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <hdf5.h>

#include "connectivity/connectivity.h"
#include "connectivity/values.h"
#include "micro_network.h"

static void near(double found, double expected)
{
    if (isnan(expected) ? !isnan(found) : !(fabs(found - expected) <= 1e-9 * fmax(1, fabs(expected))))
        fail_msg("%.17g, expected %.17g", found, expected);
}

static double cell(const sna_table *table, uint64_t row, const char *column)
{
    const int64_t at = sna_table_find_column(table, column);

    if (at < 0)
        fail_msg("no column `%s`", column);
    return sna_table_real(table, row, (uint64_t)at);
}

/* ---- the store ---------------------------------------------------------------------------------------------- */

static void test_store_exact(void **state)
{
    static const uint32_t block[] = {0, 0, 1, 0, UINT32_MAX, 0, 0, 0};
    static const double value[] = {4, 1, 7, 2, 100, NAN, 3, -INFINITY};
    const double edge[] = {1, 2.5, 4};
    double count[2] = {0, 0}, low, high;
    bool whole;
    sna_values_store *store = NULL;
    sna_moments moments;

    (void)state;
    assert_done(sna_values_create(&store, 3, 100, false));
    assert_done(sna_values_add(store, 0, 8, block, value, NULL));
    assert_done(sna_values_finish(store));
    moments = sna_values_moments(store, 0);
    assert_int_equal(moments.count, 4);
    assert_int_equal(moments.missing, 1);
    near(moments.mean, 2.5);
    near(moments.sd, sqrt(5.0 / 3));
    near(moments.min, 1);
    near(moments.max, 4);
    near(sna_values_quantile(store, 0, 0), 1);
    near(sna_values_quantile(store, 0, 0.25), 1.75);
    near(sna_values_quantile(store, 0, 0.5), 2.5);
    near(sna_values_quantile(store, 0, 1), 4);
    near(sna_values_quantile(store, 2, 0.5), NAN);
    moments = sna_values_moments(store, 1);
    near(moments.sd, NAN);
    sna_values_histogram(store, 0, edge, 2, count);
    near(count[0], 2);
    near(count[1], 2);
    sna_values_range(store, &low, &high, &whole);
    near(low, 1);
    near(high, 7);
    assert_true(whole);
    sna_values_free(store);
}

/* More different values than are kept: sums stay exact, quantiles come close. */
static void test_store_thinned(void **state)
{
    enum { VALUES = 400000, KEPT = 50000, BLOCK = 1000 };
    uint32_t block[BLOCK] = {0};
    double value[BLOCK];
    sna_values_store *store = NULL;
    sna_random random;
    sna_moments moments;
    double sum = 0;
    uint64_t kept, stands_for = 0;
    const sna_kept *list;

    (void)state;
    sna_random_start(&random, 1, 2, 3, 4);
    assert_done(sna_values_create(&store, 1, KEPT, false));
    for (uint64_t at = 0; at < VALUES; at += BLOCK) {
        for (int i = 0; i < BLOCK; i++) {
            value[i] = sna_random_uniform(&random);
            sum += value[i];
        }
        assert_done(sna_values_add(store, at, BLOCK, block, value, NULL));
    }
    assert_done(sna_values_finish(store));
    moments = sna_values_moments(store, 0);
    assert_int_equal(moments.count, VALUES);
    near(moments.mean, sum / VALUES);
    assert_true(sna_values_thinning(store) > 1);
    list = sna_values_kept(store, 0, &kept);
    for (uint64_t i = 0; i < kept; i++)
        stands_for += list[i].weight;
    assert_true(fabs((double)stands_for / VALUES - 1) < 0.02);
    assert_true(fabs(sna_values_quantile(store, 0, 0.5) - 0.5) < 0.01);
    assert_true(fabs(sna_values_quantile(store, 0, 0.9) - 0.9) < 0.01);
    sna_values_free(store);
}

/* ---- the network of five cells ------------------------------------------------------------------------------ */

typedef struct {
    char *folder, *config;
    sna_circuit *circuit;
    sna_survey *survey;
} micro;

static micro survey_micro(bool gap_junctions, const sna_survey_request *request)
{
    micro self = {.folder = test_folder()};

    self.config = micro_network(self.folder, gap_junctions);
    assert_done(sna_circuit_open(&self.circuit, self.config));
    assert_done(sna_survey_run(&self.survey, self.circuit, request));
    return self;
}

static void micro_free(micro *self)
{
    sna_survey_free(self->survey);
    sna_circuit_close(self->circuit);
    free(self->config);
    test_folder_remove(self->folder);
}

static void test_properties(void **state)
{
    static const char *const property[] = {"delay", "dynamics_params", "nsyns"};
    const sna_survey_request request = {
        .source_groups = "pop_name", .property = property, .properties = 3, .no_gap = true};
    micro it = survey_micro(true, &request);
    sna_table *table = NULL;

    (void)state;
    assert_done(sna_survey_values(it.survey, "delay", &table));
    /* A to A: 1 1.5 2, A to B: 3 3.5 4, B to A: 5. */
    assert_int_equal(sna_table_rows(table), 4);
    near(cell(table, 0, "count"), 3);
    near(cell(table, 0, "mean"), 1.5);
    near(cell(table, 0, "std"), 0.5);
    near(cell(table, 1, "quartile_1"), 3.25);
    near(cell(table, 2, "median"), 5);
    near(cell(table, 2, "std"), NAN);
    near(cell(table, 3, "count"), 0);
    near(cell(table, 3, "max"), NAN);
    sna_table_free(table);
    assert_done(sna_survey_values_histogram(it.survey, "delay", 4, &table));
    assert_int_equal(sna_table_rows(table), 16);
    near(cell(table, 0, "low"), 1);
    near(cell(table, 3, "high"), 5);
    near(cell(table, 0, "connections"), 2); /* 1 and 1.5, below 2 */
    near(cell(table, 1, "connections"), 1);
    near(cell(table, 4 + 2, "connections"), 2);
    near(cell(table, 8 + 3, "connections"), 1);
    sna_table_free(table);
    assert_true(sna_survey_values_are_texts(it.survey, "dynamics_params"));
    assert_false(sna_survey_values_are_texts(it.survey, "delay"));
    assert_done(sna_survey_values(it.survey, "dynamics_params", &table));
    assert_int_equal(sna_table_rows(table), 3);
    assert_string_equal(sna_table_text(table, 1, 2), "AB.json");
    near(cell(table, 1, "count"), 3);
    sna_table_free(table);
    assert_int_equal(sna_survey_values_histogram(it.survey, "dynamics_params", 0, &table), SNA_EINVAL);
    assert_int_equal(sna_survey_values(it.survey, "weight", &table), SNA_EINVAL);
    assert_int_equal(sna_survey_values(it.survey, NULL, &table), SNA_EINVAL);
    micro_free(&it);
}

static void test_unknown_property(void **state)
{
    static const char *const property[] = {"dely"};
    sna_survey_request request = {.measure = 0};
    micro it = survey_micro(false, &request);
    sna_survey *survey = NULL;

    (void)state;
    request.property = property;
    request.properties = 1;
    assert_int_equal(sna_survey_run(&survey, it.circuit, &request), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "did you mean `delay`?");
    assert_contains(sna_error_message(), "nsyns");
    assert_null(survey);
    micro_free(&it);
}

static void test_lengths(void **state)
{
    sna_survey_request request = {.source_groups = "pop_name", .measure = SNA_MEASURE_DISTANCE | SNA_MEASURE_DELAY};
    micro it = survey_micro(false, &request);
    const double x[] = {50, sqrt(3400), sqrt(11600)}, y[] = {3, 3.5, 4};
    double mean = 0, sxx = 0, sxy = 0, sum = 0;
    uint64_t points = 0;
    sna_table *table = NULL;

    (void)state;
    assert_done(sna_survey_values(it.survey, NULL, &table));
    near(cell(table, 0, "mean"), 100.0 / 3);
    near(cell(table, 1, "min"), 50);
    near(cell(table, 1, "max"), sqrt(11600));
    near(cell(table, 2, "median"), 50);
    sna_table_free(table);
    for (int i = 0; i < 3; i++)
        mean += x[i] / 3;
    for (int i = 0; i < 3; i++) {
        sxx += (x[i] - mean) * (x[i] - mean);
        sxy += (x[i] - mean) * (y[i] - 3.5);
    }
    assert_done(sna_survey_delay(it.survey, &table));
    near(cell(table, 1, "slope"), sxy / sxx);
    near(cell(table, 1, "velocity"), sxx / sxy);
    near(cell(table, 1, "intercept"), 3.5 - sxy / sxx * mean);
    near(cell(table, 1, "correlation"), sxy / sqrt(sxx * 0.5));
    near(cell(table, 2, "slope"), NAN); /* one connection */
    near(cell(table, 3, "count"), 0);
    sna_table_free(table);
    assert_done(sna_survey_delay_points(it.survey, 10, &table));
    for (uint64_t row = 0; row < sna_table_rows(table); row++) {
        if (strcmp(sna_table_text(table, row, 0), "m_A") != 0 || strcmp(sna_table_text(table, row, 1), "m_B") != 0)
            continue;
        points++;
        sum += cell(table, row, "delay");
    }
    assert_int_equal(points, 3);
    near(sum, 10.5);
    assert_int_equal(sna_table_notes(table), 0);
    sna_table_free(table);
    assert_done(sna_survey_delay_points(it.survey, 2, &table));
    assert_contains(sna_table_note(table, 0), "At most 2 connections of each block");
    sna_table_free(table);
    micro_free(&it);

    request.axes = SNA_ALONG_Z;
    it = survey_micro(false, &request);
    assert_done(sna_survey_values(it.survey, NULL, &table));
    near(cell(table, 0, "max"), 0);
    near(cell(table, 1, "max"), 50);
    sna_table_free(table);
    micro_free(&it);
}

static void check_probability(const sna_table *table, uint64_t first, const double *edge, const double *pairs,
                              const double *connected)
{
    for (uint64_t b = 0; b < 4; b++) {
        near(cell(table, first + b, "low"), edge[b]);
        near(cell(table, first + b, "high"), edge[b + 1]);
        near(cell(table, first + b, "pairs"), pairs[b]);
        near(cell(table, first + b, "connected"), connected[b]);
        near(cell(table, first + b, "probability"), pairs[b] > 0 ? connected[b] / pairs[b] : NAN);
    }
}

static void test_probability(void **state)
{
    /* Within A: 30 30 40 40 50 50 um, without the three pairs of a cell with itself. */
    static const double edge_aa[] = {0, 12.5, 25, 37.5, 50}, pairs_aa[] = {0, 0, 2, 4}, connected_aa[] = {0, 0, 2, 1};
    static const double pairs_ab[] = {3, 1, 0, 2}, connected_ab[] = {2, 0, 0, 1};
    double edge_ab[5], low, high, p = 1.0 / 4, z = 1.959963984540054;
    sna_survey_request request = {.source_groups = "pop_name", .measure = SNA_MEASURE_PROBABILITY, .bins = 4};
    micro it = survey_micro(false, &request);
    sna_table *table = NULL;

    (void)state;
    for (int i = 0; i < 5; i++)
        edge_ab[i] = 50 + (sqrt(11600) - 50) * i / 4;
    assert_done(sna_survey_probability(it.survey, &table));
    assert_int_equal(sna_table_rows(table), 16);
    check_probability(table, 0, edge_aa, pairs_aa, connected_aa);
    check_probability(table, 4, edge_ab, pairs_ab, connected_ab);
    low = (p + z * z / 8 - z * sqrt(p * (1 - p) / 4 + z * z / 64)) / (1 + z * z / 4);
    high = (p + z * z / 8 + z * sqrt(p * (1 - p) / 4 + z * z / 64)) / (1 + z * z / 4);
    near(cell(table, 3, "interval_low"), low);
    near(cell(table, 3, "interval_high"), high);
    near(cell(table, 2, "interval_high"), 1);
    sna_table_free(table);
    micro_free(&it);
}

/* Parallel rows count once; edges of bins as given. */
static void test_probability_bins(void **state)
{
    static const double edges[] = {0, 35, 60};
    const sna_survey_request request = {
        .source_groups = "pop_name", .measure = SNA_MEASURE_PROBABILITY, .bins = 2, .bin_edges = edges};
    micro it = survey_micro(true, &request);
    sna_table *table = NULL;

    (void)state;
    assert_done(sna_survey_probability(it.survey, &table));
    near(cell(table, 0, "connected"), 2); /* 0-1, 1-0; the gap junction 0-1 is the same pair */
    near(cell(table, 1, "connected"), 2); /* 0-2 and the gap junction 1-2 */
    near(cell(table, 1, "pairs"), 4);
    near(cell(table, 3, "pairs"), 2); /* A to B: 0-3, 1-3; the others are beyond */
    sna_table_free(table);
    micro_free(&it);
}

/* ---- a report of connections --------------------------------------------------------------------------------- */

static void write_array(hid_t parent, const char *name, hid_t type, const void *values, int rank, const hsize_t *shape)
{
    const hid_t space = H5Screate_simple(rank, shape, NULL);
    const hid_t data = H5Dcreate2(parent, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

    assert_true(data >= 0 && H5Dwrite(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    (void)H5Dclose(data);
    (void)H5Sclose(space);
}

/* Connections 1-0, 0-3, 1-3 and one from outside onto 3, at 0, 10 and 20 ms. */
static void write_report(const char *path, bool with_ends)
{
    static const double value[3][4] = {{1, 2, 4, 100}, {2, 3, 7, 100}, {3, 5, 9, 100}}, time[] = {0, 30, 10};
    static const int64_t source[] = {1, 0, 1, -1}, target[] = {0, 3, 3, 3}, node[] = {0, 3}, pointer[] = {0, 1, 4},
                         element[] = {0, 0, 0, 0};
    const hsize_t shape[] = {3, 4}, four = 4, three = 3, two = 2;
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t report = H5Gcreate2(file, "report", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t m = H5Gcreate2(report, "m", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t mapping = H5Gcreate2(m, "mapping", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

    write_array(m, "data", H5T_NATIVE_DOUBLE, value, 2, shape);
    write_array(mapping, "time", H5T_NATIVE_DOUBLE, time, 1, &three);
    write_array(mapping, "node_ids", H5T_NATIVE_INT64, node, 1, &two);
    write_array(mapping, "index_pointers", H5T_NATIVE_INT64, pointer, 1, &three);
    write_array(mapping, "element_ids", H5T_NATIVE_INT64, element, 1, &four);
    if (with_ends) {
        write_array(mapping, "src_ids", H5T_NATIVE_INT64, source, 1, &four);
        write_array(mapping, "trg_ids", H5T_NATIVE_INT64, target, 1, &four);
    }
    (void)H5Gclose(mapping);
    (void)H5Gclose(m);
    (void)H5Gclose(report);
    assert_true(H5Fclose(file) >= 0);
}

static void test_report(void **state)
{
    const sna_survey_request request = {.source_groups = "pop_name"};
    micro it = survey_micro(false, &request);
    char *path = NULL;
    sna_table *table = NULL;

    (void)state;
    assert_done(sna_path_join(&path, it.folder, "weights.h5"));
    write_report(path, true);
    assert_done(sna_survey_report(it.survey, path, 10, NAN, &table));
    near(cell(table, 0, "mean"), 2);
    near(cell(table, 1, "count"), 2);
    near(cell(table, 1, "mean"), 5);
    near(cell(table, 2, "count"), 0);
    sna_table_free(table);
    assert_done(sna_survey_report(it.survey, path, 0, 20, &table));
    near(cell(table, 0, "mean"), 2);
    near(cell(table, 1, "mean"), 4);
    near(cell(table, 1, "max"), 5);
    sna_table_free(table);
    assert_int_equal(sna_survey_report(it.survey, path, 30, NAN, &table), SNA_ERANGE);
    assert_contains(sna_error_message(), "goes from 0 to 30 ms");
    write_report(path, false);
    assert_int_equal(sna_survey_report(it.survey, path, 0, NAN, &table), SNA_EINVAL);
    assert_contains(sna_error_message(), "report of cells");
    free(path);
    micro_free(&it);
}

/* ---- a larger network --------------------------------------------------------------------------------------- */

enum { CELLS = 700 };
static const double p_max = 0.8, sigma = 60;

static void write_nodes(sna_outputs *outputs, const char *path, double (*position)[3])
{
    static char a[] = "A", b[] = "B";
    sna_node_writer *writer = NULL;
    double x[CELLS], y[CELLS], z[CELLS];
    const char *name[CELLS];

    for (int i = 0; i < CELLS; i++) {
        x[i] = position[i][0];
        y[i] = position[i][1];
        z[i] = position[i][2];
        name[i] = i % 3 == 0 ? a : b;
    }
    assert_done(sna_node_writer_open(&writer, outputs, path, "cells", CELLS, NULL));
    assert_done(sna_node_writer_attribute(writer, 0, "x", SNA_F64, 1, (sna_values){.real = x}));
    assert_done(sna_node_writer_attribute(writer, 0, "y", SNA_F64, 1, (sna_values){.real = y}));
    assert_done(sna_node_writer_attribute(writer, 0, "z", SNA_F64, 1, (sna_values){.real = z}));
    assert_done(sna_node_writer_attribute(writer, 0, "pop_name", SNA_UTF8, 1, (sna_values){.text = name}));
    assert_done(sna_node_writer_finish(writer));
    sna_node_writer_close(writer);
}

/* Connects by the Gaussian law, each pair up to four times over, so that there are several chunks of rows. */
static uint64_t write_edges(sna_outputs *outputs, const char *path, double (*position)[3])
{
    enum { PARALLEL = 4 };
    sna_edge_writer *writer = NULL;
    sna_random random;
    uint64_t edges = 0;

    sna_random_start(&random, 5, 6, 7, 8);
    assert_done(sna_edge_writer_open(&writer, outputs, path, "cells_to_cells", "cells", CELLS, "cells", CELLS, NULL));
    assert_done(sna_edge_writer_attribute(writer, 0, "syn_weight", SNA_F64));
    for (uint64_t t = 0; t < CELLS; t++) {
        uint64_t source[CELLS * PARALLEL], target[CELLS * PARALLEL], count = 0;
        int64_t type[CELLS * PARALLEL];
        double weight[CELLS * PARALLEL];
        const sna_values values = {.real = weight};
        for (uint64_t s = 0; s < CELLS; s++) {
            const double dx = position[s][0] - position[t][0], dy = position[s][1] - position[t][1],
                         dz = position[s][2] - position[t][2];
            const double p = p_max * exp(-(dx * dx + dy * dy + dz * dz) / (2 * sigma * sigma));
            const bool connected = sna_random_uniform(&random) < p;
            for (int k = 0; connected && k < PARALLEL; k++) {
                source[count] = s;
                target[count] = t;
                type[count] = -1;
                weight[count++] = sna_random_normal(&random);
            }
        }
        if (count > 0)
            assert_done(sna_edge_writer_append(writer, 0, count, source, target, type, &values));
        edges += count;
    }
    assert_done(sna_edge_writer_finish(writer));
    sna_edge_writer_close(writer);
    return edges;
}

static char *large_network(const char *folder, uint64_t *edges)
{
    static double position[CELLS][3];
    sna_outputs *outputs = NULL;
    sna_config_writer *config = NULL;
    sna_random random;
    char *nodes_path = NULL, *edges_path = NULL, *config_path = NULL;

    sna_random_start(&random, 1, 2, 3, 4);
    for (int i = 0; i < CELLS; i++) {
        for (int k = 0; k < 3; k++)
            position[i][k] = 150 * sna_random_uniform(&random);
    }
    assert_done(sna_path_join(&nodes_path, folder, "nodes.h5"));
    assert_done(sna_path_join(&edges_path, folder, "edges.h5"));
    assert_done(sna_path_join(&config_path, folder, "circuit_config.json"));
    assert_done(sna_outputs_create(&outputs));
    write_nodes(outputs, nodes_path, position);
    *edges = write_edges(outputs, edges_path, position);
    assert_done(sna_config_writer_create(&config));
    assert_done(sna_config_writer_nodes(config, nodes_path, NULL, "cells", NULL));
    assert_done(sna_config_writer_edges(config, edges_path, NULL, "cells_to_cells", NULL));
    assert_done(sna_config_writer_write(config, outputs, config_path));
    assert_done(sna_outputs_commit(outputs));
    sna_config_writer_free(config);
    sna_outputs_free(outputs);
    free(nodes_path);
    free(edges_path);
    return config_path;
}

/* Everything that a survey says, as text. */
static char *everything(const char *config, unsigned threads, uint64_t memory)
{
    const sna_survey_request request = {.source_groups = "pop_name", .memory = memory, .most_values = 100000};
    sna_circuit *circuit = NULL;
    sna_record *record = NULL;
    sna_list names = SNA_LIST;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    assert_non_null(stream);
    sna_threads_set(threads);
    assert_done(sna_circuit_open(&circuit, config));
    assert_done(sna_survey_everything(circuit, &request, &record, &names));
    assert_true(sna_list_find(&names, "probability") >= 0);
    assert_true(sna_list_find(&names, "gap_percent") < 0);
    for (uint64_t i = 0; i < names.count; i++) {
        (void)fprintf(stream, "%s\n", names.text[i]);
        assert_done(sna_table_write(sna_record_get_table(record, names.text[i]), stream, SNA_FORMAT_JSON));
    }
    assert_int_equal(fclose(stream), 0);
    sna_record_free(record);
    sna_list_free(&names);
    sna_circuit_close(circuit);
    sna_threads_set(0);
    return text;
}

static void test_threads_and_memory(void **state)
{
    char *folder = test_folder(), *one, *other;
    uint64_t edges = 0;
    char *config = large_network(folder, &edges);

    (void)state;
    assert_true(edges > 500000); /* two chunks at least */
    one = everything(config, 1, 0);
    assert_contains(one, "one connection in"); /* weights were thinned */
    other = everything(config, 3, 0);
    assert_string_equal(one, other);
    free(other);
    other = everything(config, 2, 1 << 20);
    assert_string_equal(one, other);
    free(other);
    free(one);
    free(config);
    test_folder_remove(folder);
}

static void test_fit(void **state)
{
    char *folder = test_folder();
    uint64_t edges = 0;
    char *config = large_network(folder, &edges);
    const sna_survey_request request = {.source_groups = "population", .measure = SNA_MEASURE_PROBABILITY, .bins = 40};
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    sna_table *table = NULL;

    (void)state;
    assert_done(sna_circuit_open(&circuit, config));
    assert_done(sna_survey_run(&survey, circuit, &request));
    assert_done(sna_survey_probability_fit(survey, SNA_FIT_GAUSSIAN, &table));
    assert_true(fabs(cell(table, 0, "p_max") - p_max) < 4 * cell(table, 0, "p_max_error"));
    assert_true(fabs(cell(table, 0, "sigma") - sigma) < 4 * cell(table, 0, "sigma_error"));
    assert_true(cell(table, 0, "p_max_error") < 0.01);
    assert_true(cell(table, 0, "sigma_error") < 1);
    /* A good fit: the deviance is chi-squared. */
    assert_true(cell(table, 0, "deviance") < 2 * cell(table, 0, "degrees_of_freedom"));
    sna_table_free(table);
    assert_done(sna_survey_probability_fit(survey, SNA_FIT_EXPONENTIAL, &table));
    assert_true(cell(table, 0, "deviance") > 10 * cell(table, 0, "degrees_of_freedom"));
    sna_table_free(table);
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    free(config);
    test_folder_remove(folder);
}

/* ---- against numbers computed straight from the files -------------------------------------------------------- */

static void check_golden_block(const sna_survey *survey, const cJSON *expected)
{
    sna_table *table = NULL;
    uint64_t bins = (uint64_t)cJSON_GetArraySize(sna_json_member(expected, "possible_pairs_no_self_in_bin"));
    uint64_t row = 0;

    assert_done(sna_survey_probability(survey, &table));
    while (strcmp(sna_table_text(table, row, 0), sna_json_member(expected, "source")->valuestring) != 0 ||
           strcmp(sna_table_text(table, row, 1), sna_json_member(expected, "target")->valuestring) != 0)
        row++;
    for (uint64_t b = 0; b < bins; b++) {
        near(cell(table, row + b, "low"), cJSON_GetArrayItem(sna_json_member(expected, "bins"), (int)b)->valuedouble);
        near(cell(table, row + b, "pairs"),
             cJSON_GetArrayItem(sna_json_member(expected, "possible_pairs_no_self_in_bin"), (int)b)->valuedouble);
        near(cell(table, row + b, "connected"),
             cJSON_GetArrayItem(sna_json_member(expected, "distinct_pairs_no_self_in_bin"), (int)b)->valuedouble);
    }
    sna_table_free(table);
}

static void test_golden_probability(void **state)
{
    static const char *const network[] = {"bmtool_bmplot", "readme_all", "readme_correlated_gap"};
    static const char *const population[] = {"bio_net", "example_net", "example_net"};
    uint64_t checked = 0;

    (void)state;
    for (int n = 0; n < 3; n++) {
        char *relative = NULL, *config = NULL, *path = NULL;
        sna_json *expected = NULL;
        const cJSON *call, *block;
        assert_done(sna_text_format(&relative, "data/networks/%s/circuit_config.json", network[n]));
        config = test_shared_path(relative);
        free(relative);
        assert_done(sna_text_format(&relative, "golden/networks/%s/probability.json", network[n]));
        path = test_shared_path(relative);
        free(relative);
        if (config != NULL && path != NULL) {
            const sna_survey_request request = {.sources = population[n],
                                                .targets = population[n],
                                                .source_groups = "pop_name",
                                                .bare_labels = true,
                                                .measure = SNA_MEASURE_PROBABILITY};
            sna_circuit *circuit = NULL;
            sna_survey *survey = NULL;
            assert_done(sna_json_read(&expected, path));
            assert_done(sna_circuit_open(&circuit, config));
            assert_done(sna_survey_run(&survey, circuit, &request));
            cJSON_ArrayForEach(call, sna_json_root(expected))
            {
                const char *text = sna_json_member(call, "call")->valuestring;
                if (strstr(text, "include_gap=True") == NULL || strstr(text, "num_bins=8") == NULL ||
                    strstr(text, "dist_Z=True") == NULL || strstr(text, "dist_X=True") == NULL ||
                    strstr(text, "sids=['pop_name']") == NULL)
                    continue;
                cJSON_ArrayForEach(block, sna_json_member(call, "independent"))
                {
                    check_golden_block(survey, block);
                    checked++;
                }
            }
            sna_survey_free(survey);
            sna_circuit_close(circuit);
        }
        sna_json_free(expected);
        free(config);
        free(path);
    }
    if (checked == 0)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_store_exact),
        cmocka_unit_test(test_store_thinned),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_unknown_property),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_probability),
        cmocka_unit_test(test_probability_bins),
        cmocka_unit_test(test_report),
        cmocka_unit_test(test_threads_and_memory),
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_golden_probability),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
