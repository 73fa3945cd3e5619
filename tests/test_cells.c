/* test_cells.c: chosen cells, where they are, how they are turned, their spikes and recordings, and what joins them. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connectivity/connectivity.h"
#include "h5_make.h"
#include "micro_network.h"

static void near(double value, double expected)
{
    if (isnan(expected) ? !isnan(value) : !(fabs(value - expected) < 1e-12))
        fail_msg("%.17g instead of %.17g", value, expected);
}

/* A circuit of two populations: `ctx` of four cells with positions (one lacks z) and angles, and `solo` of one cell
 * without either. */
typedef struct {
    char *folder, *config;
    sna_circuit *circuit;
} network;

static void write_nodes(const char *path)
{
    const hid_t file = h5_new(path);
    const double half = asin(1);

    h5_integers(file, "/nodes/ctx/node_type_id", H5T_STD_I64LE, 4, (int64_t[]){1, 1, 2, 2});
    h5_reals(file, "/nodes/ctx/0/x", H5T_IEEE_F64LE, 4, (double[]){0, 10, 20, 30});
    h5_reals(file, "/nodes/ctx/0/y", H5T_IEEE_F64LE, 4, (double[]){0, 1, 2, 3});
    h5_reals(file, "/nodes/ctx/0/z", H5T_IEEE_F64LE, 4, (double[]){5, NAN, 5, 7});
    h5_reals(file, "/nodes/ctx/0/rotation_angle_zaxis", H5T_IEEE_F64LE, 4, (double[]){0, 0, half, half});
    h5_reals(file, "/nodes/ctx/0/rotation_angle_xaxis", H5T_IEEE_F64LE, 4, (double[]){0, 0, 0, half});
    h5_integers(file, "/nodes/solo/node_type_id", H5T_STD_I64LE, 1, (int64_t[]){7});
    h5_group(file, "/nodes/solo/0");
    h5_done(file);
}

static network make(void)
{
    network self = {test_folder(), NULL, NULL};
    char *nodes = NULL;

    assert_done(sna_path_join(&nodes, self.folder, "nodes.h5"));
    write_nodes(nodes);
    free(nodes);
    free(test_file(self.folder, "types.csv", "node_type_id pop_name population\n1 PN ctx\n2 PV ctx\n7 NULL solo\n"));
    free(test_file(self.folder, "sets.json", "{\"ends\": {\"population\": \"ctx\", \"node_id\": [0, 3]}}\n"));
    self.config = test_file(self.folder, "config.json",
                            "{\"manifest\": {\"$D\": \".\"}, \"node_sets_file\": \"$D/sets.json\", \"networks\": {"
                            "\"nodes\": [{\"nodes_file\": \"$D/nodes.h5\", \"node_types_file\": \"$D/types.csv\"}],"
                            "\"edges\": []}}\n");
    assert_done(sna_circuit_open(&self.circuit, self.config));
    return self;
}

static void done(network *self)
{
    sna_circuit_close(self->circuit);
    free(self->config);
    test_folder_remove(self->folder);
}

/* ---- choosing ----------------------------------------------------------------------------------------------- */

static void test_all_cells(void **state)
{
    network it = make();
    const sna_cell_request all = {NULL, NULL, NULL, false};
    sna_cells cells = {0};
    static const char *const label[] = {"ctx_PN", "ctx_PV", "solo_(none)"};
    static const uint64_t size[] = {2, 2, 1};
    static const uint32_t group[] = {0, 0, 1, 1, 2};

    (void)state;
    assert_done(sna_cells_choose(&cells, it.circuit, &all));
    assert_int_equal(cells.count, 5);
    assert_int_equal(cells.groups, 3);
    for (uint64_t g = 0; g < 3; g++) {
        assert_string_equal(cells.group[g].label, label[g]);
        assert_int_equal(cells.group[g].count, size[g]);
    }
    for (uint64_t i = 0; i < 5; i++)
        assert_int_equal(cells.group_of[i], group[i]);
    sna_cells_free(&cells);
    done(&it);
}

static void test_some_cells(void **state)
{
    network it = make();
    static const struct {
        sna_cell_request request;
        uint64_t count, groups;
        const char *first; /* label */
    } good[] = {
        {{"solo", NULL, NULL, false}, 1, 1, "solo_(none)"}, {{"ctx", "node_type_id", NULL, true}, 4, 2, "1"},
        {{NULL, NULL, "ends", false}, 2, 2, "ctx_PN"},      {{NULL, NULL, "pop_name == 'PV'", true}, 2, 1, "PV"},
        {{NULL, NULL, "3", false}, 1, 1, "ctx_PV"}, /* `solo` has no node 3: no mistake, since ctx does */
        {{NULL, "ends", NULL, true}, 2, 1, "ends"},         {{"ctx", "population", NULL, true}, 4, 1, "ctx"},
    };
    static const struct {
        sna_cell_request request;
        int status;
        const char *says;
    } bad[] = {
        {{"ctxx", NULL, NULL, false}, SNA_ENOTFOUND, "did you mean `ctx`?"},
        {{"ctx", "layr", NULL, false}, SNA_ENOTFOUND, "rotation_angle_xaxis"},
        {{NULL, NULL, "9", false}, SNA_ERANGE, "9"},
        {{NULL, NULL, "nowhere", false}, SNA_ENOTFOUND, "nowhere"},
        {{NULL, NULL, "x > 1000", false}, SNA_ENOTFOUND, "x > 1000"},
        {{NULL, NULL, "x >", false}, SNA_EINVAL, "x >"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        sna_cells cells = {0};
        assert_done(sna_cells_choose(&cells, it.circuit, &good[i].request));
        assert_int_equal(cells.count, good[i].count);
        assert_int_equal(cells.groups, good[i].groups);
        assert_string_equal(cells.group[0].label, good[i].first);
        sna_cells_free(&cells);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sna_cells cells = {0};
        const int status = sna_cells_choose(&cells, it.circuit, &bad[i].request);
        if (status != bad[i].status)
            fail_msg("case %zu: %d, %s", i, status, sna_error_message());
        if (strstr(sna_error_message(), bad[i].says) == NULL)
            fail_msg("case %zu: %s", i, sna_error_message());
        assert_null(cells.row);
    }
    done(&it);
}

/* ---- places ------------------------------------------------------------------------------------------------- */

static void test_places(void **state)
{
    network it = make();
    const sna_cell_request all = {NULL, NULL, NULL, false};
    sna_cells cells = {0};
    sna_places places = {0};

    (void)state;
    assert_done(sna_cells_choose(&cells, it.circuit, &all));
    assert_done(sna_places_collect(&places, &cells, 100));
    assert_int_equal(places.all, 3); /* one lacks z, one has no position */
    assert_int_equal(places.count, 3);
    assert_int_equal(places.dimensions, 3);
    near(places.x[1], 20);
    near(places.y[2], 3);
    near(places.z[2], 7);
    assert_int_equal(places.id[2], 3);
    assert_int_equal(places.group[0], 0);
    assert_int_equal(places.group[1], 1);
    sna_places_free(&places);
    for (uint64_t most = 1; most <= 3; most++) {
        assert_done(sna_places_collect(&places, &cells, most));
        assert_int_equal(places.count, most);
        assert_int_equal(places.all, 3);
        near(places.x[most - 1], 30); /* the last that is taken is the last there is */
        sna_places_free(&places);
    }
    sna_cells_free(&cells);
    done(&it);
}

static void test_angles(void **state)
{
    network it = make();
    const sna_cell_request all = {NULL, NULL, NULL, false}, solo = {"solo", NULL, NULL, false};
    sna_cells cells = {0};
    sna_places places = {0};
    /* About z by 90 degrees x becomes y; then about x by 90 degrees that becomes z. In the other order it would not. */
    static const double expected[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

    (void)state;
    assert_done(sna_cells_choose(&cells, it.circuit, &all));
    assert_done(sna_places_collect(&places, &cells, 100));
    assert_done(sna_places_turn(&places, &cells, (double[]){1, 0, 0}));
    for (uint64_t k = 0; k < 3; k++) {
        near(places.dx[k], expected[k][0]);
        near(places.dy[k], expected[k][1]);
        near(places.dz[k], expected[k][2]);
    }
    sna_places_free(&places);
    sna_cells_free(&cells);
    assert_done(sna_cells_choose(&cells, it.circuit, &solo));
    assert_done(sna_places_collect(&places, &cells, 100));
    assert_int_equal(places.count, 0);
    assert_int_equal(sna_places_turn(&places, &cells, (double[]){1, 0, 0}), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "rotation_angle_xaxis");
    sna_places_free(&places);
    sna_cells_free(&cells);
    done(&it);
}

static void test_quaternions(void **state)
{
    char *folder = test_folder(), *path = NULL;
    const sna_cell_request all = {NULL, NULL, NULL, false};
    sna_circuit *circuit = NULL;
    sna_cells cells = {0};
    sna_places places = {0};
    hid_t file;
    /* None; 90 degrees about z, of length 2 sqrt 2; 180 degrees about (1, 1, 0); no rotation at all. */
    static const double expected[4][3] = {{1, 2, 3}, {-2, 1, 3}, {2, 1, -3}, {(double)NAN, (double)NAN, (double)NAN}};

    (void)state;
    assert_done(sna_path_join(&path, folder, "nodes.h5"));
    file = h5_new(path);
    h5_integers(file, "/nodes/q/node_type_id", H5T_STD_I64LE, 4, (int64_t[]){1, 1, 1, 1});
    h5_reals(file, "/nodes/q/0/x", H5T_IEEE_F64LE, 4, (double[]){0, 1, 2, 3});
    h5_reals(file, "/nodes/q/0/y", H5T_IEEE_F64LE, 4, (double[]){0, 1, 2, 3});
    h5_reals(file, "/nodes/q/0/z", H5T_IEEE_F64LE, 4, (double[]){0, 1, 2, 3});
    h5_reals(file, "/nodes/q/0/orientation_w", H5T_IEEE_F64LE, 4, (double[]){1, 2, 0, 0});
    h5_reals(file, "/nodes/q/0/orientation_x", H5T_IEEE_F64LE, 4, (double[]){0, 0, sqrt(0.5), 0});
    h5_reals(file, "/nodes/q/0/orientation_y", H5T_IEEE_F64LE, 4, (double[]){0, 0, sqrt(0.5), 0});
    h5_reals(file, "/nodes/q/0/orientation_z", H5T_IEEE_F64LE, 4, (double[]){0, 2, 0, 0});
    h5_done(file);
    assert_done(sna_circuit_open(&circuit, path));
    assert_done(sna_cells_choose(&cells, circuit, &all));
    assert_done(sna_places_collect(&places, &cells, 100));
    assert_done(sna_places_turn(&places, &cells, (double[]){1, 2, 3}));
    for (uint64_t k = 0; k < 4; k++) {
        near(places.dx[k], expected[k][0]);
        near(places.dy[k], expected[k][1]);
        near(places.dz[k], expected[k][2]);
    }
    sna_places_free(&places);
    sna_cells_free(&cells);
    sna_circuit_close(circuit);
    free(path);
    test_folder_remove(folder);
}

/* ---- spikes ------------------------------------------------------------------------------------------------- */

static sna_spikes *write_spikes(const char *folder)
{
    char *path = NULL;
    sna_spikes *spikes = NULL;
    hid_t file;

    assert_done(sna_path_join(&path, folder, "spikes.h5"));
    file = h5_new(path);
    h5_integers(file, "/spikes/ctx/node_ids", H5T_STD_I64LE, 5, (int64_t[]){3, 0, 2, 9, 0});
    h5_reals(file, "/spikes/ctx/timestamps", H5T_IEEE_F64LE, 5, (double[]){1, 2, 3, 4, 50});
    h5_integers(file, "/spikes/other/node_ids", H5T_STD_I64LE, 1, (int64_t[]){1});
    h5_reals(file, "/spikes/other/timestamps", H5T_IEEE_F64LE, 1, (double[]){7});
    h5_done(file);
    assert_done(sna_spikes_open(&spikes, path, NULL));
    free(path);
    return spikes;
}

static void test_spike_rows(void **state)
{
    network it = make();
    sna_spikes *spikes = write_spikes(it.folder);
    /* By a property that puts 0 and 2 together: rows 0 and 1 are of one group, 2 and 3 of the other. */
    const sna_cell_request all = {NULL, NULL, NULL, false}, solo = {"solo", NULL, NULL, false},
                           some = {"ctx", NULL, "0,2", false};
    sna_cells cells = {0};
    sna_spike_rows rows = {.name = SNA_LIST};
    static const double time[] = {1, 2, 3}, row[] = {3, 0, 2};
    static const uint32_t group[] = {1, 0, 1};

    (void)state;
    assert_done(sna_cells_choose(&cells, it.circuit, &all));
    assert_done(sna_spike_rows_of_cells(&rows, spikes, &cells, NAN, 40));
    assert_int_equal(rows.count, 3);
    assert_int_equal(rows.rows, 5);
    assert_int_equal(rows.strangers, 1);
    assert_int_equal(rows.name.count, 3);
    assert_int_equal(rows.cells[1], 2);
    for (uint64_t i = 0; i < 3; i++) {
        near(rows.time[i], time[i]);
        near(rows.row[i], row[i]);
        assert_int_equal(rows.group[i], group[i]);
    }
    sna_spike_rows_free(&rows);
    sna_cells_free(&cells);
    assert_done(sna_cells_choose(&cells, it.circuit, &some));
    assert_done(sna_spike_rows_of_cells(&rows, spikes, &cells, NAN, NAN));
    assert_int_equal(rows.count, 3); /* two of node 0, one of node 2 */
    assert_int_equal(rows.rows, 2);
    sna_spike_rows_free(&rows);
    sna_cells_free(&cells);
    assert_done(sna_cells_choose(&cells, it.circuit, &solo));
    assert_int_equal(sna_spike_rows_of_cells(&rows, spikes, &cells, NAN, NAN), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "no spikes of solo; its populations: ctx, other");
    sna_spike_rows_free(&rows);
    sna_cells_free(&cells);
    assert_done(sna_spike_rows_of_file(&rows, spikes, NULL, NULL, NAN, NAN));
    assert_int_equal(rows.count, 6);
    assert_int_equal(rows.rows, 12); /* 0 .. 9 of ctx, then 0 and 1 of other */
    near(rows.row[5], 11);
    assert_null(rows.cells);
    sna_spike_rows_free(&rows);
    assert_int_equal(sna_spike_rows_of_file(&rows, spikes, "x", NULL, NAN, NAN), SNA_ENOTFOUND);
    sna_spike_rows_free(&rows);
    sna_spikes_close(spikes);
    done(&it);
}

/* ---- recordings --------------------------------------------------------------------------------------------- */

enum { FRAMES = 1000, ELEMENTS = 5 };

static double recorded(uint64_t frame, uint64_t element)
{
    return (double)((frame * 7919 + element * 104729) % 1009) - 500;
}

/* Nodes 4 (two elements), 2 (one) and 9 (two); a frame every 0.5 ms from 10 ms. */
static char *write_report(const char *folder)
{
    char *path = NULL;
    double *value = calloc(FRAMES * ELEMENTS, sizeof *value);
    hid_t file;

    assert_non_null(value);
    assert_done(sna_path_join(&path, folder, "v.h5"));
    for (uint64_t f = 0; f < FRAMES; f++) {
        for (uint64_t e = 0; e < ELEMENTS; e++)
            value[f * ELEMENTS + e] = recorded(f, e);
    }
    file = h5_new(path);
    h5_integers(file, "/report/ctx/mapping/node_ids", H5T_STD_U64LE, 3, (int64_t[]){4, 2, 9});
    h5_integers(file, "/report/ctx/mapping/index_pointers", H5T_STD_U64LE, 4, (int64_t[]){0, 2, 3, 5});
    h5_integers(file, "/report/ctx/mapping/element_ids", H5T_STD_U32LE, ELEMENTS, (int64_t[]){0, 6, 0, 0, 6});
    h5_reals(file, "/report/ctx/mapping/element_pos", H5T_IEEE_F64LE, ELEMENTS, (double[]){0.5, 0.25, 0.5, 0.5, 0.75});
    h5_reals(file, "/report/ctx/mapping/time", H5T_IEEE_F64LE, 3, (double[]){10, 10 + FRAMES * 0.5, 0.5});
    h5_array(file, "/report/ctx/data", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, FRAMES, ELEMENTS, value);
    h5_text_attribute(file, "/report/ctx/data", "units", "mV");
    h5_done(file);
    free(value);
    return path;
}

static void test_recording(void **state)
{
    char *folder = test_folder(), *path = write_report(folder);
    sna_recording_request request = {.path = path, .start = NAN, .stop = NAN};
    sna_recording it = {.name = SNA_LIST};
    sna_selection nodes = SNA_SELECTION;

    (void)state;
    assert_done(sna_recording_read(&it, &request));
    assert_int_equal(it.count, 3);
    assert_true(it.first_only);
    assert_string_equal(it.unit, "mV");
    assert_string_equal(it.name.text[1], "node 2");
    assert_int_equal(it.points, FRAMES);
    near(it.time[FRAMES + 3], 11.5);
    near(it.value[2 * FRAMES + 17], recorded(17, 3)); /* the first element of node 9 */
    sna_recording_free(&it);

    assert_done(sna_selection_add(&nodes, 9, 10));
    request.nodes = &nodes;
    request.all_elements = true;
    request.start = 20;
    request.stop = 21;
    request.most = 1;
    assert_done(sna_recording_read(&it, &request));
    assert_int_equal(it.count, 1);
    assert_int_equal(it.all, 2);
    assert_int_equal(it.points, 3);
    assert_string_equal(it.name.text[0], "node 9, section 0 at 0.5");
    near(it.time[0], 20);
    near(it.value[2], recorded(22, 3));
    sna_recording_free(&it);
    sna_selection_free(&nodes);
    free(path);
    test_folder_remove(folder);
}

/* Thinned, a trace keeps its extremes over every stretch of bins, and its times ascend. */
static void test_thinned(void **state)
{
    char *folder = test_folder(), *path = write_report(folder);
    const sna_recording_request request = {.path = path, .start = NAN, .stop = NAN, .bins = 70, .all_elements = true};
    sna_recording it = {.name = SNA_LIST};
    const uint64_t per_bin = (FRAMES + 69) / 70;

    (void)state;
    assert_done(sna_recording_read(&it, &request));
    assert_int_equal(it.count, ELEMENTS);
    assert_int_equal(it.points, 2 * ((FRAMES + per_bin - 1) / per_bin));
    for (uint64_t e = 0; e < ELEMENTS; e++) {
        const double *time = it.time + e * it.points, *value = it.value + e * it.points;
        for (uint64_t b = 0; 2 * b < it.points; b++) {
            double low = INFINITY, high = -INFINITY;
            for (uint64_t f = b * per_bin; f < (b + 1) * per_bin && f < FRAMES; f++) {
                low = fmin(low, recorded(f, e));
                high = fmax(high, recorded(f, e));
            }
            near(fmin(value[2 * b], value[2 * b + 1]), low);
            near(fmax(value[2 * b], value[2 * b + 1]), high);
            assert_true(time[2 * b] <= time[2 * b + 1]);
            assert_true(b == 0 || time[2 * b - 1] < time[2 * b]);
        }
    }
    sna_recording_free(&it);
    free(path);
    test_folder_remove(folder);
}

static void test_recording_refusals(void **state)
{
    char *folder = test_folder(), *path = write_report(folder), *text = test_file(folder, "a.h5", "no HDF5");
    sna_recording_request request = {.path = path, .start = 5000, .stop = NAN};
    sna_recording it = {.name = SNA_LIST};
    sna_selection nodes = SNA_SELECTION;

    (void)state;
    assert_int_equal(sna_recording_read(&it, &request), SNA_ERANGE);
    assert_contains(sna_error_message(), "starts at 10 ms");
    sna_recording_free(&it);
    request.start = NAN;
    assert_done(sna_selection_add(&nodes, 5, 8));
    request.nodes = &nodes;
    assert_int_equal(sna_recording_read(&it, &request), SNA_ERANGE);
    assert_contains(sna_error_message(), "no node 5 nor the others");
    sna_recording_free(&it);
    request.nodes = NULL;
    request.population = "cxt";
    assert_int_equal(sna_recording_read(&it, &request), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "ctx");
    sna_recording_free(&it);
    request = (sna_recording_request){.path = text, .start = NAN, .stop = NAN};
    assert_true(sna_recording_read(&it, &request) != 0);
    sna_recording_free(&it);
    sna_selection_free(&nodes);
    free(path);
    free(text);
    test_folder_remove(folder);
}

/* ---- schemes ------------------------------------------------------------------------------------------------ */

static void test_scheme(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, true);
    const sna_survey_request request = {.measure = 0};
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    sna_table *nodes = NULL, *links = NULL;
    /* source, target, effect, rows, pairs, probability, convergence; see micro_network.h */
    static const struct {
        const char *source, *target, *effect;
        double number[4];
    } expected[] = {{"m_A", "m_A", NULL, {3, 3, 0.5, 1}},
                    {"m_A", "m_B", NULL, {3, 3, 0.5, 1.5}},
                    {"m_B", "m_A", NULL, {1, 1, 1.0 / 6, 1.0 / 3}},
                    {"m_A", "m_A", "gap junction", {(double)NAN, 2, 2.0 / 3, (double)NAN}}};

    (void)state;
    assert_done(sna_circuit_open(&circuit, config));
    assert_done(sna_survey_run_scheme(&survey, circuit, &request));
    assert_done(sna_survey_scheme(survey, &nodes, &links));
    assert_int_equal(sna_table_rows(nodes), 2);
    assert_string_equal(sna_table_row_label(nodes, 0), "m_A");
    assert_int_equal(sna_table_integer(nodes, 0, 1), 3);
    assert_int_equal(sna_table_rows(links), 4);
    for (uint64_t row = 0; row < 4; row++) {
        assert_string_equal(sna_table_text(links, row, 0), expected[row].source);
        assert_string_equal(sna_table_text(links, row, 1), expected[row].target);
        if (expected[row].effect == NULL)
            assert_null(sna_table_text(links, row, 2));
        else
            assert_string_equal(sna_table_text(links, row, 2), expected[row].effect);
        for (uint64_t c = 0; c < 4; c++)
            near(sna_table_is_missing(links, row, 3 + c) ? (double)NAN : sna_table_real(links, row, 3 + c),
                 expected[row].number[c]);
    }
    sna_table_free(nodes);
    sna_table_free(links);
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    free(config);
    test_folder_remove(folder);
}

/* What connections do, from names of parameters and from what cells say; cells go first. */
static void test_effects(void **state)
{
    static const struct {
        const char *nodes, *edges; /* types CSVs */
        const char *aa, *ab, *ba;  /* effects of the three blocks */
    } given[] = {
        {"node_type_id pop_name\n1 A\n2 B\n",
         "edge_type_id dynamics_params\n100 AMPA_AA.json\n101 exp2_NMDA.json\n102 GABA_slow.json\n", "excites",
         "excites", "inhibits"},
        {"node_type_id pop_name\n1 A\n2 B\n",
         "edge_type_id dynamics_params\n100 instantExc.json\n101 NULL\n102 instant_inh.json\n", "excites", NULL,
         "inhibits"},
        {"node_type_id pop_name\n1 A\n2 B\n", "edge_type_id syn_weight\n100 -1\n101 1\n102 0\n", "inhibits", NULL,
         NULL},
        {"node_type_id pop_name ei\n1 A i\n2 B e\n",
         "edge_type_id dynamics_params\n100 AMPA.json\n101 AMPA.json\n102 x\n", "inhibits", "inhibits", "excites"},
        {"node_type_id pop_name synapse_class\n1 A EXC\n2 B INH\n",
         "edge_type_id dynamics_params\n100 x\n101 x\n102 x\n", "excites", "excites", "inhibits"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        char *folder = test_folder(), *config = micro_network(folder, false);
        const sna_survey_request request = {.measure = 0};
        const char *const expected[] = {given[i].aa, given[i].ab, given[i].ba};
        sna_circuit *circuit = NULL;
        sna_survey *survey = NULL;
        sna_table *nodes = NULL, *links = NULL;

        free(test_file(folder, "node_types.csv", given[i].nodes));
        free(test_file(folder, "edge_types.csv", given[i].edges));
        assert_done(sna_circuit_open(&circuit, config));
        assert_done(sna_survey_run_scheme(&survey, circuit, &request));
        assert_done(sna_survey_scheme(survey, &nodes, &links));
        assert_int_equal(sna_table_rows(links), 3);
        for (uint64_t row = 0; row < 3; row++) {
            const char *const found = sna_table_text(links, row, 2);
            if ((found == NULL) != (expected[row] == NULL) || (found != NULL && strcmp(found, expected[row]) != 0))
                fail_msg("case %zu, link %d: %s", i, (int)row, found == NULL ? "nothing" : found);
        }
        sna_table_free(nodes);
        sna_table_free(links);
        sna_survey_free(survey);
        sna_circuit_close(circuit);
        free(config);
        test_folder_remove(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_cells), cmocka_unit_test(test_some_cells),  cmocka_unit_test(test_places),
        cmocka_unit_test(test_angles),    cmocka_unit_test(test_quaternions), cmocka_unit_test(test_spike_rows),
        cmocka_unit_test(test_recording), cmocka_unit_test(test_thinned),     cmocka_unit_test(test_recording_refusals),
        cmocka_unit_test(test_scheme),    cmocka_unit_test(test_effects),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
