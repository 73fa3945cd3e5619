/* test_connectivity.c: surveys of a network that can be worked out by hand, and of ones made for the purpose. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connectivity/connectivity.h"
#include "micro_network.h"

/* Everything that a matrix can say at once. */
enum {
    MEASURE_ALL = SNA_MEASURE_SYNAPSES | SNA_MEASURE_PAIRS | SNA_MEASURE_CONVERGENCE | SNA_MEASURE_DIVERGENCE |
                  SNA_MEASURE_INNERVATION | SNA_MEASURE_GAP
};

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

/* A table of 2 x 2: A and B to A and B; NaN for a missing cell. */
static void check_table(sna_table *table, double aa, double ab, double ba, double bb)
{
    const double expected[2][2] = {{aa, ab}, {ba, bb}};

    assert_int_equal(sna_table_rows(table), 2);
    assert_int_equal(sna_table_columns(table), 2);
    for (uint64_t a = 0; a < 2; a++) {
        for (uint64_t b = 0; b < 2; b++) {
            const double found = sna_table_real(table, a, b);
            if (isnan(expected[a][b]) ? !isnan(found) : !(fabs(found - expected[a][b]) < 1e-12))
                fail_msg("%s: row %d, column %d is %.17g, expected %.17g", sna_table_title(table), (int)a, (int)b,
                         found, expected[a][b]);
        }
    }
    sna_table_free(table);
}

static sna_table *total(const sna_survey *survey, sna_count count)
{
    sna_table *table = NULL;

    assert_done(sna_survey_total(survey, count, &table));
    return table;
}

static sna_table *percent(const sna_survey *survey, sna_percent method)
{
    sna_table *table = NULL;

    assert_done(sna_survey_percent(survey, method, &table));
    return table;
}

static sna_table *degree(const sna_survey *survey, sna_direction direction, sna_count count, sna_summary summary,
                         bool connected_only)
{
    sna_table *table = NULL;

    assert_done(sna_survey_degree(survey, direction, count, summary, connected_only, &table));
    return table;
}

static const sna_survey_request by_name = {.source_groups = "pop_name", .measure = MEASURE_ALL};

static void test_micro_chemical(void **state)
{
    micro it = survey_micro(false, &by_name);
    const sna_survey *survey = it.survey;
    const double sixth = 100.0 / 6;
    sna_table *table = NULL;

    (void)state;
    assert_string_equal(sna_survey_source(survey, 0)->label, "m_A");
    assert_string_equal(sna_survey_target(survey, 1)->label, "m_B");
    assert_int_equal(sna_survey_target(survey, 1)->count, 2);
    assert_null(sna_survey_target(survey, 2));
    check_table(total(survey, SNA_COUNT_ROWS), 3, 3, 1, 0);
    check_table(total(survey, SNA_COUNT_PAIRS), 3, 3, 1, 0);
    check_table(total(survey, SNA_COUNT_SYNAPSES), 3, 6, 1, 0);
    /* A has 3 unordered pairs (0-1 both ways, 0-2 one way) and 6 ordered ones; between A and B there are 6. */
    check_table(percent(survey, SNA_PERCENT_TOTAL), 50, 50, sixth, 0);
    check_table(percent(survey, SNA_PERCENT_ANY), 200.0 / 3, 50, 50, 0);
    check_table(percent(survey, SNA_PERCENT_UNI), 100.0 / 3, 100.0 / 3, 0, 0);
    check_table(percent(survey, SNA_PERCENT_BI), 100.0 / 3, sixth, sixth, 0);
    check_table(percent(survey, SNA_PERCENT_INNERVATION), 100, 100, 100.0 / 3, 0);
    /* Inputs from A to A: 1 1 1, A to B: 2 1, B to A: 1 0 0. */
    check_table(degree(survey, SNA_AFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_MEAN, false), 1, 1.5, 1.0 / 3, 0);
    check_table(degree(survey, SNA_AFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_MEAN, true), 1, 1.5, 1, NAN);
    check_table(degree(survey, SNA_AFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_SD, false), 0, sqrt(0.5), sqrt(1.0 / 3), 0);
    check_table(degree(survey, SNA_AFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_SD, true), 0, sqrt(0.5), NAN, NAN);
    check_table(degree(survey, SNA_AFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_MIN, false), 1, 1, 0, 0);
    check_table(degree(survey, SNA_AFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_MAX, false), 1, 2, 1, 0);
    check_table(degree(survey, SNA_AFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_MEDIAN, false), 1, 1.5, 0, 0);
    check_table(degree(survey, SNA_AFFERENT, SNA_COUNT_SYNAPSES, SNA_SUMMARY_MEAN, false), 1, 3, 1.0 / 3, 0);
    /* Outputs of A to A: 2 1 0, of A to B: 1 1 1, of B to A: 1 0. */
    check_table(degree(survey, SNA_EFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_MEAN, false), 1, 1, 0.5, 0);
    check_table(degree(survey, SNA_EFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_MEAN, true), 1.5, 1, 1, NAN);
    check_table(degree(survey, SNA_EFFERENT, SNA_COUNT_PAIRS, SNA_SUMMARY_SD, false), 1, 0, sqrt(0.5), 0);
    /* No gap junctions. */
    assert_done(sna_survey_gap_percent(survey, &table));
    check_table(table, 0, 0, 0, 0);
    micro_free(&it);
}

static void test_micro_gap_junctions(void **state)
{
    sna_survey_request request = by_name;
    micro it = survey_micro(true, &request);
    sna_table *table = NULL;

    (void)state;
    check_table(total(it.survey, SNA_COUNT_ROWS), 5, 3, 1, 0);
    /* 0-1 a second time; 1-2 is new. */
    check_table(total(it.survey, SNA_COUNT_PAIRS), 4, 3, 1, 0);
    check_table(percent(it.survey, SNA_PERCENT_TOTAL), 400.0 / 6, 50, 100.0 / 6, 0);
    check_table(percent(it.survey, SNA_PERCENT_ANY), 100, 50, 50, 0);
    check_table(percent(it.survey, SNA_PERCENT_BI), 100.0 / 3, 100.0 / 6, 100.0 / 6, 0);
    assert_done(sna_survey_gap_percent(it.survey, &table));
    check_table(table, 200.0 / 3, 0, 0, 0);
    /* Cells 0 1 2 have 1 2 1 partners. */
    assert_done(sna_survey_gap_degree(it.survey, SNA_SUMMARY_MEAN, false, &table));
    check_table(table, 4.0 / 3, 0, 0, 0);
    assert_done(sna_survey_gap_degree(it.survey, SNA_SUMMARY_MAX, true, &table));
    check_table(table, 2, NAN, NAN, NAN);
    micro_free(&it);

    request.no_gap = true;
    it = survey_micro(true, &request);
    check_table(total(it.survey, SNA_COUNT_ROWS), 3, 3, 1, 0);
    check_table(percent(it.survey, SNA_PERCENT_ANY), 200.0 / 3, 50, 50, 0);
    check_table(percent(it.survey, SNA_PERCENT_UNI), 100.0 / 3, 100.0 / 3, 0, 0);
    check_table(percent(it.survey, SNA_PERCENT_BI), 100.0 / 3, 100.0 / 6, 100.0 / 6, 0);
    check_table(degree(it.survey, SNA_AFFERENT, SNA_COUNT_PAIRS, SNA_SUMMARY_MEAN, false), 1, 1.5, 1.0 / 3, 0);
    assert_done(sna_survey_gap_percent(it.survey, &table));
    check_table(table, 200.0 / 3, 0, 0, 0);
    micro_free(&it);
}

/* What pairs take must not change what they say. */
static void test_little_memory(void **state)
{
    sna_survey_request request = by_name;
    micro it;

    (void)state;
    request.memory = 48; /* three edges at a time */
    it = survey_micro(true, &request);
    check_table(total(it.survey, SNA_COUNT_ROWS), 5, 3, 1, 0);
    check_table(total(it.survey, SNA_COUNT_PAIRS), 4, 3, 1, 0);
    check_table(percent(it.survey, SNA_PERCENT_ANY), 100, 50, 50, 0);
    check_table(percent(it.survey, SNA_PERCENT_BI), 100.0 / 3, 100.0 / 6, 100.0 / 6, 0);
    micro_free(&it);
}

static void test_mean_and_sd(void **state)
{
    micro it = survey_micro(false, &by_name);
    sna_table *table = degree(it.survey, SNA_AFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_MEAN_SD, false);
    sna_table *means = NULL, *texts = NULL;

    (void)state;
    assert_string_equal(sna_table_column_name(table, 2), "m_B mean");
    assert_string_equal(sna_table_column_name(table, 3), "m_B std");
    assert_true(sna_table_real(table, 0, 2) == 1.5);
    assert_done(sna_survey_mean_texts(table, &means, &texts));
    assert_string_equal(sna_table_text(texts, 0, 1), "1.5\n±0.71");
    check_table(means, 1, 1.5, 1.0 / 3, 0);
    sna_table_free(texts);
    sna_table_free(table);
    micro_free(&it);
}

static void test_groupings(void **state)
{
    sna_survey_request request = {
        .source_groups = "pop_name", .target_groups = "model_type", .bare_labels = true, .measure = MEASURE_ALL};
    micro it = survey_micro(false, &request);
    const sna_block *block;

    (void)state;
    assert_int_equal(sna_survey_targets(it.survey), 1);
    assert_string_equal(sna_survey_source(it.survey, 1)->label, "B");
    assert_string_equal(sna_survey_target(it.survey, 0)->label, "biophysical");
    /* A to all: 3 x 5 pairs less the 3 of a cell with itself. */
    block = sna_survey_block(it.survey, 0, 0);
    assert_int_equal(block->possible, 12);
    assert_false(block->same);
    assert_int_equal(block->rows, 6);
    assert_int_equal(block->two_way, 3); /* 0-1, 1-0, 0-3 */
    micro_free(&it);

    request = (sna_survey_request){.measure = 0};
    it = survey_micro(false, &request);
    assert_string_equal(sna_survey_source(it.survey, 0)->label, "m_1");
    micro_free(&it);
}

static void test_node_sets(void **state)
{
    sna_survey_request request = {.source_groups = "first,second", .measure = MEASURE_ALL};
    micro it = survey_micro(false, &request);
    sna_survey *survey = NULL;

    (void)state;
    assert_string_equal(sna_survey_source(it.survey, 0)->label, "m_first");
    assert_int_equal(sna_survey_source(it.survey, 0)->count, 2);
    /* Cell 2 is in neither: 0-1 1-0, 0-3 1-3, 3-0. */
    check_table(total(it.survey, SNA_COUNT_ROWS), 2, 2, 1, 0);
    check_table(percent(it.survey, SNA_PERCENT_TOTAL), 100, 50, 25, 0);
    check_table(degree(it.survey, SNA_AFFERENT, SNA_COUNT_PAIRS, SNA_SUMMARY_MAX, false), 1, 2, 1, 0);
    /* Different sets on both sides: 1 is a source in one and a target in the other. */
    request.target_groups = "mixed,nobody";
    assert_done(sna_survey_run(&survey, it.circuit, &request));
    assert_int_equal(sna_survey_targets(survey), 1);
    assert_int_equal(sna_survey_block(survey, 0, 0)->possible, 3);
    assert_int_equal(sna_survey_block(survey, 0, 0)->rows, 3);
    sna_survey_free(survey);
    request.source_groups = "first,mixed";
    assert_int_equal(sna_survey_run(&survey, it.circuit, &request), SNA_EINVAL);
    assert_contains(sna_error_message(), "node 1 of `m` is in both node sets `first` and `mixed`");
    request.source_groups = "nobody";
    assert_int_equal(sna_survey_run(&survey, it.circuit, &request), SNA_ENOTFOUND);
    assert_null(survey);
    micro_free(&it);
}

static void test_errors(void **state)
{
    micro it = survey_micro(false, &by_name);
    sna_survey *survey = NULL;
    sna_table *table = NULL;
    sna_survey_request request = {.sources = "n"};

    (void)state;
    assert_int_equal(sna_survey_run(&survey, it.circuit, &request), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "no node population `n`");
    assert_contains(sna_error_message(), "there is: m");
    request = (sna_survey_request){.target_groups = "pop_nam"};
    assert_int_equal(sna_survey_run(&survey, it.circuit, &request), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "did you mean `pop_name`?");
    assert_contains(sna_error_message(), "model_type");
    request = (sna_survey_request){.edges = "m_to_n"};
    assert_int_equal(sna_survey_run(&survey, it.circuit, &request), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "there is: m_to_m");
    assert_null(survey);
    request = (sna_survey_request){.measure = 0};
    assert_done(sna_survey_run(&survey, it.circuit, &request));
    assert_int_equal(sna_survey_percent(survey, SNA_PERCENT_TOTAL, &table), SNA_EINVAL);
    assert_int_equal(sna_survey_total(survey, SNA_COUNT_SYNAPSES, &table), SNA_EINVAL);
    assert_int_equal(sna_survey_degree(survey, SNA_AFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_MEAN, false, &table),
                     SNA_EINVAL);
    assert_null(table);
    sna_survey_free(survey);
    micro_free(&it);
}

static void test_network_tables(void **state)
{
    micro it = survey_micro(true, &by_name);
    sna_table *table = NULL;

    (void)state;
    assert_done(sna_circuit_node_table(it.circuit, &table));
    assert_string_equal(sna_table_row_label(table, 0), "m");
    assert_int_equal(sna_table_integer(table, 0, (uint64_t)sna_table_find_column(table, "nodes")), 5);
    sna_table_free(table);
    assert_done(sna_circuit_edge_table(it.circuit, &table));
    assert_int_equal(sna_table_integer(table, 0, (uint64_t)sna_table_find_column(table, "edges")), 9);
    assert_string_equal(sna_table_text(table, 0, (uint64_t)sna_table_find_column(table, "target")), "m");
    sna_table_free(table);
    assert_done(sna_circuit_cell_table(it.circuit, &table));
    assert_int_equal(sna_table_rows(table), 2);
    assert_string_equal(sna_table_text(table, 1, (uint64_t)sna_table_find_column(table, "pop_name")), "B");
    assert_int_equal(sna_table_integer(table, 1, (uint64_t)sna_table_find_column(table, "cells")), 2);
    assert_int_equal(sna_table_find_column(table, "morphology"), -1);
    sna_table_free(table);
    micro_free(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_micro_chemical), cmocka_unit_test(test_micro_gap_junctions),
        cmocka_unit_test(test_little_memory),  cmocka_unit_test(test_mean_and_sd),
        cmocka_unit_test(test_groupings),      cmocka_unit_test(test_errors),
        cmocka_unit_test(test_node_sets),      cmocka_unit_test(test_network_tables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
