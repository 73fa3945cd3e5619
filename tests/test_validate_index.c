/* test_validate_index.c: faults of the edge index. */
#include "validate_matrix.h"

#include <math.h>
#include <stdio.h>

#define AA "/edges/A__A__chemical"
#define VA "/edges/V__A__chemical"

static void index_first_range(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    /* Target 0 has edges 0-2: its range now ends at 4. */
    base_set_integer(file, AA "/indices/target_to_source/range_to_edge_id", 1, 4);
    base_close(file);
}

static void index_second_range(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    /* Source 0 has edges 0, 3, 6...: its second range becomes that of another edge, which is source 3's. */
    base_set_integer(file, AA "/indices/source_to_target/range_to_edge_id", 2, 4);
    base_set_integer(file, AA "/indices/source_to_target/range_to_edge_id", 3, 5);
    base_close(file);
}

static void index_uncovered(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_integer(file, AA "/indices/target_to_source/node_id_to_ranges", 9, 4); /* node 4: start = end */
    base_close(file);
}

static void index_negative_row(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);
    int64_t slice[2 * BASE_A];

    for (int i = 0; i < BASE_A; i++) {
        slice[2 * i] = i == 3 ? -1 : i;
        slice[2 * i + 1] = i + 1;
    }
    base_drop(file, AA "/indices/target_to_source/node_id_to_range");
    base_put(file, AA "/indices/target_to_source/node_id_to_ranges", H5T_STD_I64LE, H5T_NATIVE_INT64, 2,
             (hsize_t[]){BASE_A, 2}, slice);
    base_close(file);
}

static void index_rows_short(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);
    const int64_t slice[] = {0, 1, 1, 2, 2, 3, 3, 4};

    base_drop(file, AA "/indices/target_to_source/node_id_to_range");
    base_put(file, AA "/indices/target_to_source/node_id_to_ranges", H5T_STD_U64LE, H5T_NATIVE_INT64, 2,
             (hsize_t[]){4, 2}, slice);
    base_close(file);
}

static void index_beyond(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_integer(file, AA "/indices/target_to_source/range_to_edge_id", 19, 1000);
    base_close(file);
}

static void index_slice_beyond(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_integer(file, AA "/indices/target_to_source/node_id_to_ranges", 19, 77);
    base_close(file);
}

static void index_shared_slices(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);
    int64_t slice[2 * BASE_A];

    for (int i = 0; i < BASE_A; i++) {
        slice[2 * i] = 0;
        slice[2 * i + 1] = BASE_A;
    }
    base_put(file, AA "/indices/target_to_source/node_id_to_ranges", H5T_STD_U64LE, H5T_NATIVE_INT64, 2,
             (hsize_t[]){BASE_A, 2}, slice);
    base_drop(file, AA "/indices/target_to_source/node_id_to_range");
    base_close(file);
}

static void index_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_drop(file, AA "/indices");
    base_close(file);
}

static void index_one_side(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_drop(file, AA "/indices/source_to_target");
    base_close(file);
}

static void index_spelling(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_drop(file, AA "/indices/source_to_target/node_id_to_ranges");
    base_close(file);
}

static void index_spelling_bmtk(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_drop(file, AA "/indices/source_to_target/node_id_to_range");
    base_close(file);
}

static void index_group_spelling(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    assert_true(H5Lmove(file, AA "/indices", file, AA "/indicies", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void index_leftover(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put_reals(file, AA "/indices/cache/part", 3, 0, 0);
    base_close(file);
}

static void index_three_columns(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put(file, AA "/indices/source_to_target/range_to_edge_id", H5T_STD_U64LE, H5T_NATIVE_INT64, 2,
             (hsize_t[]){4, 3}, NULL);
    base_close(file);
}

static void index_of_reals(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put(file, AA "/indices/source_to_target/range_to_edge_id", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2,
             (hsize_t[]){2, 2}, (double[]){0.5, 1, 1, NAN});
    base_close(file);
}

/* ---- the matrix --------------------------------------------------------------------------------------------- */

static const fault faults[] = {
    {"index: first range", index_first_range, "index.twice", AA "/indices/target_to_source", ERROR, "index.wrong-node",
     0},
    {"index: second range", index_second_range, "index.wrong-node", AA "/indices/source_to_target", ERROR,
     "index.uncovered index.twice", 0},
    {"index: uncovered", index_uncovered, "index.uncovered", AA "/indices/target_to_source", ERROR, "", 0},
    {"index: negative row", index_negative_row, "index.uncovered", AA "/indices/target_to_source", ERROR, "", 0},
    {"index: too few rows", index_rows_short, "index.rows-short", AA "/indices/target_to_source/node_id_to_ranges",
     ERROR, "", 0},
    {"index: range beyond", index_beyond, "index.range", AA "/indices/target_to_source/range_to_edge_id", ERROR,
     "index.uncovered", 0},
    {"index: slice beyond", index_slice_beyond, "index.slice", AA "/indices/target_to_source/node_id_to_ranges", ERROR,
     "index.uncovered", 0},
    {"index: shared slices", index_shared_slices, "index.slice", AA "/indices/target_to_source/node_id_to_ranges",
     ERROR, "index.twice index.wrong-node index.uncovered", 0},
    {"index: missing", index_missing, "index.missing", AA, NOTE, "", SNA_STRICT_EXT | SNA_STRICT_BMTK},
    {"index: one side", index_one_side, "index.one-side", AA "/indices", WARNING, "", SNA_STRICT_EXT},
    {"index: node_id_to_range", index_spelling, "index.spelling", AA "/indices/source_to_target", NOTE, "",
     SNA_STRICT_EXT},
    {"index: node_id_to_ranges only", index_spelling_bmtk, "index.spelling-bmtk", AA "/indices/source_to_target", NOTE,
     "", SNA_STRICT_BMTK},
    {"index: indicies", index_group_spelling, "index.spelling", AA "/indicies", NOTE, "", SNA_STRICT_EXT},
    {"index: leftover", index_leftover, "index.leftover", AA "/indices", NOTE, "", 0},
    {"index: three columns", index_three_columns, "dataset.rank", AA "/indices/source_to_target/range_to_edge_id",
     ERROR, "", 0},
    {"index: reals", index_of_reals, "dataset.float-integers", AA "/indices/source_to_target/range_to_edge_id", WARNING,
     "index.range index.slice index.uncovered", SNA_STRICT_EXT},
};

static void faults_of_the_index_are_found(void **state)
{
    (void)state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_of_the_index_are_found)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
