/* test_sonata_damaged.c: files cut off or with wrong numbers in them: refused, or read as far as they can be; never a
 * crash. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h5_make.h"
#include "sonata/sonata.h"

#ifdef __SANITIZE_ADDRESS__
/* libhdf5 itself forgets memory when a file is damaged. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5\n";
}
#endif

static const int64_t ids[] = {0, 1, 2, 3, 4, 5, 6, 7};

static void make_nodes(const char *path)
{
    const hid_t file = h5_new(path);

    h5_integers(file, "/nodes/p/node_type_id", H5T_STD_I32LE, 8, ids);
    h5_integers(file, "/nodes/p/node_id", H5T_STD_U64LE, 8, ids);
    h5_integers(file, "/nodes/p/node_group_id", H5T_STD_U8LE, 8, (int64_t[]){0, 0, 0, 0, 1, 1, 1, 1});
    h5_integers(file, "/nodes/p/node_group_index", H5T_STD_U8LE, 8, (int64_t[]){0, 1, 2, 3, 0, 1, 2, 3});
    h5_integers(file, "/nodes/p/0/code", H5T_STD_U8LE, 4, ids);
    h5_texts(file, "/nodes/p/0/@library/code", 0, H5T_STR_NULLTERM, 4, (const char *const[]){"a", "b", "c", "d"});
    h5_texts(file, "/nodes/p/1/name", 0, H5T_STR_NULLTERM, 4, (const char *const[]){"a", "b", "c", "d"});
    h5_reals(file, "/nodes/p/1/dynamics_params/x", H5T_IEEE_F32LE, 4, (double[]){1, 2, 3, 4});
    h5_done(file);
}

static void read_nodes(const char *path)
{
    sna_nodes *nodes = NULL;
    const sna_column *column = NULL;

    if (sna_nodes_open(&nodes, path, NULL, "p", NULL) != 0)
        return;
    for (uint64_t i = 0; i < sna_nodes_attributes(nodes); i++)
        (void)!sna_nodes_column(nodes, sna_nodes_attribute(nodes, i)->name, &column);
    sna_nodes_close(nodes);
}

static void make_edges(const char *path)
{
    const hid_t file = h5_new(path);
    const int64_t nodes[] = {0, 1, 1, 2}, ranges[] = {0, 4, 4, 8};

    h5_integers(file, "/edges/a_to_b/source_node_id", H5T_STD_U64LE, 8, ids);
    h5_integers(file, "/edges/a_to_b/target_node_id", H5T_STD_U64LE, 8, (int64_t[]){0, 0, 0, 0, 1, 1, 1, 1});
    h5_text_attribute(file, "/edges/a_to_b/source_node_id", "node_population", "a");
    h5_constant(file, "/edges/a_to_b/edge_type_id", H5T_STD_I32LE, 8, 100);
    h5_integers(file, "/edges/a_to_b/0/nsyns", H5T_STD_U8LE, 8, ids);
    h5_array(file, "/edges/a_to_b/indices/target_to_source/node_id_to_ranges", H5T_STD_U64LE, H5T_NATIVE_INT64, 2, 2,
             nodes);
    h5_array(file, "/edges/a_to_b/indices/target_to_source/range_to_edge_id", H5T_STD_U64LE, H5T_NATIVE_INT64, 2, 2,
             ranges);
    h5_done(file);
}

static void read_edges(const char *path)
{
    static const char *const names[] = {"nsyns", "edge_type_id"};
    const sna_edge_request request = {
        .parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET | SNA_EDGE_TYPE, .attribute = names, .attribute_count = 2};
    sna_edges *edges = NULL;
    sna_edge_stream *stream = NULL;
    sna_edge_block block = {0};
    sna_selection found = SNA_SELECTION;
    const uint64_t nodes[] = {0, 1, 2};
    uint64_t seen = 0;

    if (sna_edges_open(&edges, path, NULL, NULL, NULL) != 0)
        return;
    if (sna_edge_stream_open(&stream, edges, &request) == 0)
        while (seen < 100000 && sna_edge_stream_next(stream, &block) == 0 && block.count > 0)
            seen += block.count;
    sna_edge_stream_close(stream);
    /* A count that a changed byte made huge would be walked for hours. */
    if (sna_edges_count(edges) < 100000 && sna_edges_afferent(edges, nodes, 3, &found) == 0)
        (void)!sna_edges_efferent(edges, nodes, 3, &found);
    sna_selection_free(&found);
    sna_edges_close(edges);
}

static void make_report(const char *path)
{
    const hid_t file = h5_new(path);

    h5_array(file, "/report/p/data", H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, 2, 3, (double[]){1, 2, 3, 4, 5, 6});
    h5_integers(file, "/report/p/mapping/node_ids", H5T_STD_U64LE, 2, ids);
    h5_integers(file, "/report/p/mapping/index_pointers", H5T_STD_U64LE, 3, (int64_t[]){0, 1, 3});
    h5_integers(file, "/report/p/mapping/element_ids", H5T_STD_U32LE, 3, ids);
    h5_reals(file, "/report/p/mapping/time", H5T_IEEE_F64LE, 3, (double[]){0, 1, 0.5});
    h5_integers(file, "/spikes/p/node_ids", H5T_STD_U64LE, 3, ids);
    h5_reals(file, "/spikes/p/timestamps", H5T_IEEE_F64LE, 3, (double[]){0, 1, 2});
    h5_text_attribute(file, "/spikes/p", "sorting", "by_time");
    h5_done(file);
}

static void read_report(const char *path)
{
    sna_report *report = NULL;
    sna_spikes *spikes = NULL;
    sna_spike_list list = {0};
    double value[64];

    if (sna_report_open(&report, path, NULL, NULL) == 0 && sna_report_frames(report) <= 8 &&
        sna_report_elements(report) <= 8)
        (void)!sna_report_read(report, 0, sna_report_frames(report), 1, NULL, value);
    sna_report_close(report);
    if (sna_spikes_open(&spikes, path, NULL) == 0 && sna_spikes_populations(spikes) > 0 &&
        sna_spikes_block(spikes, 0, 0, 100, &list) == 0)
        sna_spike_list_free(&list);
    sna_spikes_close(spikes);
}

/* The bytes of a file that hold numbers. libhdf5 1.10 crashes when its own structures are damaged, which no caller can
 * help: those are left alone. */
typedef struct {
    uint64_t first[32], end[32];
    size_t count;
} number_bytes;

static herr_t find_numbers(hid_t file, const char *name, const H5O_info_t *info, void *data)
{
    number_bytes *found = data;
    hid_t dataset, type;

    if (info->type != H5O_TYPE_DATASET)
        return 0;
    dataset = H5Dopen2(file, name, H5P_DEFAULT);
    type = H5Dget_type(dataset);
    if (H5Tget_class(type) != H5T_STRING && H5Dget_offset(dataset) != HADDR_UNDEF) {
        assert_true(found->count < 32);
        found->first[found->count] = H5Dget_offset(dataset);
        found->end[found->count] = H5Dget_offset(dataset) + H5Dget_storage_size(dataset);
        found->count++;
    }
    H5Tclose(type);
    H5Dclose(dataset);
    return 0;
}

static number_bytes numbers_of(const char *path)
{
    number_bytes found = {.count = 0};
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);

    assert_true(file >= 0);
    assert_true(H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, find_numbers, &found, H5O_INFO_BASIC) >= 0);
    H5Fclose(file);
    return found;
}

static void damage(void (*make)(const char *), void (*read)(const char *))
{
    static const unsigned char patterns[] = {0x01, 0x80, 0xFF, 0x55};
    char *folder = test_folder(), *path = NULL, *bytes = NULL;
    uint64_t size = 0, damaged = 0;
    number_bytes numbers;

    assert_done(sna_path_join(&path, folder, "file.h5"));
    make(path);
    read(path);
    numbers = numbers_of(path);
    assert_done(sna_file_read(&bytes, &size, path));
    for (uint64_t cut = 0; cut < size; cut += 61) {
        assert_done(sna_file_write(path, bytes, cut));
        read(path);
    }
    for (size_t n = 0; n < numbers.count; n++)
        for (uint64_t at = numbers.first[n]; at < numbers.end[n]; at++)
            for (size_t p = 0; p < sizeof patterns; p++, damaged++) {
                bytes[at] = (char)(bytes[at] ^ patterns[p]);
                assert_done(sna_file_write(path, bytes, size));
                bytes[at] = (char)(bytes[at] ^ patterns[p]);
                read(path);
            }
    assert_true(damaged > 100);
    free(bytes);
    free(path);
    test_folder_remove(folder);
}

static void test_nodes(void **state)
{
    (void)state;
    damage(make_nodes, read_nodes);
}

static void test_edges(void **state)
{
    (void)state;
    damage(make_edges, read_edges);
}

static void test_reports(void **state)
{
    (void)state;
    damage(make_report, read_report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nodes), cmocka_unit_test(test_edges),
                                       cmocka_unit_test(test_reports)};

    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
