/* test_sonata_series.c: spikes, reports and potentials: every layout, and what is written is read back. */
#include "support.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h5_make.h"
#include "sonata/sonata.h"

typedef struct {
    char *folder, *path;
    sna_notes notes;
} scratch;

static int set_up(void **state)
{
    scratch *s = calloc(1, sizeof *s);

    s->folder = test_folder();
    assert_done(sna_path_join(&s->path, s->folder, "file.h5"));
    s->notes = SNA_NOTES;
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    scratch *s = *state;

    sna_notes_free(&s->notes);
    test_folder_remove(s->folder);
    free(s->path);
    free(s);
    return 0;
}

/* ---- spikes ------------------------------------------------------------------------------------------------- */

static void check_spikes(sna_spikes *spikes, const char *population, double start, double stop, uint64_t count,
                         const uint64_t *node, const double *time)
{
    uint64_t index = 0;
    sna_spike_list list;

    assert_done(sna_spikes_find(spikes, population, &index));
    assert_done(sna_spikes_read(spikes, index, start, stop, NULL, 0, &list));
    assert_int_equal(list.count, count);
    for (uint64_t i = 0; i < count; i++) {
        assert_int_equal(list.node[i], node[i]);
        assert_true(list.time[i] == time[i]);
    }
    sna_spike_list_free(&list);
}

/* A string `sorting` that is not true, seconds, no unit, a layout without populations. */
static void test_spike_forms(void **state)
{
    scratch *s = *state;
    const hid_t file = h5_new(s->path);
    sna_spikes *spikes = NULL;
    uint64_t index = 0;
    sna_spike_list list;

    h5_integers(file, "/spikes/liar/node_ids", H5T_STD_I64LE, 2, (int64_t[]){1, 2});
    h5_reals(file, "/spikes/liar/timestamps", H5T_IEEE_F64LE, 2, (double[]){3, 2});
    h5_text_attribute(file, "/spikes/liar", "sorting", "by_time");
    h5_integers(file, "/spikes/seconds/node_ids", H5T_STD_U32BE, 2, (int64_t[]){2, 1});
    h5_reals(file, "/spikes/seconds/timestamps", H5T_IEEE_F32LE, 2, (double[]){0.5, 2});
    h5_text_attribute(file, "/spikes/seconds/timestamps", "units", "s");
    h5_group(file, "/spikes/silent");
    h5_done(file);
    assert_done(sna_spikes_open(&spikes, s->path, &s->notes));
    assert_int_equal(sna_spikes_populations(spikes), 3);
    check_spikes(spikes, "liar", NAN, NAN, 2, (uint64_t[]){1, 2}, (double[]){3, 2});
    assert_done(sna_spikes_find(spikes, "liar", &index));
    assert_int_equal(sna_spikes_order(spikes, index), SNA_ORDER_TIME); /* so it says */
    assert_done(sna_spikes_read(spikes, index, NAN, NAN, NULL, 0, &list));
    assert_int_equal(list.order, SNA_ORDER_ID); /* so it is */
    assert_done(sna_spike_list_sort(&list, SNA_ORDER_TIME));
    assert_true(list.time[0] == 2 && list.node[0] == 2 && list.order == SNA_ORDER_TIME);
    sna_spike_list_free(&list);
    assert_non_null(sna_notes_find(&s->notes, "spikes.sorting-string"));
    assert_non_null(sna_notes_find(&s->notes, "spikes.no-units"));
    check_spikes(spikes, "seconds", NAN, NAN, 2, (uint64_t[]){2, 1}, (double[]){500, 2000});
    check_spikes(spikes, "seconds", 500, 1000, 1, (uint64_t[]){2}, (double[]){500});
    check_spikes(spikes, "silent", NAN, NAN, 0, NULL, NULL);
    assert_int_equal(sna_spikes_find(spikes, NULL, &index), SNA_EINVAL);
    assert_int_equal(sna_spikes_find(spikes, "lier", &index), SNA_ENOTFOUND);
    sna_spikes_close(spikes);
}

static void test_old_spikes(void **state)
{
    scratch *s = *state;
    const hid_t file = h5_new(s->path);
    sna_spikes *spikes = NULL;

    h5_integers(file, "/spikes/gids", H5T_STD_U64LE, 2, (int64_t[]){4, 4});
    h5_reals(file, "/spikes/timestamps", H5T_IEEE_F64LE, 2, (double[]){1, 2});
    h5_text_attribute(file, "/spikes", "sorting", "gid");
    h5_done(file);
    assert_done(sna_spikes_open(&spikes, s->path, &s->notes));
    check_spikes(spikes, NULL, NAN, NAN, 2, (uint64_t[]){4, 4}, (double[]){1, 2});
    assert_int_equal(sna_spikes_order(spikes, 0), SNA_ORDER_ID);
    assert_non_null(sna_notes_find(&s->notes, "spikes.old-layout"));
    sna_spikes_close(spikes);
}

static void test_spike_csv(void **state)
{
    static const char *const texts[] = {"timestamps population node_ids\n1.5 a 3\n2 b 4\n2.5 a 0\n",
                                        "1.5 a 3\n2 b 4\n2.5 a 0\n",
                                        "population,node_ids,timestamps\r\na,3,1.5\r\nb,4,2\r\na,0,2.5\r\n"};
    scratch *s = *state;
    sna_spikes *spikes = NULL;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *path = test_file(s->folder, "spikes.csv", texts[i]);
        assert_done(sna_spikes_open(&spikes, path, NULL));
        check_spikes(spikes, "a", NAN, NAN, 2, (uint64_t[]){3, 0}, (double[]){1.5, 2.5});
        check_spikes(spikes, "b", NAN, NAN, 1, (uint64_t[]){4}, (double[]){2});
        sna_spikes_close(spikes);
        free(path);
    }
    {
        char *path = test_file(s->folder, "spikes.csv", "timestamps population node_ids\n1.5 a x\n");
        assert_int_equal(sna_spikes_open(&spikes, path, NULL), SNA_EFORMAT);
        assert_contains(sna_error_message(), "spikes.csv:2: a node id is expected, found \"x\"");
        free(path);
    }
}

static void test_bad_spikes(void **state)
{
    scratch *s = *state;
    const hid_t file = h5_new(s->path);
    sna_spikes *spikes = NULL;

    h5_integers(file, "/spikes/p/node_ids", H5T_STD_I64LE, 2, (int64_t[]){1, 2});
    h5_reals(file, "/spikes/p/timestamps", H5T_IEEE_F64LE, 3, (double[]){3, 2, 1});
    h5_done(file);
    assert_int_equal(sna_spikes_open(&spikes, s->path, NULL), SNA_EFORMAT);
    assert_contains(sna_error_message(), "2 node ids, but 3 times");
}

static void test_spike_writer(void **state)
{
    scratch *s = *state;
    uint64_t node[] = {5, 2, 3}, by_id[] = {2, 3, 5};
    double time[] = {0.1, 0.2, 0.3}, later[] = {2, 1, 0};
    const sna_spike_list first = {3, node, time, SNA_ORDER_NONE}, second = {3, by_id, later, SNA_ORDER_NONE};
    const sna_spike_list none = {0};
    sna_outputs *outputs = NULL;
    sna_spike_writer *writer = NULL;
    sna_spikes *spikes = NULL;
    uint64_t index = 0;

    for (int text = 0; text < 2; text++) {
        assert_done(sna_outputs_create(&outputs));
        assert_done(sna_spike_writer_open(&writer, outputs, s->path, &(sna_write_options){.string_sorting = text}));
        assert_done(sna_spike_writer_population(writer, "a", &first));
        assert_done(sna_spike_writer_population(writer, "b", &second));
        assert_done(sna_spike_writer_population(writer, "c", &none));
        assert_int_equal(sna_spike_writer_population(writer, "a", &first), SNA_EINVAL);
        assert_done(sna_spike_writer_finish(writer));
        sna_spike_writer_close(writer);
        assert_done(sna_outputs_commit(outputs));
        sna_outputs_free(outputs);
        assert_done(sna_spikes_open(&spikes, s->path, &s->notes));
        check_spikes(spikes, "a", NAN, NAN, 3, node, time);
        check_spikes(spikes, "b", NAN, NAN, 3, by_id, later);
        check_spikes(spikes, "c", NAN, NAN, 0, NULL, NULL);
        assert_done(sna_spikes_find(spikes, "a", &index));
        assert_int_equal(sna_spikes_order(spikes, index), SNA_ORDER_TIME);
        assert_done(sna_spikes_find(spikes, "b", &index));
        assert_int_equal(sna_spikes_order(spikes, index), SNA_ORDER_ID);
        assert_int_equal(sna_notes_find(&s->notes, "spikes.sorting-string") != NULL, text);
        assert_null(sna_notes_find(&s->notes, "spikes.no-units"));
        sna_spikes_close(spikes);
    }
}

/* ---- reports ------------------------------------------------------------------------------------------------ */

enum { FRAMES = 50, ELEMENTS = 7 };

static double report_value(uint64_t frame, uint64_t element)
{
    return (double)frame + 100 * (double)element;
}

/* Reads everything, a few columns, many columns, every third frame. */
static void check_report(sna_report *report)
{
    double value[FRAMES * ELEMENTS];
    sna_selection columns = SNA_SELECTION;
    uint64_t first = 0, count = 0;

    assert_int_equal(sna_report_frames(report), FRAMES);
    assert_int_equal(sna_report_elements(report), ELEMENTS);
    assert_done(sna_report_read(report, 0, FRAMES, 1, NULL, value));
    for (uint64_t f = 0; f < FRAMES; f++)
        for (uint64_t e = 0; e < ELEMENTS; e++)
            assert_true(value[f * ELEMENTS + e] == report_value(f, e));
    assert_done(sna_report_columns(report, (uint64_t[]){9, 4, 100}, 3, &columns));
    assert_int_equal(sna_selection_rows(&columns), 4);
    assert_done(sna_report_read(report, 10, 13, 3, &columns, value));
    for (uint64_t f = 0; f < 13; f++) {
        static const uint64_t expected[] = {5, 6, 0, 1};
        for (uint64_t e = 0; e < 4; e++)
            assert_true(value[f * 4 + e] == report_value(10 + 3 * f, expected[e]));
    }
    /* Pieces enough for whole frames to be read. */
    sna_selection_free(&columns);
    for (int i = 0; i < 20; i++)
        assert_done(sna_selection_add(&columns, (uint64_t)(i % 2 == 0 ? 6 : 1), (uint64_t)(i % 2 == 0 ? 7 : 2)));
    for (uint64_t stride = 1; stride < 3; stride++) {
        assert_done(sna_report_read(report, 5, 10, stride, &columns, value));
        for (uint64_t f = 0; f < 10; f++)
            for (uint64_t e = 0; e < 20; e++)
                assert_true(value[f * 20 + e] == report_value(5 + stride * f, e % 2 == 0 ? 6 : 1));
    }
    sna_report_window(report, 0.3, 0.5, &first, &count);
    assert_true(first == 3 && count == 3);
    sna_report_window(report, NAN, NAN, &first, &count);
    assert_true(first == 0 && count == FRAMES);
    sna_report_window(report, 100, NAN, &first, &count);
    assert_int_equal(count, 0);
    assert_int_equal(sna_report_read(report, 0, FRAMES + 1, 1, NULL, value), SNA_ERANGE);
    assert_int_equal(sna_report_read(report, 0, 2, 0, NULL, value), SNA_EINVAL);
    assert_int_equal(sna_report_read(report, 40, 6, 2, &columns, value), SNA_ERANGE);
    sna_selection_free(&columns);
}

/* A report as another program might have written it. */
static void make_report(const char *path, const char *group, const char *mapping, const char *node_name,
                        const char *pointer_name, uint64_t pointers, hid_t type, bool units, bool sorted)
{
    double value[FRAMES * ELEMENTS];
    const hid_t file = h5_new(path);
    char name[128];

    for (uint64_t f = 0; f < FRAMES; f++)
        for (uint64_t e = 0; e < ELEMENTS; e++)
            value[f * ELEMENTS + e] = report_value(f, e);
    snprintf(name, sizeof name, "%s/data", group);
    h5_array(file, name, type, H5T_NATIVE_DOUBLE, FRAMES, ELEMENTS, value);
    if (units)
        h5_text_attribute(file, name, "units", "mV");
    snprintf(name, sizeof name, "%s/%s", mapping, node_name);
    h5_integers(file, name, H5T_STD_U64LE, 3, sorted ? (int64_t[]){4, 7, 9} : (int64_t[]){4, 10, 9});
    snprintf(name, sizeof name, "%s/%s", mapping, pointer_name);
    h5_integers(file, name, H5T_STD_U64LE, pointers, (int64_t[]){0, 2, 5, 7});
    snprintf(name, sizeof name, "%s/element_ids", mapping);
    h5_integers(file, name, H5T_STD_U32LE, ELEMENTS, (int64_t[]){0, 1, 0, 1, 2, 0, 1});
    snprintf(name, sizeof name, "%s/time", mapping);
    h5_reals(file, name, H5T_IEEE_F64LE, 3, (double[]){0, 5, 0.1});
    if (units)
        h5_text_attribute(file, name, "units", "ms");
    h5_done(file);
}

static void test_report_forms(void **state)
{
    scratch *s = *state;
    sna_report *report = NULL;

    make_report(s->path, "/report/p", "/report/p/mapping", "node_ids", "index_pointers", 4, H5T_IEEE_F32LE, true, true);
    assert_done(sna_report_open(&report, s->path, NULL, &s->notes));
    check_report(report);
    assert_string_equal(sna_report_unit(report), "mV");
    assert_true(sna_report_is_sorted(report));
    assert_null(sna_notes_find(&s->notes, "report.no-units"));
    sna_report_close(report);
    /* BMTK's: other names and types, no units. */
    make_report(s->path, "/report/p", "/report/p/mapping", "node_ids", "index_pointer", 4, H5T_IEEE_F64BE, false,
                false);
    assert_done(sna_report_open(&report, s->path, "p", &s->notes));
    check_report(report);
    assert_null(sna_report_unit(report));
    assert_false(sna_report_is_sorted(report));
    assert_non_null(sna_notes_find(&s->notes, "report.pointer-spelling"));
    assert_non_null(sna_notes_find(&s->notes, "report.no-time-units"));
    sna_report_close(report);
    /* As many pointers as nodes; and the layout of 2018. */
    make_report(s->path, "", "/mapping", "gids", "index_pointer", 3, H5T_IEEE_F64LE, false, true);
    assert_done(sna_report_open(&report, s->path, NULL, &s->notes));
    check_report(report);
    assert_string_equal(sna_report_population(report), "");
    assert_non_null(sna_notes_find(&s->notes, "report.old-layout"));
    assert_non_null(sna_notes_find(&s->notes, "report.pointers-short"));
    sna_report_close(report);
    make_report(s->path, "/v", "/mapping", "gids", "index_pointer", 4, H5T_IEEE_F64LE, false, true);
    assert_done(sna_report_open(&report, s->path, NULL, NULL));
    check_report(report);
    sna_report_close(report);
    make_report(s->path, "/report/p", "/report/p/mapping", "node_ids", "index_pointers", 2, H5T_IEEE_F32LE, true, true);
    assert_int_equal(sna_report_open(&report, s->path, NULL, NULL), SNA_EFORMAT);
    assert_contains(sna_error_message(), "2 pointers for 3 nodes");
    assert_int_equal(sna_report_open(&report, s->path, "q", NULL), SNA_ENOTFOUND);
}

static void test_report_writer(void **state)
{
    scratch *s = *state;
    const uint64_t node[] = {4, 10, 9}, pointer[] = {0, 2, 5, 7}, element[] = {0, 1, 0, 1, 2, 0, 1};
    const double position[] = {0, 0.5, 1, 0, 0.5, 1, 0};
    sna_report_layout layout = {.unit = "mV",
                                .start = 0,
                                .stop = 5,
                                .step = 0.1,
                                .node_count = 3,
                                .node_ids = node,
                                .pointers = pointer,
                                .element_ids = element,
                                .element_positions = position};
    double frame[ELEMENTS];
    sna_outputs *outputs = NULL;
    sna_report_writer *writer = NULL;
    sna_report *report = NULL;

    for (unsigned compress = 0; compress < 2; compress++) {
        const sna_write_options options = {.compress = compress * 5};
        assert_done(sna_outputs_create(&outputs));
        assert_done(sna_report_writer_open(&writer, outputs, s->path, "p", &layout, &options));
        for (uint64_t f = 0; f < FRAMES; f++) {
            for (uint64_t e = 0; e < ELEMENTS; e++)
                frame[e] = report_value(f, e);
            assert_done(sna_report_writer_append(writer, 1, frame));
            if (f == 20)
                assert_int_equal(sna_report_writer_finish(writer), SNA_EINVAL); /* too few frames */
        }
        frame[1] = 1e300;
        assert_int_equal(sna_report_writer_append(writer, 1, frame), SNA_ERANGE);
        assert_done(sna_report_writer_finish(writer));
        sna_report_writer_close(writer);
        assert_done(sna_outputs_commit(outputs));
        sna_outputs_free(outputs);
        assert_done(sna_report_open(&report, s->path, NULL, &s->notes));
        check_report(report);
        assert_true(sna_report_element_positions(report)[2] == 1);
        assert_int_equal(s->notes.count, 0);
        sna_report_close(report);
    }
    layout.pointers = element;
    assert_int_equal(sna_report_writer_open(&writer, outputs, s->path, "p", &layout, NULL), SNA_EINVAL);
}

/* ---- potentials --------------------------------------------------------------------------------------------- */

static void test_ecp(void **state)
{
    scratch *s = *state;
    double value[12];
    sna_ecp *ecp = NULL;

    for (int turned = 0; turned < 2; turned++) {
        const hid_t file = h5_new(s->path);
        double data[12];
        for (int f = 0; f < 4; f++)
            for (int c = 0; c < 3; c++)
                data[turned ? c * 4 + f : f * 3 + c] = f + 10 * c;
        h5_array(file, turned ? "/data" : "/ecp/data", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, turned ? 3 : 4,
                 turned ? 4 : 3, data);
        h5_integers(file, turned ? "/channel_id" : "/ecp/channel_id", H5T_STD_I64LE, 3, (int64_t[]){5, 6, 7});
        h5_reals(file, turned ? "/time" : "/ecp/time", H5T_IEEE_F64LE, 3, (double[]){0, 0.4, 0.1});
        h5_done(file);
        assert_done(sna_ecp_open(&ecp, s->path, &s->notes));
        assert_int_equal(sna_ecp_frames(ecp), 4);
        assert_int_equal(sna_ecp_channels(ecp), 3);
        assert_int_equal(sna_ecp_channel_ids(ecp)[1], 6);
        assert_done(sna_ecp_read(ecp, 1, 3, value));
        for (int f = 0; f < 3; f++)
            for (int c = 0; c < 3; c++)
                assert_true(value[f * 3 + c] == f + 1 + 10 * c);
        assert_int_equal(sna_ecp_read(ecp, 2, 3, value), SNA_ERANGE);
        assert_int_equal(sna_notes_find(&s->notes, "ecp.channels-first") != NULL, turned);
        sna_ecp_close(ecp);
    }
}

/* ---- the shared files --------------------------------------------------------------------------------------- */

static void test_shared_spikes(void **state)
{
    static const struct {
        const char *file, *population;
        uint64_t count;
        sna_spike_order order;
    } files[] = {{"data/spikes/bmtk_intfire_ring.h5", "v1", 532, SNA_ORDER_TIME},
                 {"data/spikes/bmtk_thalamus.h5", "thalamus", 3024, SNA_ORDER_NONE},
                 {"data/spikes/pysonata_old_layout.h5", "", 124, SNA_ORDER_TIME},
                 {"data/spikes/spikes.h5", "mix50", 9096, SNA_ORDER_TIME},
                 {"data/spikes/spikes.h5", "empty", 0, SNA_ORDER_ID},
                 {"data/bbp/reporting/spikes.h5", "default", 5, SNA_ORDER_TIME}};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path = test_shared_path(files[i].file);
        sna_spikes *spikes = NULL;
        sna_spike_list list;
        uint64_t index = 0;
        if (path == NULL)
            skip();
        assert_done(sna_spikes_open(&spikes, path, NULL));
        assert_done(sna_spikes_find(spikes, files[i].population, &index));
        assert_int_equal(sna_spikes_count(spikes, index), files[i].count);
        assert_int_equal(sna_spikes_order(spikes, index), files[i].order);
        assert_done(sna_spikes_read(spikes, index, NAN, NAN, NULL, 0, &list));
        assert_int_equal(list.count, files[i].count);
        if (files[i].order == SNA_ORDER_TIME)
            assert_int_equal(list.order, SNA_ORDER_TIME);
        sna_spike_list_free(&list);
        sna_spikes_close(spikes);
        free(path);
    }
}

static void test_shared_reports(void **state)
{
    static const struct {
        const char *file, *population;
        uint64_t frames, elements, nodes;
    } files[] = {{"data/reports/bmtk_intfire_ring_membrane_potential.h5", "v1", 30000, 1, 1},
                 {"data/spikes/soma.h5", "cells3", 10000, 3, 3},
                 {"data/bbp/reporting/compartment_named.h5", "default", 10, 7, 3},
                 {"data/bbp/reporting/soma_named.h5", "default2", 10, 3, 3}};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path = test_shared_path(files[i].file);
        sna_report *report = NULL;
        double *value = NULL;
        if (path == NULL)
            skip();
        assert_done(sna_report_open(&report, path, files[i].population, NULL));
        assert_int_equal(sna_report_frames(report), files[i].frames);
        assert_int_equal(sna_report_elements(report), files[i].elements);
        assert_int_equal(sna_report_nodes(report), files[i].nodes);
        assert_done(sna_allocate(&value, files[i].frames * files[i].elements, sizeof *value));
        assert_done(sna_report_read(report, 0, files[i].frames, 1, NULL, value));
        assert_true(isfinite(value[files[i].frames * files[i].elements - 1]));
        free(value);
        sna_report_close(report);
        free(path);
    }
    {
        char *path = test_shared_path("data/bbp/reporting/lfp_report.h5"); /* an empty file */
        sna_report *report = NULL;
        assert_int_equal(sna_report_open(&report, path, NULL, NULL), SNA_EFORMAT);
        assert_contains(sna_error_message(), "the file is empty");
        free(path);
    }
}

static void test_shared_ecp(void **state)
{
    char *path = test_shared_path("data/ecp/ecp.h5");
    sna_ecp *ecp = NULL;
    double value[15];

    (void)state;
    if (path == NULL)
        skip();
    assert_done(sna_ecp_open(&ecp, path, NULL));
    assert_int_equal(sna_ecp_frames(ecp), 1000);
    assert_int_equal(sna_ecp_channels(ecp), 15);
    assert_string_equal(sna_ecp_unit(ecp), "mV");
    assert_done(sna_ecp_read(ecp, 999, 1, value));
    sna_ecp_close(ecp);
    free(path);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_spike_forms),
        TEST(test_old_spikes),
        TEST(test_spike_csv),
        TEST(test_bad_spikes),
        TEST(test_spike_writer),
        TEST(test_report_forms),
        TEST(test_report_writer),
        TEST(test_ecp),
        cmocka_unit_test(test_shared_spikes),
        cmocka_unit_test(test_shared_reports),
        cmocka_unit_test(test_shared_ecp),
    };

    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
