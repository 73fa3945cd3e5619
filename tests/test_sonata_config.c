/* test_sonata_config.c: configs with manifests and children, types CSVs of every shape, and circuits of the BBP family.
 */
#include "support.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "h5_make.h"
#include "sonata/sonata.h"

/* ---- configs ------------------------------------------------------------------------------------------------ */

static sna_config *parse(const char *text)
{
    sna_config *config = NULL;

    assert_done(sna_config_parse(&config, text, strlen(text), "/", "test.json", NULL));
    return config;
}

/* The text at a path of a config. */
static void check_text(const char *config_text, const char *path, const char *expected)
{
    sna_config *config = parse(config_text);
    const char *found = sna_config_text(config, path);

    if (found == NULL || strcmp(found, expected) != 0)
        print_error("%s: %s is %s, expected %s\n", config_text, path, found == NULL ? "(nothing)" : found, expected);
    assert_non_null(found);
    assert_string_equal(found, expected);
    sna_config_free(config);
}

static void test_manifest(void **state)
{
    char *here = getcwd(NULL, 0), *expected = NULL;

    (void)state;
    check_text("{\"manifest\": {\"$A\": \"/one\", \"$AB\": \"/two\"}, \"network\": \"\", \"x_file\": \"$AB/n.h5\"}",
               "x_file", "/two/n.h5");
    check_text("{\"manifest\": {\"$A\": \"/one\"}, \"x_file\": \"${A}n/$A.h5\"}", "x_file", "/onen/one.h5");
    check_text("{\"manifest\": {\"A\": \"./a/./b\"}, \"x_file\": \"$A/../n.h5\"}", "x_file", "/a/b/../n.h5");
    /* Any order; a variable of a variable. */
    check_text("{\"manifest\": {\"$C\": \"$B/c\", \"$B\": \"${A}/b\", \"$A\": \"/a\"}, \"x_dir\": \"$C\"}", "x_dir",
               "/a/b/c");
    check_text("{\"manifest\": {\"$B\": \"$configdir/b\"}, \"x_dir\": \"${B}\"}", "x_dir", "/b");
    check_text("{\"name\": \"costs 5$ or $\"}", "name", "costs 5$ or $");
    check_text("{\"note\": \"nodes.h5\"}", "note", "nodes.h5"); /* no path: left alone */
    check_text("{\"components\": {\"any_thing\": \"x\"}}", "components.any_thing", "/x");
    check_text("{\"output\": {\"output_dir\": \"out\", \"log_file\": \"log.txt\"}}", "output.log_file", "/out/log.txt");
    check_text("{\"networks\": {\"nodes\": [{}, {\"nodes_file\": \"a/n.h5\"}]}}", "networks.nodes[1].nodes_file",
               "/a/n.h5");
    check_text("{\"inputs\": {\"i\": {\"input_file\": \"s.h5\"}}}", "inputs.i.input_file", "/s.h5");
    assert_done(sna_text_format(&expected, "%s/w", here));
    check_text("{\"x_dir\": \"$workingdir/w\"}", "x_dir", expected);
    free(expected);
    free(here);
    {
        /* A variable may be a number. */
        sna_config *config =
            parse("{\"manifest\": {\"$T\": 1500.5}, \"run\": {\"tstop\": \"$T\", \"label\": \"t$T\"}}");
        assert_true(sna_config_real(config, "run.tstop") == 1500.5);
        assert_string_equal(sna_config_text(config, "run.label"), "t1500.5");
        assert_true(isnan(sna_config_real(config, "run.dt")));
        assert_null(sna_config_text(config, "run.tstop"));
        assert_null(sna_config_find(config, "run[0]"));
        assert_null(sna_config_find(config, "nothing.at.all"));
        sna_config_free(config);
    }
}

static void refuse(const char *text, const char *sentence)
{
    sna_config *config = NULL;

    assert_int_equal(sna_config_parse(&config, text, strlen(text), "/", "test.json", NULL), SNA_EFORMAT);
    assert_contains(sna_error_message(), sentence);
    assert_null(config);
}

static void test_bad_manifest(void **state)
{
    (void)state;
    refuse("{\"a\": {\"x_file\": \"$NO/n.h5\"}}", "a.x_file: the variable $NO is not in the manifest");
    refuse("{\"manifest\": {\"$A\": \"$B\", \"$B\": \"${A}\"}}", "is defined by itself");
    refuse("{\"manifest\": {\"$A\": \"$A\"}}", "test.json:1: manifest.$A: the variable $A is defined by itself");
    refuse("{\"manifest\": {\"$A\": \"1\", \"A\": \"2\"}}", "$A is defined twice");
    refuse("{\"manifest\": {\"$A-B\": \"1\"}}", "letters, digits and _ only");
    refuse("{\"manifest\": [1]}", "must be an object");
    refuse("{\"manifest\": {\"$A\": [1]}, \"x\": \"a$A\"}", "is not a text");
    refuse("{\"x\": \"${A\"}", "names no variable");
    refuse("{\"x\": 1, \"x\": 2}", "x");
    refuse("[1]", "must be an object");
    refuse("{\"x\": 1,}", "not valid JSON");
}

/* A nodes file with populations p and q, an edges file p_to_q. */
static void make_network(const char *folder)
{
    char *path = NULL;
    hid_t file;

    assert_done(sna_path_join(&path, folder, "nodes.h5"));
    file = h5_new(path);
    h5_integers(file, "/nodes/p/node_type_id", H5T_STD_I32LE, 3, (int64_t[]){1, 2, 1});
    h5_group(file, "/nodes/p/0");
    h5_integers(file, "/nodes/q/node_type_id", H5T_STD_I32LE, 2, (int64_t[]){1, 1});
    h5_group(file, "/nodes/q/0");
    h5_done(file);
    free(path);
    assert_done(sna_path_join(&path, folder, "edges.h5"));
    file = h5_new(path);
    h5_integers(file, "/edges/p_to_q/source_node_id", H5T_STD_U64LE, 2, (int64_t[]){0, 2});
    h5_integers(file, "/edges/p_to_q/target_node_id", H5T_STD_U64LE, 2, (int64_t[]){1, 1});
    h5_text_attribute(file, "/edges/p_to_q/source_node_id", "node_population", "p");
    h5_text_attribute(file, "/edges/p_to_q/target_node_id", "node_population", "q");
    h5_integers(file, "/edges/p_to_q/edge_type_id", H5T_STD_I32LE, 2, (int64_t[]){7, 9});
    h5_group(file, "/edges/p_to_q/0");
    h5_done(file);
    free(path);
    free(test_file(folder, "node_types.csv", "node_type_id pop_name population\n1 A p\n2 B p\n1 C q\n"));
    free(test_file(folder, "edge_types.csv", "edge_type_id is_gap_junction syn_weight\n7 True 1.0\n8 NULL 2.0\n"));
    free(test_file(
        folder, "circuit_config.json",
        "{\"manifest\": {\"$D\": \".\"}, \"components\": {\"templates_dir\": \"$D/t\"},\n"
        " \"node_sets_file\": \"$D/sets.json\",\n"
        " \"networks\": {\"nodes\": [{\"nodes_file\": \"$D/nodes.h5\", \"node_types_file\": \"$D/node_types.csv\"}],\n"
        "  \"edges\": [{\"edges_file\": \"$D/edges.h5\", \"edge_types_file\": \"$D/edge_types.csv\"}],\n"
        "  \"gap_juncs\": [{\"gap_juncs_file\": \"$D/gap.h5\"}]}}"));
    free(test_file(folder, "sets.json", "{\"as\": {\"pop_name\": \"A\"}, \"mine\": {\"node_id\": 0}}"));
}

static void check_circuit(sna_circuit *circuit)
{
    sna_nodes *source = NULL, *target = NULL;
    sna_edges *edges = NULL;
    const uint32_t *code = NULL;
    const sna_list *texts = NULL;
    static const char *const names[] = {"is_gap_junction", "syn_weight"};
    const sna_edge_request request = {.attribute = names, .attribute_count = 2};
    sna_edge_stream *stream = NULL;
    sna_edge_block block;

    assert_int_equal(sna_circuit_node_populations(circuit), 2);
    assert_done(sna_circuit_edges(circuit, "p_to_q", &edges));
    assert_done(sna_circuit_ends(circuit, edges, &source, &target));
    assert_string_equal(sna_nodes_name(target), "q");
    /* The column `population` tells equal ids apart. */
    assert_done(sna_nodes_labels(source, "pop_name", &code, &texts));
    assert_string_equal(texts->text[code[1]], "B");
    assert_done(sna_nodes_labels(target, "pop_name", &code, &texts));
    assert_string_equal(texts->text[code[1]], "C");
    assert_done(sna_nodes_labels(target, "node_type_id", &code, &texts));
    assert_string_equal(texts->text[code[1]], "1");
    assert_done(sna_edge_stream_open(&stream, edges, &request));
    assert_done(sna_edge_stream_next(stream, &block));
    assert_int_equal(block.count, 2);
    assert_true(sna_column_is_true(&block.column[0], 0) && !sna_column_is_true(&block.column[0], 1));
    assert_true(sna_column_is_missing(&block.column[1], 1)); /* type 9 is not in the CSV */
    assert_non_null(sna_notes_find(sna_circuit_notes(circuit), "types.unknown-id"));
    sna_edge_stream_close(stream);
    assert_int_equal(sna_circuit_gap_files(circuit), 1);
    assert_string_equal(sna_path_name(sna_circuit_gap_file(circuit, 0)), "gap.h5");
}

static void select_set(sna_circuit *circuit, const char *set, const char *population, uint64_t rows)
{
    sna_node_sets *sets = NULL;
    sna_nodes *nodes = NULL;
    sna_selection found = SNA_SELECTION;

    assert_done(sna_circuit_node_sets(circuit, &sets));
    assert_done(sna_circuit_nodes(circuit, population, &nodes));
    assert_done(sna_node_sets_select(sets, set, nodes, false, &found));
    assert_int_equal(sna_selection_rows(&found), rows);
    sna_selection_free(&found);
}

static void test_circuit(void **state)
{
    char *folder = test_folder(), *path = NULL, *simulation = NULL, *other = NULL;
    sna_circuit *circuit = NULL;
    sna_nodes *nodes = NULL;

    (void)state;
    make_network(folder);
    assert_done(sna_path_join(&path, folder, "circuit_config.json"));
    assert_done(sna_circuit_open(&circuit, path));
    check_circuit(circuit);
    select_set(circuit, "as", "p", 2);
    select_set(circuit, "mine", "p", 1);
    assert_int_equal(sna_circuit_nodes(circuit, "pp", &nodes), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "there is no node population `pp`; is it `p`? (there is: p, q)");
    assert_null(sna_circuit_node_property(circuit, 0, "type"));
    sna_circuit_close(circuit);
    /* A simulation of it, from another folder; its sets win, and may use the circuit's. */
    assert_done(sna_path_join(&other, folder, "sim"));
    assert_done(sna_path_make_folder(other));
    simulation = test_file(other, "simulation_config.json",
                           "{\"network\": \"../circuit_config.json\", \"run\": {\"tstop\": 5, \"dt\": 0.1},\n"
                           " \"components\": {\"mechanisms_dir\": \"m\"}, \"node_sets_file\": \"sets.json\",\n"
                           " \"node_sets\": {\"third\": {\"node_id\": 2}, \"more\": [\"mine\", \"as\", \"third\"]},\n"
                           " \"output\": {\"output_dir\": \"o\", \"spikes_file\": \"s.h5\"}}");
    free(test_file(other, "sets.json", "{\"mine\": {\"node_id\": [0, 1]}}"));
    assert_done(sna_circuit_open(&circuit, simulation));
    check_circuit(circuit);
    select_set(circuit, "mine", "p", 2);
    select_set(circuit, "more", "p", 3);
    assert_true(sna_config_real(sna_circuit_config(circuit), "run.tstop") == 5);
    assert_contains(sna_config_text(sna_circuit_config(circuit), "components.mechanisms_dir"), "/sim/m");
    assert_string_equal(sna_path_name(sna_circuit_node_property(circuit, 0, "templates_dir")), "t");
    assert_contains(sna_config_text(sna_circuit_config(circuit), "output.spikes_file"), "/sim/o/s.h5");
    sna_circuit_close(circuit);
    free(simulation);
    /* BMTK's config that names both. */
    simulation = test_file(folder, "config.json",
                           "{\"network\": \"circuit_config.json\", \"simulation\": \"sim/simulation_config.json\"}");
    assert_done(sna_circuit_open(&circuit, simulation));
    check_circuit(circuit);
    assert_true(sna_config_real(sna_circuit_config(circuit), "run.dt") == 0.1);
    sna_circuit_close(circuit);
    free(simulation);
    /* A file by itself. */
    free(path);
    assert_done(sna_path_join(&path, folder, "nodes.h5"));
    assert_done(sna_circuit_open(&circuit, path));
    assert_null(sna_circuit_config(circuit));
    assert_done(sna_circuit_nodes(circuit, "q", &nodes));
    assert_int_equal(sna_nodes_count(nodes), 2);
    sna_circuit_close(circuit);
    free(path);
    free(other);
    test_folder_remove(folder);
}

static void refuse_circuit(const char *folder, const char *text, int code, const char *sentence)
{
    char *path = test_file(folder, "bad.json", text);
    sna_circuit *circuit = NULL;

    assert_int_equal(sna_circuit_open(&circuit, path), code);
    assert_contains(sna_error_message(), sentence);
    free(path);
}

static void test_bad_circuit(void **state)
{
    char *folder = test_folder(), *path = NULL;
    sna_circuit *circuit = NULL;
    sna_edges *edges = NULL;
    sna_nodes *source = NULL, *target = NULL;
    sna_node_sets *sets = NULL;

    (void)state;
    make_network(folder);
    refuse_circuit(folder, "{}", SNA_EFORMAT, "there is no `networks` object");
    refuse_circuit(folder, "{\"networks\": {\"nodes\": [{\"nodes_file\": \"no.h5\"}]}}", SNA_ENOTFOUND,
                   "networks.nodes[0]");
    refuse_circuit(folder, "{\"networks\": {\"nodes\": [{}]}}", SNA_EFORMAT, "needs `nodes_file`");
    refuse_circuit(folder, "{\"networks\": {\"nodes\": {}}}", SNA_EFORMAT, "networks.nodes must be a list");
    refuse_circuit(folder,
                   "{\"networks\": {\"nodes\": [{\"nodes_file\": \"nodes.h5\", \"populations\": {\"r\": {}}}]}}",
                   SNA_EFORMAT, "lists the population `r`");
    refuse_circuit(folder,
                   "{\"networks\": {\"nodes\": [{\"nodes_file\": \"nodes.h5\"}, {\"nodes_file\": \"nodes.h5\"}]}}",
                   SNA_EFORMAT, "is listed twice");
    refuse_circuit(folder, "{\"network\": \"bad.json\"}", SNA_EFORMAT, "name each other in a circle");
    refuse_circuit(folder, "{\"network\": \"nothing.json\"}", SNA_ENOTFOUND, "nothing.json");
    /* Disabled edges, a population left out, node sets that name each other. */
    path =
        test_file(folder, "ok.json",
                  "{\"networks\": {\"nodes\": [{\"nodes_file\": \"nodes.h5\", \"populations\": {\"p\": {\"type\": "
                  "\"virtual\"}}}],"
                  " \"edges\": [{\"edges_file\": \"edges.h5\"}, {\"edges_file\": \"other.h5\", \"enabled\": false}]},"
                  " \"node_sets\": {\"a\": [\"b\"], \"b\": [\"a\"]}}");
    assert_done(sna_circuit_open(&circuit, path));
    assert_int_equal(sna_circuit_node_populations(circuit), 1);
    assert_non_null(sna_notes_find(sna_circuit_notes(circuit), "config.disabled"));
    assert_non_null(sna_notes_find(sna_circuit_notes(circuit), "config.population-not-listed"));
    assert_string_equal(sna_circuit_node_property(circuit, 0, "type"), "virtual");
    assert_done(sna_circuit_edges(circuit, "p_to_q", &edges));
    assert_int_equal(sna_circuit_ends(circuit, edges, &source, &target), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "the target nodes of edges `p_to_q`");
    assert_int_equal(sna_circuit_node_sets(circuit, &sets), SNA_EFORMAT);
    assert_contains(sna_error_message(), "it contains itself");
    sna_circuit_close(circuit);
    free(path);
    test_folder_remove(folder);
}

/* ---- types CSV ---------------------------------------------------------------------------------------------- */

static sna_types *read_types(const char *text, sna_notes *notes)
{
    char *folder = test_folder(), *path = test_file(folder, "types.csv", text);
    sna_types *types = NULL;

    assert_done(sna_types_read(&types, path, "node_type_id", NULL, notes));
    free(path);
    test_folder_remove(folder);
    return types;
}

static void check_cell(const sna_types *types, uint64_t row, const char *column, const char *expected)
{
    const int64_t at = sna_types_find_column(types, column);

    assert_true(at >= 0);
    if (expected == NULL)
        assert_null(sna_types_text(types, row, (uint64_t)at));
    else
        assert_string_equal(sna_types_text(types, row, (uint64_t)at), expected);
}

static void test_types(void **state)
{
    static const char *const forms[] = {
        "node_type_id a b c\n5 x NULL 1\n3 \"y z\" 2.5 \"\"\n",            /* the guide's */
        "a node_type_id b c\r\nx 5 NULL 1\r\n\"y z\" 3 2.5 \"\"\r\n",      /* any order, CRLF */
        "node_type_id a b c\r\r\n5 x NaN 1\r\r\n3 \"y z\" 2.5 \"\"\r\r\n", /* CR CR LF */
        "\xEF\xBB\xBFnode_type_id a b c\n5 x  1\n3 \"y z\" 2.5 \"\"\n",    /* BOM; a doubled space is an empty field */
        "node_type_id   a      b     c\n5              x      NONE  1\n3              \"y z\"  2.5   \"\"\n", /* aligned
                                                                                                               */
    };

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        sna_notes notes = SNA_NOTES;
        sna_types *types = read_types(forms[i], &notes);
        assert_int_equal(sna_types_count(types), 2);
        assert_int_equal(sna_types_columns(types), 3);
        assert_int_equal(sna_types_row(types, 5), 0);
        assert_int_equal(sna_types_row(types, 3), 1);
        assert_int_equal(sna_types_row(types, 4), -1);
        check_cell(types, 0, "a", "x");
        check_cell(types, 1, "a", "y z");
        check_cell(types, 0, "b", NULL);
        check_cell(types, 1, "c", "");
        assert_int_equal(sna_types_column(types, 1)->type, SNA_REAL);
        assert_int_equal(sna_types_column(types, 2)->type, SNA_TEXT); /* "" is a text */
        assert_int_equal(sna_notes_find(&notes, "types.aligned") != NULL, i == 4);
        sna_types_free(types);
        sna_notes_free(&notes);
    }
    {
        /* A space at the end is an empty last field. */
        sna_types *types = read_types("node_type_id a b\n1 7 \n2 8 9\n-1 NULL 007\n", NULL);
        check_cell(types, 0, "b", NULL);
        assert_int_equal(sna_types_column(types, 0)->type, SNA_INTEGER);
        assert_true(sna_column_is_missing(sna_types_column(types, 0), 2));
        assert_int_equal(sna_types_column(types, 1)->type, SNA_TEXT); /* 007 is no number */
        assert_int_equal(sna_types_row(types, -1), 2);
        sna_types_free(types);
    }
}

static void refuse_types(const char *text, const char *sentence)
{
    char *folder = test_folder(), *path = test_file(folder, "types.csv", text);
    sna_types *types = NULL;

    assert_int_equal(sna_types_read(&types, path, "node_type_id", NULL, NULL), SNA_EFORMAT);
    assert_contains(sna_error_message(), sentence);
    free(path);
    test_folder_remove(folder);
}

static void test_bad_types(void **state)
{
    (void)state;
    refuse_types("", "empty");
    refuse_types("type_id a\n1 2\n", "types.csv:1: there is no column node_type_id");
    refuse_types("node_type_id,a\n1,2\n", "columns are separated by spaces");
    refuse_types("node_type_id a\n1 2\n1 3\n", "node_type_id 1 is there twice");
    refuse_types("node_type_id a\n1 2\n\n2 3 4\n", "types.csv:4: 3 fields, but the header has 2 columns");
    refuse_types("node_type_id a\nx 2\n", "types.csv:2: node_type_id must be a whole number, found \"x\"");
    refuse_types("node_type_id a a\n1 2 3\n", "two columns are called a");
    refuse_types("node_type_id a\n1 \"2\n", "a quoted field is not closed");
}

/* ---- the BBP family ----------------------------------------------------------------------------------------- */

static void test_bbp(void **state)
{
    char *path = test_shared_path("data/bbp/simulation_config.json");
    sna_circuit *circuit = NULL;
    sna_edges *edges = NULL;
    sna_nodes *nodes = NULL;
    sna_node_sets *sets = NULL;
    sna_selection found = SNA_SELECTION;
    const sna_column *column = NULL;
    const uint64_t one = 1;

    (void)state;
    if (path == NULL)
        skip();
    assert_done(sna_circuit_open(&circuit, path));
    assert_int_equal(sna_circuit_node_populations(circuit), 2);
    assert_int_equal(sna_circuit_edge_populations(circuit), 2);
    assert_done(sna_circuit_edges(circuit, "default", &edges));
    assert_done(sna_edges_afferent(edges, &one, 1, &found));
    assert_true(found.count == 1 && found.range[0].first == 1 && found.range[0].end == 4);
    sna_selection_free(&found);
    assert_done(sna_edges_efferent(edges, (uint64_t[]){0, 2}, 2, &found));
    assert_true(found.count == 1 && found.range[0].first == 0 && found.range[0].end == 4);
    sna_selection_free(&found);
    assert_done(sna_circuit_nodes(circuit, "default2", &nodes));
    assert_done(sna_nodes_column(nodes, "morphology", &column));
    assert_string_equal(sna_column_text(column, 3), "morph-G");
    assert_done(sna_nodes_column(nodes, "holding_current", &column));
    assert_true(sna_column_real(column, 3) == 1.4);
    assert_done(sna_circuit_node_sets(circuit, &sets));
    assert_done(sna_circuit_nodes(circuit, "default", &nodes));
    assert_done(sna_node_sets_select(sets, "Layer23", nodes, false, &found));
    assert_true(found.count == 1 && found.range[0].first == 0 && found.range[0].end == 1);
    assert_done(sna_node_sets_select(sets, "combined_combined_Node0_L6_Y__Node12_L6_Y__", nodes, false, &found));
    assert_int_equal(sna_selection_rows(&found), 3);
    sna_selection_free(&found);
    sna_circuit_close(circuit);
    free(path);
}

/* Every file of the family opens, and every attribute that it has can be read. */
static void test_bbp_files(void **state)
{
    char *folder = test_shared_path("data/bbp"), *path = NULL;
    sna_list files = SNA_LIST;

    (void)state;
    if (folder == NULL)
        skip();
    assert_done(sna_path_list(&files, folder, ".h5"));
    assert_true(files.count >= 10);
    for (uint64_t f = 0; f < files.count; f++) {
        sna_circuit *circuit = NULL;
        if (strstr(files.text[f], "spikes") != NULL)
            continue;
        assert_done(sna_path_join(&path, folder, files.text[f]));
        assert_done(sna_circuit_open(&circuit, path));
        for (uint64_t p = 0; p < sna_circuit_node_populations(circuit); p++) {
            sna_nodes *nodes = NULL;
            const double(*position)[3] = NULL;
            unsigned dimensions = 0;
            assert_done(sna_circuit_nodes_at(circuit, p, &nodes));
            assert_done(sna_nodes_positions(nodes, &position, &dimensions));
            for (uint64_t a = 0; a < sna_nodes_attributes(nodes); a++) {
                const sna_column *column = NULL;
                assert_done(sna_nodes_column(nodes, sna_nodes_attribute(nodes, a)->name, &column));
                assert_int_equal(column->count, sna_nodes_count(nodes));
                assert_null(column->missing);
            }
        }
        for (uint64_t p = 0; p < sna_circuit_edge_populations(circuit); p++) {
            sna_edges *edges = NULL;
            sna_edge_stream *stream = NULL;
            sna_edge_block block;
            const char *names[64];
            sna_edge_request request = {.attribute = names};
            assert_done(sna_circuit_edges_at(circuit, p, &edges));
            for (uint64_t a = 0; a < sna_edges_attributes(edges) && a < 64; a++)
                names[request.attribute_count++] = sna_edges_attribute(edges, a)->name;
            assert_done(sna_edge_stream_open(&stream, edges, &request));
            assert_done(sna_edge_stream_next(stream, &block));
            assert_int_equal(block.count, sna_edges_count(edges));
            sna_edge_stream_close(stream);
        }
        sna_circuit_close(circuit);
        free(path);
    }
    sna_list_free(&files);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_manifest),    cmocka_unit_test(test_bad_manifest), cmocka_unit_test(test_circuit),
        cmocka_unit_test(test_bad_circuit), cmocka_unit_test(test_types),        cmocka_unit_test(test_bad_types),
        cmocka_unit_test(test_bbp),         cmocka_unit_test(test_bbp_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
