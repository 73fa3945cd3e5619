/* test_connectivity_odd.c: networks with several edge files, lonely populations, and files that are wrong. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <hdf5.h>

#include "connectivity/connectivity.h"
#include "micro_network.h"

/* The network of five cells, its edges twice over in two files, and a population `n` of one cell without positions. */
typedef struct {
    char *folder, *config, *edges;
} odd;

static odd make_odd(void)
{
    odd self = {.folder = test_folder()};
    char *bytes = NULL, *more = NULL, *nodes = NULL;
    uint64_t size = 0;
    sna_outputs *outputs = NULL;
    sna_node_writer *writer = NULL;

    free(micro_network(self.folder, true));
    assert_done(sna_path_join(&self.edges, self.folder, "edges.h5"));
    assert_done(sna_path_join(&more, self.folder, "more.h5"));
    assert_done(sna_file_read(&bytes, &size, self.edges));
    assert_done(sna_file_write(more, bytes, size));
    assert_done(sna_path_join(&nodes, self.folder, "lonely.h5"));
    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_node_writer_open(&writer, outputs, nodes, "n", 1, NULL));
    assert_done(sna_node_writer_finish(writer));
    sna_node_writer_close(writer);
    assert_done(sna_outputs_commit(outputs));
    sna_outputs_free(outputs);
    self.config = test_file(self.folder, "two.json",
                            "{\"networks\": {\n"
                            " \"nodes\": [{\"nodes_file\": \"nodes.h5\", \"node_types_file\": \"node_types.csv\"}, "
                            "{\"nodes_file\": \"lonely.h5\"}],\n"
                            " \"edges\": [{\"edges_file\": \"edges.h5\", \"edge_types_file\": \"edge_types.csv\"},\n"
                            "           {\"edges_file\": \"more.h5\", \"edge_types_file\": \"edge_types.csv\"}]}}\n");
    free(bytes);
    free(more);
    free(nodes);
    return self;
}

static void odd_free(odd *self)
{
    free(self->config);
    free(self->edges);
    test_folder_remove(self->folder);
}

static void test_files_add_up(void **state)
{
    odd it = make_odd();
    const sna_survey_request request = {.source_groups = "pop_name",
                                        .no_gap = true,
                                        .measure = SNA_MEASURE_PAIRS | SNA_MEASURE_SYNAPSES | SNA_MEASURE_CONVERGENCE |
                                                   SNA_MEASURE_GAP};
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    sna_table *table = NULL;
    const sna_block *block;

    (void)state;
    assert_done(sna_circuit_open(&circuit, it.config));
    assert_done(sna_survey_run(&survey, circuit, &request));
    /* `n` has no edges: it is no part of all populations. */
    assert_int_equal(sna_survey_sources(survey), 2);
    block = sna_survey_block(survey, 0, 1);
    assert_int_equal(block->rows, 6);
    assert_int_equal(block->pairs, 3);
    assert_int_equal(block->synapses, 12);
    assert_int_equal(sna_survey_block(survey, 0, 0)->gap_pairs, 4);
    assert_done(sna_survey_degree(survey, SNA_AFFERENT, SNA_COUNT_PAIRS, SNA_SUMMARY_MEAN, false, &table));
    assert_true(sna_table_real(table, 0, 1) == 1.5);
    sna_table_free(table);
    assert_done(sna_survey_degree(survey, SNA_AFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_MEAN, false, &table));
    assert_true(sna_table_real(table, 0, 1) == 3);
    sna_table_free(table);
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    odd_free(&it);
}

static void test_lonely_population(void **state)
{
    odd it = make_odd();
    sna_survey_request request = {.sources = "n",
                                  .targets = "m,n",
                                  .source_groups = "population",
                                  .measure = SNA_MEASURE_PAIRS | SNA_MEASURE_CONVERGENCE | SNA_MEASURE_INNERVATION};
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    sna_table *table = NULL;

    (void)state;
    assert_done(sna_circuit_open(&circuit, it.config));
    assert_done(sna_survey_run(&survey, circuit, &request));
    assert_int_equal(sna_survey_sources(survey), 1);
    assert_int_equal(sna_survey_targets(survey), 2);
    assert_done(sna_survey_percent(survey, SNA_PERCENT_TOTAL, &table));
    assert_true(sna_table_real(table, 0, 0) == 0);
    assert_true(sna_table_is_missing(table, 0, 1)); /* one cell makes no pair */
    sna_table_free(table);
    assert_done(sna_survey_degree(survey, SNA_AFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_SD, false, &table));
    assert_true(sna_table_real(table, 0, 0) == 0);
    assert_true(sna_table_is_missing(table, 0, 1));
    sna_table_free(table);
    sna_survey_free(survey);

    /* It has no pop_name: among all it stands for itself, by name it is an error. */
    request = (sna_survey_request){.source_groups = "pop_name", .targets = "n"};
    assert_int_equal(sna_survey_run(&survey, circuit, &request), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "`n` has: node_type_id");
    /* Nor has it positions. */
    request = (sna_survey_request){.targets = "n", .measure = SNA_MEASURE_PROBABILITY | SNA_MEASURE_DISTANCE};
    assert_done(sna_survey_run(&survey, circuit, &request));
    assert_int_equal(sna_survey_probability(survey, &table), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "no positions");
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    odd_free(&it);
}

/* A circuit without edges: nothing is connected. */
static void test_no_edges(void **state)
{
    odd it = make_odd();
    char *config = test_file(it.folder, "none.json",
                             "{\"networks\": {\"nodes\": [{\"nodes_file\": \"nodes.h5\", \"node_types_file\": "
                             "\"node_types.csv\"}], \"edges\": []}}");
    const sna_survey_request request = {.source_groups = "pop_name", .measure = SNA_MEASURE_PAIRS};
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    sna_table *table = NULL;

    (void)state;
    assert_done(sna_circuit_open(&circuit, config));
    assert_done(sna_survey_run(&survey, circuit, &request));
    assert_done(sna_survey_percent(survey, SNA_PERCENT_BI, &table));
    assert_true(sna_table_real(table, 0, 0) == 0 && sna_table_real(table, 1, 0) == 0);
    sna_table_free(table);
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    free(config);
    odd_free(&it);
}

/* Changes one value of a dataset of an edges file. */
static void spoil(const char *path, const char *dataset, hsize_t row, uint64_t value)
{
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), data = H5Dopen2(file, dataset, H5P_DEFAULT);
    const hid_t space = H5Dget_space(data), memory = H5Screate(H5S_SCALAR);

    assert_true(H5Sselect_elements(space, H5S_SELECT_SET, 1, &row) >= 0);
    assert_true(H5Dwrite(data, H5T_NATIVE_UINT64, memory, space, H5P_DEFAULT, &value) >= 0);
    (void)H5Sclose(memory);
    (void)H5Sclose(space);
    (void)H5Dclose(data);
    assert_true(H5Fclose(file) >= 0);
}

static void check_refusal(const char *config, const char *count, const char *says)
{
    run_result result;

    run_words(&result, "connection", "total", config, "--count", count, "--format", "csv", NULL);
    assert_int_equal(result.status, 3);
    assert_string_equal(result.out, "");
    assert_contains(result.err, says);
    assert_contains(result.err, "edges.h5");
    run_free(&result);
}

static void test_dangling_ids(void **state)
{
    odd it = make_odd();

    (void)state;
    spoil(it.edges, "/edges/m_to_m/target_node_id", 3, 5);
    check_refusal(it.config, "rows", "edge 3: target_node_id is 5, but population `m` has 5 nodes");
    check_refusal(it.config, "pairs", "edge 3: target_node_id is 5, but population `m` has 5 nodes");
    spoil(it.edges, "/edges/m_to_m/source_node_id", 0, UINT64_MAX);
    check_refusal(it.config, "pairs", "edge 0: source_node_id is 18446744073709551615");
    odd_free(&it);
}

static void test_synapses_that_are_no_count(void **state)
{
    odd it = make_odd();

    (void)state;
    spoil(it.edges, "/edges/m_to_m/0/nsyns", 4, UINT64_C(1) << 40);
    check_refusal(it.config, "synapses", "edge 4: nsyns is 1099511627776, expected a count");
    odd_free(&it);
}

static void test_unwritable_folder(void **state)
{
    odd it = make_odd();
    run_result result;

    (void)state;
    run_words(&result, "connection", "all", it.config, "-o", "/proc/none", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "/proc");
    run_free(&result);
    odd_free(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_add_up),
        cmocka_unit_test(test_lonely_population),
        cmocka_unit_test(test_no_edges),
        cmocka_unit_test(test_dangling_ids),
        cmocka_unit_test(test_synapses_that_are_no_count),
        cmocka_unit_test(test_unwritable_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
