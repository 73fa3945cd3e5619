/* test_validate_hostile.c: damaged and hostile files. */
#include "validate_matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AA "/edges/A__A__chemical"
#define VA "/edges/V__A__chemical"

static void truncated(const base_circuit *c)
{
    assert_int_equal(truncate(c->edges, 3000), 0);
}

static void empty_file(const base_circuit *c)
{
    assert_int_equal(truncate(c->edges, 0), 0);
}

static void no_hdf5(const base_circuit *c)
{
    write_text(c->nodes, "this is a text, not HDF5\n");
}

static void rank_two_ids(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put(file, AA "/source_node_id", H5T_STD_U64LE, H5T_NATIVE_INT64, 2, (hsize_t[]){BASE_AA, 2}, NULL);
    base_close(file);
}

static void rank_three_attribute(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_put(file, "/nodes/A/0/x", H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, 3, (hsize_t[]){BASE_A, 2, 2}, NULL);
    base_close(file);
}

static void compound_attribute(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes), type = H5Tcreate(H5T_COMPOUND, 8);

    assert_true(H5Tinsert(type, "a", 0, H5T_STD_I32LE) >= 0 && H5Tinsert(type, "b", 4, H5T_STD_I32LE) >= 0);
    base_put(file, "/nodes/A/0/x", type, type, 1, &(hsize_t){BASE_A}, NULL);
    H5Tclose(type);
    base_close(file);
}

static void put_group(hid_t file, const char *place)
{
    base_drop(file, place);
    H5Gclose(H5Gcreate2(file, place, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

static void group_for_dataset(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    put_group(file, AA "/target_node_id");
    base_close(file);
}

static void dataset_for_group(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/A/0");
    base_put_reals(file, "/nodes/A/0", BASE_A, 0, 0);
    base_close(file);
}

static void dataset_for_population(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/V");
    base_put_reals(file, "/nodes/V", BASE_V, 0, 0);
    base_close(file);
}

static void dataset_for_index(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_drop(file, AA "/indices");
    base_put_reals(file, AA "/indices", 3, 0, 0);
    base_close(file);
}

static void put_hollow(hid_t file, const char *place, hsize_t rows)
{
    const hid_t space = H5Screate_simple(1, &rows, &(hsize_t){H5S_UNLIMITED});
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    hid_t dataset;

    base_drop(file, place);
    assert_true(H5Pset_chunk(creation, 1, &(hsize_t){1 << 20}) >= 0);
    dataset = H5Dcreate2(file, place, H5T_STD_U64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    assert_true(dataset >= 0);
    H5Dclose(dataset);
    H5Pclose(creation);
    H5Sclose(space);
}

static void huge_edges(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);
    static const char *const columns[] = {"source_node_id", "target_node_id", "edge_type_id", "edge_group_id",
                                          "edge_group_index"};

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        char place[128];
        (void)snprintf(place, sizeof place, AA "/%s", columns[i]);
        put_hollow(file, place, (hsize_t)1 << 50);
    }
    base_close(file);
}

static void huge_index(const base_circuit *c)
{
    const hid_t file = base_open(c->edges), creation = H5Pcreate(H5P_DATASET_CREATE);
    const hid_t space = H5Screate_simple(2, (hsize_t[]){(hsize_t)1 << 44, 2}, NULL);

    base_drop(file, AA "/indices/target_to_source/range_to_edge_id");
    assert_true(H5Pset_chunk(creation, 2, (hsize_t[]){1 << 20, 2}) >= 0);
    H5Dclose(H5Dcreate2(file, AA "/indices/target_to_source/range_to_edge_id", H5T_STD_U64LE, space, H5P_DEFAULT,
                        creation, H5P_DEFAULT));
    H5Sclose(space);
    H5Pclose(creation);
    base_close(file);
}

static void huge_attribute(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    put_hollow(file, "/nodes/A/0/x", (hsize_t)1 << 50);
    base_close(file);
}

static void huge_nodes(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);
    static const char *const columns[] = {"node_id", "node_type_id", "node_group_id", "node_group_index"};

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        char place[128];
        (void)snprintf(place, sizeof place, "/nodes/A/%s", columns[i]);
        put_hollow(file, place, (hsize_t)1 << 45);
    }
    base_close(file);
}

static void soft_circle(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    assert_true(H5Lcreate_soft("/nodes/A/0/b", file, "/nodes/A/0/a", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    assert_true(H5Lcreate_soft("/nodes/A/0/a", file, "/nodes/A/0/b", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void soft_dangling(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/A/node_id");
    assert_true(H5Lcreate_soft("/nowhere", file, "/nodes/A/node_id", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void hard_circle(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    assert_true(H5Lcreate_hard(file, "/nodes", file, "/nodes/A/0/all", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void external_link(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/A/0/x");
    assert_true(H5Lcreate_external("/etc/passwd", "/x", file, "/nodes/A/0/x", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void external_population(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/A");
    assert_true(H5Lcreate_external("other.h5", "/nodes/A", file, "/nodes/A", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void external_storage(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes), creation = H5Pcreate(H5P_DATASET_CREATE);
    const hid_t space = H5Screate_simple(1, &(hsize_t){BASE_A}, NULL);

    base_drop(file, "/nodes/A/0/x");
    assert_true(H5Pset_external(creation, "/etc/hostname", 0, BASE_A * 4) >= 0);
    H5Dclose(H5Dcreate2(file, "/nodes/A/0/x", H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
    H5Pclose(creation);
    H5Sclose(space);
    base_close(file);
}

static void damaged_chunk(const base_circuit *c)
{
    hid_t file = base_open(c->nodes), creation = H5Pcreate(H5P_DATASET_CREATE), space, dataset;
    const float x[BASE_A] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    haddr_t address = 0;
    hsize_t size = 0;
    FILE *stream;

    base_drop(file, "/nodes/A/0/x");
    space = H5Screate_simple(1, &(hsize_t){BASE_A}, NULL);
    assert_true(H5Pset_chunk(creation, 1, &(hsize_t){BASE_A}) >= 0 && H5Pset_deflate(creation, 6) >= 0);
    dataset = H5Dcreate2(file, "/nodes/A/0/x", H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    assert_true(H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, x) >= 0);
    assert_true(H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0);
    assert_true(H5Dget_chunk_info(dataset, space, 0, NULL, NULL, &address, &size) >= 0);
    H5Dclose(dataset);
    H5Sclose(space);
    H5Pclose(creation);
    base_close(file);
    stream = fopen(c->nodes, "r+b");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, (long)address, SEEK_SET), 0);
    for (hsize_t i = 0; i < size; i++)
        (void)fputc(0xff, stream);
    (void)fclose(stream);
}

/* ---- the matrix --------------------------------------------------------------------------------------------- */

static const fault faults[] = {
    {"truncated", truncated, "file.unreadable", "edges.h5", ERROR, "", 0},
    {"empty", empty_file, "file.unreadable", "edges.h5", ERROR, "", 0},
    {"no HDF5", no_hdf5, "file.unreadable", "nodes.h5", ERROR, "", 0},
    {"rank of ids", rank_two_ids, "dataset.rank", AA "/source_node_id", ERROR, "", 0},
    {"rank of an attribute", rank_three_attribute, "attribute.unreadable", "/nodes/A/0/x", ERROR, "", 0},
    {"compound", compound_attribute, "attribute.unreadable", "/nodes/A/0/x", ERROR, "", 0},
    {"group for dataset", group_for_dataset, "dataset.wrong-kind", AA "/target_node_id", ERROR, "", 0},
    {"dataset for group", dataset_for_group, "dataset.wrong-kind", "/nodes/A/0", ERROR, "", 0},
    {"dataset for population", dataset_for_population, "dataset.wrong-kind", "/nodes/V", ERROR,
     "config.population-absent edges.unknown-population simulation.node-set", 0},
    {"dataset for index", dataset_for_index, "dataset.wrong-kind", AA "/indices", ERROR, "", 0},
    {"huge edges", huge_edges, "dataset.extent", AA, ERROR, "", 0},
    {"huge index", huge_index, "dataset.extent", AA "/indices/target_to_source/range_to_edge_id", ERROR, "", 0},
    {"huge attribute", huge_attribute, "attribute.length", "/nodes/A/0/x", ERROR, "", 0},
    {"huge nodes", huge_nodes, "dataset.extent", "/nodes/A", ERROR, "", 0},
    {"soft circle", soft_circle, "link.dangling", "/nodes/A/0/a", ERROR, "", 0},
    {"soft link to nowhere", soft_dangling, "link.dangling", "/nodes/A/node_id", ERROR, "", 0},
    {"hard circle", hard_circle, "link.cycle", "/nodes/A/0/all", WARNING, "", 0},
    {"external link", external_link, "link.external", "/nodes/A/0/x", ERROR, "", 0},
    {"external population", external_population, "link.external", "/nodes/A", ERROR, "edges.unknown-population", 0},
    {"external storage", external_storage, "dataset.external-storage", "/nodes/A/0/x", ERROR, "", 0},
    {"damaged chunk", damaged_chunk, "dataset.unreadable", "/nodes/A/0/x", ERROR, "", 0},
};

static void hostile_files_are_survived(void **state)
{
    (void)state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hostile_files_are_survived)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
