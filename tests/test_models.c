/* test_models.c: cells from morphologies, fits and circuits: against geometry by hand, the d-lambda formula, and nrniv
 * running hand-written hoc for the same cell. */
#include "cell_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/sonata.h"

static char *branched;
static const double PI_ = 3.14159265358979323846;

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
                   "begintemplate Cell\nexternal thick, width\npublic soma\ncreate soma\nobjref part\n"
                   "proc init() { part = new Part() soma { L = part.size diam = thick(width) } }\n"
                   "endtemplate Cell\n"));
    free(test_file(folder, "zz_tools.hoc",
                   "width = 5\nfunc thick() { return 2 * $1 }\nbegintemplate Tool\nendtemplate Tool\n"));
    z = test_file(folder, "part.hoc", "begintemplate Part\npublic size\nproc init() { size = 17 }\nendtemplate Part\n");
    describe(&cell, &source);
    assert_near(sna_table_real(cell.sections, 0, 1), 17, 0);
    assert_near(sna_table_real(cell.sections, 0, 2), 10, 0);
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
        cmocka_unit_test(the_commands_say_what_is_missing),
    };
    int failed;

    branched = test_source_path("tests/models/swc/branched.swc");
    failed = run_cell_tests(tests);
    free(branched);
    return failed;
}
