/* test_sonata_chunks.c: compressed chunks: written by all threads with the bytes of one, and read back by libhdf5 as
 * what was given; read here as libhdf5 and zlib have written them, in any order, sound or damaged. */
#include "support.h"

#include <inttypes.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "h5_make.h"
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

/* ---- reading ------------------------------------------------------------------------------------------------ */

enum { ROWS = 300007, CHUNK = 1000, SCATTERED = 5000 };

/* A deflated column, written by HDF5 itself. */
static void deflated(hid_t file, const char *path, hid_t type, uint64_t rows, hsize_t chunk, const uint64_t *value)
{
    const hsize_t extent = rows;
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &extent, NULL);
    hid_t data;

    assert_true(H5Pset_chunk(creation, 1, &chunk) >= 0 && H5Pset_shuffle(creation) >= 0);
    assert_true(H5Pset_deflate(creation, 3) >= 0);
    data = H5Dcreate2(file, path, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    assert_true(data >= 0);
    if (value != NULL)
        assert_true(H5Dwrite(data, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0);
    H5Dclose(data);
    H5Sclose(space);
    H5Pclose(creation);
}

static void assert_rows(sna_edges *edges, const sna_selection *rows, uint64_t block, const uint64_t *source)
{
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE, .selection = rows, .block = block};
    sna_edge_stream *stream = NULL;
    sna_edge_block now;
    uint64_t range = 0, row = rows == NULL || rows->count == 0 ? 0 : rows->range[0].first, seen = 0, expected = ROWS;

    for (uint64_t i = 0; rows != NULL && i < rows->count; i++)
        expected = (i == 0 ? 0 : expected) + rows->range[i].end - rows->range[i].first;
    assert_done(sna_edge_stream_open(&stream, edges, &request));
    for (;;) {
        assert_done(sna_edge_stream_next(stream, &now));
        if (now.count == 0)
            break;
        for (uint64_t i = 0; i < now.count; i++, row++, seen++) {
            if (rows != NULL && row == rows->range[range].end)
                row = rows->range[++range].first;
            if (now.source[i] != source[row])
                fail_msg("row %" PRIu64 ": %" PRIu64 " instead of %" PRIu64, row, now.source[i], source[row]);
        }
    }
    assert_int_equal(seen, expected);
    sna_edge_stream_close(stream);
}

/* More chunks than are kept, read in one go, in small blocks, in scattered rows that ascend, jump and repeat. */
static void test_reads_any_rows(void **state)
{
    char *folder = test_folder(), *path = file_in(folder, "edges.h5");
    uint64_t *source = malloc(ROWS * sizeof *source);
    sna_random random;
    hid_t file;

    (void)state;
    assert_non_null(source);
    sna_random_start(&random, 1, sna_random_purpose("rows"), 0, 0);
    for (uint64_t i = 0; i < ROWS; i++)
        source[i] = sna_random_below(&random, 60000);
    file = h5_new(path);
    h5_group(file, "/edges/e");
    deflated(file, "/edges/e/source_node_id", H5T_STD_U64LE, ROWS, CHUNK, source);
    deflated(file, "/edges/e/target_node_id", H5T_STD_U16BE, ROWS, 777, source);
    h5_done(file);
    for (unsigned threads = 1; threads <= 4; threads += 3) {
        sna_selection ascending = SNA_SELECTION, any = SNA_SELECTION;
        sna_edges *edges = NULL;

        sna_threads_set(threads);
        for (uint64_t i = 0, at = 0; i < SCATTERED; i++) {
            const uint64_t first = sna_random_below(&random, ROWS - 3000);
            const uint64_t length = 1 + sna_random_below(&random, i % 100 == 0 ? 3000 : 5);
            assert_done(sna_selection_add(&any, first, first + length));
            at += 1 + sna_random_below(&random, 100);
            if (at < ROWS)
                assert_done(sna_selection_add(&ascending, at, at + 1));
        }
        assert_done(sna_edges_open(&edges, path, NULL, NULL, NULL));
        assert_rows(edges, NULL, 0, source);
        assert_rows(edges, NULL, 300, source);
        assert_rows(edges, &ascending, 0, source);
        assert_rows(edges, &any, 1000, source);
        sna_selection_free(&ascending);
        sna_selection_free(&any);
        sna_edges_close(edges);
    }
    sna_threads_set(0);
    free(source);
    free(path);
    test_folder_remove(folder);
}

/* ---- damage ------------------------------------------------------------------------------------------------- */

enum { SMALL = 64 };

/* Chunk 1 of a sound column of three chunks is replaced by these bytes; then all is read. */
static int read_with_chunk(const void *bytes, size_t size, uint32_t left_out, uint64_t *source)
{
    char *folder = test_folder(), *path = file_in(folder, "edges.h5");
    const hid_t file = h5_new(path);
    const hsize_t place = SMALL;
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE};
    uint64_t value[3 * SMALL];
    sna_edges *edges = NULL;
    sna_edge_stream *stream = NULL;
    sna_edge_block block;
    hid_t data;
    int status;

    for (uint64_t i = 0; i < 3 * SMALL; i++)
        value[i] = 1000 + i;
    h5_group(file, "/edges/e");
    deflated(file, "/edges/e/source_node_id", H5T_STD_U64LE, 3 * SMALL, SMALL, value);
    deflated(file, "/edges/e/target_node_id", H5T_STD_U64LE, 3 * SMALL, SMALL, NULL);
    data = H5Dopen2(file, "/edges/e/source_node_id", H5P_DEFAULT);
    assert_true(H5Dwrite_chunk(data, H5P_DEFAULT, left_out, &place, size, bytes) >= 0);
    H5Dclose(data);
    h5_done(file);
    assert_done(sna_edges_open(&edges, path, NULL, NULL, NULL));
    assert_done(sna_edge_stream_open(&stream, edges, &request));
    status = sna_edge_stream_next(stream, &block);
    if (status == 0) {
        assert_int_equal(block.count, 3 * SMALL);
        memcpy(source, block.source, sizeof value);
        assert_memory_equal(source, value, SMALL * sizeof *source);
        assert_memory_equal(source + 2 * SMALL, value + 2 * SMALL, SMALL * sizeof *source);
    } else {
        assert_contains(sna_error_message(), path);
        assert_contains(sna_error_message(), "/edges/e/source_node_id");
    }
    sna_edge_stream_close(stream);
    sna_edges_close(edges);
    free(path);
    test_folder_remove(folder);
    return status;
}

static size_t zlib_stream(unsigned char *out, size_t room, const void *bytes, size_t size)
{
    uLongf length = room;

    assert_int_equal(compress2(out, &length, bytes, size, 6), Z_OK);
    return length;
}

static void test_damaged_chunks(void **state)
{
    unsigned char plain[4 * SMALL * 8], packed[8 * SMALL * 8];
    uint64_t source[3 * SMALL];
    size_t size;

    (void)state;
    for (size_t i = 0; i < sizeof plain; i++)
        plain[i] = (unsigned char)(i * 31);
    /* Whole, as the one in the test above. */
    size = zlib_stream(packed, sizeof packed, plain, SMALL * 8);
    assert_done(read_with_chunk(packed, size, 0, source));
    for (size_t i = 0; i < SMALL; i++)
        for (size_t byte = 0; byte < 8; byte++)
            assert_int_equal((unsigned char)(source[SMALL + i] >> (8 * byte)), plain[byte * SMALL + i]);
    /* Cut short anywhere, and with any byte changed that the check sum covers. */
    for (size_t length = 1; length < size; length += 7) {
        assert_int_equal(read_with_chunk(packed, length, 0, source), SNA_EFORMAT);
        assert_contains(sna_error_message(), "the compressed chunk of row 64 is damaged");
    }
    packed[size - 1] ^= 1;
    assert_int_equal(read_with_chunk(packed, size, 0, source), SNA_EFORMAT);
    /* Sound streams of another length: too little, and more than a chunk has room for. */
    size = zlib_stream(packed, sizeof packed, plain, SMALL * 8 - 1);
    assert_int_equal(read_with_chunk(packed, size, 0, source), SNA_EFORMAT);
    size = zlib_stream(packed, sizeof packed, plain, sizeof plain);
    assert_int_equal(read_with_chunk(packed, size, 0, source), SNA_EFORMAT);
    /* No stream at all, of any length. */
    assert_int_equal(read_with_chunk(plain, SMALL, 0, source), SNA_EFORMAT);
    memset(packed, 0, sizeof packed);
    assert_int_equal(read_with_chunk(packed, sizeof packed, 0, source), SNA_EFORMAT);
}

/* HDF5 leaves a filter out of a chunk where it does not help, and says so with the chunk. */
static void test_filters_left_out(void **state)
{
    unsigned char packed[2 * SMALL * 8];
    uint64_t value[SMALL], source[3 * SMALL];
    size_t size;

    (void)state;
    for (uint64_t i = 0; i < SMALL; i++)
        value[i] = i * i;
    size = zlib_stream(packed, sizeof packed, value, sizeof value);
    assert_done(read_with_chunk(packed, size, 1, source));
    assert_memory_equal(source + SMALL, value, sizeof value);
    assert_done(read_with_chunk(value, sizeof value, 3, source));
    assert_memory_equal(source + SMALL, value, sizeof value);
    for (uint64_t i = 0; i < SMALL; i++)
        for (size_t byte = 0; byte < sizeof *value; byte++)
            packed[byte * SMALL + i] = (unsigned char)(value[i] >> (8 * byte));
    assert_done(read_with_chunk(packed, sizeof value, 2, source));
    assert_memory_equal(source + SMALL, value, sizeof value);
    /* Bytes that would be a chunk if they were deflated are too few as they stand; or they are too many. */
    assert_int_equal(read_with_chunk(packed, sizeof value - 1, 2, source), SNA_EFORMAT);
    assert_int_equal(read_with_chunk(packed, sizeof value - 8, 3, source), SNA_EFORMAT);
    assert_int_equal(read_with_chunk(packed, sizeof value + 1, 3, source), SNA_EFORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),       cmocka_unit_test(test_read_by_hdf5),
        cmocka_unit_test(test_reads_any_rows),   cmocka_unit_test(test_damaged_chunks),
        cmocka_unit_test(test_filters_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
