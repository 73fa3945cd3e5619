/* test_validate_large.c: the validator past its blocks of 65,536 rows, past 2^32 rows, and on indices in many pieces.
 */
#include "validate_matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EDGES = 200000, NODES = 1000, LATE = 150000 };

/* A nodes file with the population `cells`, and an edges file from them to them, in a folder. */
typedef struct {
    char *folder, *nodes, *edges;
} large;

static void large_make(large *self)
{
    static uint64_t source[EDGES], target[EDGES];
    static int64_t type[EDGES], type_of_node[NODES];
    static double delay[EDGES], x[NODES];
    static const sna_values values[] = {{.real = delay}};
    static const char *kind[NODES];
    sna_outputs *outputs = NULL;
    sna_node_writer *nodes = NULL;
    sna_edge_writer *edges = NULL;

    for (uint64_t e = 0; e < EDGES; e++) {
        target[e] = e * NODES / EDGES;
        source[e] = e * 7919 % NODES;
        type[e] = 100;
        delay[e] = 1;
    }
    for (uint64_t n = 0; n < NODES; n++) {
        type_of_node[n] = -1;
        x[n] = (double)n;
        kind[n] = "virtual";
    }
    self->folder = test_folder();
    assert_done(sna_path_join(&self->nodes, self->folder, "nodes.h5"));
    assert_done(sna_path_join(&self->edges, self->folder, "edges.h5"));
    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_node_writer_open(&nodes, outputs, self->nodes, "cells", NODES, NULL));
    assert_done(sna_node_writer_type_ids(nodes, type_of_node));
    assert_done(sna_node_writer_attribute(nodes, 0, "x", SNA_F32, 1, (sna_values){.real = x}));
    assert_done(sna_node_writer_attribute(nodes, 0, "model_type", SNA_UTF8, 1, (sna_values){.text = kind}));
    assert_done(sna_node_writer_finish(nodes));
    sna_node_writer_close(nodes);
    assert_done(sna_edge_writer_open(&edges, outputs, self->edges, "loops", "cells", NODES, "cells", NODES, NULL));
    assert_done(sna_edge_writer_attribute(edges, 0, "delay", SNA_F32));
    assert_done(sna_edge_writer_append(edges, 0, EDGES, source, target, type, values));
    assert_done(sna_edge_writer_finish(edges));
    sna_edge_writer_close(edges);
    assert_done(sna_outputs_commit(outputs));
    sna_outputs_free(outputs);
}

static void large_remove(large *self)
{
    test_folder_remove(self->folder);
    free(self->nodes);
    free(self->edges);
}

static void look(const large *self, sna_findings *findings)
{
    const char *const path[] = {self->nodes, self->edges};

    *findings = SNA_FINDINGS;
    assert_done(sna_validate(findings, path, 2, NULL));
}

/* ---- blocks ------------------------------------------------------------------------------------------------- */

static void late_target(hid_t file)
{
    base_set_integer(file, "/edges/loops/target_node_id", LATE, 99999);
}

static void late_source(hid_t file)
{
    base_set_integer(file, "/edges/loops/source_node_id", EDGES - 1, 1234567);
}

static void late_delay(hid_t file)
{
    base_set_real(file, "/edges/loops/0/delay", LATE, -3);
}

static void late_group(hid_t file)
{
    base_set_integer(file, "/edges/loops/edge_group_index", LATE, EDGES + 7);
}

static void late_order(hid_t file)
{
    base_set_integer(file, "/edges/loops/target_node_id", LATE, 2);
}

/* A source that stays within the population: only the index tells. */
static void late_index(hid_t file)
{
    base_set_integer(file, "/edges/loops/source_node_id", LATE, (LATE * 7919 + 1) % NODES);
}

/* The last of many ranges of a table that is longer than a block. */
static void late_range(hid_t file)
{
    base_set_integer(file, "/edges/loops/indices/source_to_target/range_to_edge_id", 2 * (uint64_t)LATE + 1, EDGES + 1);
}

static void test_late_faults(void **state)
{
    static const struct {
        const char *name;
        void (*inject)(hid_t file);
        const char *code, *place, *example; /* what the first example contains */
    } faults[] = {
        {"target", late_target, "edges.target-id", "/edges/loops/target_node_id", "150000"},
        {"source", late_source, "edges.source-id", "/edges/loops/source_node_id", "199999"},
        {"delay", late_delay, "edges.delay", "/edges/loops/0/delay", "row 150000: -3"},
        {"group index", late_group, "group.index-range", "/edges/loops/edge_group_index", "150000"},
        {"order", late_order, "edges.unsorted", "/edges/loops", ""},
        {"index", late_index, "index.wrong-node", "/edges/loops/indices/source_to_target", ""},
        {"range", late_range, "index.range", "/edges/loops/indices/source_to_target/range_to_edge_id", "150000"},
    };
    large it;
    sna_findings findings;

    (void)state;
    large_make(&it);
    look(&it, &findings);
    if (sna_findings_number(&findings, ERROR) > 0)
        print_findings(&findings);
    assert_int_equal(sna_findings_number(&findings, ERROR), 0);
    sna_findings_free(&findings);
    large_remove(&it);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const sna_finding *found;
        hid_t file;
        large_make(&it);
        file = base_open(it.edges);
        faults[i].inject(file);
        base_close(file);
        look(&it, &findings);
        found = find(&findings, faults[i].code, faults[i].place);
        if (found == NULL) {
            print_error("%s:\n", faults[i].name);
            print_findings(&findings);
        }
        assert_non_null(found);
        if (faults[i].example[0] != '\0') {
            assert_true(found->examples.count > 0);
            assert_contains(found->examples.text[0], faults[i].example);
        }
        sna_findings_free(&findings);
        large_remove(&it);
    }
}

/* ---- indices in pieces -------------------------------------------------------------------------------------- */

/* Ranges need not be as long as they can be, nor in order: each edge a range of its own, those of a node backwards. */
static void test_short_ranges(void **state)
{
    const uint64_t each = EDGES / NODES;
    int64_t *slice = NULL, *range = NULL;
    large it;
    sna_findings findings;
    hid_t file;

    (void)state;
    large_make(&it);
    assert_done(sna_allocate(&slice, 2 * NODES, sizeof *slice));
    assert_done(sna_allocate(&range, 2 * EDGES, sizeof *range));
    for (uint64_t n = 0; n < NODES; n++) {
        slice[2 * n] = (int64_t)(n * each);
        slice[2 * n + 1] = (int64_t)((n + 1) * each);
        for (uint64_t k = 0; k < each; k++) {
            range[2 * (n * each + k)] = (int64_t)((n + 1) * each - 1 - k);
            range[2 * (n * each + k) + 1] = (int64_t)((n + 1) * each - k);
        }
    }
    for (int wrong = 0; wrong < 2; wrong++) {
        file = base_open(it.edges);
        if (wrong == 0)
            base_drop(file, "/edges/loops/indices/target_to_source/node_id_to_range");
        base_put(file, "/edges/loops/indices/target_to_source/node_id_to_ranges", H5T_STD_U64LE, H5T_NATIVE_INT64, 2,
                 (hsize_t[]){NODES, 2}, slice);
        base_put(file, "/edges/loops/indices/target_to_source/range_to_edge_id", H5T_STD_U64LE, H5T_NATIVE_INT64, 2,
                 (hsize_t[]){EDGES, 2}, range);
        base_close(file);
        look(&it, &findings);
        if ((sna_findings_number(&findings, ERROR) > 0) != (wrong == 1))
            print_findings(&findings);
        assert_int_equal(sna_findings_number(&findings, ERROR) > 0, wrong);
        sna_findings_free(&findings);
        /* And then two edges of neighbouring nodes change places. */
        range[2 * (700 * each)] = (int64_t)(701 * each);
        range[2 * (700 * each) + 1] = (int64_t)(701 * each + 1);
        range[2 * (702 * each) - 2] = (int64_t)(701 * each - 1);
        range[2 * (702 * each) - 1] = (int64_t)(701 * each);
    }
    free(slice);
    free(range);
    large_remove(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_late_faults), cmocka_unit_test(test_short_ranges)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
