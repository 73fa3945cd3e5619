/* test_connectivity_networks.c: surveys of real networks against numbers that were computed straight from the files. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "connectivity/connectivity.h"

static const char *const networks[] = {
    "bmtk_bio_14cells",
    "bmtk_bio_450cells_compact",
    "bmtk_bio_intfire_ring",
    "bmtk_point_120cells",
    "bmtk_pop_2pops",
    "bmtool_bmplot",
    "readme_all",
    "readme_correlated_gap",
    "readme_unidirection",
    "sonata_9_cells",
    "synthetic_small",
    "sonata_5_cells_iclamp",
};
enum { NETWORKS = sizeof networks / sizeof *networks };

static char *below(const char *folder, const char *name, const char *file)
{
    char *relative = NULL, *path = NULL;

    assert_done(sna_text_format(&relative, "%s/%s/%s", folder, name, file));
    path = test_shared_path(relative);
    free(relative);
    return path;
}

static const cJSON *member(const cJSON *object, const char *key)
{
    const cJSON *found = sna_json_member(object, key);

    if (found == NULL)
        fail_msg("no `%s` in the expectations", key);
    return found;
}

/* A number; "nan" is NaN. */
static double number(const cJSON *item)
{
    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

/* Where a number was found, for messages. */
static char context[512];

static void check_number(const char *what, double found, double expected)
{
    const bool good = isnan(expected) ? isnan(found) : fabs(found - expected) <= 1e-9 * fmax(1, fabs(expected));

    if (!good)
        fail_msg("%s: %s is %.17g, expected %.17g", context, what, found, expected);
}

static double cell(sna_table *table, uint64_t row, uint64_t column)
{
    const double value = sna_table_real(table, row, column);

    sna_table_free(table);
    return value;
}

static double percent(const sna_survey *survey, sna_percent method, uint64_t a, uint64_t b)
{
    sna_table *table = NULL;

    assert_done(sna_survey_percent(survey, method, &table));
    return cell(table, a, b);
}

static double degree(const sna_survey *survey, sna_direction direction, sna_summary summary, bool connected_only,
                     uint64_t a, uint64_t b)
{
    sna_table *table = NULL;

    assert_done(sna_survey_degree(survey, direction, SNA_COUNT_ROWS, summary, connected_only, &table));
    return cell(table, a, b);
}

static const struct {
    const char *key;
    sna_summary summary;
} summaries[] = {
    {"mean", SNA_SUMMARY_MEAN}, {"std_ddof1", SNA_SUMMARY_SD}, {"min", SNA_SUMMARY_MIN}, {"max", SNA_SUMMARY_MAX}};

static void check_degrees(const sna_survey *survey, sna_direction direction, const cJSON *expected, uint64_t a,
                          uint64_t b)
{
    for (size_t i = 0; i < sizeof summaries / sizeof *summaries; i++) {
        check_number(direction == SNA_AFFERENT ? "convergence of all" : "divergence of all",
                     degree(survey, direction, summaries[i].summary, false, a, b),
                     number(member(member(expected, "all_cells"), summaries[i].key)));
        check_number(direction == SNA_AFFERENT ? "convergence of connected" : "divergence of connected",
                     degree(survey, direction, summaries[i].summary, true, a, b),
                     number(member(member(expected, "connected_only"), summaries[i].key)));
    }
}

static void check_gap(const sna_survey *survey, const cJSON *expected, uint64_t a, uint64_t b)
{
    sna_table *table = NULL;

    assert_done(sna_survey_gap_percent(survey, &table));
    check_number("gap percent", cell(table, a, b), number(member(expected, "percent")));
    for (size_t i = 0; i < sizeof summaries / sizeof *summaries; i++) {
        assert_done(sna_survey_gap_degree(survey, summaries[i].summary, false, &table));
        check_number("gap convergence", cell(table, a, b),
                     number(member(member(member(expected, "gaps_per_target_cell"), "all_cells"), summaries[i].key)));
    }
}

static uint64_t find(const sna_survey *survey, bool source, const cJSON *value)
{
    const uint64_t count = source ? sna_survey_sources(survey) : sna_survey_targets(survey);
    char text[64];

    if (cJSON_IsString(value))
        (void)snprintf(text, sizeof text, "%s", value->valuestring);
    else
        (void)snprintf(text, sizeof text, "%.0f", value->valuedouble);
    for (uint64_t i = 0; i < count; i++) {
        const sna_group *group = source ? sna_survey_source(survey, i) : sna_survey_target(survey, i);
        if (strcmp(group->value, text) == 0)
            return i;
    }
    fail_msg("%s: no group `%s`", context, text);
    return 0;
}

static void check_block(const sna_survey *survey, const cJSON *expected, bool gap)
{
    const uint64_t a = find(survey, true, member(expected, "source")),
                   b = find(survey, false, member(expected, "target"));
    const sna_block *block = sna_survey_block(survey, a, b);
    const cJSON *percents = member(expected, "percent"), *ordered;

    check_number("cells of the source", (double)sna_survey_source(survey, a)->count,
                 number(member(expected, "n_source")));
    check_number("cells of the target", (double)sna_survey_target(survey, b)->count,
                 number(member(expected, "n_target")));
    check_number("rows", (double)block->rows, number(member(expected, "rows")));
    check_number("pairs", (double)block->pairs, number(member(expected, "distinct_pairs")));
    check_number("synapses", (double)block->synapses, number(member(expected, "synapses")));
    /* Within a group the expectation called total is of unordered pairs. */
    ordered = sna_json_member(expected, "percent_of_ordered_pairs_without_self");
    assert_int_equal(block->same, ordered != NULL);
    check_number("percent total", percent(survey, SNA_PERCENT_TOTAL, a, b),
                 number(ordered != NULL ? ordered : member(percents, "total")));
    if (ordered != NULL)
        check_number("percent any", percent(survey, SNA_PERCENT_ANY, a, b), number(member(percents, "total")));
    check_number("percent uni", percent(survey, SNA_PERCENT_UNI, a, b), number(member(percents, "uni")));
    check_number("percent bi", percent(survey, SNA_PERCENT_BI, a, b), number(member(percents, "bi")));
    check_number("percent innervation", percent(survey, SNA_PERCENT_INNERVATION, a, b),
                 number(member(percents, "innervation")));
    check_degrees(survey, SNA_AFFERENT, member(expected, "convergence_rows"), a, b);
    check_degrees(survey, SNA_EFFERENT, member(expected, "divergence_rows"), a, b);
    if (gap && sna_json_member(expected, "gap") != NULL)
        check_gap(survey, member(expected, "gap"), a, b);
}

static void check_matrix(sna_circuit *circuit, const char *network, const cJSON *matrix)
{
    const bool gap = cJSON_IsTrue(member(matrix, "include_gap"));
    const char *key = member(matrix, "key")->valuestring;
    sna_survey_request request = {.edges = member(matrix, "edges")->valuestring,
                                  .source_groups = key,
                                  .no_gap = !gap,
                                  .measure = SNA_MEASURE_SYNAPSES | SNA_MEASURE_PAIRS | SNA_MEASURE_CONVERGENCE |
                                             SNA_MEASURE_DIVERGENCE | SNA_MEASURE_INNERVATION | SNA_MEASURE_GAP};
    sna_survey *survey = NULL;
    const cJSON *block;
    uint64_t blocks = 0;

    (void)snprintf(context, sizeof context, "%s: %s by %s%s", network, request.edges, key, gap ? "" : " without gap");
    assert_done(sna_survey_run(&survey, circuit, &request));
    cJSON_ArrayForEach(block, member(matrix, "matrix"))
    {
        check_block(survey, block, gap);
        blocks++;
    }
    assert_int_equal(blocks, sna_survey_sources(survey) * sna_survey_targets(survey));
    sna_survey_free(survey);
}

static void test_matrices(void **state)
{
    uint64_t checked = 0;

    (void)state;
    for (int n = 0; n < NETWORKS; n++) {
        char *config = below("data/networks", networks[n], "circuit_config.json");
        char *path = below("golden/networks", networks[n], "independent.json");
        sna_circuit *circuit = NULL;
        sna_json *expected = NULL;
        const cJSON *matrix;
        if (config != NULL && path != NULL) {
            assert_done(sna_circuit_open(&circuit, config));
            assert_done(sna_json_read(&expected, path));
            cJSON_ArrayForEach(matrix, sna_json_root(expected))
            {
                check_matrix(circuit, networks[n], matrix);
                checked++;
            }
        }
        sna_json_free(expected);
        sna_circuit_close(circuit);
        free(path);
        free(config);
    }
    if (checked == 0)
        skip();
}

/* Nodes, edges and kinds of cells, against tables made by another reader. */
static void check_network(const char *network, sna_circuit *circuit, const cJSON *expected)
{
    sna_table *nodes = NULL, *edges = NULL, *cells = NULL;
    const cJSON *item, *kind;
    uint64_t row = 0;

    (void)snprintf(context, sizeof context, "%s", network);
    assert_done(sna_circuit_node_table(circuit, &nodes));
    assert_done(sna_circuit_edge_table(circuit, &edges));
    assert_done(sna_circuit_cell_table(circuit, &cells));
    cJSON_ArrayForEach(item, member(expected, "nodes"))
    {
        assert_string_equal(sna_table_row_label(nodes, row), item->string);
        check_number("nodes", sna_table_real(nodes, row++, 0), number(member(item, "rows")));
    }
    assert_int_equal(row, sna_table_rows(nodes));
    row = 0;
    cJSON_ArrayForEach(item, member(expected, "edges"))
    {
        assert_string_equal(sna_table_row_label(edges, row), item->string);
        check_number("edges", sna_table_real(edges, row++, 2), number(member(item, "rows")));
    }
    assert_int_equal(row, sna_table_rows(edges));
    cJSON_ArrayForEach(item, member(member(expected, "cell_info"), "tables"))
    {
        cJSON_ArrayForEach(kind, item)
        {
            double found = NAN;
            char id[32];
            (void)snprintf(id, sizeof id, "%.0f", number(member(kind, "node_type_id")));
            for (uint64_t r = 0; r < sna_table_rows(cells); r++) {
                if (strcmp(sna_table_row_label(cells, r), item->string) == 0 &&
                    strcmp(sna_table_text(cells, r, 0), id) == 0)
                    found = (isnan(found) ? 0 : found) + sna_table_real(cells, r, sna_table_columns(cells) - 1);
            }
            check_number("cells of a type", found, number(member(kind, "count")));
        }
    }
    sna_table_free(nodes);
    sna_table_free(edges);
    sna_table_free(cells);
}

static void test_tables(void **state)
{
    uint64_t checked = 0;

    (void)state;
    for (int n = 0; n < NETWORKS; n++) {
        char *config = below("data/networks", networks[n], "circuit_config.json");
        char *path = below("golden/networks", networks[n], "tables.json");
        sna_circuit *circuit = NULL;
        sna_json *expected = NULL;
        if (config != NULL && path != NULL) {
            assert_done(sna_circuit_open(&circuit, config));
            assert_done(sna_json_read(&expected, path));
            check_network(networks[n], circuit, sna_json_root(expected));
            checked++;
        }
        sna_json_free(expected);
        sna_circuit_close(circuit);
        free(path);
        free(config);
    }
    if (checked == 0)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_matrices), cmocka_unit_test(test_tables)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
