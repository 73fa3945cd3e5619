/* test_validate_results.c: faults of spike files and reports. */
#include "validate_matrix.h"

#include <math.h>
#include <stdlib.h>

#define SPIKES "/spikes/A"
#define REPORT "/report/A"

/* ---- spikes ------------------------------------------------------------------------------------------------- */

static void spike_lengths(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_put(file, SPIKES "/node_ids", H5T_STD_U64LE, H5T_NATIVE_INT64, 1, &(hsize_t){2}, (int64_t[]){0, 1});
    base_close(file);
}

static void spike_time_nan(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_set_real(file, SPIKES "/timestamps", 3, NAN);
    base_close(file);
}

static void spike_time_negative(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_set_real(file, SPIKES "/timestamps", 0, -0.5);
    base_close(file);
}

static void spike_id(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_set_integer(file, SPIKES "/node_ids", 2, 10);
    base_close(file);
}

static void spike_input_id(const base_circuit *c)
{
    const hid_t file = base_open(c->input);

    base_set_integer(file, "/spikes/V/node_ids", 2, 4);
    base_close(file);
}

static void spike_order(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_set_real(file, SPIKES "/timestamps", 3, 0.1);
    base_close(file);
}

static void spike_order_text(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_put_attribute(file, SPIKES, "sorting", "by_time");
    base_close(file);
}

static void spike_order_unknown(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_put_attribute(file, SPIKES, "sorting", "by_colour");
    base_close(file);
}

static void spike_order_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_put_attribute(file, SPIKES, "sorting", NULL);
    base_close(file);
}

static void spike_units_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_put_attribute(file, SPIKES "/timestamps", "units", NULL);
    base_close(file);
}

static void spike_units_unknown(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_put_attribute(file, SPIKES "/timestamps", "units", "fortnights");
    base_close(file);
}

static void spike_times_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_drop(file, SPIKES "/timestamps");
    base_close(file);
}

static void spike_population(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    assert_true(H5Lmove(file, SPIKES, file, "/spikes/B", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void spike_old_layout(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    assert_true(H5Lmove(file, SPIKES "/node_ids", file, "/spikes/gids", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    assert_true(H5Lmove(file, SPIKES "/timestamps", file, "/spikes/timestamps", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_drop(file, SPIKES);
    base_close(file);
}

static void spike_text_times(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_fill_texts(file, SPIKES "/timestamps", BASE_SPIKES, "soon");
    base_close(file);
}

static void spike_group_empty(const base_circuit *c)
{
    const hid_t file = base_open(c->spikes);

    base_drop(file, SPIKES "/timestamps");
    base_drop(file, SPIKES "/node_ids");
    base_close(file);
}

/* ---- reports ------------------------------------------------------------------------------------------------ */

static void report_pointer_falls(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_set_integer(file, REPORT "/mapping/index_pointers", 4, 3);
    base_close(file);
}

static void report_pointer_first(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_set_integer(file, REPORT "/mapping/index_pointers", 0, 1);
    base_close(file);
}

static void report_pointer_last(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_set_integer(file, REPORT "/mapping/index_pointers", BASE_A, 19);
    base_close(file);
}

static void put_pointers(hid_t file, uint64_t count)
{
    int64_t pointer[64];

    for (uint64_t i = 0; i < count; i++)
        pointer[i] = (int64_t)(2 * i);
    base_put(file, REPORT "/mapping/index_pointers", H5T_STD_U64LE, H5T_NATIVE_INT64, 1, &(hsize_t){count}, pointer);
    base_drop(file, REPORT "/mapping/index_pointer");
}

static void report_pointers_short(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    put_pointers(file, BASE_A);
    base_close(file);
}

static void report_pointers_few(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    put_pointers(file, BASE_A - 1);
    base_close(file);
}

static void report_spelling(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_drop(file, REPORT "/mapping/index_pointers");
    base_close(file);
}

static void report_spelling_bmtk(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_drop(file, REPORT "/mapping/index_pointer");
    base_close(file);
}

static void report_elements(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_put(file, REPORT "/mapping/element_ids", H5T_STD_U32LE, H5T_NATIVE_INT64, 1, &(hsize_t){3},
             (int64_t[]){0, 1, 2});
    base_close(file);
}

static void put_time(const base_circuit *c, double start, double stop, double step)
{
    const hid_t file = base_open(c->report);

    base_put(file, REPORT "/mapping/time", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &(hsize_t){3},
             (double[]){start, stop, step});
    base_put_attribute(file, REPORT "/mapping/time", "units", "ms");
    base_close(file);
}

static void report_frames(const base_circuit *c)
{
    put_time(c, 0, 3.0, 0.1);
}

static void report_step_zero(const base_circuit *c)
{
    put_time(c, 0, 2.0, 0);
}

static void report_time_backwards(const base_circuit *c)
{
    put_time(c, 2.0, 0, 0.1);
}

static void report_time_values(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_put_reals(file, REPORT "/mapping/time", 2, 0, 1);
    base_put_attribute(file, REPORT "/mapping/time", "units", "ms");
    base_close(file);
}

static void report_no_units(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_put_attribute(file, REPORT "/data", "units", NULL);
    base_put_attribute(file, REPORT "/mapping/time", "units", NULL);
    base_close(file);
}

static void report_nan(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_set_real(file, REPORT "/data", 45, NAN);
    base_close(file);
}

static void report_doubles(const base_circuit *c)
{
    const double data[BASE_FRAMES * 2 * BASE_A] = {0};
    const hid_t file = base_open(c->report);

    base_put(file, REPORT "/data", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, (hsize_t[]){BASE_FRAMES, 2 * BASE_A}, data);
    base_put_attribute(file, REPORT "/data", "units", "mV");
    base_close(file);
}

static void report_id(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_set_integer(file, REPORT "/mapping/node_ids", 9, 77);
    base_close(file);
}

static void report_sorted_false(const base_circuit *c)
{
    const hid_t file = base_open(c->report);
    const uint8_t yes = 1;
    hid_t dataset, space, attribute;

    base_set_integer(file, REPORT "/mapping/node_ids", 0, 5);
    base_set_integer(file, REPORT "/mapping/node_ids", 5, 0);
    dataset = H5Dopen2(file, REPORT "/mapping/node_ids", H5P_DEFAULT);
    space = H5Screate(H5S_SCALAR);
    attribute = H5Acreate2(dataset, "sorted", H5T_STD_U8LE, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, H5T_NATIVE_UINT8, &yes) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Dclose(dataset);
    base_close(file);
}

static void report_data_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_drop(file, REPORT "/data");
    base_close(file);
}

static void report_mapping_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_drop(file, REPORT "/mapping");
    base_close(file);
}

static void report_data_flat(const base_circuit *c)
{
    const hid_t file = base_open(c->report);

    base_put_reals(file, REPORT "/data", BASE_FRAMES, 0, 1);
    base_close(file);
}

/* ---- the matrix --------------------------------------------------------------------------------------------- */

static const fault faults[] = {
    {"spikes: lengths", spike_lengths, "spikes.length", SPIKES, ERROR, "", 0},
    {"spikes: NaN", spike_time_nan, "spikes.time", SPIKES "/timestamps", ERROR, "", 0},
    {"spikes: negative time", spike_time_negative, "spikes.time-negative", SPIKES "/timestamps", WARNING, "", 0},
    {"spikes: id", spike_id, "spikes.id", SPIKES "/node_ids", ERROR, "", 0},
    {"spikes: id of an input", spike_input_id, "spikes.id", "/spikes/V/node_ids", ERROR, "", 0},
    {"spikes: false order", spike_order, "spikes.sorting-false", SPIKES, ERROR, "", 0},
    {"spikes: order as text", spike_order_text, "spikes.sorting-string", SPIKES, NOTE, "", SNA_STRICT_EXT},
    {"spikes: order unknown", spike_order_unknown, "spikes.sorting-unknown", SPIKES, WARNING, "", SNA_STRICT_EXT},
    {"spikes: order missing", spike_order_missing, "spikes.sorting-missing", SPIKES, NOTE, "", SNA_STRICT_EXT},
    {"spikes: no units", spike_units_missing, "spikes.no-units", SPIKES "/timestamps", NOTE, "", SNA_STRICT_EXT},
    {"spikes: unknown units", spike_units_unknown, "spikes.unknown-units", SPIKES "/timestamps", WARNING, "",
     SNA_STRICT_EXT},
    {"spikes: no times", spike_times_missing, "dataset.missing", SPIKES "/timestamps", ERROR, "", 0},
    {"spikes: population", spike_population, "results.unknown-population", "/spikes/B", WARNING, "", 0},
    {"spikes: old layout", spike_old_layout, "spikes.old-layout", "/spikes", NOTE, "", SNA_STRICT_EXT},
    {"spikes: times of text", spike_text_times, "dataset.type", SPIKES "/timestamps", ERROR, "", 0},
    {"spikes: empty group", spike_group_empty, "spikes.empty-group", SPIKES, NOTE, "", SNA_STRICT_EXT},
    {"report: pointer falls", report_pointer_falls, "report.pointers", REPORT "/mapping/index_pointers", ERROR, "", 0},
    {"report: first pointer", report_pointer_first, "report.pointers", REPORT "/mapping/index_pointers", ERROR, "", 0},
    {"report: last pointer", report_pointer_last, "report.pointers", REPORT "/mapping/index_pointers", ERROR, "", 0},
    {"report: as many pointers as nodes", report_pointers_short, "report.pointers-short",
     REPORT "/mapping/index_pointers", NOTE, "", SNA_STRICT_EXT},
    {"report: too few pointers", report_pointers_few, "report.pointers", REPORT "/mapping/index_pointers", ERROR, "",
     0},
    {"report: index_pointer", report_spelling, "report.pointer-spelling", REPORT "/mapping/index_pointer", NOTE, "",
     SNA_STRICT_EXT},
    {"report: index_pointers only", report_spelling_bmtk, "report.pointer-spelling-bmtk",
     REPORT "/mapping/index_pointers", NOTE, "", SNA_STRICT_BMTK},
    {"report: element ids", report_elements, "dataset.length", REPORT "/mapping/element_ids", ERROR, "", 0},
    {"report: frames", report_frames, "report.frames", REPORT "/mapping/time", ERROR, "", 0},
    {"report: step 0", report_step_zero, "report.time", REPORT "/mapping/time", ERROR, "", 0},
    {"report: backwards", report_time_backwards, "report.time", REPORT "/mapping/time", ERROR, "", 0},
    {"report: two times", report_time_values, "report.time", REPORT "/mapping/time", ERROR, "", 0},
    {"report: no units", report_no_units, "report.no-time-units", REPORT "/mapping/time", NOTE, "", SNA_STRICT_EXT},
    {"report: NaN", report_nan, "report.not-finite", REPORT "/data", WARNING, "", 0},
    {"report: doubles", report_doubles, "report.type", REPORT "/data", NOTE, "", SNA_STRICT_EXT},
    {"report: id", report_id, "report.id", REPORT "/mapping/node_ids", ERROR, "", 0},
    {"report: false order", report_sorted_false, "report.sorted-false", REPORT "/mapping/node_ids", WARNING, "",
     SNA_STRICT_EXT},
    {"report: no data", report_data_missing, "dataset.missing", REPORT "/data", ERROR, "", 0},
    {"report: no mapping", report_mapping_missing, "dataset.missing", REPORT "/mapping", ERROR, "", 0},
    {"report: flat data", report_data_flat, "dataset.rank", REPORT "/data", ERROR, "", 0},
};

static void faults_of_results_are_found(void **state)
{
    (void)state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_of_results_are_found)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
