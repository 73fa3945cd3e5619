/* test_sonata_layouts.c: the same ids in every layout of HDF5, written by h5py: contiguous, chunked with every kind of
 * chunk index, compressed, with holes, big-endian, behind a user block. Skipped where python has no h5py. */
#include "support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sonata/sonata.h"

enum { COUNT = 10007 };

static void check_file(const char *folder, const char *name)
{
    char *path = NULL, *ids_path = NULL, *bytes = NULL;
    uint64_t size = 0, seen = 0;
    sna_edges *edges = NULL;
    sna_edge_stream *stream = NULL;
    sna_edge_block block;
    sna_selection rows = SNA_SELECTION;
    sna_edge_request request = {.parts = SNA_EDGE_SOURCE, .block = 777};

    assert_done(sna_path_join(&path, folder, name));
    assert_done(sna_text_format(&ids_path, "%.*s.ids", (int)(strlen(path) - 3), path));
    assert_done(sna_file_read(&bytes, &size, ids_path));
    assert_int_equal(size, COUNT * sizeof(uint64_t));
    assert_done(sna_edges_open(&edges, path, NULL, NULL, NULL));
    for (int pass = 0; pass < 2; pass++) {
        seen = 0;
        for (uint64_t i = 0; pass == 1 && i < COUNT; i += 37)
            assert_done(sna_selection_add(&rows, COUNT - 1 - i, COUNT - i));
        request.selection = pass == 0 ? NULL : &rows;
        assert_done(sna_edge_stream_open(&stream, edges, &request));
        for (;;) {
            assert_done(sna_edge_stream_next(stream, &block));
            if (block.count == 0)
                break;
            for (uint64_t i = 0; i < block.count; i++, seen++) {
                uint64_t expected = 0;
                const uint64_t row = pass == 0 ? seen : COUNT - 1 - seen * 37;
                memcpy(&expected, bytes + row * sizeof expected, sizeof expected);
                if (block.source[i] != expected)
                    print_error("%s, row %" PRIu64 ": %" PRIu64 ", expected %" PRIu64 "\n", name, row, block.source[i],
                                expected);
                assert_true(block.source[i] == expected);
            }
        }
        sna_edge_stream_close(stream);
    }
    sna_selection_free(&rows);
    sna_edges_close(edges);
    free(bytes);
    free(ids_path);
    free(path);
}

static void test_layouts(void **state)
{
    const char *const python = access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3";
    const char *argv[] = {python, SONATINA_SOURCE_DIR "/tests/test_sonata_layouts.py", NULL, NULL};
    char *folder = test_folder();
    sna_process process = {.exit_status = 1};
    sna_list files = SNA_LIST;
    int status = 0;

    (void)state;
    argv[2] = folder;
    status = sna_process_run(&process, argv, NULL, NULL, NULL);
    if (status == SNA_EMISSING || process.exit_status == 77) {
        sna_process_free(&process);
        test_folder_remove(folder);
        skip();
    }
    assert_done(status);
    if (process.exit_status != 0)
        print_error("%s\n", sna_string_text(&process.output));
    assert_int_equal(process.exit_status, 0);
    sna_process_free(&process);
    assert_done(sna_path_list(&files, folder, ".h5"));
    assert_true(files.count > 100);
    for (uint64_t i = 0; i < files.count; i++)
        check_file(folder, files.text[i]);
    sna_list_free(&files);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_layouts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
