/* test_cell_fit.c: fits of the Allen cell types database on a morphology: the parameters that they give, and the same
 * models written by hand for nrniv, in all four ways of applying a fit. */
#include "cell_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *branched, *perisomatic, *all_active, *potassium;
static const double PI_ = 3.14159265358979323846;

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

/* ---- by hand -------------------------------------------------------------------------------------------------- */

/* The last section of the axon lies on a line through the soma, so that its direction is known without computing. */
static const char STRAIGHT[] = "1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 105 0 0 1 2\n4 4 0 5 0 1 1\n5 4 0 50 0 1 4\n"
                               "6 2 -3 -4 0 0.5 1\n7 2 -30 -40 0 0.5 6\n8 2 -60 -40 10 0.4 7\n9 2 -60 -80 0 0.3 7\n"
                               "10 2 -90 -120 0 0.3 9\n";

static const char PERISOMATIC[] = "    forall { insert pas Ra = 120.5 e_pas = -81.25 }\n"
                                  "    soma[0] { insert k cm = 1.5 gbar_k = 0.0005 g_pas = 0.0001 ek = -107 }\n"
                                  "    for i = 0, 1 axon[i] { cm = 1.5 g_pas = 0.0006 }\n"
                                  "    dend[0] { cm = 2.5 g_pas = 2.5e-05 }\n"
                                  "    apic[0] { cm = 2.25 g_pas = 3.5e-05 }\n";
static const char ALL_ACTIVE[] = "    forall { insert pas Ra = 100 }\n"
                                 "    soma[0] { insert k cm = 1.1 gbar_k = 0.0005 e_pas = -85 ek = -107 }\n"
                                 "    for i = 0, 1 axon[i] { insert k cm = 1.2 gbar_k = 0.001 ek = -95 }\n"
                                 "    dend[0] { cm = 2.3 g_pas = 2.5e-05 }\n"
                                 "    apic[0] { cm = 2.4 }\n";

typedef struct {
    sna_processing processing;
    const char *diameters; /* of the stub, from the axon before it is deleted */
    double parent;         /* where on the soma it starts */
    const char *points;    /* its shape; "" where it has none of its own */
    const char *parameters;
    double celsius, v_init;
    double tolerance; /* mV. Points are single-precision numbers, and lengths come from them */
} by_hand;

#define POINTS                                                                               \
    "    for i = 0, 1 axon[i] {\n        pt3dclear()\n"                                      \
    "        for j = 0, 1 pt3dadd(sx - 18 * (i + j), sy - 24 * (i + j), sz, dd[i])\n    }\n" \
    "    for i = 0, 1 axon[i] L = 30\n"
static const by_hand VARIANTS[] = {
    {SNA_PERISOMATIC, "dd[0] = 1 dd[1] = 1", 0.5, "", PERISOMATIC, 34, -81.25, 0},
    {SNA_ALL_ACTIVE, "dd[0] = axon[0].diam(0.5) dd[1] = axon[2].diam(0.5)", 1, "", ALL_ACTIVE, 26, -90, 0},
    {SNA_PERISOMATIC_DIRECTED, "dd[0] = 1 dd[1] = 1", 0.5, POINTS, PERISOMATIC, 34, -81.25, 1e-6},
    {SNA_ALL_ACTIVE_DIRECTED, "dd[0] = axon[0].diam(0.5) dd[1] = axon[2].diam(0.5)", 1, POINTS, ALL_ACTIVE, 26, -90,
     1e-6},
};

static char *write_by_hand(const by_hand *one, const char *mechanisms, const char *swc, bool lambda)
{
    static const char text[] = "{ load_file(\"stdrun.hoc\") load_file(\"import3d.hoc\") }\n"
                               "{ nrn_load_dll(\"%s\") }\n"
                               "begintemplate Hand\n"
                               "external lambda_f\n"
                               "public soma, dend, apic, axon, all, somatic, axonal, basal, apical\n"
                               "objref all, somatic, axonal, basal, apical, this\n"
                               "create soma[1], dend[1], apic[1], axon[1]\n"
                               "double dd[2]\n"
                               "proc init() { localobj r, g\n"
                               "    all = new SectionList() somatic = new SectionList() axonal = new SectionList()\n"
                               "    basal = new SectionList() apical = new SectionList()\n"
                               "    r = new Import3d_SWC_read()\n"
                               "    r.quiet = 1\n"
                               "    r.input(\"%s\")\n"
                               "    g = new Import3d_GUI(r, 0)\n"
                               "    g.instantiate(this)\n"
                               "    soma[0] { sx = x3d(n3d() - 1) sy = y3d(n3d() - 1) sz = z3d(n3d() - 1) }\n"
                               "    %s\n"
                               "    forsec axonal delete_section()\n"
                               "    create axon[2]\n"
                               "    for i = 0, 1 axon[i] { L = 30 diam = dd[i] }\n"
                               "    soma[0] connect axon[0](0), %g\n"
                               "    axon[0] connect axon[1](0), 1\n"
                               "%s"
                               "    define_shape()\n"
                               "%s"
                               "    if (%d) forall nseg = 1 + 2 * int((L / (0.1 * lambda_f(100)) + 0.999) / 2)\n"
                               "}\n"
                               "endtemplate Hand\n"
                               "objref cell_, clamp_, trace_\n"
                               "cell_ = new Hand()\n"
                               "cell_.soma[0] clamp_ = new IClamp(0.5)\n"
                               "{ clamp_.del = 20 clamp_.dur = 60 clamp_.amp = 0.15 }\n"
                               "trace_ = new Vector()\n"
                               "{ trace_.record(&cell_.dend[0].v(0.5)) }\n"
                               "{ celsius = %g v_init = %g tstop = 100 }\n"
                               "{ run() }\n"
                               "print \"TRACE\"\n"
                               "for i = 0, 1 cell_.axon[i] printf(\"%%.17g\\n\", diam(0.5))\n"
                               "for i = 0, trace_.size() - 1 printf(\"%%.17g\\n\", trace_.x[i])\n"
                               "quit()\n";
    char *out = NULL;

    assert_done(sna_text_format(&out, text, mechanisms, swc, one->diameters, one->parent, one->points, one->parameters,
                                lambda, one->celsius, one->v_init));
    return out;
}

static void check_by_hand(const by_hand *one, const char *swc, bool lambda)
{
    const bool active = one->processing == SNA_ALL_ACTIVE || one->processing == SNA_ALL_ACTIVE_DIRECTED;
    const sna_cell_source source = {.swc = swc,
                                    .fit = active ? all_active : perisomatic,
                                    .processing = one->processing,
                                    .mod_folder = potassium,
                                    .nseg_one = !lambda};
    sna_cell_setup setup = setup_of(NAN, NAN, NAN);
    const sna_clamp_options options = {150, 20, 60, 100, 0, 10};
    sna_cell_model *model = NULL;
    sna_cell_result result;
    sna_cell_description cell;
    const sna_record *conditions, *from;
    char *script;
    double *expected = NULL;

    setup.record = "dend[0](0.5)";
    assert_done(sna_cell_model_create(&model, &source));
    assert_done(sna_cell_clamp(&result, model, &setup, &options));
    conditions = sna_record_get_record(result.record, "conditions");
    from = sna_record_get_record(conditions, "from");
    assert_near(sna_record_get_real(conditions, "celsius"), one->celsius, 0);
    assert_near(sna_record_get_real(conditions, "v_init"), one->v_init, 0);
    assert_string_equal(sna_record_get_text(from, "celsius"), "fit");
    assert_string_equal(sna_record_get_text(from, "v_init"), "fit");
    script = write_by_hand(one, sna_record_get_text(sna_record_get_record(result.record, "provenance"), "mechanisms"),
                           swc, lambda);
    assert_int_equal(run_nrniv(NULL, script, &expected), 2 + 4001);
    assert_int_equal(result.simulation.trace[0].count, 4001);
    for (uint64_t i = 0; i < 4001; i++)
        assert_near(result.simulation.trace[0].voltage[i], expected[2 + i], one->tolerance);
    assert_done(sna_cell_describe(&cell, model, &setup));
    for (int i = 0; i < 2; i++) {
        const uint64_t row = row_of(cell.sections, i == 0 ? "axon[0]" : "axon[1]");
        assert_near(sna_table_real(cell.sections, row, 2), expected[i], 0);
        assert_near(sna_table_real(cell.sections, row, 1), 30, 1e-9);
    }
    sna_cell_description_free(&cell);
    free(expected);
    free(script);
    sna_cell_result_free(&result);
    sna_cell_model_free(model);
}

static void fits_run_as_the_same_models_written_by_hand(void **state)
{
    char *folder = test_folder(), *straight = test_file(folder, "straight.swc", STRAIGHT);

    (void)state;
    for (size_t i = 0; i < sizeof VARIANTS / sizeof *VARIANTS; i++) {
        check_by_hand(&VARIANTS[i], straight, true);
        check_by_hand(&VARIANTS[i], straight, false);
    }
    free(straight);
    test_folder_remove(folder);
}

/* ---- errors ---------------------------------------------------------------------------------------------------- */

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

static void mechanisms_that_a_fit_lacks_are_named(void **state)
{
    run_result result;

    (void)state;
    run_words(&result, "cell", "passive", "--swc", branched, "--fit", perisomatic, NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "perisomatic.json");
    assert_contains(result.err, "genome[0]: k is not a MECHANISM: are its mod files given (--mod-folder)?");
    run_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_perisomatic_fit_gives_its_parameters),
        cmocka_unit_test(an_all_active_fit_keeps_the_thickness_of_the_axon),
        cmocka_unit_test(a_directed_stub_goes_where_the_axon_went),
        cmocka_unit_test(fits_run_as_the_same_models_written_by_hand),
        cmocka_unit_test(broken_fits_are_told_by_the_line),
        cmocka_unit_test(mechanisms_that_a_fit_lacks_are_named),
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
