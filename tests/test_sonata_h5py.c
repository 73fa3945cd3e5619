/* test_sonata_h5py.c: writes a network for h5py to read (test_sonata_h5py.py). Skipped where python has no h5py. */
#include "support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sonata/sonata.h"

enum { EDGES = 100000, NODES = 1000, BLOCK = 777 };

static void write_nodes(sna_outputs *outputs, const char *path)
{
    static int64_t type[NODES];
    static double x[NODES];
    static char text[NODES][24];
    static const char *name[NODES];
    sna_node_writer *writer = NULL;

    for (int i = 0; i < NODES; i++) {
        type[i] = 100 + i % 2;
        x[i] = i * 0.5;
        snprintf(text[i], sizeof text[i], "cell %d", i);
        name[i] = text[i];
    }
    assert_done(sna_node_writer_open(&writer, outputs, path, "cells", NODES, NULL));
    assert_done(sna_node_writer_type_ids(writer, type));
    assert_done(sna_node_writer_attribute(writer, 0, "x", SNA_F32, 1, (sna_values){.real = x}));
    assert_done(sna_node_writer_attribute(writer, 0, "name", SNA_UTF8, 1, (sna_values){.text = name}));
    assert_done(sna_node_writer_finish(writer));
    sna_node_writer_close(writer);
}

static void write_edges(sna_outputs *outputs, const char *path, const sna_write_options *options)
{
    sna_edge_writer *writer = NULL;
    uint64_t source[BLOCK], target[BLOCK];
    int64_t type[BLOCK], nsyns[BLOCK];
    double delay[BLOCK], weight[BLOCK];
    const sna_values values[3] = {{.integer = nsyns}, {.real = delay}, {.real = weight}};

    assert_done(
        sna_edge_writer_open(&writer, outputs, path, "cells_to_cells", "cells", NODES, "cells", NODES, options));
    assert_done(sna_edge_writer_attribute(writer, 0, "nsyns", SNA_U8));
    assert_done(sna_edge_writer_attribute(writer, 0, "delay", SNA_F32));
    assert_done(sna_edge_writer_attribute(writer, 0, "syn_weight", SNA_F32));
    for (uint64_t first = 0; first < EDGES; first += BLOCK) {
        const uint64_t count = EDGES - first < BLOCK ? EDGES - first : BLOCK;
        for (uint64_t i = 0; i < count; i++) {
            const uint64_t e = first + i;
            target[i] = e * NODES / EDGES;
            source[i] = e * 7919 % NODES;
            type[i] = 100;
            nsyns[i] = (int64_t)(e % 250);
            delay[i] = 0.25 * (double)e;
            weight[i] = 0.1;
        }
        assert_done(sna_edge_writer_append(writer, 0, count, source, target, type, values));
    }
    assert_done(sna_edge_writer_finish(writer));
    sna_edge_writer_close(writer);
}

static void write_types(sna_outputs *outputs, const char *path)
{
    sna_table *table = NULL;

    assert_done(sna_table_create(&table, NULL, NULL));
    assert_done(sna_table_add_column(table, "node_type_id", NULL, SNA_INTEGER));
    assert_done(sna_table_add_column(table, "pop_name", NULL, SNA_TEXT));
    assert_done(sna_table_add_column(table, "share", NULL, SNA_REAL));
    assert_done(sna_table_add_column(table, "morphology", NULL, SNA_TEXT));
    for (int i = 0; i < 2; i++) {
        assert_done(sna_table_add_row(table, NULL));
        assert_done(sna_table_set_integer(table, (uint64_t)i, 0, 100 + i));
        assert_done(sna_table_set_text(table, (uint64_t)i, 1, i == 0 ? "PN" : "A B"));
        assert_done(sna_table_set_real(table, (uint64_t)i, 2, i == 0 ? 1.0 : 0.25));
    }
    assert_done(sna_types_write(outputs, path, table));
    sna_table_free(table);
}

static void write_config(sna_outputs *outputs, const char *path, const char *nodes, const char *types,
                         const char *edges)
{
    sna_config_writer *writer = NULL;

    assert_done(sna_config_writer_create(&writer));
    assert_done(sna_config_writer_nodes(writer, nodes, types, "cells", "biophysical"));
    assert_done(sna_config_writer_edges(writer, edges, NULL, "cells_to_cells", "chemical"));
    assert_done(sna_config_writer_write(writer, outputs, path));
    sna_config_writer_free(writer);
}

int main(void)
{
    static const char *const names[] = {"nodes.h5",         "node_types.csv",     "edges.h5", "edges_compressed.h5",
                                        "edges_scratch.h5", "circuit_config.json"};
    const char *const python = access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3";
    const char *argv[] = {python, SONATINA_SOURCE_DIR "/tests/test_sonata_h5py.py", NULL, NULL};
    char *folder = test_folder(), *path[6] = {NULL};
    sna_outputs *outputs = NULL;
    sna_process process = {.exit_status = 1};
    int status = 0;

    for (int i = 0; i < 6; i++)
        assert_done(sna_path_join(&path[i], folder, names[i]));
    assert_done(sna_outputs_create(&outputs));
    write_nodes(outputs, path[0]);
    write_types(outputs, path[1]);
    write_edges(outputs, path[2], NULL);
    write_edges(outputs, path[3], &(sna_write_options){.compress = 4});
    write_edges(outputs, path[4], &(sna_write_options){.memory = 50000});
    write_config(outputs, path[5], path[0], path[1], path[2]);
    assert_done(sna_outputs_commit(outputs));
    sna_outputs_free(outputs);
    argv[2] = folder;
    status = sna_process_run(&process, argv, NULL, NULL, NULL);
    if (status == SNA_EMISSING)
        process.exit_status = 77;
    else if (status != 0)
        fprintf(stderr, "%s\n", sna_error_message());
    fprintf(stderr, "%s", sna_string_text(&process.output));
    status = process.exit_status;
    sna_process_free(&process);
    for (int i = 0; i < 6; i++)
        free(path[i]);
    test_folder_remove(folder);
    return status;
}
