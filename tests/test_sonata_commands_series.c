/* test_sonata_commands_series.c: spikes info and export, report info and export, held against the library's readers. */
#include "support.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/sonata.h"

static char *shared(const char *relative)
{
    char *full = NULL, *path = NULL;

    assert_done(sna_text_format(&full, "data/%s", relative));
    path = test_shared_path(full);
    free(full);
    if (path == NULL)
        skip();
    return path;
}

static sna_csv *parse_csv(const char *text)
{
    sna_csv *csv = NULL;

    assert_done(sna_csv_parse(&csv, text, strlen(text), ',', "stdout"));
    return csv;
}

static double number(const sna_csv *csv, uint64_t row, const char *column)
{
    double value = 0;
    const int64_t at = sna_csv_column(csv, column);

    assert_true(at >= 0);
    assert_done(sna_number_parse(&value, sna_csv_field(csv, row, (uint64_t)at)));
    return value;
}

/* ---- spikes ------------------------------------------------------------------------------------------------- */

static void spikes_are_summed_up(void **state)
{
    static const char *const names[] = {"spikes/bmtk_intfire_ring.h5", "spikes/bmtk_thalamus.h5", "spikes/spikes.h5",
                                        "spikes/pysonata_old_layout.h5", "bbp/reporting/spikes.h5"};

    (void)state;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        char *path = shared(names[n]);
        sna_spikes *spikes = NULL;
        sna_csv *csv = NULL;
        run_result result;

        run_words(&result, "spikes", "info", path, "--format", "csv", NULL);
        assert_int_equal(result.status, 0);
        csv = parse_csv(result.out);
        assert_done(sna_spikes_open(&spikes, path, NULL));
        assert_int_equal(sna_csv_rows(csv), sna_spikes_populations(spikes) + 1);
        for (uint64_t i = 0; i < sna_spikes_populations(spikes); i++) {
            sna_spike_list list = {0};
            double first = INFINITY, last = -INFINITY;
            uint64_t nodes = 0;
            assert_done(sna_spikes_read(spikes, i, NAN, NAN, NULL, 0, &list));
            assert_true(number(csv, i + 1, "spikes") == (double)list.count);
            for (uint64_t k = 0; k < list.count; k++) {
                first = list.time[k] < first ? list.time[k] : first;
                last = list.time[k] > last ? list.time[k] : last;
            }
            if (list.count > 0) {
                assert_true(number(csv, i + 1, "first") == first);
                assert_true(number(csv, i + 1, "last") == last);
            }
            assert_done(sna_spike_list_sort(&list, SNA_ORDER_ID));
            for (uint64_t k = 0; k < list.count; k++)
                nodes += k == 0 || list.node[k] != list.node[k - 1];
            assert_true(number(csv, i + 1, "nodes") == (double)nodes);
            sna_spike_list_free(&list);
        }
        sna_spikes_close(spikes);
        sna_csv_free(csv);
        run_free(&result);
        free(path);
    }
}

static void order_is_looked_at(void **state)
{
    char *folder = test_folder();
    char *path = test_file(folder, "spikes.csv",
                           "timestamps population node_ids\n1 t 5\n2 t 3\n2 i 1\n1 i 2\n9 n 4\n3 n 1\n"
                           "4 n 7\n1 b 1\n2 b 1\n");
    run_result result;

    (void)state;
    run_words(&result, "spikes", "info", path, "--format", "csv", NULL);
    assert_string_equal(result.err, "");
    assert_contains(result.out, "t,2,2,3,5,1,2,3,1,none,by time,ms\n");
    assert_contains(result.out, "i,2,2,1,2,1,2,1,1,none,by id,ms\n");
    assert_contains(result.out, "n,3,3,1,7,3,9,1,1,none,none,ms\n");
    assert_contains(result.out, "b,2,1,1,1,1,2,1,2,none,both,ms\n");
    run_free(&result);
    free(path);
    test_folder_remove(folder);
}

static void exported_spikes_read_back(void **state)
{
    char *path = shared("spikes/spikes.h5"), *folder = test_folder(), *copy = NULL;
    run_result result, compared;

    (void)state;
    run_words(&result, "spikes", "export", path, "--format", "csv", NULL);
    assert_string_equal(result.err, "");
    assert_int_equal(result.status, 0);
    copy = test_file(folder, "spikes.csv", result.out);
    run_free(&result);
    /* A population without spikes cannot stand in a CSV. */
    run_words(&compared, "network", "diff", path, copy, NULL);
    assert_contains(compared.out, "the population `empty` has spikes in A only");
    assert_null(strstr(compared.out, "\nmix50"));
    run_free(&compared);
    run_words(&compared, "network", "diff", path, copy, "--population", "mix50", NULL);
    assert_string_equal(compared.out, "No differences.\n");
    run_free(&compared);
    free(copy);
    free(path);
    test_folder_remove(folder);
}

static void spikes_are_picked_and_sorted(void **state)
{
    char *path = shared("spikes/bmtk_thalamus.h5");
    static const uint64_t wanted[] = {0, 1, 2, 7};
    sna_spikes *spikes = NULL;
    sna_spike_list list = {0};
    sna_csv *csv = NULL;
    run_result result;

    (void)state;
    run_words(&result, "spikes", "export", path, "--nodes", "0-2,7", "--times", "100:500", "--sort", "time", "--format",
              "csv", NULL);
    assert_string_equal(result.err, "");
    csv = parse_csv(result.out);
    assert_done(sna_spikes_open(&spikes, path, NULL));
    assert_done(sna_spikes_read(spikes, 0, 100, 500, wanted, 4, &list));
    assert_done(sna_spike_list_sort(&list, SNA_ORDER_TIME));
    assert_true(list.count > 10);
    assert_int_equal(sna_csv_rows(csv), list.count + 1);
    for (uint64_t i = 0; i < list.count; i++) {
        assert_true(number(csv, i + 1, "timestamps") == list.time[i]);
        assert_true(number(csv, i + 1, "node_ids") == (double)list.node[i]);
    }
    sna_csv_free(csv);
    run_free(&result);
    /* In the order of the file, the same spikes. */
    run_words(&result, "spikes", "export", path, "--nodes", "7,0-2", "--times", "100:500", "--format", "csv", NULL);
    csv = parse_csv(result.out);
    assert_int_equal(sna_csv_rows(csv), list.count + 1);
    sna_csv_free(csv);
    run_free(&result);
    run_words(&result, "spikes", "export", path, "--limit", "2", NULL);
    assert_contains(result.out, "timestamps (ms)");
    assert_contains(result.out, "The first 2 of 3024 rows.");
    run_free(&result);
    sna_spike_list_free(&list);
    sna_spikes_close(spikes);
    free(path);
}

/* ---- reports ------------------------------------------------------------------------------------------------ */

static void reports_are_summed_up(void **state)
{
    char *named = shared("bbp/reporting/compartment_named.h5"), *ecp = shared("ecp/ecp.h5"),
         *bmtk = shared("reports/bmtk_intfire_ring_membrane_potential.h5");
    run_result result;

    (void)state;
    run_words(&result, "report", "info", named, "--format", "csv", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "population,nodes,elements,frames,start,stop,step,unit,storage\n");
    assert_contains(result.out, "default,3,7,10,0,1,0.1,mV,float32\n");
    run_free(&result);
    run_words(&result, "report", "info", bmtk, "--format", "json", NULL);
    assert_contains(result.out, "30000");
    assert_contains(result.out, "float64");
    assert_contains(result.out, "the data have no `units`");
    run_free(&result);
    run_words(&result, "report", "info", ecp, "--format", "csv", NULL);
    assert_contains(result.out, ",,15,1000,0,100,0.1,mV,\n");
    run_free(&result);
    free(named);
    free(ecp);
    free(bmtk);
}

/* Every value of a report, long and wide, is what the reader gives. */
static void values_are_exported(void **state)
{
    char *path = shared("bbp/reporting/compartment_named.h5");
    sna_report *report = NULL;
    sna_csv *tall = NULL, *wide = NULL;
    double *value = NULL;
    uint64_t frames = 0, elements = 0, row = 1;
    run_result result;

    (void)state;
    assert_done(sna_report_open(&report, path, "default", NULL));
    frames = sna_report_frames(report);
    elements = sna_report_elements(report);
    assert_done(sna_allocate(&value, frames * elements, sizeof *value));
    assert_done(sna_report_read(report, 0, frames, 1, NULL, value));
    run_words(&result, "report", "export", path, "--population", "default", "--format", "csv", NULL);
    assert_string_equal(result.err, "");
    tall = parse_csv(result.out);
    run_free(&result);
    run_words(&result, "report", "export", path, "--population", "default", "--format", "csv", "--wide", NULL);
    wide = parse_csv(result.out);
    run_free(&result);
    assert_int_equal(sna_csv_rows(tall), frames * elements + 1);
    assert_int_equal(sna_csv_rows(wide), frames + 1);
    for (uint64_t f = 0; f < frames; f++)
        for (uint64_t n = 0, k = 0; n < sna_report_nodes(report); n++)
            for (uint64_t first = k; k < sna_report_pointers(report)[n + 1]; k++, row++) {
                char name[64];
                snprintf(name, sizeof name, "%" PRIu64 "[%" PRIu64 "]", sna_report_node_ids(report)[n], k - first);
                assert_true(number(tall, row, "value") == value[f * elements + k]);
                assert_true(number(wide, f + 1, name) == value[f * elements + k]);
                assert_true(number(tall, row, "node_id") == (double)sna_report_node_ids(report)[n]);
                assert_true(number(tall, row, "element_id") == (double)sna_report_element_ids(report)[k]);
                assert_true(number(tall, row, "time") == (double)f * sna_report_step(report));
            }
    sna_csv_free(tall);
    sna_csv_free(wide);
    sna_report_close(report);
    free(value);
    free(path);
}

static void windows_of_reports(void **state)
{
    char *path = shared("bbp/reporting/compartment_named.h5"), *ecp = shared("ecp/ecp.h5"),
         *bmtk = shared("reports/bmtk_intfire_ring_membrane_potential.h5");
    sna_csv *csv = NULL;
    sna_ecp *potential = NULL;
    double frame[15];
    run_result result;

    (void)state;
    run_words(&result, "report", "export", path, "--population", "default", "--nodes", "2", "--times", "0.2:0.6",
              "--stride", "2", "--format", "csv", NULL);
    assert_string_equal(result.err, "");
    csv = parse_csv(result.out);
    assert_int_equal(sna_csv_rows(csv), 3 * 3 + 1); /* 0.2, 0.4, 0.6 ms, three elements */
    assert_true(number(csv, 1, "time") == 0.2 && number(csv, 1, "node_id") == 2);
    assert_true(fabs(number(csv, 9, "time") - 0.6) < 1e-12);
    sna_csv_free(csv);
    run_free(&result);
    /* One element a node: its column is the node. Blocks follow each other without a seam. */
    run_words(&result, "report", "export", bmtk, "--wide", "--format", "csv", NULL);
    csv = parse_csv(result.out);
    assert_int_equal(sna_csv_rows(csv), 30001);
    assert_int_equal(sna_csv_fields(csv, 0), 2);
    assert_true(fabs(number(csv, 30000, "time") - 2999.9) < 1e-9);
    sna_csv_free(csv);
    run_free(&result);
    run_words(&result, "report", "export", ecp, "--nodes", "3", "--times", "5:", "--limit", "2", "--format", "csv",
              NULL);
    csv = parse_csv(result.out);
    assert_done(sna_ecp_open(&potential, ecp, NULL));
    assert_int_equal(sna_ecp_channels(potential), 15);
    assert_done(sna_ecp_read(potential, 51, 1, frame));
    assert_true(number(csv, 2, "value") == frame[3]);
    assert_true(number(csv, 2, "channel_id") == 3);
    sna_ecp_close(potential);
    sna_csv_free(csv);
    run_free(&result);
    /* A window without frames is an empty table. */
    run_words(&result, "report", "export", bmtk, "--times", "5000:6000", "--format", "csv", NULL);
    assert_int_equal(result.status, 0);
    assert_string_equal(result.out, "time,node_id,element_id,element_pos,value\n");
    run_free(&result);
    free(path);
    free(ecp);
    free(bmtk);
}

/* ---- wrong input -------------------------------------------------------------------------------------------- */

static void wrong_words(void **state)
{
    char *folder = test_folder(), *spikes = shared("spikes/spikes.h5"), *edges = shared("bbp/edges.h5"),
         *report = shared("bbp/reporting/compartment_named.h5");
    char *broken = test_file(folder, "broken.h5", "no HDF5"),
         *ragged = test_file(folder, "ragged.csv", "timestamps population node_ids\n1 a 2\nsoon a 3\n");
    const struct {
        const char *words[10], *sentence;
        int status;
    } cases[] = {
        {{"spikes", "info", NULL}, "which spike file?", 2},
        {{"spikes", "info", "a", "b", NULL}, "one file at a time", 2},
        {{"spikes", "info", "/nowhere/spikes.h5", NULL}, "/nowhere/spikes.h5", 1},
        {{"spikes", "info", broken, NULL}, "broken.h5", 3},
        {{"spikes", "info", ragged, NULL}, "ragged.csv:3: a time is expected, found \"soon\"", 3},
        {{"spikes", "info", edges, NULL}, "there is no group /spikes", 1},
        {{"spikes", "export", spikes, "--population", "nobody", NULL}, "nobody", 1},
        {{"spikes", "export", spikes, "--times", "5", NULL}, "--times: expected START:STOP in ms", 2},
        {{"spikes", "export", spikes, "--times", "9:5", NULL}, "`9:5` ends before it starts", 2},
        {{"spikes", "export", spikes, "--times", "x:5", NULL}, "--times: `x` is not a number", 2},
        {{"spikes", "export", spikes, "--nodes", "a-b", NULL}, "--nodes: `a-b` is no selection", 2},
        {{"spikes", "export", spikes, "--sort", "size", NULL}, "--sort: time or id, not `size`", 2},
        {{"report", "info", NULL}, "which report?", 2},
        {{"report", "info", spikes, NULL}, "is no report: there is no /report in it", 3},
        {{"report", "info", broken, NULL}, "broken.h5", 3},
        {{"report", "export", NULL}, "which report?", 2},
        {{"report", "export", report, NULL}, "name one of them", 2},
        {{"report", "export", report, "--population", "default", "--nodes", "77", NULL}, "has no node 77", 1},
        {{"report", "export", report, "--population", "default", "--stride", "0", NULL},
         "--stride: must be at least 1",
         2},
        {{"report", "export", edges, NULL}, "is no report", 3},
    };
    static const char *const commands[][2] = {
        {"spikes", "info"}, {"spikes", "export"}, {"report", "info"}, {"report", "export"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        run_result result;
        run_program(&result, NULL, NULL, cases[i].words);
        assert_contains(result.err, cases[i].sentence);
        assert_int_equal(result.status, cases[i].status);
        assert_string_equal(result.out, "");
        run_free(&result);
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        char *example = NULL;
        run_result result;
        assert_done(sna_text_format(&example, "Example:\n  sonatina %s %s ", commands[i][0], commands[i][1]));
        run_words(&result, commands[i][0], commands[i][1], "--help", NULL);
        assert_int_equal(result.status, 0);
        assert_contains(result.out, example);
        run_free(&result);
        free(example);
    }
    /* The group `report` is a command too: what is no name of a command is its config. */
    {
        run_result result;
        run_words(&result, "report", "/nowhere/config.json", NULL);
        assert_int_equal(result.status, 1);
        assert_contains(result.err, "/nowhere/config.json");
        run_free(&result);
    }
    free(broken);
    free(ragged);
    free(report);
    free(edges);
    free(spikes);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spikes_are_summed_up),      cmocka_unit_test(order_is_looked_at),
        cmocka_unit_test(exported_spikes_read_back), cmocka_unit_test(spikes_are_picked_and_sorted),
        cmocka_unit_test(reports_are_summed_up),     cmocka_unit_test(values_are_exported),
        cmocka_unit_test(windows_of_reports),        cmocka_unit_test(wrong_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
