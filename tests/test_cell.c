/* test_cell.c: protocols on cells in NEURON: against nrniv running the same model, and against themselves in any number
 * of processes; and what a result says of its conditions. */
#include "cell_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *reference_cells; /* the hoc file */

static sna_cell_model *make_model(const char *template_name)
{
    const char *const hoc[] = {reference_cells};
    const sna_cell_source source = {.hoc = hoc, .hoc_count = 1, .template_name = template_name};
    sna_cell_model *model = NULL;

    assert_done(sna_cell_model_create(&model, &source));
    return model;
}
static const char RUN_AND_PRINT[] = "trace_ = new Vector()\n"
                                    "{ trace_.record(&cell_.%s) }\n"
                                    "{ celsius = %s v_init = -65 dt = %s steps_per_ms = 1 / dt tstop = 300 }\n"
                                    "{ run() }\n"
                                    "print \"TRACE\"\n"
                                    "for i = 0, trace_.size() - 1 printf(\"%%.17g\\n\", trace_.x[i])\n"
                                    "quit()\n";

static void traces_equal_those_of_nrniv(void **state)
{
    static const struct {
        const char *dt;
        double step;
    } steps[] = {{"0.025", 0.025}, {"0.1", 0.1}};
    char *example = test_source_path("examples/cells/RSPyramidal.hoc");
    char *mechanisms = test_source_path("examples/cells/mechanisms");
    const char *const reference[] = {reference_cells}, *const pyramidal[] = {example};
    const sna_cell_source sources[] = {
        {.hoc = reference, .hoc_count = 1, .template_name = "HHSomaDend"},
        {.hoc = pyramidal, .hoc_count = 1, .mod_folder = mechanisms},
    };

    (void)state;
    for (int i = 0; i < 4; i++) {
        sna_cell_model *model = NULL;
        sna_cell_setup setup = setup_of(i % 2 == 0 ? 6.3 : 34, -65, steps[i / 2].step);
        sna_clamp_options options = SNA_CLAMP_DEFAULT;
        sna_cell_result result;
        char *script = NULL, *tail = NULL;
        double *expected = NULL;
        uint64_t count;
        const char *library;

        options.delay = 50;
        options.duration = 200;
        options.stop = 300;
        options.amplitude = 400;
        setup.inject = "soma(0.5)";
        setup.record = i % 2 == 0 ? "dend(0.3)" : "soma[0](0.5)";
        assert_done(sna_cell_model_create(&model, &sources[i % 2]));
        assert_done(sna_cell_clamp(&result, model, &setup, &options));
        library = sna_record_get_text(sna_record_get_record(result.record, "provenance"), "mechanisms");
        assert_true((library != NULL) == (i % 2 == 1));

        assert_done(sna_text_format(&tail, RUN_AND_PRINT, i % 2 == 0 ? "dend.v(0.3)" : "soma[0].v(0.5)",
                                    i % 2 == 0 ? "6.3" : "34", steps[i / 2].dt));
        assert_done(sna_text_format(&script,
                                    "{ load_file(\"stdrun.hoc\") load_file(\"%s\") }\n"
                                    "objref cell_, clamp_, trace_\ncell_ = new %s()\n"
                                    "cell_.soma clamp_ = new IClamp(0.5)\n"
                                    "{ clamp_.del = 50 clamp_.dur = 200 clamp_.amp = 0.4 }\n%s",
                                    i % 2 == 0 ? reference_cells : example, sna_cell_model_template(model), tail));
        count = run_nrniv(library, script, &expected);
        assert_int_equal(count, (uint64_t)(300 / steps[i / 2].step + 1.5));
        assert_int_equal(result.simulation.trace[0].count, count);
        assert_memory_equal(result.simulation.trace[0].voltage, expected, (size_t)count * sizeof *expected);
        free(expected);
        free(script);
        free(tail);
        sna_cell_result_free(&result);
        sna_cell_model_free(model);
    }
    free(mechanisms);
    free(example);
}

/* NEURON's own Impedance class, whose numerical derivatives are some tenths of a percent off. */
static void impedance_equals_that_of_neurons_class(void **state)
{
    char *folder = test_folder(), *exact = test_file(folder, "exact.hoc", "usetable_hh = 0\n");
    const char *const hoc[] = {reference_cells, exact};
    const sna_cell_source source = {.hoc = hoc, .hoc_count = 2, .template_name = "HHSomaDend"};
    const sna_cell_setup setup = setup_of(6.3, -65, NAN);
    const sna_zap_options options = {.amplitude = 0.1,
                                     .delay = 500,
                                     .duration = 4000,
                                     .stop = 0,
                                     .tail = 500,
                                     .fstart = 5,
                                     .fend = 80,
                                     .chirp = SNA_CHIRP_LINEAR};
    sna_cell_model *model = NULL;
    sna_cell_result result;

    (void)state;
    assert_done(sna_cell_model_create(&model, &source));
    assert_done(sna_cell_zap(&result, model, &setup, &options));
    for (double f = 10; f <= 70; f += 20) {
        char *script = NULL;
        double *expected = NULL;
        uint64_t k = 0;
        assert_done(
            sna_text_format(&script,
                            "{ load_file(\"stdrun.hoc\") load_file(\"%s\") }\n"
                            "usetable_hh = 0\nobjref cell_, z_\ncell_ = new HHSomaDend()\n"
                            "{ celsius = 6.3 v_init = -65 tstop = 500 }\n{ run() }\n"
                            "z_ = new Impedance()\ncell_.soma z_.loc(0.5)\n{ z_.compute(%g, 1) }\n"
                            "print \"TRACE\"\n"
                            "cell_.soma printf(\"%%.17g\\n%%.17g\\n\", z_.input(0.5), z_.input_phase(0.5))\nquit()\n",
                            reference_cells, f));
        assert_int_equal(run_nrniv(NULL, script, &expected), 2);
        while (k + 1 < sna_table_rows(result.table) && sna_table_real(result.table, k, 0) < f)
            k++;
        assert_near(sna_table_real(result.table, k, 1), expected[0], 0.01 * expected[0]);
        assert_near(sna_table_real(result.table, k, 2), expected[1], 0.01);
        free(expected);
        free(script);
    }
    sna_cell_result_free(&result);
    sna_cell_model_free(model);
    free(exact);
    test_folder_remove(folder);
}

/* ---- any number of processes ---------------------------------------------------------------------------------- */

static void check_same_runs(const sna_cell_result *a, const sna_cell_result *b)
{
    assert_int_equal(a->simulation.traces, b->simulation.traces);
    for (uint64_t i = 0; i < a->simulation.traces; i++) {
        const sna_cell_trace *ta = &a->simulation.trace[i], *tb = &b->simulation.trace[i];
        assert_int_equal(ta->count, tb->count);
        assert_memory_equal(ta->voltage, tb->voltage, (size_t)ta->count * sizeof *ta->voltage);
        assert_memory_equal(ta->time, tb->time, (size_t)ta->count * sizeof *ta->time);
    }
}

static void check_jobs(const char *hoc, const char *mechanisms, double most)
{
    const char *const files[] = {hoc};
    const sna_cell_source source = {.hoc = files, .hoc_count = 1, .mod_folder = mechanisms};
    const sna_fi_options options = {.start = 0, .stop = most, .increment = most / 5, .delay = 20, .duration = 200};
    static const struct {
        unsigned jobs;
        bool isolate;
    } ways[] = {{1, false}, {2, false}, {3, false}, {9, false}, {1, true}, {4, true}};
    sna_cell_model *model = NULL;

    assert_done(sna_cell_model_create(&model, &source));
    for (int variable = 0; variable < 2; variable++) {
        sna_cell_setup setup = setup_of(34, -70, NAN);
        sna_cell_result reference;
        setup.cvode_atol = variable ? 1e-3 : 0;
        assert_done(sna_cell_fi(&reference, model, &setup, &options));
        assert_int_equal(reference.simulation.traces, 6);
        assert_true(sna_table_integer(reference.table, 5, 1) > 2); /* it is worth comparing */
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
            sna_cell_result other;
            setup.jobs = ways[i].jobs;
            setup.isolate = ways[i].isolate;
            assert_done(sna_cell_fi(&other, model, &setup, &options));
            check_same_runs(&reference, &other);
            sna_cell_result_free(&other);
        }
        sna_cell_result_free(&reference);
    }
    sna_cell_model_free(model);
}

/* For every cell that is shipped: together, one by one, and in any number of processes. */
static void jobs_do_not_change_results(void **state)
{
    char *pyramidal = test_source_path("examples/cells/RSPyramidal.hoc");
    char *interneuron = test_source_path("examples/cells/FSInterneuron.hoc");
    char *mechanisms = test_source_path("examples/cells/mechanisms");

    (void)state;
    check_jobs(pyramidal, mechanisms, 500);
    check_jobs(interneuron, mechanisms, 1000);
    free(pyramidal);
    free(interneuron);
    free(mechanisms);
}

static void rheobase_is_found_as_exactly_as_asked(void **state)
{
    sna_cell_model *model = make_model("HHSomaDend");
    const sna_cell_setup setup = setup_of(6.3, -65, 0.05);
    sna_fi_options options = {.start = 0,
                              .stop = 400,
                              .increment = 100,
                              .delay = 20,
                              .duration = 50,
                              .threshold = 0,
                              .rheobase = true,
                              .rheobase_precision = 0.25};
    sna_cell_result result;
    double high, low;

    (void)state;
    assert_done(sna_cell_fi(&result, model, &setup, &options));
    high = sna_record_get_real(result.record, "rheobase");
    low = sna_record_get_real(result.record, "rheobase_low");
    assert_true(high > low && high - low <= 0.25);
    sna_cell_result_free(&result);
    /* It is what it says. */
    options = (sna_fi_options){.start = low, .stop = low, .increment = 1, .delay = 20, .duration = 50, .threshold = 0};
    for (int i = 0; i < 2; i++) {
        const double rounded = round((i == 0 ? low : high) * 1e6) / 1e6;
        options.start = options.stop = rounded;
        assert_done(sna_cell_fi(&result, model, &setup, &options));
        assert_int_equal(sna_table_integer(result.table, 0, 1), i);
        sna_cell_result_free(&result);
    }
    sna_cell_model_free(model);
}

/* ---- conditions ----------------------------------------------------------------------------------------------- */

static void conditions_say_where_they_come_from(void **state)
{
    char *folder = test_folder();
    char *hoc = test_file(folder, "warm.hoc",
                          "begintemplate Warm\npublic soma, set\ncreate soma\n"
                          "proc init() { soma { L = 20 diam = 20 insert hh } celsius = 31 }\n"
                          "proc set() { soma gnabar_hh = $1 }\n"
                          "endtemplate Warm\nv_init = -60\n");
    const char *const files[] = {hoc};
    const sna_cell_source source = {.hoc = files, .hoc_count = 1, .post_init = "set(0.25)"};
    sna_cell_model *model = NULL;
    sna_cell_setup setup = SNA_CELL_SETUP_DEFAULT;
    sna_clamp_options options = SNA_CLAMP_DEFAULT;
    sna_cell_result result;
    const sna_record *conditions, *from;

    (void)state;
    options.duration = 10;
    options.stop = 0;
    assert_done(sna_cell_model_create(&model, &source));
    assert_string_equal(sna_cell_model_template(model), "Warm");
    assert_done(sna_cell_clamp(&result, model, &setup, &options));
    conditions = sna_record_get_record(result.record, "conditions");
    from = sna_record_get_record(conditions, "from");
    assert_true(sna_record_get_real(conditions, "celsius") == 31);
    assert_true(sna_record_get_real(conditions, "v_init") == -60);
    assert_true(sna_record_get_real(conditions, "dt") == 0.025);
    assert_string_equal(sna_record_get_text(from, "celsius"), "model");
    assert_string_equal(sna_record_get_text(from, "v_init"), "model");
    assert_string_equal(sna_record_get_text(from, "dt"), "NEURON's default");
    assert_string_equal(sna_record_get_text(conditions, "inject"), "soma(0.5)");
    assert_true(result.simulation.trace[0].voltage[0] == -60);
    sna_cell_result_free(&result);

    setup.celsius = 20;
    setup.v_init = -70;
    setup.dt = 0.01;
    assert_done(sna_cell_clamp(&result, model, &setup, &options));
    conditions = sna_record_get_record(result.record, "conditions");
    assert_true(sna_record_get_real(conditions, "celsius") == 20);
    assert_string_equal(sna_record_get_text(sna_record_get_record(conditions, "from"), "celsius"), "option");
    assert_true(result.simulation.trace[0].voltage[0] == -70);
    assert_int_equal(result.simulation.trace[0].count, 11001);
    sna_cell_result_free(&result);
    sna_cell_model_free(model);
    free(hoc);
    test_folder_remove(folder);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(traces_equal_those_of_nrniv),         cmocka_unit_test(impedance_equals_that_of_neurons_class),
        cmocka_unit_test(jobs_do_not_change_results),          cmocka_unit_test(rheobase_is_found_as_exactly_as_asked),
        cmocka_unit_test(conditions_say_where_they_come_from),
    };
    int failed;

    reference_cells = test_source_path("tests/models/hoc/reference_cells.hoc");
    failed = run_cell_tests(tests);
    free(reference_cells);
    return failed;
}
