/* test_sonata_commands_convert.c: network convert: whatever goes in comes out for every reader, and nothing is lost. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sonata/sonata.h"

static const char *const dialects[] = {"both", "allen", "bbp"};

/* A path in a folder; free() it. */
static char *inside(const char *folder, const char *name)
{
    char *path = NULL;

    assert_done(sna_path_join(&path, folder, name));
    return path;
}

static void convert(const char *from, const char *to, const char *dialect, const char *part)
{
    run_result result;

    run_words(&result, "network", "convert", from, "-o", to, "--dialect", dialect, NULL);
    assert_string_equal(result.err, "");
    assert_int_equal(result.status, 0);
    if (part != NULL)
        assert_contains(result.out, part);
    run_free(&result);
}

static void expect_same(const char *a, const char *b)
{
    run_result result;

    run_words(&result, "network", "diff", a, b, NULL);
    assert_string_equal(result.err, "");
    if (result.status != 0)
        print_error("%s and %s:\n%s\n", a, b, result.out);
    assert_int_equal(result.status, 0);
    run_free(&result);
}

/* Indices are there, right, and found by both families. */
static void expect_good_indices(const char *config)
{
    run_result result;

    run_words(&result, "network", "index", config, "--check", NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
}

static void networks_lose_nothing(void **state)
{
    static const char *const names[] = {"networks/bmtk_bio_14cells",
                                        "networks/bmtk_bio_450cells_compact",
                                        "networks/bmtk_bio_intfire_ring",
                                        "networks/bmtk_point_120cells",
                                        "networks/bmtk_pop_2pops",
                                        "networks/bmtool_bmplot",
                                        "networks/readme_all",
                                        "networks/readme_correlated_gap",
                                        "networks/sonata_9_cells",
                                        "networks/synthetic_small",
                                        "bbp"};
    char *folder = test_folder();

    (void)state;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        char *relative = NULL, *from = NULL;
        assert_done(sna_text_format(&relative, "data/%s/circuit_config.json", names[n]));
        from = test_shared_path(relative);
        free(relative);
        if (from == NULL)
            skip();
        for (size_t d = 0; d < 3; d++) {
            char *name = NULL, *to = NULL, *config = NULL;
            assert_done(sna_text_format(&name, "%zu.%s", n, dialects[d]));
            to = inside(folder, name);
            config = inside(to, "circuit_config.json");
            convert(from, to, dialects[d], "circuit_config.json");
            expect_same(from, config);
            expect_good_indices(config);
            free(config);
            free(to);
            free(name);
        }
        free(from);
    }
    test_folder_remove(folder);
}

/* Two groups of edges with different attributes, attributes in the types CSV only. */
static void dialects_differ_where_they_should(void **state)
{
    char *from = test_shared_path("data/networks/synthetic_small/circuit_config.json"), *folder = test_folder();
    run_result result;

    (void)state;
    if (from == NULL)
        skip();
    for (size_t d = 0; d < 3; d++) {
        char *to = inside(folder, dialects[d]), *edges = inside(to, "network/net_to_net_edges.h5"),
             *nodes = inside(to, "network/net_nodes.h5");
        sna_edges *read = NULL;
        sna_nodes *cells = NULL;
        const sna_attribute *attribute = NULL;
        uint64_t groups = 0;
        sna_edge_stream *stream = NULL;
        sna_edge_block block;
        static const char *const names[] = {"edge_group_id"};
        const sna_edge_request request = {.attribute = names, .attribute_count = 1};

        convert(from, to, dialects[d],
                d == 1 ? NULL : "The 2 groups of net_to_net became one: libsonata reads no more.");
        /* Without the types CSV, as libsonata sees it. */
        assert_done(sna_edges_open(&read, edges, NULL, NULL, NULL));
        assert_done(sna_edge_stream_open(&stream, read, &request));
        assert_done(sna_edge_stream_next(stream, &block));
        for (uint64_t i = 0; i < block.count; i++)
            groups = (uint64_t)sna_column_integer(&block.column[0], i) + 1 > groups
                         ? (uint64_t)sna_column_integer(&block.column[0], i) + 1
                         : groups;
        assert_int_equal(groups, d == 1 ? 2 : 1);
        attribute = sna_edges_find_attribute(read, "model_template");
        assert_int_equal(attribute != NULL, d == 2);
        assert_null(sna_edges_find_attribute(read, "source_query"));
        /* Whole numbers that some edges lack are reals in one group, whole numbers in groups of their own. */
        attribute = sna_edges_find_attribute(read, "nsyns");
        assert_int_equal(attribute->storage, d == 1 ? SNA_U32 : SNA_F64);
        assert_done(sna_nodes_open(&cells, nodes, NULL, NULL, NULL));
        assert_int_equal(sna_nodes_find_attribute(cells, "model_type") != NULL, d != 1);
        sna_nodes_close(cells);
        sna_edge_stream_close(stream);
        sna_edges_close(read);
        free(nodes);
        free(edges);
        free(to);
    }
    /* One population to a file. */
    {
        char *edges = inside(folder, "allen/network/net_to_net_edges.h5"), *one = inside(folder, "one.h5");
        convert(edges, one, "both", "one.h5");
        expect_same(edges, one);
        run_words(&result, "network", "convert", edges, "-o", one, "--compress=9", "--format", "json", NULL);
        assert_int_equal(result.status, 0);
        assert_contains(result.out, "\"what\"");
        run_free(&result);
        expect_same(edges, one);
        free(one);
        free(edges);
    }
    free(from);
    test_folder_remove(folder);
}

static char *write_nodes(const char *folder, const char *name, const uint64_t *id, uint64_t count)
{
    char *path = inside(folder, name);
    static const double weight[] = {0.5, 1.5, 2.5, 3.5};
    static const char *const label[] = {"a", "b", "a", "c"};
    sna_outputs *outputs = NULL;
    sna_node_writer *writer = NULL;

    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_node_writer_open(&writer, outputs, path, "cells", count, NULL));
    assert_done(sna_node_writer_ids(writer, id));
    assert_done(sna_node_writer_attribute(writer, 0, "weight", SNA_F64, 1, (sna_values){.real = weight}));
    assert_done(sna_node_writer_attribute(writer, 0, "label", SNA_UTF8, 1, (sna_values){.text = label}));
    assert_done(sna_node_writer_finish(writer));
    assert_done(sna_outputs_commit(outputs));
    sna_node_writer_close(writer);
    sna_outputs_free(outputs);
    return path;
}

static void ids_become_rows_where_they_can(void **state)
{
    static const uint64_t permuted[] = {2, 0, 3, 1}, sparse[] = {7, 3, 5, 100};
    char *folder = test_folder(), *a = write_nodes(folder, "a.h5", permuted, 4),
         *b = write_nodes(folder, "b.h5", sparse, 4), *to = inside(folder, "to.h5");
    sna_nodes *nodes = NULL;
    const sna_column *weight = NULL;

    (void)state;
    convert(a, to, "both", "The nodes of cells were put in the order of their ids.");
    expect_same(a, to);
    assert_done(sna_nodes_open(&nodes, to, NULL, NULL, NULL));
    assert_true(sna_nodes_ids_are_rows(nodes));
    assert_done(sna_nodes_column(nodes, "weight", &weight));
    assert_true(sna_column_real(weight, 0) == 1.5 && sna_column_real(weight, 3) == 2.5);
    sna_nodes_close(nodes);
    convert(a, to, "allen", NULL);
    expect_same(a, to);
    assert_done(sna_nodes_open(&nodes, to, NULL, NULL, NULL));
    assert_int_equal(sna_nodes_id(nodes, 0), 2);
    sna_nodes_close(nodes);
    convert(b, to, "bbp", "The node ids of cells are not 0 to 3");
    expect_same(b, to);
    free(a);
    free(b);
    free(to);
    test_folder_remove(folder);
}

/* A circuit with gap junctions, inline node sets and components. */
static void the_rest_of_a_config_comes_along(void **state)
{
    static const uint64_t id[] = {0, 1, 2, 3}, source[] = {0, 1}, target[] = {2, 3};
    static const int64_t source_gap[] = {0, 2}, target_gap[] = {1, 3};
    char *folder = test_folder(), *nodes = write_nodes(folder, "nodes.h5", id, 4), *gaps = inside(folder, "gaps.h5");
    char *config =
        test_file(folder, "circuit_config.json",
                  "{\"components\": {\"templates_dir\": \"./templates\", \"alternate_morphologies\": {\"h5v1\": "
                  "\"x\"}}, \"target_simulator\": \"NEURON\", \"run\": {\"tstop\": 1},"
                  "\"node_sets\": {\"ab\": {\"label\": [\"a\", \"b\"]}, \"big\": {\"node_id\": [3]}},"
                  "\"networks\": {\"nodes\": [{\"nodes_file\": \"nodes.h5\"}], \"edges\": [],"
                  "\"gap_juncs\": [{\"gap_juncs_file\": \"gaps.h5\"}]}}");
    char *to = inside(folder, "out"), *made = inside(folder, "out/circuit_config.json"), *text = NULL;
    uint64_t size = 0;
    sna_outputs *outputs = NULL;
    sna_gap_writer *writer = NULL;
    sna_circuit *circuit = NULL;
    run_result result;

    (void)state;
    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_gap_writer_open(&writer, outputs, gaps, NULL));
    assert_done(sna_gap_writer_append(writer, 2, source, target, source_gap, target_gap));
    assert_done(sna_gap_writer_finish(writer));
    assert_done(sna_outputs_commit(outputs));
    sna_gap_writer_close(writer);
    sna_outputs_free(outputs);
    convert(config, to, "both", "components.alternate_morphologies was left out of the config: it is no path.");
    expect_same(config, made);
    assert_done(sna_circuit_open(&circuit, made));
    assert_int_equal(sna_circuit_gap_files(circuit), 1);
    assert_contains(sna_config_text(sna_circuit_config(circuit), "components.templates_dir"), "/templates");
    assert_string_equal(sna_config_text(sna_circuit_config(circuit), "target_simulator"), "NEURON");
    sna_circuit_close(circuit);
    /* The new config names its files from where it stands: the folder may move. */
    assert_done(sna_file_read(&text, &size, made));
    assert_contains(text, "$BASE_DIR/network/cells_nodes.h5");
    free(text);
    /* And a difference in any of these is seen. */
    run_words(&result, "network", "diff", config, nodes, NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.out, "2 gap junctions are only in A");
    assert_contains(result.out, "the node set `ab` is only in A");
    run_free(&result);
    free(made);
    free(to);
    free(config);
    free(gaps);
    free(nodes);
    test_folder_remove(folder);
}

/* ---- spikes and reports ------------------------------------------------------------------------------------- */

static void spikes_lose_nothing(void **state)
{
    static const char *const names[] = {"spikes/bmtk_intfire_ring.h5",   "spikes/bmtk_thalamus.h5",
                                        "spikes/pysonata_old_layout.h5", "spikes/spikes.h5",
                                        "bbp/reporting/spikes.h5",       "libsonata/spikes.h5"};
    char *folder = test_folder(), *to = inside(folder, "new/spikes.h5");

    (void)state;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        char *relative = NULL, *from = NULL;
        assert_done(sna_text_format(&relative, "data/%s", names[n]));
        from = test_shared_path(relative);
        free(relative);
        if (from == NULL)
            skip();
        for (size_t d = 0; d < 3; d++) {
            sna_spikes *spikes = NULL;
            sna_notes notes = SNA_NOTES;
            run_result result;
            run_words(&result, "network", "convert", from, "-o", to, "--dialect", dialects[d], "--population", "cells",
                      NULL);
            assert_string_equal(result.err, "");
            assert_int_equal(result.status, 0);
            run_free(&result);
            expect_same(from, to);
            assert_done(sna_spikes_open(&spikes, to, &notes));
            assert_int_equal(sna_notes_find(&notes, "spikes.sorting-string") != NULL, d == 1);
            sna_spikes_close(spikes);
            sna_notes_free(&notes);
        }
        free(from);
    }
    assert_int_equal(test_folder_count(folder), 1);
    free(to);
    test_folder_remove(folder);
}

static void reports_lose_nothing(void **state)
{
    char *bmtk = test_shared_path("data/reports/bmtk_intfire_ring_membrane_potential.h5"),
         *bbp = test_shared_path("data/bbp/reporting/compartment_named.h5"), *folder = test_folder(),
         *to = inside(folder, "report.h5"), *many = inside(folder, "many");
    sna_report *report = NULL;
    sna_list populations = SNA_LIST;
    run_result result;

    (void)state;
    if (bmtk == NULL || bbp == NULL)
        skip();
    /* BMTK's are in double precision, which libsonata refuses. */
    convert(bmtk, to, "both", "are in single precision: libsonata reads no other.");
    expect_same(bmtk, to);
    assert_done(sna_report_open(&report, to, NULL, NULL));
    assert_int_equal(sna_report_storage(report), SNA_F32);
    sna_report_close(report);
    convert(bmtk, to, "allen", NULL);
    run_words(&result, "network", "diff", bmtk, to, NULL);
    assert_string_equal(result.out, "No differences.\n");
    run_free(&result);
    assert_done(sna_report_open(&report, to, NULL, NULL));
    assert_int_equal(sna_report_storage(report), SNA_F64);
    sna_report_close(report);
    /* Several populations get a file each. */
    run_words(&result, "network", "convert", bbp, "-o", to, NULL);
    assert_int_equal(result.status, 2);
    assert_contains(result.err, "give a folder instead of");
    run_free(&result);
    convert(bbp, many, "bbp", NULL);
    assert_done(sna_populations_list(&populations, bbp, "report"));
    assert_int_equal(test_folder_count(many), populations.count);
    for (uint64_t i = 0; i < populations.count; i++) {
        char *name = NULL, *path = NULL;
        assert_done(sna_text_format(&name, "%s.h5", populations.text[i]));
        path = inside(many, name);
        run_words(&result, "network", "diff", bbp, path, "--population", populations.text[i], NULL);
        assert_string_equal(result.out, "No differences.\n");
        run_free(&result);
        free(path);
        free(name);
    }
    sna_list_free(&populations);
    free(bmtk);
    free(bbp);
    free(to);
    free(many);
    test_folder_remove(folder);
}

/* ---- wrong input -------------------------------------------------------------------------------------------- */

static void wrong_words(void **state)
{
    char *folder = test_folder(), *to = inside(folder, "out"), *file = inside(folder, "out.h5");
    char *fixture = test_shared_path("data/libsonata/edges1.h5"), *edges = test_shared_path("data/bbp/edges.h5"),
         *nameless = test_shared_path("data/spikes/pysonata_old_layout.h5"), *ecp = test_shared_path("data/ecp/ecp.h5");
    const struct {
        const char *words[10], *sentence;
        int status;
    } cases[] = {
        {{"network", "convert", NULL}, "convert what?", 2},
        {{"network", "convert", "a", NULL}, "where to? (-o PATH)", 2},
        {{"network", "convert", "a", "b", "-o", to, NULL}, "one thing at a time", 2},
        {{"network", "convert", "a", "-o", to, "--dialect", "cobol", NULL}, "both, allen or bbp, not `cobol`", 2},
        {{"network", "convert", "a", "-o", to, "--compress=0", NULL}, "--compress: must be from 1 to 9", 2},
        {{"network", "convert", "/nowhere/a.h5", "-o", to, NULL}, "/nowhere/a.h5", 1},
        {{"network", "convert", edges, "-o", file, NULL}, "give a folder instead of", 2},
        {{"network", "convert", nameless, "-o", file, NULL}, "name it with --population", 2},
        {{"network", "convert", nameless, "-o", folder, "--population", "x", NULL}, "is a folder", 2},
        {{"network", "convert", ecp, "-o", file, NULL}, "extracellular potentials, which are not converted", 1},
        /* One of its populations is broken on purpose: nothing at all is written. */
        {{"network", "convert", fixture, "-o", to, NULL}, "source_node_id", 1},
    };
    run_result result;

    (void)state;
    if (fixture == NULL || edges == NULL || nameless == NULL || ecp == NULL)
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        run_program(&result, NULL, NULL, cases[i].words);
        assert_contains(result.err, cases[i].sentence);
        assert_int_equal(result.status, cases[i].status);
        assert_string_equal(result.out, "");
        run_free(&result);
        assert_int_equal(test_folder_count(folder), 0);
    }
    run_words(&result, "network", "convert", "--help", NULL);
    assert_contains(result.out, "Example:\n  sonatina network convert ");
    run_free(&result);
    free(ecp);
    free(nameless);
    free(edges);
    free(fixture);
    free(file);
    free(to);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_lose_nothing),
        cmocka_unit_test(dialects_differ_where_they_should),
        cmocka_unit_test(ids_become_rows_where_they_can),
        cmocka_unit_test(the_rest_of_a_config_comes_along),
        cmocka_unit_test(spikes_lose_nothing),
        cmocka_unit_test(reports_lose_nothing),
        cmocka_unit_test(wrong_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
