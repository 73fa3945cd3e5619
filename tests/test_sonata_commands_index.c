/* test_sonata_commands_index.c: network index: what is missing, wrong or misnamed is found and mended; kill -9 is
 * survived. */
#include "support.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <hdf5.h>

#include "sonata/sonata.h"

/* A copy of a shared file in a folder. */
static char *copy_shared(const char *folder, const char *relative, const char *name)
{
    char *from = test_shared_path(relative), *to = NULL, *bytes = NULL;
    uint64_t size = 0;

    if (from == NULL)
        skip();
    assert_done(sna_path_join(&to, folder, name));
    assert_done(sna_file_read(&bytes, &size, from));
    assert_done(sna_file_write(to, bytes, size));
    free(bytes);
    free(from);
    return to;
}

/* What `network index --check` says: its status, and a part of its output. */
static void expect_verdict(const char *path, int status, const char *part)
{
    run_result result;

    run_words(&result, "network", "index", path, "--check", NULL);
    assert_string_equal(result.err, "");
    assert_contains(result.out, part);
    assert_int_equal(result.status, status);
    run_free(&result);
}

/* The index answers as one built in memory does. */
static void expect_to_answer(const char *path)
{
    sna_edges *edges = NULL;
    sna_edge_stream *stream = NULL;
    sna_edge_block block;
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET};

    assert_done(sna_edges_open(&edges, path, NULL, NULL, NULL));
    assert_true(sna_edges_has_index(edges, SNA_AFFERENT) && sna_edges_has_index(edges, SNA_EFFERENT));
    assert_done(sna_edge_stream_open(&stream, edges, &request));
    for (;;) {
        assert_done(sna_edge_stream_next(stream, &block));
        if (block.count == 0)
            break;
        for (uint64_t i = 0; i < block.count; i += 1 + block.count / 500) {
            sna_selection in = SNA_SELECTION, out = SNA_SELECTION;
            assert_done(sna_edges_afferent(edges, &block.target[i], 1, &in));
            assert_done(sna_edges_efferent(edges, &block.source[i], 1, &out));
            assert_true(sna_selection_has(&in, block.first + i));
            assert_true(sna_selection_has(&out, block.first + i));
            sna_selection_free(&in);
            sna_selection_free(&out);
        }
    }
    assert_int_equal(sna_edges_index_source(edges, SNA_EFFERENT), SNA_INDEX_FILE);
    sna_edge_stream_close(stream);
    sna_edges_close(edges);
}

static void missing_indices_are_built(void **state)
{
    char *folder = test_folder();
    char *path = copy_shared(folder, "data/libsonata/edges-no-index.h5", "edges.h5");
    run_result result;

    (void)state;
    expect_verdict(path, 3, "by target: there is none; by source: there is none.");
    run_words(&result, "network", "index", path, "--format", "csv", NULL);
    assert_string_equal(result.err, "");
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "population,edges,by_target,by_source,done\n");
    assert_contains(result.out, ",missing,missing,built\n");
    run_free(&result);
    expect_verdict(path, 0, "right");
    expect_to_answer(path);
    run_words(&result, "network", "index", path, "--format", "csv", NULL);
    assert_contains(result.out, ",right,right,kept\n");
    run_free(&result);
    run_words(&result, "network", "index", path, "--rebuild", "--compress", "--memory", "1", "--format", "csv", NULL);
    assert_contains(result.out, ",right,right,rebuilt\n");
    run_free(&result);
    expect_to_answer(path);
    assert_int_equal(test_folder_count(folder), 1);
    free(path);
    test_folder_remove(folder);
}

/* Files of both families as they are: right, but for the names. */
static void real_indices_are_right(void **state)
{
    static const char *const files[] = {"data/networks/bmtk_bio_14cells/v1_v1_edges.h5",
                                        "data/networks/bmtk_bio_450cells_compact/internal_internal_edges.h5",
                                        "data/networks/bmtool_bmplot/bio_net_bio_net_edges.h5",
                                        "data/networks/sonata_9_cells/excvirt_cortex_edges.h5", "data/bbp/edges.h5"};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path = test_shared_path(files[i]);
        sna_list names = SNA_LIST;
        if (path == NULL)
            skip();
        assert_done(sna_populations_list(&names, path, "edges"));
        for (uint64_t k = 0; k < names.count; k++) {
            sna_edges *edges = NULL;
            assert_done(sna_edges_open(&edges, path, NULL, names.text[k], NULL));
            for (int side = 0; side < 2; side++) {
                sna_index_state found = SNA_INDEX_ABSENT;
                char *reason = NULL;
                assert_done(sna_index_check(edges, side == 0 ? SNA_AFFERENT : SNA_EFFERENT, &found, &reason));
                if (found != SNA_INDEX_NAMED)
                    print_error("%s: %s\n", path, reason == NULL ? "right" : reason);
                assert_int_equal(found, SNA_INDEX_NAMED);
                assert_contains(reason, "under names that not all readers know");
                free(reason);
            }
            sna_edges_close(edges);
        }
        sna_list_free(&names);
        free(path);
    }
}

static hid_t open_dataset(hid_t *file, const char *path, const char *place)
{
    hid_t dataset;

    *file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(*file >= 0);
    dataset = H5Dopen2(*file, place, H5P_DEFAULT);
    assert_true(dataset >= 0);
    return dataset;
}

/* Sets one value of a table of pairs. */
static void spoil(const char *path, const char *place, uint64_t row, uint64_t column, uint64_t value)
{
    hid_t file, dataset = open_dataset(&file, path, place), space = H5Dget_space(dataset), memory;
    const hsize_t first[2] = {row, column}, extent[2] = {1, 1};

    memory = H5Screate_simple(2, extent, NULL);
    assert_true(H5Sselect_hyperslab(space, H5S_SELECT_SET, first, NULL, extent, NULL) >= 0);
    assert_true(H5Dwrite(dataset, H5T_NATIVE_UINT64, memory, space, H5P_DEFAULT, &value) >= 0);
    H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(dataset);
    H5Fclose(file);
}

static void wrong_indices_are_found_and_mended(void **state)
{
    static const char nodes[] = "/edges/v1_to_v1/indices/target_to_source/node_id_to_range",
                      ranges[] = "/edges/v1_to_v1/indices/target_to_source/range_to_edge_id",
                      sources[] = "/edges/v1_to_v1/indices/source_to_target/range_to_edge_id";
    const struct {
        const char *place;
        uint64_t row, column, value;
        const char *reason;
    } cases[] = {
        {ranges, 0, 1, 3, "by target: it lists "},                          /* the first range too short */
        {ranges, 1, 1, 100000, "has edges up to 99999, but there are 196"}, /* past the last edge */
        {ranges, 0, 1, 190, "edges are listed more than once"},             /* overlapping */
        {nodes, 3, 0, UINT64_MAX, "by target: it lists "},                  /* -1: a node loses its edges */
        {nodes, 3, 1, 99999, "has ranges up to 99998"},                     /* past the other table */
        {nodes, 1, 0, 0, "ranges are listed more than once"},               /* shared ranges */
        {sources, 0, 0, 5, "by source: edges are listed more than once"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *folder = test_folder();
        char *path = copy_shared(folder, "data/networks/bmtk_bio_14cells/v1_v1_edges.h5", "edges.h5");
        run_result result;

        spoil(path, cases[i].place, cases[i].row, cases[i].column, cases[i].value);
        expect_verdict(path, 3, cases[i].reason);
        run_words(&result, "network", "index", path, NULL);
        assert_string_equal(result.err, "");
        assert_int_equal(result.status, 0);
        assert_contains(result.out, "wrong");
        run_free(&result);
        expect_verdict(path, 0, "right");
        expect_to_answer(path);
        free(path);
        test_folder_remove(folder);
    }
}

/* Two nodes with their edges exchanged: counts are right, every edge is there once. */
static void exchanged_edges_are_found(void **state)
{
    static const char nodes[] = "/edges/v1_to_v1/indices/target_to_source/node_id_to_range";
    char *folder = test_folder();
    char *path = copy_shared(folder, "data/networks/bmtk_bio_14cells/v1_v1_edges.h5", "edges.h5");
    uint64_t pair[64][2];
    hid_t file, dataset;
    hsize_t extent[2] = {0, 0};
    hid_t space;

    (void)state;
    dataset = open_dataset(&file, path, nodes);
    space = H5Dget_space(dataset);
    assert_int_equal(H5Sget_simple_extent_dims(space, extent, NULL), 2);
    assert_true(extent[0] >= 2 && extent[0] <= 64);
    assert_true(H5Dread(dataset, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, pair) >= 0);
    H5Sclose(space);
    H5Dclose(dataset);
    H5Fclose(file);
    for (uint64_t column = 0; column < 2; column++) {
        spoil(path, nodes, 0, column, pair[1][column]);
        spoil(path, nodes, 1, column, pair[0][column]);
    }
    expect_verdict(path, 3, "it lists edges under nodes that are not theirs");
    free(path);
    test_folder_remove(folder);
}

static void a_config_gives_every_node_a_row(void **state)
{
    char *folder = test_folder();
    char *config = NULL;
    static const char *const files[] = {"circuit_config.json", "lgn_nodes.h5",         "lgn_node_types.csv",
                                        "tw_nodes.h5",         "tw_node_types.csv",    "v1_nodes.h5",
                                        "v1_node_types.csv",   "lgn_v1_edges.h5",      "lgn_v1_edge_types.csv",
                                        "tw_v1_edges.h5",      "tw_v1_edge_types.csv", "v1_v1_edges.h5",
                                        "v1_v1_edge_types.csv"};
    run_result result;
    hid_t file, dataset, space;
    char *path = NULL;
    hsize_t extent[2] = {0, 0};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *relative = NULL;
        assert_done(sna_text_format(&relative, "data/networks/bmtk_bio_14cells/%s", files[i]));
        free(copy_shared(folder, relative, files[i]));
        free(relative);
    }
    assert_done(sna_path_join(&config, folder, "circuit_config.json"));
    run_words(&result, "network", "index", config, "--population", "lgn_to_v1", "--format", "csv", NULL);
    assert_string_equal(result.err, "");
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "lgn_to_v1,660,misnamed,misnamed,built\n");
    run_free(&result);
    assert_done(sna_path_join(&path, folder, "lgn_v1_edges.h5"));
    dataset = open_dataset(&file, path, "/edges/lgn_to_v1/indices/source_to_target/node_id_to_ranges");
    space = H5Dget_space(dataset);
    assert_int_equal(H5Sget_simple_extent_dims(space, extent, NULL), 2);
    assert_int_equal(extent[0], 90);
    H5Sclose(space);
    H5Dclose(dataset);
    H5Fclose(file);
    run_words(&result, "network", "index", config, "--format", "csv", NULL);
    assert_contains(result.out, "lgn_to_v1,660,right,right,kept\n");
    assert_contains(result.out, "v1_to_v1,196,misnamed,misnamed,built\n");
    run_free(&result);
    free(path);
    free(config);
    test_folder_remove(folder);
}

/* Killed at any moment, the file is the old one or the new one: both are right here, so it must always be. */
static void kill_is_survived(void **state)
{
    enum { EDGES = 400000, NODES = 5000, BLOCK = 20000, ROUNDS = 15 };
    char *folder = test_folder(), *path = NULL;
    sna_outputs *outputs = NULL;
    sna_edge_writer *writer = NULL;
    uint64_t source[BLOCK], target[BLOCK];
    int64_t type[BLOCK];
    sna_random random;
    int killed = 0;

    (void)state;
    assert_done(sna_path_join(&path, folder, "edges.h5"));
    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_edge_writer_open(&writer, outputs, path, "a_to_a", "a", NODES, "a", NODES, NULL));
    sna_random_start(&random, 1, sna_random_purpose("index test"), 0, 0);
    for (int done = 0; done < EDGES; done += BLOCK) {
        for (int i = 0; i < BLOCK; i++) {
            source[i] = sna_random_below(&random, NODES);
            target[i] = sna_random_below(&random, NODES);
            type[i] = 100;
        }
        assert_done(sna_edge_writer_append(writer, 0, BLOCK, source, target, type, NULL));
    }
    assert_done(sna_edge_writer_finish(writer));
    assert_done(sna_outputs_commit(outputs));
    sna_edge_writer_close(writer);
    sna_outputs_free(outputs);
    for (int round = 0; round < ROUNDS; round++) {
        const struct timespec wait = {0, (long)(2 + round * round) * 1000000};
        int ended = 0;
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)!freopen("/dev/null", "w", stdout);
            execl(SONATINA_BINARY_DIR "/sonatina", "sonatina", "network", "index", path, "--rebuild", (char *)NULL);
            _exit(127);
        }
        (void)nanosleep(&wait, NULL);
        (void)kill(child, SIGKILL);
        while (waitpid(child, &ended, 0) < 0)
            assert_int_equal(errno, EINTR);
        killed += WIFSIGNALED(ended) != 0;
        expect_verdict(path, 0, "right");
    }
    print_message("killed %d of %d runs before their end\n", killed, ROUNDS);
    assert_true(killed > 0);
    free(path);
    test_folder_remove(folder);
}

static void wrong_words(void **state)
{
    char *folder = test_folder(), *text = test_file(folder, "edges.h5", "this is no HDF5 file");
    const struct {
        const char *words[8], *sentence;
        int status;
    } cases[] = {
        {{"network", "index", NULL}, "which file?", 2},
        {{"network", "index", "a", "b", NULL}, "one file at a time", 2},
        {{"network", "index", "a", "--check", "--rebuild", NULL}, "--rebuild makes no sense", 2},
        {{"network", "index", "a", "--compress=10", NULL}, "--compress: must be from 1 to 9", 2},
        {{"network", "index", "a", "--memory", "0", NULL}, "--memory: must be from 1", 2},
        {{"network", "index", "/nowhere/edges.h5", NULL}, "/nowhere/edges.h5", 1},
        {{"network", "index", text, NULL}, "edges.h5", 3},
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
    {
        run_result result;
        run_words(&result, "network", "index", "--help", NULL);
        assert_contains(result.out, "Example:\n  sonatina network index ");
        run_free(&result);
    }
    free(text);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_indices_are_built),
        cmocka_unit_test(real_indices_are_right),
        cmocka_unit_test(wrong_indices_are_found_and_mended),
        cmocka_unit_test(exchanged_edges_are_found),
        cmocka_unit_test(a_config_gives_every_node_a_row),
        cmocka_unit_test(kill_is_survived),
        cmocka_unit_test(wrong_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
