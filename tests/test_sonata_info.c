/* test_sonata_info.c: what `network info` says of attributes, held against h5py in circuits of both families
 * (test_sonata_info.py; skipped where python has no h5py), and the command itself. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sonata/sonata.h"

/* Circuits of the shared data, as far as they are there. */
static const char *const circuits[] = {
    "data/networks/bmtk_bio_14cells/circuit_config.json",
    "data/networks/bmtk_bio_450cells_compact/circuit_config.json",
    "data/networks/bmtk_bio_intfire_ring/circuit_config.json",
    "data/networks/bmtk_point_120cells/circuit_config.json",
    "data/networks/bmtk_pop_2pops/circuit_config.json",
    "data/networks/bmtool_bmplot/circuit_config.json",
    "data/networks/readme_all/circuit_config.json",
    "data/networks/readme_correlated_gap/circuit_config.json",
    "data/networks/readme_unidirection/circuit_config.json",
    "data/networks/sonata_5_cells_iclamp/circuit_config.json",
    "data/networks/sonata_9_cells/circuit_config.json",
    "data/networks/synthetic_small/circuit_config.json",
    "data/bbp/circuit_config.json",
    "data/bbp/nodes_points.h5",
    "data/bbp/nodes_quaternions_w_missing.h5",
    "data/bbp/nodes_with_library_large.h5",
    "data/bbp/nodes_with_library_small.h5",
    "data/libsonata/nodes1.h5",
    "data/libsonata/edges1.h5",
    "data/libsonata/edges-no-index.h5",
};
enum { CIRCUITS = sizeof circuits / sizeof *circuits };

static void test_against_h5py(void **state)
{
    const char *const python = access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3";
    const char *argv[CIRCUITS + 5] = {python, SONATINA_SOURCE_DIR "/tests/test_sonata_info.py",
                                      SONATINA_BINARY_DIR "/sonatina", NULL};
    char *folder = test_folder(), *path[CIRCUITS] = {NULL};
    size_t count = 3;
    sna_process process = {.exit_status = 1};
    int status = 0;

    (void)state;
    argv[count++] = folder;
    for (size_t i = 0; i < CIRCUITS; i++) {
        path[i] = test_shared_path(circuits[i]);
        if (path[i] != NULL)
            argv[count++] = path[i];
    }
    status = sna_process_run(&process, argv, NULL, NULL, NULL);
    if (status == 0 && process.exit_status != 0 && process.exit_status != 77)
        print_error("%s\n", sna_string_text(&process.output));
    for (size_t i = 0; i < CIRCUITS; i++)
        free(path[i]);
    test_folder_remove(folder);
    if (status == SNA_EMISSING || process.exit_status == 77) {
        sna_process_free(&process);
        skip();
    }
    assert_done(status);
    assert_int_equal(process.exit_status, 0);
    sna_process_free(&process);
}

/* A network with a node population of three and an edge population without edges. */
static char *small_network(const char *folder)
{
    static const double x[] = {3.5, -1, 2};
    static const char *const name[] = {"b", "a", "b"};
    char *nodes = NULL, *edges = NULL, *config = NULL;
    sna_outputs *outputs = NULL;
    sna_node_writer *node_writer = NULL;
    sna_edge_writer *edge_writer = NULL;
    sna_config_writer *config_writer = NULL;

    assert_done(sna_path_join(&nodes, folder, "nodes.h5"));
    assert_done(sna_path_join(&edges, folder, "edges.h5"));
    assert_done(sna_path_join(&config, folder, "circuit_config.json"));
    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_node_writer_open(&node_writer, outputs, nodes, "cells", 3, NULL));
    assert_done(sna_node_writer_attribute(node_writer, 0, "x", SNA_F64, 1, (sna_values){.real = x}));
    assert_done(sna_node_writer_attribute(node_writer, 0, "name", SNA_UTF8, 1, (sna_values){.text = name}));
    assert_done(sna_node_writer_finish(node_writer));
    sna_node_writer_close(node_writer);
    assert_done(sna_edge_writer_open(&edge_writer, outputs, edges, "loops", "cells", 3, "cells", 3, NULL));
    assert_done(sna_edge_writer_attribute(edge_writer, 0, "syn_weight", SNA_F32));
    assert_done(sna_edge_writer_finish(edge_writer));
    sna_edge_writer_close(edge_writer);
    assert_done(sna_config_writer_create(&config_writer));
    assert_done(sna_config_writer_nodes(config_writer, nodes, NULL, "cells", "biophysical"));
    assert_done(sna_config_writer_edges(config_writer, edges, NULL, "loops", "chemical"));
    assert_done(sna_config_writer_write(config_writer, outputs, config));
    sna_config_writer_free(config_writer);
    assert_done(sna_outputs_commit(outputs));
    sna_outputs_free(outputs);
    free(nodes);
    free(edges);
    return config;
}

static void test_text(void **state)
{
    char *folder = test_folder(), *config = small_network(folder);
    run_result result;

    (void)state;
    run_words(&result, "network", "info", config, NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "Family  BBP / OBI");
    assert_contains(result.out, "Node attributes of cells (nodes.h5)");
    assert_contains(result.out, "name       string   group  b (2), a (1)");
    assert_contains(result.out, "x          float64  group  -1 .. 3.5");
    assert_contains(result.out, "Edge attributes of loops (edges.h5)");
    run_free(&result);
    run_words(&result, "network", "info", "--quick", config, NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "float64");
    assert_null(strstr(result.out, "3.5"));
    run_free(&result);
    run_words(&result, "network", "info", config, "--format", "csv", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "cells,x,float64,1,false,group,3,0,-1,3.5,,");
    assert_contains(result.out, "cells,name,b,2");
    run_free(&result);
    free(config);
    test_folder_remove(folder);
}

static void test_refusals(void **state)
{
    run_result result;

    (void)state;
    run_words(&result, "network", "info", NULL);
    assert_int_equal(result.status, 2);
    run_free(&result);
    run_words(&result, "network", "info", "/nowhere/config.json", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "/nowhere/config.json");
    run_free(&result);
    run_words(&result, "network", "info", "a", "b", NULL);
    assert_int_equal(result.status, 2);
    run_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_against_h5py), cmocka_unit_test(test_text),
                                       cmocka_unit_test(test_refusals)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
