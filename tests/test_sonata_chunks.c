/* test_sonata_chunks.c: compressed chunks: written by all threads with the bytes of one, and read back by libhdf5 as
 * what was given. */
#include "support.h"

#include <inttypes.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include <hdf5.h>

#include "sonata/sonata.h"

enum { EDGES = 500000, NODES = 2000, BLOCK = 7001 };

/* What edge `i` is like: targets ascend, sources and weights are scattered, and a run of types fills whole chunks. */
static uint64_t source_of(uint64_t i)
{
    return i * 7919 % NODES;
}

static uint64_t target_of(uint64_t i)
{
    return i * NODES / EDGES;
}

static int64_t type_of(uint64_t i)
{
    return i < 200000 ? 100 : 100 + (int64_t)(i / 50000);
}

static double weight_of(uint64_t i)
{
    return (double)(i * 2654435761U % 65536) / 65536;
}

static int write_edges(const char *path, unsigned compress)
{
    static const char *const models[] = {"exp2syn", NULL, "a longer name of a model"};
    const sna_write_options options = {.compress = compress};
    uint64_t source[BLOCK], target[BLOCK];
    int64_t type[BLOCK], nsyns[BLOCK];
    double weight[BLOCK];
    const char *model[BLOCK];
    const sna_values values[] = {{.integer = nsyns}, {.real = weight}, {.real = weight}, {.text = model}};
    sna_outputs *outputs = NULL;
    sna_edge_writer *writer = NULL;
    int status = sna_outputs_create(&outputs);

    if (status == 0)
        status = sna_edge_writer_open(&writer, outputs, path, "e", "a", NODES, "a", NODES, &options);
    if (status == 0)
        status = sna_edge_writer_attribute(writer, 0, "nsyns", SNA_U8);
    if (status == 0)
        status = sna_edge_writer_attribute(writer, 0, "syn_weight", SNA_F32);
    if (status == 0)
        status = sna_edge_writer_attribute(writer, 0, "delay", SNA_F64);
    if (status == 0)
        status = sna_edge_writer_attribute(writer, 0, "model_template", SNA_UTF8);
    for (uint64_t first = 0; first < EDGES && status == 0; first += BLOCK) {
        const uint64_t count = EDGES - first < BLOCK ? EDGES - first : BLOCK;
        for (uint64_t i = 0; i < count; i++) {
            source[i] = source_of(first + i);
            target[i] = target_of(first + i);
            type[i] = type_of(first + i);
            nsyns[i] = (int64_t)((first + i) % 251);
            weight[i] = weight_of(first + i);
            model[i] = models[(first + i) % 3];
        }
        status = sna_edge_writer_append(writer, 0, count, source, target, type, values);
    }
    if (status == 0)
        status = sna_edge_writer_finish(writer);
    sna_edge_writer_close(writer);
    if (status == 0)
        status = sna_outputs_commit(outputs);
    sna_outputs_free(outputs);
    return status;
}

static char *file_in(const char *folder, const char *name)
{
    char *path = NULL;

    assert_done(sna_path_join(&path, folder, name));
    return path;
}

static void assert_same_file(const char *a, const char *b)
{
    char hash[2][65];

    assert_done(sna_hash_file(a, hash[0]));
    assert_done(sna_hash_file(b, hash[1]));
    assert_string_equal(hash[0], hash[1]);
}

static void test_same_bytes(void **state)
{
    char *folder = test_folder(), *one = file_in(folder, "one.h5"), *many = file_in(folder, "many.h5");

    (void)state;
    sna_threads_set(1);
    assert_done(write_edges(one, 4));
    for (unsigned threads = 2; threads <= 9; threads += 7) {
        sna_threads_set(threads);
        assert_done(write_edges(many, 4));
        assert_same_file(one, many);
    }
    sna_threads_set(3);
    /* Written by one of several threads, as the builder does. */
#pragma omp parallel for ordered num_threads(3)
    for (int i = 0; i < 3; i++) {
#pragma omp ordered
        {
            if (i == 2 && write_edges(many, 4) != 0)
                (void)remove(many);
        }
    }
    assert_same_file(one, many);
    sna_threads_set(0);
    free(one);
    free(many);
    test_folder_remove(folder);
}

static void *read_numbers(hid_t file, const char *name, hid_t type, uint64_t *rows)
{
    const hid_t data = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(data);
    void *values;

    assert_true(data >= 0 && space >= 0);
    *rows = (uint64_t)H5Sget_simple_extent_npoints(space);
    values = malloc((size_t)*rows * H5Tget_size(type) + 1);
    assert_non_null(values);
    assert_true(H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Sclose(space);
    H5Dclose(data);
    return values;
}

/* Every dataset holds what was given, and every filter is one that HDF5 comes with. */
static void test_read_by_hdf5(void **state)
{
    char *folder = test_folder(), *path = file_in(folder, "edges.h5");
    static const unsigned levels[] = {0, 1, 4, 9};
    uint64_t rows = 0;

    (void)state;
    for (size_t k = 0; k < sizeof levels / sizeof *levels; k++) {
        hid_t file, creation, data;
        uint64_t *source, *target, *index;
        int64_t *type;
        float *weight;
        double *delay;
        uint8_t *nsyns;

        assert_done(write_edges(path, levels[k]));
        file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
        assert_true(file >= 0);
        source = read_numbers(file, "/edges/e/source_node_id", H5T_NATIVE_UINT64, &rows);
        assert_int_equal(rows, EDGES);
        target = read_numbers(file, "/edges/e/target_node_id", H5T_NATIVE_UINT64, &rows);
        index = read_numbers(file, "/edges/e/edge_group_index", H5T_NATIVE_UINT64, &rows);
        assert_int_equal(rows, EDGES);
        type = read_numbers(file, "/edges/e/edge_type_id", H5T_NATIVE_INT64, &rows);
        weight = read_numbers(file, "/edges/e/0/syn_weight", H5T_NATIVE_FLOAT, &rows);
        delay = read_numbers(file, "/edges/e/0/delay", H5T_NATIVE_DOUBLE, &rows);
        nsyns = read_numbers(file, "/edges/e/0/nsyns", H5T_NATIVE_UINT8, &rows);
        assert_int_equal(rows, EDGES);
        for (uint64_t i = 0; i < EDGES; i++) {
            const double w = weight_of(i);
            const float narrow = (float)w;
            if (source[i] != source_of(i) || target[i] != target_of(i) || index[i] != i || type[i] != type_of(i) ||
                memcmp(&weight[i], &narrow, sizeof narrow) != 0 || memcmp(&delay[i], &w, sizeof w) != 0 ||
                nsyns[i] != i % 251)
                fail_msg("level %u: edge %" PRIu64 " is another one", levels[k], i);
        }
        data = H5Dopen2(file, "/edges/e/source_node_id", H5P_DEFAULT);
        creation = H5Dget_create_plist(data);
        assert_int_equal(H5Pget_nfilters(creation), levels[k] == 0 ? 0 : 2);
        H5Pclose(creation);
        H5Dclose(data);
        assert_true(H5Fclose(file) >= 0);
        free(source);
        free(target);
        free(index);
        free(type);
        free(weight);
        free(delay);
        free(nsyns);
    }
    free(path);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_read_by_hdf5),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
