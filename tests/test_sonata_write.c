/* test_sonata_write.c: what the writers write, the readers read back; and nothing appears before the commit. */
#include "support.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sonata/sonata.h"

/* A folder with a circuit in it: nodes `a` (ids are not rows, two groups), nodes `b`, edges a_to_b. */
typedef struct {
    char *folder, *a, *b, *edges, *types, *config;
} circuit_files;

static void name_files(circuit_files *files)
{
    files->folder = test_folder();
    assert_done(sna_path_join(&files->a, files->folder, "a_nodes.h5"));
    assert_done(sna_path_join(&files->b, files->folder, "b_nodes.h5"));
    assert_done(sna_path_join(&files->edges, files->folder, "a_b_edges.h5"));
    assert_done(sna_path_join(&files->types, files->folder, "a_b_edge_types.csv"));
    assert_done(sna_path_join(&files->config, files->folder, "circuit_config.json"));
}

static void free_files(circuit_files *files)
{
    free(files->a);
    free(files->b);
    free(files->edges);
    free(files->types);
    free(files->config);
    test_folder_remove(files->folder);
}

enum { NODES_A = 10, NODES_B = 7 };

static void write_a(sna_outputs *outputs, const char *path, const sna_write_options *options)
{
    uint64_t id[NODES_A];
    int64_t type[NODES_A], layer[NODES_A / 2];
    uint32_t group[NODES_A];
    uint32_t code[NODES_A / 2];
    double x[NODES_A / 2], position[NODES_A / 2 * 3];
    const char *label[NODES_A / 2];
    sna_list texts = SNA_LIST;
    sna_node_writer *writer = NULL;

    for (int i = 0; i < NODES_A; i++) {
        id[i] = (uint64_t)(100 - 3 * i);
        type[i] = 200 + i % 2;
        group[i] = i % 2 == 0 ? 0 : 5;
    }
    for (int i = 0; i < NODES_A / 2; i++) {
        layer[i] = -i;
        x[i] = 0.1 * i;
        label[i] = i == 3 ? NULL : i % 2 == 0 ? "even" : "öd d";
        code[i] = (uint32_t)(i % 2);
        for (int k = 0; k < 3; k++)
            position[i * 3 + k] = i + 0.25 * k;
    }
    assert_done(sna_list_add(&texts, "L2"));
    assert_done(sna_list_add(&texts, "L4"));
    assert_done(sna_node_writer_open(&writer, outputs, path, "a", NODES_A, options));
    assert_done(sna_node_writer_ids(writer, id));
    assert_done(sna_node_writer_type_ids(writer, type));
    assert_done(sna_node_writer_groups(writer, group));
    assert_done(sna_node_writer_attribute(writer, 0, "layer", SNA_I8, 1, (sna_values){.integer = layer}));
    assert_done(sna_node_writer_attribute(writer, 0, "x", SNA_F64, 1, (sna_values){.real = x}));
    assert_done(sna_node_writer_attribute(writer, 0, "dynamics_params/gain", SNA_F32, 1, (sna_values){.real = x}));
    assert_done(sna_node_writer_enumeration(writer, 0, "mtype", code, &texts));
    assert_done(sna_node_writer_attribute(writer, 5, "label", SNA_UTF8, 1, (sna_values){.text = label}));
    assert_done(sna_node_writer_attribute(writer, 5, "positions", SNA_F32, 3, (sna_values){.real = position}));
    /* What must be refused. */
    assert_int_equal(sna_node_writer_attribute(writer, 1, "y", SNA_F64, 1, (sna_values){.real = x}), SNA_EINVAL);
    assert_int_equal(sna_node_writer_attribute(writer, 0, "x", SNA_F64, 1, (sna_values){.real = x}), SNA_EINVAL);
    assert_int_equal(sna_node_writer_attribute(writer, 0, "a/b", SNA_F64, 1, (sna_values){.real = x}), SNA_EINVAL);
    layer[4] = 300;
    assert_int_equal(sna_node_writer_attribute(writer, 0, "deep", SNA_U8, 1, (sna_values){.integer = layer}),
                     SNA_ERANGE);
    assert_contains(sna_error_message(), "`deep`, row 1: -1 does not fit uint8");
    assert_done(sna_node_writer_finish(writer));
    assert_int_equal(sna_node_writer_finish(writer), SNA_EINVAL);
    sna_node_writer_close(writer);
    sna_list_free(&texts);
}

static void write_b(sna_outputs *outputs, const char *path, const sna_write_options *options)
{
    double x[NODES_B];
    sna_node_writer *writer = NULL;

    for (int i = 0; i < NODES_B; i++)
        x[i] = i;
    assert_done(sna_node_writer_open(&writer, outputs, path, "b", NODES_B, options));
    assert_done(sna_node_writer_attribute(writer, 0, "x", SNA_F32, 1, (sna_values){.real = x}));
    assert_done(sna_node_writer_attribute(writer, 0, "z", SNA_F32, 1, (sna_values){.real = x}));
    assert_done(sna_node_writer_finish(writer));
    sna_node_writer_close(writer);
}

/* Edge e: three blocks; group 0 has nsyns, group 2 delay and weight. */
static uint64_t edge_target(uint64_t e)
{
    return e / 5;
}

static uint64_t edge_source(uint64_t e)
{
    return e * 7 % 101;
}

static void write_edges(sna_outputs *outputs, const char *path, const sna_write_options *options)
{
    sna_edge_writer *writer = NULL;
    uint64_t source[35], target[35];
    int64_t type[35], nsyns[35];
    double delay[35];
    const char *rule[35];
    sna_values zero[1] = {{.integer = nsyns}}, two[2] = {{.real = delay}, {.text = rule}};

    for (uint64_t e = 0; e < 35; e++) {
        source[e] = edge_source(e);
        target[e] = edge_target(e);
        type[e] = 10 + (int64_t)(e % 3);
        nsyns[e] = (int64_t)e;
        delay[e] = 0.5 * (double)e;
        rule[e] = e % 2 == 0 ? "even" : "odd";
    }
    assert_done(sna_edge_writer_open(&writer, outputs, path, "a_to_b", "a", 101, "b", NODES_B, options));
    assert_done(sna_edge_writer_attribute(writer, 0, "nsyns", SNA_U8));
    assert_done(sna_edge_writer_attribute(writer, 2, "delay", SNA_F32));
    assert_done(sna_edge_writer_attribute(writer, 2, "dynamics_params/rule", SNA_UTF8));
    assert_int_equal(sna_edge_writer_attribute(writer, 2, "delay", SNA_F32), SNA_EINVAL);
    assert_done(sna_edge_writer_append(writer, 0, 15, source, target, type, zero));
    two[0].real = delay + 15;
    two[1].text = rule + 15;
    assert_done(sna_edge_writer_append(writer, 2, 10, source + 15, target + 15, type + 15, two));
    zero[0].integer = nsyns + 25;
    assert_done(sna_edge_writer_append(writer, 0, 10, source + 25, target + 25, type + 25, zero));
    /* A block is taken whole or not at all. */
    source[3] = 101;
    assert_int_equal(sna_edge_writer_append(writer, 0, 10, source, target, type, zero), SNA_ERANGE);
    assert_contains(sna_error_message(), "edge 38: source node 101, but `a` has 101 nodes");
    source[3] = 0;
    nsyns[28] = 256;
    assert_int_equal(sna_edge_writer_append(writer, 0, 10, source, target, type, zero), SNA_ERANGE);
    assert_int_equal(sna_edge_writer_attribute(writer, 0, "late", SNA_U8), SNA_EINVAL);
    assert_int_equal(sna_edge_writer_count(writer), 35);
    assert_done(sna_edge_writer_finish(writer));
    sna_edge_writer_close(writer);
}

static void write_types(sna_outputs *outputs, const char *path)
{
    sna_table *table = NULL;

    assert_done(sna_table_create(&table, NULL, NULL));
    assert_done(sna_table_add_column(table, "edge_type_id", NULL, SNA_INTEGER));
    assert_done(sna_table_add_column(table, "delay", NULL, SNA_REAL));
    assert_done(sna_table_add_column(table, "target_query", NULL, SNA_TEXT));
    assert_done(sna_table_add_column(table, "is_gap_junction", NULL, SNA_BOOLEAN));
    for (int i = 0; i < 3; i++) {
        assert_done(sna_table_add_row(table, NULL));
        assert_done(sna_table_set_integer(table, (uint64_t)i, 0, 10 + i));
    }
    assert_done(sna_table_set_real(table, 0, 1, 2.0));
    assert_done(sna_table_set_real(table, 1, 1, 3.0));
    assert_done(sna_table_set_text(table, 1, 2, "pop_name=='a b' & \"x\""));
    assert_done(sna_table_set_text(table, 2, 2, ""));
    assert_done(sna_table_set_boolean(table, 2, 3, true));
    assert_done(sna_types_write(outputs, path, table));
    sna_table_free(table);
}

static void write_config(sna_outputs *outputs, const circuit_files *files)
{
    sna_config_writer *writer = NULL;

    assert_done(sna_config_writer_create(&writer));
    assert_done(sna_config_writer_component(writer, "templates_dir", "/somewhere/else/templates"));
    assert_done(sna_config_writer_nodes(writer, files->a, NULL, "a", "virtual"));
    assert_done(sna_config_writer_nodes(writer, files->b, NULL, "b", "biophysical"));
    assert_done(sna_config_writer_edges(writer, files->edges, files->types, "a_to_b", "chemical"));
    assert_int_equal(sna_config_writer_edges(writer, files->edges, files->types, "a_to_b", NULL), SNA_EINVAL);
    assert_done(sna_config_writer_write(writer, outputs, files->config));
    sna_config_writer_free(writer);
}

static void write_circuit(const circuit_files *files, const sna_write_options *options)
{
    sna_outputs *outputs = NULL;

    assert_done(sna_outputs_create(&outputs));
    write_a(outputs, files->a, options);
    write_b(outputs, files->b, options);
    write_edges(outputs, files->edges, options);
    write_types(outputs, files->types);
    write_config(outputs, files);
    assert_int_not_equal(access(files->a, F_OK), 0);
    assert_int_not_equal(access(files->config, F_OK), 0);
    assert_done(sna_outputs_commit(outputs));
    sna_outputs_free(outputs);
    assert_int_equal(test_folder_count(files->folder), 5);
}

static void check_a(sna_circuit *circuit)
{
    sna_nodes *nodes = NULL;
    const sna_column *column = NULL;
    const uint32_t *code = NULL;
    const sna_list *texts = NULL;
    const double(*position)[3] = NULL;
    unsigned dimensions = 0;

    assert_done(sna_circuit_nodes(circuit, "a", &nodes));
    assert_int_equal(sna_nodes_count(nodes), NODES_A);
    assert_false(sna_nodes_ids_are_rows(nodes));
    assert_int_equal(sna_nodes_id(nodes, 2), 94);
    assert_int_equal(sna_nodes_row(nodes, 94), 2);
    assert_int_equal(sna_nodes_row(nodes, 95), -1);
    assert_non_null(sna_notes_find(sna_circuit_notes(circuit), "nodes.ids-not-rows"));
    assert_done(sna_nodes_column(nodes, "layer", &column));
    for (uint64_t i = 0; i < NODES_A; i++) {
        assert_int_equal(sna_column_is_missing(column, i), i % 2 == 1);
        assert_int_equal(sna_column_integer(column, i), i % 2 == 1 ? 0 : -(int64_t)(i / 2));
    }
    assert_done(sna_nodes_column(nodes, "gain", &column));
    assert_true(sna_column_real(column, 4) == (double)(float)(0.1 * 2));
    assert_done(sna_nodes_column(nodes, "dynamics_params/gain", &column));
    assert_true(sna_column_real(column, 4) == (double)(float)(0.1 * 2));
    assert_done(sna_nodes_column(nodes, "mtype", &column));
    assert_string_equal(sna_column_text(column, 2), "L4");
    assert_done(sna_nodes_codes(nodes, "mtype", &column));
    assert_int_equal(sna_column_integer(column, 2), 1);
    assert_done(sna_nodes_library(nodes, "mtype", &texts));
    assert_int_equal(texts->count, 2);
    assert_done(sna_nodes_column(nodes, "label", &column));
    assert_string_equal(sna_column_text(column, 3), "öd d");
    assert_null(sna_column_text(column, 7)); /* a NULL string */
    assert_null(sna_column_text(column, 0)); /* another group */
    assert_done(sna_nodes_labels(nodes, "layer", &code, &texts));
    assert_string_equal(texts->text[code[0]], "0");
    assert_string_equal(texts->text[code[1]], "");
    assert_string_equal(texts->text[code[8]], "-4");
    assert_int_equal(sna_nodes_column(nodes, "lable", &column), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "is it `label`?");
    /* x is in one group and positions in the other: x y z come first. */
    assert_done(sna_nodes_positions(nodes, &position, &dimensions));
    assert_int_equal(dimensions, 1);
    assert_true(position[2][0] == 0.1 && isnan(position[2][1]) && isnan(position[1][0]));
    assert_done(sna_nodes_column(nodes, "positions", &column));
    assert_int_equal(column->width, 3);
    assert_true(column->real[3 * 3 + 2] == 1.5);
}

static void check_edges(sna_circuit *circuit)
{
    static const char *const names[] = {"nsyns", "delay", "rule", "is_gap_junction", "edge_group_id", "edge_id"};
    sna_edges *edges = NULL;
    sna_selection selection = SNA_SELECTION;
    sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET | SNA_EDGE_TYPE,
                                .attribute = names,
                                .attribute_count = 6,
                                .block = 4};

    assert_done(sna_circuit_edges(circuit, "a_to_b", &edges));
    assert_string_equal(sna_edges_source_population(edges), "a");
    assert_string_equal(sna_edges_target_population(edges), "b");
    assert_int_equal(sna_edges_count(edges), 35);
    assert_done(sna_selection_add(&selection, 20, 30));
    assert_done(sna_selection_add(&selection, 3, 4));
    assert_done(sna_selection_add(&selection, 0, 35));
    for (int pass = 0; pass < 2; pass++) {
        sna_edge_stream *stream = NULL;
        sna_edge_block block;
        uint64_t seen = 0;
        request.selection = pass == 0 ? NULL : &selection;
        assert_done(sna_edge_stream_open(&stream, edges, &request));
        for (;;) {
            assert_done(sna_edge_stream_next(stream, &block));
            if (block.count == 0)
                break;
            for (uint64_t i = 0; i < block.count; i++, seen++) {
                const uint64_t e = pass == 0 ? seen : seen < 10 ? 20 + seen : seen == 10 ? 3 : seen - 11;
                const bool is_two = e >= 15 && e < 25;
                assert_int_equal(block.row == NULL ? block.first + i : block.row[i], e);
                assert_int_equal(block.source[i], edge_source(e));
                assert_int_equal(block.target[i], edge_target(e));
                assert_int_equal(block.type[i], 10 + e % 3);
                assert_int_equal(sna_column_is_missing(&block.column[0], i), is_two);
                assert_int_equal(sna_column_integer(&block.column[0], i), is_two ? 0 : e);
                if (is_two) {
                    assert_true(sna_column_real(&block.column[1], i) == 0.5 * (double)e);
                    assert_string_equal(sna_column_text(&block.column[2], i), e % 2 == 0 ? "even" : "odd");
                } else if (e % 3 == 2) { /* type 12 has no delay */
                    assert_true(sna_column_is_missing(&block.column[1], i));
                } else {
                    assert_true(sna_column_real(&block.column[1], i) == (e % 3 == 0 ? 2.0 : 3.0));
                    assert_true(sna_column_is_missing(&block.column[2], i));
                }
                assert_int_equal(sna_column_is_true(&block.column[3], i), e % 3 == 2);
                assert_int_equal(sna_column_integer(&block.column[4], i), is_two ? 2 : 0);
                assert_int_equal(sna_column_integer(&block.column[5], i), e);
            }
        }
        assert_int_equal(seen, pass == 0 ? 35 : 46);
        sna_edge_stream_close(stream);
    }
    sna_selection_free(&selection);
    assert_string_equal(sna_types_text(sna_edges_types(edges), 1, 1), "pop_name=='a b' & \"x\"");
    assert_string_equal(sna_types_text(sna_edges_types(edges), 2, 1), "");
    assert_null(sna_types_text(sna_edges_types(edges), 0, 1));
}

static void round_trip(const sna_write_options *options)
{
    circuit_files files;
    sna_circuit *circuit = NULL;

    name_files(&files);
    write_circuit(&files, options);
    assert_done(sna_circuit_open(&circuit, files.config));
    assert_string_equal(sna_circuit_node_property(circuit, 0, "type"), "virtual");
    assert_string_equal(sna_circuit_node_property(circuit, 1, "templates_dir"), "/somewhere/else/templates");
    check_a(circuit);
    check_edges(circuit);
    sna_circuit_close(circuit);
    free_files(&files);
}

static void test_round_trip(void **state)
{
    (void)state;
    round_trip(NULL);
}

static void test_round_trip_compressed(void **state)
{
    (void)state;
    round_trip(&(sna_write_options){.compress = 4});
}

/* The same calls make the same bytes, whatever the number of threads. */
static void test_same_bytes(void **state)
{
    circuit_files files[2];
    char hash[2][65];

    (void)state;
    for (int i = 0; i < 2; i++) {
        name_files(&files[i]);
        sna_threads_set(i == 0 ? 1 : 3);
        write_circuit(&files[i], &(sna_write_options){.compress = 1});
    }
    sna_threads_set(0);
    assert_done(sna_hash_file(files[0].edges, hash[0]));
    assert_done(sna_hash_file(files[1].edges, hash[1]));
    assert_string_equal(hash[0], hash[1]);
    assert_done(sna_hash_file(files[0].a, hash[0]));
    assert_done(sna_hash_file(files[1].a, hash[1]));
    assert_string_equal(hash[0], hash[1]);
    for (int i = 0; i < 2; i++)
        free_files(&files[i]);
}

/* Without a commit there is nothing, and what was there stays. */
static void test_no_commit(void **state)
{
    circuit_files files;
    sna_outputs *outputs = NULL;
    char *text = NULL;
    uint64_t size = 0;

    (void)state;
    name_files(&files);
    assert_done(sna_file_write(files.edges, "before", 6));
    assert_done(sna_outputs_create(&outputs));
    write_a(outputs, files.a, NULL);
    write_edges(outputs, files.edges, NULL);
    sna_outputs_free(outputs);
    assert_int_equal(test_folder_count(files.folder), 1);
    assert_done(sna_file_read(&text, &size, files.edges));
    assert_string_equal(text, "before");
    free(text);
    free_files(&files);
}

enum { MANY = 300000, MANY_NODES = 1000 };

/* MANY edges in the order of targets, sources scattered. */
static int write_many(sna_outputs *outputs, const char *path, const sna_write_options *options)
{
    enum { BLOCK = 1000 };
    uint64_t source[BLOCK], target[BLOCK];
    int64_t type[BLOCK], nsyns[BLOCK];
    const sna_values values = {.integer = nsyns};
    sna_edge_writer *writer = NULL;
    int status = sna_edge_writer_open(&writer, outputs, path, "e", "a", MANY_NODES, "a", MANY_NODES, options);

    if (status == 0)
        status = sna_edge_writer_attribute(writer, 0, "nsyns", SNA_U8);
    for (uint64_t first = 0; first < MANY && status == 0; first += BLOCK) {
        for (uint64_t i = 0; i < BLOCK; i++) {
            target[i] = (first + i) * MANY_NODES / MANY;
            source[i] = (first + i) * 7919 % MANY_NODES;
            type[i] = (int64_t)(first % 7);
            nsyns[i] = (int64_t)((first + i) % 200);
        }
        status = sna_edge_writer_append(writer, 0, BLOCK, source, target, type, &values);
    }
    if (status == 0)
        status = sna_edge_writer_finish(writer);
    sna_edge_writer_close(writer);
    return status;
}

/* A disk that fills up, stood in for by a limit on the size of files: an error with its cause, and nothing left. */
static void test_no_room(void **state)
{
    (void)state;
    for (rlim_t limit = 1000; limit < 20000000; limit *= 3) {
        char *folder = test_folder(), *path = NULL;
        int ended = 0;
        pid_t child;

        assert_done(sna_path_join(&path, folder, "edges.h5"));
        assert_done(sna_file_write(path, "before", 6));
        child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            const struct rlimit most = {limit, limit};
            sna_outputs *outputs = NULL;
            int status = 0;
            (void)signal(SIGXFSZ, SIG_IGN);
            if (setrlimit(RLIMIT_FSIZE, &most) != 0 || sna_outputs_create(&outputs) != 0)
                _exit(2);
            status = write_many(outputs, path, NULL);
            if (status == 0)
                status = sna_outputs_commit(outputs);
            sna_outputs_free(outputs);
            /* _exit: libhdf5's own clean-up would try to write again. */
            _exit(status == 0 ? 0 : status == SNA_EIO && strstr(sna_error_message(), "too large") != NULL ? 1 : 3);
        }
        assert_int_equal(waitpid(child, &ended, 0), child);
        assert_true(WIFEXITED(ended));
        assert_int_equal(WEXITSTATUS(ended), limit > 15000000 ? 0 : 1);
        assert_int_equal(test_folder_count(folder), 1);
        free(path);
        test_folder_remove(folder);
    }
}

/* Edges given in any order: both indices are sorted, here through buckets in a scratch file. */
static void test_any_order(void **state)
{
    enum { COUNT = 20000 };
    char *folder = test_folder(), *path = NULL;
    static uint64_t source[COUNT], target[COUNT];
    static int64_t type[COUNT];

    (void)state;
    assert_done(sna_path_join(&path, folder, "edges.h5"));
    for (uint64_t e = 0; e < COUNT; e++) {
        source[e] = e * 7919 % 50;
        target[e] = e / 3 * 104729 % 40;
    }
    for (int pass = 0; pass < 2; pass++) {
        const sna_write_options options = {.memory = pass == 0 ? 0 : 3000};
        sna_outputs *outputs = NULL;
        sna_edge_writer *writer = NULL;
        sna_edges *edges = NULL;
        assert_done(sna_outputs_create(&outputs));
        assert_done(sna_edge_writer_open(&writer, outputs, path, "e", "a", 50, "b", 41, &options));
        assert_done(sna_edge_writer_append(writer, 0, COUNT, source, target, type, NULL));
        assert_done(sna_edge_writer_finish(writer));
        sna_edge_writer_close(writer);
        assert_done(sna_outputs_commit(outputs));
        sna_outputs_free(outputs);
        assert_done(sna_edges_open(&edges, path, NULL, NULL, NULL));
        for (uint64_t node = 0; node < 50; node++)
            for (int direction = 0; direction < 2; direction++) {
                const uint64_t *end = direction == 0 ? target : source;
                sna_selection found = SNA_SELECTION;
                uint64_t rows = 0;
                assert_done(direction == 0 ? sna_edges_afferent(edges, &node, 1, &found)
                                           : sna_edges_efferent(edges, &node, 1, &found));
                for (uint64_t e = 0; e < COUNT; e++) {
                    assert_int_equal(sna_selection_has(&found, e), end[e] == node);
                    rows += end[e] == node;
                }
                assert_int_equal(sna_selection_rows(&found), rows);
                sna_selection_free(&found);
            }
        assert_int_equal(sna_edges_index_source(edges, SNA_EFFERENT), SNA_INDEX_FILE);
        sna_edges_close(edges);
    }
    assert_int_equal(test_folder_count(folder), 1); /* no scratch file stays */
    free(path);
    test_folder_remove(folder);
}

typedef struct {
    sna_edges *edges;
    uint64_t first, end, sum;
    int status;
} part_of_edges;

static void *sum_part(void *data)
{
    static const char *const names[] = {"nsyns"};
    part_of_edges *part = data;
    sna_selection rows = SNA_SELECTION;
    const sna_edge_request request = {
        .parts = SNA_EDGE_SOURCE, .attribute = names, .attribute_count = 1, .selection = &rows, .block = 500};
    sna_edge_stream *stream = NULL;
    sna_edge_block block = {0};

    part->status = sna_selection_add(&rows, part->first, part->end);
    if (part->status == 0)
        part->status = sna_edge_stream_open(&stream, part->edges, &request);
    while (part->status == 0) {
        part->status = sna_edge_stream_next(stream, &block);
        if (block.count == 0)
            break;
        for (uint64_t i = 0; i < block.count; i++)
            part->sum += block.source[i] * (uint64_t)sna_column_integer(&block.column[0], i);
    }
    sna_edge_stream_close(stream);
    sna_selection_free(&rows);
    return NULL;
}

/* Streams of one population in several threads, from compressed and from plain data. */
static void test_threads(void **state)
{
    char *folder = test_folder(), *path = NULL;
    uint64_t expected = 0;

    (void)state;
#ifdef SONATINA_MPI
    print_message("skipped: a parallel HDF5 is for one thread at a time\n");
    test_folder_remove(folder);
    return;
#endif
    assert_done(sna_path_join(&path, folder, "edges.h5"));
    for (uint64_t e = 0; e < MANY; e++)
        expected += e * 7919 % MANY_NODES * (e % 200);
    for (unsigned compress = 0; compress < 2; compress++) {
        sna_outputs *outputs = NULL;
        sna_edges *edges = NULL;
        pthread_t thread[4];
        part_of_edges part[4];
        uint64_t sum = 0;
        assert_done(sna_outputs_create(&outputs));
        assert_done(write_many(outputs, path, &(sna_write_options){.compress = compress}));
        assert_done(sna_outputs_commit(outputs));
        sna_outputs_free(outputs);
        assert_done(sna_edges_open(&edges, path, NULL, NULL, NULL));
        for (uint64_t i = 0; i < 4; i++) {
            part[i] = (part_of_edges){edges, MANY / 4 * i, MANY / 4 * (i + 1), 0, 0};
            assert_int_equal(pthread_create(&thread[i], NULL, sum_part, &part[i]), 0);
        }
        for (int i = 0; i < 4; i++) {
            assert_int_equal(pthread_join(thread[i], NULL), 0);
            assert_done(part[i].status);
            sum += part[i].sum;
        }
        assert_int_equal(sum, expected);
        sna_edges_close(edges);
    }
    free(path);
    test_folder_remove(folder);
}

/* Gap junctions, both ways. */
static void test_gaps(void **state)
{
    char *folder = test_folder(), *path = NULL;
    const uint64_t source[3] = {1, 2, 3}, target[3] = {4, 5, 6};
    const int64_t source_gap[3] = {0, 2, 4}, target_gap[3] = {1, 3, 5};
    sna_outputs *outputs = NULL;
    sna_gap_writer *writer = NULL;
    sna_gaps gaps;

    (void)state;
    assert_done(sna_path_join(&path, folder, "gap_juncs.h5"));
    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_gap_writer_open(&writer, outputs, path, NULL));
    assert_done(sna_gap_writer_append(writer, 2, source, target, source_gap, target_gap));
    assert_done(sna_gap_writer_append(writer, 1, source + 2, target + 2, source_gap + 2, target_gap + 2));
    assert_done(sna_gap_writer_finish(writer));
    sna_gap_writer_close(writer);
    assert_done(sna_outputs_commit(outputs));
    sna_outputs_free(outputs);
    assert_done(sna_gaps_read(&gaps, path, NULL));
    assert_int_equal(gaps.count, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(gaps.source[i], source[i]);
        assert_int_equal(gaps.target[i], target[i]);
        assert_int_equal(gaps.source_gap[i], source_gap[i]);
        assert_int_equal(gaps.target_gap[i], target_gap[i]);
    }
    sna_gaps_free(&gaps);
    free(path);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_round_trip_compressed),
        cmocka_unit_test(test_same_bytes), cmocka_unit_test(test_no_commit),
        cmocka_unit_test(test_gaps),       cmocka_unit_test(test_no_room),
        cmocka_unit_test(test_any_order),  cmocka_unit_test(test_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
