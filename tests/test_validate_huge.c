/* test_validate_huge.c: the validator past 2^32 rows: a few bytes on the disk, but every row is looked at (half a
 * minute).
 */
#include "validate_matrix.h"

#include <stdlib.h>

enum { NODES = 250 };

/* A column of bytes that is a hole in the file, with one value near its end. */
static void put_hole(hid_t file, const char *place, uint64_t rows, uint64_t at, uint8_t value)
{
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE), links = H5Pcreate(H5P_LINK_CREATE);
    const hid_t space = H5Screate_simple(1, &(hsize_t){rows}, NULL), one = H5Screate_simple(1, &(hsize_t){1}, NULL);
    hid_t dataset;

    assert_true(H5Pset_create_intermediate_group(links, 1) >= 0);
    assert_true(H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER) >= 0);
    dataset = H5Dcreate2(file, place, H5T_STD_U8LE, space, links, creation, H5P_DEFAULT);
    assert_true(dataset >= 0);
    assert_true(H5Sselect_elements(space, H5S_SELECT_SET, 1, &(hsize_t){at}) >= 0);
    assert_true(H5Dwrite(dataset, H5T_NATIVE_UINT8, one, space, H5P_DEFAULT, &value) >= 0);
    H5Dclose(dataset);
    H5Sclose(space);
    H5Sclose(one);
    H5Pclose(creation);
    H5Pclose(links);
}

static void test_past_32_bits(void **state)
{
    const uint64_t rows = (UINT64_C(1) << 32) + 1000, bad = (UINT64_C(1) << 32) + 77;
    char *folder = NULL, *nodes = NULL, *edges = NULL;
    const sna_finding *found;
    sna_findings findings = SNA_FINDINGS;
    sna_outputs *outputs = NULL;
    sna_node_writer *writer = NULL;
    hid_t file;

    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip(); /* minutes */
#endif
    folder = test_folder();
    assert_done(sna_path_join(&nodes, folder, "nodes.h5"));
    assert_done(sna_path_join(&edges, folder, "edges.h5"));
    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_node_writer_open(&writer, outputs, nodes, "cells", NODES, NULL));
    assert_done(sna_node_writer_finish(writer));
    sna_node_writer_close(writer);
    assert_done(sna_outputs_commit(outputs));
    sna_outputs_free(outputs);
    file = H5Fcreate(edges, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(file >= 0);
    put_hole(file, "/edges/loops/source_node_id", rows, bad, 3);
    put_hole(file, "/edges/loops/target_node_id", rows, bad, NODES + 1);
    base_put_attribute(file, "/edges/loops/source_node_id", "node_population", "cells");
    base_put_attribute(file, "/edges/loops/target_node_id", "node_population", "cells");
    base_close(file);
    assert_done(sna_validate(&findings, (const char *const[]){nodes, edges}, 2, NULL));
    found = find(&findings, "edges.target-id", "/edges/loops/target_node_id");
    if (found == NULL)
        print_findings(&findings);
    assert_non_null(found);
    assert_int_equal(found->count, 1);
    assert_contains(found->examples.text[0], "4294967373");
    assert_null(find(&findings, "edges.source-id", "/edges/loops/source_node_id"));
    sna_findings_free(&findings);
    free(nodes);
    free(edges);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_past_32_bits)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
