/* test_plot_commands.c: the commands `plot positions`, `rotation`, `raster`, `report`, `cells`, `network`, `summary`,
 * run as a user does, on networks of both families; pictures are looked into through their scripts. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "h5_make.h"
#include "micro_network.h"

static char *folder, *config, *script;

static void write_series(void)
{
    char path[512];
    hid_t file;

    (void)snprintf(path, sizeof path, "%s/spikes.h5", folder);
    file = h5_new(path);
    h5_integers(file, "/spikes/m/node_ids", H5T_STD_I64LE, 4, (int64_t[]){4, 0, 3, 1});
    h5_reals(file, "/spikes/m/timestamps", H5T_IEEE_F64LE, 4, (double[]){10.5, 20.25, 30, 95});
    h5_done(file);
    (void)snprintf(path, sizeof path, "%s/empty.h5", folder);
    file = h5_new(path);
    h5_group(file, "/spikes/m");
    h5_done(file);
    (void)snprintf(path, sizeof path, "%s/v.h5", folder);
    file = h5_new(path);
    h5_integers(file, "/report/m/mapping/node_ids", H5T_STD_U64LE, 2, (int64_t[]){0, 3});
    h5_integers(file, "/report/m/mapping/index_pointers", H5T_STD_U64LE, 3, (int64_t[]){0, 1, 2});
    h5_integers(file, "/report/m/mapping/element_ids", H5T_STD_U32LE, 2, (int64_t[]){0, 0});
    h5_reals(file, "/report/m/mapping/time", H5T_IEEE_F64LE, 3, (double[]){0, 1.5, 0.5});
    h5_array(file, "/report/m/data", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 3, 2,
             (double[]){-65, -70, -64.5, -71, -64, -72});
    h5_text_attribute(file, "/report/m/data", "units", "mV");
    h5_done(file);
    free(test_file(folder, "simulation.json",
                   "{\"network\": \"circuit_config.json\", \"run\": {\"tstop\": 100},\n"
                   " \"output\": {\"output_dir\": \".\", \"spikes_file\": \"spikes.h5\"},\n"
                   " \"reports\": {\"v\": {\"variable_name\": \"v\", \"cells\": \"all\"}}}\n"));
}

static int set_up(void **state)
{
    (void)state;
    folder = test_folder();
    config = micro_network(folder, true);
    assert_done(sna_path_join(&script, folder, "picture.gp"));
    write_series();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(config);
    free(script);
    test_folder_remove(folder);
    return 0;
}

static char *in_folder(const char *name)
{
    char *path = NULL;

    assert_done(sna_path_join(&path, folder, name));
    return path;
}

/* Runs `plot` with some words, keeping the script; returns its text, free() it. */
static char *draw(const char *const *words)
{
    const char *all[20] = {"plot"};
    int count = 1;
    char *text = NULL;
    uint64_t size = 0;
    run_result result;

    for (int w = 0; words[w] != NULL; w++)
        all[count++] = words[w];
    all[count++] = "--script";
    all[count++] = script;
    run_program(&result, folder, NULL, all);
    if (result.status != 0)
        fail_msg("plot %s: status %d: %s", words[0], result.status, result.err);
    assert_string_equal(result.out, "");
    assert_string_equal(result.err, "");
    run_free(&result);
    assert_done(sna_file_read(&text, &size, script));
    return text;
}
#define DRAW(...) draw((const char *const[]){__VA_ARGS__, NULL})

/* ---- positions ---------------------------------------------------------------------------------------------- */

/* The three projections hold the coordinates as they are, in the colours of the palette. */
static void test_positions(void **state)
{
    char *text = DRAW("positions", config, "--no-prepend-pop");

    (void)state;
    assert_contains(text, "\n30 0 7 29362\n");     /* cell 1 in x and y, the blue of Okabe and Ito: 0x0072B2 */
    assert_contains(text, "\n100 0 7 13983232\n"); /* cell 4, of the second group: 0xD55E00 */
    assert_contains(text, "\n0 50 7 13983232\n");  /* cell 3 in x and z */
    assert_contains(text, "\n50 0 7 13983232\n");  /* and in z and y */
    assert_contains(text, "set label 'A'");
    assert_contains(text, "set label 'B'");
    assert_null(strstr(text, "Down-sampled"));
    free(text);
    text = DRAW("positions", config, "--max-cells", "2", "--views", "planes");
    assert_contains(text, "Down-sampled: 2 of 5 cells are shown.");
    free(text);
    text = DRAW("positions", config, "--nodes", "second", "--views", "planes", "--title", "Two");
    assert_contains(text, "set label 'Two'");
    assert_null(strstr(text, "\n30 0 7"));
    assert_contains(text, "\n100 0 7");
    free(text);
}

static void test_rotation(void **state)
{
    char *path = in_folder("turned.h5"), *text;
    const hid_t file = h5_new(path);

    (void)state;
    h5_integers(file, "/nodes/t/node_type_id", H5T_STD_I64LE, 2, (int64_t[]){1, 1});
    h5_reals(file, "/nodes/t/0/x", H5T_IEEE_F64LE, 2, (double[]){0, 100});
    h5_reals(file, "/nodes/t/0/y", H5T_IEEE_F64LE, 2, (double[]){0, 0});
    h5_reals(file, "/nodes/t/0/z", H5T_IEEE_F64LE, 2, (double[]){0, 0});
    h5_reals(file, "/nodes/t/0/rotation_angle_zaxis", H5T_IEEE_F64LE, 2, (double[]){0, 1});
    h5_done(file);
    text = DRAW("rotation", path, "--init-vector", "0,1,0", "--quiver-length", "20");
    assert_contains(text, "Orientation of cells");
    free(text);
    free(path);
}

/* ---- raster ------------------------------------------------------------------------------------------------- */

static void test_raster(void **state)
{
    char *spikes = in_folder("spikes.h5"), *simulation = in_folder("simulation.json"), *empty = in_folder("empty.h5");
    char *text = DRAW("raster", spikes, "--config", config, "--no-prepend-pop", "--bin", "10");

    (void)state;
    assert_contains(text, "\n10.5 4 7 13983232\n"); /* node 4 is of B, row 4 */
    assert_contains(text, "\n20.25 0 7 29362\n");
    /* One spike of the three cells of A between 20 and 30 ms: 1 / 3 / 0.01 s. */
    assert_contains(text, "\n20 33.33\n");
    /* One of the two cells of B between 10 and 20 ms. */
    assert_contains(text, "\n10 50\n");
    free(text);
    text = DRAW("raster", simulation, "--group-by", "first,second", "--nodes", "0,3");
    assert_contains(text, "m_second");
    assert_contains(text, "\n30 ");
    assert_null(strstr(text, "\n10.5 "));
    free(text);
    text = DRAW("raster", spikes, "--times", "15:40");
    assert_contains(text, "Node id");
    assert_contains(text, "\n20.25 0 7 29362\n");
    assert_null(strstr(text, "\n95 "));
    free(text);
    text = DRAW("raster", empty, "--config", config);
    assert_contains(text, "There are no spikes.");
    free(text);
    free(spikes);
    free(simulation);
    free(empty);
}

/* ---- report ------------------------------------------------------------------------------------------------- */

static void test_report(void **state)
{
    char *report = in_folder("v.h5"), *simulation = in_folder("simulation.json");
    char *text = DRAW("report", report);

    (void)state;
    assert_contains(text, "\n0 -65\n0.5 -64.5\n1 -64\nEND\n");
    assert_contains(text, "\n0 -70\n0.5 -71\n1 -72\nEND\n");
    assert_contains(text, "'v (mV)'");
    assert_contains(text, "'node 3'");
    free(text);
    text = DRAW("report", simulation, "--nodes", "second", "--times", "0.5:", "--label", "Voltage", "--apart");
    assert_null(strstr(text, "-64.5"));
    assert_contains(text, "\n0.5 -71\n1 -72\nEND\n");
    assert_contains(text, "'Voltage (mV)'");
    free(text);
    text = DRAW("report", report, "--max-traces", "1");
    assert_contains(text, "The first 1 of 2 traces are shown.");
    free(text);
    free(report);
    free(simulation);
}

/* ---- networks ----------------------------------------------------------------------------------------------- */

static void test_network(void **state)
{
    char *text = DRAW("network", config, "--no-prepend-pop", "--value", "probability");

    (void)state;
    assert_contains(text, "set label '0.5'");   /* A to A: 3 of 6 pairs */
    assert_contains(text, "set label '0.167'"); /* B to A: 1 of 6 */
    assert_contains(text, "set label '0.667'"); /* gap junctions: 2 of 3 pairs of A */
    assert_contains(text, "set label '3 cells'");
    assert_contains(text, "Dashed lines are gap junctions.");
    free(text);
    text = DRAW("network", config, "--sids", "first,second", "--value", "convergence");
    assert_contains(text, "m_first");
    free(text);
}

static void test_cells(void **state)
{
    char *text = DRAW("cells", config);

    (void)state;
    assert_contains(text, "set label 'pop_name'");
    assert_contains(text, "set label 'biophysical'");
    free(text);
}

static void test_summary(void **state)
{
    char *text = DRAW("summary", config);

    (void)state;
    assert_contains(text, "Connection probability");
    assert_contains(text, "Mean convergence");
    assert_contains(text, "Probability by distance");
    assert_contains(text, "Connections that cells receive");
    assert_contains(text, "7 connections (gap junctions not counted) onto 5 cells.");
    free(text);
}

/* Every command on networks of both families: populations without positions, of one cell, without edges. */
static void test_other_networks(void **state)
{
    static const char *const network[] = {"data/networks/sonata_5_cells_iclamp", "data/networks/bmtk_bio_intfire_ring",
                                          "data/networks/readme_correlated_gap", "data/networks/bmtk_pop_2pops",
                                          "data/bbp"};
    static const char *const kind[] = {"summary", "network", "cells", "positions"};
    bool any = false;

    (void)state;
    for (size_t n = 0; n < sizeof network / sizeof *network; n++) {
        char *path = test_shared_path(network[n]), *file = NULL;
        if (path == NULL)
            continue;
        any = true;
        assert_done(sna_path_join(&file, path, "circuit_config.json"));
        for (size_t k = 0; k < sizeof kind / sizeof *kind; k++) {
            run_result result;
            run_words(&result, "plot", kind[k], file, "--script", script, NULL);
            if (result.status != 0 && (result.status != 1 || strstr(result.err, "has a position") == NULL))
                fail_msg("%s %s: %d: %s", kind[k], network[n], result.status, result.err);
            run_free(&result);
        }
        free(path);
        free(file);
    }
    if (!any)
        skip();
}

/* ---- mistakes ----------------------------------------------------------------------------------------------- */

static void test_refusals(void **state)
{
    static const struct {
        const char *word[6];
        int status;
        const char *says;
    } bad[] = {
        {{"positions"}, 2, "a file is missing"},
        {{"positions", "no.json"}, 1, "no.json"},
        {{"positions", "circuit_config.json", "simulation.json"}, 2, "one file is expected"},
        {{"positions", "circuit_config.json", "--populations", "n"}, 1, "there is: m"},
        {{"positions", "circuit_config.json", "--group-by", "popname"}, 1, "did you mean `pop_name`?"},
        {{"positions", "circuit_config.json", "--nodes", "nobody"}, 1, "nobody"},
        {{"positions", "circuit_config.json", "--views", "top"}, 2, "all, 3d or planes"},
        {{"positions", "circuit_config.json", "--view", "12"}, 2, "2 numbers"},
        {{"positions", "circuit_config.json", "--view", "0,91"}, 2, "from -90 to 90 degrees"},
        {{"positions", "circuit_config.json", "--max-cells", "0"}, 2, "at least 1"},
        {{"rotation", "circuit_config.json"}, 1, "rotation_angle_xaxis"},
        {{"rotation", "circuit_config.json", "--init-vector", "0,0,0"}, 2, "points nowhere"},
        {{"rotation", "circuit_config.json", "--quiver-length", "-1"}, 2, "above 0 um"},
        {{"raster", "spikes.h5", "--group-by", "pop_name"}, 2, "--group-by needs --config"},
        {{"raster", "circuit_config.json"}, 1, "names no spike file"},
        {{"raster", "v.h5"}, 1, "v.h5"},
        {{"raster", "spikes.h5", "--bin", "0"}, 2, "above 0 ms"},
        {{"raster", "spikes.h5", "--times", "5:1"}, 2, "ends before it starts"},
        {{"raster", "spikes.h5", "--populations", "n"}, 1, "m"},
        {{"report", "spikes.h5"}, 3, "is no report"},
        {{"report", "v.h5", "--nodes", "7"}, 1, "no node 7"},
        {{"report", "v.h5", "--nodes", "second"}, 2, "--config"},
        {{"report", "v.h5", "--times", "9:"}, 1, "starts at 0 ms"},
        {{"report", "v.h5", "--report", "v"}, 2, "is a report itself"},
        {{"report", "simulation.json", "--report", "w"}, 1, "there is: v"},
        {{"report", "circuit_config.json"}, 1, "there is: none"},
        {{"network", "circuit_config.json", "--value", "weight"}, 2, "rows, pairs, probability or convergence"},
        {{"network", "circuit_config.json", "--sids", "popname"}, 1, "did you mean `pop_name`?"},
        {{"summary", "circuit_config.json", "-o", "a.jpg"}, 2, ".png, .svg or .pdf"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *words[8] = {"plot"};
        run_result result;

        for (int w = 0; w < 6 && bad[i].word[w] != NULL; w++)
            words[w + 1] = bad[i].word[w];
        run_program(&result, folder, NULL, words);
        if (result.status != bad[i].status)
            fail_msg("case %zu (%s %s): status %d: %s", i, bad[i].word[0], bad[i].word[1], result.status, result.err);
        assert_string_equal(result.out, "");
        assert_contains(result.err, bad[i].says);
        run_free(&result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_positions), cmocka_unit_test(test_rotation),       cmocka_unit_test(test_raster),
        cmocka_unit_test(test_report),    cmocka_unit_test(test_network),        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_summary),   cmocka_unit_test(test_other_networks), cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
