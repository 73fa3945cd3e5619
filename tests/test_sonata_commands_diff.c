/* test_sonata_commands_diff.c: network diff: nothing where nothing differs, and the exact sentence where something
 * does. */
#include "support.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <hdf5.h>

#include "sonata/sonata.h"

static void run_diff(const char *a, const char *b, int status, const char *out)
{
    run_result result;

    run_words(&result, "network", "diff", a, b, NULL);
    assert_string_equal(result.err, "");
    assert_contains(result.out, out);
    assert_int_equal(result.status, status);
    run_free(&result);
}

/* ---- real files --------------------------------------------------------------------------------------------- */

static void a_thing_is_like_itself(void **state)
{
    static const char *const files[] = {"networks/bmtk_bio_14cells/circuit_config.json",
                                        "networks/bmtk_bio_450cells_compact/circuit_config.json",
                                        "networks/bmtk_point_120cells/circuit_config.json",
                                        "networks/bmtool_bmplot/circuit_config.json",
                                        "networks/readme_correlated_gap/circuit_config.json",
                                        "networks/synthetic_small/circuit_config.json",
                                        "networks/sonata_9_cells/cortex_nodes.h5",
                                        "bbp/circuit_config.json",
                                        "bbp/nodes_with_library_small.h5",
                                        "spikes/bmtk_thalamus.h5",
                                        "spikes/pysonata_old_layout.h5",
                                        "bbp/reporting/compartment_named.h5",
                                        "bbp/reporting/soma_report.h5",
                                        "reports/bmtk_intfire_ring_membrane_potential.h5"};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *relative = NULL, *path = NULL;
        assert_done(sna_text_format(&relative, "data/%s", files[i]));
        path = test_shared_path(relative);
        if (path == NULL)
            skip();
        run_diff(path, path, 0, "No differences.");
        free(path);
        free(relative);
    }
}

static char *copy_network(const char *folder)
{
    static const char *const files[] = {"circuit_config.json", "lgn_nodes.h5",         "lgn_node_types.csv",
                                        "tw_nodes.h5",         "tw_node_types.csv",    "v1_nodes.h5",
                                        "v1_node_types.csv",   "lgn_v1_edges.h5",      "lgn_v1_edge_types.csv",
                                        "tw_v1_edges.h5",      "tw_v1_edge_types.csv", "v1_v1_edges.h5",
                                        "v1_v1_edge_types.csv"};
    char *config = NULL;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *relative = NULL, *from = NULL, *to = NULL, *bytes = NULL;
        uint64_t size = 0;
        assert_done(sna_text_format(&relative, "data/networks/bmtk_bio_14cells/%s", files[i]));
        from = test_shared_path(relative);
        if (from == NULL)
            skip();
        assert_done(sna_path_join(&to, folder, files[i]));
        assert_done(sna_file_read(&bytes, &size, from));
        assert_done(sna_file_write(to, bytes, size));
        free(bytes);
        free(to);
        free(from);
        free(relative);
    }
    assert_done(sna_path_join(&config, folder, "circuit_config.json"));
    return config;
}

/* Sets one value of a dataset of rank 1. */
static void set_value(const char *folder, const char *name, const char *place, uint64_t row, double value)
{
    char *path = NULL;
    const hsize_t offset = row, extent = 1;
    hid_t file, dataset, space, memory;

    assert_done(sna_path_join(&path, folder, name));
    file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    dataset = H5Dopen2(file, place, H5P_DEFAULT);
    assert_true(dataset >= 0);
    space = H5Dget_space(dataset);
    memory = H5Screate_simple(1, &extent, NULL);
    assert_true(H5Sselect_hyperslab(space, H5S_SELECT_SET, &offset, NULL, &extent, NULL) >= 0);
    assert_true(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, &value) >= 0);
    H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(dataset);
    H5Fclose(file);
    free(path);
}

static void a_changed_network_is_described(void **state)
{
    char *folder = test_folder(), *config = copy_network(folder), *types = NULL, *text = NULL, *at = NULL, *path = NULL;
    char *original = test_shared_path("data/networks/bmtk_bio_14cells/circuit_config.json");
    uint64_t size = 0;
    run_result result;

    (void)state;
    run_diff(original, config, 0, "No differences.");
    set_value(folder, "v1_nodes.h5", "/nodes/v1/0/x", 1, 1e3);
    run_diff(original, config, 1, "`x` differs for 1 node; the first: node 1 has 48.753 in A, 1000 in B");
    set_value(folder, "v1_v1_edges.h5", "/edges/v1_to_v1/0/nsyns", 5, 200);
    set_value(folder, "lgn_v1_edges.h5", "/edges/lgn_to_v1/source_node_id", 7, 89);
    run_words(&result, "network", "diff", original, config, "--format", "csv", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.out, "population,kind,count,difference\n");
    assert_contains(result.out, "v1_to_v1,attribute,1,\"`nsyns` differs for 1 edge; one of them: edge 5 (");
    assert_contains(result.out, "200 in B");
    assert_contains(result.out, "lgn_to_v1,edge,1,\"1 edge is only in A; the first: edge 7, ");
    assert_contains(result.out, "lgn_to_v1,edge,1,\"1 edge is only in B; the first: edge 7, 89 -> ");
    run_free(&result);
    /* A column of a types CSV counts as much as a dataset. */
    assert_done(sna_path_join(&types, folder, "tw_node_types.csv"));
    assert_done(sna_file_read(&text, &size, types));
    at = strstr(text, "virtual");
    assert_non_null(at);
    memcpy(at, "VIRTUAL", 7);
    assert_done(sna_file_write(types, text, size));
    run_words(&result, "network", "diff", original, config, "--population", "tw", "--format", "json", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.out,
                    "`model_type` differs for 30 nodes; the first: node 0 has 'virtual' in A, 'VIRTUAL' in B");
    assert_null(strstr(result.out, "nsyns"));
    run_free(&result);
    /* Only some of the files. */
    assert_done(sna_path_join(&path, folder, "v1_nodes.h5"));
    run_diff(original, path, 1, "the node population `lgn` is only in A");
    free(path);
    free(text);
    free(types);
    free(original);
    free(config);
    test_folder_remove(folder);
}

/* ---- edges as sets ------------------------------------------------------------------------------------------ */

enum { EDGES = 4000, NODES = 50 }; /* many edges between the same nodes */

typedef struct {
    uint64_t source[EDGES], target[EDGES];
    int64_t type[EDGES], count[EDGES];
    double weight[EDGES];
    uint64_t edges;
} edge_table;

static char *write_edges(const char *folder, const char *name, const edge_table *table, sna_storage storage)
{
    char *path = NULL;
    sna_outputs *outputs = NULL;
    sna_edge_writer *writer = NULL;
    const sna_values values[] = {{.real = table->weight}, {.integer = table->count}};

    assert_done(sna_path_join(&path, folder, name));
    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_edge_writer_open(&writer, outputs, path, "a_to_a", "a", NODES, "a", NODES, NULL));
    assert_done(sna_edge_writer_attribute(writer, 0, "weight", storage));
    assert_done(sna_edge_writer_attribute(writer, 0, "count", SNA_I32));
    assert_done(sna_edge_writer_append(writer, 0, table->edges, table->source, table->target, table->type, values));
    assert_done(sna_edge_writer_finish(writer));
    assert_done(sna_outputs_commit(outputs));
    sna_edge_writer_close(writer);
    sna_outputs_free(outputs);
    return path;
}

static void swap_edges(edge_table *table, uint64_t i, uint64_t j)
{
    const edge_table old = *table;

    table->source[i] = old.source[j];
    table->target[i] = old.target[j];
    table->type[i] = old.type[j];
    table->count[i] = old.count[j];
    table->weight[i] = old.weight[j];
    table->source[j] = old.source[i];
    table->target[j] = old.target[i];
    table->type[j] = old.type[i];
    table->count[j] = old.count[i];
    table->weight[j] = old.weight[i];
}

static void fill(edge_table *table)
{
    sna_random random;

    sna_random_start(&random, 7, sna_random_purpose("diff test"), 0, 0);
    table->edges = EDGES;
    for (int i = 0; i < EDGES; i++) {
        table->source[i] = sna_random_below(&random, NODES);
        table->target[i] = sna_random_below(&random, NODES);
        table->type[i] = 100 + (int64_t)sna_random_below(&random, 2);
        table->count[i] = (int64_t)sna_random_below(&random, 3);
        table->weight[i] = (double)sna_random_below(&random, 4) / 4;
    }
}

/* Runs the library with little memory too, so that the edges are gone through in many passes. */
static void expect_differences(const char *a, const char *b, uint64_t count, uint64_t concerned, const char *note)
{
    static const uint64_t memory[] = {0, 3000};

    for (size_t i = 0; i < 2; i++) {
        const sna_diff_options options = {.memory = memory[i]};
        sna_differences found = SNA_DIFFERENCES;
        uint64_t sum = 0;
        assert_done(sna_diff(a, b, &options, &found));
        for (uint64_t k = 0; k < found.count; k++)
            sum += found.item[k].count;
        if (found.count != count)
            for (uint64_t k = 0; k < found.count; k++)
                print_error("%s\n", found.item[k].text);
        assert_int_equal(found.count, count);
        assert_int_equal(sum, concerned);
        if (note != NULL) {
            assert_int_equal(found.notes.count, 1);
            assert_string_equal(found.notes.text[0], note);
        }
        sna_differences_free(&found);
    }
}

static void order_is_no_difference(void **state)
{
    char *folder = test_folder(), *a = NULL, *b = NULL;
    edge_table *table = NULL;
    sna_random random;

    (void)state;
    assert_done(sna_allocate(&table, 1, sizeof *table));
    fill(table);
    a = write_edges(folder, "a.h5", table, SNA_F32);
    sna_random_start(&random, 8, sna_random_purpose("diff test"), 0, 0);
    for (uint64_t i = EDGES - 1; i > 0; i--)
        swap_edges(table, i, sna_random_below(&random, i + 1));
    /* Nor is the width of a number. */
    b = write_edges(folder, "b.h5", table, SNA_F64);
    expect_differences(a, b, 0, 0, "The edges of a_to_a are the same, in another order.");
    run_diff(a, b, 0, "No differences.\nThe edges of a_to_a are the same, in another order.");
    free(b);
    /* Three edges of other weight, one with other nodes, two gone: and nothing else is named. */
    table->weight[10] += 0.1;
    table->weight[20] += 0.1;
    table->count[20] += 7;
    table->weight[30] += 0.1;
    table->source[40] = (table->source[40] + 1) % NODES;
    table->edges -= 2;
    b = write_edges(folder, "b.h5", table, SNA_F64);
    {
        const sna_diff_options options = {.memory = 5000};
        sna_differences found = SNA_DIFFERENCES;
        uint64_t only_a = 0, only_b = 0, weight = 0, count = 0, lengths = 0;
        assert_done(sna_diff(a, b, &options, &found));
        for (uint64_t k = 0; k < found.count; k++) {
            const sna_difference *item = &found.item[k];
            if (strstr(item->text, "only in A") != NULL)
                only_a += item->count;
            else if (strstr(item->text, "only in B") != NULL)
                only_b += item->count;
            else if (strncmp(item->text, "`weight`", 8) == 0)
                weight += item->count;
            else if (strncmp(item->text, "`count`", 7) == 0)
                count += item->count;
            else if (strcmp(item->text, "A has 4000 edges, B has 3998") == 0)
                lengths++;
        }
        assert_int_equal(lengths, 1);
        assert_int_equal(only_a - only_b, 2);
        /* An edge that moved may meet one that is gone between the same nodes; the three weights are always seen. */
        assert_true(weight >= 3 && weight <= 5);
        assert_true(count >= 1 && count <= 3);
        sna_differences_free(&found);
    }
    free(a);
    free(b);
    free(table);
    test_folder_remove(folder);
}

static void multiplicity_counts(void **state)
{
    char *folder = test_folder(), *a = NULL, *b = NULL;
    edge_table *table = NULL;

    (void)state;
    assert_done(sna_allocate(&table, 1, sizeof *table));
    /* a: twice the first edge and once the second; b: the other way round. */
    table->edges = 3;
    for (int i = 0; i < 3; i++) {
        table->source[i] = i == 2 ? 2 : 1;
        table->target[i] = 3;
        table->weight[i] = 0.5;
    }
    a = write_edges(folder, "a.h5", table, SNA_F32);
    table->source[1] = 2;
    b = write_edges(folder, "b.h5", table, SNA_F32);
    expect_differences(a, b, 2, 2, NULL);
    run_diff(a, b, 1, "1 edge is only in A; the first: edge 1, 1 -> 3");
    free(a);
    free(b);
    free(table);
    test_folder_remove(folder);
}

/* ---- spikes and reports ------------------------------------------------------------------------------------- */

static void spikes_are_compared(void **state)
{
    char *folder = test_folder();
    char *a = test_file(folder, "a.csv", "timestamps population node_ids\n1.5 x 3\n2 x 4\n2 x 5\n"),
         *b = test_file(folder, "b.csv", "timestamps population node_ids\n2 x 5\n2 x 4\n1.5 x 3\n"),
         *c = test_file(folder, "c.csv", "timestamps population node_ids\n2 x 5\n2.5 x 4\n1.5 x 3\n9 y 0\n");

    (void)state;
    run_diff(a, b, 0, "The spikes of x are the same, in another order.");
    run_diff(a, c, 1, "1 spike is only in A; the first: node 4 at 2 ms");
    run_diff(a, c, 1, "1 spike is only in B; the first: node 4 at 2.5 ms");
    run_diff(a, c, 1, "the population `y` has spikes in B only");
    free(a);
    free(b);
    free(c);
    test_folder_remove(folder);
}

static char *write_report(const char *folder, const char *name, const double *values, const uint64_t *nodes)
{
    char *path = NULL;
    const uint64_t pointers[] = {0, 1, 3}, elements[] = {0, 0, 1};
    const sna_report_layout layout = {.unit = "mV",
                                      .start = 0,
                                      .stop = 0.2,
                                      .step = 0.1,
                                      .node_count = 2,
                                      .node_ids = nodes,
                                      .pointers = pointers,
                                      .element_ids = elements};
    sna_outputs *outputs = NULL;
    sna_report_writer *writer = NULL;

    assert_done(sna_path_join(&path, folder, name));
    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_report_writer_open(&writer, outputs, path, "x", &layout, NULL));
    assert_done(sna_report_writer_append(writer, 2, values));
    assert_done(sna_report_writer_finish(writer));
    assert_done(sna_outputs_commit(outputs));
    sna_report_writer_close(writer);
    sna_outputs_free(outputs);
    return path;
}

static void reports_are_compared(void **state)
{
    static const double values[] = {-65, -64, -63, -62, -61, -60}, others[] = {-65, -64, -63, -62, -61, -10};
    static const uint64_t nodes[] = {4, 7}, other_nodes[] = {4, 8};
    char *folder = test_folder(), *a = write_report(folder, "a.h5", values, nodes),
         *b = write_report(folder, "b.h5", others, nodes), *c = write_report(folder, "c.h5", values, other_nodes);

    (void)state;
    run_diff(a, a, 0, "No differences.");
    run_diff(a, b, 1, "1 value differs; one of them: node 7, element 1, 0.1 ms: -60 in A, -10 in B");
    run_diff(a, c, 1, "1 node is only in A");
    free(a);
    free(b);
    free(c);
    test_folder_remove(folder);
}

/* ---- wrong input -------------------------------------------------------------------------------------------- */

static void wrong_words(void **state)
{
    char *spikes = test_shared_path("data/spikes/pysonata.h5"), *edges = test_shared_path("data/bbp/edges.h5");
    char *config = test_shared_path("data/bbp/circuit_config.json"), *folder = test_folder();
    char *broken = test_file(folder, "broken.h5", "no HDF5"), *json = test_file(folder, "config.json", "{\"a\": ");
    const struct {
        const char *words[8], *sentence;
        int status;
    } cases[] = {
        {{"network", "diff", NULL}, "which two networks or files?", 2},
        {{"network", "diff", "a", NULL}, "which two networks or files?", 2},
        {{"network", "diff", "a", "b", "c", NULL}, "`c` is too much", 2},
        {{"network", "diff", "a", "b", "--memory", "x", NULL}, "--memory", 2},
        {{"network", "diff", "/nowhere/a.h5", edges, NULL}, "/nowhere/a.h5", 1},
        {{"network", "diff", spikes, edges, NULL}, "holds spikes, but", 2},
        {{"network", "diff", edges, broken, NULL}, "broken.h5", 3},
        {{"network", "diff", json, json, NULL}, "config.json", 3},
        {{"network", "diff", config, config, "--population", "nobody", NULL}, "has a population `nobody`", 1},
    };
    run_result result;

    (void)state;
    if (spikes == NULL || edges == NULL || config == NULL)
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        run_program(&result, NULL, NULL, cases[i].words);
        assert_contains(result.err, cases[i].sentence);
        assert_int_equal(result.status, cases[i].status);
        assert_string_equal(result.out, "");
        run_free(&result);
    }
    run_words(&result, "network", "diff", "--help", NULL);
    assert_contains(result.out, "Example:\n  sonatina network diff ");
    run_free(&result);
    free(json);
    free(broken);
    free(config);
    free(spikes);
    free(edges);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thing_is_like_itself),
        cmocka_unit_test(a_changed_network_is_described),
        cmocka_unit_test(order_is_no_difference),
        cmocka_unit_test(multiplicity_counts),
        cmocka_unit_test(spikes_are_compared),
        cmocka_unit_test(reports_are_compared),
        cmocka_unit_test(wrong_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
