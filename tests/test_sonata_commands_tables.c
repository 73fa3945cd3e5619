/* test_sonata_commands_tables.c: network nodes and network edges on real networks, held against the library's readers.
 */
#include "support.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "sonata/sonata.h"

static char *network(const char *name)
{
    char *relative = NULL, *path = NULL;

    assert_done(sna_text_format(&relative, "data/networks/%s", name));
    path = test_shared_path(relative);
    free(relative);
    if (path == NULL)
        skip();
    return path;
}

/* ---- nodes -------------------------------------------------------------------------------------------------- */

static void nodes_as_csv(void **state)
{
    char *config = network("bmtk_bio_14cells/circuit_config.json");
    sna_circuit *circuit = NULL;
    sna_nodes *nodes = NULL;
    const sna_column *x = NULL, *name = NULL;
    sna_csv *csv = NULL;
    run_result result;

    (void)state;
    run_words(&result, "network", "nodes", config, "--population", "v1", "--format", "csv", NULL);
    assert_string_equal(result.err, "");
    assert_int_equal(result.status, 0);
    assert_done(sna_csv_parse(&csv, result.out, strlen(result.out), ',', "stdout"));
    assert_done(sna_circuit_open(&circuit, config));
    assert_done(sna_circuit_nodes(circuit, "v1", &nodes));
    assert_done(sna_nodes_column(nodes, "x", &x));
    assert_done(sna_nodes_column(nodes, "pop_name", &name));
    assert_int_equal(sna_csv_rows(csv), sna_nodes_count(nodes) + 1);
    assert_int_equal(sna_csv_fields(csv, 0), 2 + sna_nodes_attributes(nodes));
    for (uint64_t i = 0; i < sna_nodes_count(nodes); i++) {
        double value = 0;
        const char *text = sna_csv_field(csv, i + 1, (uint64_t)sna_csv_column(csv, "x"));
        if (sna_column_is_missing(x, i)) {
            assert_null(text);
        } else {
            assert_done(sna_number_parse(&value, text));
            assert_true(value == sna_column_real(x, i));
        }
        assert_string_equal(sna_csv_field(csv, i + 1, (uint64_t)sna_csv_column(csv, "pop_name")),
                            sna_column_text(name, i));
    }
    sna_circuit_close(circuit);
    sna_csv_free(csv);
    run_free(&result);
    free(config);
}

static void nodes_chosen(void **state)
{
    char *config = network("bmtk_bio_14cells/circuit_config.json");
    run_result result;

    (void)state;
    run_words(&result, "network", "nodes", config, "--population", "v1", "--where",
              "ei == 'i' and not missing(pop_name)", "--nodes", "0-9,12", "--attributes", "ei, pop_name", "--format",
              "csv", NULL);
    assert_string_equal(result.err, "");
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "node_id,ei,pop_name\n6,i,PV1\n7,i,PV1\n8,i,PV2\n9,i,PV2\n12,i,LIF_inh\n");
    run_free(&result);
    run_words(&result, "network", "nodes", config, "--population", "v1", "--nodes", "pop_name =~ '^PV'", "--count",
              "--format", "csv", NULL);
    assert_contains(result.out, "count,4,");
    assert_contains(result.out, "total,14,");
    run_free(&result);
    run_words(&result, "network", "nodes", config, "--population", "lgn", "--format", "json", "--limit", "2", NULL);
    assert_contains(result.out, "\"notes\": [\"The first 2 of 90 rows.\"]");
    run_free(&result);
    run_words(&result, "network", "nodes", config, "--population", "v1", "--nodes", "all", "--limit", "1",
              "--attributes", "x", NULL);
    assert_contains(result.out, "x (um)");
    assert_contains(result.out, "The first 1 of 14 rows.");
    run_free(&result);
    free(config);
}

/* Rank-2 attributes, two groups with different attributes, text limited to what a person reads. */
static void nodes_with_parts_and_groups(void **state)
{
    char *config = network("bmtk_bio_450cells_compact/circuit_config.json");
    sna_circuit *circuit = NULL;
    sna_nodes *nodes = NULL;
    char *shown = NULL;
    run_result result;

    (void)state;
    assert_done(sna_circuit_open(&circuit, config));
    assert_done(sna_circuit_nodes(circuit, "internal", &nodes));
    run_words(&result, "network", "nodes", config, "--population", "internal", NULL);
    assert_int_equal(result.status, 0);
    assert_done(
        sna_text_format(&shown, "The first 200 of %" PRIu64 " rows; --limit N shows more", sna_nodes_count(nodes)));
    assert_contains(result.out, shown);
    run_free(&result);
    free(shown);
    sna_circuit_close(circuit);
    free(config);
}

/* ---- edges -------------------------------------------------------------------------------------------------- */

/* Every edge of every network as CSV is what the stream gives. */
static void edges_as_csv(void **state)
{
    static const char *const where[] = {"bmtk_bio_450cells_compact", "bmtk_bio_14cells", "bmtool_bmplot",
                                        "synthetic_small"};

    (void)state;
    for (size_t n = 0; n < sizeof where / sizeof *where; n++) {
        char *folder = network(where[n]), *config = NULL;
        sna_circuit *circuit = NULL;

        assert_done(sna_path_join(&config, folder, "circuit_config.json"));
        assert_done(sna_circuit_open(&circuit, config));
        for (uint64_t k = 0; k < sna_circuit_edge_populations(circuit); k++) {
            const char *name = sna_circuit_edge_population(circuit, k);
            static const char *const attribute[] = {"syn_weight"};
            sna_edges *edges = NULL;
            sna_edge_stream *stream = NULL;
            sna_edge_block block;
            sna_csv *csv = NULL;
            uint64_t row = 1;
            run_result result;
            sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET | SNA_EDGE_TYPE};

            run_words(&result, "network", "edges", config, "--population", name, "--format", "csv", NULL);
            assert_string_equal(result.err, "");
            assert_int_equal(result.status, 0);
            assert_done(sna_csv_parse(&csv, result.out, strlen(result.out), ',', "stdout"));
            assert_done(sna_circuit_edges(circuit, name, &edges));
            assert_int_equal(sna_csv_rows(csv), sna_edges_count(edges) + 1);
            if (sna_edges_find_attribute(edges, "syn_weight") != NULL) {
                request.attribute = attribute;
                request.attribute_count = 1;
            }
            assert_done(sna_edge_stream_open(&stream, edges, &request));
            for (;;) {
                assert_done(sna_edge_stream_next(stream, &block));
                if (block.count == 0)
                    break;
                for (uint64_t i = 0; i < block.count; i++, row++) {
                    const uint64_t expected[] = {block.first + i, block.source[i], block.target[i],
                                                 (uint64_t)block.type[i]};
                    for (uint64_t f = 0; f < 4; f++) {
                        uint64_t found = 0;
                        assert_done(sna_unsigned_parse(&found, sna_csv_field(csv, row, f)));
                        assert_int_equal(found, expected[f]);
                    }
                    if (request.attribute_count > 0 && !sna_column_is_missing(&block.column[0], i)) {
                        double value = 0;
                        assert_done(sna_number_parse(
                            &value, sna_csv_field(csv, row, (uint64_t)sna_csv_column(csv, "syn_weight"))));
                        assert_true(value == sna_column_real(&block.column[0], i) ||
                                    (isnan(value) && isnan(sna_column_real(&block.column[0], i))));
                    }
                }
            }
            sna_edge_stream_close(stream);
            sna_csv_free(csv);
            run_free(&result);
        }
        sna_circuit_close(circuit);
        free(config);
        free(folder);
    }
}

/* How many edges satisfy something, by going through them all here. */
static uint64_t count_edges(const char *config, const char *population, bool by_source, const char *label)
{
    uint64_t count = 0;
    sna_circuit *circuit = NULL;
    sna_edges *edges = NULL;
    sna_nodes *source = NULL, *target = NULL;
    const sna_column *name = NULL;
    sna_edge_stream *stream = NULL;
    sna_edge_block block;
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET};

    assert_done(sna_circuit_open(&circuit, config));
    assert_done(sna_circuit_edges(circuit, population, &edges));
    assert_done(sna_circuit_ends(circuit, edges, &source, &target));
    assert_done(sna_nodes_column(by_source ? source : target, "pop_name", &name));
    assert_done(sna_edge_stream_open(&stream, edges, &request));
    for (;;) {
        assert_done(sna_edge_stream_next(stream, &block));
        if (block.count == 0)
            break;
        for (uint64_t i = 0; i < block.count; i++) {
            const char *text = sna_column_text(name, by_source ? block.source[i] : block.target[i]);
            count += text != NULL && strcmp(text, label) == 0;
        }
    }
    sna_edge_stream_close(stream);
    sna_circuit_close(circuit);
    return count;
}

static void edges_by_their_nodes(void **state)
{
    char *config = network("bmtool_bmplot/circuit_config.json");
    static const struct {
        const char *option, *value;
        bool by_source;
    } cases[] = {{"--where", "source.pop_name == 'PN'", true},   {"--where", "target.pop_name == 'PN'", false},
                 {"--source", "pop_name == 'PN'", true},         {"--target", "pop_name == 'PN'", false},
                 {"--where", "source.pop_name in ['PN']", true}, {"--where", "not target.pop_name != 'PN'", false}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint64_t expected = count_edges(config, "bio_net_to_bio_net", cases[i].by_source, "PN");
        char *line = NULL;
        run_result result;
        assert_true(expected > 0);
        assert_done(sna_text_format(&line, "count,%" PRIu64 ",", expected));
        run_words(&result, "network", "edges", config, "--population", "bio_net_to_bio_net", cases[i].option,
                  cases[i].value, "--count", "--format", "csv", NULL);
        assert_string_equal(result.err, "");
        assert_contains(result.out, line);
        run_free(&result);
        free(line);
    }
    free(config);
}

static void edges_as_json(void **state)
{
    char *config = network("bmtk_bio_14cells/circuit_config.json");
    cJSON *root = NULL;
    const cJSON *rows = NULL, *row = NULL;
    run_result result;

    (void)state;
    run_words(&result, "network", "edges", config, "--population", "v1_to_v1", "--source", "6-7", "--target", "0-3",
              "--attributes", "target_sections,syn_weight,source.pop_name,target.x", "--format", "json", NULL);
    assert_string_equal(result.err, "");
    root = cJSON_Parse(result.out);
    assert_non_null(root);
    rows = cJSON_GetObjectItemCaseSensitive(root, "rows");
    assert_int_equal(cJSON_GetArraySize(rows), 8);
    cJSON_ArrayForEach(row, rows)
    {
        const double source = cJSON_GetObjectItemCaseSensitive(row, "source_node_id")->valuedouble;
        assert_true(source == 6 || source == 7);
        assert_true(cJSON_GetObjectItemCaseSensitive(row, "target_node_id")->valuedouble <= 3);
        assert_string_equal(cJSON_GetObjectItemCaseSensitive(row, "source.pop_name")->valuestring, "PV1");
        assert_contains(cJSON_GetObjectItemCaseSensitive(row, "target_sections")->valuestring, "['somatic'");
        assert_true(cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(row, "target.x")));
    }
    cJSON_Delete(root);
    run_free(&result);
    /* Nothing found is an empty table of the right shape. */
    run_words(&result, "network", "edges", config, "--population", "v1_to_v1", "--where", "syn_weight > 1e9",
              "--attributes", "delay", "--format", "csv", NULL);
    assert_int_equal(result.status, 0);
    assert_string_equal(result.out, "edge_id,source_node_id,target_node_id,delay\n");
    run_free(&result);
    free(config);
}

/* An edges file alone: its nodes are not known, their ids are. */
static void edges_of_a_file(void **state)
{
    char *file = network("bmtk_bio_14cells/v1_v1_edges.h5");
    run_result result;

    (void)state;
    run_words(&result, "network", "edges", file, "--source", "6-7", "--target", "0-3", "--count", "--format", "csv",
              NULL);
    assert_string_equal(result.err, "");
    assert_contains(result.out, "count,8,");
    run_free(&result);
    run_words(&result, "network", "edges", file, "--where", "source.pop_name == 'PN'", NULL);
    assert_int_equal(result.status, 2);
    assert_contains(result.err, "give a circuit config that has them");
    run_free(&result);
    run_words(&result, "network", "edges", file, "--source", "pop_name == 'PN'", NULL);
    assert_int_equal(result.status, 2);
    assert_contains(result.err, "is no list of node ids");
    run_free(&result);
    free(file);
}

/* ---- wrong input -------------------------------------------------------------------------------------------- */

static void wrong_words(void **state)
{
    char *config = network("bmtk_bio_14cells/circuit_config.json");
    const struct {
        const char *words[10], *sentence;
        int status;
    } cases[] = {
        {{"network", "nodes", NULL}, "which network?", 2},
        {{"network", "edges", NULL}, "which network?", 2},
        {{"network", "nodes", "a", "b", NULL}, "one network at a time: `b` is too much", 2},
        {{"network", "nodes", config, NULL},
         "there are 3 node populations, name one with --population: lgn, tw, v1",
         2},
        {{"network", "edges", config, NULL}, "there are 3 edge populations", 2},
        {{"network", "nodes", config, "--population", "v2", NULL}, "v1", 1},
        {{"network", "nodes", config, "--population", "v1", "--attributes", "pop_nam", NULL}, "is it `pop_name`?", 1},
        {{"network", "nodes", config, "--population", "v1", "--where", "x >", NULL},
         "--where: the condition \"x >\"",
         2},
        {{"network", "nodes", config, "--population", "v1", "--nodes", "99", NULL},
         "--nodes: population v1 has no node with id 99 (it has 14 nodes, from 0 on)",
         1},
        {{"network", "nodes", config, "--population", "v1", "--nodes", "nobody", NULL},
         "`nobody` is no node set and no attribute",
         1},
        {{"network", "nodes", config, "--limit", "many", NULL}, "--limit: `many` is not a whole number", 2},
        {{"network", "edges", config, "--population", "v1_to_v1", "--where", "syn_weight == 'a'", NULL},
         "`syn_weight` (a number) is compared with 'a' (a text)",
         2},
        {{"network", "edges", "/nowhere/at/all.json", NULL}, "/nowhere/at/all.json", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        run_result result;
        run_program(&result, NULL, NULL, cases[i].words);
        assert_contains(result.err, cases[i].sentence);
        assert_int_equal(result.status, cases[i].status);
        assert_string_equal(result.out, "");
        run_free(&result);
    }
    free(config);
}

static void help_ends_with_an_example(void **state)
{
    static const char *const commands[] = {"nodes", "edges"};

    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        run_result result;
        run_words(&result, "network", commands[i], "--help", NULL);
        assert_int_equal(result.status, 0);
        assert_contains(result.out, "Example:\n  sonatina network ");
        run_free(&result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_as_csv),
        cmocka_unit_test(nodes_chosen),
        cmocka_unit_test(nodes_with_parts_and_groups),
        cmocka_unit_test(edges_as_csv),
        cmocka_unit_test(edges_by_their_nodes),
        cmocka_unit_test(edges_as_json),
        cmocka_unit_test(edges_of_a_file),
        cmocka_unit_test(wrong_words),
        cmocka_unit_test(help_ends_with_an_example),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
