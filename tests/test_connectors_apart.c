/* test_connectors_apart.c: what an entry draws depends on that entry alone: neither other entries nor the blocks that a
 * file is written in change it. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/connectors.h"
#include "sonata/sonata.h"

#define N "{\"population\": \"n\"}"
#define HEAD                                                                                                  \
    "{\"sonatina\": 1, \"seed\": 4, \"populations\": {\"n\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], " \
    "\"max\": [300, 300, 300]}}, \"nodes\": [{\"t\": 0, \"count\": 400}, {\"t\": 1, \"count\": 200}]}}, "     \
    "\"edges\": ["
#define T(t) "{\"population\": \"n\", \"t\": " #t "}"
#define SAME                                                                                                \
    "{\"name\": \"same\", \"source\": " N ", \"target\": " N ", \"connector\": {\"type\": \"reciprocal\", " \
    "\"p0\": 0.1, \"rho\": 0.3}}"
#define APART                                                     \
    "{\"name\": \"apart\", \"source\": " T(0) ", \"target\": " T( \
        1) ", \"connector\": {\"type\": "                         \
           "\"reciprocal\", \"p0\": {\"gaussian\": {\"sd\": 80, \"pmax\": 0.4}}, \"p1\": 0.1, \"nrr\": 1.5}}"
#define GAP                                                                                                  \
    "{\"name\": \"gap\", \"source\": " N ", \"target\": " N ", \"connector\": {\"type\": \"gap_junction\", " \
    "\"p_non\": 0.01, \"p_uni\": 0.2, \"p_rec\": 0.5, \"chemical\": \"same\"}}"
/* So many rows that a block of the file has 32 targets. */
#define HEAVY                                                                                                \
    "{\"name\": \"heavy\", \"source\": " N ", \"target\": " N ", \"connector\": {\"type\": \"all_to_all\", " \
    "\"n_syn\": 9}, \"per_edge\": {\"delay\": {\"uniform\": [1, 2]}}}"

typedef struct {
    uint64_t count, capacity;
    uint64_t (*edge)[2];
    double reciprocal;
} edges;

/* The edges of an entry in the files of a network; its type is found by its place in the specification. */
static edges built(const char *spec, const char *name, int64_t type_id)
{
    char *folder = test_folder(), *network_folder = NULL, *path = NULL;
    sna_network *network = NULL;
    sna_table *report = NULL;
    sna_edges *file = NULL;
    sna_edge_stream *stream = NULL;
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET | SNA_EDGE_TYPE};
    sna_edge_block block;
    edges out = {0};

    assert_done(sna_path_join(&network_folder, folder, "net"));
    assert_done(sna_network_parse(&network, spec, strlen(spec), "spec.json", NULL, NULL));
    assert_done(sna_network_build(network, network_folder, false));
    assert_done(sna_network_report(network, &report));
    for (uint64_t row = 0; row < sna_table_rows(report); row++) {
        if (strcmp(sna_table_row_label(report, row), name) == 0 && out.reciprocal <= 0)
            out.reciprocal = sna_table_real(report, row, (uint64_t)sna_table_find_column(report, "reciprocal_made"));
    }
    assert_done(sna_path_join(&path, network_folder, "n_n_edges.h5"));
    assert_done(sna_edges_open(&file, path, NULL, NULL, NULL));
    assert_done(sna_edge_stream_open(&stream, file, &request));
    for (;;) {
        assert_done(sna_edge_stream_next(stream, &block));
        if (block.count == 0)
            break;
        for (uint64_t i = 0; i < block.count; i++) {
            if (block.type[i] != type_id)
                continue;
            out.edge = sna_grow(out.edge, &out.capacity, out.count + 1, sizeof *out.edge);
            assert_non_null(out.edge);
            out.edge[out.count][0] = block.source[i];
            out.edge[out.count++][1] = block.target[i];
        }
    }
    sna_edge_stream_close(stream);
    sna_edges_close(file);
    sna_table_free(report);
    sna_network_free(network);
    free(path);
    free(network_folder);
    test_folder_remove(folder);
    return out;
}

static void assert_alike(const char *a, int64_t a_type, const char *b, int64_t b_type, const char *name)
{
    edges alone = built(a, name, a_type), among = built(b, name, b_type);

    assert_true(alone.count > 1000);
    assert_int_equal(alone.count, among.count);
    assert_memory_equal(alone.edge, among.edge, alone.count * sizeof *alone.edge);
    assert_true(alone.reciprocal == among.reciprocal || (isnan(alone.reciprocal) && isnan(among.reciprocal)));
    free(alone.edge);
    free(among.edge);
}

static void other_entries_change_nothing(void **state)
{
    (void)state;
    assert_alike(HEAD SAME "]}", 100, HEAD SAME ", " HEAVY "]}", 100, "same");
    assert_alike(HEAD SAME "]}", 100, HEAD HEAVY ", " SAME "]}", 101, "same");
    assert_alike(HEAD APART "]}", 100, HEAD APART ", " HEAVY "]}", 100, "apart");
    assert_alike(HEAD APART "]}", 101, HEAD SAME ", " HEAVY ", " APART "]}", 103, "apart");
    assert_alike(HEAD SAME ", " GAP "]}", 101, HEAD GAP ", " HEAVY ", " SAME "]}", 100, "gap");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_entries_change_nothing),
    };
    return cmocka_run_group_tests_name("connectors_apart", tests, NULL, NULL);
}
