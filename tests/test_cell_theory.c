/* test_cell_theory.c: protocols on cells whose properties are known in closed form: a patch of membrane, cables, and
 * the linearised membrane of Hodgkin and Huxley. */
#include "cell_support.h"

#include <complex.h>
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
static void a_patch_of_membrane_has_its_r_tau_and_c(void **state)
{
    sna_cell_model *model = make_model("PassiveSoma");
    static const double steps[] = {0.025, 0.05, 0.1};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const sna_cell_setup setup = setup_of(NAN, NAN, steps[i]);
        for (int method = SNA_TAU_SIMPLE; method <= SNA_TAU_EXP2; method++) {
            for (int sign = -1; sign <= 1; sign += 2) {
                sna_passive_options options = SNA_PASSIVE_DEFAULT;
                sna_cell_result result;
                options.amplitude = sign * 10;
                options.method = (sna_tau_method)method;
                assert_done(sna_cell_passive(&result, model, &setup, &options));
                assert_near(sna_record_get_real(result.record, "v_rest"), -65, 1e-9);
                assert_near(sna_record_get_real(result.record, "r_in"), 795.7747154594765, 1e-6);
                /* A step of backward Euler decays by 1 / (1 + dt / tau). */
                assert_near(sna_record_get_real(result.record, "tau"), steps[i] / log1p(steps[i] / 10), 1e-3 * 10);
                assert_near(sna_record_get_real(result.record, "c_m"), 12.566370614359172,
                            12.6 * (1e-3 + 0.5 * steps[i] / 10));
                sna_cell_result_free(&result);
            }
        }
    }
    sna_cell_model_free(model);
}

static void cables_have_their_input_resistance(void **state)
{
    static const struct {
        const char *name, *site;
        double r_in;
    } cases[] = {{"PassiveCable", "soma(0.5)", 184.836673271941},
                 {"PassiveCable", "soma(0)", 253.3574258428262},
                 {"PassiveBallStick", "soma[0](0.5)", 369.2279733513108}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sna_cell_model *model = make_model(cases[i].name);
        sna_cell_setup setup = setup_of(NAN, NAN, NAN);
        sna_passive_options options = SNA_PASSIVE_DEFAULT;
        sna_cell_result result;
        setup.inject = setup.record = cases[i].site;
        assert_done(sna_cell_passive(&result, model, &setup, &options));
        assert_near(sna_record_get_real(result.record, "r_in"), cases[i].r_in, 0.01 * cases[i].r_in);
        sna_cell_result_free(&result);
        sna_cell_model_free(model);
    }
}

/* Input impedance of a sealed cable of half-length l = 500 um seen from its middle: R_inf / (2 q tanh(q l / lambda)),
 * with q = sqrt(1 + i 2 pi f tau) and R_inf that of a semi-infinite cable. */
static double complex theory(const char *name, double f)
{
    const double complex q = csqrt(1 + I * 2 * acos(-1) * f / 1000 * 10);

    if (strcmp(name, "PassiveSoma") == 0)
        return 795.7747154594765 / (q * q);
    return 225.0790790392765 / (2 * q * ctanh(q * 500 / 707.1067811865476));
}

static void impedance_follows_theory(void **state)
{
    static const char *const names[] = {"PassiveSoma", "PassiveCable"};

    (void)state;
    for (int variant = 0; variant < 6; variant++) {
        const char *name = names[variant % 2];
        sna_cell_model *model = make_model(name);
        sna_cell_setup setup = setup_of(NAN, NAN, NAN);
        sna_zap_options options = {.amplitude = 10,
                                   .delay = 100,
                                   .duration = 4000,
                                   .stop = 0,
                                   .tail = 300,
                                   .fstart = 0.5,
                                   .fend = 50,
                                   .chirp = variant / 2 == 1 ? SNA_CHIRP_EXPONENTIAL : SNA_CHIRP_LINEAR};
        sna_cell_result result;
        const sna_table *table;
        setup.cvode_atol = variant / 2 == 2 ? 1e-5 : 0;
        assert_done(sna_cell_zap(&result, model, &setup, &options));
        table = result.table;
        assert_true(sna_table_rows(table) > 150);
        for (uint64_t k = 0; k < sna_table_rows(table); k++) {
            const double f = sna_table_real(table, k, 0);
            const double complex exact = theory(name, f);
            assert_near(sna_table_real(table, k, 1), cabs(exact), 0.01 * cabs(exact));
            assert_near(sna_table_real(table, k, 2), carg(exact), 0.01 * fabs(carg(exact)) + 1e-3);
        }
        sna_cell_result_free(&result);
        sna_cell_model_free(model);
    }
}

/* x / (exp(x / y) - 1), as in the rates of Hodgkin and Huxley. */
static double trap(double x, double y)
{
    return fabs(x / y) < 1e-6 ? y * (1 - x / y / 2) : x / expm1(x / y);
}

/* Steady states and time constants of m, h and n at 6.3 degC (Hodgkin & Huxley 1952, as in NEURON's hh). */
static void hh_rates(double v, double steady[3], double tau[3])
{
    const double opening[3] = {0.1 * trap(-(v + 40), 10), 0.07 * exp(-(v + 65) / 20), 0.01 * trap(-(v + 55), 10)};
    const double closing[3] = {4 * exp(-(v + 65) / 18), 1 / (exp(-(v + 35) / 10) + 1), 0.125 * exp(-(v + 65) / 80)};

    for (int i = 0; i < 3; i++) {
        tau[i] = 1 / (opening[i] + closing[i]);
        steady[i] = opening[i] * tau[i];
    }
}

/* The impedance (MOhm) of the HHSoma cell, linearised about v. */
static double complex hh_impedance(double v, double f)
{
    const double area = acos(-1) * 18.8 * 18.8 * 1e-8, d = 1e-5;
    const double complex w = I * 2 * acos(-1) * f / 1000;
    double x[3], tau[3], above[3], below[3], unused[3], slope[3];
    double complex admittance;

    hh_rates(v, x, tau);
    hh_rates(v + d, above, unused);
    hh_rates(v - d, below, unused);
    slope[0] = 3 * 0.12 * x[0] * x[0] * x[1] * (v - 50);
    slope[1] = 0.12 * pow(x[0], 3) * (v - 50);
    slope[2] = 4 * 0.036 * pow(x[2], 3) * (v + 77);
    admittance = 0.12 * pow(x[0], 3) * x[1] + 0.036 * pow(x[2], 4) + 0.0003 + 1e-3 * w;
    for (int i = 0; i < 3; i++)
        admittance += slope[i] * (above[i] - below[i]) / (2 * d) / (1 + w * tau[i]);
    return 1e-6 / (admittance * area);
}

/* A membrane that resonates. Its rates without tables, whose straight pieces have corners at the resting voltage; a
 * current so small that the response is linear. */
static void impedance_of_an_active_membrane(void **state)
{
    char *folder = test_folder(), *exact = test_file(folder, "exact.hoc", "usetable_hh = 0\n");
    const char *const hoc[] = {reference_cells, exact};
    const sna_cell_source source = {.hoc = hoc, .hoc_count = 2, .template_name = "HHSoma"};
    const sna_cell_setup setup = setup_of(6.3, -65, 0.01);
    const sna_zap_options options = {.amplitude = 0.05,
                                     .delay = 500,
                                     .duration = 2000,
                                     .stop = 0,
                                     .tail = 300,
                                     .fstart = 5,
                                     .fend = 110,
                                     .chirp = SNA_CHIRP_LINEAR};
    sna_cell_model *model = NULL;
    sna_cell_result result;
    double v, highest = 0, where = 0;

    (void)state;
    assert_done(sna_cell_model_create(&model, &source));
    assert_done(sna_cell_zap(&result, model, &setup, &options));
    v = sna_record_get_real(result.record, "v_rest");
    assert_near(v, -64.974052451626690, 1e-4);
    for (uint64_t k = 0; k < sna_table_rows(result.table); k++) {
        const double f = sna_table_real(result.table, k, 0);
        const double complex z = hh_impedance(v, f);
        assert_near(sna_table_real(result.table, k, 1), cabs(z), 0.01 * cabs(z));
        assert_near(sna_table_real(result.table, k, 2), carg(z), 0.01);
        if (cabs(z) > highest) {
            highest = cabs(z);
            where = f;
        }
    }
    assert_near(sna_record_get_real(result.record, "resonance_frequency"), where, 1);
    assert_near(sna_record_get_real(result.record, "resonance_impedance"), highest, 0.01 * highest);
    sna_cell_result_free(&result);
    sna_cell_model_free(model);
    free(exact);
    test_folder_remove(folder);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_patch_of_membrane_has_its_r_tau_and_c),
        cmocka_unit_test(cables_have_their_input_resistance),
        cmocka_unit_test(impedance_follows_theory),
        cmocka_unit_test(impedance_of_an_active_membrane),
    };
    int failed;

    reference_cells = test_source_path("tests/models/hoc/reference_cells.hoc");
    failed = run_cell_tests(tests);
    free(reference_cells);
    return failed;
}
