/* test_sonata_networks.c: every network of the shared data opens, and says what bmtool's own tables say. */
#include "support.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "sonata/sonata.h"

static const char *const networks[] = {"bmtk_bio_14cells",
                                       "bmtk_bio_450cells_compact",
                                       "bmtk_bio_intfire_ring",
                                       "bmtk_point_120cells",
                                       "bmtk_pop_2pops",
                                       "bmtool_bmplot",
                                       "readme_all",
                                       "readme_correlated_gap",
                                       "readme_unidirection",
                                       "sonata_5_cells_iclamp",
                                       "sonata_9_cells",
                                       "synthetic_small"};

/* The value of a column as text; "nan" where there is none, as the tables have it. */
static void value_text(const sna_column *column, uint64_t row, uint32_t part, char *buffer, size_t size)
{
    const uint64_t at = row * column->width + part;
    char number[SNA_NUMBER_SIZE];

    if (sna_column_is_missing(column, row))
        snprintf(buffer, size, "nan");
    else if (column->type == SNA_INTEGER)
        snprintf(buffer, size, "%" PRId64, column->integer[at]);
    else if (column->type == SNA_REAL)
        snprintf(buffer, size, "%s", sna_number_text(number, column->real[at]));
    else
        snprintf(buffer, size, "%s", column->texts->text[column->code[at]]);
}

static void check_value(const char *where, const char *name, const sna_column *column, uint64_t row, uint32_t part,
                        const cJSON *expected)
{
    char found[512], wanted[512], number[SNA_NUMBER_SIZE];
    bool same;

    value_text(column, row, part, found, sizeof found);
    if (cJSON_IsNumber(expected)) {
        /* Whole columns are floating point in pandas as soon as one value misses. */
        char *end = NULL;
        snprintf(wanted, sizeof wanted, "%s", sna_number_text(number, expected->valuedouble));
        same = fabs(strtod(found, &end) - expected->valuedouble) <= 1e-12 * fabs(expected->valuedouble);
    } else {
        snprintf(wanted, sizeof wanted, "%s", cJSON_IsString(expected) ? expected->valuestring : "?");
        same = strcmp(found, wanted) == 0;
        /* pandas does not know that NONE is missing; and it prints a text column of numbers as such. */
        same = same || (strcmp(found, "nan") == 0 && strcmp(wanted, "NONE") == 0);
        same = same || (cJSON_IsBool(expected) && strcmp(found, cJSON_IsTrue(expected) ? "True" : "False") == 0);
    }
    if (!same)
        print_error("%s: %s of row %" PRIu64 ": found %s, expected %s\n", where, name, row, found, wanted);
    assert_true(same);
}

static void check_row(const char *where, sna_nodes *nodes, uint64_t row, const cJSON *expected)
{
    static const char *const split[] = {"pos_x", "pos_y", "pos_z"};

    for (const cJSON *item = expected->child; item != NULL; item = item->next) {
        const sna_column *column = NULL;
        uint32_t part = 0;
        const char *name = item->string;
        /* bmtool splits `positions` into three columns. */
        for (uint32_t k = 0; k < 3; k++)
            if (strcmp(name, split[k]) == 0 && sna_nodes_find_attribute(nodes, name) == NULL) {
                name = "positions";
                part = k;
            }
        assert_done(sna_nodes_column(nodes, name, &column));
        check_value(where, item->string, column, row, part, item);
    }
}

static void check_counts(const char *where, sna_nodes *nodes, const cJSON *count_by)
{
    for (const cJSON *key = count_by->child; key != NULL; key = key->next) {
        const uint32_t *code = NULL;
        const sna_list *texts = NULL;
        assert_done(sna_nodes_labels(nodes, key->string, &code, &texts));
        for (const cJSON *value = key->child; value != NULL; value = value->next) {
            uint64_t count = 0;
            for (uint64_t i = 0; i < sna_nodes_count(nodes); i++)
                count += strcmp(texts->text[code[i]], value->string) == 0;
            if ((double)count != value->valuedouble)
                print_error("%s: %s = %s: %" PRIu64 " nodes, expected %g\n", where, key->string, value->string, count,
                            value->valuedouble);
            assert_true((double)count == value->valuedouble);
        }
    }
}

static void check_nodes(sna_circuit *circuit, const cJSON *tables)
{
    uint64_t count = 0;

    for (const cJSON *item = sna_json_member(tables, "nodes")->child; item != NULL; item = item->next, count++) {
        sna_nodes *nodes = NULL;
        const double(*position)[3] = NULL;
        unsigned dimensions = 0;
        assert_done(sna_circuit_nodes(circuit, item->string, &nodes));
        assert_true((double)sna_nodes_count(nodes) == sna_json_member(item, "rows")->valuedouble);
        assert_true(sna_nodes_ids_are_rows(nodes));
        check_row(item->string, nodes, 0, sna_json_member(item, "first_row"));
        check_row(item->string, nodes, sna_nodes_count(nodes) - 1, sna_json_member(item, "last_row"));
        check_counts(item->string, nodes, sna_json_member(item, "count_by"));
        assert_done(sna_nodes_positions(nodes, &position, &dimensions));
        assert_true(dimensions == 0 || !isnan(position[0][0]));
    }
    assert_int_equal(sna_circuit_node_populations(circuit), count);
}

/* Every attribute of every edge in one stream, and of edges picked backwards in another. */
static void check_edges(sna_circuit *circuit, const cJSON *tables)
{
    uint64_t populations = 0;

    for (const cJSON *item = sna_json_member(tables, "edges")->child; item != NULL; item = item->next, populations++) {
        const cJSON *first = sna_json_member(item, "first_row"),
                    *by_type = sna_json_member(item, "rows_by_edge_type_id");
        const char *name[64];
        const cJSON *value[64];
        uint64_t names = 0, rows = 0;
        sna_edges *edges = NULL;
        sna_nodes *source = NULL, *target = NULL;
        sna_edge_stream *stream = NULL;
        sna_edge_block block;
        sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET | SNA_EDGE_TYPE, .block = 100};
        uint64_t type_count[4096] = {0};

        assert_done(sna_circuit_edges(circuit, item->string, &edges));
        assert_done(sna_circuit_ends(circuit, edges, &source, &target));
        assert_string_equal(sna_nodes_name(source), sna_json_member(first, "source_population")->valuestring);
        assert_string_equal(sna_nodes_name(target), sna_json_member(first, "target_population")->valuestring);
        for (const cJSON *v = first->child; v != NULL; v = v->next)
            if (strcmp(v->string, "source_population") != 0 && strcmp(v->string, "target_population") != 0 &&
                strcmp(v->string, "edge_group_index") != 0 &&
                (strncmp(v->string, "pos_", 4) != 0 || sna_edges_find_attribute(edges, "positions") == NULL)) {
                name[names] = v->string;
                value[names++] = v;
            }
        request.attribute = name;
        request.attribute_count = names;
        assert_done(sna_edge_stream_open(&stream, edges, &request));
        for (;;) {
            assert_done(sna_edge_stream_next(stream, &block));
            if (block.count == 0)
                break;
            assert_int_equal(block.first, rows);
            for (uint64_t i = 0; i < block.count; i++) {
                assert_true(sna_nodes_row(source, block.source[i]) >= 0);
                assert_true(sna_nodes_row(target, block.target[i]) >= 0);
                assert_true(block.type[i] >= 0 && block.type[i] < 4096);
                type_count[block.type[i]]++;
            }
            for (uint64_t k = 0; k < names && rows == 0; k++)
                check_value(item->string, name[k], &block.column[k], 0, 0, value[k]);
            rows += block.count;
        }
        sna_edge_stream_close(stream);
        assert_true((double)rows == sna_json_member(item, "rows")->valuedouble);
        assert_int_equal(sna_edges_count(edges), rows);
        for (const cJSON *type = by_type->child; type != NULL; type = type->next)
            assert_true((double)type_count[strtoul(type->string, NULL, 10)] == type->valuedouble);
    }
    assert_int_equal(sna_circuit_edge_populations(circuit), populations);
}

static void test_network(void **state)
{
    const char *name = *state;
    char *relative = NULL, *config = NULL, *golden = NULL;
    sna_json *json = NULL;
    sna_circuit *circuit = NULL;

    assert_done(sna_text_format(&relative, "data/networks/%s/circuit_config.json", name));
    config = test_shared_path(relative);
    free(relative);
    if (config == NULL)
        skip();
    assert_done(sna_text_format(&relative, "golden/networks/%s/tables.json", name));
    golden = test_shared_path(relative);
    free(relative);
    assert_non_null(golden);
    assert_done(sna_json_read(&json, golden));
    assert_done(sna_circuit_open(&circuit, config));
    check_nodes(circuit, sna_json_root(json));
    check_edges(circuit, sna_json_root(json));
    sna_circuit_close(circuit);
    sna_json_free(json);
    free(golden);
    free(config);
}

int main(void)
{
    enum { COUNT = sizeof networks / sizeof *networks };
    struct CMUnitTest tests[COUNT];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){networks[i], test_network, NULL, NULL, (void *)(uintptr_t)networks[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
