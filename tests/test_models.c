/* test_models.c: cells from morphologies, fits and circuits: against geometry by hand, the d-lambda formula, and nrniv
 * running hand-written hoc for the same cell. */
#include "cell_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/sonata.h"

static char *branched, *perisomatic, *all_active, *potassium;
static const double PI_ = 3.14159265358979323846;

static void describe(sna_cell_description *out, const sna_cell_source *source)
{
    sna_cell_setup setup = SNA_CELL_SETUP_DEFAULT;
    sna_cell_model *model = NULL;

    setup.timeout = 60;
    assert_done(sna_cell_model_create(&model, source));
    assert_done(sna_cell_describe(out, model, &setup));
    sna_cell_model_free(model);
}

static uint64_t row_of(const sna_table *table, const char *label)
{
    for (uint64_t i = 0; i < sna_table_rows(table); i++) {
        if (strcmp(sna_table_row_label(table, i), label) == 0)
            return i;
    }
    print_error("no row %s\n", label);
    fail();
    return 0;
}

static double value_of(const sna_cell_description *cell, const char *section, const char *parameter)
{
    for (uint64_t i = 0; i < sna_table_rows(cell->parameters); i++) {
        if (strcmp(sna_table_row_label(cell->parameters, i), section) == 0 &&
            strcmp(sna_table_text(cell->parameters, i, 1), parameter) == 0)
            return sna_table_real(cell->parameters, i, 2);
    }
    return NAN;
}

/* ---- geometry -----------------------------------------------------------------------------------------------------
 */

/* The lateral area of a frustum. */
static double frustum(double length, double d1, double d2)
{
    return PI_ * (d1 + d2) / 2 * sqrt(length * length + (d1 - d2) * (d1 - d2) / 4);
}

static void geometry_is_that_of_the_file(void **state)
{
    /* A single point of radius 10 is a cylinder of length and diameter 20; a branch off the soma starts at its own
     * first point, with the diameter of its second. */
    static const struct {
        const char *section, *parent;
        double length, d1, d2;
    } expected[] = {{"soma[0]", NULL, 20, 20, 20},     {"axon[0]", "soma[0]", 100, 0, 0},
                    {"dend[0]", "soma[0]", 200, 2, 2}, {"dend[1]", "dend[0]", 100, 2, 1},
                    {"dend[2]", "dend[0]", 150, 2, 1}, {"apic[0]", "soma[0]", 400, 2, 2}};
    const sna_cell_source source = {.swc = branched, .nseg_one = true};
    sna_cell_description cell;

    (void)state;
    describe(&cell, &source);
    assert_int_equal(sna_table_rows(cell.sections), 6);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const uint64_t row = row_of(cell.sections, expected[i].section);
        const char *parent = sna_table_text(cell.sections, row, 0);
        assert_near(sna_table_real(cell.sections, row, 1), expected[i].length, 1e-4 * expected[i].length);
        assert_int_equal(sna_table_integer(cell.sections, row, 3), 1);
        assert_true((parent == NULL) == (expected[i].parent == NULL));
        if (parent != NULL)
            assert_string_equal(parent, expected[i].parent);
        if (strcmp(expected[i].section, "dend[1]") == 0 || strcmp(expected[i].section, "dend[2]") == 0 ||
            strcmp(expected[i].section, "dend[0]") == 0 || strcmp(expected[i].section, "soma[0]") == 0)
            assert_near(sna_table_real(cell.sections, row, 4),
                        frustum(expected[i].length, expected[i].d1, expected[i].d2), 0.01);
    }
    sna_cell_description_free(&cell);
}

/* nseg = smallest odd number that makes segments shorter than 0.1 lambda(100 Hz), lambda = sqrt(d / (4 pi f Ra cm)) in
 * the units of NEURON; for a cylinder, where the diameter does not change. */
static void segments_follow_the_d_lambda_rule(void **state)
{
    static const char text[] = "1 1 0 0 0 8 -1\n2 3 8 0 0 0.75 1\n3 3 508 0 0 0.75 2\n";
    static const struct {
        const char *set;
        double ra, cm;
    } cases[] = {{"Ra=35.4", 35.4, 1}, {"dend.Ra=150", 150, 1}, {"cm=3", 35.4, 3}, {"dend.Ra=2500", 2500, 1}};
    char *folder = test_folder(), *path = test_file(folder, "stick.swc", text);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const set[] = {cases[i].set};
        const sna_cell_source source = {.swc = path, .set = set, .set_count = 1};
        const double lambda = 1e5 * sqrt(1.5 / (4 * PI_ * 100 * cases[i].ra * cases[i].cm));
        sna_cell_description cell;
        int64_t nseg;
        describe(&cell, &source);
        nseg = sna_table_integer(cell.sections, row_of(cell.sections, "dend[0]"), 3);
        assert_true(nseg % 2 == 1);
        assert_true(500 / (double)nseg <= 0.1 * lambda * 1.01);
        assert_true(nseg == 1 || 500 / (double)(nseg - 2) > 0.1 * lambda * 0.99);
        sna_cell_description_free(&cell);
    }
    free(path);
    test_folder_remove(folder);
}

/* ---- fits ---------------------------------------------------------------------------------------------------------
 */

static sna_cell_source fitted(const char *fit, sna_processing processing)
{
    return (sna_cell_source){.swc = branched, .fit = fit, .processing = processing, .mod_folder = potassium};
}

static void a_perisomatic_fit_gives_its_parameters(void **state)
{
    const sna_cell_source source = fitted(perisomatic, SNA_PERISOMATIC);
    sna_cell_description cell;
    uint64_t row;

    (void)state;
    describe(&cell, &source);
    for (int i = 0; i < 2; i++) {
        row = row_of(cell.sections, i == 0 ? "axon[0]" : "axon[1]");
        assert_string_equal(sna_table_text(cell.sections, row, 0), i == 0 ? "soma[0]" : "axon[0]");
        assert_near(sna_table_real(cell.sections, row, 1), 30, 1e-6);
        assert_near(sna_table_real(cell.sections, row, 2), 1, 1e-6);
        assert_near(sna_table_real(cell.sections, row, 4), PI_ * 30, 1e-3);
    }
    assert_int_equal(sna_table_rows(cell.sections), 7);
    assert_near(sna_table_real(cell.sections, row_of(cell.sections, "soma[0]"), 5), 120.5, 0);
    assert_near(sna_table_real(cell.sections, row_of(cell.sections, "axon[1]"), 6), 1.5, 0);
    assert_near(sna_table_real(cell.sections, row_of(cell.sections, "dend[2]"), 6), 2.5, 0);
    assert_near(sna_table_real(cell.sections, row_of(cell.sections, "apic[0]"), 6), 2.25, 0);
    assert_near(value_of(&cell, "soma[0]", "gbar_k"), 0.0005, 0);
    assert_true(isnan(value_of(&cell, "dend[0]", "gbar_k")));
    assert_near(value_of(&cell, "soma[0]", "ek"), -107, 0);
    assert_near(value_of(&cell, "axon[0]", "g_pas"), 0.0006, 0);
    assert_near(value_of(&cell, "dend[1]", "g_pas"), 2.5e-05, 0);
    assert_near(value_of(&cell, "apic[0]", "e_pas"), -81.25, 0);
    assert_near(sna_record_get_real(cell.record, "celsius"), 34, 0);
    assert_near(sna_record_get_real(cell.record, "v_init"), -81.25, 0);
    sna_cell_description_free(&cell);
}

static void an_all_active_fit_keeps_the_thickness_of_the_axon(void **state)
{
    const sna_cell_source source = fitted(all_active, SNA_ALL_ACTIVE), bare = {.swc = branched, .nseg_one = true};
    sna_cell_description cell, before;
    double diameter;

    (void)state;
    describe(&before, &bare);
    diameter = sna_table_real(before.sections, row_of(before.sections, "axon[0]"), 2);
    sna_cell_description_free(&before);
    describe(&cell, &source);
    for (int i = 0; i < 2; i++)
        assert_near(sna_table_real(cell.sections, row_of(cell.sections, i == 0 ? "axon[0]" : "axon[1]"), 2), diameter,
                    1e-6);
    assert_near(value_of(&cell, "axon[0]", "ek"), -95, 0);
    assert_near(value_of(&cell, "soma[0]", "e_pas"), -85, 0);
    assert_near(sna_table_real(cell.sections, row_of(cell.sections, "apic[0]"), 6), 2.4, 0);
    sna_cell_description_free(&cell);
}

/* An axon along one straight line: the stub goes along it, 60 um from the last point of the soma. */
static void a_directed_stub_goes_where_the_axon_went(void **state)
{
    static const char text[] = "1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 105 0 0 1 2\n4 4 0 5 0 1 1\n5 4 0 50 0 1 4\n"
                               "6 2 -3 -4 0 0.5 1\n7 2 -30 -40 0 0.5 6\n8 2 -60 -80 0 0.5 7\n";
    char *folder = test_folder(), *path = test_file(folder, "straight.swc", text);
    const sna_cell_source source = {
        .swc = path, .fit = perisomatic, .processing = SNA_PERISOMATIC_DIRECTED, .mod_folder = potassium};
    sna_cell_description cell;
    int pieces = 0;

    (void)state;
    describe(&cell, &source);
    for (uint64_t i = 0; i + 1 < cell.points; i++) {
        if (cell.section[i] != cell.section[i + 1] ||
            strncmp(sna_table_row_label(cell.sections, cell.section[i]), "axon", 4) != 0)
            continue;
        pieces++;
        assert_near(cell.x[i + 1] - cell.x[i], -0.6 * 30, 1e-3);
        assert_near(cell.y[i + 1] - cell.y[i], -0.8 * 30, 1e-3);
        assert_near(cell.z[i + 1] - cell.z[i], 0, 1e-3);
    }
    assert_int_equal(pieces, 2);
    sna_cell_description_free(&cell);
    free(path);
    test_folder_remove(folder);
}

static const char BY_HAND[] = "load_file(\"stdrun.hoc\")\n"
                              "load_file(\"import3d.hoc\")\n"
                              "nrn_load_dll(\"%s\")\n"
                              "begintemplate Hand\n"
                              "public soma, dend, apic, axon, all, somatic, axonal, basal, apical\n"
                              "objref all, somatic, axonal, basal, apical, this\n"
                              "create soma[1], dend[1], apic[1], axon[1]\n"
                              "proc init() { localobj r, g\n"
                              "    all = new SectionList() somatic = new SectionList() axonal = new SectionList()\n"
                              "    basal = new SectionList() apical = new SectionList()\n"
                              "    r = new Import3d_SWC_read()\n"
                              "    r.quiet = 1\n"
                              "    r.input(\"%s\")\n"
                              "    g = new Import3d_GUI(r, 0)\n"
                              "    g.instantiate(this)\n"
                              "    forsec axonal delete_section()\n"
                              "    create axon[2]\n"
                              "    for i = 0, 1 axon[i] { L = 30 diam = 1 }\n"
                              "    soma[0] connect axon[0](0), 0.5\n"
                              "    axon[0] connect axon[1](0), 1\n"
                              "    define_shape()\n"
                              "    forall { insert pas Ra = 120.5 e_pas = -81.25 }\n"
                              "    soma[0] { insert k cm = 1.5 gbar_k = 0.0005 g_pas = 0.0001 ek = -107 }\n"
                              "    for i = 0, 1 axon[i] { cm = 1.5 g_pas = 0.0006 }\n"
                              "    for i = 0, 2 dend[i] { cm = 2.5 g_pas = 2.5e-05 }\n"
                              "    apic[0] { cm = 2.25 g_pas = 3.5e-05 }\n"
                              "    if (%d) forall nseg = 1 + 2 * int((L / (0.1 * lambda_f(100)) + 0.999) / 2)\n"
                              "}\n"
                              "external lambda_f\n"
                              "endtemplate Hand\n"
                              "objref cell_, clamp_, trace_\n"
                              "cell_ = new Hand()\n"
                              "cell_.soma[0] clamp_ = new IClamp(0.5)\n"
                              "{ clamp_.del = 20 clamp_.dur = 60 clamp_.amp = 0.15 }\n"
                              "trace_ = new Vector()\n"
                              "{ trace_.record(&cell_.dend[1].v(0.5)) }\n"
                              "{ celsius = 34 v_init = -81.25 tstop = 100 }\n"
                              "{ run() }\n"
                              "print \"TRACE\"\n"
                              "for i = 0, trace_.size() - 1 printf(\"%%.17g\\n\", trace_.x[i])\n"
                              "quit()\n";

static void a_fit_runs_as_the_same_model_written_by_hand(void **state)
{
    (void)state;
    for (int one = 0; one < 2; one++) {
        sna_cell_source source = fitted(perisomatic, SNA_PERISOMATIC);
        sna_cell_setup setup = SNA_CELL_SETUP_DEFAULT;
        sna_clamp_options options = SNA_CLAMP_DEFAULT;
        sna_cell_model *model = NULL;
        sna_cell_result result;
        const sna_record *conditions, *provenance;
        char *script = NULL, *by_hand = NULL, *declared;
        double *expected = NULL;
        uint64_t count;

        source.nseg_one = one == 1;
        options.delay = 20;
        options.duration = 60;
        options.stop = 100;
        options.amplitude = 150;
        setup.record = "dend[1](0.5)";
        setup.timeout = 60;
        assert_done(sna_cell_model_create(&model, &source));
        assert_done(sna_cell_clamp(&result, model, &setup, &options));
        conditions = sna_record_get_record(result.record, "conditions");
        provenance = sna_record_get_record(result.record, "provenance");
        assert_near(sna_record_get_real(conditions, "celsius"), 34, 0);
        assert_near(sna_record_get_real(conditions, "v_init"), -81.25, 0);
        assert_string_equal(sna_record_get_text(sna_record_get_record(conditions, "from"), "celsius"), "fit");
        assert_string_equal(sna_record_get_text(sna_record_get_record(conditions, "from"), "v_init"), "fit");
        assert_done(
            sna_text_format(&script, BY_HAND, sna_record_get_text(provenance, "mechanisms"), branched, one == 0));
        /* hoc wants to know of functions from outside before they are used. */
        declared = strstr(script, "external lambda_f\n");
        assert_non_null(declared);
        memset(declared, ' ', strlen("external lambda_f"));
        declared = strstr(script, "begintemplate Hand\n") + strlen("begintemplate Hand\n");
        assert_done(sna_text_format(&by_hand, "%.*sexternal lambda_f\n%s", (int)(declared - script), script, declared));
        count = run_nrniv(NULL, by_hand, &expected);
        assert_int_equal(count, 4001);
        assert_int_equal(result.simulation.trace[0].count, count);
        assert_memory_equal(result.simulation.trace[0].voltage, expected, (size_t)count * sizeof *expected);
        free(expected);
        free(by_hand);
        free(script);
        sna_cell_result_free(&result);
        sna_cell_model_free(model);
    }
}

/* ---- insert and set -------------------------------------------------------------------------------------------------
 */

/* A ball alone: r_in = 1 / (g area), to the last digits. */
static void a_passive_ball_has_its_input_resistance(void **state)
{
    static const char *const insert[] = {"pas"}, *const set[] = {"g_pas=2e-4", "e_pas=-72"};
    char *folder = test_folder(), *path = test_file(folder, "ball.swc", "# a ball\r\n1 1 0 0 0 10 -1\r\n");
    const sna_cell_source source = {.swc = path, .insert = insert, .insert_count = 1, .set = set, .set_count = 2};
    sna_cell_setup setup = SNA_CELL_SETUP_DEFAULT;
    const sna_passive_options options = SNA_PASSIVE_DEFAULT;
    sna_cell_model *model = NULL;
    sna_cell_result result;

    (void)state;
    setup.v_init = -72;
    assert_done(sna_cell_model_create(&model, &source));
    assert_done(sna_cell_passive(&result, model, &setup, &options));
    assert_near(sna_record_get_real(result.record, "v_rest"), -72, 1e-9);
    assert_near(sna_record_get_real(result.record, "r_in"), 1e-6 / (2e-4 * PI_ * 400 * 1e-8), 1e-3);
    sna_cell_result_free(&result);
    sna_cell_model_free(model);
    free(path);
    test_folder_remove(folder);
}

static void a_template_takes_insert_and_set_too(void **state)
{
    static const char *const insert[] = {"hh"}, *const set[] = {"gnabar_hh=0.2", "dend.Ra=77"};
    char *path = test_source_path("tests/models/hoc/reference_cells.hoc");
    const char *const hoc[] = {path};
    const sna_cell_source source = {.hoc = hoc,
                                    .hoc_count = 1,
                                    .template_name = "PassiveBallStick",
                                    .insert = insert,
                                    .insert_count = 1,
                                    .set = set,
                                    .set_count = 2};
    sna_cell_description cell;

    (void)state;
    describe(&cell, &source);
    assert_int_equal(sna_table_rows(cell.sections), 2);
    assert_near(value_of(&cell, "soma", "gnabar_hh"), 0.2, 0);
    assert_near(value_of(&cell, "dend", "gnabar_hh"), 0.2, 0);
    assert_near(value_of(&cell, "dend", "g_pas"), 5e-5, 0);
    assert_near(sna_table_real(cell.sections, row_of(cell.sections, "soma"), 5), 100, 0);
    assert_near(sna_table_real(cell.sections, row_of(cell.sections, "dend"), 5), 77, 0);
    assert_int_equal(sna_table_integer(cell.sections, row_of(cell.sections, "dend"), 3), 51);
    assert_true(cell.points > 0);
    sna_cell_description_free(&cell);
    free(path);
}

/* ---- a real reconstruction ------------------------------------------------------------------------------------------
 */

static void a_morphology_of_a_circuit_is_read(void **state)
{
    char *path = test_shared_path("data/bbp/morphologies/morph-A.swc");
    const sna_cell_source source = {.swc = path};
    sna_cell_description cell;

    (void)state;
    if (path == NULL)
        skip();
    describe(&cell, &source);
    /* 21 points of soma along y, from 1 to -1. */
    assert_near(sna_table_real(cell.sections, row_of(cell.sections, "soma[0]"), 1), 2, 1e-5);
    assert_string_equal(sna_table_text(cell.sections, row_of(cell.sections, "axon[0]"), 0), "soma[0]");
    sna_cell_description_free(&cell);
    free(path);
}

/* ---- synapses and traces ---------------------------------------------------------------------------------------- */

static const char SYNAPSE_BY_HAND[] = "load_file(\"stdrun.hoc\")\n"
                                      "load_file(\"%s\")\n"
                                      "objref cell_, syn_, source_, link_, trace_\n"
                                      "cell_ = new PassiveBallStick()\n"
                                      "cell_.dend syn_ = new Exp2Syn(0.7)\n"
                                      "{ syn_.tau1 = 0.5 syn_.tau2 = 5 syn_.e = -10 }\n"
                                      "source_ = new NetStim()\n"
                                      "{ source_.start = 50 source_.interval = 25 source_.number = 7 }\n"
                                      "link_ = new NetCon(source_, syn_, 0, 0, 0.002)\n"
                                      "trace_ = new Vector()\n"
                                      "{ trace_.record(%s) }\n"
                                      "{ tstop = 200 }\n"
                                      "{ run() }\n"
                                      "print \"TRACE\"\n"
                                      "for i = 0, trace_.size() - 1 printf(\"%%.17g\\n\", trace_.x[i])\n"
                                      "quit()\n";

static void a_synapse_acts_as_in_nrniv(void **state)
{
    static const char *const parameter[] = {"tau1=0.5", "tau2=5", "e=-10"};
    char *path = test_source_path("tests/models/hoc/reference_cells.hoc");
    const char *const hoc[] = {path};
    const sna_cell_source source = {.hoc = hoc, .hoc_count = 1, .template_name = "PassiveBallStick"};
    sna_synaptic_options options = SNA_SYNAPTIC_DEFAULT;
    sna_cell_setup setup = SNA_CELL_SETUP_DEFAULT;
    sna_cell_model *model = NULL;
    sna_cell_result result;
    double *voltage = NULL, *current = NULL;
    char *script = NULL;

    (void)state;
    options.parameter = parameter;
    options.parameter_count = 3;
    options.frequency = 40;
    options.weight = 0.002;
    options.delay = 50;
    options.stop = 200;
    setup.inject = "dend(0.7)";
    setup.timeout = 60;
    assert_done(sna_cell_model_create(&model, &source));
    assert_done(sna_cell_synaptic(&result, model, &setup, &options));
    assert_done(sna_text_format(&script, SYNAPSE_BY_HAND, path, "&cell_.soma.v(0.5)"));
    assert_int_equal(run_nrniv(NULL, script, &voltage), 8001);
    free(script);
    assert_done(sna_text_format(&script, SYNAPSE_BY_HAND, path, "&syn_.i"));
    assert_int_equal(run_nrniv(NULL, script, &current), 8001);
    assert_int_equal(result.simulation.trace[0].count, 8001);
    assert_memory_equal(result.simulation.trace[0].voltage, voltage, 8001 * sizeof *voltage);
    assert_memory_equal(result.simulation.trace[0].current, current, 8001 * sizeof *current);
    assert_true(sna_record_get_real(result.record, "amplitude") > 0.1);
    free(script);
    free(voltage);
    free(current);
    sna_cell_result_free(&result);
    sna_cell_model_free(model);
    free(path);
}

/* bmtool's defaults: 20 Hz from 100 to 1000 ms are 19 events. */
static void events_are_counted_to_the_end(void **state)
{
    static const struct {
        double frequency, delay, stop;
        uint64_t events;
    } cases[] = {{20, 100, 1000, 19}, {0, 100, 1000, 0}, {20, 100, 999, 18}, {1, 100, 50, 1}};
    sna_synaptic_options options = SNA_SYNAPTIC_DEFAULT;
    uint64_t events;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        options.frequency = cases[i].frequency;
        options.delay = cases[i].delay;
        options.stop = cases[i].stop;
        assert_done(sna_cell_synaptic_events(&events, &options));
        assert_int_equal(events, cases[i].events);
    }
    options.frequency = NAN;
    assert_int_equal(sna_cell_synaptic_events(&events, &options), SNA_EINVAL);
}

/* h5py reads what the CSV says. */
static void traces_are_the_same_in_hdf5(void **state)
{
    static const char script[] = "import csv, sys\n"
                                 "try:\n    import h5py\nexcept ImportError:\n    print('same'); sys.exit()\n"
                                 "f = h5py.File('t.h5')\n"
                                 "rows = list(csv.DictReader(open('t.csv')))\n"
                                 "g = f['trace_0']\n"
                                 "ok = len(rows) == 44001 and g.attrs['stimulus'] in (b'-100 pA', '-100 pA')\n"
                                 "for name in ('time', 'voltage', 'current'):\n"
                                 "    ok = ok and [float(r[name]) for r in rows] == list(g[name][:])\n"
                                 "print('same' if ok else 'other')\n";
    char *folder = test_folder(), *program = test_file(folder, "look.py", script), *csv = NULL, *h5 = NULL;
    const char *argv[] = {"/usr/bin/python3", "look.py", NULL};
    run_result result;
    sna_process process;

    (void)state;
    assert_done(sna_path_join(&csv, folder, "t.csv"));
    assert_done(sna_path_join(&h5, folder, "t.h5"));
    for (int i = 0; i < 2; i++) {
        run_words(&result, "cell", "passive", "--swc", branched, "--insert", "pas", "--inj-dur", "900", "--tstop",
                  "1100", "--traces", i == 0 ? csv : h5, NULL);
        assert_int_equal(result.status, 0);
        run_free(&result);
    }
    assert_done(sna_process_run(&process, argv, folder, NULL, NULL));
    assert_string_equal(sna_string_text(&process.output), "same\n");
    sna_process_free(&process);
    free(csv);
    free(h5);
    free(program);
    test_folder_remove(folder);
}

/* ---- nodes of circuits ----------------------------------------------------------------------------------------------
 */

/* A circuit with a fitted cell (id 0), a template (1) and a virtual node (2); the path of its config. */
static char *make_circuit(const char *folder)
{
    static const char types[] = "node_type_id model_type model_template morphology dynamics_params model_processing\n"
                                "100 biophysical ctdb:Biophys1.hoc branched all_active.json aibs_allactive\n"
                                "101 biophysical hoc:Leak NULL NULL NULL\n"
                                "102 virtual NULL NULL NULL NULL\n"
                                "103 biophysical hoc:Sized(30,0.002) NULL NULL NULL\n";
    static const char text[] = "{\"components\": {\"morphologies_dir\": \"%s/tests/models/swc\",\n"
                               "\"biophysical_neuron_models_dir\": \"%s/tests/models/fit\",\n"
                               "\"mechanisms_dir\": \"%s/tests/models/fit/mod\",\n"
                               "\"templates_dir\": \"%s\"},\n"
                               "\"conditions\": {\"celsius\": 31.5}, \"run\": {\"dt\": 0.05},\n"
                               "\"networks\": {\"nodes\": [{\"nodes_file\": \"nodes.h5\", "
                               "\"node_types_file\": \"types.csv\"}], \"edges\": []}}\n";
    const int64_t type[] = {100, 101, 102, 103};
    const sna_write_options options = {0};
    sna_outputs *outputs = NULL;
    sna_node_writer *writer = NULL;
    char *nodes = NULL, *config = NULL, *path;

    assert_done(sna_path_join(&nodes, folder, "nodes.h5"));
    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_node_writer_open(&writer, outputs, nodes, "cortex", 4, &options));
    assert_done(sna_node_writer_type_ids(writer, type));
    assert_done(sna_node_writer_finish(writer));
    sna_node_writer_close(writer);
    assert_done(sna_outputs_commit(outputs));
    sna_outputs_free(outputs);
    free(test_file(folder, "types.csv", types));
    free(test_file(folder, "leak.hoc",
                   "begintemplate Leak\npublic soma\ncreate soma\nproc init() { soma { insert pas } }\n"
                   "endtemplate Leak\n"));
    free(test_file(folder, "sized.hoc",
                   "begintemplate Sized\npublic soma\ncreate soma\n"
                   "proc init() { soma { insert pas L = $1 diam = $1 g_pas = $2 } }\nendtemplate Sized\n"));
    /* Somebody else's, which nothing here needs. */
    free(test_file(folder, "aaa_broken.hoc", "begintemplate Broken\npublic soma\ncreate soma(\nendtemplate Broken\n"));
    assert_done(sna_text_format(&config, text, SONATINA_SOURCE_DIR, SONATINA_SOURCE_DIR, SONATINA_SOURCE_DIR, folder));
    path = test_file(folder, "config.json", config);
    free(config);
    free(nodes);
    return path;
}

static void a_node_brings_its_model_and_conditions(void **state)
{
    char *folder = test_folder(), *config = make_circuit(folder);
    sna_cell_source source = {.config = config, .node = "cortex:0"};
    sna_cell_setup setup = SNA_CELL_SETUP_DEFAULT;
    sna_clamp_options options = SNA_CLAMP_DEFAULT;
    sna_cell_model *model = NULL;
    sna_cell_result result;
    const sna_record *conditions, *from, *provenance;

    (void)state;
    setup.timeout = 60;
    for (int node = 0; node < 2; node++) {
        source.node = node == 0 ? "cortex:0" : "1";
        assert_done(sna_cell_model_create(&model, &source));
        assert_done(sna_cell_clamp(&result, model, &setup, &options));
        conditions = sna_record_get_record(result.record, "conditions");
        from = sna_record_get_record(conditions, "from");
        provenance = sna_record_get_record(result.record, "provenance");
        assert_near(sna_record_get_real(conditions, "celsius"), 31.5, 0);
        assert_string_equal(sna_record_get_text(from, "celsius"), "config");
        assert_near(sna_record_get_real(conditions, "dt"), 0.05, 0);
        assert_string_equal(sna_record_get_text(from, "dt"), "config");
        if (node == 0) {
            assert_near(sna_record_get_real(conditions, "v_init"), -90, 0);
            assert_string_equal(sna_record_get_text(from, "v_init"), "fit");
            assert_string_equal(sna_record_get_text(provenance, "processing"), "all-active");
        } else {
            assert_string_equal(sna_record_get_text(provenance, "template"), "Leak");
        }
        sna_cell_result_free(&result);
        sna_cell_model_free(model);
    }
    source.node = "cortex:2";
    assert_int_equal(sna_cell_model_create(&model, &source), SNA_EUNSUPPORTED);
    assert_contains(sna_error_message(), "node cortex:2: it is no cell of NEURON: its model_type is `virtual`");
    source.node = "cortex:4";
    assert_int_equal(sna_cell_model_create(&model, &source), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "population `cortex` has no node 4; it has 4 nodes");
    source.node = "cortex:x";
    assert_int_equal(sna_cell_model_create(&model, &source), SNA_EINVAL);
    source.node = "thalamus:0";
    assert_int_equal(sna_cell_model_create(&model, &source), SNA_ENOTFOUND);
    /* The config alone gives templates and mechanisms. */
    source.node = NULL;
    source.template_name = "Leak";
    assert_done(sna_cell_model_create(&model, &source));
    assert_string_equal(sna_cell_model_template(model), "Leak");
    sna_cell_model_free(model);
    free(config);
    test_folder_remove(folder);
}

/* Arguments of the template stand behind its name, and give way to those of the caller. */
static void a_node_gives_its_template_arguments(void **state)
{
    char *folder = test_folder(), *config = make_circuit(folder);
    sna_cell_source source = {.config = config, .node = "cortex:3"};
    sna_cell_description cell;

    (void)state;
    describe(&cell, &source);
    assert_near(sna_table_real(cell.sections, 0, 1), 30, 0);
    assert_near(value_of(&cell, "soma", "g_pas"), 0.002, 0);
    sna_cell_description_free(&cell);
    source.arguments = "20, 0.001";
    describe(&cell, &source);
    assert_near(sna_table_real(cell.sections, 0, 1), 20, 0);
    assert_near(value_of(&cell, "soma", "g_pas"), 0.001, 0);
    sna_cell_description_free(&cell);
    free(config);
    test_folder_remove(folder);
}

/* Of a folder of templates only those are loaded that the cell needs, each after what it needs itself. */
static void a_folder_may_hold_what_cannot_be_loaded(void **state)
{
    char *folder = test_folder(), *z;
    sna_cell_source source = {.hoc_folder = folder, .template_name = "Cell"};
    sna_cell_model *model = NULL;
    sna_cell_description cell;

    (void)state;
    free(test_file(folder, "broken.hoc", "begintemplate Broken\ncreate soma(\nendtemplate Broken\n"));
    free(test_file(folder, "script.hoc", "this is no hoc at all\n"));
    free(test_file(folder, "cell.hoc",
                   "begintemplate Cell\npublic soma\ncreate soma\nobjref part\n"
                   "proc init() { part = new Part() soma { L = part.size diam = 10 } }\nendtemplate Cell\n"));
    z = test_file(folder, "part.hoc", "begintemplate Part\npublic size\nproc init() { size = 17 }\nendtemplate Part\n");
    describe(&cell, &source);
    assert_near(sna_table_real(cell.sections, 0, 1), 17, 0);
    sna_cell_description_free(&cell);
    /* What is needed and broken is named with its line. */
    free(z);
    z = test_file(folder, "part.hoc", "begintemplate Part\npublic size\nproc init() { size = }\nendtemplate Part\n");
    assert_done(sna_cell_model_create(&model, &source));
    {
        const sna_cell_setup setup = setup_of(NAN, NAN, NAN);
        assert_int_equal(sna_cell_describe(&cell, model, &setup), SNA_EEXTERNAL);
        assert_contains(sna_error_message(), "part.hoc:3: syntax error");
        sna_cell_description_free(&cell);
    }
    sna_cell_model_free(model);
    /* Which of two? */
    free(test_file(folder, "part_old.hoc", "begintemplate Cell\nendtemplate Cell\n"));
    assert_int_equal(sna_cell_model_create(&model, &source), SNA_EINVAL);
    assert_contains(sna_error_message(), "two files define the template `Cell`");
    free(z);
    test_folder_remove(folder);
}

static void a_profile_is_one_page(void **state)
{
    char *folder = test_folder(), *page = NULL, *text = NULL;
    uint64_t size = 0;
    int headings = 0;
    run_result result;

    (void)state;
    assert_done(sna_path_join(&page, folder, "profile.html"));
    run_words(&result, "cell", "profile", "--swc", branched, "--insert", "hh", "--i-stop", "300", "--output", page,
              "--format", "json", NULL);
    if (result.status != 0)
        print_error("%s\n", result.err);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "\"passive\"");
    assert_contains(result.out, "\"r_in\"");
    assert_contains(result.out, "\"resonance_frequency\"");
    run_free(&result);
    assert_done(sna_file_read(&text, &size, page));
    assert_contains(text, "<svg");
    assert_contains(text, "Passive properties");
    assert_contains(text, "Firing rate over current");
    assert_contains(text, "Rheobase");
    /* Once in the contents and once as a heading. */
    for (const char *at = text; (at = strstr(at, "Passive properties")) != NULL; at++)
        headings++;
    assert_int_equal(headings, 2);
    free(text);
    run_words(&result, "cell", "profile", "--swc", branched, NULL);
    assert_int_equal(result.status, 2);
    assert_contains(result.err, "--output");
    run_free(&result);
    free(page);
    test_folder_remove(folder);
}

/* ---- errors ---------------------------------------------------------------------------------------------------------
 */

static void broken_fits_are_told_by_the_line(void **state)
{
    static const struct {
        const char *text, *said;
    } fits[] = {
        {"{\n\"genome\": []}", "`passive` is missing"},
        {"{\"passive\": [], \"genome\": []}", "`passive` is empty"},
        {"{\"passive\": [{\"ra\": 100, \"e_pas\": -80,\n\"cm\": [{\"section\": \"soma\", \"cm\": 1}]}], \"genome\": "
         "[]}",
         "x.json:2: passive[0].cm: the membrane capacitance of `axon` is missing"},
        {"{\"passive\": [{\"ra\": \"many\", \"e_pas\": -80, \"cm\": []}], \"genome\": []}",
         "a number is expected, found \"many\""},
    };
    static const char all[] =
        "{\"genome\": [{\"section\": \"%s\", \"name\": \"%s\", \"value\": 1, \"mechanism\": \"%s\"}]}";
    static const struct {
        const char *section, *name, *mechanism, *said;
        int status;
    } genes[] = {
        {"somma", "g_pas", "", "`section` must be soma, axon, dend, apic or glob, found \"somma\"", SNA_EFORMAT},
        {"soma", "g_pas = 1\\nquit()", "", "cannot be a name in NEURON", SNA_EFORMAT},
        {"soma", "g_pas", "pas }", "cannot be a name in NEURON", SNA_EFORMAT}};
    char *folder = test_folder();

    (void)state;
    for (size_t i = 0; i < sizeof fits / sizeof *fits; i++) {
        char *path = test_file(folder, "x.json", fits[i].text);
        const sna_cell_source source = {.swc = branched, .fit = path};
        sna_cell_model *model = NULL;
        assert_int_equal(sna_cell_model_create(&model, &source), SNA_EFORMAT);
        assert_contains(sna_error_message(), fits[i].said);
        free(path);
    }
    for (size_t i = 0; i < sizeof genes / sizeof *genes; i++) {
        char *text = NULL, *path;
        sna_cell_source source = {.swc = branched, .processing = SNA_ALL_ACTIVE};
        sna_cell_model *model = NULL;
        assert_done(sna_text_format(&text, all, genes[i].section, genes[i].name, genes[i].mechanism));
        path = test_file(folder, "x.json", text);
        source.fit = path;
        assert_int_equal(sna_cell_model_create(&model, &source), genes[i].status);
        assert_contains(sna_error_message(), genes[i].said);
        free(path);
        free(text);
    }
    test_folder_remove(folder);
}

static void the_commands_say_what_is_missing(void **state)
{
    run_result result;

    (void)state;
    run_words(&result, "cell", "passive", "--swc", branched, "--insert", "pass", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "--insert pass: NEURON knows no density mechanism of that name");
    run_free(&result);
    run_words(&result, "cell", "passive", "--swc", branched, "--insert", "pas", "--set", "gnabar_hh=1", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "no section has `gnabar_hh`; --insert its mechanism first");
    run_free(&result);
    run_words(&result, "cell", "passive", "--swc", branched, "--fit", perisomatic, NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "perisomatic.json");
    assert_contains(result.err, "genome[0]: k is not a MECHANISM: are its mod files given (--mod-folder)?");
    run_free(&result);
    run_words(&result, "cell", "info", "--swc", branched, "--format", "csv", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "section,parent,length,diameter,nseg,area,Ra,cm,mechanisms\n");
    run_free(&result);
    run_words(&result, "cell", "info", "--swc", branched, "--hoc", "x.hoc", NULL);
    assert_int_equal(result.status, 2);
    run_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(geometry_is_that_of_the_file),
        cmocka_unit_test(segments_follow_the_d_lambda_rule),
        cmocka_unit_test(a_perisomatic_fit_gives_its_parameters),
        cmocka_unit_test(an_all_active_fit_keeps_the_thickness_of_the_axon),
        cmocka_unit_test(a_directed_stub_goes_where_the_axon_went),
        cmocka_unit_test(a_fit_runs_as_the_same_model_written_by_hand),
        cmocka_unit_test(a_passive_ball_has_its_input_resistance),
        cmocka_unit_test(a_template_takes_insert_and_set_too),
        cmocka_unit_test(a_morphology_of_a_circuit_is_read),
        cmocka_unit_test(a_synapse_acts_as_in_nrniv),
        cmocka_unit_test(events_are_counted_to_the_end),
        cmocka_unit_test(traces_are_the_same_in_hdf5),
        cmocka_unit_test(a_node_brings_its_model_and_conditions),
        cmocka_unit_test(a_node_gives_its_template_arguments),
        cmocka_unit_test(a_folder_may_hold_what_cannot_be_loaded),
        cmocka_unit_test(a_profile_is_one_page),
        cmocka_unit_test(broken_fits_are_told_by_the_line),
        cmocka_unit_test(the_commands_say_what_is_missing),
    };
    int failed;

    branched = test_source_path("tests/models/swc/branched.swc");
    perisomatic = test_source_path("tests/models/fit/perisomatic.json");
    all_active = test_source_path("tests/models/fit/all_active.json");
    potassium = test_source_path("tests/models/fit/mod");
    failed = run_cell_tests(tests);
    free(branched);
    free(perisomatic);
    free(all_active);
    free(potassium);
    return failed;
}
